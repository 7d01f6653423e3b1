/* Every error of the page functions, after which nothing has changed; ranges over
 * several page tables; entries for 2 MiB, used and split; page tables that come
 * back when nothing is mapped through them.
 *
 * @machines hvt virtio virtio-smp xen
 * @models
 * @expect ok:
 */
#include "pages.h"

#define R MACHINE_READ
#define W MACHINE_WRITE
#define X MACHINE_EXECUTE

/* All that is mapped in the test's part of the window, and of its RAM. */
static uint64_t picture(void)
{
    const struct {
        char *start;
        size_t len;
    } parts[] = {{window - GIB, 40 * GIB}, {(char *)(ram & ~(CHUNK - 1)), 8 * CHUNK}};
    uint64_t sum = 0;

    for (int i = 0; i < 2; i++) {
        for (size_t at = 0, len; at < parts[i].len; at += len) {
            uint64_t pa;
            unsigned prot;

            if (machine_lookup(parts[i].start + at, parts[i].len - at, &pa, &len, &prot) != 0)
                return 0;
            sum = (sum ^ pa ^ len ^ prot) * UINT64_C(0x9e3779b97f4a7c15) + (sum >> 29);
        }
    }
    return sum;
}

/* `call` fails so and changes nothing. */
#define FAILS(call, error)                  \
    do {                                    \
        uint64_t before_ = picture();       \
        CHECK(before_ != 0);                \
        CHECK_INT(call, -(error));          \
        CHECK(picture() == before_);        \
    } while (0)

static void invalid(void)
{
    uintptr_t frame = frames(4);
    void *start;
    size_t len;

    CHECK_INT(machine_window(&start, &len), 0);
    uintptr_t end = (uintptr_t)start + len;
    char *below = (char *)start - PAGE;

    CHECK_INT(machine_window(NULL, &len), -EFAULT);
    CHECK_INT(machine_window(&start, NULL), -EFAULT);
    FAILS(machine_map(window + 1, frame, PAGE, R), EINVAL);
    FAILS(machine_map(window, frame + 8, PAGE, R), EINVAL);
    FAILS(machine_map(window, frame, PAGE - 1, R), EINVAL);
    FAILS(machine_map(window, frame, 0, R), EINVAL);
    FAILS(machine_map(window, frame, PAGE, 8), EINVAL);
    FAILS(machine_map(below, frame, PAGE, R), EINVAL);
    FAILS(machine_map(below, frame, 2 * PAGE, R), EINVAL);
    FAILS(machine_map((char *)end - PAGE, frame, 2 * PAGE, R), EINVAL);
    FAILS(machine_map((char *)end, frame, PAGE, R), EINVAL);
    FAILS(machine_map(window, frame, -PAGE, R), EINVAL);
    FAILS(machine_map((char *)-PAGE, frame, 2 * PAGE, R), EINVAL);
    /* Not RAM of the program's: nothing, the image, beyond memory. */
    FAILS(machine_map(window, 0, PAGE, R), EINVAL);
    FAILS(machine_map(window, (uintptr_t)invalid & ~(PAGE - 1), PAGE, R | W), EINVAL);
    FAILS(machine_map(window, UINT64_C(0x7000000000), PAGE, R), EINVAL);
    FAILS(machine_map(window, -PAGE, PAGE, R), EINVAL);
    FAILS(machine_map(window, frame, 64 * GIB, R), EINVAL);

    FAILS(machine_unmap(window + 1, PAGE), EINVAL);
    FAILS(machine_unmap(window, 1), EINVAL);
    FAILS(machine_unmap(window, 0), EINVAL);
    FAILS(machine_unmap((char *)frame, PAGE), EINVAL);
    FAILS(machine_unmap(below, 2 * PAGE), EINVAL);
    FAILS(machine_unmap((char *)end, PAGE), EINVAL);

    FAILS(machine_protect(window + 1, PAGE, R), EINVAL);
    FAILS(machine_protect((char *)frame, PAGE, 8), EINVAL);
    FAILS(machine_protect((char *)frame, 0, R), EINVAL);
    FAILS(machine_protect((char *)frame, 64 * GIB, R), EINVAL);
    FAILS(machine_protect((char *)((uintptr_t)invalid & ~(PAGE - 1)), PAGE, R | W | X), EINVAL);
    FAILS(machine_protect(NULL, PAGE, R), EINVAL);
    FAILS(machine_protect(window, PAGE, R), EFAULT);

    FAILS(machine_tables(frame + 8, PAGE), EINVAL);
    FAILS(machine_tables(frame, 0), EINVAL);
    FAILS(machine_tables(frame, PAGE + 1), EINVAL);
    FAILS(machine_tables((uintptr_t)window, PAGE), EINVAL);
    FAILS(machine_tables((uintptr_t)invalid & ~(PAGE - 1), PAGE), EINVAL);

    CHECK_INT(machine_lookup(window + 1, PAGE, NULL, NULL, NULL), -EINVAL);
    CHECK_INT(machine_lookup(window, PAGE - 1, NULL, NULL, NULL), -EINVAL);
    CHECK_INT(machine_lookup(window, PAGE, NULL, NULL, NULL), 0);
}

