//! `log`, `log2`, `log10`, `log1p`, and the logarithm in two parts that `pow` and the
//! inverse hyperbolic functions want.
//!
//! Source: Tang, Table-driven implementation of the logarithm function in IEEE
//! floating-point arithmetic, ACM TOMS 16 (1990), with the reduction of Wong and Goto,
//! Fast hardware-based algorithms for elementary function computations, IEEE Trans.
//! Comput. 43 (1994): a short reciprocal instead of a division. An argument is 2^k z with
//! z from 0.683 to 1.367. In each of 128 intervals of z a table has `inverse`, near 1/z, and
//! its logarithm. r = z inverse - 1 is exact in two parts, and
//! log x = k log 2 - log inverse + log(1 + r) with |r| < 1.02/256.
//!
//! The first parts of log 2, of the table's numbers and of r are multiples of 2^-31, so that
//! the first part of every sum is exact; the second is at most 2^-17. The interval around 1
//! is left to the series alone, so that nothing cancels: elsewhere |log x| > 2^-9.
//! The series of log(1 + r) ends with r^8; the next term is below 2^-67 of r.

use crate::bits::{BIAS, INFINITY, exponent, fast_two_sum, two_sum, upper_half};

mod table;

/// Where the first interval begins, 0.6836, as bits; each is 2^45 long.
const FIRST: u64 = 0x3fe5_f000_0000_0000;
/// The interval with 1 in it.
const CENTRE: u64 = 0x3fef_f000_0000_0000;
/// The unit of first parts.
const UNIT: f64 = 1.0 / (1u64 << 31) as f64;
/// log 2: a multiple of the unit, and what it lacks.
const LN2: (i64, f64) = (1_488_522_236, -4.2009150726810846e-11);
/// 1 / log 2; the first part is a multiple of 2^-10.
const PER_LN2: [f64; 2] = [1.4423828125, 0.00031222838896340733];
/// 1 / log 10; the first part has 26 bits.
const PER_LN10: [f64; 2] = [0.4342944771051407, 4.798111141615973e-09];

/// A number in parts: log = k log 2 + UNIT point + point_low + log(1 + r + r_low).
#[derive(Clone, Copy)]
struct Parts {
    k: i64,
    point: i64,
    point_low: f64,
    r: f64,
    r_low: f64,
}

impl Parts {
    /// Those of the positive number with these bits, whose exponent may be less than a
    /// number's, plus a small number that is to be multiplied by 2^-k.
    #[inline(always)]
    fn of(bits: u64, addition: Option<f64>) -> Self {
        if bits.wrapping_sub(CENTRE) < 1 << 45 {
            return Self::centre(f64::from_bits(bits) - 1.0, addition.unwrap_or(0.0));
        }
        Self::aside(bits, addition)
    }

    /// Those of a number that is not in the interval around 1.
    #[inline(always)]
    fn aside(bits: u64, addition: Option<f64>) -> Self {
        let offset = bits.wrapping_sub(FIRST);
        let (inverse, point, point_low) = table::LOGARITHMS[(offset >> 45 & 127) as usize];
        let shift = offset & (0xfff << 52);
        let z = bits.wrapping_sub(shift);
        // `inverse` has 14 bits. All but the highest 18 of z make products of at most 49.
        let z_high = f64::from_bits(z & (!0 << 35));
        let z_low = f64::from_bits(z) - z_high;
        let addition = addition.map(|it| it * f64::from_bits((BIAS << 52).wrapping_sub(shift)));
        let rest = addition.map_or(z_low, |it| it + z_low);
        let inverse = f64::from(f32::from_bits(inverse));
        Self {
            k: (offset as i64) >> 52,
            point: point.into(),
            point_low: f64::from_bits(point_low),
            r: z_high * inverse - 1.0,
            r_low: rest * inverse,
        }
    }

    /// Those of 1 + x + x_low, for |x| < 1/256.
    #[inline(always)]
    fn centre(x: f64, x_low: f64) -> Self {
        let r = upper_half(x);
        let r_low = x - r + x_low;
        Self {
            k: 0,
            point: 0,
            point_low: 0.0,
            r,
            r_low,
        }
    }

