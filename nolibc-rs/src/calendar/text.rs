//! `strftime` and `asctime`, in the "C" locale.
#![forbid(unsafe_code)]

use super::{Fields, MONTHS, WEEKDAYS};
use crate::bytes::decimal;

/// What the text says of the time zone.
#[derive(Clone, Copy)]
pub struct Zone {
    /// Seconds east of UTC: `%z`.
    pub offset_seconds: i64,
    /// `%Z`.
    pub name: &'static [u8],
}

/// A buffer that takes what fits and remembers whether all did.
struct Buffer<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl Buffer<'_> {
    /// Append one byte; `None` when the buffer is full.
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte;
        self.len += 1;
        Some(())
    }
}

/// The flags and the width of one conversion: POSIX's `0` and `+`, and glibc's `_`,
/// `-`, `^` and `#`.
#[derive(Clone, Copy, Default)]
struct Spec {
    /// `_`, `-`, `0` or `+`; 0 for none.
    pad: u8,
    upper: bool,
    swap_case: bool,
    width: Option<usize>,
}

impl Spec {
    /// What fills a text up in front.
    fn filler(self) -> u8 {
        if matches!(self.pad, b'0' | b'+') {
            b'0'
        } else {
            b' '
        }
    }

    /// A text, in the case and the width that were asked for.
    fn text(self, out: &mut Buffer<'_>, text: &[u8], to_lower: bool) -> Option<()> {
        for _ in text.len()..self.width.unwrap_or(0) {
            out.push(self.filler())?;
        }
        for &byte in text {
            out.push(match () {
                () if self.swap_case && to_lower => byte.to_ascii_lowercase(),
                () if self.upper || self.swap_case => byte.to_ascii_uppercase(),
                () => byte,
            })?;
        }
        Some(())
    }

    /// A number of at least `digits` digits, filled with `fill` where no flag says
    /// otherwise.
    fn number(self, out: &mut Buffer<'_>, number: i64, digits: usize, fill: u8) -> Option<()> {
        self.signed(out, number, digits, fill, usize::MAX)
    }

    /// [`Spec::number`]; with the flag `+`, a plus stands in front of a number that
    /// takes more than `usual` bytes.
    fn signed(
        self,
        out: &mut Buffer<'_>,
        number: i64,
        digits: usize,
        fill: u8,
        usual: usize,
    ) -> Option<()> {
        let mut buffer = [0; 20];
        let text = decimal(number, &mut buffer);
        let (sign, magnitude) = match text {
            [b'-', magnitude @ ..] => (Some(b'-'), magnitude),
            _ => {
                let bytes = text.len().max(self.width.unwrap_or(0));
                ((self.pad == b'+' && bytes > usual).then_some(b'+'), text)
            }
        };
        let (fill, digits) = match self.pad {
            b'-' => (b' ', 0),
            b'_' => (b' ', digits),
            b'0' | b'+' => (b'0', digits),
            _ => (fill, digits),
        };
        let width = self.width.unwrap_or(0).max(digits);
        let padding = width.saturating_sub(magnitude.len() + usize::from(sign.is_some()));
        if fill == b' ' {
            for _ in 0..padding {
                out.push(b' ')?;
            }
        }
        if let Some(sign) = sign {
            out.push(sign)?;
        }
        if fill != b' ' {
            for _ in 0..padding {
                out.push(b'0')?;
            }
        }
        magnitude.iter().try_for_each(|&digit| out.push(digit))
    }
}

/// Write `fields` as `format` says; the length, or `None` when the buffer is too
/// small for all of it.
///
/// A conversion that does not exist is copied as it stands.
pub fn format(out: &mut [u8], format: &[u8], fields: &Fields, zone: Zone) -> Option<usize> {
    let mut out = Buffer { bytes: out, len: 0 };
    formatted(&mut out, format, fields, zone, Spec::default())?;
    Some(out.len)
}

/// The part of [`format`] that calls itself for `%D` and its like.
fn formatted(
    out: &mut Buffer<'_>,
    format: &[u8],
    fields: &Fields,
    zone: Zone,
    outer: Spec,
) -> Option<()> {
    let mut rest = format;
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            out.push(*first)?;
            rest = after;
            continue;
        }
        let (spec, conversion, behind) = specification(after);
        let spec = Spec {
            upper: spec.upper || outer.upper,
            ..spec
        };
        let whole = &rest[..rest.len() - behind.len()];
        rest = behind;
        match conversion {
            Some(conversion) if convert(out, conversion, spec, fields, zone)? => {}
            _ => whole.iter().try_for_each(|&byte| out.push(byte))?,
        }
    }
    Some(())
}

