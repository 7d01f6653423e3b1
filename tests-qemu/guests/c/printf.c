/* The printf family as C code sees it: arguments of every class and number,
 * registers and stack, results, errors. The digits themselves are compared with
 * glibc's by the library's host tests; here are the cases named in its issues.
 *
 * @flags -fno-builtin -Wno-format
 * @expect through printf: 42 text 2.5
 * @expect to a descriptor: ff
 * @expect ok:
 */
#include "check.h"
#include <fenv.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static char text[6000];

#define CHECK_PRINT(want, ...)                                    \
    do {                                                          \
        CHECK_INT(snprintf(text, sizeof text, __VA_ARGS__), (int)strlen(want)); \
        CHECK_STR(text, want);                                    \
    } while (0)

static int through_list(char *target, size_t len, const char *format, ...)
{
    va_list list, copy;
    int first, second;

    va_start(list, format);
    va_copy(copy, list);
    first = vsnprintf(target, len, format, list);
    second = vsnprintf(target, len, format, copy);
    va_end(copy);
    va_end(list);
    return first == second ? first : -2;
}

static void integers(void)
{
    CHECK_PRINT("-2147483648 4294967295", "%d %u", INT_MIN, UINT_MAX);
    CHECK_PRINT("-9223372036854775808", "%lld", LLONG_MIN);
    CHECK_PRINT("18446744073709551615", "%" PRIuMAX, UINTMAX_MAX);
    CHECK_PRINT("-1 255 -1 65535", "%hhd %hhu %hd %hu", -1, 255, -1, 65535);
    CHECK_PRINT("   +5|5   | 005|0x1f|017", "%+5d|%-4d|%4.3d|%#x|%#o", 5, 5, 5, 31, 15);
    CHECK_PRINT("0b101 0B101 0", "%#b %#B %#b", 5, 5, 0);
    CHECK_PRINT("|    -7|-7    |", "|%*d|%*d|", 6, -7, -6, -7);
    CHECK_PRINT("||", "|%.0d|", 0);
    CHECK_PRINT("18446744073709551615 -1 -1 1", "%zu %td %jd %w16d", SIZE_MAX, (ptrdiff_t)-1,
                (intmax_t)-1, 65537);
    CHECK_PRINT("(nil) 0x1000", "%p %p", (void *)0, (void *)0x1000);
}

static void doubles(void)
{
    CHECK_PRINT("2 2 4 0", "%.0f %.0f %.0f %.0f", 1.5, 2.5, 3.5, 0.5);
    CHECK_PRINT("400403793615594", "%.15g", 400403793615593.5);
    CHECK_PRINT("0.10000000000000001 0.1 1e+22", "%.17g %g %g", 0.1, 0.1, 1e22);
    CHECK_PRINT("4.94066e-324 1.7976931348623157e+308", "%g %.17g", 5e-324, 1.7976931348623157e308);
    CHECK_PRINT("0x1p+0 0x1.999999999999ap-4 0x0.0000000000001p-1022", "%a %a %a", 1.0, 0.1, 5e-324);
    CHECK_PRINT("inf -INF nan", "%f %F %g", HUGE_VAL, -HUGE_VAL, NAN);
    CHECK_PRINT("-0.000000|  +1.50|001.50|1.", "%f|%+7.2f|%06.2f|%#.0f", -0.0, 1.5, 1.5, 1.0);
    CHECK_PRINT("1.000000e+100", "%e", 1e100);
    CHECK_PRINT("3.14159265358979323851 0x8p-3", "%.20Lf %La", 3.14159265358979323846264338328L, 1.0L);
    CHECK_PRINT("1.18973149535723176502e+4932", "%.21Lg", 1.18973149535723176502e4932L);
    /* Ten doubles: eight in registers, two on the stack, among integers. */
    CHECK_PRINT("1 2 3 4 5 6 7 8 9 10 11 12 13 14", "%g %d %g %d %g %d %g %d %g %d %g %d %g %g", 1.0, 2,
                3.0, 4, 5.0, 6, 7.0, 8, 9.0, 10, 11.0, 12, 13.0, 14.0);
    /* A long double is aligned on the stack behind the eighth word. */
    CHECK_PRINT("1 2 3 4 5 6 7 0.5 8", "%d %d %d %d %d %d %d %Lg %d", 1, 2, 3, 4, 5, 6, 7, 0.5L, 8);
    CHECK_INT(snprintf(text, sizeof text, "%.5000f", 5e-324), 5002);
    CHECK_INT(strspn(text + 2, "0"), 323);
    CHECK_INT(strspn(text + 2 + 1074, "0"), 5000 - 1074);
    text[2 + 1074] = '\0';
    CHECK_STR(text + 2 + 1074 - 12, "533447265625");
}

static void rounding(void)
{
    CHECK_INT(fesetround(FE_UPWARD), 0);
    CHECK_PRINT("1.3 -1.2 1e+01", "%.1f %.1f %.0e", 1.21, -1.29, 9.1);
    CHECK_INT(fesetround(FE_DOWNWARD), 0);
    CHECK_PRINT("1.2 -1.3", "%.1f %.1f", 1.29, -1.21);
    CHECK_INT(fesetround(FE_TOWARDZERO), 0);
    CHECK_PRINT("1.2 -1.2 0x1.8p+0", "%.1f %.1f %.1a", 1.29, -1.29, 1.55);
    CHECK_INT(fesetround(FE_TONEAREST), 0);
}

static void texts(void)
{
    char small[4] = "xyz";
    char *made = NULL;
    long count = 0;

    CHECK_PRINT("  abc|abc  |ab|%|c", "%5s|%-5s|%.2s|%%|%c", "abc", "abc", "abc", 'c');
    CHECK_PRINT("(null)  wide w", "%s %ls %lc", (char *)NULL, L" wide", (wint_t)'w');
    CHECK_INT(snprintf(small, sizeof small, "%d", 123456), 6);
    CHECK_STR(small, "123");
    CHECK_INT(snprintf(NULL, 0, "%s", "counted"), 7);
    CHECK_INT(snprintf(text, sizeof text, "12345%ln6", &count), 6);
    CHECK_INT(count, 5);
    CHECK_INT(sprintf(text, "%s-%d", "long", 7), 6);
    CHECK_INT(through_list(text, sizeof text, "%d %.1f %s", 1, 2.0, "three"), 11);
    CHECK_STR(text, "1 2.0 three");
    CHECK_INT(asprintf(&made, "%05d %s", 42, "made"), 10);
    CHECK_STR(made, "00042 made");
    free(made);
    errno = ENOENT;
    CHECK_PRINT("No such file or directory", "%m");
}

static void failures(void)
{
    const char *volatile wrong[] = {"%", "%1$d", "%y", "%hs", "%w7d"};

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_FAILS(snprintf(text, sizeof text, wrong[i], 1), EINVAL);
    CHECK_FAILS(snprintf(text, sizeof text, "%*d%*d", INT_MAX, 1, 1, 1), EOVERFLOW);
    CHECK_FAILS(snprintf(text, sizeof text, "%lc", (wint_t)0x20ac), EILSEQ);
    CHECK_FAILS(dprintf(99, "x"), EBADF);
    CHECK_FAILS(fprintf(stdin, "x"), EBADF);
    CHECK(ferror(stdin));
}

int main(void)
{
    CHECK_INT(printf("through printf: %d %s %g\n", 42, "text", 2.5), 28);
    CHECK_INT(dprintf(1, "to a descriptor: %x\n", 255), 20);
    integers();
    doubles();
    rounding();
    texts();
    failures();
    return check_done();
}
