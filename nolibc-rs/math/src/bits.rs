//! The parts of a number, and sums without loss.

/// The bits of the sign.
pub const SIGN: u64 = 1 << 63;
/// The bits of infinity.
pub const INFINITY: u64 = 0x7ff << 52;
/// The exponent of 1 as it stands in a number.
pub const BIAS: u64 = 1023;

/// The exponent as it stands in the number, without the sign.
#[inline(always)]
pub fn exponent(x: f64) -> u64 {
    x.to_bits() >> 52 & 0x7ff
}

/// 2^n, for n from -1022 to 1023.
#[inline(always)]
pub fn power_of_two(n: i64) -> f64 {
    f64::from_bits(((n + BIAS as i64) as u64) << 52)
}

/// `a + b` and what its rounding lost, exactly; |a| >= |b|, or a = 0.
///
/// Source: Dekker, A floating-point technique for extending the available precision,
/// Numerische Mathematik 18 (1971).
#[inline(always)]
pub fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, a - sum + b)
}

/// `a + b` and what its rounding lost, exactly.
///
/// Source: Knuth, The Art of Computer Programming 2, 4.2.2 theorem B.
#[inline(always)]
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// The upper 26 bits of a number's 53, so that products of two such are exact.
#[inline(always)]
pub fn upper_half(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & (!0 << 27))
}
