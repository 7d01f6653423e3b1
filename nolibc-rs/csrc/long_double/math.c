/* <math.h> for long double, the 80-bit format of the x87, which stable Rust cannot
 * pass or return.
 *
 * Every result here is exact or correctly rounded: roundings and remainders are
 * the x87's own, which are exact; the rest is work on the bits. What is not here is
 * not declared either: the x87's sine, exponential and logarithm are not accurate
 * enough to be passed off as C's. */
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>

/* The members of the format: a sign, 15 bits of exponent with a bias of 16383, and
 * 64 bits of significand, the highest of which is explicit. */
union parts {
    long double value;
    struct {
        uint64_t significand;
        uint16_t sign_exponent;
    } bits;
};

#define BIAS 16383
#define EXPONENT_MASK 0x7fff
/* From this power of two on every number is an integer. */
#define WHOLE 0x1p63L

static int biased_exponent(long double x)
{
    union parts parts = {x};
    return parts.bits.sign_exponent & EXPONENT_MASK;
}

static long double range_error(long double result)
{
    errno = ERANGE;
    return result;
}

static long double domain_error(void)
{
    errno = EDOM;
    return __builtin_nanl("");
}

long double fabsl(long double x)
{
    return __builtin_fabsl(x);
}

long double copysignl(long double x, long double y)
{
    return __builtin_copysignl(x, y);
}

long double sqrtl(long double x)
{
    if (x < 0)
        return domain_error();
    __asm__("fsqrt" : "+t"(x));
    return x;
}

long double fmaxl(long double x, long double y)
{
    if (isnan(x) || isnan(y))
        return isnan(x) ? y : x;
    if (x == y)
        return signbit(x) ? y : x;
    return x > y ? x : y;
}

long double fminl(long double x, long double y)
{
    if (isnan(x) || isnan(y))
        return isnan(x) ? y : x;
    if (x == y)
        return signbit(x) ? x : y;
    return x < y ? x : y;
}

long double fdiml(long double x, long double y)
{
    if (isnan(x) || isnan(y))
        return x + y;
    if (x <= y)
        return 0;
    long double difference = x - y;
    return isinf(difference) && isfinite(x) && isfinite(y) ? range_error(difference) : difference;
}

/* Rounding. frndint obeys the rounding mode in the control word. */

long double rintl(long double x)
{
    __asm__("frndint" : "+t"(x));
    return x;
}

