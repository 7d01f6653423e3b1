//! `%a`, laid out as glibc does: a `double` as 1.xxx (a subnormal one as 0.xxx
//! with the smallest exponent), a `long double` with four bits before the point.

use super::float::open;
use super::{Output, Spec};
use crate::decimal::Rounding;
use crate::errno::Result;

pub(super) fn hex(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
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
    let needed = (16 - fraction.trailing_zeros() / 4).min(16) as usize;
    let needed = if fraction == 0 { 0 } else { needed };
    let places = spec.precision.unwrap_or(needed);
    let point = places > 0 || spec.alternate;

    let upper = spec.conversion == b'A';
    let digit = |value: u64| match (value & 15) as u8 {
        value @ 0..=9 => b'0' + value,
        value if upper => b'A' + value - 10,
        value => b'a' + value - 10,
    };
    let (power, start) = super::integer::decimal(exponent.unsigned_abs().into());
    let power = power.get(start..).unwrap_or_default();
    let len = places.saturating_add(3 + usize::from(point) + 2 + power.len());
    let prefix: &[u8] = if upper { b"0X" } else { b"0x" };
    // Zeros stand behind the prefix.
    let right = open_prefixed(out, spec, sign, prefix, len)?;
    out.put_byte(digit(whole))?;
    if point {
        out.put_byte(b'.')?;
    }
    let shown = places.min(16);
    for _ in 0..shown {
        out.put_byte(digit(fraction >> 60))?;
        fraction <<= 4;
    }
    out.fill(b'0', places - shown)?;
    out.put_byte(if upper { b'P' } else { b'p' })?;
    out.put_byte(if exponent < 0 { b'-' } else { b'+' })?;
    out.put(power)?;
    out.fill(b' ', right)
}

fn open_prefixed(
    out: &mut Output<'_>,
    spec: &Spec,
    sign: Option<u8>,
    prefix: &[u8],
    len: usize,
) -> Result<usize> {
    let zeros = if spec.zero {
        spec.width
            .saturating_sub(len.saturating_add(usize::from(sign.is_some())))
    } else {
        0
    };
    let spec = Spec {
        zero: false,
        ..*spec
    };
    let right = open(out, &spec, sign, len.saturating_add(zeros))?;
    out.put(prefix)?;
    out.fill(b'0', zeros)?;
    Ok(right)
}
