//! `%e %f %g`: laying out the digits that `decimal` finds.

use super::{Output, Spec, hex, pad_around};
use crate::decimal::{Class, Cut, DigitText, Digits, Number, Rounding, with_digits};
use crate::errno::Result;

pub(super) fn float(
    out: &mut Output<'_>,
    spec: &Spec,
    number: Number,
    extended: bool,
    mode: u32,
) -> Result<()> {
    let upper = spec.conversion.is_ascii_uppercase();
    let sign = if number.negative {
        Some(b'-')
    } else {
        spec.plus
    };
    let rounding = Rounding::of(mode, number.negative);
    let (mantissa, exponent) = match number.class {
        Class::Nan => return name(out, spec, sign, if upper { b"NAN" } else { b"nan" }),
        Class::Infinite => return name(out, spec, sign, if upper { b"INF" } else { b"inf" }),
        Class::Zero => (0, 0),
        Class::Finite { mantissa, exponent } => (mantissa, exponent),
    };
    if spec.conversion | 0x20 == b'a' {
        return hex::hex(out, spec, sign, (mantissa, exponent), extended, rounding);
    }
    let precision = spec.precision.unwrap_or(6);
    let cut = match spec.conversion | 0x20 {
        b'f' => Cut::Fraction(precision),
        b'e' => Cut::Significant(precision + 1),
        _ => Cut::Significant(precision.max(1)),
    };
    let mut result = Ok(());
    let mut lay = |digits: &Digits<'_>| {
        result = match spec.conversion | 0x20 {
            b'f' => fixed(out, spec, sign, digits, precision),
            b'e' => scientific(out, spec, sign, digits, precision),
            _ => general(out, spec, sign, digits, precision.max(1)),
        };
    };
    if mantissa == 0 {
        lay(&Digits::ZERO);
    } else {
        with_digits(mantissa, exponent, cut, rounding, &mut lay);
    }
    result
}

/// `inf` and `nan`, which zeros never pad.
fn name(out: &mut Output<'_>, spec: &Spec, sign: Option<u8>, name: &[u8; 3]) -> Result<()> {
    let [a, b, c] = *name;
    match sign {
        Some(sign) => pad_around(out, spec, &[sign, a, b, c]),
        None => pad_around(out, spec, name),
    }
}

/// The shorter of the two, without zeros at the end unless `#` asks for them.
fn general(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    digits: &Digits<'_>,
    precision: usize,
) -> Result<()> {
    let exponent = digits.exponent();
    let mut held = precision;
    if !spec.alternate {
        let trimmed = digits.trimmed();
        held = trimmed.len().min(precision).max(1);
        return general_with(out, spec, sign, &trimmed, (precision, held), exponent);
    }
    held = held.max(1);
    general_with(out, spec, sign, digits, (precision, held), exponent)
}

fn general_with(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    digits: &Digits<'_>,
    (precision, held): (usize, usize),
    exponent: i32,
) -> Result<()> {
    if exponent < -4 || i64::from(exponent) >= precision as i64 {
        scientific(out, spec, sign, digits, held - 1)
    } else {
        let places = held as i64 - 1 - i64::from(exponent);
        fixed(out, spec, sign, digits, places.max(0) as usize)
    }
}

fn fixed(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    digits: &Digits<'_>,
    places: usize,
) -> Result<()> {
    let point = places > 0 || spec.alternate;
    // Digits before the point, and zeros between it and the first digit.
    let (before, zeros) = match digits.exponent() {
        _ if digits.is_empty() => (0, places),
        exponent @ 0.. => (exponent as usize + 1, 0),
        exponent => (0, (exponent.unsigned_abs() as usize - 1).min(places)),
    };
    let len = before.max(1) + usize::from(point) + places;
    let right = open(out, spec, sign, len)?;
    if before == 0 {
        out.put_byte(b'0')?;
    }
    let mut text = digits.text();
    put_digits(out, &mut text, before)?;
    if point {
        out.put_byte(b'.')?;
    }
    out.fill(b'0', zeros)?;
    put_digits(out, &mut text, places - zeros)?;
    out.fill(b' ', right)
}

fn scientific(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    digits: &Digits<'_>,
    places: usize,
) -> Result<()> {
    let point = places > 0 || spec.alternate;
    let exponent = if digits.is_empty() {
        0
    } else {
        digits.exponent()
    };
    let mut tail = [
        b'e' & !0x20 | spec.conversion & 0x20,
        b'+',
        b'0',
        b'0',
        b'0',
        b'0',
    ];
    if exponent < 0 {
        tail[1] = b'-';
    }
    let mut rest = exponent.unsigned_abs();
    for place in tail.iter_mut().skip(2).rev() {
        *place += (rest % 10) as u8;
        rest /= 10;
    }
    // Two digits at least.
    let extra = match exponent.unsigned_abs() {
        0..=99 => 2,
        100..=999 => 1,
        _ => 0,
    };
    let len = places.saturating_add(1 + usize::from(point) + tail.len() - extra);
    let right = open(out, spec, sign, len)?;
    let mut text = digits.text();
    put_digits(out, &mut text, 1)?;
    if point {
        out.put_byte(b'.')?;
    }
    put_digits(out, &mut text, places)?;
    let (head, number) = tail.split_at(2);
    out.put(head)?;
    out.put(number.get(extra..).unwrap_or_default())?;
    out.fill(b' ', right)
}

/// The padding, sign and zeros before `len` bytes of number; answers the spaces
/// that are to follow it.
pub(super) fn open(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    len: usize,
) -> Result<usize> {
    let padding = out.open(spec, len.saturating_add(usize::from(sign.is_some())))?;
    let (spaces, zeros, right) = match (spec.left, spec.zero) {
        (true, _) => (0, 0, padding),
        (_, true) => (0, padding, 0),
        _ => (padding, 0, 0),
    };
    out.fill(b' ', spaces)?;
    if let Some(sign) = sign {
        out.put_byte(sign)?;
    }
    out.fill(b'0', zeros)?;
    Ok(right)
}

/// `count` more digits, zeros after the last one held.
fn put_digits(out: &mut Output<'_>, digits: &mut DigitText<'_>, mut count: usize) -> Result<()> {
    while count > 0 {
        let text = digits.take(count);
        if text.is_empty() {
            break;
        }
        out.put(text)?;
        count -= text.len();
    }
    out.fill(b'0', count)
}
