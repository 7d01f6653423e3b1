/* NOLIBC_MALLOC=check: what is written where no block is ends the program with a report that
 * names the address, the block and the bytes; a program without mistakes runs as ever.
 *
 * @mem 16
 * @flags -fno-builtin
 *
 * @case good
 * @cmdline NOLIBC_MALLOC=check -- good
 * @expect ok:
 * @reject nolibc:
 *
 * @case after-the-end
 * @cmdline NOLIBC_MALLOC=check -- after-the-end
 * @status 255
 * @expect memory after a block was overwritten at 0x
 * @expect : 3 bytes, now 0x41 0x42 0x43
 * @expect block of 100 bytes at 0x
 * @expect KiB of memory in use
 * @reject survived
 *
 * @case before-the-start
 * @cmdline NOLIBC_MALLOC=check -- before-the-start
 * @status 255
 * @expect memory before a block was overwritten at 0x
 * @expect : 1 bytes, now 0x41
 * @expect block of 5000 bytes at 0x
 * @reject survived
 *
 * @case after-free
 * @cmdline NOLIBC_MALLOC=check -- after-free
 * @status 255
 * @expect memory was overwritten that is free at 0x
 * @expect : 2 bytes, now 0x41 0x42
 * @expect block of 100 bytes at 0x
 * @reject survived
 *
 * @case never-freed
 * @cmdline NOLIBC_MALLOC=check -- never-freed
 * @status 255
 * @expect leaving
 * @expect memory after a block was overwritten at 0x
 * @expect block of 7 bytes at 0x
 *
 * @case twice
 * @cmdline NOLIBC_MALLOC=check -- twice
 * @status 255
 * @expect free or realloc of memory that is already free at 0x
 * @expect block of 100 bytes at 0x
 * @reject survived
 *
 * @case inside
 * @cmdline NOLIBC_MALLOC=check -- inside
 * @status 255
 * @expect free or realloc of an address that is not a block's start at 0x
 * @expect block of 100 bytes at 0x
 * @reject survived
 *
 * @case foreign
 * @cmdline NOLIBC_MALLOC=check -- foreign
 * @status 255
 * @expect free or realloc of a pointer that malloc did not return at 0x
 * @reject survived
 *
 * @case switched-on
 * @cmdline -- switched-on
 * @status 255
 * @expect begin
 * @expect memory after a block was overwritten at 0x
 * @expect block of 50 bytes at 0x
 * @expect , allocation 1 since
 * @reject survived
 *
 * @case misspelt
 * @cmdline NOLIBC_MALLOC=chekc -- good
 * @status 255
 * @expect NOLIBC_MALLOC
 * @reject ok:
 */
#include "check.h"
#include <malloc.h>
#include <nolibc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/* What is kept in the middle of the longest free run makes room for a mapping. */
static void kept_in_the_way(void)
{
    struct malloc_statistics figures;
    void *held[64];
    int count = 0;

    malloc_trim(0);
    malloc_statistics(&figures);
    size_t before = figures.longest_free, longest = before / 4096 * 4096 - 4096;
    do {
        held[count++] = malloc(500000);
        malloc_statistics(&figures);
    } while (figures.longest_free == before && count < 64);
    free(held[--count]);
    malloc_statistics(&figures);
    CHECK(figures.cached > 500000 && figures.longest_free < longest);
    void *pages = mmap(NULL, longest, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
    CHECK_INT(munmap(pages, longest), 0);
    while (count > 0)
        free(held[--count]);
}

/* A program that makes no mistake, at the limits of memory too. */
static void good(void)
{
    size_t before = malloc_memory_usage();
    struct malloc_statistics figures;
    unsigned char *p = malloc(100);

    CHECK(p != NULL && p[0] == p[99] && p[0] != 0);
    CHECK_INT(malloc_usable_size(p), 100);
    memset(p, 7, 100);
    p = realloc(p, 1000);
    CHECK(p != NULL && p[0] == 7 && p[99] == 7);
    p = realloc(p, 10);
    CHECK(p != NULL && p[9] == 7);
    free(p);
    p = calloc(3, 1000);
    for (int at = 0; at < 3000; at++)
        if (p[at] != 0)
            CHECK_INT(p[at], 0);
    free(p);
    for (size_t align = 16; align <= 65536; align *= 2) {
        p = memalign(align, 100);
        CHECK((uintptr_t)p % align == 0);
        memset(p, 1, 100);
        free(p);
    }
    /* What is kept is no less free: all of it can be had. */
    malloc_statistics(&figures);
    CHECK_INT(figures.used + figures.cached + figures.free, figures.total);
    for (int round = 0; round < 3; round++) {
        size_t bytes = 0;
        void **list = NULL;

        for (void **q; (q = malloc(50000)) != NULL; bytes += 50000) {
            *q = list;
            list = q;
        }
        CHECK(bytes > 11 << 20);
        while (list) {
            void **q = list;

            list = *q;
            free(q);
        }
        kept_in_the_way();
    }
    malloc_trim(0);
    /* The checker's own table alone may have become longer. */
    CHECK(malloc_memory_usage() - before < 65536);
    _nolibc_malloc_verify();
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    /* The compiler knows what free does; it must not see these. */
    unsigned char *volatile p = malloc(100);
    static unsigned char here[100];

    if (strcmp(way, "good") == 0) {
        good();
        free(p);
        return check_done();
    }
    check_print("begin\n");
    if (strcmp(way, "after-the-end") == 0) {
        memcpy(p + 100, "ABC", 3);
        free(p);
    } else if (strcmp(way, "before-the-start") == 0) {
        p = malloc(5000);
        p[-1] = 'A';
        p = realloc(p, 6000);
    } else if (strcmp(way, "after-free") == 0) {
        free(p);
        p[40] = 'A', p[41] = 'B';
        _nolibc_malloc_verify();
    } else if (strcmp(way, "never-freed") == 0) {
        p = malloc(7);
        p[7] = 0;
        check_print("leaving\n");
        return 0;
    } else if (strcmp(way, "twice") == 0) {
        free(p);
        free(p);
    } else if (strcmp(way, "inside") == 0) {
        p += 16;
        free(p);
    } else if (strcmp(way, "foreign") == 0) {
        p = here;
        free(p);
    } else {
        _nolibc_malloc_check();
        free(p);
        p = malloc(50);
        p[50] = 1;
        free(p);
    }
    check_print("survived\n");
    return 0;
}
