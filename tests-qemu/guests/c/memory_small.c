/* Little memory: it can be used up by blocks of any size, by mappings, and by both at once; the program is
 * told so, goes on, and has all of it back when it gives it back. Figures add up all the time.
 *
 * @flags -fno-builtin
 * @expect ok:
 * @reject nolibc:
 *
 * @case 5
 * @mem 5
 *
 * @case 6
 * @mem 6
 *
 * @case 8
 * @mem 8
 */
#include "check.h"
#include <machine.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define MOST 4096

static struct malloc_statistics now;

/* The figures, which must add up. */
static void look(void)
{
    struct mallinfo2 info = mallinfo2();

    malloc_statistics(&now);
    CHECK_INT(now.used + now.cached + now.free, now.total);
    CHECK_INT(now.live + now.mapped + now.tables, now.used);
    CHECK_INT(now.used, malloc_memory_usage());
    CHECK_INT(info.uordblks + info.hblkhd, now.used);
    CHECK_INT(info.arena + info.hblkhd, now.total);
    CHECK_INT(info.fordblks, now.cached + now.free);
}

/* A list of blocks that are as long as asked, through their first words. */
static void *take_all(size_t len, size_t *count)
{
    void **list = NULL;

    for (void **p; (p = malloc(len)) != NULL; ++*count) {
        memset(p, 0x5a, len);
        *p = list;
        list = p;
    }
    CHECK_INT(errno, ENOMEM);
    return list;
}

static void give_back(void **list, size_t len)
{
    while (list) {
        void **p = list;

        list = *p;
        if (((unsigned char *)p)[len - 1] != 0x5a)
            CHECK_INT(((unsigned char *)p)[len - 1], 0x5a);
        free(p);
    }
}

static void blocks(size_t len)
{
    size_t count = 0, room = now.free + now.cached, used = now.used, failures = now.failures;
    void *one = malloc(len);
    size_t each = malloc_usable_size(one);

    free(one);
    void *list = take_all(len, &count);

    look();
    CHECK(now.failures > failures && now.last_failure == len);
    CHECK(each >= len && each <= len + len / 4 + 16);
    CHECK(count * each > (len > 100000 ? room / 2 : room * 9 / 10));
    CHECK(now.longest_free < len + PAGE || len < PAGE);
    /* Full of these, there is no room for a mapping either. */
    if (len <= PAGE)
        CHECK(mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    /* The next allocation after giving something back works. */
    void **first = list;

    list = *first;
    free(first);
    first = malloc(len);
    CHECK(first != NULL);
    if (first) {
        memset(first, 0x5a, len);
        *first = list;
        list = first;
    }
    give_back(list, len);
    malloc_trim(0);
    look();
    CHECK_INT(now.used, used);
}

static void *maps[MOST];
static size_t tables;

/* Mappings use up memory, every second page is given back, and blocks get what is between. */
static void mappings(void)
{
    size_t used = now.used, count = 0, bytes = 0;

    for (; count < MOST; count++) {
        maps[count] = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (maps[count] == MAP_FAILED)
            break;
        CHECK(*(long *)maps[count] == 0);
        memset(maps[count], 0x77, PAGE);
    }
    CHECK(count > 100 && count < MOST && errno == ENOMEM);
    look();
    CHECK_INT(now.mapped, count * PAGE);
    CHECK(now.free < 8 * PAGE);
    for (size_t at = 0; at < count; at += 2)
        CHECK_INT(munmap(maps[at], PAGE), 0);
    look();
    CHECK_INT(now.mapped, count / 2 * PAGE);
    /* Pages in one piece there are none; the window makes one of many. */
    void *large = malloc(PAGE * 40);

    CHECK((large != NULL) == ((machine_features() & MACHINE_PAGES) != 0));
    if (large)
        memset(large, 0x5a, PAGE * 40);
    size_t before = now.used;

    free(large);
    look();
    /* Page tables stay. */
    CHECK(now.used - before <= 4 * PAGE);
    tables += now.used - before;
    used += now.used - before;
    void *list = take_all(2000, &bytes);

    bytes *= 2000;
    CHECK(bytes > (count + 1) / 2 * PAGE * 3 / 4);
    for (size_t at = 1; at < count; at += 2) {
        CHECK(((unsigned char *)maps[at])[PAGE - 1] == 0x77);
        CHECK_INT(munmap(maps[at], PAGE), 0);
    }
    give_back(list, 2000);
    malloc_trim(0);
    look();
    CHECK_INT(now.used, used);
    CHECK_INT(now.mapped, 0);
}

/* realloc that is refused leaves the block as it was. */
static void growth(void)
{
    size_t len = 1000;
    unsigned char *p = malloc(len), *q;

    memset(p, 9, len);
    while ((q = realloc(p, len * 2)) != NULL) {
        p = q;
        CHECK(p[0] == 9 && p[len - 1] == 9);
        memset(p, 9, len *= 2);
    }
    CHECK_INT(errno, ENOMEM);
    CHECK(len >= 512000 && p[0] == 9 && p[len - 1] == 9);
    p = realloc(p, 10);
    CHECK(p != NULL && p[9] == 9);
    free(p);
}

int main(void)
{
    static const size_t lengths[] = { 16, 100, 600, 1700, 4096, 40000, 300000 };

    malloc_trim(0);
    look();
    size_t used = now.used;

    for (int round = 0; round < 2; round++) {
        for (size_t at = 0; at < sizeof lengths / sizeof *lengths; at++)
            blocks(lengths[at]);
        mappings();
        growth();
    }
    malloc_trim(0);
    look();
    CHECK_INT(now.used, used + tables);
    return check_done();
}
