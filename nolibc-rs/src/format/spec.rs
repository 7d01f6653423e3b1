//! One conversion specification: `%`, flags, width, precision, length, letter.

use super::Args;
use crate::errno::{Errno, Result};

/// What stands between `%` and its letter, and the letter.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// `-`
    pub left: bool,
    /// What stands where a minus would: `+` or, failing that, a space.
    pub plus: Sign,
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

/// What stands before a number: a character or nothing.
#[derive(Clone, Copy, Debug)]
pub struct Sign(u8);

impl Sign {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// How many characters it has.
    #[inline(always)]
    pub fn width(self) -> usize {
        usize::from(self.0 != 0)
    }

    /// The character, 0 for none.
    #[inline(always)]
    pub fn byte(self) -> u8 {
        self.0
    }

    /// Its text.
    pub fn text(&self) -> &[u8] {
        match self {
            Self(0) => &[],
            Self(byte) => core::slice::from_ref(byte),
        }
    }
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
    #[inline(always)]
    pub fn size(self) -> usize {
        match self {
            Self::Char => 1,
            Self::Short => 2,
            Self::None | Self::Int => 4,
            // `L` as in glibc, and harmless.
            Self::Long | Self::LongLong | Self::LongDouble => 8,
        }
    }

    /// Read a modifier at the start of `text`; `None`: `w` with a width that no
    /// type has.
    pub fn parse(text: &[u8]) -> Option<(Self, &[u8])> {
        let (&first, rest) = text.split_first()?;
        let doubled = rest.first() == Some(&first);
        let (length, used) = match first {
            b'h' if doubled => (Self::Char, 2),
            b'h' => (Self::Short, 1),
            b'l' if doubled => (Self::LongLong, 2),
            b'l' => (Self::Long, 1),
            b'j' | b'z' | b't' | b'q' => (Self::LongLong, 1),
            b'L' => (Self::LongDouble, 1),
            b'w' => return Self::of_width(rest),
            _ => return Some((Self::None, text)),
        };
        Some((length, text.get(used..)?))
    }

    /// What follows `w` (C23 7.23.6.1).
    #[cold]
    fn of_width(text: &[u8]) -> Option<(Self, &[u8])> {
        let (fast, text) = match text {
            [b'f', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let (length, rest) = match text {
            [b'8', rest @ ..] => (Self::Char, rest),
            [b'1', b'6', rest @ ..] => (Self::Short, rest),
            [b'3', b'2', rest @ ..] => (Self::Int, rest),
            [b'6', b'4', rest @ ..] => (Self::LongLong, rest),
            _ => return None,
        };
        // There is no %w80d.
        if rest.first().is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let wide = fast && length != Self::Char;
        Some((if wide { Self::LongLong } else { length }, rest))
    }
}

impl Spec {
    /// No flags, no width, no precision, no length.
    pub(super) const NONE: Self = Self {
        left: false,
        plus: Sign::NONE,
        alternate: false,
        zero: false,
        width: 0,
        precision: None,
        length: Length::None,
        conversion: 0,
    };

    /// The sign of a number; without a branch, as no CPU foresees signs.
    #[inline(always)]
    pub(super) fn sign(&self, negative: bool) -> Sign {
        Sign(core::hint::select_unpredictable(
            negative,
            b'-',
            self.plus.0,
        ))
    }

    /// What most doubles are printed with, a precision of one or two digits and a letter: as
    /// [`parse`](Self::parse), or `None` and nothing read.
    #[inline(always)]
    pub(super) fn plain_double<'f>(&mut self, text: &'f [u8]) -> Option<&'f [u8]> {
        let digit = |byte: u8| byte.wrapping_sub(b'0');
        let (precision, letter, rest) = match *text {
            [b'.', a, letter @ b'e'..=b'g', ref rest @ ..] if digit(a) < 10 => {
                (digit(a), letter, rest)
            }
            [b'.', a, b, letter @ b'e'..=b'g', ref rest @ ..] if digit(a) < 10 && digit(b) < 10 => {
                (digit(a) * 10 + digit(b), letter, rest)
            }
            _ => return None,
        };
        self.precision = Some(precision.into());
        self.conversion = letter;
        Some(rest)
    }

    /// Whether the argument is a `double`.
    #[inline(always)]
    pub(super) fn is_double(&self) -> bool {
        matches!(self.conversion | 0x20, b'a' | b'e'..=b'g')
            && matches!(self.length, Length::None | Length::Long)
    }

