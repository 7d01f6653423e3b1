/* math.h: every function for double and float, and those for long double, called
 * through C; values, errno, macros.
 *
 * The expected values are glibc 2.36's, which are within one unit in the last place
 * of the truth. The accuracy of the functions is measured elsewhere; here a
 * function must be the right one.
 *
 * @models
 * @expect ok:
 */
#define _GNU_SOURCE
#include "check.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#define SLACK 8

static int near(double got, double want)
{
    return got == want ? signbit(got) == signbit(want)
                       : fabs(got - want) <= SLACK * DBL_EPSILON * fabs(want);
}

static int nearf(float got, float want)
{
    return got == want ? signbit(got) == signbit(want)
                       : fabsf(got - want) <= SLACK * FLT_EPSILON * fabsf(want);
}

/* Calls through a pointer, so that the compiler cannot compute the answer itself. */
#define D1(f, x, want) { double (*volatile p)(double) = f; CHECK(near(p(x), want)); }
#define F1(f, x, want) { float (*volatile p)(float) = f; CHECK(nearf(p(x), want)); }
#define D2(f, x, y, want) { double (*volatile p)(double, double) = f; CHECK(near(p(x, y), want)); }
#define F2(f, x, y, want) { float (*volatile p)(float, float) = f; CHECK(nearf(p(x, y), want)); }

