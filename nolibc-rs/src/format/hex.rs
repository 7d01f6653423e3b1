//! `%a`, laid out as glibc does: a `double` as 1.xxx (a subnormal one as 0.xxx
//! with the smallest exponent), a `long double` with four bits before the point.

use super::{Output, Sign, Spec, hot_field, integer, open};
use crate::decimal::{Rounding, eight_nibbles, hexadecimal};
use crate::errno::Result;

pub(super) fn hex(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Sign,
    (mantissa, exponent): (u64, i32),
    extended: bool,
    rounding: Rounding,
) -> Result<()> {
    // Bits behind the point, and the leading digit's own.
    let behind = if extended { 60 } else { 52 };
    let mut exponent = if mantissa == 0 { 0 } else { exponent + behind };
    let mut whole = mantissa >> behind;
    let mut fraction = mantissa << (64 - behind);
    if let Some(digits @ 0..=15) = spec.precision {
        // Round at the digit; a carry may reach the leading one.
        let kept = 4 * digits as u32;
        let gone = fraction << kept;
        let last = if kept == 0 {
            whole
        } else {
            fraction >> (64 - kept)
        };
        let half = 1 << 63;
        let up = match rounding {
            Rounding::Nearest => gone > half || (gone == half && last & 1 != 0),
            Rounding::Away => gone != 0,
            Rounding::Truncate => false,
        };
        fraction = if kept == 0 { 0 } else { last << (64 - kept) };
        if up && kept == 0 {
            whole += 1;
        } else if up {
            let (sum, carry) = fraction.overflowing_add(1 << (64 - kept));
            fraction = sum;
            whole += u64::from(carry);
        }
        if whole == 16 {
            whole = 1;
            exponent += 4;
        }
    }
    // Without zeros at the end.
    let needed = (67 - fraction.trailing_zeros()) as usize / 4;
    let places = spec.precision.unwrap_or(needed);
    let shown = places.min(16);

    let upper = spec.conversion == b'A';
    let letter = |lower: u8| if upper { lower & !0x20 } else { lower };
    let digits = |value: u64| hexadecimal(eight_nibbles(value as u32), upper).to_le_bytes();
    let mut text = Text {
        bytes: [0; 48],
        len: 0,
    };
    text.put(&[sign.byte()], sign.width());
    text.put(&[b'0', letter(b'x')], 2);
    let prefix = text.len;
    text.put(&digits(whole << 28), 1);
    text.put(b".", usize::from(places > 0 || spec.alternate));
    let point = text.len;
    text.put(&digits(fraction >> 32), 8);
    text.put(&digits(fraction), 8);
    text.len = point + shown;
    let head = text.len;
    text.put(&[letter(b'p'), if exponent < 0 { b'-' } else { b'+' }], 2);
    let (power, start) = integer::decimal(exponent.unsigned_abs().into());
    let power = power.get(start..).unwrap_or_default();
    text.put(power, power.len());

    let text = text.bytes.get(..text.len).unwrap_or_default();
    if shown == places {
        return hot_field(out, spec, text, prefix, 0);
    }
    // More digits than there are.
    let (head, tail) = text.split_at_checked(head).unwrap_or_default();
    let (prefix, digits) = head.split_at_checked(prefix).unwrap_or_default();
    let zeros = places - shown;
    let right = open(
        out,
        spec,
        prefix,
        zeros.saturating_add(digits.len() + tail.len()),
    )?;
    out.put(digits)?;
    out.fill(b'0', zeros)?;
    out.put(tail)?;
    out.fill(b' ', right)
}

/// Text in the making.
struct Text {
    bytes: [u8; 48],
    len: usize,
}

impl Text {
    /// Store `bytes`, of which `len` count.
    fn put(&mut self, bytes: &[u8], len: usize) {
        if let Some(place) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            place.copy_from_slice(bytes);
        }
        self.len += len;
    }
}
