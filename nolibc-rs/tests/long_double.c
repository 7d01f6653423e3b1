/* The long double functions of csrc/long_double, compiled with the prefix ours_,
 * against glibc's: every pair of special numbers and many random ones, bit by bit,
 * in every rounding mode where that matters. */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define UNARY(X) \
    X(fabsl) X(sqrtl) X(ceill) X(floorl) X(nearbyintl) X(rintl) X(roundl) X(truncl) X(logbl)
#define BINARY(X) \
    X(fmodl) X(remainderl) X(copysignl) X(nextafterl) X(nexttowardl) X(fdiml)
/* C does not say which zero these answer for two zeros. */
#define CHOICE(X) X(fmaxl) X(fminl)

#define DECLARE(name) extern __typeof__(name) ours_##name;
UNARY(DECLARE)
BINARY(DECLARE)
CHOICE(DECLARE)
DECLARE(remquol) DECLARE(frexpl) DECLARE(ldexpl) DECLARE(scalbnl) DECLARE(scalblnl) DECLARE(modfl)
DECLARE(nanl) DECLARE(ilogbl) DECLARE(lrintl) DECLARE(llrintl) DECLARE(lroundl) DECLARE(llroundl)
DECLARE(nexttoward) DECLARE(nexttowardf)

static int failures;

static int same(long double a, long double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, 10) == 0;
}

static void check(const char *name, long double x, long double y, int ok)
{
    if (!ok && ++failures < 20)
        printf("%s(%La, %La) in mode %#x\n", name, x, y, fegetround());
}

static uint64_t state = 88172645463325252u;

static uint64_t noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static long double any(void)
{
    union {
        struct {
            uint64_t significand;
            uint16_t exponent;
        } bits;
        long double value;
    } number = {{noise() | (uint64_t)1 << 63, (uint16_t)noise()}};
    if (noise() % 4 == 0) /* near 1, where fractions are */
        number.bits.exponent = (uint16_t)((number.bits.exponent & 0x8000) | (16380 + noise() % 70));
    if (noise() % 4 == 0)
        number.bits.significand &= ~(uint64_t)0 << (noise() % 64);
    if ((number.bits.exponent & 0x7fff) == 0x7fff)
        number.bits.significand = (uint64_t)1 << 63;
    if ((number.bits.exponent & 0x7fff) == 0) /* subnormal */
        number.bits.significand &= ~((uint64_t)1 << 63);
    else
        number.bits.significand |= (uint64_t)1 << 63;
    return number.value;
}

static void unary(long double x)
{
#define CHECK(name) check(#name, x, 0, same(ours_##name(x), name(x)));
    UNARY(CHECK)
#undef CHECK
    int a = 0, b = 0;
    long double p, q;
    check("frexpl", x, 0, same(ours_frexpl(x, &a), frexpl(x, &b)) && a == b);
    check("modfl", x, 0, same(ours_modfl(x, &p), modfl(x, &q)) && same(p, q));
    check("ilogbl", x, 0, ours_ilogbl(x) == ilogbl(x));
    check("lrintl", x, 0, ours_lrintl(x) == lrintl(x));
    check("llrintl", x, 0, ours_llrintl(x) == llrintl(x));
    if (fabsl(x) < 0x1p62L) {
        check("lroundl", x, 0, ours_lroundl(x) == lroundl(x));
        check("llroundl", x, 0, ours_llroundl(x) == llroundl(x));
    }
    for (int power = -70; power <= 70; power += 7)
        check("scalbnl", x, power, same(ours_scalbnl(x, power), scalbnl(x, power)));
    int far[] = {INT_MIN, -33000, -16500, -16400, 16400, 33000, INT_MAX};
    for (int i = 0; i < 7; i++) {
        check("ldexpl", x, far[i], same(ours_ldexpl(x, far[i]), ldexpl(x, far[i])));
        check("scalblnl", x, far[i], same(ours_scalblnl(x, far[i]), scalblnl(x, far[i])));
    }
}

static void binary(long double x, long double y)
{
    int a = 0, b = 0;
#define CHECK(name) \
    errno = 0; \
    long double theirs_##name = name(x, y); \
    int theirs_errno_##name = errno; \
    errno = 0; \
    check(#name, x, y, same(ours_##name(x, y), theirs_##name)); \
    if (isfinite(theirs_##name) ? errno != 0 : errno != theirs_errno_##name) \
        check("errno of " #name, x, y, 0);
    BINARY(CHECK)
    if (x != 0 || y != 0) {
        CHOICE(CHECK)
    }
    check("remquol", x, y, same(ours_remquol(x, y, &a), remquol(x, y, &b)));
    check("remquol's quotient", x, y, isnan(remquol(x, y, &b)) || ((a - b) & 7) == 0);
    check("remquol's sign", x, y, a == 0 || b == 0 || (a < 0) == (b < 0));
    check("nexttoward", x, y, same(ours_nexttoward((double)x, y), nexttoward((double)x, y)));
    check("nexttowardf", x, y, same(ours_nexttowardf((float)x, y), nexttowardf((float)x, y)));
}

int main(void)
{
    static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    static const long double special[] = {
        0, 0.5L, 1, 1.5L, 2, 2.5L, 3, 0x1p-16382L, 0x1p-16445L, 0x1.fffffffffffffffep-16383L,
        0x1p62L, 0x1p63L, 0x1p64L, 0x1.fffffffffffffffcp62L, 0x1.fffffffffffffffep16383L,
        0x1.fffffep127L, 0x1.fffffffffffffp1023L, 0x1p-149L, 0x1p-1074L, INFINITY, NAN};
    int count = sizeof special / sizeof special[0];
    for (int mode = 0; mode < 4; mode++) {
        fesetround(modes[mode]);
        for (int i = 0; i < 2 * count; i++)
            unary(i < count ? special[i] : -special[i - count]);
        for (int i = 0; i < 20000; i++)
            unary(any());
    }
    fesetround(FE_TONEAREST);
    for (int i = 0; i < 2 * count; i++)
        for (int j = 0; j < 2 * count; j++)
            binary(i < count ? special[i] : -special[i - count],
                   j < count ? special[j] : -special[j - count]);
    for (int i = 0; i < 50000; i++)
        binary(any(), any());
    check("nanl", 0, 0, isnan(ours_nanl("12")));
    printf("%d failures\n", failures);
    return failures != 0;
}