static void table(void)
{
    /* clang-format off */
    D1(acos, 0.3, 0x1.441f5ecbeef59p+0)
    F1(acosf, 0.3f, 0x1.441f5ep+0f)
    D1(acos, -0.9, 0x1.586476251e745p+1)
    F1(acosf, -0.9f, 0x1.586476p+1f)
    D1(asin, 0.3, 0x1.380159e14f6ffp-2)
    F1(asinf, 0.3f, 0x1.38015ap-2f)
    D1(asin, -0.99, -0x1.6de3c6f33d51dp+0)
    F1(asinf, -0.99f, -0x1.6de3c8p+0f)
    D1(atan, 0.7, 0x1.38b112d7bd4adp-1)
    F1(atanf, 0.7f, 0x1.38b112p-1f)
    D1(atan, -1000000000.0, -0x1.921fb53ff74e9p+0)
    F1(atanf, -1000000000.0f, -0x1.921fb6p+0f)
    D1(cos, 0.5, 0x1.c1528065b7d5p-1)
    F1(cosf, 0.5f, 0x1.c1528p-1f)
    D1(cos, 1000000.0, 0x1.df9df9906d32cp-1)
    F1(cosf, 1000000.0f, 0x1.df9dfap-1f)
    D1(cos, 3.0, -0x1.fae04be85e5d2p-1)
    F1(cosf, 3.0f, -0x1.fae04cp-1f)
    D1(sin, 0.5, 0x1.eaee8744b05fp-2)
    F1(sinf, 0.5f, 0x1.eaee88p-2f)
    D1(sin, 1000000.0, -0x1.6664b2568d867p-2)
    F1(sinf, 1000000.0f, -0x1.6664b2p-2f)
    D1(sin, 3.0, 0x1.210386db6d55bp-3)
    F1(sinf, 3.0f, 0x1.210386p-3f)
    D1(tan, 0.5, 0x1.17b4f5bf3474ap-1)
    F1(tanf, 0.5f, 0x1.17b4f6p-1f)
    D1(tan, 1.5, 0x1.c33ed50b88777p+3)
    F1(tanf, 1.5f, 0x1.c33ed6p+3f)
    D1(tan, 100.0, -0x1.2ca74d62b5d38p-1)
    F1(tanf, 100.0f, -0x1.2ca74ep-1f)
    D1(acosh, 1.5, 0x1.ecc2caec5160ap-1)
    F1(acoshf, 1.5f, 0x1.ecc2ccp-1f)
    D1(acosh, 1000000000.0, 0x1.56a9a0b23d187p+4)
    F1(acoshf, 1000000000.0f, 0x1.56a9a2p+4f)
    D1(asinh, 0.5, 0x1.ecc2caec5160ap-2)
    F1(asinhf, 0.5f, 0x1.ecc2ccp-2f)
    D1(asinh, -1000000000.0, -0x1.56a9a0b23d187p+4)
    F1(asinhf, -1000000000.0f, -0x1.56a9a2p+4f)
    D1(atanh, 0.5, 0x1.193ea7aad030ap-1)
    F1(atanhf, 0.5f, 0x1.193ea8p-1f)
    D1(atanh, -0.01, -0x1.47b0e059d0597p-7)
    F1(atanhf, -0.01f, -0x1.47b0ep-7f)
    D1(cosh, 0.5, 0x1.20ac1862ae8dp+0)
    F1(coshf, 0.5f, 0x1.20ac18p+0f)
    D1(cosh, 20.0, 0x1.ceb088b68e804p+27)
    F1(coshf, 20.0f, 0x1.ceb088p+27f)
    D1(sinh, 0.5, 0x1.0acd00fe63b97p-1)
    F1(sinhf, 0.5f, 0x1.0acdp-1f)
    D1(sinh, -20.0, -0x1.ceb088b68e804p+27)
    F1(sinhf, -20.0f, -0x1.ceb088p+27f)
    D1(tanh, 0.5, 0x1.d9353d7568af3p-2)
    F1(tanhf, 0.5f, 0x1.d9353ep-2f)
    D1(tanh, -3.0, -0x1.fd77d111a0bp-1)
    F1(tanhf, -3.0f, -0x1.fd77d2p-1f)
    D1(exp, 1.0, 0x1.5bf0a8b145769p+1)
    F1(expf, 1.0f, 0x1.5bf0a8p+1f)
    D1(exp, -20.5, 0x1.57a3afeed00abp-30)
    F1(expf, -20.5f, 0x1.57a3bp-30f)
    D1(exp, 700.0, 0x1.d945df4f8ec8ep+1009)
    D1(exp2, 0.5, 0x1.6a09e667f3bcdp+0)
    F1(exp2f, 0.5f, 0x1.6a09e6p+0f)
    D1(exp2, -30.25, 0x1.ae89f995ad3adp-31)
    F1(exp2f, -30.25f, 0x1.ae89fap-31f)
    D1(exp10, 0.5, 0x1.94c583ada5b53p+1)
    F1(exp10f, 0.5f, 0x1.94c584p+1f)
    D1(exp10, -3.0, 0x1.0624dd2f1a9fcp-10)
    F1(exp10f, -3.0f, 0x1.0624dep-10f)
    D1(expm1, 1e-05, 0x1.4f8bc681cdfb6p-17)
    F1(expm1f, 1e-05f, 0x1.4f8bc6p-17f)
    D1(expm1, 3.0, 0x1.315e5bf6fb106p+4)
    F1(expm1f, 3.0f, 0x1.315e5cp+4f)
    D1(log, 2.0, 0x1.62e42fefa39efp-1)
    F1(logf, 2.0f, 0x1.62e43p-1f)
    D1(log, 1e-300, -0x1.5963447f87fb5p+9)
    D1(log10, 1000.0, 0x1.8p+1)
    F1(log10f, 1000.0f, 0x1.8p+1f)
    D1(log10, 7.0, 0x1.b0b0b0b78cc3fp-1)
    F1(log10f, 7.0f, 0x1.b0b0bp-1f)
    D1(log1p, 1e-09, 0x1.12e0be801f1d9p-30)
    F1(log1pf, 1e-09f, 0x1.12e0bep-30f)
    D1(log1p, 5.0, 0x1.cab0bfa2a2002p+0)
    F1(log1pf, 5.0f, 0x1.cab0cp+0f)
    D1(log2, 8.0, 0x1.8p+1)
    F1(log2f, 8.0f, 0x1.8p+1f)
    D1(log2, 10.0, 0x1.a934f0979a371p+1)
    F1(log2f, 10.0f, 0x1.a934fp+1f)
    D1(logb, 1000.0, 0x1.2p+3)
    F1(logbf, 1000.0f, 0x1.2p+3f)
    D1(logb, 0.1, -0x1p+2)
    F1(logbf, 0.1f, -0x1p+2f)
    D1(cbrt, 27.0, 0x1.8000000000001p+1)
    F1(cbrtf, 27.0f, 0x1.8p+1f)
    D1(cbrt, -2.0, -0x1.428a2f98d728cp+0)
    F1(cbrtf, -2.0f, -0x1.428a3p+0f)
    D1(fabs, -3.5, 0x1.cp+1)
    F1(fabsf, -3.5f, 0x1.cp+1f)
    D1(sqrt, 2.0, 0x1.6a09e667f3bcdp+0)
    F1(sqrtf, 2.0f, 0x1.6a09e6p+0f)
    D1(sqrt, 1e+300, 0x1.38d352e5096afp+498)
    D1(erf, 0.5, 0x1.0a7ef5c18edd2p-1)
    F1(erff, 0.5f, 0x1.0a7ef6p-1f)
    D1(erf, -2.0, -0x1.fd9ae142795e3p-1)
    F1(erff, -2.0f, -0x1.fd9ae2p-1f)
    D1(erfc, 0.5, 0x1.eb02147ce245cp-2)
    F1(erfcf, 0.5f, 0x1.eb0214p-2f)
    D1(erfc, 3.0, 0x1.729df65034229p-16)
    F1(erfcf, 3.0f, 0x1.729df8p-16f)
    D1(lgamma, 0.5, 0x1.250d048e7a1bdp-1)
    F1(lgammaf, 0.5f, 0x1.250d04p-1f)
    D1(lgamma, 10.5, 0x1.be199a0f64393p+3)
    F1(lgammaf, 10.5f, 0x1.be199cp+3f)
    D1(tgamma, 0.5, 0x1.c5bf891b4ef6bp+0)
    F1(tgammaf, 0.5f, 0x1.c5bf88p+0f)
    D1(tgamma, 5.0, 0x1.8p+4)
    F1(tgammaf, 5.0f, 0x1.8p+4f)
    D1(tgamma, -1.5, 0x1.2e7fb0bcdf4f2p+1)
    F1(tgammaf, -1.5f, 0x1.2e7fbp+1f)
    D1(ceil, 1.2, 0x1p+1)
    F1(ceilf, 1.2f, 0x1p+1f)
    D1(ceil, -1.2, -0x1p+0)
    F1(ceilf, -1.2f, -0x1p+0f)
    D1(floor, 1.2, 0x1p+0)
    F1(floorf, 1.2f, 0x1p+0f)
    D1(floor, -1.2, -0x1p+1)
    F1(floorf, -1.2f, -0x1p+1f)
    D1(nearbyint, 2.5, 0x1p+1)
    F1(nearbyintf, 2.5f, 0x1p+1f)
    D1(nearbyint, -1.7, -0x1p+1)
    F1(nearbyintf, -1.7f, -0x1p+1f)
    D1(rint, 3.5, 0x1p+2)
    F1(rintf, 3.5f, 0x1p+2f)
    D1(rint, -1.7, -0x1p+1)
    F1(rintf, -1.7f, -0x1p+1f)
    D1(round, 2.5, 0x1.8p+1)
    F1(roundf, 2.5f, 0x1.8p+1f)
    D1(round, -1.2, -0x1p+0)
    F1(roundf, -1.2f, -0x1p+0f)
    D1(roundeven, 2.5, 0x1p+1)
    F1(roundevenf, 2.5f, 0x1p+1f)
    D1(roundeven, -3.5, -0x1p+2)
    F1(roundevenf, -3.5f, -0x1p+2f)
    D1(trunc, 2.7, 0x1p+1)
    F1(truncf, 2.7f, 0x1p+1f)
    D1(trunc, -2.7, -0x1p+1)
    F1(truncf, -2.7f, -0x1p+1f)
    D1(j0, 1.5, 0x1.060e46ce9651bp-1)
    F1(j0f, 1.5f, 0x1.060e46p-1f)
    D1(j1, 1.5, 0x1.1da9da9d6fc81p-1)
    F1(j1f, 1.5f, 0x1.1da9dap-1f)
    D1(y0, 1.5, 0x1.87a0b0d06836ap-2)
    F1(y0f, 1.5f, 0x1.87a0aep-2f)
    D1(y1, 1.5, -0x1.a6343b92d8b0fp-2)
    F1(y1f, 1.5f, -0x1.a6343ep-2f)
    D2(atan2, 1.0, -2.0, 0x1.56c6e7397f5aep+1)
    F2(atan2f, 1.0f, -2.0f, 0x1.56c6e8p+1f)
    D2(atan2, -1.0, 3.0, -0x1.4978fa3269ee1p-2)
    F2(atan2f, -1.0f, 3.0f, -0x1.4978fap-2f)
    D2(pow, 2.0, 0.5, 0x1.6a09e667f3bcdp+0)
    F2(powf, 2.0f, 0.5f, 0x1.6a09e6p+0f)
    D2(pow, 1.0001, 10000.0, 0x1.5bec34aabbfd3p+1)
    F2(powf, 1.0001f, 10000.0f, 0x1.5bfafcp+1f)
    D2(pow, -2.0, 3.0, -0x1p+3)
    F2(powf, -2.0f, 3.0f, -0x1p+3f)
    D2(hypot, 3.0, 4.0, 0x1.4p+2)
    F2(hypotf, 3.0f, 4.0f, 0x1.4p+2f)
    D2(hypot, 1e+200, 1e+200, 0x1.d8f9811335b57p+664)
    D2(fmod, 10.5, 3.0, 0x1.8p+0)
    F2(fmodf, 10.5f, 3.0f, 0x1.8p+0f)
    D2(fmod, -7.0, 2.5, -0x1p+1)
    F2(fmodf, -7.0f, 2.5f, -0x1p+1f)
    D2(remainder, 10.5, 3.0, -0x1.8p+0)
    F2(remainderf, 10.5f, 3.0f, -0x1.8p+0f)
    D2(remainder, 7.0, 2.0, -0x1p+0)
    F2(remainderf, 7.0f, 2.0f, -0x1p+0f)
    D2(copysign, 3.0, -0.0, -0x1.8p+1)
    F2(copysignf, 3.0f, -0.0f, -0x1.8p+1f)
    D2(nextafter, 1.0, 2.0, 0x1.0000000000001p+0)
    F2(nextafterf, 1.0f, 2.0f, 0x1.000002p+0f)
    D2(nextafter, 0.0, -1.0, -0x0.0000000000001p-1022)
    F2(nextafterf, 0.0f, -1.0f, -0x1p-149f)
    D2(fdim, 3.0, 1.0, 0x1p+1)
    F2(fdimf, 3.0f, 1.0f, 0x1p+1f)
    D2(fdim, 1.0, 3.0, 0x0p+0)
    F2(fdimf, 1.0f, 3.0f, 0x0p+0f)
    D2(fmax, 1.0, 2.0, 0x1p+1)
    F2(fmaxf, 1.0f, 2.0f, 0x1p+1f)
    D2(fmin, 1.0, 2.0, 0x1p+0)
    F2(fminf, 1.0f, 2.0f, 0x1p+0f)
    /* clang-format on */
}

