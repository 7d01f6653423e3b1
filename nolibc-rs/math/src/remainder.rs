//! `fmod`, `remainder`, `remquo`: exact.
//!
//! Numbers are integers times powers of two. Long division of x's integer by y's, a
//! machine word of quotient at a time.

use core::arch::asm;

use crate::bits::{INFINITY, SIGN, power_of_two};

/// A finite positive number as an integer and the power of two that scales it, less the
/// least one.
#[inline(always)]
fn integer(bits: u64) -> (u64, u32) {
    let exponent = (bits >> 52) as u32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, 0)
    } else {
        (fraction | 1 << 52, exponent - 1)
    }
}

/// An integer below 2^53 times the power of two.
#[inline(always)]
fn number(integer: u64, power: u32) -> f64 {
    if power >= 53 {
        integer as i64 as f64 * f64::from_bits(u64::from(power - 51) << 52)
    } else {
        f64::from_bits(integer) * power_of_two(i64::from(power))
    }
}

/// `high` 2^64 + `low` divided by `by`; quotient and remainder.
///
/// `high` must be less than `by`.
#[inline(always)]
fn divide(high: u64, low: u64, by: u64) -> (u64, u64) {
    debug_assert!(high < by);
    let (quotient, rest);
    // SAFETY: touches registers alone; cannot trap, as the quotient fits for high < by,
    // and then `by` is not 0.
    unsafe {
        asm!("div {}", in(reg) by, inlateout("rax") low => quotient,
            inlateout("rdx") high => rest, options(pure, nomem, nostack));
    }
    (quotient, rest)
}

/// x 2^shift divided by y: the quotient's lowest bits and the remainder. y is not 0.
#[inline(always)]
fn long_division(x: u64, mut shift: u32, y: u64) -> (u64, u64) {
    if shift <= 11 {
        let x = x << shift;
        return (x / y, x % y);
    }
    let (mut quotient, mut rest) = (x / y, x % y);
    while shift > 0 {
        let step = shift.min(63);
        let (digit, next) = divide(rest >> (64 - step), rest << step, y);
        quotient = (quotient << step).wrapping_add(digit);
        (rest, shift) = (next, shift - step);
    }
    (quotient, rest)
}

/// Where one of the arguments has no remainder: y is 0 or a NaN, or x is not finite.
#[cold]
fn undefined(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        x + y
    } else {
        x * 0.0 / 0.0
    }
}

/// Whether x has a remainder by y; both are bits of absolute values.
#[inline(always)]
fn is_defined(x: u64, y: u64) -> bool {
    x < INFINITY && y.wrapping_sub(1) < INFINITY
}

/// x - n y, with n the quotient rounded towards zero. Exact.
pub fn fmod(x: f64, y: f64) -> f64 {
    let (x_bits, y_bits) = (x.to_bits() & !SIGN, y.to_bits() & !SIGN);
    if !is_defined(x_bits, y_bits) {
        return undefined(x, y);
    }
    if x_bits < y_bits {
        return x;
    }
    let ((a, a_power), (b, b_power)) = (integer(x_bits), integer(y_bits));
    let (_, rest) = long_division(a, a_power - b_power, b);
    number(rest, b_power).copysign(x)
}

/// x - n y, with n the quotient rounded to nearest, halves to even, and the lowest
/// bits of n's absolute value. Exact.
fn nearest(x: f64, y: f64) -> (f64, u64) {
    let (x_bits, y_bits) = (x.to_bits() & !SIGN, y.to_bits() & !SIGN);
    if !is_defined(x_bits, y_bits) {
        return (undefined(x, y), 0);
    }
    let (mut quotient, mut rest) = (0, x.abs());
    if x_bits >= y_bits {
        let ((a, a_power), (b, b_power)) = (integer(x_bits), integer(y_bits));
        let (bits, integer) = long_division(a, a_power - b_power, b);
        (quotient, rest) = (bits, number(integer, b_power));
    }
    // Exact where it is not greater than the rest.
    let other = y.abs() - rest;
    if rest > other || rest == other && quotient & 1 == 1 {
        quotient = quotient.wrapping_add(1);
        rest = -other;
    }
    (if x.is_sign_negative() { -rest } else { rest }, quotient)
}

/// x - n y, with n the quotient rounded to nearest, halves to even. Exact.
pub fn remainder(x: f64, y: f64) -> f64 {
    nearest(x, y).0
}

/// [`remainder`], and the lowest 31 bits of n with its sign.
pub fn remquo(x: f64, y: f64) -> (f64, i32) {
    let (rest, quotient) = nearest(x, y);
    let low = (quotient & 0x7fff_ffff) as i32;
    let negative = x.is_sign_negative() != y.is_sign_negative();
    (rest, if negative { -low } else { low })
}