/* Spend all tables on single pages far away: two each for those that lie far from
 * each other, one each near the first of them. `forget` gives them back. */
static size_t far_pages, near_pages;
static uintptr_t far_frame;

static char *far_page(size_t i)
{
    return window + (4 + i) * GIB;
}

static char *near_page(size_t i)
{
    return far_page(0) + (1 + i) * CHUNK;
}

static void exhaust(void)
{
    if (far_frame == 0)
        far_frame = frames(1);
    while (machine_map(far_page(far_pages), far_frame, PAGE, R) == 0)
        far_pages++;
    CHECK(far_pages > 0);
    while (machine_map(near_page(near_pages), far_frame, PAGE, R) == 0)
        near_pages++;
    FAILS(machine_map(far_page(far_pages), far_frame, PAGE, R), ENOMEM);
}

static void forget(void)
{
    for (; far_pages > 0; far_pages--)
        CHECK_INT(machine_unmap(far_page(far_pages - 1), PAGE), 0);
    for (; near_pages > 0; near_pages--)
        CHECK_INT(machine_unmap(near_page(near_pages - 1), PAGE), 0);
}

static void several_tables(void)
{
    /* Over the ends of a page table and of a page directory. */
    char *va = window + GIB - 3 * PAGE;
    uintptr_t pa = frames(7);

    CHECK_INT(WITH_TABLES(machine_map(va, pa, 7 * PAGE, R | W)), 0);
    LOOKUP(va - PAGE, SIZE_MAX, NOTHING, PAGE, 0);
    LOOKUP(va, SIZE_MAX, pa, 7 * PAGE, R | W);
    LOOKUP(va + 2 * PAGE, 3 * PAGE + 5, pa + 2 * PAGE, 3 * PAGE, R | W);
    memset(va, 0x11, 7 * PAGE);
    CHECK_INT(*(char *)(pa + 6 * PAGE), 0x11);
    FAILS(machine_map(va + 6 * PAGE, pa, 2 * PAGE, R), EEXIST);
    FAILS(machine_map(va - PAGE, pa, 2 * PAGE, R), EEXIST);
    FAILS(machine_map(va - PAGE, pa, 7 * PAGE, R), EEXIST);

    CHECK_INT(machine_protect(va + 2 * PAGE, 3 * PAGE, R), 0);
    LOOKUP(va, SIZE_MAX, pa, 2 * PAGE, R | W);
    LOOKUP(va + 2 * PAGE, SIZE_MAX, pa + 2 * PAGE, 3 * PAGE, R);
    NO_WRITE(va + 2 * PAGE, FORBIDS);
    NO_WRITE(va + 5 * PAGE - 1, FORBIDS);
    touch_write(va + 2 * PAGE - 1, 1);
    touch_write(va + 5 * PAGE, 1);

    CHECK_INT(machine_unmap(va + 2 * PAGE, 2 * PAGE), 0);
    NO_READ(va + 2 * PAGE, ABSENT);
    NO_READ(va + 4 * PAGE - 1, ABSENT);
    CHECK_INT(touch_read(va + 4 * PAGE), 0x11);
    FAILS(machine_protect(va, 7 * PAGE, 0), EFAULT);
    FAILS(machine_protect(va, 3 * PAGE, R), EFAULT);
    FAILS(machine_protect(va - PAGE, 2 * PAGE, R), EFAULT);
    CHECK_INT(machine_unmap(va - PAGE, 9 * PAGE), 0);
    LOOKUP(va - PAGE, 9 * PAGE, NOTHING, 9 * PAGE, 0);
}

