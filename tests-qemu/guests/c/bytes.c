/* memcpy, memmove, memset, memcmp, memchr, memrchr and the str functions beside them
 * against loops, at the edges of memory between two pages without access (which fault
 * where the machine has page permissions) and across a page in its middle.
 *
 * @expect ok:
 */
#define _GNU_SOURCE
#include "check.h"

#include <stdint.h>
#include <sys/mman.h>

enum { PAGE = 4096, INNER = 2 * PAGE };

/* The compiler must not do the work itself: calls go through these. */
#define OPAQUE(name) static __typeof__(name) *volatile p_##name = name;
OPAQUE(memcpy) OPAQUE(memmove) OPAQUE(memset) OPAQUE(memcmp) OPAQUE(memchr) OPAQUE(memrchr)
OPAQUE(bcmp) OPAQUE(strlen) OPAQUE(strnlen) OPAQUE(strchr) OPAQUE(strchrnul) OPAQUE(strrchr)
OPAQUE(strcmp) OPAQUE(strncmp) OPAQUE(strcpy) OPAQUE(stpcpy) OPAQUE(strncpy) OPAQUE(strcat)
OPAQUE(strspn) OPAQUE(strcspn) OPAQUE(strpbrk) OPAQUE(strstr)

static unsigned char *first, *second, model[INNER];
static uint64_t noise = 88172645463325252u;