static void others(void)
{
    volatile double x = 10.5;
    volatile float f = 10.5f;
    double whole, s, c;
    float wholef, sf, cf;
    int n;

    CHECK(fma(x, 2.0, 1.0) == 22.0 && fmaf(f, 2.0f, 1.0f) == 22.0f);
    /* One rounding: the product's low bits survive. */
    CHECK(fma(1.0 + DBL_EPSILON * (x / 10.5), 1.0 + DBL_EPSILON, -1.0 - 2 * DBL_EPSILON) ==
          DBL_EPSILON * DBL_EPSILON);
    CHECK(frexp(x, &n) == 0.65625 && n == 4);
    CHECK(frexpf(f, &n) == 0.65625f && n == 4);
    CHECK(frexp(-5e-324, &n) == -0.5 && n == -1073);
    CHECK(isinf(frexp(x * INFINITY, &n)) && frexp(0.0 * x, &n) == 0 && n == 0);
    CHECK(ldexp(x, 3) == 84 && ldexpf(f, 3) == 84);
    CHECK(scalbn(x, -1) == 5.25 && scalbnf(f, -1) == 5.25f);
    CHECK(scalbln(x, 2L) == 42 && scalblnf(f, 2L) == 42);
    CHECK(scalbln(x, LONG_MIN) == 0 && isinf(scalbln(x, LONG_MAX)));
    CHECK(modf(-x, &whole) == -0.5 && whole == -10);
    CHECK(modff(-f, &wholef) == -0.5f && wholef == -10);
    CHECK(signbit(modf(-INFINITY * x, &whole)) && isinf(whole));
    CHECK_INT(ilogb(x), 3);
    CHECK_INT(ilogbf(f), 3);
    CHECK_INT(ilogb(0.0 * x), FP_ILOGB0);
    CHECK_INT(ilogb(NAN * x), FP_ILOGBNAN);
    CHECK_INT(ilogb(INFINITY * x), INT_MAX);
    CHECK_INT(lrint(x), 10);
    CHECK_INT(lrintf(f), 10);
    CHECK_INT(llrint(-x), -10);
    CHECK_INT(llrintf(-f), -10);
    CHECK_INT(lround(x), 11);
    CHECK_INT(lroundf(f), 11);
    CHECK_INT(llround(-x), -11);
    CHECK_INT(llroundf(-f), -11);
    CHECK(remquo(x, 3.0, &n) == -1.5 && (n & 7) == 4);
    CHECK(remquof(-f, 4.0f, &n) == 1.5f && n == -3);
    CHECK(nexttoward(x, 11.0L) > x && nexttowardf(f, 0.0L) < f);
    CHECK(isnan(nan("")) && isnan(nanf("12")) && isnan(nanl("0x7")));
    sincos(x, &s, &c);
    CHECK(s == sin(x) && c == cos(x));
    sincosf(f, &sf, &cf);
    CHECK(sf == sinf(f) && cf == cosf(f));
    CHECK(fabs(jn(2, 1.5) - 0.2320876721) < 1e-9);
    CHECK(fabs(yn(2, 1.5) + 0.9321937597) < 1e-9 && fabsf(jnf(2, 1.5f) - 0.23208767f) < 1e-6f);
    CHECK(fabsf(ynf(2, 1.5f) + 0.93219376f) < 1e-6f);
    CHECK(near(lgamma_r(-0.5, &n), lgamma(-0.5)) && n == -1 && signgam == -1);
    CHECK(nearf(lgammaf_r(0.5f, &n), lgammaf(0.5f)) && n == 1 && signgam == 1);
    CHECK(fmax(NAN * x, x) == x && fmin(x, NAN * x) == x && fmaxf(NAN * f, f) == f);
}

