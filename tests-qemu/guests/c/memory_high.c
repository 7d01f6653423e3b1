/* More than 4 GiB of memory: what lies above can be had, in one block as well, and keeps
 * what is written to it.
 *
 * @machines virtio-smp xen-smp
 * @mem 6144
 * @timeout 60
 * @expect ok:
 */
#include "check.h"
#include <stdint.h>
#include <stdlib.h>

#define GIB ((size_t)1 << 30)
#define MIB ((size_t)1 << 20)

/* A block of which only the pages at each step are touched. */
static void use(char *block, size_t len, size_t step)
{
    for (size_t at = 0; at < len; at += step)
        *(size_t *)(block + at) = (uintptr_t)block + at;
    for (size_t at = 0; at < len; at += step)
        if (*(size_t *)(block + at) != (uintptr_t)block + at)
            CHECK(!"each word has its own value");
}

int main(void)
{
    static char *blocks[6 * 4];
    size_t count = 0, above = 0;
    char *big;

    /* Pieces of 256 MiB: as many as are there less what the machine keeps below 4 GiB. */
    while (count < 6 * 4) {
        char *block = malloc(GIB / 4 - MIB);

        if (block == NULL)
            break;
        above += (uintptr_t)block >= 4 * GIB;
        use(block, GIB / 4 - MIB, 16 * MIB);
        blocks[count++] = block;
    }
    CHECK(count >= 20);
    CHECK(above >= 6);
    for (size_t i = 0; i < count; i++)
        free(blocks[i]);

    big = malloc(5 * GIB);
    CHECK(big != NULL);
    if (big != NULL)
        use(big, 5 * GIB, 64 * MIB);
    free(big);
    return check_done();
}
