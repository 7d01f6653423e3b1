//! The input of a scan: one byte ahead, counted, limited by a field's width.

use super::{Source, Step, Stop, is_space};

/// What is known of the next byte.
#[derive(Clone, Copy)]
enum Ahead {
    Nothing,
    /// Taken from the source and not used yet.
    Byte(u8),
    /// The source has ended.
    End,
}

pub struct Input<'a> {
    source: &'a mut dyn Source,
    ahead: Ahead,
    count: usize,
    /// What the field's width leaves.
    left: usize,
}

impl<'a> Input<'a> {
    pub fn new(source: &'a mut dyn Source) -> Self {
        Self {
            source,
            ahead: Ahead::Nothing,
            count: 0,
            left: usize::MAX,
        }
    }

    /// How many bytes were used.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Begin a field of at most `width` bytes.
    pub fn limit(&mut self, width: Option<usize>) {
        self.left = width.unwrap_or(usize::MAX);
    }

    /// The next byte of the field.
    #[inline(never)]
    pub fn peek(&mut self) -> Option<u8> {
        if self.left == 0 {
            return None;
        }
        if matches!(self.ahead, Ahead::Nothing) {
            self.ahead = self.source.next().map_or(Ahead::End, Ahead::Byte);
        }
        match self.ahead {
            Ahead::Byte(byte) => Some(byte),
            _ => None,
        }
    }

    /// Use the byte that `peek` showed.
    #[inline(always)]
    pub fn advance(&mut self) {
        self.ahead = Ahead::Nothing;
        self.count += 1;
        self.left -= 1;
    }

    /// Use the next byte if it is `byte`, in either case.
    #[inline(never)]
    pub fn take(&mut self, byte: u8) -> Option<u8> {
        let found = self
            .peek()
            .filter(|next| next.eq_ignore_ascii_case(&byte))?;
        self.advance();
        Some(found)
    }

    #[inline(never)]
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.advance();
        }
    }

    /// Use the next byte, which must be this one.
    #[inline(never)]
    pub fn require(&mut self, byte: u8) -> Step<()> {
        match self.peek() {
            None => Err(Stop::Input),
            Some(next) if next == byte => {
                self.advance();
                Ok(())
            }
            Some(_) => Err(Stop::Matching),
        }
    }

    /// Use the number that a string starts with, in a field without a width. `None`: there
    /// is none, or what follows it may belong to its field ("1e+", "0x", "nan(").
    pub fn number(&mut self, single: bool) -> Option<f64> {
        self.finish();
        let (value, used, next) = self.source.number(single)?;
        if used == 0 || matches!(next | 0x20, b'e' | b'x' | b'p' | b'i' | b'(') {
            return None;
        }
        self.source.skip(used);
        self.count += used;
        Some(value)
    }

    /// Give back what was not used.
    pub fn finish(&mut self) {
        if let Ahead::Byte(byte) = self.ahead {
            self.ahead = Ahead::Nothing;
            self.source.back(byte);
        }
    }
}
