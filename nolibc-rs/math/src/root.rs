//! `cbrt` and `hypot`. (`sqrt` is an instruction.)

use crate::bits::{BIAS, exponent, power_of_two, upper_half};

/// Cube root. Error: 0.501 ULP.
///
/// Sources: for the first guess y of x^(-1/3) from the bits of x, Kahan, Computing a real
/// cube root (1991). With h = 1 - x y^3, below 0.1021, the cube root is
/// x y^2 (1 - h)^(-2/3), here by a polynomial with an error of 2^-17. Rounded to 17 bits
/// that is t, whose cube is exact, and with it e = x - t^3; with f = e / t^3 the root is
/// t (1 + f)^(1/3), whose series after f^3 is below 2^-64.
pub fn cbrt(x: f64) -> f64 {
    let magnitude = x.to_bits() & !SIGN;
    if magnitude.wrapping_sub(LEAST) >= MOST - LEAST {
        return cbrt_edge(x);
    }
    let y = f64::from_bits(FIRST_GUESS - magnitude / 3);
    let t = x * (y * y);
    let h = 1.0 - (t * y).abs();
    let t = t * (C0 + h * (C1 + h * (C2 + h * C3)));
    let t = f64::from_bits((t.to_bits() + (1 << 35)) & (!0 << 36));
    let cube = t * t * t;
    let f = (x - cube) / cube;
    t + t * (f * (1.0 / 3.0 - f * (1.0 / 9.0 - f * (5.0 / 81.0))))
}

#[cold]
#[inline(never)]
fn cbrt_edge(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x + x;
    }
    let (down, up) = if x.abs() < 1.0 {
        (300, -100)
    } else {
        (-300, 100)
    };
    cbrt(x * power_of_two(down)) * power_of_two(up)
}

const SIGN: u64 = 1 << 63;

/// The polynomial: fitted to (1 - h)^(-2/3) for |h| <= 0.10203 at Chebyshev's nodes.
const C0: f64 = 0.9999938111760239;
const C1: f64 = 0.6666608893451424;
const C2: f64 = 0.5603061038989564;
const C3: f64 = 0.4982617355471235;

/// Below 2^-900, e could be too small a number to be exact; from 2^1000 on t^3 could be
/// too large for a number.
const LEAST: u64 = (BIAS - 900) << 52;
const MOST: u64 = (BIAS + 1000) << 52;

/// 4/3 of the bits of 1, less what makes the errors on both sides equal.
const FIRST_GUESS: u64 = 0x553e_e95f_92f6_a1cb;

/// The square root of x^2 + y^2. Error: 0.51 ULP, or 0.75 where the result is subnormal,
/// which is rounded twice.
///
/// One of Newton's steps after the square root of the rounded sum, with the exact
/// difference of the squares. Source for the correction: Borges, An improved algorithm
/// for hypot(a, b), arXiv:1904.09481; the difference is taken by halves of the numbers.
pub fn hypot(x: f64, y: f64) -> f64 {
    let (x, y) = (x.abs(), y.abs());
    let (a, b) = if x < y { (y, x) } else { (x, y) };
    // Squares must neither overflow nor lose bits below the least number.
    if exponent(a).wrapping_sub(BIAS - 450) >= 950 || exponent(b) < BIAS - 450 {
        return hypot_edge(a, b);
    }
    length(a, b)
}

#[cold]
#[inline(never)]
fn hypot_edge(a: f64, b: f64) -> f64 {
    if a.is_infinite() || b.is_infinite() {
        return f64::INFINITY;
    }
    // A zero is one of these.
    if a.is_nan() || b.is_nan() || b * power_of_two(60) <= a {
        return a + b;
    }
    let scale = power_of_two(if exponent(a) > BIAS { -600 } else { 600 });
    length(a * scale, b * scale) / scale
}

/// For a >= b with squares that are normal numbers.
fn length(a: f64, b: f64) -> f64 {
    let h = libm::sqrt(a * a + b * b);
    let (a_high, b_high, h_high) = (upper_half(a), upper_half(b), upper_half(h));
    let highs = a_high * a_high - h_high * h_high + b_high * b_high;
    // The square of a number less that of its upper half.
    let low = |number: f64, high: f64| (number - high) * (number + high);
    let lows = low(a, a_high) - low(h, h_high) + low(b, b_high);
    h + (highs + lows) / (h + h)
}