/* Two entries for 2 MiB want no page table; a part of one does. */
static void large(void)
{
    char *va = window + 2 * GIB;
    uintptr_t pa = aligned_frames(1024);

    memset((void *)pa, 0x22, 2 * CHUNK);
    exhaust();
    FAILS(machine_map(va, pa, 2 * CHUNK, R | W), ENOMEM);
    give_tables(2);
    /* One for the directory, and one more than that. */
    CHECK_INT(machine_map(va, pa, 2 * CHUNK, R | W), 0);
    exhaust();
    LOOKUP(va, SIZE_MAX, pa, 2 * CHUNK, R | W);
    for (size_t i = 0; i < 1024; i++)
        CHECK_INT(va[i * PAGE + i], 0x22);

    /* Whole entries. */
    CHECK_INT(machine_protect(va, CHUNK, R), 0);
    NO_WRITE(va + CHUNK - 1, FORBIDS);
    touch_write(va + CHUNK, 1);
    CHECK_INT(machine_protect(va, 2 * CHUNK, 0), 0);
    NO_READ(va, ABSENT);
    NO_READ(va + 2 * CHUNK - 1, ABSENT);
    CHECK_INT(machine_protect(va, 2 * CHUNK, R | W), 0);
    touch_write(va + 100 * PAGE, 0x23);

    /* Parts. What a part has already costs nothing. */
    CHECK_INT(machine_protect(va + PAGE, PAGE, R | W), 0);
    FAILS(machine_protect(va + 5 * PAGE, PAGE, R), ENOMEM);
    FAILS(machine_protect(va + CHUNK - PAGE, 2 * PAGE, 0), ENOMEM);
    FAILS(machine_unmap(va + 5 * PAGE, PAGE), ENOMEM);
    FAILS(machine_unmap(va + PAGE, 2 * CHUNK), ENOMEM);
    give_tables(1);
    FAILS(machine_protect(va + CHUNK - PAGE, 2 * PAGE, 0), ENOMEM);
    CHECK_INT(machine_protect(va + 5 * PAGE, PAGE, R), 0);
    NO_WRITE(va + 5 * PAGE + 9, FORBIDS);
    CHECK_INT(touch_read(va + 5 * PAGE + 9), 0x22);
    touch_write(va + 5 * PAGE - 1, 1);
    touch_write(va + 6 * PAGE, 1);
    CHECK_INT(va[100 * PAGE], 0x23);
    LOOKUP(va, SIZE_MAX, pa, 5 * PAGE, R | W);
    LOOKUP(va + 6 * PAGE, SIZE_MAX, pa + 6 * PAGE, 2 * CHUNK - 6 * PAGE, R | W);
    give_tables(1);
    CHECK_INT(machine_unmap(va + CHUNK - PAGE, 2 * PAGE), 0);
    NO_READ(va + CHUNK - PAGE, ABSENT);
    NO_READ(va + CHUNK + PAGE - 1, ABSENT);
    CHECK_INT(touch_read(va + CHUNK + PAGE), 0x22);
    CHECK_INT(*(char *)(pa + CHUNK - 1), 0x22);

    /* The two tables and the directory come back. */
    CHECK_INT(machine_unmap(va, 2 * CHUNK), 0);
    NO_READ(va + CHUNK + PAGE, ABSENT);
    size_t before = near_pages + far_pages;
    exhaust();
    CHECK(near_pages + far_pages >= before + 2);

    /* RAM of its own 2 MiB, at its own address. */
    FAILS(machine_protect((char *)pa + CHUNK + 7 * PAGE, PAGE, R), ENOMEM);
    CHECK_INT(machine_protect((char *)pa, CHUNK, R), 0);
    NO_WRITE(pa + 9, FORBIDS);
    FAILS(machine_tables(pa, PAGE), EFAULT);
    FAILS(machine_tables(pa + CHUNK - PAGE, 2 * PAGE), EFAULT);
    CHECK_INT(machine_protect((char *)pa, CHUNK, R | W), 0);
    give_tables(1);
    CHECK_INT(machine_protect((char *)pa + CHUNK + 7 * PAGE, PAGE, R), 0);
    NO_WRITE(pa + CHUNK + 7 * PAGE, FORBIDS);
    touch_write((char *)pa + CHUNK + 8 * PAGE, 1);
    CHECK_INT(machine_protect((char *)pa + CHUNK + 7 * PAGE, PAGE, R | W), 0);
    touch_write((char *)pa + CHUNK + 7 * PAGE, 1);
}

