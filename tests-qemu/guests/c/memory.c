/* malloc and its relatives: alignment, overflow, exhaustion and recovery, exact
 * figures.
 *
 * @mem 16
 * @flags -fno-builtin
 * @expect KiB of memory in use
 * @expect requests refused:
 * @expect ok:
 */
#include "check.h"
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static int is_zero(const unsigned char *p, size_t len)
{
    while (len > 0)
        if (p[--len] != 0)
            return 0;
    return 1;
}

static void blocks(void)
{
    size_t before = malloc_memory_usage();

    for (size_t len = 0; len < 70000; len = len * 5 / 4 + 1) {
        unsigned char *p = malloc(len);

        CHECK(p != NULL && (uintptr_t)p % 16 == 0 && malloc_usable_size(p) >= len);
        memset(p, 0xee, malloc_usable_size(p));
        free(p);
        p = calloc(1, len);
        CHECK(p != NULL && is_zero(p, len));
        free(p);
        for (size_t align = 8; align <= 65536; align *= 2) {
            void *q = NULL;

            CHECK_INT(posix_memalign(&q, align, len), 0);
            CHECK((uintptr_t)q % align == 0 && malloc_usable_size(q) >= len);
            free(q);
        }
    }
    free(NULL);
    CHECK_INT(malloc_memory_usage(), before);
    CHECK_INT(malloc_usable_size(NULL), 0);
    void *p = aligned_alloc(64, 100), *q = memalign(4096, 1), *r = valloc(1), *s = pvalloc(1);
    CHECK((uintptr_t)p % 64 == 0 && (uintptr_t)q % 4096 == 0 && (uintptr_t)r % 4096 == 0);
    CHECK((uintptr_t)s % 4096 == 0 && malloc_usable_size(s) >= 4096);
    free(p), free(q), free(r), free(s);
    CHECK_INT(malloc_memory_usage(), before);
}

static void changes_of_size(void)
{
    unsigned char *p = realloc(NULL, 1);

    *p = 7;
    for (size_t len = 1; len < 1 << 20; len = len * 3 / 2 + 1) {
        p = realloc(p, len);
        CHECK(p != NULL && p[0] == 7 && (len < 2 || p[len * 2 / 3 / 2] == 7));
        memset(p, 7, len);
    }
    for (size_t len = 1 << 19; len > 0; len /= 3) {
        p = realloc(p, len);
        CHECK(p != NULL && p[0] == 7 && p[len - 1] == 7);
    }
    p = realloc(p, 0);
    CHECK(p != NULL);
    p = reallocarray(p, 10, 10);
    CHECK(p != NULL && malloc_usable_size(p) >= 100);
    free(p);
}

/* The compiler must not see that these cannot work. */
static volatile size_t huge = SIZE_MAX;

