//! `exp`, `exp2`, `exp10`, `expm1`.
//!
//! Source: Tang, Table-driven implementation of the exponential function in IEEE
//! floating-point arithmetic, ACM TOMS 15 (1989), and of expm1, TOMS 18 (1992). With
//! n = 128, an argument is split so that the power is 2^(k/n) (1 + q), q = e^r - 1 and
//! |r| <= log(2)/2n. 2^(k/n) comes from a table with what rounding took from it; q is
//! the Taylor polynomial of degree 5, whose remainder r^6/720 is below 0.003 ULP.
//!
//! Error: 0.5 for the last addition, and that of q relative to the result, which is
//! below 2^-8 times three roundings: 0.512 ULP together.

use crate::bits::{BIAS, exponent, fast_two_sum, power_of_two, two_sum};

mod table;

/// Added to a number below 2^51, leaves the nearest integer in the lowest bits.
const SHIFT: f64 = 6755399441055744.0;
/// n / log 2.
const PER_E: f64 = 184.6649652337873;
/// log(2)/n; the first part has 35 bits, so that its product with k is exact.
const STEP_HIGH: f64 = 0.005415212347998022;
const STEP_LOW: f64 = 1.2655086083325438e-13;

/// Below 2^-54, e^x is 1 + x.
const TINY: u64 = BIAS - 54;
/// From 512 on, e^x may have an exponent that is none.
const LARGE: u64 = BIAS + 9;

/// An argument reduced: k in the lowest 19 bits, and r.
#[inline(always)]
pub fn reduce(x: f64) -> (u64, f64) {
    let shifted = x * PER_E + SHIFT;
    let k = shifted - SHIFT;
    (shifted.to_bits(), x - k * STEP_HIGH - k * STEP_LOW)
}

/// 2^(k/n) as a number, and relative to it what that lacks. The exponent wraps.
#[inline(always)]
pub fn power(k: u64) -> (f64, f64) {
    let at = (k & 127) as usize;
    let scale = table::POWERS[at].wrapping_add(k >> 7 << 52);
    let tail = f32::from_bits(table::TAILS[at]);
    (f64::from_bits(scale), tail.into())
}

/// e^r - 1 + tail.
#[inline(always)]
pub fn rest(r: f64, tail: f64) -> f64 {
    let r2 = r * r;
    tail + r + r2 * (0.5 + r * (1.0 / 6.0)) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0))
}

/// e to the power x. Error: 0.512 ULP.
pub fn exp(x: f64) -> f64 {
    let exponent = exponent(x);
    if exponent.wrapping_sub(TINY) >= LARGE - TINY {
        return exp_edge(x, 0.0);
    }
    let (k, r) = reduce(x);
    let (scale, tail) = power(k);
    scale + scale * rest(r, tail)
}

/// e to the power `x + x_low`, for a low part below 2^-20 of x. Error: as [`exp`].
#[inline(always)]
pub fn exp_sum(x: f64, x_low: f64) -> f64 {
    if exponent(x).wrapping_sub(TINY) >= LARGE - TINY {
        return exp_edge(x, x_low);
    }
    let (k, r) = reduce(x);
    let (scale, tail) = power(k);
    scale + scale * rest(r + x_low, tail)
}

/// [`exp_sum`] of what is tiny, large or no number.
#[cold]
#[inline(never)]
fn exp_edge(x: f64, x_low: f64) -> f64 {
    match beyond(x, 710.0, -746.0) {
        Some(result) => result,
        None if exponent(x) < TINY => 1.0 + x,
        None => {
            let (k, r) = reduce(x);
            scaled(k, rest(r + x_low, power(k).1))
        }
    }
}

/// The answer for what is no number, and from where on it is infinite or zero.
#[inline(never)]
fn beyond(x: f64, most: f64, least: f64) -> Option<f64> {
    if x.is_nan() {
        return Some(x + x);
    }
    if x > most {
        return Some(if x.is_infinite() {
            x
        } else {
            f64::MAX * f64::MAX
        });
    }
    if x < least {
        let tiny = f64::MIN_POSITIVE;
        return Some(if x.is_infinite() { 0.0 } else { tiny * tiny });
    }
    None
}

/// 2^(k/n) (1 + q), rounded once, where the exponent may be too large or too small for
/// a number.
#[cold]
#[inline(never)]
fn scaled(k: u64, q: f64) -> f64 {
    // The table's number alone, from 1 to 2, and the exponent with its sign.
    let (scale, _) = power(k & 127);
    let exponent = ((k << 45) as i64) >> 52;
    let (high, low) = fast_two_sum(scale, scale * q);
    if exponent >= 0 {
        return high * power_of_two(exponent - 1) * 2.0;
    }
    // The least normal number in this scale. Added, it puts the last bit where that of
    // a subnormal result is.
    let normal = power_of_two(-1022 - exponent);
    let magnitude = if high < normal {
        let (sum, lost) = fast_two_sum(normal, high);
        sum + (lost + low) - normal
    } else {
        high
    };
    magnitude * power_of_two(exponent + 64) * power_of_two(-64)
}

