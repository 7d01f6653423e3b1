//! Rounding a binary number to a format.

use super::parse::Format;
use super::{Class, Rounding};

/// A number rounded to a format: `mantissa * 2^exponent`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rounded {
    pub mantissa: u64,
    pub exponent: i32,
    /// It is not the number that was rounded.
    pub inexact: bool,
    /// Less than the smallest normal number even when rounded with an
    /// unbounded exponent (IEEE 754 7.5, after rounding, as x86 has it).
    pub tiny: bool,
}

/// Round `mantissa * 2^exponent`, whose top bit is set and to which `rest` adds
/// something less than a unit. Overflow shows as an exponent too large.
pub fn round(
    format: Format,
    mantissa: u128,
    exponent: i32,
    rest: bool,
    rounding: Rounding,
) -> Rounded {
    let top = exponent + 127;
    let precision = format.precision as i32;
    let lowest = format.min_exponent;
    let mut unit = (top - precision + 1).max(lowest);
    let (mut kept, inexact) = shift_right(mantissa, (unit - exponent) as u32, rest, rounding);
    let smallest_normal = lowest + precision - 1;
    let tiny = if top == smallest_normal - 1 {
        shift_right(mantissa, 128 - format.precision, rest, rounding).0 >> precision == 0
    } else {
        top < smallest_normal
    };
    if kept >> precision != 0 {
        kept >>= 1;
        unit += 1;
    }
    Rounded {
        mantissa: kept as u64,
        exponent: unit,
        inexact,
        tiny,
    }
}

/// `mantissa / 2^shift` rounded (`shift` at least 1), and whether that lost anything.
fn shift_right(mantissa: u128, shift: u32, rest: bool, rounding: Rounding) -> (u128, bool) {
    let kept = mantissa.unbounded_shr(shift);
    // The bits that go, aligned to the top; what is farther below is `rest`.
    let (gone, rest) = match shift {
        0..=128 => (mantissa.unbounded_shl(128 - shift), rest),
        129 => (mantissa >> 1, rest || mantissa & 1 != 0),
        _ => (0, true),
    };
    let half = 1 << 127;
    let up = match rounding {
        Rounding::Nearest => gone > half || (gone == half && (rest || kept & 1 != 0)),
        Rounding::Away => rest || gone != 0,
        Rounding::Truncate => false,
    };
    (kept + u128::from(up), rest || gone != 0)
}

impl Rounded {
    /// The place in the sequence of the format's numbers, counted from 0.
    pub fn ordinal(&self, format: Format) -> u128 {
        let steps = (self.exponent - format.min_exponent) as u128;
        (steps << (format.precision - 1)) + u128::from(self.mantissa)
    }

    /// The number at a place of that sequence.
    pub fn at(ordinal: u128, format: Format) -> Self {
        let shift = format.precision - 1;
        let steps = (ordinal >> shift).saturating_sub(1);
        Self {
            mantissa: (ordinal - (steps << shift)) as u64,
            exponent: format.min_exponent + steps as i32,
            inexact: true,
            tiny: ordinal >> shift == 0,
        }
    }

    /// The number as the format has it, and whether that is a range error.
    pub fn class(self, format: Format, rounding: Rounding) -> (Class, bool) {
        let top = format.precision as i32 + self.exponent;
        if self.mantissa >> (format.precision - 1) != 0 && top > format.max_exponent {
            let largest = Class::Finite {
                mantissa: u64::MAX >> (64 - format.precision),
                exponent: format.max_exponent - format.precision as i32,
            };
            let truncated = rounding == Rounding::Truncate;
            return (if truncated { largest } else { Class::Infinite }, true);
        }
        let class = match self.mantissa {
            0 => Class::Zero,
            mantissa => Class::Finite {
                mantissa,
                exponent: self.exponent,
            },
        };
        (class, self.tiny && self.inexact)
    }
}