/* Ranges that end in the middle of 2 MiB, so that both kinds of entry are used. */
static void mixed(void)
{
    char *va = window + 2 * CHUNK - 2 * PAGE;
    uintptr_t pa = aligned_frames(512 + 516) + CHUNK - 2 * PAGE;

    forget();
    CHECK_INT(WITH_TABLES(machine_map(va, pa, CHUNK + 4 * PAGE, R | W)), 0);
    LOOKUP(va, SIZE_MAX, pa, CHUNK + 4 * PAGE, R | W);
    for (size_t i = 0; i < 516; i++)
        *(size_t *)(va + i * PAGE) = i;
    for (size_t i = 0; i < 516; i++)
        CHECK_INT(*(size_t *)(pa + i * PAGE), i);
    CHECK_INT(WITH_TABLES(machine_protect(va + PAGE, CHUNK + 2 * PAGE, R)), 0);
    touch_write(va, 0);
    NO_WRITE(va + PAGE, FORBIDS);
    NO_WRITE(va + CHUNK + 3 * PAGE - 1, FORBIDS);
    touch_write(va + CHUNK + 3 * PAGE, 0);
    CHECK_INT(machine_unmap(va, CHUNK + 4 * PAGE), 0);
    LOOKUP(va - PAGE, 2 * CHUNK, NOTHING, 2 * CHUNK, 0);
    for (size_t i = 0; i < 516; i += 103)
        NO_READ(va + i * PAGE, ABSENT);

    /* Thousands of frames that lie apart, and back again. */
    va = window + 5 * CHUNK;
    for (size_t i = 0; i < 1500; i++)
        CHECK_INT(WITH_TABLES(machine_map(va + i * PAGE, pa + i * 7 % 516 * PAGE, PAGE, R)), 0);
    for (size_t i = 0; i < 1500; i++)
        CHECK(memcmp(va + i * PAGE, (char *)pa + i * 7 % 516 * PAGE, 16) == 0);
    for (size_t i = 0; i < 1500; i++)
        CHECK_INT(machine_unmap(va + i * 401 % 1500 * PAGE, PAGE), 0);
    LOOKUP(window, GIB, NOTHING, GIB, 0);
}

static void test(void)
{
    invalid();
    several_tables();
    large();
    mixed();
}

PAGES_MAIN
