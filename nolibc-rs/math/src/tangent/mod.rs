//! `tan`, by a table of short fractions.

use crate::bits::{BIAS, exponent, fast_two_sum, upper_half};

mod table;

/// Below 2^-27, tan x is x; from 2^15 on the reduction has too few bits.
const USUAL: core::ops::Range<u64> = BIAS - 27..BIAS + 15;
/// 64 / pi.
const PER_UNIT: f64 = 20.371832715762604;
/// pi / 64: 33 bits, and what these lack.
const UNIT: [f64; 2] = [0.049087385210441425, 1.899093908283185e-12];
/// Added and taken away again, rounds to an integer, which the lowest bits hold in between.
const TO_INTEGER: f64 = 1.5 * (1u64 << 52) as f64;
/// tan r = r + r^3 of these powers of r^2 with an error of 2^-55 of it, where |r| < pi / 128
/// (Remez).
const TANGENT: [f64; 3] = [0.3333333333342162, 0.13333332445733076, 0.05399361887341048];

/// Tangent. Error: 0.71 ULP, and 0.87 where it is the libm crate's.
///
/// Source: Cody and Waite, Software manual for the elementary functions (1980), for the
/// reduction x = k pi/64 + r; Gal and Bachelis, An accurate elementary mathematical library for the
/// IEEE floating point standard, ACM TOMS 17 (1991), for a table at points where its numbers are
/// short: near k pi/64 is a c whose tangent is n / d with integers of 24 bits, so that
/// tan(c + r) = (n + d t) / (d - n t) with t = tan r has two parts above and below without loss.
/// The product of the upper halves of quotient and divisor is exact, and what is left of the
/// dividend is divided again. Where r has lost more than 26 bits to cancellation, and for large
/// x, the libm crate's reduction is needed.
pub fn tan(x: f64) -> f64 {
    let turns = x * PER_UNIT + TO_INTEGER;
    let k = turns - TO_INTEGER;
    // The product with the first part is exact, and so is the difference.
    let most = x - k * UNIT[0];
    let rest = k * UNIT[1];
    let r = most - rest;
    if !USUAL.contains(&exponent(x)) || r.abs() < x.abs() * (1.0 / (1u64 << 26) as f64) {
        return unusual(x);
    }
    let (n, d, point_low) = table::TANGENTS[(turns.to_bits() & 63) as usize];
    let (n, d) = (f64::from(n), f64::from(d));
    let r_low = most - r - rest - f64::from(f32::from_bits(point_low));

    // The tangent of r in two parts, the first short.
    let t = upper_half(r);
    let whole = r + r_low;
    let z = whole * whole;
    let curve = TANGENT[0] + z * TANGENT[1] + z * z * TANGENT[2];
    let t_low = r - t + r_low + whole * z * curve;

    let (above, lost) = fast_two_sum(n, d * t);
    let above_low = lost + d * t_low;
    let (below, lost) = fast_two_sum(d, -(n * t));
    let (below, below_low) = fast_two_sum(below, lost - n * t_low);

    let inverse = 1.0 / below;
    let quotient = upper_half((above + above_low) * inverse);
    let below_upper = upper_half(below);
    let rest = above - quotient * below_upper + above_low;
    let rest = rest - quotient * (below - below_upper + below_low);
    quotient + rest * inverse
}

#[cold]
#[inline(never)]
fn unusual(x: f64) -> f64 {
    libm::tan(x)
}
