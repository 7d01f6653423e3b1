//! `<math.h>` for `double` and `float`: a table over `nolibc-math`. The functions
//! of `long double` are in `csrc/long_double/`, because stable Rust has no such type.
//!
//! A domain or pole error or an overflow sets `errno` (`math_errhandling` is
//! `MATH_ERRNO`); underflow does not. Accuracy is that of `nolibc-math`: each
//! function's largest error stands in `nolibc-rs/math/mpfr/src/tolerances.rs`.

use core::ffi::{c_char, c_int, c_long, c_longlong};

use super::cstr;
use super::result::set_errno;
use crate::arch::environment::{to_integer, to_integer_f32};
use crate::math::{double, error_of, nan_payload, single};

/// Set `errno` for a result that is not finite, and return it.
#[cold]
#[inline(never)]
fn blame(result: f64, a: f64, b: f64) -> f64 {
    if let Some(error) = error_of(result, a, b) {
        set_errno(error);
    }
    result
}

/// Whether a result is infinite or no number; less code than `is_finite` is.
#[inline(always)]
fn is_special(result: f64) -> bool {
    !(result.to_bits() >> 32) as u32 & 0x7ff0_0000 == 0
}

/// A function with its documentation.
macro_rules! documented {
    ($what:literal, $item:item) => {
        #[doc = $what]
        ///
        /// Source: C11 7.12.
        #[unsafe(no_mangle)]
        $item
    };
}

/// Functions that may fail; the answer is looked at.
macro_rules! checked {
    ($($what:literal $name:ident $single:ident ($($arg:ident),+);)*) => {$(
        documented! { $what, pub extern "C" fn $name($($arg: f64),+) -> f64 {
            let result = nolibc_math::$name($($arg),+);
            if is_special(result) {
                let [a, b] = two([$($arg),+]);
                return blame(result, a, b);
            }
            result
        } }
        documented! { $what, pub extern "C" fn $single($($arg: f32),+) -> f32 {
            let result = nolibc_math::$single($($arg),+);
            if !result.is_finite() {
                let [a, b] = two([$($arg.into()),+]);
                blame(result.into(), a, b);
            }
            result
        } }
    )*};
}

/// One or two arguments as two.
fn two<const N: usize>(arguments: [f64; N]) -> [f64; 2] {
    match arguments.as_slice() {
        [a, b] => [*a, *b],
        [a] => [*a, 0.0],
        _ => [0.0; 2],
    }
}

/// Functions that cannot fail.
macro_rules! plain {
    ($($what:literal $name:ident $single:ident ($($arg:ident),+);)*) => {$(
        documented! { $what, pub extern "C" fn $name($($arg: f64),+) -> f64 {
            nolibc_math::$name($($arg),+)
        } }
        documented! { $what, pub extern "C" fn $single($($arg: f32),+) -> f32 {
            nolibc_math::$single($($arg),+)
        } }
    )*};
}

checked! {
    "Arc cosine." acos acosf (x);
    "Arc sine." asin asinf (x);
    "Cosine." cos cosf (x);
    "Sine." sin sinf (x);
    "Tangent." tan tanf (x);
    "Inverse hyperbolic cosine." acosh acoshf (x);
    "Inverse hyperbolic tangent." atanh atanhf (x);
    "Hyperbolic cosine." cosh coshf (x);
    "Hyperbolic sine." sinh sinhf (x);
    "e to the power x." exp expf (x);
    "2 to the power x." exp2 exp2f (x);
    "10 to the power x (GNU)." exp10 exp10f (x);
    "e to the power x, minus 1." expm1 expm1f (x);
    "Natural logarithm." log logf (x);
    "Logarithm to base 10." log10 log10f (x);
    "Natural logarithm of 1 + x." log1p log1pf (x);
    "Logarithm to base 2." log2 log2f (x);
    "Square root, correctly rounded." sqrt sqrtf (x);
    "The gamma function." tgamma tgammaf (x);
    "x to the power y." pow powf (x, y);
    "The hypotenuse of a right triangle." hypot hypotf (x, y);
    "The remainder of a division that rounds towards zero, exact." fmod fmodf (x, y);
    "The remainder of a division that rounds to nearest, exact." remainder remainderf (x, y);
    "The positive difference." fdim fdimf (x, y);
    "Bessel function of the second kind, order 0 (POSIX)." y0 y0f (x);
    "Bessel function of the second kind, order 1 (POSIX)." y1 y1f (x);
}

