//! `%d %i %u %o %x %X %b %B %p`

use super::{Output, Spec, field, hot_field};
use crate::arch::digits::SixteenDigits;
use crate::decimal::{eight_nibbles, hexadecimal};
use crate::errno::Result;

/// `%d %i %u`
#[inline(always)]
pub(super) fn decimals(
    out: &mut Output<'_>,
    spec: &mut Spec,
    magnitude: u64,
    sign: Option<u8>,
) -> Result<()> {
    let (mut text, mut start) = decimal(magnitude);
    let end = text.len();
    let digits = end - start;
    if let Some(sign) = sign {
        start -= 1;
        if let Some(place) = text.get_mut(start) {
            *place = sign;
        }
    }
    let prefix = usize::from(sign.is_some());
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
    sign: Option<u8>,
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
    if let Some(sign) = sign {
        put(sign);
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
    let mut rest = value;
    let mut at = 16;
    loop {
        let (upper, digits) = SixteenDigits::of(rest);
        if let Some(place) = text.get_mut(at..at + 16) {
            place.copy_from_slice(&digits.text());
        }
        if upper == 0 || at == 0 {
            // A 0 has a digit too.
            let zeros = (digits.nonzero() | 1 << 15).trailing_zeros();
            return (text, at + zeros as usize);
        }
        rest = upper;
        at = 0;
    }
}
