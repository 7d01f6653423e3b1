/* Results of math.h are, on every machine and processor, the bits that were compared
 * with MPFR: a checksum of 4096 results of each function. Arguments and checksums are
 * made as in nolibc-rs/math/tests/shared/arguments.rs.
 *
 * @flags -fno-builtin -ffp-contract=off
 * @expect ok:
 */
#define _GNU_SOURCE
#define NOLIBC_COMMON_NAMES
#include "check.h"

#include <math.h>
#include <stdint.h>

#define COUNT 4096

static uint64_t state;

static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static double between(double from, double to)
{
    return from + (to - from) * ((double)(next() >> 11) / 9007199254740992.0);
}

static double of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static float of_bits_f(uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static double argument(int index, double from, double to, double from2, double to2)
{
    uint64_t bits;

    switch (index % 4) {
    case 0:
        return between(from, to);
    case 1:
        return between(from2, to2);
    case 2:
        bits = next();
        return of_bits((bits & 0x800fffffffffffff) | (959 + (bits >> 52 & 127)) << 52);
    default:
        return of_bits(next());
    }
}

static float argument_f(int index, double from, double to, double from2, double to2)
{
    uint32_t bits;

    switch (index % 4) {
    case 0:
        return (float)between(from, to);
    case 1:
        return (float)between(from2, to2);
    case 2:
        bits = (uint32_t)next();
        return of_bits_f((bits & 0x807fffff) | (95 + (bits >> 23 & 63)) << 23);
    default:
        return of_bits_f((uint32_t)next());
    }
}

static uint64_t sum;

static void add(uint64_t bits)
{
    sum = ((sum << 5 | sum >> 59) ^ bits) * 0x9e3779b97f4a7c15;
}

static void add_double(double result)
{
    uint64_t bits = 0x7ff8000000000000;

    if (!isnan(result))
        memcpy(&bits, &result, sizeof bits);
    add(bits);
}

static void add_float(float result)
{
    uint32_t bits = 0x7fc00000;

    if (!isnan(result))
        memcpy(&bits, &result, sizeof bits);
    add(bits);
}

static void compare(const char *name, uint64_t want)
{
    check_count++;
    if (sum != want)
        check_fail(__FILE__, __LINE__, name);
    state = sum = 0;
}

#define EVERY for (int i = 0; i < COUNT; i++)
#define D1(f, a, b, c, d, want, more) { EVERY { add_double(f(argument(i, a, b, c, d))); } compare(#f, want); }
#define F1(f, a, b, c, d, want, more) { EVERY { add_float(f(argument_f(i, a, b, c, d))); } compare(#f, want); }
#define D2(f, a, b, c, d, a2, b2, c2, d2, want, more) { EVERY { \
    double x = argument(i, a, b, a2, b2), y = argument(i, c, d, c2, d2); \
    add_double(f(x, y)); } compare(#f, want); }
#define F2(f, a, b, c, d, a2, b2, c2, d2, want, more) { EVERY { \
    float x = argument_f(i, a, b, a2, b2), y = argument_f(i, c, d, c2, d2); \
    add_float(f(x, y)); } compare(#f, want); }
#define D3(f, a, b, c, d, want, more) { EVERY { double x = argument(i, a, b, c, d), \
    y = argument(i, a, b, c, d), z = argument(i, a, b, c, d); \
    add_double(f(x, y, z)); } compare(#f, want); }
#define F3(f, a, b, c, d, want, more) { EVERY { float x = argument_f(i, a, b, c, d), \
    y = argument_f(i, a, b, c, d), z = argument_f(i, a, b, c, d); \
    add_float(f(x, y, z)); } compare(#f, want); }

int main(void)
{
#include "../../../nolibc-rs/math/tests/functions.h"
    return check_done();
}
