//! The `scanf` engine: any format over any text ends well, takes no more than
//! there is, and gives back what it does not use.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nolibc::decimal::Extended;
use nolibc::errno::{Errno, Result};
use nolibc::scan::{self, Source, Targets, TextKind};

fuzz_target!(|bytes: &[u8]| {
    let middle = bytes.iter().position(|&byte| byte == 0);
    let (format, text) = bytes.split_at(middle.unwrap_or(bytes.len() / 2));
    let mut text = Text { bytes: text, at: 0 };
    let mut targets = Places::default();
    if let Ok(outcome) = scan::scan(&mut text, format, &mut targets) {
        // Counts by %n are no items, and a failed text has none.
        assert!(outcome.stored <= targets.stored);
        assert!(outcome.stored <= format.iter().filter(|&&byte| byte == b'%').count());
    }
    assert!(text.at <= text.bytes.len());
    assert!(!targets.open);
});

struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Source for Text<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn back(&mut self, byte: u8) {
        self.at -= 1;
        assert_eq!(self.bytes[self.at], byte);
    }
}

/// Where numbers and texts go.
#[derive(Default)]
struct Places {
    stored: usize,
    /// A text was begun and not ended.
    open: bool,
    len: usize,
}

impl Targets for Places {
    fn integer(&mut self, size: usize, _value: i64) {
        assert!(matches!(size, 1 | 2 | 4 | 8));
        self.stored += 1;
    }

    fn float(&mut self, _value: f32) {
        self.stored += 1;
    }

    fn double(&mut self, _value: f64) {
        self.stored += 1;
    }

    fn long_double(&mut self, value: Extended) {
        // A normal number has its top bit.
        let exponent = value.sign_exponent & 0x7fff;
        assert_eq!(exponent != 0, value.mantissa >> 63 != 0);
        self.stored += 1;
    }

    fn begin(&mut self, _kind: TextKind) {
        assert!(!self.open);
        self.open = true;
        self.len = 0;
    }

    fn put(&mut self, _byte: u8) -> Result<()> {
        assert!(self.open);
        self.len += 1;
        if self.len > 1000 {
            Err(Errno::ENOMEM)
        } else {
            Ok(())
        }
    }

    fn end(&mut self, complete: bool) -> Result<()> {
        assert!(self.open);
        assert!(!complete || self.len > 0);
        self.open = false;
        self.stored += 1;
        Ok(())
    }
}
