/* Block devices: found by name, read and written a block at a time, from any
 * memory, and what is no whole block inside the device is refused. The host
 * compares the files afterwards.
 *
 * @block disk1 66048
 * @block disk0 1049088
 * @peer compare
 * @models
 * @expect ok:
 */
#define DEVICES 2
#include "manifest.h"
MANIFEST(BLOCK("disk1"), BLOCK("disk0"))

#include "check.h"
#include <solo5.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SIZE 512

static unsigned char pattern(uint64_t index)
{
    return (unsigned char)(index / SIZE * 31 + index % SIZE);
}

/* Read every block, write the complement to every other one, and read it again. */
static void turn(solo5_handle_t handle, uint64_t capacity, unsigned char *buffer)
{
    int wrong = 0;

    for (uint64_t at = 0; at < capacity; at += SIZE) {
        unsigned char flip = 0;

        if (solo5_block_read(handle, at, buffer, SIZE) != SOLO5_R_OK)
            wrong++;
        for (unsigned i = 0; i < SIZE; i++)
            wrong += buffer[i] != pattern(at + i);
        if (at / SIZE % 2 == 1) {
            flip = 0xff;
            for (unsigned i = 0; i < SIZE; i++)
                buffer[i] = pattern(at + i) ^ flip;
            if (solo5_block_write(handle, at, buffer, SIZE) != SOLO5_R_OK)
                wrong++;
        }
        memset(buffer, 0x55, SIZE);
        if (solo5_block_read(handle, at, buffer, SIZE) != SOLO5_R_OK)
            wrong++;
        for (unsigned i = 0; i < SIZE; i++)
            wrong += buffer[i] != (pattern(at + i) ^ flip);
    }
    CHECK_INT(wrong, 0);
}

static void refused(solo5_handle_t handle, uint64_t capacity)
{
    static const struct {
        uint64_t offset;
        size_t size;
    } bad[] = {
        {0, 0}, {0, SIZE - 1}, {0, SIZE + 1}, {0, 2 * SIZE}, {1, SIZE}, {SIZE - 1, SIZE},
        {UINT64_MAX, SIZE}, {UINT64_MAX - SIZE + 1, SIZE}, {UINT64_C(1) << 63, SIZE},
        {0, SIZE_MAX},
    };
    static unsigned char buffer[2 * SIZE];

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_INT(solo5_block_read(handle, bad[i].offset, buffer, bad[i].size), SOLO5_R_EINVAL);
        CHECK_INT(solo5_block_write(handle, bad[i].offset, buffer, bad[i].size), SOLO5_R_EINVAL);
    }
    CHECK_INT(solo5_block_read(handle, capacity, buffer, SIZE), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_write(handle, capacity, buffer, SIZE), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_read(handle, 0, NULL, SIZE), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_write(handle, 0, NULL, SIZE), SOLO5_R_EINVAL);
}

int main(void)
{
    static const uint64_t sizes[] = {66048, 1049088};
    static const char *const names[] = {"disk1", "disk0"};
    solo5_handle_t handles[2] = {99, 99};
    struct solo5_net_info net;

    for (int i = 0; i < 2; i++) {
        struct solo5_block_info info;
        unsigned char one[SIZE];

        CHECK_INT(solo5_block_read((solo5_handle_t)i + 1, 0, one, SIZE), SOLO5_R_EINVAL);
        CHECK_INT(solo5_block_acquire(names[i], &handles[i], &info), SOLO5_R_OK);
        CHECK_INT(handles[i], i + 1);
        CHECK_INT(info.capacity, sizes[i]);
        CHECK_INT(info.block_size, SIZE);
        CHECK_INT(solo5_block_acquire(names[i], &handles[i], &info), SOLO5_R_EINVAL);
        CHECK_INT(solo5_net_acquire(names[i], &handles[i], &net), SOLO5_R_EINVAL);
        CHECK_INT(solo5_block_acquire("disk", &handles[i], &info), SOLO5_R_EINVAL);
        refused(handles[i], sizes[i]);
    }
    CHECK_INT(solo5_block_read(0, 0, (unsigned char[SIZE]){0}, SIZE), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_read(3, 0, (unsigned char[SIZE]){0}, SIZE), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(1, (unsigned char[SIZE]){0}, SIZE), SOLO5_R_EINVAL);

    /* On the stack, at an odd address of the heap, and in memory that may lie
     * in pieces. */
    unsigned char stack[SIZE];
    unsigned char *heap = malloc(SIZE + 1);
    unsigned char *pages = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(heap != NULL && pages != MAP_FAILED);
    CHECK_INT(mprotect(pages, 1 << 20, PROT_READ | PROT_WRITE), 0);
    turn(handles[0], sizes[0], pages + 4096 - 100);
    /* Back as it was, with the other buffers. */
    for (uint64_t at = SIZE; at < sizes[0]; at += 2 * SIZE) {
        for (unsigned i = 0; i < SIZE; i++)
            stack[i] = pattern(at + i);
        CHECK_INT(solo5_block_write(handles[0], at, stack, SIZE), SOLO5_R_OK);
    }
    turn(handles[0], sizes[0], heap + 1);
    turn(handles[1], sizes[1], stack);
    return check_done();
}
