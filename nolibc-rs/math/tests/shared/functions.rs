//! The list `functions.h`, and the functions by name.

use super::arguments::{Checksum, Random};

/// Where the list is.
pub const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/functions.h");

/// A function by what it takes.
#[derive(Clone, Copy)]
pub enum Function {
    D1(fn(f64) -> f64),
    D2(fn(f64, f64) -> f64),
    D3(fn(f64, f64, f64) -> f64),
    F1(fn(f32) -> f32),
    F2(fn(f32, f32) -> f32),
    F3(fn(f32, f32, f32) -> f32),
}

fn lgamma(x: f64) -> f64 {
    nolibc_math::lgamma_r(x).0
}

fn lgammaf(x: f32) -> f32 {
    nolibc_math::lgammaf_r(x).0
}

macro_rules! functions {
    ($($kind:ident: $($name:ident)*;)*) => {
        /// The function of a name.
        pub fn by_name(name: &str) -> Option<Function> {
            use nolibc_math::*;
            $($(if name == stringify!($name) {
                return Some(Function::$kind($name));
            })*)*
            None
        }
    };
}

functions! {
    D1: acos asin atan cos sin tan acosh asinh atanh cosh sinh tanh exp exp2 exp10 expm1 log log2
        log10 log1p cbrt sqrt erf erfc lgamma tgamma ceil floor round roundeven trunc j0 j1 y0 y1;
    D2: atan2 pow hypot fmod remainder fdim fmax fmin;
    D3: fma;
    F1: acosf asinf atanf cosf sinf tanf acoshf asinhf atanhf coshf sinhf tanhf expf exp2f exp10f
        expm1f logf log2f log10f log1pf cbrtf sqrtf erff erfcf lgammaf tgammaf ceilf floorf roundf
        roundevenf truncf j0f j1f y0f y1f;
    F2: atan2f powf hypotf fmodf remainderf fdimf fmaxf fminf;
    F3: fmaf;
}

/// A line of the list.
pub struct Entry {
    pub name: String,
    pub function: Function,
    pub ranges: Vec<f64>,
    /// Of 4096 and of 100000 results.
    pub checksums: [u64; 2],
}

/// How many results the two checksums are of.
pub const COUNTS: [usize; 2] = [4096, 100_000];

/// The entry of a line, if it is one.
pub fn parse(line: &str) -> Option<Entry> {
    let (kind, rest) = line.split_once('(')?;
    if !["D1", "D2", "D3", "F1", "F2", "F3"].contains(&kind) {
        return None;
    }
    let words: Vec<&str> = rest.trim_end_matches(')').split(", ").collect();
    let (name, numbers) = words.split_first()?;
    let (ranges, checksums) = numbers.split_at(numbers.len() - 2);
    let hex = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).unwrap();
    Some(Entry {
        name: name.to_string(),
        function: by_name(name).unwrap_or_else(|| panic!("{name} is not known")),
        ranges: ranges.iter().map(|word| word.parse().unwrap()).collect(),
        checksums: [hex(checksums[0]), hex(checksums[1])],
    })
}

/// Arguments and result.
#[derive(Clone, Copy)]
pub struct Call {
    pub arguments: [f64; 3],
    pub result: f64,
}

impl Entry {
    /// Ranges of the first, second and third argument.
    fn ranges(&self, which: usize) -> [f64; 4] {
        let of = |at: usize| self.ranges[at % self.ranges.len()];
        match self.function {
            Function::D2(_) | Function::F2(_) => [
                of(2 * which),
                of(2 * which + 1),
                of(4 + 2 * which),
                of(5 + 2 * which),
            ],
            _ => [of(0), of(1), of(2), of(3)],
        }
    }

    pub fn is_single(&self) -> bool {
        matches!(
            self.function,
            Function::F1(_) | Function::F2(_) | Function::F3(_)
        )
    }

    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        match self.function {
            Function::D1(_) | Function::F1(_) => 1,
            Function::D2(_) | Function::F2(_) => 2,
            Function::D3(_) | Function::F3(_) => 3,
        }
    }

    /// The function's result; floats are exact in doubles.
    pub fn call(&self, [x, y, z]: [f64; 3]) -> f64 {
        match self.function {
            Function::D1(f) => f(x),
            Function::D2(f) => f(x, y),
            Function::D3(f) => f(x, y, z),
            Function::F1(f) => f(x as f32).into(),
            Function::F2(f) => f(x as f32, y as f32).into(),
            Function::F3(f) => f(x as f32, y as f32, z as f32).into(),
        }
    }

    /// The first `count` calls.
    pub fn calls(&self, seed: u64, count: usize) -> impl Iterator<Item = Call> {
        let mut random = Random(seed);
        let ranges = [self.ranges(0), self.ranges(1), self.ranges(2)];
        (0..count).map(move |index| {
            let mut arguments = [0.0; 3];
            for (argument, ranges) in arguments.iter_mut().zip(&ranges).take(self.arity()) {
                *argument = if self.is_single() {
                    random.single(index, ranges).into()
                } else {
                    random.double(index, ranges)
                };
            }
            Call {
                arguments,
                result: self.call(arguments),
            }
        })
    }

    /// The checksum of the first `count` results.
    pub fn checksum(&self, count: usize) -> u64 {
        let mut checksum = Checksum::default();
        for call in self.calls(0, count) {
            if self.is_single() {
                checksum.single(call.result as f32);
            } else {
                checksum.double(call.result);
            }
        }
        checksum.0
    }
}
