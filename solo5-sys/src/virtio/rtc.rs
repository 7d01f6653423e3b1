//! The real-time clock (MC146818): the date, in UTC, to the second.
//!
//! Source: Motorola MC146818 data sheet; the century register, 0x32, is the one
//! that PCs and QEMU use.

use crate::core::cpu::{in8, out8};

/// The registers of one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    second: u8,
    minute: u8,
    hour: u8,
    day: u8,
    month: u8,
    year: u8,
    century: u8,
    format: u8,
}

const BINARY: u8 = 1 << 2;
const HOURS_24: u8 = 1 << 1;
const AFTERNOON: u8 = 1 << 7;

impl Reading {
    /// Seconds since 1970-01-01 00:00; `None` if this is no date.
    pub fn seconds(self) -> Option<u64> {
        let number = |value: u8| {
            if self.format & BINARY != 0 {
                u64::from(value)
            } else {
                u64::from(value >> 4) * 10 + u64::from(value & 0xf)
            }
        };
        let mut hour = number(self.hour & !AFTERNOON);
        if self.format & HOURS_24 == 0 {
            hour = hour % 12 + if self.hour & AFTERNOON != 0 { 12 } else { 0 };
        }
        let century = match number(self.century) {
            century @ 19..=99 => century,
            _ => 20,
        };
        let year = century * 100 + number(self.year);
        let (month, day) = (number(self.month), number(self.day));
        let (minute, second) = (number(self.minute), number(self.second));
        if !(1970..10_000).contains(&year)
            || !(1..=12).contains(&month)
            || !(1..=31).contains(&day)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return None;
        }
        Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, by counting years
/// from March, so that the leap day comes last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let before_month = (153 * month + 2) / 5;
    let before_year = year * 365 + year / 4 - year / 100 + year / 400;
    before_year + before_month + day - 1 - 719_468
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(format: u8, fields: [u8; 7]) -> Reading {
        let [century, year, month, day, hour, minute, second] = fields;
        Reading {
            second,
            minute,
            hour,
            day,
            month,
            year,
            century,
            format,
        }
    }

    #[test]
    fn dates() {
        let bcd = |fields| reading(HOURS_24, fields).seconds();
        assert_eq!(bcd([0x19, 0x70, 1, 1, 0, 0, 0]), Some(0));
        assert_eq!(
            bcd([0x20, 0x26, 0x11, 0x21, 0x06, 0x39, 0x21]),
            Some(1_795_243_161)
        );
        assert_eq!(
            bcd([0x20, 0x24, 2, 0x29, 0x23, 0x59, 0x59]),
            Some(1_709_251_199)
        );
        // A century register that holds none.
        assert_eq!(bcd([0, 0x24, 3, 1, 0, 0, 0]), Some(1_709_251_200));
        assert_eq!(bcd([0xff; 7]), None);
        assert_eq!(bcd([0x20, 0x24, 0x13, 1, 0, 0, 0]), None);
    }

    #[test]
    fn formats() {
        let noon = Some(1_709_251_200 + 12 * 3600);
        let midnight = Some(1_709_251_200);
        let binary = BINARY | HOURS_24;
        assert_eq!(reading(binary, [20, 24, 3, 1, 12, 0, 0]).seconds(), noon);
        assert_eq!(reading(0, [0x20, 0x24, 3, 1, 0x92, 0, 0]).seconds(), noon);
        assert_eq!(
            reading(0, [0x20, 0x24, 3, 1, 0x12, 0, 0]).seconds(),
            midnight
        );
        assert_eq!(
            reading(BINARY, [20, 24, 3, 1, 0x80 | 12, 0, 0]).seconds(),
            noon
        );
    }
}