/// Flags, width and conversion at the start of `text`, and what follows them.
fn specification(text: &[u8]) -> (Spec, Option<u8>, &[u8]) {
    let mut spec = Spec::default();
    let mut rest = text;
    while let [flag @ (b'_' | b'-' | b'0' | b'+' | b'^' | b'#'), after @ ..] = rest {
        match flag {
            b'^' => spec.upper = true,
            b'#' => spec.swap_case = true,
            pad => spec.pad = *pad,
        }
        rest = after;
    }
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        let value = usize::from(digit - b'0');
        let width = spec.width.unwrap_or(0);
        spec.width = Some(width.saturating_mul(10).saturating_add(value));
        rest = after;
    }
    // The alternative forms are the plain ones in the "C" locale.
    if let [b'E' | b'O', after @ ..] = rest {
        rest = after;
    }
    match rest {
        [conversion, after @ ..] => (spec, Some(*conversion), after),
        [] => (spec, None, rest),
    }
}

/// Look up a name; "?" for a member that is out of range.
fn name<'a>(names: &[&'a str], index: i32) -> &'a [u8] {
    let found = usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index));
    found.map_or(b"?", |name| name.as_bytes())
}

/// The first three letters of a name.
fn short(name: &[u8]) -> &[u8] {
    name.get(..3).unwrap_or(name)
}

/// The hour on a clock with twelve.
fn twelve(hour: i32) -> i64 {
    let hour = i64::from(hour).rem_euclid(12);
    if hour == 0 { 12 } else { hour }
}

/// Write one conversion; `Some(false)` when there is none of that letter.
fn convert(
    out: &mut Buffer<'_>,
    conversion: u8,
    spec: Spec,
    fields: &Fields,
    zone: Zone,
) -> Option<bool> {
    let mut number = |value: i32, digits, fill| spec.number(out, value.into(), digits, fill);
    match conversion {
        b'd' => number(fields.day, 2, b'0')?,
        b'e' => number(fields.day, 2, b' ')?,
        b'H' => number(fields.hour, 2, b'0')?,
        b'k' => number(fields.hour, 2, b' ')?,
        b'm' => number(fields.month.saturating_add(1), 2, b'0')?,
        b'M' => number(fields.minute, 2, b'0')?,
        b'S' => number(fields.second, 2, b'0')?,
        b'j' => number(fields.yearday.saturating_add(1), 3, b'0')?,
        b'w' => number(fields.weekday, 1, b'0')?,
        b'u' => number(
            (fields.weekday.saturating_add(6)).rem_euclid(7) + 1,
            1,
            b'0',
        )?,
        b'I' => spec.number(out, twelve(fields.hour), 2, b'0')?,
        b'l' => spec.number(out, twelve(fields.hour), 2, b' ')?,
        b'U' => spec.number(out, fields.week(0), 2, b'0')?,
        b'W' => spec.number(out, fields.week(1), 2, b'0')?,
        b'V' => spec.number(out, fields.iso_week().1, 2, b'0')?,
        b's' => spec.number(out, fields.to_seconds(), 1, b'0')?,
        b'a' | b'A' => {
            let name = name(&WEEKDAYS, fields.weekday);
            let text = if conversion == b'a' {
                short(name)
            } else {
                name
            };
            spec.text(out, text, false)?;
        }
        b'b' | b'h' | b'B' => {
            let name = name(&MONTHS, fields.month);
            let text = if conversion == b'B' {
                name
            } else {
                short(name)
            };
            spec.text(out, text, false)?;
        }
        b'p' => spec.text(out, half(fields.hour), true)?,
        b'P' => {
            let as_is = Spec {
                upper: false,
                swap_case: false,
                ..spec
            };
            as_is.text(out, if fields.hour > 11 { b"pm" } else { b"am" }, false)?;
        }
        b'Z' => spec.text(out, if fields.daylight < 0 { b"" } else { zone.name }, true)?,
        b'n' => spec.text(out, b"\n", false)?,
        b't' => spec.text(out, b"\t", false)?,
        b'%' => spec.text(out, b"%", false)?,
        b'z' => {
            if fields.daylight >= 0 {
                offset(out, spec, zone.offset_seconds)?;
            }
        }
        b'C' | b'y' | b'Y' | b'g' | b'G' => year_part(out, conversion, spec, fields)?,
        b'F' => return full_date(out, spec, fields, zone),
        _ => return composed(out, conversion, spec, fields, zone),
    }
    Some(true)
}

