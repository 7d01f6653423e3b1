//! One conversion specification: `%`, flags, width, precision, length, letter.

use super::Args;
use crate::errno::{Errno, Result};

/// What stands between `%` and its letter, and the letter.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// `-`
    pub left: bool,
    /// `+` or, failing that, a space: what stands where a minus would.
    pub plus: Option<u8>,
    /// `#`
    pub alternate: bool,
    /// `0`, and no `-`.
    pub zero: bool,
    /// The least width of the field.
    pub width: usize,
    /// What follows the point, if there is one.
    pub precision: Option<usize>,
    /// The length modifier.
    pub length: Length,
    /// The letter.
    pub conversion: u8,
}

/// The length modifiers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// None.
    None,
    /// `hh`, `w8`
    Char,
    /// `h`, `w16`
    Short,
    /// `w32`
    Int,
    /// `l`
    Long,
    /// `ll`, `j`, `z`, `t`, `w64` and the fast types of 16 bits and more
    LongLong,
    /// `L`
    LongDouble,
}

impl Length {
    /// The size of the integer it stands for.
    pub fn size(self) -> Option<usize> {
        match self {
            Self::Char => Some(1),
            Self::Short => Some(2),
            Self::None | Self::Int => Some(4),
            Self::Long | Self::LongLong => Some(8),
            // As in glibc, and harmless.
            Self::LongDouble => Some(8),
        }
    }

    pub(super) fn signed<'a>(self, args: &mut impl Args<'a>) -> Result<i64> {
        Ok(match self {
            Self::Char => i64::from(args.int() as i8),
            Self::Short => i64::from(args.int() as i16),
            Self::None | Self::Int => i64::from(args.int()),
            _ => args.long(),
        })
    }

    pub(super) fn unsigned<'a>(self, args: &mut impl Args<'a>) -> Result<u64> {
        Ok(match self {
            Self::Char => u64::from(args.int() as u8),
            Self::Short => u64::from(args.int() as u16),
            Self::None | Self::Int => u64::from(args.int() as u32),
            _ => args.long() as u64,
        })
    }

    /// Read a modifier at the start of `text`; `None`: `w` with a width that no
    /// type has.
    pub fn parse(text: &[u8]) -> Option<(Self, &[u8])> {
        let (length, used) = match text {
            [b'h', b'h', ..] => (Self::Char, 2),
            [b'h', ..] => (Self::Short, 1),
            [b'l', b'l', ..] => (Self::LongLong, 2),
            [b'l', ..] => (Self::Long, 1),
            [b'j' | b'z' | b't' | b'q', ..] => (Self::LongLong, 1),
            [b'L', ..] => (Self::LongDouble, 1),
            [b'w', b'f', b'8', ..] => (Self::Char, 3),
            [b'w', b'f', b'1', b'6', ..]
            | [b'w', b'f', b'3', b'2', ..]
            | [b'w', b'f', b'6', b'4', ..] => (Self::LongLong, 4),
            [b'w', b'8', ..] => (Self::Char, 2),
            [b'w', b'1', b'6', ..] => (Self::Short, 3),
            [b'w', b'3', b'2', ..] => (Self::Int, 3),
            [b'w', b'6', b'4', ..] => (Self::LongLong, 3),
            [b'w', ..] => return None,
            _ => (Self::None, 0),
        };
        Some((length, text.get(used..)?))
    }
}

impl Spec {
    /// Read what follows a `%`; answers the rest of the format too.
    pub(super) fn parse<'f, 'a>(
        mut text: &'f [u8],
        args: &mut impl Args<'a>,
    ) -> Result<(Self, &'f [u8])> {
        let mut spec = Self {
            left: false,
            plus: None,
            alternate: false,
            zero: false,
            width: 0,
            precision: None,
            length: Length::None,
            conversion: 0,
        };
        while let Some((&flag, rest)) = text.split_first() {
            match flag {
                b'-' => spec.left = true,
                b'+' => spec.plus = Some(b'+'),
                b' ' => spec.plus = spec.plus.or(Some(b' ')),
                b'#' => spec.alternate = true,
                b'0' => spec.zero = true,
                b'\'' => {}
                _ => break,
            }
            text = rest;
        }
        let (width, rest) = number_or_argument(text, args)?;
        text = rest;
        spec.left |= width < 0;
        spec.width = width.unsigned_abs() as usize;
        if let [b'.', rest @ ..] = text {
            // A negative argument is as if there were none; "." alone is 0.
            let (precision, rest) = match rest {
                [b'-', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
                    (-1, skip_digits(rest))
                }
                _ => number_or_argument(rest, args)?,
            };
            text = rest;
            spec.precision = usize::try_from(precision).ok();
        }
        let (length, rest) = Length::parse(text).ok_or(Errno::EINVAL)?;
        let (&conversion, rest) = rest.split_first().ok_or(Errno::EINVAL)?;
        spec.length = length;
        spec.conversion = conversion;
        spec.zero &= !spec.left;
        Ok((spec, rest))
    }
}

fn skip_digits(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.get(digits..).unwrap_or_default()
}

/// `*` or decimal digits, 0 for none. A number before `$` is refused.
fn number_or_argument<'f, 'a>(text: &'f [u8], args: &mut impl Args<'a>) -> Result<(i32, &'f [u8])> {
    if let [b'*', rest @ ..] = text {
        if skip_digits(rest).first() == Some(&b'$') {
            return Err(Errno::EINVAL);
        }
        let value = args.int();
        // Its negation must be an int too.
        return if value == i32::MIN {
            Err(Errno::EOVERFLOW)
        } else {
            Ok((value, rest))
        };
    }
    let mut value = 0_i32;
    let mut text = text;
    while let Some((&digit @ b'0'..=b'9', rest)) = text.split_first() {
        let next = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i32::from(digit - b'0')));
        value = next.ok_or(Errno::EOVERFLOW)?;
        text = rest;
    }
    if text.first() == Some(&b'$') {
        return Err(Errno::EINVAL);
    }
    Ok((value, text))
}
