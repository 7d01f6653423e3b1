//! `%d %i %u %o %x %X %b %B %p`

use super::{Output, Spec, pad_around};
use crate::errno::Result;

pub(super) fn signed(out: &mut Output<'_>, spec: &Spec, value: i64) -> Result<()> {
    let sign = if value < 0 { Some(b'-') } else { spec.plus };
    let (text, start) = decimal(value.unsigned_abs());
    field(
        out,
        spec,
        sign.as_slice(),
        text.get(start..).unwrap_or_default(),
    )
}

pub(super) fn unsigned(out: &mut Output<'_>, spec: &Spec, value: u64) -> Result<()> {
    let (shift, prefix): (u32, &[u8]) = match spec.conversion {
        b'u' => {
            let (text, start) = decimal(value);
            return field(out, spec, b"", text.get(start..).unwrap_or_default());
        }
        b'o' => (3, b""),
        b'x' => (4, b"0x"),
        b'X' => (4, b"0X"),
        b'b' => (1, b"0b"),
        _ => (1, b"0B"),
    };
    let mut text = [0; 64];
    let start = powers(&mut text, value, shift, spec.conversion == b'X');
    let digits = text.get(start..).unwrap_or_default();
    let prefix = match (spec.alternate, shift) {
        // Octal's first digit is to be a 0, unless the precision makes it one.
        (true, 3) if value == 0 && spec.precision == Some(0) => b"0",
        (true, 3) if value != 0 && spec.precision.unwrap_or(0) <= digits.len() => b"0",
        (true, _) if value != 0 => prefix,
        _ => b"",
    };
    field(out, spec, prefix, digits)
}

pub(super) fn pointer(out: &mut Output<'_>, spec: &Spec, address: usize) -> Result<()> {
    if address == 0 {
        return pad_around(out, spec, b"(nil)");
    }
    let mut text = [0; 64];
    let start = powers(&mut text, address as u64, 4, false);
    let mut prefix = [0; 3];
    let sign = spec.plus.as_slice();
    let mut len = 0;
    for (place, byte) in prefix.iter_mut().zip(sign.iter().chain(b"0x")) {
        *place = *byte;
        len += 1;
    }
    let prefix = prefix.get(..len).unwrap_or_default();
    field(out, spec, prefix, text.get(start..).unwrap_or_default())
}

/// The decimal digits, at the end of the buffer.
pub(super) fn decimal(mut value: u64) -> ([u8; 20], usize) {
    let mut text = [0; 20];
    let mut start = text.len();
    for place in text.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
        start -= 1;
        if value == 0 {
            break;
        }
    }
    (text, start)
}

/// The digits to the base `2^shift`, at the end of `text`.
fn powers(text: &mut [u8], mut value: u64, shift: u32, upper: bool) -> usize {
    let letters = if upper { b'A' - 10 } else { b'a' - 10 };
    let mut start = text.len();
    for place in text.iter_mut().rev() {
        let digit = (value & ((1 << shift) - 1)) as u8;
        *place = digit + if digit < 10 { b'0' } else { letters };
        value >>= shift;
        start -= 1;
        if value == 0 {
            break;
        }
    }
    start
}

/// Sign or base, zeros, digits, and spaces on the side that wants them.
fn field(out: &mut Output<'_>, spec: &Spec, prefix: &[u8], digits: &[u8]) -> Result<()> {
    // A 0 with the precision 0 has no digits.
    let digits = if spec.precision == Some(0) && digits == b"0" {
        b""
    } else {
        digits
    };
    let len = spec.precision.unwrap_or(1).max(digits.len());
    let mut zeros = len - digits.len();
    let mut padding = out.open(spec, prefix.len() + len)?;
    if spec.zero && spec.precision.is_none() {
        zeros += padding;
        padding = 0;
    }
    if !spec.left {
        out.fill(b' ', padding)?;
    }
    for &byte in prefix {
        out.put_byte(byte)?;
    }
    out.fill(b'0', zeros)?;
    out.put(digits)?;
    if spec.left {
        out.fill(b' ', padding)
    } else {
        Ok(())
    }
}