/* The compiler believes that these leave errno alone, or computes them itself. */
static double (*volatile p_sin)(double) = sin;
static double (*volatile p_pow)(double, double) = pow;
static float (*volatile p_powf)(float, float) = powf;
static double (*volatile p_nextafter)(double, double) = nextafter;
static double (*volatile p_fma)(double, double, double) = fma;

#define ERROR(expression, code) (errno = 0, (void)(expression), CHECK_INT(errno, code))

static void errors(void)
{
    volatile double zero = 0, one = 1, big = 1e308, inf = INFINITY, not = NAN;
    volatile float zerof = 0, bigf = 1e38f;
    volatile double r;
    volatile float rf;

    CHECK_INT(math_errhandling, MATH_ERRNO);
    ERROR(r = sqrt(-one), EDOM);
    ERROR(r = log(-one), EDOM);
    ERROR(r = log(zero), ERANGE);
    ERROR(r = log1p(-one), ERANGE);
    ERROR(r = acos(2 * one), EDOM);
    ERROR(r = p_sin(inf), EDOM);
    ERROR(r = fmod(one, zero), EDOM);
    ERROR(r = remainder(inf, one), EDOM);
    ERROR(r = pow(-one, 0.5), EDOM);
    ERROR(r = pow(zero, -one), ERANGE);
    ERROR(r = p_pow(big, 2), ERANGE);
    ERROR(r = exp(1000 * one), ERANGE);
    ERROR(r = cosh(-1000 * one), ERANGE);
    ERROR(r = hypot(big, big * 1.7), ERANGE);
    ERROR(r = ldexp(big, 10), ERANGE);
    ERROR(r = tgamma(-one), EDOM);
    ERROR(r = lgamma(zero), ERANGE);
    ERROR(r = atanh(one), ERANGE);
    ERROR(r = logb(zero), ERANGE);
    ERROR(r = ilogb(zero), EDOM);
    ERROR(r = p_nextafter(DBL_MAX, inf), ERANGE);
    ERROR(r = fdim(big * 1.7, -big * 1.7), ERANGE);
    ERROR(r = p_fma(big, big, one), ERANGE);
    ERROR(r = p_fma(inf, zero, one), EDOM);
    ERROR(r = y0(zero), ERANGE);
    ERROR(rf = sqrtf(-1 - zerof), EDOM);
    ERROR(rf = logf(zerof), ERANGE);
    ERROR(rf = expf(bigf), ERANGE);
    ERROR(rf = p_powf(bigf, 2), ERANGE);
    /* No error: what went in was no number, or was infinite. */
    ERROR(r = exp(inf), 0);
    ERROR(r = exp(-inf), 0);
    ERROR(r = sqrt(not), 0);
    ERROR(r = pow(not, 2), 0);
    ERROR(r = pow(not, 0), 0);
    ERROR(r = log(inf), 0);
    ERROR(r = hypot(inf, not), 0);
    ERROR(r = fmod(not, zero), 0);
    ERROR(r = ldexp(inf, 3), 0);
    ERROR(r = logb(inf), 0);
    CHECK(pow(not, 0) == 1 && isinf(hypot(inf, not)) && atan2(-zero, -one) < -3.14);
    (void)r;
    (void)rf;
}

