/* Floating point is set up as the psABI says, and its state survives calls into
 * the machine: rounding, x87 precision, SSE registers, and AVX ones where the
 * CPU has them.
 *
 * @models
 * @expect ok:
 */
#include "check.h"
#include <cpuid.h>
#include <stdint.h>
#include <time.h>

static uint32_t mxcsr(void)
{
    uint32_t value;

    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static uint16_t control_word(void)
{
    uint16_t value;

    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}

/* Console output and a sleep: what leaves the program on every machine. */
static void leave(void)
{
    struct timespec time = {0, 1000000};

    check_print(".");
    nanosleep(&time, NULL);
}

static volatile double one = 1, three = 3, ten = 10;

static void rounding(void)
{
    double down, up, nearest = one / three;
    uint32_t before = mxcsr(), value;

    value = (before & ~0x6000u) | 0x2000;
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
    leave();
    down = one / three;
    value = (before & ~0x6000u) | 0x4000;
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
    leave();
    up = one / three;
    __asm__ volatile("ldmxcsr %0" : : "m"(before));
    CHECK(down < up);
    CHECK(nearest == down || nearest == up);
}

static void registers(void)
{
    static const uint64_t want[2] = {0x0123456789abcdef, 0xfedcba9876543210};
    uint64_t got[2];

    __asm__ volatile("movups %1, %%xmm15" : : "m"(want), "m"(*want) : "xmm15");
    leave();
    /* A C call may use xmm15, so this proves no more than that the program runs on. */
    __asm__ volatile("movups %1, %%xmm15\n\tmovups %%xmm15, %0"
                     : "=m"(got)
                     : "m"(want)
                     : "xmm15");
    CHECK(memcmp(want, got, sizeof want) == 0);
}

/* Spin with values in all SSE registers, so that a host that switches between
 * programs in the meantime must save them. */
static void spin(void)
{
    double sum = 0;

    for (int i = 1; i <= 3000000; i++)
        sum += one / (double)i / (double)i;
    CHECK(sum > 1.6449337 && sum < 1.6449341);
}

static int has_avx(void)
{
    unsigned a, b, c, d, low, high;

    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_AVX) || !(c & bit_OSXSAVE))
        return 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & 6) == 6;
}

static void __attribute__((target("avx"))) avx(void)
{
    static const uint64_t words[4] = {1, 2, 3, 4};
    uint64_t got[4] = {0};

    __asm__ volatile("vmovups %1, %%ymm7\n\tvaddpd %%ymm7, %%ymm7, %%ymm8\n\tvmovups %%ymm7, %0"
                     : "=m"(got)
                     : "m"(words)
                     : "xmm7", "xmm8");
    CHECK(memcmp(words, got, sizeof got) == 0);
}

int main(void)
{
    long double precise = (long double)one / ten;

    CHECK_INT(mxcsr() & 0xffc0, 0x1f80);
    CHECK_INT(control_word(), 0x37f);
    CHECK(one / three == 0x1.5555555555555p-2);
    CHECK(precise != (long double)(double)precise);
    CHECK(one / (three - three) > 1e300);
    rounding();
    registers();
    spin();
    if (has_avx()) {
        check_print("AVX\n");
        avx();
    }
    CHECK_INT(mxcsr() & 0xffc0, 0x1f80);
    return check_done();
}