static unsigned short control_word(void)
{
    unsigned short word;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

static long double rint_in(long double x, unsigned short mode)
{
    unsigned short old = control_word();
    unsigned short changed = (unsigned short)((old & ~0xc00) | mode);
    __asm__ volatile("fldcw %2\n\tfrndint\n\tfldcw %1" : "+t"(x) : "m"(old), "m"(changed));
    return x;
}

long double nearbyintl(long double x)
{
    unsigned short before, after;
    __asm__ volatile("fnstsw %0" : "=a"(before));
    __asm__ volatile("frndint" : "+t"(x));
    __asm__ volatile("fnstsw %0" : "=a"(after));
    if ((after & ~before & 0x20) != 0) {
        /* Only the inexact flag is new: take it back. */
        uint32_t environment[7];
        __asm__ volatile("fnstenv %0" : "=m"(environment));
        environment[1] &= ~UINT32_C(0x20);
        __asm__ volatile("fldenv %0" : : "m"(environment));
    }
    return x;
}

long double floorl(long double x)
{
    return rint_in(x, 0x400);
}

long double ceill(long double x)
{
    return rint_in(x, 0x800);
}

long double truncl(long double x)
{
    return rint_in(x, 0xc00);
}

long double roundl(long double x)
{
    long double whole = truncl(x);
    if (fabsl(x - whole) >= 0.5L)
        whole += copysignl(1, x);
    return copysignl(whole, x);
}

long long llrintl(long double x)
{
    long long integer;
    __asm__ volatile("fistpll %0" : "=m"(integer) : "t"(x) : "st");
    return integer;
}

long lrintl(long double x)
{
    return llrintl(x);
}

long long llroundl(long double x)
{
    return llrintl(roundl(x));
}

long lroundl(long double x)
{
    return llrintl(roundl(x));
}

long double modfl(long double x, long double *integer)
{
    long double whole = truncl(x);
    *integer = whole;
    return copysignl(isinf(x) ? 0 : x - whole, x);
}

/* Powers of two. */

long double frexpl(long double x, int *exponent)
{
    union parts parts = {x};
    *exponent = 0;
    if (x == 0 || !isfinite(x))
        return x;
    if (biased_exponent(x) == 0) {
        /* Subnormal. */
        parts.value = x * 0x1p64L;
        *exponent = -64;
    }
    *exponent += biased_exponent(parts.value) - (BIAS - 1);
    parts.bits.sign_exponent = (uint16_t)((parts.bits.sign_exponent & 0x8000) | (BIAS - 1));
    return parts.value;
}

long double scalbnl(long double x, int exponent)
{
    long double result;
    long double power = exponent;
    /* fscale rounds once, also to a subnormal. */
    __asm__("fscale" : "=t"(result) : "0"(x), "u"(power));
    return isinf(result) && !isinf(x) ? range_error(result) : result;
}

long double ldexpl(long double x, int exponent)
{
    return scalbnl(x, exponent);
}

long double scalblnl(long double x, long exponent)
{
    if (exponent > INT_MAX)
        exponent = INT_MAX;
    if (exponent < INT_MIN)
        exponent = INT_MIN;
    return scalbnl(x, (int)exponent);
}

int ilogbl(long double x)
{
    int exponent;
    if (x == 0 || !isfinite(x)) {
        errno = EDOM;
        return isinf(x) ? INT_MAX : FP_ILOGB0;
    }
    frexpl(x, &exponent);
    return exponent - 1;
}

long double logbl(long double x)
{
    if (x == 0)
        return range_error(-HUGE_VALL);
    if (!isfinite(x))
        return x * x;
    return ilogbl(x);
}

/* Remainders. fprem takes off a part and says whether there is more; it is exact.
 * fprem1 is not used, because QEMU 7.2 reports its quotient wrongly. */

#define MORE 0x0400

static long double reduce(long double x, long double y)
{
    unsigned short status;
    do
        __asm__ volatile("fprem\n\tfnstsw %1" : "+t"(x), "=a"(status) : "u"(y));
    while (status & MORE);
    return x;
}

long double fmodl(long double x, long double y)
{
    if (isnan(x) || isnan(y))
        return x + y;
    if (isinf(x) || y == 0)
        return domain_error();
    return reduce(x, y);
}

/* How twice a compares with b, where a is less than b. Doubling a small number and
 * halving a large one are exact. */
static int compare_twice(long double a, long double b)
{
    if (b < 1)
        a *= 2;
    else
        b /= 2;
    return (a > b) - (a < b);
}

long double remquol(long double x, long double y, int *quotient)
{
    long double left = fabsl(x), unit = fabsl(y);
    int low = 0;
    *quotient = 0;
    if (isnan(x) || isnan(y))
        return x + y;
    if (isinf(x) || y == 0)
        return domain_error();
    if (isinf(y))
        return x;
    /* Only three bits of the quotient are asked for. Each difference is exact,
     * because its terms are within a factor of two of each other. */
    if (unit <= LDBL_MAX / 8)
        left = reduce(left, 8 * unit);
    for (int bit = 4; bit > 0; bit /= 2) {
        if (unit <= LDBL_MAX / bit && left >= bit * unit) {
            left -= bit * unit;
            low += bit;
        }
    }
    int order = compare_twice(left, unit);
    if (order > 0 || (order == 0 && low % 2 == 1)) {
        left -= unit;
        low++;
    }
    low &= 7;
    *quotient = signbit(x) == signbit(y) ? low : -low;
    return signbit(x) ? -left : left;
}

long double remainderl(long double x, long double y)
{
    int quotient;
    return remquol(x, y, &quotient);
}

/* The next number. */

long double nextafterl(long double x, long double y)
{
    union parts parts = {x};
    if (isnan(x) || isnan(y))
        return x + y;
    if (x == y)
        return y;
    if (x == 0) {
        parts.bits.significand = 1;
        parts.bits.sign_exponent = signbit(y) ? 0x8000 : 0;
        return parts.value;
    }
    if ((x < y) == (x > 0)) {
        /* Away from zero. The highest bit of the significand is explicit. */
        if (++parts.bits.significand == 0) {
            parts.bits.significand = UINT64_C(1) << 63;
            parts.bits.sign_exponent++;
        } else if (parts.bits.significand == UINT64_C(1) << 63 && biased_exponent(x) == 0) {
            parts.bits.sign_exponent++;
        }
    } else if (biased_exponent(x) == EXPONENT_MASK) {
        /* Down from infinity. */
        parts.bits.significand = UINT64_MAX;
        parts.bits.sign_exponent--;
    } else {
        if (parts.bits.significand-- == UINT64_C(1) << 63 && biased_exponent(x) != 0) {
            parts.bits.sign_exponent--;
            if (biased_exponent(parts.value) != 0)
                parts.bits.significand = UINT64_MAX;
        }
    }
    if (isinf(parts.value) && !isinf(x))
        return range_error(parts.value);
    return parts.value;
}

long double nexttowardl(long double x, long double y)
{
    return nextafterl(x, y);
}

double nexttoward(double x, long double y)
{
    if (isnan(x) || isnan(y))
        return x + (double)y;
    if (x == y)
        return (double)y;
    return nextafter(x, y > x ? HUGE_VAL : -HUGE_VAL);
}

float nexttowardf(float x, long double y)
{
    if (isnan(x) || isnan(y))
        return x + (float)y;
    if (x == y)
        return (float)y;
    return nextafterf(x, y > x ? HUGE_VALF : -HUGE_VALF);
}

long double nanl(const char *payload)
{
    union parts parts = {__builtin_nanl("")};
    union {
        double value;
        uint64_t bits;
    } number = {nan(payload)};
    /* The same payload, at the low end of the wider significand. */
    parts.bits.significand |= number.bits & ((UINT64_C(1) << 51) - 1);
    return parts.value;
}
