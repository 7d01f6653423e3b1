//! `asinh`, `acosh`, `atanh`: by their definitions, with a logarithm that takes its
//! argument in two parts.

use crate::bits::{BIAS, exponent, fast_two_sum};
use crate::log;

/// Below, asinh x is x.
const TINY: u64 = BIAS - 28;
/// From here on 1 is nothing beside x^2.
const LARGE: f64 = (1u64 << 60) as f64;

/// The natural logarithm of 2x, for x >= 1 or a NaN, also where 2x is no number.
#[cold]
#[inline(never)]
fn log_of_double(x: f64) -> f64 {
    if !x.is_finite() {
        return x + x;
    }
    let (high, low) = log::two_parts(x.to_bits() + (1 << 52));
    high + low
}

/// Inverse hyperbolic sine. Error: 1.1 ULP.
///
/// log(x + s) with s = sqrt(x^2 + 1). Below 2 that is log(1 + x + (s - 1)), where
/// s - 1 = x^2 / (1 + s) does not cancel.
pub fn asinh(x: f64) -> f64 {
    let magnitude = x.abs();
    if exponent(x) < TINY {
        return x;
    }
    let square = magnitude * magnitude;
    let root = libm::sqrt(square + 1.0);
    let result = if magnitude < 2.0 {
        let (high, low) = fast_two_sum(magnitude, square / (1.0 + root));
        let (high, low) = log::log1p_sum(high, low);
        high + low
    } else if magnitude < LARGE {
        let (high, low) = fast_two_sum(root, magnitude);
        let (high, low) = log::sum(high, low);
        high + low
    } else {
        log_of_double(magnitude)
    };
    result.copysign(x)
}

/// Inverse hyperbolic cosine. Error: 1.4 ULP.
///
/// log(x + s) with s = sqrt(x^2 - 1), below 2 as log(1 + t + s) with t = x - 1, exact, and
/// s = sqrt(2t + t^2).
pub fn acosh(x: f64) -> f64 {
    if x < 2.0 {
        let t = x - 1.0;
        if t <= 0.0 {
            return if t == 0.0 { 0.0 } else { t / 0.0 * 0.0 };
        }
        let (high, low) = fast_two_sum(libm::sqrt(t + t + t * t), t);
        let (high, low) = log::log1p_sum(high, low);
        high + low
    } else if x < LARGE {
        let (high, low) = fast_two_sum(x, libm::sqrt(x * x - 1.0));
        let (high, low) = log::sum(high, low);
        high + low
    } else {
        log_of_double(x)
    }
}

/// atanh x = x + x^3 of these powers of x^2 with an error of 2^-56 of it, where |x| < 1/8
/// (Chebyshev).
const SMALL: [f64; 6] = [
    0.3333333333333328,
    0.20000000000227505,
    0.14285714116012183,
    0.11111157356123946,
    0.09085223469122927,
    0.08013059813096199,
];

/// Inverse hyperbolic tangent. Error: 0.6 ULP.
///
/// A polynomial, and from 1/8 on half of log(1 + x) - log(1 - x), which have opposite
/// signs, so that nothing cancels.
#[inline]
pub fn atanh(x: f64) -> f64 {
    let exponent = exponent(x);
    if exponent < BIAS - 3 {
        let z = x * x;
        let z2 = z * z;
        let high = SMALL[2] + z * SMALL[3] + z2 * (SMALL[4] + z * SMALL[5]);
        return x + x * z * (SMALL[0] + z * SMALL[1] + z2 * high);
    }
    if exponent >= BIAS {
        return atanh_edge(x);
    }
    let (up, up_low) = fast_two_sum(1.0, x);
    let (down, down_low) = fast_two_sum(1.0, -x);
    0.5 * log::of_quotient((up, up_low), (down, down_low))
}

#[cold]
#[inline(never)]
fn atanh_edge(x: f64) -> f64 {
    if x.abs() == 1.0 {
        x / 0.0
    } else {
        x * 0.0 / 0.0
    }
}