/// `AM` or `PM`.
fn half(hour: i32) -> &'static [u8] {
    if hour > 11 { b"PM" } else { b"AM" }
}

/// `%C %y %Y %g %G`.
fn year_part(out: &mut Buffer<'_>, conversion: u8, spec: Spec, fields: &Fields) -> Option<()> {
    let year = fields.full_year();
    let iso = fields.iso_week().0;
    match conversion {
        b'C' => {
            // Rounded towards minus infinity, with a sign of its own near 0.
            let century = year.div_euclid(100);
            spec.signed(out, century, 2, b'0', 2)
        }
        b'y' => spec.number(out, year.rem_euclid(100), 2, b'0'),
        b'g' => spec.number(out, iso.rem_euclid(100), 2, b'0'),
        b'G' => spec.signed(out, iso, least_digits(spec), b'0', 4),
        _ => spec.signed(out, year, least_digits(spec), b'0', 4),
    }
}

/// A year is at least four digits long when the flag `+` or `0` is given.
fn least_digits(spec: Spec) -> usize {
    if matches!(spec.pad, b'+' | b'0') {
        4
    } else {
        1
    }
}

/// `%F`: the year, then month and day in two digits each. With a flag for numbers
/// the width is the year's business; without one, spaces fill up in front.
fn full_date(out: &mut Buffer<'_>, spec: Spec, fields: &Fields, zone: Zone) -> Option<bool> {
    if !matches!(spec.pad, b'0' | b'+') {
        return composed(out, b'F', spec, fields, zone);
    }
    let year = fields.full_year();
    let of_year = Spec {
        width: spec.width.map(|width| width.saturating_sub(6)),
        ..spec
    };
    of_year.signed(out, year, 4, b'0', 4)?;
    formatted(out, b"-%m-%d", fields, zone, Spec::default())?;
    Some(true)
}

/// `%z`: hours and minutes, always with a sign.
fn offset(out: &mut Buffer<'_>, spec: Spec, seconds: i64) -> Option<()> {
    let minutes = seconds / 60;
    let number = minutes / 60 * 100 + minutes % 60;
    let sign = if seconds < 0 { b'-' } else { b'+' };
    out.push(sign)?;
    let width = spec.width.map(|width| width.saturating_sub(1));
    let spec = Spec {
        width,
        pad: if spec.pad == b'+' { b'0' } else { spec.pad },
        ..spec
    };
    spec.number(out, number.abs(), 4, b'0')
}

/// The conversions that are several others.
fn composed(
    out: &mut Buffer<'_>,
    conversion: u8,
    spec: Spec,
    fields: &Fields,
    zone: Zone,
) -> Option<bool> {
    let parts: &[u8] = match conversion {
        b'c' => b"%a %b %e %H:%M:%S %Y",
        b'D' | b'x' => b"%m/%d/%y",
        b'F' => b"%Y-%m-%d",
        b'r' => b"%I:%M:%S %p",
        b'R' => b"%H:%M",
        b'T' | b'X' => b"%H:%M:%S",
        b'+' => b"%a %b %e %H:%M:%S %Z %Y",
        _ => return Some(false),
    };
    let before = out.len;
    formatted(out, parts, fields, zone, spec)?;
    // A width fills up in front.
    let missing = spec.width.unwrap_or(0).saturating_sub(out.len - before);
    for _ in 0..missing {
        out.push(spec.filler())?;
    }
    out.bytes.get_mut(before..out.len)?.rotate_right(missing);
    Some(true)
}

/// The 26 bytes of `asctime`, with newline and terminator; `None` when the year is
/// too long for them.
pub fn ascii(fields: &Fields) -> Option<[u8; 26]> {
    let mut bytes = [0; 26];
    let mut out = Buffer {
        bytes: &mut bytes,
        len: 0,
    };
    let plain = Spec::default();
    let three = |name| if name == b"?" { b"???" } else { short(name) };
    plain.text(&mut out, three(name(&WEEKDAYS, fields.weekday)), false)?;
    out.push(b' ')?;
    plain.text(&mut out, three(name(&MONTHS, fields.month)), false)?;
    plain.number(&mut out, fields.day.into(), 3, b' ')?;
    for (before, value) in [
        (b' ', fields.hour),
        (b':', fields.minute),
        (b':', fields.second),
    ] {
        out.push(before)?;
        plain.number(&mut out, value.into(), 2, b'0')?;
    }
    out.push(b' ')?;
    plain.number(&mut out, fields.full_year(), 1, b'0')?;
    out.push(b'\n')?;
    out.push(0)?;
    Some(bytes)
}
