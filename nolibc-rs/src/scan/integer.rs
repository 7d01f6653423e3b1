//! Text to integers: what `strtol` and its relatives read (C11 7.22.1.4).

use super::input::Input;
use super::{Step, Stop};
use crate::decimal::Text;
use crate::errno::{Errno, Result};

/// An integer that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Integer {
    /// There was a minus sign.
    pub negative: bool,
    /// The number without its sign; `u64::MAX` if it is larger.
    pub magnitude: u64,
    /// It is larger.
    pub overflow: bool,
    /// How many bytes of the text it took; 0: there is no number.
    pub used: usize,
}

impl Integer {
    /// One more digit.
    #[inline(always)]
    fn push(&mut self, base: u32, digit: u32) {
        let (product, over) = self.magnitude.overflowing_mul(base.into());
        let (sum, carry) = product.overflowing_add(digit.into());
        self.overflow |= over | carry;
        self.magnitude = if self.overflow { u64::MAX } else { sum };
        self.used += 1;
    }

    /// The number between `min` and `max`, clamped with `ERANGE` otherwise.
    pub fn signed(&self, min: i64, max: i64) -> (i64, Option<Errno>) {
        let value = match (self.negative, i64::try_from(self.magnitude)) {
            (false, Ok(value)) => Some(value),
            (true, Ok(value)) => Some(-value),
            (true, Err(_)) if self.magnitude == i64::MIN.unsigned_abs() => Some(i64::MIN),
            _ => None,
        };
        match value {
            Some(value) if (min..=max).contains(&value) => (value, None),
            _ => (if self.negative { min } else { max }, Some(Errno::ERANGE)),
        }
    }

    /// The number, negated as an unsigned one after a minus sign; the largest
    /// with `ERANGE` on overflow.
    pub fn unsigned(&self) -> (u64, Option<Errno>) {
        match (self.overflow, self.negative) {
            (true, _) => (u64::MAX, Some(Errno::ERANGE)),
            (false, true) => (self.magnitude.wrapping_neg(), None),
            (false, false) => (self.magnitude, None),
        }
    }
}

/// Read the longest integer at the start of `text` (sign first: no white space
/// is skipped). The base 0 takes a `0x` or `0` before the digits for 16 or 8.
///
/// # Errors
/// `EINVAL`: no such base.
pub fn parse_integer(text: &impl Text, base: i32) -> Result<Integer> {
    let mut base = match base {
        0 | 2..=36 => base as u32,
        _ => return Err(Errno::EINVAL),
    };
    let sign = text.byte(0);
    let mut at = usize::from(matches!(sign, b'+' | b'-'));
    if text.byte(at) == b'0' && matches!(base, 0 | 16) {
        if text.byte(at + 1) | 0x20 == b'x' && digit_of(text.byte(at + 2), 16).is_some() {
            at += 2;
            base = 16;
        } else if base == 0 {
            base = 8;
        }
    } else if base == 0 {
        base = 10;
    }
    let mut integer = Integer {
        negative: sign == b'-',
        ..Integer::default()
    };
    while let Some(digit) = digit_of(text.byte(at + integer.used), base) {
        integer.push(base, digit);
    }
    if integer.used > 0 {
        integer.used += at;
    }
    Ok(integer)
}

/// The value of a digit; no base here is above 36, beyond which `char::to_digit` panics.
fn digit_of(byte: u8, base: u32) -> Option<u32> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20).checked_sub(b'a').filter(|at| *at < 26)? + 10,
    };
    Some(value.into()).filter(|value| *value < base)
}

/// Read an integer from the input of a scan; the base 0 tells from the prefix.
pub(super) fn read(input: &mut Input<'_>, mut base: u32) -> Step<Integer> {
    input.peek().ok_or(Stop::Input)?;
    let negative = input.take(b'-').is_some();
    if !negative {
        input.take(b'+');
    }
    let mut integer = Integer {
        negative,
        ..Integer::default()
    };
    if matches!(base, 0 | 2 | 16) && input.take(b'0').is_some() {
        integer.used = 1;
        let (letter, prefixed) = if base == 2 { (b'b', 2) } else { (b'x', 16) };
        if input.take(letter).is_some() {
            base = prefixed;
            integer.used = 0;
        } else if base == 0 {
            base = 8;
        }
    } else if base == 0 {
        base = 10;
    }
    while let Some(digit) = input.peek().and_then(|byte| digit_of(byte, base)) {
        integer.push(base, digit);
        input.advance();
    }
    if integer.used == 0 {
        Err(Stop::Matching)
    } else {
        Ok(integer)
    }
}
