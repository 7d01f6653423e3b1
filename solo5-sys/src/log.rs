//! What a backend says about itself: lines that begin with `Solo5: `.
//!
//! The command line sets the level (see [`crate::cmdline`]); without an option
//! warnings and errors are printed.

use core::sync::atomic::{AtomicU8, Ordering};

use crate::machine::Machine;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// The machine ends.
    Error,
    /// Something is not as it should be.
    Warn,
    /// What the machine does.
    Info,
    /// What helps to find a fault in the machine.
    Debug,
}

static LEVEL: AtomicU8 = AtomicU8::new(Level::Warn as u8);

/// Print lines of `level` and more important ones.
pub fn set_level(level: Level) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

/// Whether lines of `level` are printed.
pub fn enabled(level: Level) -> bool {
    level as u8 <= LEVEL.load(Ordering::Relaxed)
}

/// Print a line.
pub fn line<M: Machine>(level: Level, text: &str) {
    if enabled(level) {
        M::console_write(b"Solo5: ");
        M::console_write(text.as_bytes());
        M::console_write(b"\n");
    }
}

/// Print a line that ends in a number, decimal.
pub fn number<M: Machine>(level: Level, text: &str, number: u64) {
    if enabled(level) {
        let mut digits = [0; 20];
        M::console_write(b"Solo5: ");
        M::console_write(text.as_bytes());
        M::console_write(format(number, 10, &mut digits));
        M::console_write(b"\n");
    }
}

/// Print a line that names a range of addresses.
pub fn range<M: Machine>(level: Level, text: &str, start: usize, end: usize) {
    if enabled(level) {
        let mut digits = [0; 20];
        M::console_write(b"Solo5: ");
        M::console_write(text.as_bytes());
        M::console_write(b" 0x");
        M::console_write(format(start as u64, 16, &mut digits));
        M::console_write(b" - 0x");
        M::console_write(format(end as u64, 16, &mut digits));
        M::console_write(b"\n");
    }
}

/// The digits of `number` in `base` (2 to 16), in the end of `buffer`; those
/// that do not fit are lost.
pub fn format(mut number: u64, base: u64, buffer: &mut [u8]) -> &[u8] {
    let mut start = buffer.len();
    for (index, place) in buffer.iter_mut().enumerate().rev() {
        let digit = (number % base) as u8;
        *place = if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        };
        start = index;
        number /= base;
        if number == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_numbers() {
        let mut buffer = [0; 20];
        assert_eq!(format(0, 10, &mut buffer), b"0");
        assert_eq!(format(u64::MAX, 10, &mut buffer), b"18446744073709551615");
        assert_eq!(format(0xdead_beef, 16, &mut buffer), b"deadbeef");
        assert_eq!(format(12345, 10, &mut buffer[..3]), b"345");
    }
}
