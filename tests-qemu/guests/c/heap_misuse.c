/* What no program may give back ends it with a report that names the address.
 *
 * @status 255
 * @expect begin
 * @reject survived
 * @flags -fno-builtin
 *
 * @case double-free
 * @cmdline double-free
 * @expect already free, or not a block's start at 0x
 *
 * @case double-free-of-a-run
 * @cmdline double-free-of-a-run
 * @expect already free, or not a block's start at 0x
 *
 * @case inside
 * @cmdline inside
 * @expect already free, or not a block's start at 0x
 *
 * @case inside-a-run
 * @cmdline inside-a-run
 * @expect already free, or not a block's start at 0x
 *
 * @case realloc-of-freed
 * @cmdline realloc-of-freed
 * @expect already free, or not a block's start at 0x
 *
 * @case usable-size-of-freed
 * @cmdline usable-size-of-freed
 * @expect already free, or not a block's start at 0x
 *
 * @case write-after-free
 * @cmdline write-after-free
 * @expect free memory was overwritten at 0x
 *
 * @case write-beyond-the-end
 * @cmdline write-beyond-the-end
 * @expect free memory was overwritten at 0x
 *
 * @case write-into-records
 * @cmdline write-into-records
 * @expect the record of a slab was overwritten at 0x
 *
 * @case write-before-a-small-block
 * @cmdline write-before-a-small-block
 * @expect the record of a slab was overwritten at 0x
 *
 * @case off-by-one
 * @cmdline off-by-one
 * @expect free memory was overwritten at 0x
 *
 * @case foreign
 * @cmdline foreign
 * @expect pointer that malloc did not return at 0x
 *
 * @case mapped
 * @cmdline mapped
 * @expect memory that belongs to mmap at 0x
 *
 * @case realloc
 * @cmdline realloc
 * @expect pointer that malloc did not return at 0x
 */
#include "check.h"
#include <machine.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static char here[100];

/* What is known about small blocks lies before the first of them, and starts so. */
static char *record_before(char *block)
{
    for (int grains = 0; grains < 1024 && *(unsigned *)block >> 8 != 0x6c5ab5; grains++)
        block -= 16;
    return block;
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    /* The compiler knows what free does; it must not see these. */
    void *volatile p = malloc(100);

    check_print("begin\n");
    if (strcmp(way, "double-free") == 0) {
        free(p);
        free(p);
    } else if (strcmp(way, "double-free-of-a-run") == 0) {
        p = malloc(100000);
        free(p);
        free(p);
    } else if (strcmp(way, "inside") == 0) {
        p = (char *)p + 16;
        free(p);
    } else if (strcmp(way, "inside-a-run") == 0) {
        p = (char *)malloc(100000) + 4096;
        free(p);
    } else if (strcmp(way, "realloc-of-freed") == 0) {
        free(p);
        p = realloc(p, 5000);
    } else if (strcmp(way, "usable-size-of-freed") == 0) {
        free(p);
        check_print_int((long long)malloc_usable_size(p));
    } else if (strcmp(way, "write-after-free") == 0) {
        void *volatile q = malloc(100000), *volatile r = malloc(100000), *volatile s = malloc(100000);

        free(r);
        memset(r, 0x41, 64);
        /* Its neighbours are given back, so it must be joined with them. */
        free(q);
        free(s);
    } else if (strcmp(way, "write-beyond-the-end") == 0) {
        /* The run after a block that is the last of all is free. */
        p = malloc(100000);
        memset((char *)p + malloc_usable_size(p), 0x41, 64);
        free(p);
    } else if (strcmp(way, "write-into-records") == 0) {
        memset(record_before(p), 0x41, 64);
        p = malloc(100);
    } else if (strcmp(way, "write-before-a-small-block") == 0) {
        /* Its end only. */
        memset(record_before(p) + 60, 0x41, 4);
        p = malloc(100);
    } else if (strcmp(way, "off-by-one") == 0) {
        void *volatile q = malloc(16384 + 48), *volatile r = malloc(1024);

        free(q);
        /* The length of the free run, which ends in the same unit then. */
        *(char *)q = 0x20;
        q = malloc(16384);
        free(r);
    } else if (strcmp(way, "foreign") == 0) {
        p = here;
        free(p);
    } else if (strcmp(way, "mapped") == 0) {
        p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        free(p);
    } else {
        p = here;
        p = realloc(p, 10);
    }
    check_print("survived\n");
    return 0;
}
