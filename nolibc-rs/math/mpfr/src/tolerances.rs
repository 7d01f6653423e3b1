//! The largest error that each function may have, in units in the last place: what was
//! measured on 10^6 arguments, rounded up.

const EXACT: &str = "exact";
const ROUNDED: &str = "correctly rounded";
const OURS: &str = "bound derived beside the function";
const SAME: &str = "the libm crate, that is FreeBSD's msun; openlibm has the same error";
const DOUBLE: &str = "the double's result, rounded";
const ZERO: &str = "no bound near the zeros, where msun's results are those of nearby arguments";

/// Name, tolerance and reason; a name with `f` after it is the function for float.
const TOLERANCES: &[(&[&str], f64, &str)] = &[
    (
        &["sqrt", "fma", "fdim", "sqrtf", "fmaf", "fdimf"],
        0.5,
        ROUNDED,
    ),
    (
        &[
            "ceil",
            "floor",
            "round",
            "roundeven",
            "trunc",
            "fmod",
            "remainder",
            "fmax",
            "fmin",
        ],
        0.0,
        EXACT,
    ),
    (
        &["ceilf", "floorf", "roundf", "roundevenf", "truncf"],
        0.0,
        EXACT,
    ),
    (&["fmodf", "remainderf", "fmaxf", "fminf"], 0.0, EXACT),
    (
        &["exp", "exp2", "exp10", "log", "log2", "log10", "pow"],
        0.52,
        OURS,
    ),
    (&["cosh", "cbrt"], 0.52, OURS),
    (
        &["hypot"],
        0.76,
        "0.51; subnormal results are rounded twice",
    ),
    (&["expm1", "log1p", "atanh"], 0.6, OURS),
    (&["sinh"], 0.56, OURS),
    (&["tanh"], 1.02, OURS),
    (&["asinh"], 1.1, OURS),
    (&["acosh"], 1.6, OURS),
    (&["sin", "cos", "asin", "acos", "atan"], 0.87, SAME),
    (&["tan"], 0.87, "that of the libm crate, for |x| > 2^15"),
    (&["tanf"], 0.8, SAME),
    (&["sinf", "cosf"], 0.502, SAME),
    (&["erf"], 1.01, SAME),
    (&["erfc"], 2.8, SAME),
    (&["atan2"], 1.55, SAME),
    (
        &["tgamma"],
        10.0,
        "8.3 for negative numbers, by the libm crate, and 7 for others; openlibm's is 72",
    ),
    (&["lgamma", "j0", "j1", "y0", "y1"], f64::MAX, ZERO),
    (&["lgammaf", "j0f", "j1f", "y0f", "y1f"], f64::MAX, ZERO),
];

/// A function's tolerance and its reason.
pub fn of(name: &str) -> (f64, &'static str) {
    let row = TOLERANCES.iter().find(|(names, ..)| names.contains(&name));
    row.map_or((0.50001, DOUBLE), |(_, bound, reason)| (*bound, *reason))
}
