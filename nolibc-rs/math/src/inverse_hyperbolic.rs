//! `asinh`, `acosh`, `atanh`: by their definitions, with a logarithm that takes its
//! argument in two parts.

use crate::bits::{BIAS, exponent, fast_two_sum};
use crate::log;

/// Below, asinh x and atanh x are x.
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

/// Inverse hyperbolic tangent. Error: 0.52 ULP.
///
/// Half of log(1 + x) - log(1 - x), which have opposite signs, so that nothing cancels.
pub fn atanh(x: f64) -> f64 {
    if exponent(x) < TINY {
        return x;
    }
    let magnitude = x.abs();
    if magnitude >= 1.0 {
        return if magnitude == 1.0 {
            x / 0.0
        } else {
            x * 0.0 / 0.0
        };
    }
    let (up, up_low) = log::log1p_sum(x, 0.0);
    let (down, down_low) = log::log1p_sum(-x, 0.0);
    0.5 * (up - down + (up_low - down_low))
}