static void refusals(void)
{
    void *p = malloc(10), *q = p;

    errno = 0;
    CHECK(malloc(huge) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(malloc(huge / 2) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(huge / 2, 3) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(huge / 16, 32) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(realloc(p, huge - 20) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(reallocarray(p, huge / 8, 16) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(aligned_alloc(3, 10) == NULL && errno == EINVAL);
    errno = 0;
    CHECK(pvalloc(huge) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK_INT(posix_memalign(&q, 4, 10), EINVAL);
    CHECK_INT(posix_memalign(&q, 48, 10), EINVAL);
    CHECK_INT(posix_memalign(&q, 16, huge), ENOMEM);
    CHECK_INT(posix_memalign(&q, (huge >> 1) + 1, 10), ENOMEM);
    CHECK(errno == 0 && q == p);
    free(p);
}

/* Fill memory with blocks of one size; give every second one back first. */
static size_t exhaust(size_t len)
{
    void **list = NULL, **kept = NULL;
    size_t count = 0;

    for (void **p; (p = malloc(len)) != NULL; count++) {
        *p = list;
        list = p;
    }
    CHECK_INT(errno, ENOMEM);
    while (list) {
        void **p = list;

        list = *p;
        if (list) {
            void **q = list;

            list = *q;
            *q = kept;
            kept = q;
        }
        free(p);
    }
    void *again = malloc(len);
    CHECK(again != NULL);
    free(again);
    while (kept) {
        void **p = kept;

        kept = *p;
        free(p);
    }
    return count * len;
}

static void exhaustion(void)
{
    size_t before = malloc_memory_usage();
    size_t free_before = mallinfo().fordblks;

    CHECK(exhaust(16) > free_before * 95 / 100);
    CHECK(exhaust(1000) > free_before * 95 / 100);
    CHECK(exhaust(4096) > free_before * 98 / 100);
    CHECK(exhaust(100000) > free_before * 95 / 100);
    CHECK_INT(malloc_memory_usage(), before);
    malloc_trim(0);
    CHECK_INT(malloc_trim(0), 0);
    CHECK_INT(malloc_memory_usage(), before);
    /* All of it is in one piece again, but for what lies below the image. */
    size_t longest = mallinfo().keepcost;
    CHECK(longest > free_before * 85 / 100);
    void *all = malloc(longest);
    CHECK(all != NULL);
    free(all);
}

static void figures(void)
{
    struct mallinfo old = mallinfo();
    struct mallinfo2 now;
    size_t before = malloc_memory_usage();
    void *p = malloc(100000);

    now = mallinfo2();
    CHECK_INT(malloc_memory_usage() - before, malloc_usable_size(p));
    CHECK_INT(now.uordblks - old.uordblks, malloc_usable_size(p));
    CHECK_INT(now.uordblks + now.fordblks + now.hblkhd, now.arena + now.hblkhd);
    CHECK(malloc_footprint() <= malloc_max_footprint());
    free(p);
    CHECK_INT(malloc_memory_usage(), before);
    CHECK_INT(malloc_footprint_limit(), 0);
    malloc_set_footprint_limit(before + 50000);
    CHECK(malloc(100000) == NULL);
    malloc_set_footprint_limit(huge);
    /* What becomes shorter is never refused, nor does a small block pass the limit. */
    p = malloc(1000);
    memset(p, 7, 1000);
    malloc_set_footprint_limit(malloc_footprint());
    CHECK(malloc(16) == NULL);
    p = realloc(p, 20);
    CHECK(p != NULL && ((char *)p)[19] == 7);
    malloc_set_footprint_limit(huge);
    free(p);
    CHECK_INT(malloc_memory_usage(), before);
    p = malloc(100000);
    CHECK(p != NULL);
    free(p);
}

static void statistics(void)
{
    struct malloc_statistics old, now, after;
    struct mallinfo2 info;
    size_t page = 4096;

    malloc_statistics(&old);
    void *block = malloc(100000);
    void *pages = mmap(NULL, 3 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *small = malloc(10);

    malloc_statistics(&now);
    info = mallinfo2();
    CHECK(block && small && pages != MAP_FAILED);
    CHECK_INT(now.used + now.cached + now.free, now.total);
    CHECK_INT(now.live + now.mapped + now.tables, now.used);
    CHECK_INT(now.used, malloc_memory_usage());
    CHECK_INT(now.mapped - old.mapped, 3 * page);
    CHECK_INT(now.total, old.total);
    CHECK_INT(now.tables, old.tables);
    CHECK(now.live - old.live >= malloc_usable_size(block) + malloc_usable_size(small));
    CHECK(now.most_used >= now.used && now.fragmentation < 1000);
    CHECK(now.longest_free <= now.free && now.free_runs > 0);
    CHECK_INT(info.uordblks + info.fordblks, info.arena);
    CHECK_INT(info.uordblks + info.hblkhd, now.used);
    CHECK_INT(info.hblks, now.mapped / page);
    CHECK(malloc(huge / 4) == NULL);
    CHECK(mmap(NULL, huge / 4, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    malloc_statistics(&after);
    CHECK_INT(after.failures, now.failures + 2);
    CHECK_INT(after.last_failure, huge / 4);
    malloc_stats();
    malloc_statistics(&now);
    CHECK_INT(now.used, after.used);
    free(block), free(small);
    CHECK_INT(munmap(pages, 3 * page), 0);
    CHECK_INT(malloc_memory_usage(), old.used);
}

int main(void)
{
    blocks();
    changes_of_size();
    refusals();
    exhaustion();
    figures();
    statistics();
    return check_done();
}
