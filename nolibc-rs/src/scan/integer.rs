//! Text to integers: what `strtol` and its relatives read (C11 7.22.1.4).

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
pub fn parse_integer(text: &[u8], base: i32) -> Result<Integer> {
    let mut base = match base {
        0 | 2..=36 => base as u32,
        _ => return Err(Errno::EINVAL),
    };
    let sign = text
        .first()
        .copied()
        .filter(|byte| matches!(byte, b'+' | b'-'));
    let start = usize::from(sign.is_some());
    let digit = |at: usize, base: u32| {
        let byte = text.get(at).copied().unwrap_or(0);
        char::from(byte).to_digit(base).map(u64::from)
    };
    let mut at = start;
    if text.get(at) == Some(&b'0') && matches!(base, 0 | 16) {
        let prefixed =
            text.get(at + 1).is_some_and(|byte| byte | 0x20 == b'x') && digit(at + 2, 16).is_some();
        if prefixed {
            at += 2;
            base = 16;
        } else if base == 0 {
            base = 8;
        }
    } else if base == 0 {
        base = 10;
    }
    let (mut magnitude, mut overflow) = (0_u64, false);
    let first = at;
    while let Some(digit) = digit(at, base) {
        let next = magnitude
            .checked_mul(base.into())
            .and_then(|value| value.checked_add(digit));
        magnitude = next.unwrap_or_else(|| {
            overflow = true;
            u64::MAX
        });
        at += 1;
    }
    Ok(Integer {
        negative: sign == Some(b'-'),
        magnitude: if overflow { u64::MAX } else { magnitude },
        overflow,
        used: if at == first { 0 } else { at },
    })
}
