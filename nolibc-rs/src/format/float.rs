//! `%e %f %g`: laying out the digits that `decimal` finds.

use super::{Output, Short, Sign, Spec, field, hex, hot_field, open};
use crate::arch::digits::SixteenDigits;
use crate::decimal::{
    Class, Cut, DigitText, Digits, Number, Rounding, Short as Digits17, with_digits,
};
use crate::errno::Result;

/// What `%e %f %g` ask for.
#[inline(always)]
fn cut(kind: u8, precision: usize) -> Option<Cut> {
    match kind {
        b'f' => Some(Cut::Fraction(precision)),
        b'e' => Some(Cut::Significant(precision + 1)),
        b'g' => Some(Cut::Significant(precision.max(1))),
        _ => None,
    }
}

/// `mode`: 0 nearest, 1 down, 2 up, 3 toward zero.
#[inline(always)]
pub(super) fn float(out: &mut Output<'_>, spec: &mut Spec, value: f64, mode: u32) -> Result<()> {
    let kind = spec.conversion | 0x20;
    let precision = spec.precision.unwrap_or(6);
    if mode == 0
        && let Some(cut) = cut(kind, precision)
        && let Some(digits) = Digits17::nearest(value, cut)
    {
        let sign = spec.sign(value.is_sign_negative());
        return short(out, spec, sign, digits, kind, precision);
    }
    any(out, spec, Number::from(value), false, mode)
}

/// Where the first digit stands in the text of a short number: there is room
/// for a sign before it.
const START: usize = 1;

/// Store `bytes` at `at`.
#[inline(always)]
fn store<const N: usize>(text: &mut [u8; 64], at: usize, bytes: [u8; N]) {
    if let Some(place) = text.get_mut(at..at + N) {
        place.copy_from_slice(&bytes);
    }
}

/// How a short number is laid out.
struct Layout {
    /// The power of ten of the first digit.
    exponent: i32,
    /// Without a power of ten.
    fixed: bool,
    /// Digits behind the point.
    places: usize,
    /// 1 with a point, else 0.
    point: usize,
}

impl Layout {
    #[inline(always)]
    fn new(spec: &Spec, digits: SixteenDigits, exponent: i32, kind: u8, precision: usize) -> Self {
        let (fixed, places) = match kind {
            b'f' => (true, precision),
            b'e' => (false, precision),
            _ => {
                // The shorter of the two, without zeros at the end unless `#` asks for them.
                let precision = precision.max(1);
                let held = if spec.alternate {
                    precision
                } else {
                    1 + (digits.nonzero() << 1 | 1).ilog2() as usize
                };
                if exponent >= -4 && exponent < precision as i32 {
                    (true, (held as i32 - 1 - exponent).max(0) as usize)
                } else {
                    (false, held - 1)
                }
            }
        };
        Self {
            exponent,
            fixed,
            places,
            point: usize::from(places > 0 || spec.alternate),
        }
    }
}

/// Lay out at most 17 digits.
#[inline(always)]
fn short(
    out: &mut Output<'_>,
    spec: &mut Spec,
    sign: Sign,
    number: Digits17,
    kind: u8,
    precision: usize,
) -> Result<()> {
    let (first, others) = number.split();
    let layout = Layout::new(spec, others, number.exponent(), kind, precision);
    if layout.fixed && (0..15).contains(&layout.exponent) {
        let before = layout.exponent as usize;
        let len = before + 1 + layout.point + layout.places;
        if len <= 24 && spec.width <= len {
            let (low, high) = others.with_point(first as u8, before);
            out.reserve(sign.width() + len)?;
            return out.sink.write_short(sign, Short { low, high, len });
        }
    }
    in_pieces(out, spec, sign, (first, others), &layout)
}

/// The same where the digits do not stand together, or do not fit.
#[inline(always)]
fn in_pieces(
    out: &mut Output<'_>,
    spec: &mut Spec,
    sign: Sign,
    (first, others): (u64, SixteenDigits),
    &Layout {
        exponent,
        fixed,
        places,
        point,
    }: &Layout,
) -> Result<()> {
    let (first, digits) = ([first as u8 | b'0'], others.text());
    let mut text = [b'0'; 64];
    let mut end;
    if fixed && exponent < 0 {
        // A zero and the point, more zeros, and all digits.
        let at = START + 1 + exponent.unsigned_abs() as usize;
        store(&mut text, START + 1, [b'.']);
        store(&mut text, at, first);
        store(&mut text, at + 1, digits);
        end = START + 1 + point + places;
    } else {
        // All digits, and once more those behind the point in their place.
        let before = if fixed { exponent as usize & 31 } else { 0 };
        store(&mut text, START, first);
        store(&mut text, START + 1, digits);
        end = START + 1 + before;
        if point != 0 {
            let behind = u128::from_le_bytes(digits) >> (8 * (before & 15));
            let zeros = u128::from_le_bytes([b'0'; 16]);
            store(&mut text, end, [b'.']);
            store(&mut text, end + 1, (behind | zeros).to_le_bytes());
        }
        end += point + places;
        if !fixed {
            end += power(&mut text, end, spec, exponent);
        }
    }
    let prefix = sign.width();
    store(&mut text, START - 1, [sign.byte()]);
    // No end is above 63.
    let text = text.get(START - prefix..end & 63).unwrap_or_default();
    hot_field(out, spec, text, prefix, 0)
}