static void long_doubles(void)
{
    volatile long double x = -10.5L, max = LDBL_MAX;
    long double whole;
    int n;

    CHECK(fabsl(x) == 10.5L && sqrtl(-x * 10.5L) == 10.5L);
    CHECK(ceill(x) == -10 && floorl(x) == -11 && truncl(x) == -10 && roundl(x) == -11);
    CHECK(rintl(x) == -10 && nearbyintl(x) == -10 && logbl(x) == 3);
    CHECK(fmodl(x, 3) == -1.5L && remainderl(x, 3) == 1.5L && remquol(x, 3, &n) == 1.5L);
    CHECK_INT(n & 7, -4 & 7);
    CHECK(copysignl(1, x) == -1 && fdiml(3, x) == 13.5L && fmaxl(x, 1) == 1 && fminl(x, 1) == x);
    CHECK(nextafterl(1, 2) == 1 + LDBL_EPSILON && nexttowardl(1, 2) == 1 + LDBL_EPSILON);
    CHECK(frexpl(x, &n) == -0.65625L && n == 4);
    CHECK(ldexpl(x, 1) == -21 && scalbnl(x, 1) == -21 && scalblnl(x, 1L) == -21);
    CHECK(modfl(x, &whole) == -0.5L && whole == -10);
    CHECK_INT(ilogbl(x), 3);
    CHECK_INT(lrintl(x), -10);
    CHECK_INT(llrintl(x), -10);
    CHECK_INT(lroundl(x), -11);
    CHECK_INT(llroundl(x), -11);
    ERROR(whole = sqrtl(x), EDOM);
    ERROR(whole = fmodl(x, 0), EDOM);
    ERROR(whole = ldexpl(max, 1), ERANGE);
    ERROR(whole = nextafterl(max, INFINITY), ERANGE);
    ERROR(whole = logbl(0 * x), ERANGE);
    (void)whole;
}

