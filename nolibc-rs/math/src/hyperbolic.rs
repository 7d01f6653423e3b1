//! `sinh`, `cosh`, `tanh`.
//!
//! With e^x = s (1 + even + odd) and e^-x = u (1 + even - odd), where s and u come from the
//! table of powers and even and odd are the halves of the series of e^r,
//! sinh x = d + d even + c odd and cosh x = c + c even + d odd for d = (s - u) / 2 and
//! c = (s + u) / 2. That is Tang's reduction, see [`crate::exp`], run once for both.

use crate::bits::{BIAS, exponent, fast_two_sum};
use crate::exp;

/// From here on the power itself, halved, is both.
const LARGE: f64 = 700.0;

/// Hyperbolic sine and cosine, each in two parts.
struct Pair {
    sine: (f64, f64),
    cosine: (f64, f64),
}

/// For 0 <= x < `LARGE`. Error of each sum: 2^-58 of its first part.
#[inline(always)]
fn pair(x: f64) -> Pair {
    let (k, r) = exp::reduce(x);
    let (up, up_tail) = exp::power(k);
    let (down, down_tail) = exp::power(k.wrapping_neg());
    let (up, down) = (0.5 * up, 0.5 * down);
    let r2 = r * r;
    let even = r2 * (0.5 + r2 * (1.0 / 24.0));
    let odd = r + r * r2 * (1.0 / 6.0 + r2 * (1.0 / 120.0));
    let (d, d_low) = fast_two_sum(up, -down);
    let (c, c_low) = fast_two_sum(up, down);
    let (up_tail, down_tail) = (up * up_tail, down * down_tail);
    Pair {
        sine: (d, c * odd + (d * even + (d_low + (up_tail - down_tail)))),
        cosine: (c, d * odd + (c * even + (c_low + (up_tail + down_tail)))),
    }
}

/// e^x / 2 for x >= `LARGE`, or a NaN.
#[cold]
#[inline(never)]
fn half_exp(x: f64) -> f64 {
    if x < 711.0 {
        exp::halved(x)
    } else {
        x * f64::MAX
    }
}

/// Hyperbolic sine. Error: 0.56 ULP.
pub fn sinh(x: f64) -> f64 {
    let magnitude = x.abs();
    if exponent(x) < BIAS - 3 {
        return if exponent(x) < BIAS - 27 {
            x
        } else {
            sinh_small(x)
        };
    }
    let result = if magnitude < LARGE {
        let (high, low) = pair(magnitude).sine;
        high + low
    } else {
        half_exp(magnitude)
    };
    result.copysign(x)
}

/// |x| < 1/8: Taylor to x^11; the next term is below 2^-68 of the result.
fn sinh_small(x: f64) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let low = 1.0 / 6.0 + x2 * (1.0 / 120.0);
    let high = 1.0 / 5040.0 + x2 * (1.0 / 362880.0) + x4 * (1.0 / 39916800.0);
    x + x * x2 * (low + x4 * high)
}

/// Hyperbolic cosine. Error: 0.52 ULP.
pub fn cosh(x: f64) -> f64 {
    let magnitude = x.abs();
    if magnitude < LARGE {
        let (high, low) = pair(magnitude).cosine;
        high + low
    } else {
        half_exp(magnitude)
    }
}

/// Hyperbolic tangent. Error: 1.02 ULP: the division's and the last addition's.
///
/// (e^2x - 1) / (e^2x + 1), both in two parts.
pub fn tanh(x: f64) -> f64 {
    if exponent(x) < BIAS - 3 {
        return if exponent(x) < BIAS - 27 {
            x
        } else {
            tanh_small(x)
        };
    }
    let magnitude = x.abs();
    let result = if magnitude >= 22.0 {
        // More than 1 - 2^-62.
        1.0 - f64::MIN_POSITIVE
    } else {
        let (k, r) = exp::reduce(magnitude + magnitude);
        let (scale, tail) = exp::power(k);
        let rest = scale * exp::rest(r, tail);
        let (difference, lost) = fast_two_sum(scale, -1.0);
        let (above, above_low) = fast_two_sum(difference, rest + lost);
        let (sum, lost) = fast_two_sum(scale, 1.0);
        let (below, below_low) = fast_two_sum(sum, rest + lost);
        let quotient = above / below;
        quotient + (above_low - quotient * below_low) / below
    };
    result.copysign(x)
}

/// |x| < 1/8: Taylor to x^17; the next term is below 2^-65 of the result.
fn tanh_small(x: f64) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let low = -1.0 / 3.0 + x2 * (2.0 / 15.0);
    let middle = -17.0 / 315.0 + x2 * (62.0 / 2835.0);
    let high = -1382.0 / 155925.0 + x2 * (21844.0 / 6081075.0);
    let highest = -929569.0 / 638512875.0 + x2 * (6404582.0 / 10854718875.0);
    x + x * x2 * (low + x4 * (middle + x4 * (high + x4 * highest)))
}