    /// log(1 + r + r_low) - r.
    #[inline(always)]
    fn curve(&self) -> f64 {
        let r = self.r + self.r_low;
        let r2 = r * r;
        self.r_low + (r2 * -0.5 + r2 * r * series(r, r2))
    }

    /// What is not log(1 + r), in two parts; the first is exact.
    #[inline(always)]
    fn start(&self) -> (f64, f64) {
        let high = (self.k * LN2.0 + self.point) as f64 * UNIT;
        (high, self.k as f64 * LN2.1 + self.point_low)
    }

    /// The natural logarithm in two parts. Error: 2^-60 of the result.
    #[inline(always)]
    fn natural(&self) -> (f64, f64) {
        let (start, start_low) = self.start();
        (start + self.r, start_low + self.curve())
    }
}

/// log(1 + r) - r + r^2/2, by r^3.
#[inline(always)]
fn series(r: f64, r2: f64) -> f64 {
    let low = 1.0 / 3.0 - r * 0.25;
    let middle = 0.2 - r * (1.0 / 6.0);
    low + r2 * (middle + r2 * (1.0 / 7.0 - r * 0.125))
}

/// The bits of a positive number as those of a normal one, whose exponent may then be less
/// than a number's; the answer when the logarithm is not finite.
#[inline(always)]
fn usual(x: f64) -> Result<u64, f64> {
    let bits = x.to_bits();
    if bits.wrapping_sub(1 << 52) < INFINITY - (1 << 52) {
        return Ok(bits);
    }
    match unusual(x) {
        0.0 => Ok(normal_bits(x)),
        answer => Err(answer),
    }
}

/// The logarithm of what is not positive, normal and finite; 0 if it is subnormal.
#[cold]
#[inline(never)]
fn unusual(x: f64) -> f64 {
    if x == 0.0 {
        -1.0 / (x * x)
    } else if x < 0.0 {
        x * 0.0 / 0.0
    } else if x.is_finite() {
        0.0
    } else {
        x + x
    }
}

/// The bits of a subnormal number, with the exponent that a normal one would have.
#[inline(always)]
pub fn normal_bits(x: f64) -> u64 {
    (x * (1u64 << 52) as f64).to_bits().wrapping_sub(52 << 52)
}

/// The natural logarithm. Error: 0.502 ULP.
pub fn log(x: f64) -> f64 {
    match usual(x) {
        Ok(bits) => {
            let (high, low) = Parts::of(bits, None).natural();
            high + low
        }
        Err(answer) => answer,
    }
}

/// The logarithm to base 2. Error: 0.502 ULP; exact for powers of 2.
pub fn log2(x: f64) -> f64 {
    let bits = match usual(x) {
        Ok(bits) => bits,
        Err(answer) => return answer,
    };
    let parts = Parts::of(bits, None);
    // 32 bits at most, or 26 around 1, times 11; added to an integer of 11.
    let high = parts.point as f64 * UNIT + parts.r;
    let low = parts.point_low + parts.curve();
    let rest = low * (PER_LN2[0] + PER_LN2[1]) + high * PER_LN2[1];
    parts.k as f64 + high * PER_LN2[0] + rest
}

/// The logarithm to base 10. Error: 0.503 ULP; exact for powers of 10.
pub fn log10(x: f64) -> f64 {
    let bits = match usual(x) {
        Ok(bits) => bits,
        Err(answer) => return answer,
    };
    let (high, low) = two_parts(bits);
    let upper = upper_half(high);
    let rest = high - upper + low;
    upper * PER_LN10[0] + (rest * (PER_LN10[0] + PER_LN10[1]) + upper * PER_LN10[1])
}

/// The natural logarithm, in two parts, of the positive number with these bits, which are
/// as those of [`usual`]. Error: 2^-60 of the result.
#[inline(never)]
pub fn two_parts(bits: u64) -> (f64, f64) {
    Parts::of(bits, None).natural()
}