static void macros(void)
{
    volatile double values[] = {1, 0, 5e-324, INFINITY, NAN, -1};
    static const int classes[] = {FP_NORMAL, FP_ZERO, FP_SUBNORMAL, FP_INFINITE, FP_NAN, FP_NORMAL};

    for (int i = 0; i < 6; i++) {
        double v = values[i];

        CHECK_INT(fpclassify(v), classes[i]);
        CHECK_INT(!!isfinite(v), classes[i] != FP_INFINITE && classes[i] != FP_NAN);
        CHECK_INT(!!isinf(v), classes[i] == FP_INFINITE);
        CHECK_INT(!!isnan(v), classes[i] == FP_NAN);
        CHECK_INT(!!isnormal(v), classes[i] == FP_NORMAL);
        CHECK_INT(!!isunordered(v, 1.0), classes[i] == FP_NAN);
        CHECK_INT(fpclassify((long double)v), v == 5e-324 ? FP_NORMAL : classes[i]);
    }
    CHECK(signbit(values[5]) && !signbit(values[0]) && signbit(-0.0f) && signbit(-0.0L));
    CHECK(isgreater(values[0], values[1]) && !isgreater(values[4], values[1]));
    CHECK(isless(values[1], values[0]) && islessequal(values[0], values[0]));
    CHECK(isgreaterequal(values[0], values[0]) && islessgreater(values[0], values[1]));
    CHECK(HUGE_VAL == INFINITY && HUGE_VALF == INFINITY && HUGE_VALL == INFINITY);
    CHECK(sizeof(float_t) == 4 && sizeof(double_t) == 8);
}

int main(void)
{
    table();
    others();
    errors();
    long_doubles();
    macros();
    return check_done();
}