    /// Read what follows a `%` into [`NONE`](Self::NONE); answers what follows the
    /// letter.
    ///
    /// In place: what is put together from bytes and copied at once has to wait
    /// for them.
    #[inline(always)]
    pub(super) fn parse<'a, 'f>(
        &mut self,
        mut text: &'f [u8],
        args: &mut impl Args<'a>,
    ) -> Result<&'f [u8]> {
        let (mut first, mut rest) = letter(text)?;
        // Most have a letter, or a point, next.
        if first <= b'9' && first != b'.' {
            text = self.flags_and_width(text, args)?;
            (first, rest) = letter(text)?;
        }
        if first == b'.' {
            text = self.precision(rest, args)?;
            (first, rest) = letter(text)?;
        }
        self.conversion = first;
        if matches!(first, b'h' | b'l' | b'j' | b'z' | b't' | b'q' | b'L' | b'w') {
            return self.length(text);
        }
        Ok(rest)
    }

    /// A length modifier, and the letter.
    #[inline(never)]
    fn length<'f>(&mut self, text: &'f [u8]) -> Result<&'f [u8]> {
        let (length, text) = Length::parse(text).ok_or(Errno::EINVAL)?;
        let (conversion, rest) = letter(text)?;
        self.length = length;
        self.conversion = conversion;
        Ok(rest)
    }

    #[inline(never)]
    fn flags_and_width<'a, 'f>(
        &mut self,
        mut text: &'f [u8],
        args: &mut impl Args<'a>,
    ) -> Result<&'f [u8]> {
        while let Some((&flag, rest)) = text.split_first() {
            match flag {
                b'-' => self.left = true,
                b'+' => self.plus = Sign(b'+'),
                b' ' => self.plus = Sign(self.plus.0.max(b' ')),
                b'#' => self.alternate = true,
                b'0' => self.zero = true,
                b'\'' => {}
                _ => break,
            }
            text = rest;
        }
        let (width, text) = number_or_argument(text, args)?;
        self.left |= width < 0;
        self.width = width.unsigned_abs() as usize;
        self.zero &= !self.left;
        Ok(text)
    }

    /// What follows the point: nothing, which is 0, digits or an argument.
    #[inline(always)]
    fn precision<'a, 'f>(&mut self, text: &'f [u8], args: &mut impl Args<'a>) -> Result<&'f [u8]> {
        let digit = |byte: u8| byte.wrapping_sub(b'0');
        let (value, used) = match *text {
            [a, next, ..] if digit(a) < 10 && next > b'9' => (digit(a), 1),
            [a, b, next, ..] if digit(a) < 10 && digit(b) < 10 && next > b'9' => {
                (digit(a) * 10 + digit(b), 2)
            }
            _ => return self.rare_precision(text, args),
        };
        self.precision = Some(value.into());
        Ok(text.get(used..).unwrap_or_default())
    }

    #[inline(never)]
    fn rare_precision<'a, 'f>(
        &mut self,
        text: &'f [u8],
        args: &mut impl Args<'a>,
    ) -> Result<&'f [u8]> {
        // A negative argument is as if there were none.
        let (value, rest) = match text {
            [b'-', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
                (-1, skip_digits(rest))
            }
            _ => number_or_argument(text, args)?,
        };
        self.precision = usize::try_from(value).ok();
        Ok(rest)
    }
}

/// The next byte, and what follows it.
#[inline(always)]
fn letter(text: &[u8]) -> Result<(u8, &[u8])> {
    let (&first, rest) = text.split_first().ok_or(Errno::EINVAL)?;
    Ok((first, rest))
}

fn skip_digits(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.get(digits..).unwrap_or_default()
}

/// `*` or decimal digits, 0 for none. A number before `$` is refused.
#[inline(never)]
fn number_or_argument<'a, 'f>(
    mut text: &'f [u8],
    args: &mut impl Args<'a>,
) -> Result<(i32, &'f [u8])> {
    if let [b'*', rest @ ..] = text {
        if skip_digits(rest).first() == Some(&b'$') {
            return Err(Errno::EINVAL);
        }
        let value = args.word() as i32;
        // Its negation must be an int too.
        return if value == i32::MIN {
            Err(Errno::EOVERFLOW)
        } else {
            Ok((value, rest))
        };
    }
    let mut value = 0_u64;
    while let Some((&digit, rest)) = text.split_first() {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = (value * 10 + u64::from(digit)).min(1 << 40);
        text = rest;
    }
    if text.first() == Some(&b'$') {
        return Err(Errno::EINVAL);
    }
    let value = i32::try_from(value).map_err(|_| Errno::EOVERFLOW)?;
    Ok((value, text))
}
