/* A block device that fails: the error is answered, and the guest goes on.
 *
 * The machines differ in what they can tell: hvt's tender ends the guest with a
 * message, and QEMU shows a file that was cut off as zeroes.
 *
 * @case full
 * @machines spt virtio xen-domain
 * @block disk 131072
 * @peer full
 * @cmdline full
 * @expect the disk is full
 * @expect ok:
 *
 * @case short
 * @machines spt
 * @block disk 131072
 * @peer short
 * @cmdline short
 * @expect the last block is short
 * @expect ok:
 *
 * @case cut
 * @machines spt
 * @block disk 131072
 * @peer cut
 * @cmdline cut
 * @expect the disk is gone
 * @expect ok:
 */
#define DEVICES 1
#include "manifest.h"
MANIFEST(BLOCK("disk"))

#include "check.h"
#include <solo5.h>

#define SIZE 512

static solo5_handle_t handle;
static struct solo5_block_info info;

static void full(void)
{
    unsigned char block[SIZE];
    uint64_t at = 0;

    memset(block, 'x', sizeof block);
    while (at < info.capacity && solo5_block_write(handle, at, block, SIZE) == SOLO5_R_OK)
        at += SIZE;
    CHECK(at > 0 && at < info.capacity);
    CHECK_INT(solo5_block_write(handle, at, block, SIZE), SOLO5_R_EUNSPEC);
    check_print("the disk is full\n");
    /* What was written before is there, and can still be changed. */
    CHECK_INT(solo5_block_read(handle, 0, block, SIZE), SOLO5_R_OK);
    CHECK(block[0] == 'x' && block[SIZE - 1] == 'x');
    CHECK_INT(solo5_block_write(handle, 0, block, SIZE), SOLO5_R_OK);
    CHECK_INT(solo5_block_read(handle, info.capacity - SIZE, block, SIZE), SOLO5_R_OK);
    CHECK_INT(block[0], 0);
}

/* Read the last block until that fails. */
static void await_error(void)
{
    unsigned char block[SIZE];
    solo5_time_t end = solo5_clock_monotonic() + UINT64_C(10000000000);
    solo5_result_t result;

    do {
        result = solo5_block_read(handle, info.capacity - SIZE, block, SIZE);
        solo5_yield(solo5_clock_monotonic() + 10000000, NULL);
    } while (result == SOLO5_R_OK && solo5_clock_monotonic() < end);
    CHECK_INT(result, SOLO5_R_EUNSPEC);
}

static void short_read(void)
{
    unsigned char block[SIZE];

    await_error();
    check_print("the last block is short\n");
    CHECK_INT(solo5_block_read(handle, info.capacity - 2 * SIZE, block, SIZE), SOLO5_R_OK);
    CHECK_INT(solo5_block_read(handle, info.capacity - SIZE, block, SIZE), SOLO5_R_EUNSPEC);
}

static void cut(void)
{
    unsigned char block[SIZE];

    await_error();
    check_print("the disk is gone\n");
    CHECK_INT(solo5_block_read(handle, 0, block, SIZE), SOLO5_R_EUNSPEC);
    /* A write makes the file as long as it was. */
    CHECK_INT(solo5_block_write(handle, info.capacity - SIZE, block, SIZE), SOLO5_R_OK);
    CHECK_INT(solo5_block_read(handle, info.capacity - SIZE, block, SIZE), SOLO5_R_OK);
}

int main(int argc, char **argv)
{
    CHECK_INT(solo5_block_acquire("disk", &handle, &info), SOLO5_R_OK);
    CHECK_INT(info.capacity, 131072);
    if (argc == 2 && strcmp(argv[1], "full") == 0)
        full();
    else if (argc == 2 && strcmp(argv[1], "short") == 0)
        short_read();
    else
        cut();
    return check_done();
}
