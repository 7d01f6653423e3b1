//! `strptime`, in the "C" locale.
#![forbid(unsafe_code)]

use super::{Fields, MONTHS, WEEKDAYS, days_to_month, is_leap};

/// What has been read that only makes sense together with other parts.
#[derive(Default)]
struct State {
    fields: Fields,
    /// `%z`: seconds east of UTC.
    offset_seconds: Option<i64>,
    century: Option<i32>,
    year_of_century: Option<i32>,
    /// `%I` was the last hour read.
    twelve_hours: bool,
    afternoon: Option<bool>,
    have_year: bool,
    have_day: bool,
    have_month: bool,
    have_yearday: bool,
    have_weekday: bool,
    /// Week of the year, and the day on which weeks start.
    week: Option<(i32, i32)>,
}

/// What [`parse`] found.
pub struct Parsed {
    /// The members, changed where the text had something for them.
    pub fields: Fields,
    /// `%z`: seconds east of UTC.
    pub offset_seconds: Option<i64>,
    /// How many bytes of the text were read.
    pub len: usize,
}

/// Read `text` as `format` says; `None` when it does not match.
///
/// Members that the text says nothing about stay what they were, except that the
/// day of the week and of the year follow from a date.
pub fn parse(text: &[u8], format: &[u8], fields: Fields) -> Option<Parsed> {
    let mut state = State {
        fields,
        ..State::default()
    };
    let rest = state.read(text, format)?;
    state.complete();
    Some(Parsed {
        fields: state.fields,
        offset_seconds: state.offset_seconds,
        len: text.len() - rest.len(),
    })
}

fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn skip_spaces(text: &[u8]) -> &[u8] {
    let spaces = text.iter().take_while(|byte| is_space(byte)).count();
    text.get(spaces..).unwrap_or_default()
}

/// A number of at most `digits` digits between two bounds; spaces may come first.
/// It ends in front of a digit that can only make it too large.
fn number(text: &[u8], digits: usize, low: i32, high: i32) -> Option<(i32, &[u8])> {
    let mut rest = skip_spaces(text);
    let mut value = 0;
    let mut len = 0;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if len == digits || value * 10 > high {
            break;
        }
        value = value * 10 + i32::from(digit - b'0');
        len += 1;
        rest = after;
    }
    (len > 0 && (low..=high).contains(&value)).then_some((value, rest))
}

/// One of some names, in full or its first three letters, in any case.
fn name<'a>(text: &'a [u8], names: &[&str]) -> Option<(i32, &'a [u8])> {
    for (index, name) in names.iter().enumerate() {
        for len in [name.len(), 3] {
            let (Some(word), Some(known)) = (text.get(..len), name.as_bytes().get(..len)) else {
                continue;
            };
            if word.eq_ignore_ascii_case(known) {
                return Some((index as i32, text.get(len..)?));
            }
        }
    }
    None
}

/// A count of seconds since 1970.
fn seconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let text = skip_spaces(text);
    let signs = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let digits = text
        .iter()
        .skip(signs)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (word, rest) = text.split_at_checked(signs + digits)?;
    let value = core::str::from_utf8(word).ok()?.parse().ok()?;
    Some((value, rest))
}

/// `+hh`, `+hhmm` or `+hh:mm`, or `Z`: seconds east of UTC.
fn zone(text: &[u8]) -> Option<(i64, &[u8])> {
    let (sign, rest) = match skip_spaces(text) {
        [b'Z', rest @ ..] => return Some((0, rest)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let two = |text: &[u8]| match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => {
            Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
        }
        _ => None,
    };
    let hours = two(rest)?;
    let rest = rest.get(2..)?;
    let after_colon = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = match two(after_colon) {
        Some(minutes) => (minutes, after_colon.get(2..)?),
        None => (0, rest),
    };
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), rest))
}

