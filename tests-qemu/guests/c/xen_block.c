/* A virtual disk of Xen's, served by Linux: found by its virtual device, read, written
 * so that the back end has it, and what is no block of it is refused. No request fails and
 * nothing that was written is lost when the back end dies and comes back, without a
 * word or closing first.
 *
 * @machines xen-domain
 * @case writable
 * @xl disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @expect writable
 * @expect ok:
 * @expect dom0: block 7 is written by the guest
 * @case read-only
 * @cmdline -- read-only
 * @xl disk = ['format=raw,vdev=xvdb,access=ro,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @expect read-only
 * @expect ok:
 * @expect dom0: block 7 is 7
 * @case rebind
 * @cmdline -- through
 * @xl disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @dom0 backend vbd await
 * @dom0 for i in 1 2; do sleep 0.03; backend vbd die; sleep 0.03; backend vbd come; done
 * @dom0 sleep 0.03; backend vbd die; sleep 0.1; printf over | dd of=/job/disk conv=notrunc 2>/dev/null; backend vbd come
 * @expect dom0: back end of vbd: die
 * @expect dom0: back end of vbd: come
 * @expect ok:
 * @case reconnect
 * @cmdline -- through
 * @xl disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @dom0 backend vbd await
 * @dom0 for i in 1 2; do sleep 0.03; backend vbd close; sleep 0.03; backend vbd come; done
 * @dom0 sleep 0.03; backend vbd close; sleep 0.1; printf over | dd of=/job/disk conv=notrunc 2>/dev/null; backend vbd come
 * @expect dom0: back end of vbd: close
 * @expect dom0: back end of vbd: come
 * @expect ok:
 * @case manifest
 * @cmdline -- manifest
 * @xl disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @expect ok:
 * @expect dom0: block 7 is written by the guest
 * @case none
 * @cmdline -- none
 * @expect none
 * @expect ok:
 */
#define DEVICES 3
#include "manifest.h"
MANIFEST(NET("service"), BLOCK("storage"), BLOCK("more"))

#include "check.h"
#include <pthread.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef BLOCK
#define BLOCK 512
#define BLOCKS 2048

static void expect(solo5_handle_t disk, unsigned number)
{
    char want[BLOCK + 1], block[BLOCK];

    snprintf(want, sizeof want, "%-511u\n", number);
    CHECK_INT(solo5_block_read(disk, (uint64_t)number * BLOCK, (uint8_t *)block, BLOCK), SOLO5_R_OK);
    CHECK(memcmp(want, block, BLOCK) == 0);
}

static void refused(solo5_handle_t disk)
{
    static uint8_t block[2 * BLOCK];
    static const struct {
        uint64_t offset;
        size_t len;
    } bad[] = {{1, BLOCK}, {BLOCK - 1, BLOCK}, {BLOCKS * BLOCK, BLOCK}, {UINT64_MAX - 511, BLOCK},
               {0, 0}, {0, BLOCK - 1}, {0, 2 * BLOCK}};

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_INT(solo5_block_read(disk, bad[i].offset, block, bad[i].len), SOLO5_R_EINVAL);
        CHECK_INT(solo5_block_write(disk, bad[i].offset, block, bad[i].len), SOLO5_R_EINVAL);
    }
    CHECK_INT(solo5_block_read(disk + 1, 0, block, BLOCK), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_read(UINT64_MAX, 0, block, BLOCK), SOLO5_R_EINVAL);
}

#define THREADS 4

static solo5_handle_t through;
static unsigned rounds;

/* Write and read blocks of one's own until dom0 has written "over" to block 0. */
static void *use(void *argument)
{
    unsigned first = 16 + (unsigned)(uintptr_t)argument * 200, count = 0;
    char block[BLOCK] = "", want[BLOCK];

    while (count < 100000 && strncmp(block, "over", 4) != 0) {
        unsigned number = first + count % 200;

        memset(want, 0, BLOCK);
        snprintf(want, sizeof want, "block %u, round %u", number, count);
        CHECK_INT(solo5_block_write(through, (uint64_t)number * BLOCK, (uint8_t *)want, BLOCK),
                  SOLO5_R_OK);
        if (count >= 150) {
            snprintf(want, sizeof want, "block %u, round %u", first + (count - 150) % 200, count - 150);
            CHECK_INT(solo5_block_read(through, (uint64_t)(first + (count - 150) % 200) * BLOCK,
                                       (uint8_t *)block, BLOCK),
                      SOLO5_R_OK);
            CHECK_STR(block, want);
        }
        CHECK_INT(solo5_block_read(through, 0, (uint8_t *)block, BLOCK), SOLO5_R_OK);
        count++;
    }
    __atomic_fetch_add(&rounds, count, __ATOMIC_RELAXED);
    return NULL;
}

static void use_it(solo5_handle_t disk)
{
    pthread_t threads[THREADS];

    through = disk;
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, use, (void *)i), 0);
    for (unsigned i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    printf("%u rounds\n", rounds);
    CHECK(rounds < 100000);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "writable";
    char block[BLOCK] = "written by the guest";
    solo5_handle_t disk, other;
    struct solo5_block_info info;

    printf("%s\n", how);
    fflush(stdout);
    CHECK_INT(solo5_block_acquire("xvda", &disk, &info), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_acquire("disk", &disk, &info), SOLO5_R_EINVAL);
    /* The manifest's second one, and the first one is the only one that there is. */
    CHECK_INT(solo5_block_acquire("more", &disk, &info), SOLO5_R_EINVAL);
    CHECK_INT(solo5_block_acquire("service", &disk, &info), SOLO5_R_EINVAL);
    if (strcmp(how, "none") == 0)
        return check_done();
    CHECK_INT(solo5_block_acquire(strcmp(how, "manifest") == 0 ? "storage" : "xvdb", &disk, &info),
              SOLO5_R_OK);
    CHECK_INT(info.block_size, BLOCK);
    CHECK_INT(info.capacity, BLOCKS * BLOCK);
    CHECK_INT(solo5_block_acquire("xvdb", &other, &info), SOLO5_R_EINVAL);
    if (strcmp(how, "through") == 0) {
        use_it(disk);
        return check_done();
    }
    for (unsigned i = 0; i < BLOCKS; i += 97)
        expect(disk, i);
    expect(disk, BLOCKS - 1);
    refused(disk);
    if (strcmp(how, "read-only") == 0) {
        CHECK_INT(solo5_block_write(disk, 7 * BLOCK, (uint8_t *)block, BLOCK), SOLO5_R_EUNSPEC);
        expect(disk, 7);
        return check_done();
    }
    CHECK_INT(solo5_block_write(disk, 7 * BLOCK, (uint8_t *)block, BLOCK), SOLO5_R_OK);
    memset(block, 0, BLOCK);
    CHECK_INT(solo5_block_read(disk, 7 * BLOCK, (uint8_t *)block, BLOCK), SOLO5_R_OK);
    CHECK_STR(block, "written by the guest");
    expect(disk, 6);
    expect(disk, 8);
    return check_done();
}