/// e^x / 2, for x from 1 to 711. Error: 0.512 ULP.
pub fn halved(x: f64) -> f64 {
    let (k, r) = reduce(x);
    scaled(k.wrapping_sub(128), rest(r, power(k).1))
}

/// 2 to the power x. Error: 0.512 ULP; exact for integers.
pub fn exp2(x: f64) -> f64 {
    let exponent = exponent(x);
    if exponent.wrapping_sub(TINY) >= LARGE - TINY {
        return exp2_edge(x);
    }
    let (k, r) = reduce_2(x);
    let (scale, tail) = power(k);
    scale + scale * rest_2(r, tail)
}

#[cold]
fn exp2_edge(x: f64) -> f64 {
    match beyond(x, 1024.0, -1075.1) {
        Some(result) => result,
        None if exponent(x) < TINY => 1.0 + x,
        None => {
            let (k, r) = reduce_2(x);
            scaled(k, rest_2(r, power(k).1))
        }
    }
}

#[inline(always)]
fn reduce_2(x: f64) -> (u64, f64) {
    let shifted = x + SHIFT / 128.0;
    (shifted.to_bits(), x - (shifted - SHIFT / 128.0))
}

/// 2^r - 1 + tail, |r| <= 1/2n: the coefficients are those of e^(r log 2).
#[inline(always)]
fn rest_2(r: f64, tail: f64) -> f64 {
    let r2 = r * r;
    let head = tail + r * core::f64::consts::LN_2;
    let middle = r2 * (0.24022650695910072 + r * 0.05550410866482158);
    head + middle + r2 * r2 * (0.009618129107628477 + r * 0.0013333558146428443)
}

/// 10 to the power x. Error: 0.512 ULP; exact where the power is a number.
pub fn exp10(x: f64) -> f64 {
    if exponent(x).wrapping_sub(TINY - 2) >= BIAS + 8 - (TINY - 2) {
        return exp10_edge(x);
    }
    let (k, r) = reduce_10(x);
    let (scale, tail) = power(k);
    scale + scale * rest_10(r, tail)
}

#[cold]
fn exp10_edge(x: f64) -> f64 {
    match beyond(x, 308.26, -323.7) {
        Some(result) => result,
        None if exponent(x) < TINY => 1.0 + x,
        None => {
            let (k, r) = reduce_10(x);
            scaled(k, rest_10(r, power(k).1))
        }
    }
}

/// As [`reduce`] with log10(2)/n.
#[inline(always)]
fn reduce_10(x: f64) -> (u64, f64) {
    let shifted = x * 425.20679614558236 + SHIFT;
    let k = shifted - SHIFT;
    let r = x - k * 0.0023517968410260437 - k * 9.880939360664394e-14;
    (shifted.to_bits(), r)
}

/// 10^r - 1 + tail.
#[inline(always)]
fn rest_10(r: f64, tail: f64) -> f64 {
    let r2 = r * r;
    let head = tail + r * core::f64::consts::LN_10;
    let middle = r2 * (2.650949055239199 + r * 2.034678592293476);
    head + middle + r2 * r2 * (1.171255148912267 + r * 0.5393829291955814)
}

/// e to the power x, minus 1. Error: 0.59 ULP.
///
/// From 1/16 on, 2^(k/n) - 1 and what its rounding lost, then the rest, which is at
/// most a 22nd of it.
pub fn expm1(x: f64) -> f64 {
    if exponent(x) < BIAS - 4 {
        return if exponent(x) < TINY {
            x
        } else {
            expm1_small(x)
        };
    }
    // Not so for a NaN.
    if !(-40.0..700.0).contains(&x) {
        return expm1_edge(x);
    }
    let (k, r) = reduce(x);
    let (scale, tail) = power(k);
    let (high, low) = two_sum(scale, -1.0);
    high + (scale * rest(r, tail) + low)
}

#[cold]
#[inline(never)]
fn expm1_edge(x: f64) -> f64 {
    if x < 0.0 {
        -1.0 + f64::MIN_POSITIVE
    } else {
        exp_edge(x, 0.0)
    }
}

/// |x| < 1/16: Taylor to x^10; the next term is below 2^-65 of the result.
fn expm1_small(x: f64) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let low = 1.0 / 6.0 + x * (1.0 / 24.0) + x2 * (1.0 / 120.0 + x * (1.0 / 720.0));
    let high = 1.0 / 5040.0 + x * (1.0 / 40320.0) + x2 * (1.0 / 362880.0 + x * (1.0 / 3628800.0));
    x + (x2 * 0.5 + x2 * x * (low + x4 * high))
}
