//! `pow`.
//!
//! x^y = e^(y log x), with the logarithm to 68 bits and the product in two parts. The
//! logarithm's error counts up to 745 fold: 0.02 ULP.

use crate::bits::{BIAS, INFINITY, SIGN, exponent, upper_half};
use crate::{exp, log};

/// Whether a number is an odd integer.
fn is_odd(y: f64) -> bool {
    let magnitude = y.abs();
    // From 2^53 on all are even.
    magnitude < 9007199254740992.0
        && magnitude as u64 as f64 == magnitude
        && magnitude as u64 & 1 == 1
}

fn is_integer(y: f64) -> bool {
    let magnitude = y.abs();
    magnitude >= 4503599627370496.0 || magnitude as u64 as f64 == magnitude
}

/// x to the power y. Error: 0.52 ULP.
///
/// Special values: C11 F.10.4.4.
pub fn pow(x: f64, y: f64) -> f64 {
    let mut bits = x.to_bits();
    // A positive normal x, and a y whose exponent is from -65 to 62.
    let mut sign = 0;
    let usual = bits.wrapping_sub(1 << 52) < INFINITY - (1 << 52)
        && exponent(y).wrapping_sub(BIAS - 65) < 65 + 63;
    if !usual {
        match unusual(x, y) {
            Ok(found) => (bits, sign) = found,
            Err(answer) => return answer,
        }
    }
    let (log_high, log_low) = log::precise(bits);
    let y_high = upper_half(y);
    let log_upper = upper_half(log_high);
    let log_rest = log_high - log_upper + log_low;
    let high = y_high * log_upper;
    let low = (y - y_high) * log_upper + y * log_rest;
    f64::from_bits(exp::exp_sum(high, low).to_bits() | sign)
}

/// Where the answer is not e^(y log x): that answer, else the bits of |x| as those
/// of a normal number and the sign of the result.
#[cold]
#[inline(never)]
fn unusual(x: f64, y: f64) -> Result<(u64, u64), f64> {
    if y == 0.0 || x == 1.0 {
        return Err(1.0);
    }
    if x.is_nan() || y.is_nan() {
        return Err(x + y);
    }
    let magnitude = x.abs();
    let sign = if x.is_sign_negative() && is_odd(y) {
        SIGN
    } else {
        0
    };
    let grows = (magnitude > 1.0) == (y > 0.0);
    if y.is_infinite() {
        return Err(if magnitude == 1.0 {
            1.0
        } else if grows {
            f64::INFINITY
        } else {
            0.0
        });
    }
    if x == 0.0 || x.is_infinite() {
        let limit = if !grows {
            0.0
        } else if x == 0.0 {
            1.0 / magnitude
        } else {
            f64::INFINITY
        };
        return Err(f64::from_bits(limit.to_bits() | sign));
    }
    if x < 0.0 && !is_integer(y) {
        return Err(x * 0.0 / 0.0);
    }
    if magnitude == 1.0 {
        return Err(f64::from_bits(1f64.to_bits() | sign));
    }
    if exponent(y) < BIAS - 65 {
        return Err(1.0 + y);
    }
    if exponent(y) >= BIAS + 63 {
        let extreme = if grows { f64::MAX } else { f64::MIN_POSITIVE };
        return Err(extreme * extreme);
    }
    let bits = magnitude.to_bits();
    Ok((
        if exponent(x) == 0 {
            log::normal_bits(magnitude)
        } else {
            bits
        },
        sign,
    ))
}
