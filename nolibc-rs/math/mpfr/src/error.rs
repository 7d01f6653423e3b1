//! Errors in units in the last place.

use std::fmt;

use rug::Float;

/// The worst result so far.
#[derive(Default)]
pub struct Worst {
    /// Infinite where a result is of another kind: NaN, the sign of a zero.
    pub ulp: f64,
    arguments: [f64; 3],
    result: f64,
    /// How many had more than 0.5001 ULP, of how many.
    wrong: usize,
    all: usize,
}

impl Worst {
    /// Look at a result.
    pub fn look(&mut self, want: &Float, result: f64, arguments: [f64; 3], single: bool) {
        let ulp = error(want, result, single);
        self.all += 1;
        self.wrong += usize::from(ulp > 0.5001);
        if ulp > self.ulp {
            (self.ulp, self.arguments, self.result) = (ulp, arguments, result);
        }
    }
}

impl fmt::Display for Worst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x, y, z] = self.arguments;
        let percent = 100.0 * self.wrong as f64 / self.all.max(1) as f64;
        write!(
            f,
            " {percent:6.2}% ({x:e}, {y:e}, {z:e}) = {:e}",
            self.result
        )
    }
}

/// The distance from a value, in units of the last place that a result near it has.
fn error(want: &Float, result: f64, single: bool) -> f64 {
    if want.is_nan() || result.is_nan() {
        return if want.is_nan() && result.is_nan() {
            0.0
        } else {
            f64::INFINITY
        };
    }
    if want.is_infinite() {
        return if want.to_f64() == result {
            0.0
        } else {
            f64::INFINITY
        };
    }
    if want.is_zero() {
        let same = result == 0.0 && result.is_sign_negative() == want.is_sign_negative();
        return if same { 0.0 } else { f64::INFINITY };
    }
    if result == 0.0 && result.is_sign_negative() != want.is_sign_negative() {
        return f64::INFINITY;
    }
    let (digits, most, least) = if single {
        (24, 128, -149)
    } else {
        (53, 1024, -1074)
    };
    // want is from 2^(exponent - 1) to 2^exponent.
    let exponent = want.get_exp().unwrap_or(0);
    if exponent > most {
        return if result == f64::INFINITY.copysign(want.to_f64()) {
            0.0
        } else {
            f64::INFINITY
        };
    }
    let unit = (exponent - digits).max(least);
    // Infinity stands for the number after the greatest.
    let result = if result.is_infinite() {
        Float::with_val(64, Float::u_exp(1, most)) * result.signum()
    } else {
        Float::with_val(64, result)
    };
    let mut distance = Float::with_val(want.prec().max(64), want - &result).abs();
    distance >>= unit;
    distance.to_f64()
}