static unsigned char *fenced(void)
{
    unsigned char *all = mmap(NULL, INNER + 2 * PAGE, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(all != MAP_FAILED);
    CHECK_INT(mprotect(all, PAGE, PROT_NONE), 0);
    CHECK_INT(mprotect(all + PAGE + INNER, PAGE, PROT_NONE), 0);
    return all + PAGE;
}

static unsigned next(void)
{
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    return (unsigned)(noise >> 20);
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Where a block of `size` bytes lies: at the low edge, the high edge, or so that it
 * crosses the page in the middle. */
static unsigned place(unsigned which, unsigned size)
{
    return which == 0 ? 0 : which == 1 ? INNER - size : PAGE - size / 2 - next() % 17;
}

static int same(const unsigned char *a, const unsigned char *b, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

static unsigned size_at(unsigned step)
{
    static const unsigned more[] = {160, 191, 192, 193, 255, 256, 257, 300, 511, 1000, 2047,
                                    2048, 2049, 3000};

    return step < 140 ? step : more[step - 140];
}

enum { STEPS = 154 };

static void copies(void)
{
    int good = 1;

    for (unsigned step = 0; step < STEPS; step++)
        for (unsigned which = 0; which < 9; which++) {
            unsigned size = size_at(step);
            unsigned to = place(which % 3, size), from = place(which / 3, size);

            for (unsigned i = 0; i < size; i++)
                first[from + i] = (unsigned char)next();
            for (unsigned i = 0; i < size + 128; i++)
                second[(to + INNER - 64 + i) % INNER] = 0xee;
            good &= p_memcpy(second + to, first + from, size) == second + to;
            good &= same(second + to, first + from, size);
            good &= to == 0 || second[to - 1] == 0xee;
            good &= to + size == INNER || second[to + size] == 0xee;
            good &= p_memcmp(second + to, first + from, size) == 0;
            if (size > 0) {
                unsigned at = next() % size;
                int low = second[to + at], high = first[from + at] ^ 0x80;

                first[from + at] = (unsigned char)high;
                good &= sign(p_memcmp(second + to, first + from, size)) == sign(low - high);
                good &= p_bcmp(second + to, first + from, size) != 0;
                good &= p_memcmp(second + to, first + from, at) == 0;
            }
            good &= p_memset(second + to, 0x155, size) == second + to;
            for (unsigned i = 0; i < size; i++)
                good &= second[to + i] == 0x55;
            good &= to == 0 || second[to - 1] == 0xee;
            good &= to + size == INNER || second[to + size] == 0xee;
        }
    CHECK(good);
}

static void overlaps(void)
{
    static const unsigned shifts[] = {0, 1, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 300};
    int good = 1;

    for (unsigned step = 0; step < STEPS; step++)
        for (unsigned k = 0; k < 2 * sizeof shifts / sizeof *shifts; k++) {
            unsigned size = size_at(step), shift = shifts[k / 2], end = size + shift;
            /* Down at the low edge, up at the high one. */
            unsigned base = k % 2 ? INNER - end : 0;
            unsigned from = k % 2 ? base : base + shift, to = k % 2 ? base + shift : base;

            for (unsigned i = base; i < base + end; i++)
                first[i] = model[i] = (unsigned char)(i * 7 + i / 256 + step);
            p_memmove(first + to, first + from, size);
            if (to < from)
                for (unsigned i = 0; i < size; i++)
                    model[to + i] = model[from + i];
            else
                for (unsigned i = size; i-- > 0;)
                    model[to + i] = model[from + i];
            good &= same(first + base, model + base, end);
        }
    CHECK(good);
}

static void searches(void)
{
    int good = 1;

    for (unsigned step = 0; step < STEPS; step++)
        for (unsigned which = 0; which < 3; which++)
            for (unsigned turn = 0; turn < 4; turn++) {
                unsigned len = size_at(step), start = place(which, len + 1);
                unsigned at = len > 0 ? next() % len : 0;
                unsigned char *block = first + start;
                char *s = (char *)block;

                for (unsigned i = 0; i < len; i++)
                    block[i] = 'x';
                block[len] = 0;
                good &= p_strlen(s) == len && p_strnlen(s, len + next() % 99) == len;
                good &= p_strnlen(s, at) == at && p_memchr(s, 0, len + 1) == s + len;
                good &= p_memchr(s, 0, len) == NULL && p_memrchr(s, 0, len) == NULL;
                good &= p_memchr(s, 0, (size_t)-1) == s + len;
                good &= p_strchr(s, 'y') == NULL && p_strchrnul(s, 'y') == s + len;
                good &= p_strchr(s, 0) == s + len && p_strrchr(s, 'y') == NULL;
                good &= p_strspn(s, "xz") == len && p_strcspn(s, "zy") == len;
                if (len == 0)
                    continue;
                block[at] = 'y';
                good &= p_memchr(s, 'y', len) == s + at && p_memchr(s, 'y', at) == NULL;
                good &= p_memrchr(s, 'y', len) == s + at && p_memrchr(s, 'x', at + 1) ==
                        (at > 0 ? s + at - 1 : NULL);
                good &= p_strchr(s, 'y') == s + at && p_strchrnul(s, 'y') == s + at;
                good &= p_strrchr(s, 'y') == s + at && p_strpbrk(s, "zy") == s + at;
                good &= p_strspn(s, "x") == at && p_strcspn(s, "zy") == at;
                good &= p_strstr(s, at + 1 < len ? "yx" : "y") == s + at;
            }
    CHECK(good);
}

static void strings(void)
{
    int good = 1;

    for (unsigned step = 0; step < STEPS; step++)
        for (unsigned which = 0; which < 9; which++) {
            unsigned len = size_at(step);
            unsigned at = len > 0 ? next() % len : 0;
            char *a = (char *)first + place(which % 3, len + 1);
            char *b = (char *)second + place(which / 3, len + 1);

            for (unsigned i = 0; i < len; i++)
                a[i] = (char)(next() | 1);
            a[len] = 0;
            good &= p_strcpy(b, a) == b;
            good &= same((unsigned char *)a, (unsigned char *)b, len + 1);
            good &= p_strcmp(a, b) == 0 && p_strncmp(a, b, (size_t)-1) == 0;
            p_memset(b, 7, len + 1);
            good &= p_stpcpy(b, a) == b + len && p_strcmp(a, b) == 0;
            if (len == 0)
                continue;
            b[at] = 0;
            good &= p_strcat(b, a + at) == b && p_strcmp(a, b) == 0;
            b[at] ^= 0x40;
            int order = sign((unsigned char)a[at] - (unsigned char)b[at]);
            good &= sign(p_strcmp(a, b)) == order && sign(p_strcmp(b, a)) == -order;
            good &= p_strncmp(a, b, at) == 0 && sign(p_strncmp(a, b, at + 1)) == order;
            good &= p_strncpy(b, a, at) == b && p_strncmp(a, b, at) == 0;
            good &= p_strncpy(b, a, len + 1) == b && p_strcmp(a, b) == 0;
        }
    CHECK(good);
}

int main(void)
{
    first = fenced();
    second = fenced();
    copies();
    overlaps();
    searches();
    strings();
    return check_done();
}