/// The natural logarithm of a number from 2^-1000 to 2^1000 and a small one, in two parts.
/// Error: 2^-60 of the result.
#[inline(never)]
pub fn sum(x: f64, x_low: f64) -> (f64, f64) {
    Parts::of(x.to_bits(), Some(x_low)).natural()
}

/// The natural logarithm of the quotient of two numbers in two parts each, whose own have
/// opposite signs and are above 1/9. Error: 0.6 ULP.
///
/// With s = (a - b) / (2 + a + b), log((1 + a) / (1 + b)) is 2 artanh s; the next term of its
/// series is below 2^-57.
#[inline(always)]
pub fn of_quotient((x, x_low): (f64, f64), (y, y_low): (f64, f64)) -> f64 {
    let above = Parts::aside(x.to_bits(), Some(x_low));
    let below = Parts::aside(y.to_bits(), Some(y_low));
    let difference = above.r - below.r + (above.r_low - below.r_low);
    let sum = 2.0 + (above.r + below.r) + (above.r_low + below.r_low);
    let s = difference / sum;
    let s2 = s * s;
    let k = above.k - below.k;
    let high = (k * LN2.0 + above.point - below.point) as f64 * UNIT;
    let low = k as f64 * LN2.1 + (above.point_low - below.point_low);
    high + (low + (s + s + s * s2 * (2.0 / 3.0 + s2 * 0.4)))
}

/// The natural logarithm of 1 + x + x_low in two parts, for x > -1 and below 2^60.
/// Error: 2^-60 of the result.
///
/// The sum 1 + x and what it lost are exact; what it lost goes into r.
pub fn log1p_sum(x: f64, x_low: f64) -> (f64, f64) {
    if exponent(x) < BIAS - 9 {
        Parts::centre(x, x_low).natural()
    } else {
        let (one, lost) = two_sum(1.0, x);
        sum(one, lost + x_low)
    }
}

/// The natural logarithm of 1 + x. Error: 0.6 ULP.
///
/// From 1/8 on the series needs no more than r^6: the next term is below 2^-58.
#[inline]
pub fn log1p(x: f64) -> f64 {
    if exponent(x).wrapping_sub(BIAS - 3) >= 3 + 60 || x <= -1.0 {
        return log1p_rest(x);
    }
    let (one, lost) = two_sum(1.0, x);
    let parts = Parts::aside(one.to_bits(), Some(lost));
    let (start, start_low) = parts.start();
    let r = parts.r + parts.r_low;
    let r2 = r * r;
    let series = 1.0 / 3.0 - r * 0.25 + r2 * (0.2 - r * (1.0 / 6.0));
    start + parts.r + (start_low + parts.r_low + r2 * (r * series - 0.5))
}

/// The same for numbers near 0, near the ends and past them.
#[inline(never)]
fn log1p_rest(x: f64) -> f64 {
    let exponent = exponent(x);
    if !(BIAS - 54..BIAS + 60).contains(&exponent) || x <= -1.0 {
        return log1p_edge(x);
    }
    let (high, low) = log1p_sum(x, 0.0);
    high + low
}

#[cold]
fn log1p_edge(x: f64) -> f64 {
    if x.abs() < 1.0 {
        x
    } else if x == -1.0 {
        -1.0 / 0.0
    } else {
        log(x)
    }
}

/// The natural logarithm of a positive number, with bits as those of [`usual`], in two
/// parts. Error: 2^-68 of the result.
#[inline(always)]
pub fn precise(bits: u64) -> (f64, f64) {
    let parts = Parts::of(bits, None);
    let (start, start_low) = parts.start();
    let (first, first_lost) = fast_two_sum(start + parts.r, parts.r_low);
    // r^2 / 2: the square of the first part is exact.
    let square = -0.5 * parts.r * parts.r;
    let (second, second_lost) = fast_two_sum(first, square);
    let square_low = -parts.r_low * (parts.r + 0.5 * parts.r_low);
    let r = parts.r + parts.r_low;
    let r2 = r * r;
    let curve = r2 * r * series(r, r2);
    let low = start_low + first_lost + second_lost + square_low + curve;
    fast_two_sum(second, low)
}
