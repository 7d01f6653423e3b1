/* What a block device takes: every block is read in an order of chance, read in
 * order and written in order, each time one after another. A line for each:
 * how many, and the cycles for all of them. Cycles, because they are the same
 * under every backend; clocks are measured, each in its way. */
#define DEVICES 1
#include "../c/manifest.h"
MANIFEST(BLOCK("storage"))

#include <solo5.h>
#include <stdio.h>

enum way { CHANCE, READ, WRITE };

static int all(solo5_handle_t handle, const struct solo5_block_info *info, enum way way)
{
    static unsigned char block[4096];
    unsigned long count = info->capacity / info->block_size, place = 0;
    unsigned long long start = __builtin_ia32_rdtsc();

    for (unsigned long i = 0; i < count; i++) {
        solo5_off_t offset = (way == CHANCE ? place : i) * info->block_size;
        solo5_result_t result =
            way == WRITE ? solo5_block_write(handle, offset, block, info->block_size)
                         : solo5_block_read(handle, offset, block, info->block_size);

        if (result != SOLO5_R_OK)
            return -1;
        /* Knuth's line for numbers modulo a power of two: each place once. */
        place = (place * 1664525 + 1013904223) % count;
    }
    printf("%lu %llu\n", count, __builtin_ia32_rdtsc() - start);
    return 0;
}

int main(void)
{
    solo5_handle_t handle;
    struct solo5_block_info info;

    if (solo5_block_acquire("storage", &handle, &info) != SOLO5_R_OK || info.block_size > 4096)
        return 1;
    for (enum way way = CHANCE; way <= WRITE; way++)
        if (all(handle, &info, way) != 0)
            return 2;
    puts("SUCCESS");
    return 0;
}
