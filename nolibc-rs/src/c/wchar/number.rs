//! Wide text to numbers: the number's characters are ASCII, so that a copy in
//! bytes says the same.

use core::ffi::c_int;

use super::Wide;
use crate::buffer::Buffer;
use crate::c::result::set_errno;
use crate::c::stdlib::number::with_errno;
use crate::decimal::{self, DOUBLE, EXTENDED, Extended, FLOAT, Format, Number};
use crate::errno::Errno;
use crate::scan::{Integer, parse_integer};

/// Hand `read` the bytes that may belong to a number; `used` of them did, and
/// `end` learns that.
unsafe fn with_candidate<T: Default>(
    text: *const Wide,
    end: *mut *mut Wide,
    read: impl FnOnce(&[u8]) -> (T, usize),
) -> T {
    let byte = |wide: Wide| u8::try_from(wide).ok().filter(u8::is_ascii);
    let mut start = text;
    let mut len = 0;
    // SAFETY: nothing beyond the terminator is looked at.
    unsafe {
        while matches!(*start, 0x20 | 0x09..=0x0d) {
            start = start.add(1);
        }
        while byte(*start.add(len)).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'(' | b')')
        }) {
            len += 1;
        }
    }
    let mut short = [0; 64];
    let mut long = None;
    let bytes = if len <= short.len() {
        &mut short[..]
    } else {
        match Buffer::new(len) {
            Ok(buffer) => &mut **long.insert(buffer),
            Err(error) => {
                set_errno(error);
                &mut []
            }
        }
    };
    for (index, place) in bytes.iter_mut().take(len).enumerate() {
        // SAFETY: these elements have just been read.
        *place = unsafe { *start.add(index) } as u8;
    }
    let (value, used) = read(bytes.get(..len).unwrap_or_default());
    if !end.is_null() {
        let place = if used == 0 {
            text
        } else {
            start.wrapping_add(used)
        };
        // SAFETY: not null, and valid by the caller's contract.
        unsafe { end.write(place.cast_mut()) };
    }
    value
}

unsafe fn float(text: *const Wide, end: *mut *mut Wide, format: Format) -> Number {
    let mode = crate::arch::rounding_mode();
    // SAFETY: the caller's contract.
    let parsed = unsafe {
        with_candidate(text, end, |bytes| {
            let parsed = decimal::parse(bytes, format, mode);
            (parsed, parsed.map_or(0, |parsed| parsed.used))
        })
    };
    if parsed.is_some_and(|parsed| parsed.range) {
        set_errno(Errno::ERANGE);
    }
    parsed.map_or(Number::from(0.0), |parsed| parsed.number)
}

unsafe fn integer(text: *const Wide, end: *mut *mut Wide, base: c_int) -> Integer {
    // SAFETY: the caller's contract.
    unsafe {
        with_candidate(text, end, |bytes| {
            let integer = parse_integer(&bytes, base).unwrap_or_else(|error| {
                set_errno(error);
                Integer::default()
            });
            (integer, integer.used)
        })
    }
}

/// `wcstod`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstod(text: *const Wide, end: *mut *mut Wide) -> f64 {
    // SAFETY: the caller's contract.
    unsafe { float(text, end, DOUBLE) }.to_double()
}

/// `wcstof`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstof(text: *const Wide, end: *mut *mut Wide) -> f32 {
    // SAFETY: the caller's contract.
    unsafe { float(text, end, FLOAT) }.to_float()
}

/// What `wcstold` in `csrc/long_double/strtold.c` returns.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_wcstold(
    text: *const Wide,
    end: *mut *mut Wide,
    result: *mut Extended,
) {
    // SAFETY: the caller's contract.
    unsafe { result.write(float(text, end, EXTENDED).to_extended()) };
}

/// `wcstol`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstol(text: *const Wide, end: *mut *mut Wide, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.signed(i64::MIN, i64::MAX))
}

/// `wcstoll`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstoll(text: *const Wide, end: *mut *mut Wide, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.signed(i64::MIN, i64::MAX))
}

/// `wcstoimax`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstoimax(text: *const Wide, end: *mut *mut Wide, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.signed(i64::MIN, i64::MAX))
}

/// `wcstoul`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstoul(text: *const Wide, end: *mut *mut Wide, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.unsigned())
}

/// `wcstoull`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstoull(text: *const Wide, end: *mut *mut Wide, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.unsigned())
}

/// `wcstoumax`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstoumax(text: *const Wide, end: *mut *mut Wide, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.unsigned())
}
