//! The `printf` engine: any format must end well, and those that C defines give
//! what glibc gives.
#![no_main]

#[path = "../../tests/text/oracle.rs"]
#[expect(dead_code, reason = "this target needs a part of it")]
mod oracle;

use libfuzzer_sys::fuzz_target;
use nolibc::decimal::Extended;
use nolibc::errno::{Errno, Result};
use nolibc::format::{self, Args, Sink};
use oracle::Block;

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((kind, rest)) if kind & 1 != 0 => any_format(rest),
        Some((_, rest)) => defined_format(rest),
        None => {}
    }
});

/// Arguments for whatever a format asks for.
struct Some64(u64);

impl<'a> Args<'a> for Some64 {
    fn word(&mut self) -> u64 {
        self.0 = self.0.rotate_left(7) ^ 0x9e37_79b9;
        self.0 % 3000
    }
    fn double(&mut self) -> f64 {
        f64::from_bits(self.0)
    }
    fn long_double(&mut self) -> Extended {
        Extended {
            mantissa: self.0,
            sign_exponent: self.0 as u16,
        }
    }
    fn pointer(&mut self) -> usize {
        self.0 as usize
    }
    fn string(&mut self, limit: usize) -> Option<&'a [u8]> {
        b"some text".get(..limit.min(9))
    }
    fn wide_string(&mut self, limit: usize) -> Option<&'a [u32]> {
        [97, 98, 1000].get(..limit.min(3))
    }
    fn store(&mut self, _size: usize, _count: i64) {}
    fn error_text(&mut self) -> &'static [u8] {
        b"an error"
    }
    fn rounding_mode(&self) -> u32 {
        self.0 as u32 >> 5 & 3
    }
}

/// Counts, and has had enough at some point.
struct Count(usize);

impl Sink for Count {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0 += bytes.len();
        if self.0 > 100_000 {
            Err(Errno::EIO)
        } else {
            Ok(())
        }
    }
}

fn any_format(bytes: &[u8]) {
    let Some((seed, format)) = bytes.split_first_chunk() else {
        return;
    };
    let mut count = Count(0);
    if let Ok(len) = format::format(&mut count, format, &mut Some64(u64::from_le_bytes(*seed))) {
        assert_eq!(len as usize, count.0);
    }
}

fn defined_format(mut bytes: &[u8]) {
    let mut take = || {
        let (&first, rest) = bytes.split_first()?;
        bytes = rest;
        Some(first)
    };
    let mut block = Block::default();
    let mut text = String::new();
    let mut lost = false;
    // As many as the oracle has room for.
    for _ in 0..16 {
        let Some(kind) = take() else {
            break;
        };
        let conversion = char::from(b"diuoxXbBeEfFgGaAsc%p"[usize::from(kind) % 20]);
        let integer = "diuoxXbB".contains(conversion);
        let double = "eEfFgGaA".contains(conversion);
        let flags = take().unwrap_or(0);
        text.push('%');
        let allowed = if integer || double { "-+ #0" } else { "-" };
        for (at, flag) in allowed.chars().enumerate() {
            // %p and the like know no more; %u and %d no '#', which is ignored.
            if flags >> at & 1 != 0 && conversion != '%' {
                text.push(flag);
            }
        }
        if flags & 32 != 0 && conversion != '%' {
            text += &(take().unwrap_or(0) % 100 + 1).to_string();
        }
        if flags & 64 != 0 && (integer || double || conversion == 's') {
            text += &format!(
                ".{}",
                u32::from(take().unwrap_or(0)) * if double { 2 } else { 1 }
            );
        }
        let mut word = [0; 8];
        for byte in &mut word {
            *byte = take().unwrap_or(0);
        }
        let word = u64::from_le_bytes(word);
        if integer {
            let lengths = ["", "hh", "h", "l", "ll", "j", "z", "t"];
            text += lengths[usize::from(take().unwrap_or(0)) % 8];
        }
        text.push(conversion);
        let words = [c"", c"word", c"some longer text"];
        block = match conversion {
            's' => block.word(words[(word % 3) as usize].as_ptr() as u64),
            'c' => block.word(word % 94 + 33),
            '%' => block,
            _ => block.word(word),
        };
        lost |= text.contains('#') && "gG".contains(conversion);
    }
    if !(lost && oracle::ours(&text, &block) != oracle::theirs(&text, &block)) {
        oracle::same(&text, &block);
    }
}
