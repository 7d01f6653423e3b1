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

struct Reader<'i, 's> {
    input: &'i mut Input<'s>,
    text: Text,
}

/// Read a number, as `strtod` has it.
pub fn read(input: &mut Input<'_>, format: Format) -> Step<Number> {
    input.peek().ok_or(Stop::Input)?;
    let text = Text {
        short: [0; 64],
        long: None,
        len: 0,
    };
    let mut reader = Reader { input, text };
    if !reader.take(b'-')? {
        reader.take(b'+')?;
    }
    reader.magnitude()?;
    let parsed = decimal::parse(reader.text.bytes(), format, crate::arch::rounding_mode());
    Ok(parsed.ok_or(Stop::Matching)?.number)
}

impl Reader<'_, '_> {
    #[inline(never)]
    /// Take the next byte if it is `byte`, in either case.
    fn take(&mut self, byte: u8) -> Step<bool> {
        match self.input.take(byte) {
            Some(found) => {
                self.text.put(found)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    #[inline(never)]
    fn word(&mut self, word: &[u8]) -> Step<()> {
        for &byte in word {
            if !self.take(byte)? {
                return Err(Stop::Matching);
            }
        }
        Ok(())
    }

    /// Take the bytes that `wanted` likes; answers how many.
    #[inline(never)]
    fn run(&mut self, wanted: fn(u8) -> bool) -> Step<usize> {
        let mut count = 0;
        while let Some(byte) = self.input.peek().filter(|&byte| wanted(byte)) {
            self.text.put(byte)?;
            self.input.advance();
            count += 1;
        }
        Ok(count)
    }

    fn magnitude(&mut self) -> Step<()> {
        match self.input.peek().map(|byte| byte | 0x20) {
            Some(b'i') => {
                self.word(b"inf")?;
                if self.take(b'i')? {
                    self.word(b"nity")?;
                }
                Ok(())
            }
            Some(b'n') => {
                self.word(b"nan")?;
                if self.take(b'(')? {
                    self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_')?;
                    self.word(b")")?;
                }
                Ok(())
            }
            _ => {
                let zero = self.take(b'0')?;
                if zero && self.take(b'x')? {
                    self.digits(0, |byte| byte.is_ascii_hexdigit())?;
                    self.exponent(b'p')
                } else {
                    self.digits(usize::from(zero), |byte| byte.is_ascii_digit())?;
                    self.exponent(b'e')
                }
            }
        }
    }

    /// Digits with a point among them; one at least, `had` of which were taken.
    #[inline(never)]
    fn digits(&mut self, had: usize, wanted: fn(u8) -> bool) -> Step<()> {
        let mut count = had + self.run(wanted)?;
        if self.take(b'.')? {
            count += self.run(wanted)?;
        }
        if count == 0 {
            Err(Stop::Matching)
        } else {
            Ok(())
        }
    }

    #[inline(never)]
    fn exponent(&mut self, letter: u8) -> Step<()> {
        if !self.take(letter)? {
            return Ok(());
        }
        if !self.take(b'-')? {
            self.take(b'+')?;
        }
        match self.run(|byte| byte.is_ascii_digit())? {
            0 => Err(Stop::Matching),
            _ => Ok(()),
        }
    }
}
