/* stdlib.h: sorting, searching, integer arithmetic, pseudo-random numbers.
 *
 * @expect ok:
 */
#include "check.h"

#include <limits.h>
#include <stdlib.h>

static int calls;

static int by_int(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;

    calls++;
    return (x > y) - (x < y);
}

static int backwards(const void *a, const void *b, void *argument)
{
    ++*(int *)argument;
    return by_int(b, a);
}

static int always_less(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return -1;
}

struct wide {
    char padding[13];
    short key;
    char tail[6];
};

static int by_key(const void *a, const void *b)
{
    return ((const struct wide *)a)->key - ((const struct wide *)b)->key;
}

static void sorting(void)
{
    static int numbers[5000];
    static struct wide wides[300];
    int count = 5000, own = 0;
    unsigned seed = 3;
    long long sum = 0;

    for (int pattern = 0; pattern < 5; pattern++) {
        long long before = 0;

        for (int i = 0; i < count; i++) {
            numbers[i] = pattern == 0   ? rand_r(&seed)
                         : pattern == 1 ? i
                         : pattern == 2 ? -i
                         : pattern == 3 ? 7
                                        : i % 10;
            before += numbers[i];
        }
        calls = 0;
        qsort(numbers, (size_t)count, sizeof numbers[0], by_int);
        CHECK(calls < 3 * 5000 * 13);
        sum = 0;
        for (int i = 0; i < count; i++)
            sum += numbers[i];
        CHECK_INT(sum, before);
        for (int i = 1; i < count; i++)
            if (numbers[i - 1] > numbers[i])
                CHECK(!"sorted");
    }
    qsort_r(numbers, 100, sizeof numbers[0], backwards, &own);
    CHECK(own > 0 && numbers[0] >= numbers[99]);
    for (int i = 0; i < 300; i++) {
        wides[i].key = (short)(i * 7919 % 1000);
        wides[i].padding[12] = (char)wides[i].key;
        wides[i].tail[5] = (char)~wides[i].key;
    }
    qsort(wides, 300, sizeof wides[0], by_key);
    int whole = 1;
    for (int i = 0; i < 300; i++)
        whole &= wides[i].padding[12] == (char)wides[i].key &&
                 wides[i].tail[5] == (char)~wides[i].key &&
                 (i == 0 || wides[i - 1].key <= wides[i].key);
    CHECK(whole);
    /* A comparison that contradicts itself, no elements, elements of no size. */
    qsort(numbers, 1000, sizeof numbers[0], always_less);
    qsort(numbers, 0, sizeof numbers[0], by_int);
    qsort(numbers, 1, sizeof numbers[0], by_int);
    qsort(numbers, 10, 0, by_int);
}

static void searching(void)
{
    int odd[50], key;

    for (int i = 0; i < 50; i++)
        odd[i] = 2 * i + 1;
    for (key = -1; key < 103; key++) {
        int *found = bsearch(&key, odd, 50, sizeof odd[0], by_int);

        if (key > 0 && key < 100 && key % 2 == 1)
            CHECK(found == &odd[key / 2]);
        else
            CHECK(found == NULL);
    }
    CHECK(bsearch(&key, odd, 0, sizeof odd[0], by_int) == NULL);
}

static void arithmetic(void)
{
    volatile int minus = -17;
    volatile long long big = LLONG_MIN;
    div_t d = div(minus, 5);
    ldiv_t l = ldiv(100L, -7L);
    lldiv_t ll = lldiv(big + 1, 10);

    CHECK_INT(abs(minus), 17);
    CHECK_INT(labs((long)minus), 17);
    CHECK_INT(llabs(big + 1), LLONG_MAX);
    CHECK_INT(d.quot, -3);
    CHECK_INT(d.rem, -2);
    CHECK_INT(l.quot, -14);
    CHECK_INT(l.rem, 2);
    CHECK_INT(ll.quot, -922337203685477580LL);
    CHECK_INT(ll.rem, -7);
}

static void randomness(void)
{
    unsigned short state[3] = {0x330e, 0x5678, 0x1234}, all[7] = {1, 2, 3, 0xe66d, 0xdeec, 5, 11};
    unsigned seed = 1;

    /* The first number of glibc's, which many programs have in their tests. */
    CHECK_INT(rand(), 1804289383);
    srand(42);
    int first = rand();
    srand(42);
    CHECK_INT(rand(), first);
    srandom(1);
    CHECK_INT(random(), 1804289383);
    CHECK_INT(rand_r(&seed), 476707713);
    srand48(0x12345678);
    CHECK_INT(lrand48(), nrand48(state));
    CHECK_INT(mrand48(), jrand48(state));
    CHECK(drand48() == erand48(state));
    unsigned short *before = seed48(all);
    CHECK(before[0] == state[0] && before[1] == state[1] && before[2] == state[2]);
    lcong48(all);
    CHECK(drand48() >= 0 && drand48() < 1);
    CHECK_INT(a64l("/"), 1);
    CHECK_INT(a64l(l64a(123456789)), 123456789);
    CHECK_INT(a64l(l64a(-2)), -2);
    CHECK_STR(l64a(0), "");
}

static void suboptions(void)
{
    char text[] = "ro,size=10,,other=x", *rest = text, *value;
    char *const keys[] = {(char *)"size", (char *)"ro", NULL};

    CHECK_INT(getsubopt(&rest, keys, &value), 1);
    CHECK(value == NULL);
    CHECK_INT(getsubopt(&rest, keys, &value), 0);
    CHECK_STR(value, "10");
    CHECK_INT(getsubopt(&rest, keys, &value), -1);
    CHECK_STR(value, "");
    CHECK_INT(getsubopt(&rest, keys, &value), -1);
    CHECK_STR(value, "other=x");
    CHECK(*rest == 0);
}

int main(void)
{
    suboptions();
    sorting();
    searching();
    arithmetic();
    randomness();
    return check_done();
}
