//! The functions for `float`, by way of those for `double`.
//!
//! A double's error of a ULP or two is 2^-28 of a float's: results are correctly rounded
//! but for arguments whose result lies that near to the middle between two floats.
//! Error: 0.50001 ULP. Overflow and underflow come with the last rounding.

macro_rules! by_double {
    ($($doc:literal $name:ident = $double:path, $($arg:ident),+;)*) => {$(
        #[doc = $doc]
        pub fn $name($($arg: f32),+) -> f32 {
            $double($($arg.into()),+) as f32
        }
    )*};
}

by_double! {
    "e to the power x." expf = crate::exp, x;
    "2 to the power x." exp2f = crate::exp2, x;
    "10 to the power x." exp10f = crate::exp10, x;
    "e to the power x, minus 1." expm1f = crate::expm1, x;
    "The natural logarithm." logf = crate::log, x;
    "The logarithm to base 2." log2f = crate::log2, x;
    "The logarithm to base 10." log10f = crate::log10, x;
    "The natural logarithm of 1 + x." log1pf = crate::log1p, x;
    "x to the power y." powf = crate::pow, x, y;
    "Hyperbolic sine." sinhf = crate::sinh, x;
    "Hyperbolic cosine." coshf = crate::cosh, x;
    "Hyperbolic tangent." tanhf = crate::tanh, x;
    "Inverse hyperbolic sine." asinhf = crate::asinh, x;
    "Inverse hyperbolic cosine." acoshf = crate::acosh, x;
    "Inverse hyperbolic tangent." atanhf = crate::atanh, x;
    "Arc sine." asinf = crate::asin, x;
    "Arc cosine." acosf = crate::acos, x;
    "Arc tangent." atanf = crate::atan, x;
    "Arc tangent of y / x." atan2f = crate::atan2, y, x;
    "Cube root." cbrtf = crate::cbrt, x;
    "Error function." erff = crate::erf, x;
    "1 minus the error function." erfcf = crate::erfc, x;
    "The gamma function." tgammaf = crate::tgamma, x;
    "The remainder of a division that rounds towards zero, exact." fmodf = crate::fmod, x, y;
    "The remainder of a division that rounds to nearest, exact." remainderf = crate::remainder, x, y;
    "Bessel function of the first kind, order 0." j0f = crate::j0, x;
    "Bessel function of the first kind, order 1." j1f = crate::j1, x;
    "Bessel function of the second kind, order 0." y0f = crate::y0, x;
    "Bessel function of the second kind, order 1." y1f = crate::y1, x;
}

/// The square root of x^2 + y^2. The squares are exact, and cannot overflow.
pub fn hypotf(x: f32, y: f32) -> f32 {
    if x.is_infinite() || y.is_infinite() {
        return f32::INFINITY;
    }
    let (x, y) = (f64::from(x), f64::from(y));
    libm::sqrt(x * x + y * y) as f32
}

/// [`crate::remquo`].
pub fn remquof(x: f32, y: f32) -> (f32, i32) {
    let (rest, quotient) = crate::remquo(x.into(), y.into());
    (rest as f32, quotient)
}

/// The logarithm of the absolute value of the gamma function, and the sign of that.
pub fn lgammaf_r(x: f32) -> (f32, i32) {
    let (result, sign) = crate::lgamma_r(x.into());
    (result as f32, sign)
}

/// Bessel function of the first kind.
pub fn jnf(order: i32, x: f32) -> f32 {
    crate::jn(order, x.into()) as f32
}

/// Bessel function of the second kind.
pub fn ynf(order: i32, x: f32) -> f32 {
    crate::yn(order, x.into()) as f32
}