/// The power of ten, of two digits at least, behind its letter; answers its length.
#[inline(never)]
fn power(text: &mut [u8; 64], at: usize, spec: &Spec, exponent: i32) -> usize {
    let (_, digits) = SixteenDigits::of(exponent.unsigned_abs().into());
    let skip = digits.nonzero().trailing_zeros().min(14);
    let digits = u128::from_le_bytes(digits.text()) >> (8 * skip);
    let letter = b'e' & !0x20 | spec.conversion & 0x20;
    let sign = if exponent < 0 { b'-' } else { b'+' };
    store(text, at, [letter, sign]);
    store(text, at + 2, (digits as u64).to_le_bytes());
    18 - skip as usize
}

/// Any number in any direction of rounding; `extended`: it was a `long double`.
#[inline(never)]
pub(super) fn any(
    out: &mut Output<'_>,
    spec: &mut Spec,
    number: Number,
    extended: bool,
    mode: u32,
) -> Result<()> {
    let sign = spec.sign(number.negative);
    let rounding = Rounding::of(mode, number.negative);
    let upper = spec.conversion.is_ascii_uppercase();
    let (mantissa, exponent) = match number.class {
        Class::Nan => return name(out, spec, sign, if upper { b"NAN" } else { b"nan" }),
        Class::Infinite => return name(out, spec, sign, if upper { b"INF" } else { b"inf" }),
        Class::Zero => (0, 0),
        Class::Finite { mantissa, exponent } => (mantissa, exponent),
    };
    let Some(cut) = cut(spec.conversion | 0x20, spec.precision.unwrap_or(6)) else {
        return hex::hex(out, spec, sign, (mantissa, exponent), extended, rounding);
    };
    let mut result = Ok(());
    let mut lay = |digits: &Digits<'_>| {
        result = match (spec.conversion | 0x20, cut) {
            (b'f', Cut::Fraction(places)) => fixed(out, spec, sign, digits, places),
            (b'e', Cut::Significant(len)) => scientific(out, spec, sign, digits, len - 1),
            (_, Cut::Significant(len)) => general(out, spec, sign, digits, len),
            _ => Ok(()),
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
fn name(out: &mut Output<'_>, spec: &mut Spec, sign: Sign, name: &[u8; 3]) -> Result<()> {
    let [a, b, c] = *name;
    let text = [sign.byte(), a, b, c];
    let text = text.get(1 - sign.width()..).unwrap_or_default();
    spec.zero = false;
    field(out, spec, text, 0, 0)
}

/// The shorter of the two, without zeros at the end unless `#` asks for them.
fn general(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Sign,
    digits: &Digits<'_>,
    precision: usize,
) -> Result<()> {
    let exponent = digits.exponent();
    let trimmed = digits.trimmed();
    let (digits, held) = if spec.alternate {
        (digits, precision)
    } else {
        (&trimmed, trimmed.len().min(precision).max(1))
    };
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
    sign: Sign,
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
    let right = open(out, spec, sign.text(), len)?;
    if before == 0 {
        out.put(b"0")?;
    }
    let mut text = digits.text();
    put_digits(out, &mut text, before)?;
    if point {
        out.put(b".")?;
    }
    out.fill(b'0', zeros)?;
    put_digits(out, &mut text, places - zeros)?;
    out.fill(b' ', right)
}

fn scientific(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Sign,
    digits: &Digits<'_>,
    places: usize,
) -> Result<()> {
    let point = places > 0 || spec.alternate;
    let exponent = if digits.is_empty() {
        0
    } else {
        digits.exponent()
    };
    let mut tail = [0; 64];
    let tail_len = power(&mut tail, 0, spec, exponent);
    let len = places.saturating_add(1 + usize::from(point) + tail_len);
    let right = open(out, spec, sign.text(), len)?;
    let mut text = digits.text();
    put_digits(out, &mut text, 1)?;
    if point {
        out.put(b".")?;
    }
    put_digits(out, &mut text, places)?;
    out.put(tail.get(..tail_len).unwrap_or_default())?;
    out.fill(b' ', right)
}

/// `count` more digits, zeros after the last one held.
#[inline(never)]
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
