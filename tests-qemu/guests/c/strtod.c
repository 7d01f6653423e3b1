/* Text to numbers as C code sees it: values, ends, errno, rounding modes.
 *
 * @flags -fno-builtin
 * @expect ok:
 */
#include "check.h"
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#define CHECK_NUMBER(function, text, value, used, code)     \
    do {                                                    \
        const char *start_ = (text);                        \
        char *end_ = NULL;                                  \
        errno = 0;                                          \
        CHECK((function)(start_, &end_) == (value));        \
        CHECK_INT(errno, code);                             \
        CHECK_INT(end_ - start_, used);                     \
    } while (0)

static void doubles(void)
{
    char *end;

    CHECK_NUMBER(strtod, " \t-1.5e3xyz", -1500.0, 8, 0);
    CHECK_NUMBER(strtod, "0x1.8p1", 3.0, 7, 0);
    CHECK_NUMBER(strtod, "1e", 1.0, 1, 0);
    CHECK_NUMBER(strtod, "x", 0.0, 0, 0);
    CHECK_NUMBER(strtod, "  ", 0.0, 0, 0);
    CHECK_NUMBER(strtod, "1e400", HUGE_VAL, 5, ERANGE);
    CHECK_NUMBER(strtod, "-1e400", -HUGE_VAL, 6, ERANGE);
    CHECK_NUMBER(strtod, "1e-400", 0.0, 6, ERANGE);
    CHECK_NUMBER(strtod, "4e-324", 0x1p-1074, 6, ERANGE);
    CHECK_NUMBER(strtod, "9007199254740993", 9007199254740992.0, 16, 0);
    CHECK_NUMBER(strtod, "9007199254740993.00000000000000000001", 9007199254740994.0, 37, 0);
    CHECK_NUMBER(strtod, "infinity!", HUGE_VAL, 8, 0);
    CHECK(isnan(strtod("nan(0)", &end)) && *end == '\0');
    CHECK(signbit(strtod("-0", NULL)));
    CHECK(strtod("1.7976931348623157e308", NULL) == DBL_MAX);
    CHECK(strtod("2.2250738585072014e-308", NULL) == DBL_MIN);
    CHECK_NUMBER(strtof, "16777217", 16777216.0f, 8, 0);
    CHECK_NUMBER(strtof, "16777217.0000001", 16777218.0f, 16, 0);
    CHECK_NUMBER(strtof, "1e39", HUGE_VALF, 4, ERANGE);
    CHECK_NUMBER(strtold, "1.18973149535723176502e4932", LDBL_MAX, 27, 0);
    CHECK_NUMBER(strtold, "3.36210314311209350626e-4932", LDBL_MIN, 28, 0);
    CHECK_NUMBER(strtold, "18446744073709551615.5x", 18446744073709551616.0L, 22, 0);
    CHECK_NUMBER(strtold, "1e5000", HUGE_VALL, 6, ERANGE);
    CHECK(atof("2.5") == 2.5);
}

static void modes(void)
{
    double up, down;

    fesetround(FE_UPWARD);
    up = strtod("0.1", NULL);
    fesetround(FE_DOWNWARD);
    down = strtod("0.1", NULL);
    CHECK(strtod("1e400", NULL) == DBL_MAX);
    fesetround(FE_TONEAREST);
    CHECK(up == 0x1.999999999999ap-4 && down == 0x1.9999999999999p-4);
}

#define CHECK_INTEGER(function, text, base, value, used, code) \
    do {                                                       \
        const char *start_ = (text);                           \
        char *end_ = NULL;                                     \
        errno = 0;                                             \
        CHECK((function)(start_, &end_, base) == (value));     \
        CHECK_INT(errno, code);                                \
        CHECK_INT(end_ - start_, used);                        \
    } while (0)

static void integers(void)
{
    CHECK_INTEGER(strtol, " -42x", 10, -42, 4, 0);
    CHECK_INTEGER(strtol, "0x1fg", 0, 31, 4, 0);
    CHECK_INTEGER(strtol, "0x", 16, 0, 1, 0);
    CHECK_INTEGER(strtol, "010", 0, 8, 3, 0);
    CHECK_INTEGER(strtol, "zz", 36, 1295, 2, 0);
    CHECK_INTEGER(strtol, "9223372036854775808", 10, LONG_MAX, 19, ERANGE);
    CHECK_INTEGER(strtol, "-9223372036854775808", 10, LONG_MIN, 20, 0);
    CHECK_INTEGER(strtol, "-9223372036854775809", 10, LONG_MIN, 20, ERANGE);
    CHECK_INTEGER(strtoul, "-1", 10, ULONG_MAX, 2, 0);
    CHECK_INTEGER(strtoul, "18446744073709551616", 10, ULONG_MAX, 20, ERANGE);
    CHECK_INTEGER(strtoll, "x", 10, 0, 0, 0);
    CHECK_INTEGER(strtoull, "777", 8, 511, 3, 0);
    CHECK_INTEGER(strtoimax, "-5", 10, -5, 2, 0);
    CHECK_INTEGER(strtoumax, "5", 10, 5, 1, 0);
    CHECK_INTEGER(strtol, "5", 1, 0, 0, EINVAL);
    CHECK_INTEGER(strtol, "5", 37, 0, 0, EINVAL);
    CHECK_INT(atoi(" -17 "), -17);
    CHECK_INT(atol("17"), 17);
    CHECK_INT(atoll("18"), 18);
    CHECK_INT(imaxabs(-3), 3);
    CHECK_INT(imaxdiv(17, 5).quot, 3);
    CHECK_INT(imaxdiv(17, 5).rem, 2);
}

int main(void)
{
    doubles();
    modes();
    integers();
    return check_done();
}
