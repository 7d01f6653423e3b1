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
        /* What is known about small blocks lies in pages of its own, which start so. */
        char *page = (char *)((uintptr_t)p & ~(uintptr_t)4095);

        /* No machine has memory for programs below 64 KiB. */
        page = (uintptr_t)page > 32 * 4096 ? page - 16 * 4096 : (char *)(16 * 4096);
        for (int pages = 0; pages < 128 && *(unsigned *)page != 0x6c5ab5ff; pages++)
            page += 4096;
        memset(page + 64, 0x41, 4096 - 64);
        p = malloc(100);
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
