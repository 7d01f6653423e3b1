//! Numbers to digits and back, always correctly rounded.
//!
//! Both ways go through one 192-bit product with a power of ten whose error is
//! bounded; where the bound leaves the answer open, the exact expansion of the
//! number decides. No allocation, no floating-point state, at most 7 KiB of
//! stack (for the 80-bit format; under 1 KiB for the others).
#![forbid(unsafe_code)]

mod digits;
mod exact;
mod expand;
mod parse;
mod power;
mod round;
mod short;
#[cfg(test)]
mod tests;
mod word;

pub use digits::{Cut, DigitText, Digits, with_digits};
pub use parse::{DOUBLE, EXTENDED, FLOAT, Format, Parsed, Text, parse, parse_short};
pub use power::digit_count;
pub use short::Short;
pub use word::{eight_nibbles, hexadecimal};

/// In which direction to round what is not representable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// To nearest, ties to even.
    Nearest,
    /// To the next larger in magnitude.
    Away,
    /// To the next smaller in magnitude.
    Truncate,
}

impl Rounding {
    /// The direction for a magnitude, from the two bits of MXCSR (0 nearest, 1
    /// down, 2 up, 3 toward zero) and the number's sign.
    pub fn of(mode: u32, negative: bool) -> Self {
        match (mode, negative) {
            (0, _) => Self::Nearest,
            (1, true) | (2, false) => Self::Away,
            _ => Self::Truncate,
        }
    }
}

/// A floating-point number taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    /// The sign bit.
    pub negative: bool,
    /// What the other bits say.
    pub class: Class,
}

/// What a floating-point number is, but for its sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Not a number.
    Nan,
    /// Larger than every number.
    Infinite,
    /// Zero.
    Zero,
    /// `mantissa * 2^exponent`; the mantissa is not 0.
    Finite {
        /// An integer.
        mantissa: u64,
        /// The power of two.
        exponent: i32,
    },
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let exponent = (bits >> 52 & 0x7ff) as i32;
        let class = match (exponent, fraction) {
            (0x7ff, 0) => Class::Infinite,
            (0x7ff, _) => Class::Nan,
            (0, 0) => Class::Zero,
            (0, _) => Class::Finite {
                mantissa: fraction,
                exponent: -1074,
            },
            _ => Class::Finite {
                mantissa: fraction | 1 << 52,
                exponent: exponent - 1075,
            },
        };
        Self {
            negative: bits >> 63 != 0,
            class,
        }
    }
}

/// The x87 80-bit format (Intel SDM volume 1, 4.2): `long double`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, align(16))]
pub struct Extended {
    /// The mantissa with its explicit integer bit.
    pub mantissa: u64,
    /// Sign (bit 15) and biased exponent.
    pub sign_exponent: u16,
}

impl From<Extended> for Number {
    fn from(value: Extended) -> Self {
        let exponent = i32::from(value.sign_exponent & 0x7fff);
        let class = match (exponent, value.mantissa) {
            (0x7fff, mantissa) if mantissa << 1 == 0 => Class::Infinite,
            (0x7fff, _) => Class::Nan,
            (_, 0) => Class::Zero,
            (_, mantissa) => Class::Finite {
                mantissa,
                exponent: exponent.max(1) - 16446,
            },
        };
        Self {
            negative: value.sign_exponent >> 15 != 0,
            class,
        }
    }
}
