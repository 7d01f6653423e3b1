//! `%d %i %u %o %x %X %b %B %p`

use super::{Output, Sign, Spec, field, hot_field};
use crate::arch::digits::SixteenDigits;
use crate::decimal::{digit_count, eight_nibbles, hexadecimal};
use crate::errno::Result;

/// `%d %i %u`
#[inline(always)]
pub(super) fn decimals(
    out: &mut Output<'_>,
    spec: &mut Spec,
    magnitude: u64,
    sign: Sign,
) -> Result<()> {
    let (mut text, mut start) = decimal(magnitude);
    let end = text.len();
    let digits = end - start;
    if let Some(place) = text.get_mut(start - 1) {
        *place = sign.byte();
    }
    let prefix = sign.width();
    start -= prefix;
    let text = text.get(start..end).unwrap_or_default();
    match spec.precision {
        None => hot_field(out, spec, text, prefix, 0),
        Some(precision) => with_precision(out, spec, text, prefix, digits, precision),
    }
}

/// Zeros up to the precision, instead of those that the flag asks for; a 0 with
/// the precision 0 has no digits.
#[inline(never)]
fn with_precision(
    out: &mut Output<'_>,
    spec: &mut Spec,
    text: &[u8],
    prefix: usize,
    digits: usize,
    precision: usize,
) -> Result<()> {
    let none = precision == 0 && digits == 1 && text.last() == Some(&b'0');
    let len = text.len() - usize::from(none);
    let text = text.get(..len).unwrap_or_default();
    let zeros = precision.saturating_sub(digits);
    spec.zero = false;
    field(out, spec, text, prefix, zeros)
}

/// `%o %x %X %b %B`, and `%p` after `sign`.
#[inline(never)]
pub(super) fn powers(
    out: &mut Output<'_>,
    spec: &mut Spec,
    mut value: u64,
    sign: Sign,
) -> Result<()> {
    let shift = match spec.conversion | 0x20 {
        b'o' => 3,
        b'b' => 1,
        _ => 4,
    };
    let upper = spec.conversion == b'X';
    // The longest: 64 binary digits behind their base.
    let mut text = [0; 72];
    let mut start = text.len();
    let nonzero = value != 0;
    if shift == 4 {
        for part in [value as u32, (value >> 32) as u32] {
            let digits = hexadecimal(eight_nibbles(part), upper).to_le_bytes();
            start -= 8;
            if let Some(place) = text.get_mut(start..start + 8) {
                place.copy_from_slice(&digits);
            }
        }
        start += (value | 1).leading_zeros() as usize / 4;
    } else {
        loop {
            start -= 1;
            if let Some(place) = text.get_mut(start) {
                *place = b'0' + (value & ((1 << shift) - 1)) as u8;
            }
            value >>= shift;
            if value == 0 {
                break;
            }
        }
    }
    let mut digits = text.len() - start;
    let mut put = |byte: u8| {
        start -= 1;
        if let Some(place) = text.get_mut(start) {
            *place = byte;
        }
    };
    let mut prefix = 0;
    if spec.alternate && shift == 3 {
        // The first digit is to be a 0, unless it is or the precision makes it one.
        if nonzero && spec.precision.unwrap_or(0) <= digits {
            put(b'0');
            digits += 1;
        } else if !nonzero && spec.precision == Some(0) {
            // The only one stays.
            digits = 0;
        }
    } else if spec.alternate && nonzero {
        put(if spec.conversion == b'p' {
            b'x'
        } else {
            spec.conversion
        });
        put(b'0');
        prefix = 2;
    }
    if sign.width() != 0 {
        put(sign.byte());
        prefix += 1;
    }
    let text = text.get(start..).unwrap_or_default();
    match spec.precision {
        None => hot_field(out, spec, text, prefix, 0),
        Some(precision) => with_precision(out, spec, text, prefix, digits, precision),
    }
}

pub(super) fn pointer(out: &mut Output<'_>, spec: &mut Spec, address: usize) -> Result<()> {
    if address == 0 {
        spec.zero = false;
        return field(out, spec, b"(nil)", 0, 0);
    }
    spec.alternate = true;
    powers(out, spec, address as u64, spec.plus)
}

/// The decimal digits, at the end of the buffer; where they start.
#[inline(always)]
pub(super) fn decimal(value: u64) -> ([u8; 32], usize) {
    let mut text = [b'0'; 32];
    let (upper, digits) = SixteenDigits::of(value);
    let (head, tail) = text.split_at_mut(16);
    tail.copy_from_slice(&digits.text());
    if upper != 0 {
        head.copy_from_slice(&SixteenDigits::of(upper).1.text());
    }
    // Not from the digits: what the length decides need not wait for them.
    let len = digit_count(value);
    (text, 32 - len as usize)
}
