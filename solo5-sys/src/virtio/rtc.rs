//! The real-time clock (MC146818): the date, in UTC, to the second.
//!
//! Source: Motorola MC146818 data sheet.

use crate::core::cpu::{in8, out8};
use crate::firmware::date::Reading;

fn register(index: u8) -> u8 {
    // SAFETY: selecting and reading a register changes nothing else; bit 7 of
    // the index, clear, leaves the NMI enabled.
    unsafe {
        out8(0x70, index);
        in8(0x71)
    }
}

fn read_once() -> Reading {
    Reading {
        second: register(0),
        minute: register(2),
        hour: register(4),
        day: register(7),
        month: register(8),
        year: register(9),
        century: register(0x32),
        format: register(11),
    }
}

/// Seconds since 1970, as the clock shows them now: read until two readings
/// agree, since the clock may count on in between. `None` where there is no
/// clock.
pub fn seconds() -> Option<u64> {
    let mut last = read_once();
    for _ in 0..16 {
        let now = read_once();
        if now == last {
            return now.seconds();
        }
        last = now;
    }
    None
}

/// Call `at` when the next second begins; `None` if none does for long.
pub fn next_second<T>(at: impl FnOnce() -> T) -> Option<T> {
    let now = register(0);
    (0..100_000_000).find(|_| register(0) != now)?;
    Some(at())
}
