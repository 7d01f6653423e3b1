//! What MPFR says, and how far a result is from it.

use rug::Float;

/// Enough that no rounding of it shows in a double's error.
const PRECISION: u32 = 192;

/// The value of the function for doubles of this name.
pub fn value(name: &str, [x, y, z]: [f64; 3]) -> Float {
    let a = Float::with_val(PRECISION, x);
    let b = Float::with_val(PRECISION, y);
    match name {
        "acos" => a.acos(),
        "asin" => a.asin(),
        "atan" => a.atan(),
        "cos" => a.cos(),
        "sin" => a.sin(),
        "tan" => a.tan(),
        "acosh" => a.acosh(),
        "asinh" => a.asinh(),
        "atanh" => a.atanh(),
        "cosh" => a.cosh(),
        "sinh" => a.sinh(),
        "tanh" => a.tanh(),
        "exp" => a.exp(),
        "exp2" => a.exp2(),
        "exp10" => a.exp10(),
        "expm1" => a.exp_m1(),
        "log" => a.ln(),
        "log2" => a.log2(),
        "log10" => a.log10(),
        "log1p" => a.ln_1p(),
        "cbrt" => a.cbrt(),
        "sqrt" => a.sqrt(),
        "erf" => a.erf(),
        "erfc" => a.erfc(),
        "lgamma" => a.ln_abs_gamma().0,
        "tgamma" => a.gamma(),
        "ceil" => a.ceil(),
        "floor" => a.floor(),
        "round" => a.round(),
        "roundeven" => a.round_even(),
        "trunc" => a.trunc(),
        "j0" => a.j0(),
        "j1" => a.j1(),
        "y0" => a.y0(),
        "y1" => a.y1(),
        "atan2" => a.atan2(&b),
        "pow" => power(x, y),
        "hypot" => a.hypot(&b),
        "fmod" => a % b,
        "remainder" => a.remainder(&b),
        "fdim" => a.positive_diff(&b),
        "fmax" => a.max(&b),
        "fmin" => a.min(&b),
        "fma" => fma(x, y, z),
        _ => panic!("no oracle for {name}"),
    }
}

/// As C11 has it; MPFR differs for nothing but the sign of a NaN.
fn power(x: f64, y: f64) -> Float {
    use rug::ops::Pow;
    Float::with_val(PRECISION, x).pow(Float::with_val(PRECISION, y))
}

/// Exact: the product and the sum have room.
fn fma(x: f64, y: f64, z: f64) -> Float {
    let precision = 4300;
    let product = Float::with_val(precision, x) * y;
    product + z
}
