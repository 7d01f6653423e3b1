//! A reading of the real-time clock (MC146818), as seconds since 1970.
//!
//! Source: Motorola MC146818 data sheet; the century register is the one that
//! PCs and QEMU have at 0x32. Years of four digits, Gregorian calendar.

/// The registers of one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the registers' own names")]
pub struct Reading {
    pub second: u8,
    pub minute: u8,
    pub hour: u8,
    pub day: u8,
    pub month: u8,
    pub year: u8,
    pub century: u8,
    pub format: u8,
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
