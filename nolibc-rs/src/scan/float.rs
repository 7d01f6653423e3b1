//! `%a %e %f %g`: gathering the text of a number.

use super::input::Input;
use super::{Step, Stop};
use crate::buffer::Buffer;
use crate::decimal::{self, Format, Number};
use crate::errno::Result;

/// The text, on the stack as long as it is short.
struct Text {
    short: [u8; 64],
    long: Option<Buffer>,
    len: usize,
}

impl Text {
    fn put(&mut self, byte: u8) -> Result<()> {
        let room = self.long.as_deref().map_or(self.short.len(), <[u8]>::len);
        if self.len == room {
            let mut larger = Buffer::new(room * 4)?;
            if let Some(place) = larger.get_mut(..self.len) {
                place.copy_from_slice(self.bytes());
            }
            self.long = Some(larger);
        }
        let bytes = self.long.as_deref_mut().unwrap_or(&mut self.short);
        if let Some(place) = bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
        Ok(())
    }

    fn bytes(&self) -> &[u8] {
        let bytes = self.long.as_deref().unwrap_or(&self.short);
        bytes.get(..self.len).unwrap_or_default()
    }
}

/// What was read of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Sign,
    /// A 0 that an `x` may follow.
    Zero,
    Whole,
    Fraction,
    /// The letter before the exponent.
    Letter,
    Exponent,
    /// What is left of a word.
    Word(&'static [u8]),
    /// What stands behind `nan(`.
    Parenthesis,
    End,
}

/// Tells which byte may follow in a number.
struct Grammar {
    state: State,
    hexadecimal: bool,
    /// There is a digit.
    any: bool,
}

impl Grammar {
    fn accepts(&mut self, byte: u8) -> bool {
        let digit = if self.hexadecimal {
            byte.is_ascii_hexdigit()
        } else {
            byte.is_ascii_digit()
        };
        let sign = matches!(byte, b'+' | b'-');
        let letter = byte | 0x20;
        let power = if self.hexadecimal { b'p' } else { b'e' };
        self.state = match self.state {
            State::Start if sign => State::Sign,
            State::Start | State::Sign if byte == b'0' => State::Zero,
            State::Start | State::Sign if letter == b'i' => State::Word(b"nfinity"),
            State::Start | State::Sign if letter == b'n' => State::Word(b"an("),
            State::Zero if letter == b'x' => {
                self.hexadecimal = true;
                self.any = false;
                State::Whole
            }
            State::Fraction if digit => State::Fraction,
            State::Start | State::Sign | State::Zero | State::Whole if digit => State::Whole,
            State::Start | State::Sign | State::Zero | State::Whole if byte == b'.' => {
                State::Fraction
            }
            State::Zero | State::Whole | State::Fraction if self.any && letter == power => {
                State::Letter
            }
            State::Letter if sign => State::Exponent,
            State::Letter | State::Exponent if byte.is_ascii_digit() => State::Exponent,
            State::Word([first, rest @ ..]) if byte.eq_ignore_ascii_case(first) => {
                if byte == b'(' {
                    State::Parenthesis
                } else {
                    State::Word(rest)
                }
            }
            State::Parenthesis if byte == b')' => State::End,
            State::Parenthesis if byte.is_ascii_alphanumeric() || byte == b'_' => self.state,
            _ => return false,
        };
        self.any |= matches!(
            self.state,
            State::Zero | State::Whole | State::Fraction if digit
        );
        true
    }
}

/// Read a number, as `strtod` has it.
pub fn read(input: &mut Input<'_>, format: Format) -> Step<Number> {
    input.peek().ok_or(Stop::Input)?;
    let mut text = Text {
        short: [0; 64],
        long: None,
        len: 0,
    };
    let mut grammar = Grammar {
        state: State::Start,
        hexadecimal: false,
        any: false,
    };
    while let Some(byte) = input.peek().filter(|&byte| grammar.accepts(byte)) {
        text.put(byte)?;
        input.advance();
    }
    let parsed = decimal::parse(text.bytes(), format, crate::arch::rounding_mode());
    match parsed {
        // Less is not the whole item: what was read ends in the middle of one.
        Some(parsed) if parsed.used == text.len => Ok(parsed.number),
        _ => Err(Stop::Matching),
    }
}
