//! `cargo xtask bench math`: the functions of `<math.h>` against glibc, musl, the `libm`
//! crate and a rival.

use std::hint::black_box;

use crate::Result;
use crate::measure::Row;
use crate::rival::{Rival, contenders};

type Unary = unsafe extern "C" fn(f64) -> f64;
type Binary = unsafe extern "C" fn(f64, f64) -> f64;

/// One function: its name, ours, musl's, the crate's, and where its arguments lie.
struct Function<F, G> {
    name: &'static str,
    ours: F,
    musl: F,
    libm: G,
    domain: (f64, f64),
}

macro_rules! functions {
    ($type:ty, $rust:ty, $arguments:tt; $($name:ident $ours:ident $musl:ident $low:literal $high:literal;)*) => {{
        unsafe extern "C" {
            $(
                fn $ours $arguments -> f64;
                fn $musl $arguments -> f64;
            )*
        }
        let list: Vec<Function<$type, $rust>> = vec![$(Function {
            name: stringify!($name),
            ours: $ours,
            musl: $musl,
            libm: libm::$name,
            domain: ($low, $high),
        }),*];
        list
    }};
}

/// How many arguments a workload goes through.
const ARGUMENTS: usize = 4096;

/// Arguments spread evenly over a domain, in no order.
fn arguments((low, high): (f64, f64)) -> Vec<f64> {
    let at = |i: usize| ((i * 1237) % ARGUMENTS) as f64 / (ARGUMENTS - 1) as f64;
    (0..ARGUMENTS).map(|i| low + (high - low) * at(i)).collect()
}

/// One iteration: every argument once. A sum of the results would be a chain that hides what
/// takes less time than an addition and its way through memory.
fn unary(row: Row, name: &'static str, xs: &[f64], f: impl Fn(f64) -> f64 + 'static) -> Row {
    let xs = xs.to_vec();
    row.with(name, move || {
        for &x in &xs {
            black_box(f(x));
        }
    })
}

fn binary(row: Row, name: &'static str, xs: &[f64], f: impl Fn(f64, f64) -> f64 + 'static) -> Row {
    let xs = xs.to_vec();
    row.with(name, move || {
        for (&x, &y) in xs.iter().zip(xs.iter().rev()) {
            black_box(f(x, y));
        }
    })
}

fn unary_row(function: Function<Unary, fn(f64) -> f64>, rival: Option<Rival>) -> Result<Row> {
    let Function {
        name,
        ours,
        musl,
        libm,
        domain,
    } = function;
    let xs = arguments(domain);
    // SAFETY: the type of every function in the list.
    let all = unsafe { contenders(name, ours, musl, rival)? };
    let row = Row::new(name).units(ARGUMENTS as u64);
    let row = all.into_iter().fold(row, |row, (contender, f)| {
        // SAFETY: a function of numbers alone.
        unary(row, contender, &xs, move |x| unsafe { f(x) })
    });
    Ok(unary(row, "libm crate", &xs, libm))
}

fn binary_row(
    function: Function<Binary, fn(f64, f64) -> f64>,
    rival: Option<Rival>,
) -> Result<Row> {
    let Function {
        name,
        ours,
        musl,
        libm,
        domain,
    } = function;
    let xs = arguments(domain);
    // SAFETY: the type of every function in the list.
    let all = unsafe { contenders(name, ours, musl, rival)? };
    let row = Row::new(name).units(ARGUMENTS as u64);
    let row = all.into_iter().fold(row, |row, (contender, f)| {
        // SAFETY: a function of numbers alone.
        binary(row, contender, &xs, move |x, y| unsafe { f(x, y) })
    });
    Ok(binary(row, "libm crate", &xs, libm))
}

/// The workloads.
pub fn rows(rival: Option<Rival>) -> Result<Vec<Row>> {
    let unary = functions! { Unary, fn(f64) -> f64, (x: f64);
        exp nolibc_exp musl_exp -20.0 20.0;
        exp2 nolibc_exp2 musl_exp2 -20.0 20.0;
        expm1 nolibc_expm1 musl_expm1 -5.0 5.0;
        log nolibc_log musl_log 0.001 1000.0;
        log2 nolibc_log2 musl_log2 0.001 1000.0;
        log10 nolibc_log10 musl_log10 0.001 1000.0;
        log1p nolibc_log1p musl_log1p -0.9 10.0;
        sin nolibc_sin musl_sin -100.0 100.0;
        cos nolibc_cos musl_cos -100.0 100.0;
        tan nolibc_tan musl_tan -100.0 100.0;
        asin nolibc_asin musl_asin -1.0 1.0;
        acos nolibc_acos musl_acos -1.0 1.0;
        atan nolibc_atan musl_atan -10.0 10.0;
        sinh nolibc_sinh musl_sinh -10.0 10.0;
        cosh nolibc_cosh musl_cosh -10.0 10.0;
        tanh nolibc_tanh musl_tanh -3.0 3.0;
        cbrt nolibc_cbrt musl_cbrt -1000.0 1000.0;
        erf nolibc_erf musl_erf -4.0 4.0;
        erfc nolibc_erfc musl_erfc -4.0 8.0;
        asinh nolibc_asinh musl_asinh -10.0 10.0;
        acosh nolibc_acosh musl_acosh 1.0 10.0;
        atanh nolibc_atanh musl_atanh -0.99 0.99;
        tgamma nolibc_tgamma musl_tgamma 0.5 20.0;
        lgamma nolibc_lgamma musl_lgamma 0.5 20.0;
        sqrt nolibc_sqrt musl_sqrt 0.0 1000.0;
        floor nolibc_floor musl_floor -1e6 1e6;
        ceil nolibc_ceil musl_ceil -1e6 1e6;
        round nolibc_round musl_round -1e6 1e6;
        trunc nolibc_trunc musl_trunc -1e6 1e6;
        rint nolibc_rint musl_rint -1e6 1e6;
    };
    let binary = functions! { Binary, fn(f64, f64) -> f64, (x: f64, y: f64);
        pow nolibc_pow musl_pow 0.01 40.0;
        fmod nolibc_fmod musl_fmod 0.1 1000.0;
        remainder nolibc_remainder musl_remainder 0.1 1000.0;
        nextafter nolibc_nextafter musl_nextafter -10.0 10.0;
        copysign nolibc_copysign musl_copysign -10.0 10.0;
        atan2 nolibc_atan2 musl_atan2 -10.0 10.0;
        hypot nolibc_hypot musl_hypot -1000.0 1000.0;
    };
    let unary = unary.into_iter().map(|function| unary_row(function, rival));
    let binary = binary
        .into_iter()
        .map(|function| binary_row(function, rival));
    unary.chain(binary).collect()
}