plain! {
    "Arc tangent." atan atanf (x);
    "Arc tangent of y / x, in the right quadrant." atan2 atan2f (y, x);
    "Inverse hyperbolic sine." asinh asinhf (x);
    "Hyperbolic tangent." tanh tanhf (x);
    "Cube root." cbrt cbrtf (x);
    "Absolute value." fabs fabsf (x);
    "Error function." erf erff (x);
    "1 minus the error function." erfc erfcf (x);
    "Round up to an integer." ceil ceilf (x);
    "Round down to an integer." floor floorf (x);
    "Round to the nearest integer, halves away from zero." round roundf (x);
    "Round to the nearest integer, halves to the even one (C23)." roundeven roundevenf (x);
    "Round towards zero to an integer." trunc truncf (x);
    "The size of x with the sign of y." copysign copysignf (x, y);
    "The greater of two; a number before a NaN." fmax fmaxf (x, y);
    "The lesser of two; a number before a NaN." fmin fminf (x, y);
    "Bessel function of the first kind, order 0 (POSIX)." j0 j0f (x);
    "Bessel function of the first kind, order 1 (POSIX)." j1 j1f (x);
}

/// What does not fit the tables, once for each precision.
macro_rules! precision {
    ($float:ident, $bits:ident, $module:ident, $to_integer:ident,
        $fma:ident $frexp:ident $ilogb:ident $jn:ident $ldexp:ident $lgamma:ident
        $lgamma_r:ident $llrint:ident $llround:ident $logb:ident $lrint:ident $lround:ident
        $modf:ident $nan:ident $nearbyint:ident $nextafter:ident $remquo:ident $rint:ident $round:ident
        $scalbln:ident $scalbn:ident $sincos:ident $yn:ident) => {
        documented! { "The next number after x in the direction of y.",
        pub extern "C" fn $nextafter(x: $float, y: $float) -> $float {
            let result = nolibc_math::$nextafter(x, y);
            if result.is_infinite() {
                blame(result.into(), x.into(), 0.0);
            }
            result
        } }

        documented! { "x * y + z, rounded once.",
        pub extern "C" fn $fma(x: $float, y: $float, z: $float) -> $float {
            let result = nolibc_math::$fma(x, y, z);
            if !result.is_finite() && z.is_finite() {
                blame(result.into(), x.into(), y.into());
            }
            result
        } }

        /// Split into a fraction from 0.5 to 1 and a power of two.
        ///
        /// Source: C11 7.12.6.4.
        ///
        /// # Safety
        /// `exponent` may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $frexp(x: $float, exponent: *mut c_int) -> $float {
            let (fraction, power) = if x.is_finite() {
                nolibc_math::$frexp(x)
            } else {
                (x, 0)
            };
            // SAFETY: the caller's contract.
            unsafe { *exponent = power };
            fraction
        }

        documented! { "The exponent as an integer.",
        pub extern "C" fn $ilogb(x: $float) -> c_int {
            if x == 0.0 || !x.is_finite() {
                set_errno(crate::Errno::EDOM);
            }
            if x.is_infinite() { c_int::MAX } else { nolibc_math::$ilogb(x) }
        } }

        documented! { "Bessel function of the first kind (POSIX).",
        pub extern "C" fn $jn(order: c_int, x: $float) -> $float {
            nolibc_math::$jn(order, x)
        } }

        documented! { "Bessel function of the second kind (POSIX).",
        pub extern "C" fn $yn(order: c_int, x: $float) -> $float {
            let result = nolibc_math::$yn(order, x);
            if !result.is_finite() {
                blame(result.into(), x.into(), 0.0);
            }
            result
        } }

        documented! { "x times a power of two.",
        pub extern "C" fn $scalbn(x: $float, exponent: c_int) -> $float {
            let result = nolibc_math::$scalbn(x, exponent);
            if !result.is_finite() {
                blame(result.into(), x.into(), 0.0);
            }
            result
        } }

        documented! { "x times a power of two.",
        pub extern "C" fn $ldexp(x: $float, exponent: c_int) -> $float {
            $scalbn(x, exponent)
        } }

        documented! { "x times a power of two.",
        pub extern "C" fn $scalbln(x: $float, exponent: c_long) -> $float {
            $scalbn(x, exponent.clamp(c_int::MIN.into(), c_int::MAX.into()) as c_int)
        } }

        /// The logarithm of the absolute value of the gamma function, and the sign
        /// of that function.
        ///
        /// Source: GNU and BSD.
        ///
        /// # Safety
        /// `sign` may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $lgamma_r(x: $float, sign: *mut c_int) -> $float {
            let (result, its_sign) = nolibc_math::$lgamma_r(x);
            // SAFETY: the caller's contract.
            unsafe { *sign = its_sign };
            if !result.is_finite() {
                blame(result.into(), x.into(), 0.0);
            }
            result
        }

        documented! { "The logarithm of the absolute value of the gamma function, whose
sign goes to `signgam`.",
        pub extern "C" fn $lgamma(x: $float) -> $float {
            // SAFETY: POSIX allows one `signgam` for all threads.
            unsafe { $lgamma_r(x, &raw mut signgam) }
        } }

        documented! { "Round to an integer in the current mode.",
        pub extern "C" fn $rint(x: $float) -> $float {
            $module::rint(x)
        } }

        documented! { "Round to an integer in the current mode, without the inexact flag.",
        pub extern "C" fn $nearbyint(x: $float) -> $float {
            $module::nearbyint(x)
        } }

        documented! { "Round to a `long` in the current mode.",
        pub extern "C" fn $lrint(x: $float) -> c_long {
            $to_integer(x)
        } }

        documented! { "Round to a `long long` in the current mode.",
        pub extern "C" fn $llrint(x: $float) -> c_longlong {
            $to_integer(x)
        } }

        documented! { "Round to the nearest `long`, halves away from zero.",
        pub extern "C" fn $lround(x: $float) -> c_long {
            $to_integer(nolibc_math::$round(x))
        } }

        documented! { "Round to the nearest `long long`, halves away from zero.",
        pub extern "C" fn $llround(x: $float) -> c_longlong {
            $to_integer(nolibc_math::$round(x))
        } }

        documented! { "The exponent as a number.",
        pub extern "C" fn $logb(x: $float) -> $float {
            let result = $module::logb(x);
            if x == 0.0 {
                blame(result.into(), x.into(), 0.0);
            }
            result
        } }

        /// Split into integer and fraction, both with the sign of `x`.
        ///
        /// Source: C11 7.12.6.12.
        ///
        /// # Safety
        /// `integer` may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $modf(x: $float, integer: *mut $float) -> $float {
            let (fraction, whole) = nolibc_math::$modf(x);
            // SAFETY: the caller's contract.
            unsafe { *integer = whole };
            fraction
        }

        /// A quiet NaN with a payload.
        ///
        /// Source: C11 7.12.11.2.
        ///
        /// # Safety
        /// `payload` is a C string.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $nan(payload: *const c_char) -> $float {
            // SAFETY: the caller's contract.
            let text = unsafe { cstr::bytes(payload) }.unwrap_or_default();
            let free = (1 << ($float::MANTISSA_DIGITS - 2)) - 1;
            $float::from_bits($float::NAN.to_bits() | nan_payload(text) as $bits & free)
        }

        /// `remainder`, and the low bits of the quotient with its sign.
        ///
        /// Source: C11 7.12.10.3.
        ///
        /// # Safety
        /// `quotient` may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $remquo(x: $float, y: $float, quotient: *mut c_int) -> $float {
            let (result, low) = nolibc_math::$remquo(x, y);
            // SAFETY: the caller's contract.
            unsafe { *quotient = low };
            if !result.is_finite() {
                blame(result.into(), x.into(), y.into());
            }
            result
        }

        /// Sine and cosine.
        ///
        /// Source: GNU `sincos`.
        ///
        /// # Safety
        /// `sine` and `cosine` may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $sincos(x: $float, sine: *mut $float, cosine: *mut $float) {
            let (s, c) = nolibc_math::$sincos(x);
            if !s.is_finite() {
                blame(s.into(), x.into(), 0.0);
            }
            // SAFETY: the caller's contract.
            unsafe {
                *sine = s;
                *cosine = c;
            }
        }
    };
}

precision!(f64, u64, double, to_integer,
    fma frexp ilogb jn ldexp lgamma lgamma_r llrint llround logb lrint lround modf nan nearbyint nextafter
    remquo rint round scalbln scalbn sincos yn);
precision!(f32, u32, single, to_integer_f32,
    fmaf frexpf ilogbf jnf ldexpf lgammaf lgammaf_r llrintf llroundf logbf lrintf lroundf modff
    nanf nearbyintf nextafterf remquof rintf roundf scalblnf scalbnf sincosf ynf);

/// The sign of the gamma function of the last `lgamma`.
#[unsafe(no_mangle)]
pub static mut signgam: c_int = 0;
