/* fenv.h: rounding modes, flags and whole environments, of SSE and of x87.
 *
 * @models
 * @expect ok:
 */
#include "check.h"

#include <fenv.h>
#include <math.h>

static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};

static void rounding(void)
{
    /* 1/3 and -1/3 in each mode, in the last place. */
    volatile double one = 1, three = 3;
    volatile long double lone = 1, lthree = 3;

    CHECK_INT(fegetround(), FE_TONEAREST);
    for (int i = 0; i < 4; i++) {
        CHECK_INT(fesetround(modes[i]), 0);
        CHECK_INT(fegetround(), modes[i]);
        double third = one / three;
        long double lthird = lone / lthree;
        CHECK_INT(third * 0x1p54 == 0x15555555555556p0, modes[i] == FE_UPWARD);
        CHECK_INT(lthird > 0xaaaaaaaaaaaaaaaap-65L, modes[i] == FE_UPWARD || i == 0);
        CHECK_INT(lrint(2.5 + 0 * one), modes[i] == FE_UPWARD ? 3 : 2);
        CHECK_INT(lrint(-2.5 * one), modes[i] == FE_DOWNWARD ? -3 : -2);
        CHECK(rint(1.25 * one) == (modes[i] == FE_UPWARD ? 2 : 1));
        CHECK(nearbyintf(1.25f * (float)one) == (modes[i] == FE_UPWARD ? 2 : 1));
        CHECK(rintl(1.25L * lone) == (modes[i] == FE_UPWARD ? 2 : 1));
    }
    CHECK(fesetround(12345) != 0);
    CHECK_INT(fegetround(), FE_TOWARDZERO);
    fesetround(FE_TONEAREST);
}

static void flags(void)
{
    volatile double zero = 0, one = 1, huge = 1e308, tiny = 1e-308;
    volatile double result;
    volatile long double lresult;
    fexcept_t saved;

    feclearexcept(FE_ALL_EXCEPT);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), 0);
    result = one / zero;
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO);
    result = zero / zero;
    CHECK_INT(fetestexcept(FE_INVALID), FE_INVALID);
    result = huge * huge;
    CHECK_INT(fetestexcept(FE_OVERFLOW | FE_INEXACT), FE_OVERFLOW | FE_INEXACT);
    feclearexcept(FE_OVERFLOW);
    CHECK_INT(fetestexcept(FE_OVERFLOW), 0);
    CHECK_INT(fetestexcept(FE_INEXACT), FE_INEXACT);
    result = tiny * tiny;
    CHECK_INT(fetestexcept(FE_UNDERFLOW), FE_UNDERFLOW);
    feclearexcept(FE_ALL_EXCEPT);
    lresult = (long double)one / zero;
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO);
    fegetexceptflag(&saved, FE_ALL_EXCEPT);
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(FE_INVALID);
    fesetexceptflag(&saved, FE_DIVBYZERO);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_INVALID | FE_DIVBYZERO);
    fesetexceptflag(&saved, FE_ALL_EXCEPT);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO);
    feclearexcept(FE_ALL_EXCEPT);
    (void)result;
    (void)lresult;
}

static void environments(void)
{
    fenv_t saved, held;

    fesetround(FE_UPWARD);
    feraiseexcept(FE_UNDERFLOW);
    CHECK_INT(fegetenv(&saved), 0);
    CHECK_INT(feholdexcept(&held), 0);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), 0);
    CHECK_INT(fegetround(), FE_UPWARD);
    feraiseexcept(FE_INVALID);
    CHECK_INT(feupdateenv(&held), 0);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_INVALID | FE_UNDERFLOW);
    CHECK_INT(fesetenv(FE_DFL_ENV), 0);
    CHECK_INT(fegetround(), FE_TONEAREST);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), 0);
    CHECK_INT(fesetenv(&saved), 0);
    CHECK_INT(fegetround(), FE_UPWARD);
    CHECK_INT(fetestexcept(FE_ALL_EXCEPT), FE_UNDERFLOW);
    fesetenv(FE_DFL_ENV);
}

int main(void)
{
    rounding();
    flags();
    environments();
    return check_done();
}