impl State {
    /// Read what `format` asks for; answers the rest of the text.
    fn read<'a>(&mut self, mut text: &'a [u8], mut format: &[u8]) -> Option<&'a [u8]> {
        while let [first, after @ ..] = format {
            format = after;
            if is_space(first) {
                text = skip_spaces(text);
                continue;
            }
            if *first != b'%' {
                text = text.strip_prefix(core::slice::from_ref(first))?;
                continue;
            }
            while let [b'_' | b'-' | b'0' | b'+' | b'^' | b'#', after @ ..] = format {
                format = after;
            }
            if let [b'E' | b'O', after @ ..] = format {
                format = after;
            }
            let [conversion, after @ ..] = format else {
                return None;
            };
            format = after;
            text = self.conversion(text, *conversion)?;
        }
        Some(text)
    }

    fn conversion<'a>(&mut self, text: &'a [u8], conversion: u8) -> Option<&'a [u8]> {
        let parts: &[u8] = match conversion {
            b'c' => b"%a %b %e %H:%M:%S %Y",
            b'D' | b'x' => b"%m/%d/%y",
            b'F' => b"%Y-%m-%d",
            b'r' => b"%I:%M:%S %p",
            b'R' => b"%H:%M",
            b'T' | b'X' => b"%H:%M:%S",
            b'n' | b't' => return Some(skip_spaces(text)),
            b'%' => return text.strip_prefix(b"%"),
            b'a' | b'A' => {
                let (day, rest) = name(text, &WEEKDAYS)?;
                self.fields.weekday = day;
                self.have_weekday = true;
                return Some(rest);
            }
            b'b' | b'B' | b'h' => {
                let (month, rest) = name(text, &MONTHS)?;
                self.fields.month = month;
                self.have_month = true;
                return Some(rest);
            }
            b'p' | b'P' => {
                let (half, rest) = text.split_at_checked(2)?;
                let afternoon = half.eq_ignore_ascii_case(b"pm");
                if !afternoon && !half.eq_ignore_ascii_case(b"am") {
                    return None;
                }
                self.afternoon = Some(afternoon);
                return Some(rest);
            }
            b's' => {
                let (count, rest) = seconds(text)?;
                self.fields = Fields::from_seconds(count).ok()?;
                return Some(rest);
            }
            b'z' => {
                let (offset, rest) = zone(text)?;
                self.offset_seconds = Some(offset);
                return Some(rest);
            }
            b'Z' => {
                let letters = text
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphabetic())
                    .count();
                return text.get(letters..);
            }
            _ => return self.number(text, conversion),
        };
        self.read(text, parts)
    }

    fn number<'a>(&mut self, text: &'a [u8], conversion: u8) -> Option<&'a [u8]> {
        let (digits, low, high) = match conversion {
            b'C' | b'g' | b'y' => (2, 0, 99),
            b'd' | b'e' => (2, 1, 31),
            b'H' | b'k' => (2, 0, 23),
            b'I' | b'l' => (2, 1, 12),
            b'j' => (3, 1, 366),
            b'm' => (2, 1, 12),
            b'M' => (2, 0, 59),
            b'S' => (2, 0, 61),
            b'U' | b'W' => (2, 0, 53),
            b'V' => (2, 0, 53),
            b'u' => (1, 1, 7),
            b'w' => (1, 0, 6),
            b'Y' | b'G' => (4, 0, 9999),
            _ => return None,
        };
        let (value, rest) = number(text, digits, low, high)?;
        let fields = &mut self.fields;
        match conversion {
            b'C' => {
                self.century = Some(value);
                self.have_year = true;
            }
            b'y' => {
                self.year_of_century = Some(value);
                self.have_year = true;
            }
            b'd' | b'e' => {
                fields.day = value;
                self.have_day = true;
            }
            b'H' | b'k' => {
                fields.hour = value;
                self.twelve_hours = false;
            }
            b'I' | b'l' => {
                fields.hour = value % 12;
                self.twelve_hours = true;
            }
            b'j' => {
                fields.yearday = value - 1;
                self.have_yearday = true;
            }
            b'm' => {
                fields.month = value - 1;
                self.have_month = true;
            }
            b'M' => fields.minute = value,
            b'S' => fields.second = value,
            b'U' => self.week = Some((value, 0)),
            b'W' => self.week = Some((value, 1)),
            b'u' => {
                fields.weekday = value % 7;
                self.have_weekday = true;
            }
            b'w' => {
                fields.weekday = value;
                self.have_weekday = true;
            }
            b'Y' => {
                fields.year = value - 1900;
                self.have_year = true;
                self.century = None;
                self.year_of_century = None;
            }
            // Weeks of ISO 8601 are read and not used.
            _ => {}
        }
        Some(rest)
    }

    /// Draw the conclusions from what was read.
    fn complete(&mut self) {
        let fields = &mut self.fields;
        if self.twelve_hours && self.afternoon == Some(true) {
            fields.hour += 12;
        }
        match (self.century, self.year_of_century) {
            (Some(century), year) => {
                let old = (fields.year % 100 + 100) % 100;
                fields.year = (century - 19) * 100 + year.unwrap_or(old);
            }
            (None, Some(year)) => fields.year = if year < 69 { year + 100 } else { year },
            (None, None) => {}
        }
        let year = fields.full_year();
        if let (Some((week, first)), true, false) = (
            self.week,
            self.have_weekday,
            self.have_yearday || self.have_day,
        ) {
            let start = (days_to_month(year, 0) + 4).rem_euclid(7) as i32;
            let from_first = (fields.weekday - first + 7) % 7;
            fields.yearday = (7 - start + first) % 7 + (week - 1) * 7 + from_first;
            self.have_yearday = true;
        }
        if self.have_yearday && !(self.have_month && self.have_day) {
            month_and_day(fields, is_leap(year));
        }
        // A date gives the rest.
        let date = Fields {
            hour: 0,
            minute: 0,
            second: 0,
            ..*fields
        };
        let known = self.have_year || self.have_month || self.have_day;
        if let (true, Ok(real)) = (known, Fields::from_seconds(date.to_seconds())) {
            if !self.have_weekday {
                fields.weekday = real.weekday;
            }
            if !self.have_yearday {
                fields.yearday = real.yearday;
            }
        }
    }
}

/// Set month and day from the day of the year.
fn month_and_day(fields: &mut Fields, leap: bool) {
    let mut day = fields.yearday;
    for month in 0..12 {
        let len = match month {
            1 => 28 + i32::from(leap),
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        };
        if day < len {
            fields.month = month;
            fields.day = day + 1;
            return;
        }
        day -= len;
    }
}
