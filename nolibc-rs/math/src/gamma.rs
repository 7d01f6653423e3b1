//! `tgamma`, faster where it is called most.

use crate::bits::{fast_two_sum, two_sum, upper_half};
use crate::{exp, log};

/// Lanczos's g, less a half.
const G_LESS_HALF: f64 = 5.524_680_040_776_73;

/// Numerator and denominator of Lanczos's sum for this g, 13 terms (those of the libm crate's,
/// which are Boost's), least power first: all positive, so that nothing cancels.
const NUMERATOR: [f64; 13] = [
    23531376880.41076,
    42919803642.6491,
    35711959237.35567,
    17921034426.03721,
    6039542586.352028,
    1439720407.3117216,
    248874557.86205417,
    31_426_415.585_400_194,
    2876370.6289353725,
    186056.26539522348,
    8071.672002365816,
    210.82427775157936,
    2.5066282746310002,
];
const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// A polynomial by its even and its odd powers.
#[inline(always)]
fn polynomial(c: &[f64; 13], x: f64) -> f64 {
    let square = x * x;
    let even = c[12] * square + c[10];
    let even = (even * square + c[8]) * square + c[6];
    let even = ((even * square + c[4]) * square + c[2]) * square + c[0];
    let odd = (c[11] * square + c[9]) * square + c[7];
    let odd = ((odd * square + c[5]) * square + c[3]) * square + c[1];
    even + odd * x
}

/// The gamma function. Error: see `mpfr/src/tolerances.rs`.
///
/// Source: Lanczos, A precision approximation of the gamma function, SIAM J. Numer. Anal. 1
/// (1964): a rational function times y^(x - 1/2) e^-y with y = x + g - 1/2, here one power of
/// e whose exponent is in two parts. Integers, negative numbers, small and large ones are the
/// libm crate's.
pub fn tgamma(x: f64) -> f64 {
    let is_usual = (1e-10..171.0).contains(&x);
    if !is_usual || x as i64 as f64 == x {
        return libm::tgamma(x);
    }
    let (y, y_low) = two_sum(x, G_LESS_HALF);
    let power = x - 0.5;
    let (log_high, log_low) = log::precise(y.to_bits());
    let (log_upper, power_upper) = (upper_half(log_high), upper_half(power));
    let product = power_upper * log_upper;
    let product_low = (power - power_upper) * log_upper + power * (log_high - log_upper + log_low);
    let (exponent, lost) = two_sum(product, -y);
    // What y lacks changes the exponent by power / y - 1, that is -g / y, of it.
    let correction = y_low * ((G_LESS_HALF + 0.5) / y);
    let (exponent, exponent_low) = fast_two_sum(exponent, lost + product_low - correction);
    let sum = polynomial(&NUMERATOR, x) / polynomial(&DENOMINATOR, x);
    sum * exp::exp_sum(exponent, exponent_low)
}
