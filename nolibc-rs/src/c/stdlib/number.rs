//! `<stdlib.h>` and `<inttypes.h>`: text to numbers.

use core::ffi::{c_char, c_int, c_void};

use crate::arch::ahead::eight_in_page;
use crate::c::result::set_errno;
use crate::decimal::{self, DOUBLE, EXTENDED, Extended, FLOAT, Format, Number};
use crate::errno::Errno;
use crate::scan::{Integer, parse_integer};

/// `text` after white space; null stays null.
unsafe fn skip_space(mut text: *const c_char) -> *const c_char {
    if text.is_null() {
        return text;
    }
    // SAFETY: the caller's contract: nothing beyond the terminator is looked at.
    while matches!(unsafe { *text } as u8, b' ' | b'\t'..=b'\r') {
        // SAFETY: this is not the terminator.
        text = unsafe { text.add(1) };
    }
    text
}

/// The bytes that may belong to a number: a string may be much longer than the
/// number that it starts with.
///
/// # Safety
/// `text` is null or a string.
unsafe fn candidate<'a>(text: *const c_char) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    let mut len = 0;
    // SAFETY: nothing beyond the terminator is looked at.
    unsafe {
        while matches!(
            *text.add(len) as u8,
            b'0'..=b'9' | b'.' | b'+' | b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'(' | b')' | b'_'
        ) {
            len += 1;
        }
        core::slice::from_raw_parts(text.cast(), len)
    }
}

/// Store where the number ends: `used` bytes behind `start`, or at `text` where
/// there is none.
#[inline(always)]
unsafe fn store_end(end: *mut *mut c_char, text: *const c_char, start: *const c_char, used: usize) {
    if end.is_null() {
        return;
    }
    let place = match used {
        0 => text,
        _ => start.wrapping_add(used),
    };
    // SAFETY: not null, and valid by the caller's contract.
    unsafe { end.write(place.cast_mut()) }
}

/// A string that is read up to its terminator.
struct Terminated(*const u8);

impl decimal::Text for Terminated {
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        // SAFETY: whoever made it promised a string; what comes before is not
        // its terminator.
        unsafe { *self.0.add(at) }
    }

    #[inline(always)]
    fn eight(&self, at: usize) -> Option<u64> {
        // SAFETY: as above.
        unsafe { eight_in_page(self.0.add(at)) }
    }
}

unsafe fn float(text: *const c_char, end: *mut *mut c_char, format: Format) -> Number {
    // SAFETY: the caller's contract.
    let start = unsafe { skip_space(text) };
    // SAFETY: the caller's contract.
    let found = unsafe { candidate(start) };
    let parsed = decimal::parse(found, format, crate::arch::rounding_mode());
    // SAFETY: the caller's contract.
    unsafe { store_end(end, text, start, parsed.map_or(0, |parsed| parsed.used)) };
    match parsed {
        Some(parsed) => {
            if parsed.range {
                set_errno(Errno::ERANGE);
            }
            parsed.number
        }
        None => Number::from(0.0),
    }
}

/// `EINVAL` for a base that there is not, as POSIX has it.
unsafe fn integer(text: *const c_char, end: *mut *mut c_char, base: c_int) -> Integer {
    // SAFETY: the caller's contract.
    let start = unsafe { skip_space(text) };
    let found = if start.is_null() {
        Terminated(c"".as_ptr().cast())
    } else {
        Terminated(start.cast())
    };
    let integer = parse_integer(&found, base);
    let integer = integer.unwrap_or_else(|error| {
        set_errno(error);
        Integer::default()
    });
    // SAFETY: the caller's contract.
    unsafe { store_end(end, text, start, integer.used) };
    integer
}

/// The value; `errno` is set where there is an error.
pub(in crate::c) fn with_errno<T>((value, error): (T, Option<Errno>)) -> T {
    if let Some(error) = error {
        set_errno(error);
    }
    value
}

/// `strtod`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtod(text: *const c_char, end: *mut *mut c_char) -> f64 {
    if !text.is_null() && crate::arch::rounding_mode() == 0 {
        // SAFETY: the caller's contract.
        let start = unsafe { skip_space(text) };
        if let Some((value, used)) = decimal::parse_short(Terminated(start.cast())) {
            // SAFETY: the caller's contract.
            unsafe { store_end(end, text, start, used) };
            return value;
        }
    }
    // SAFETY: the caller's contract.
    unsafe { float(text, end, DOUBLE) }.to_double()
}

/// `strtof`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtof(text: *const c_char, end: *mut *mut c_char) -> f32 {
    // SAFETY: the caller's contract.
    unsafe { float(text, end, FLOAT) }.to_float()
}

/// `strtod_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtod_l(
    text: *const c_char,
    end: *mut *mut c_char,
    _locale: *mut c_void,
) -> f64 {
    // SAFETY: the caller's contract.
    unsafe { strtod(text, end) }
}

/// `strtof_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtof_l(
    text: *const c_char,
    end: *mut *mut c_char,
    _locale: *mut c_void,
) -> f32 {
    // SAFETY: the caller's contract.
    unsafe { strtof(text, end) }
}

/// What `strtold` in `csrc/long_double/strtold.c` returns: Rust has no such type.
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid; so is `result`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_strtold(
    text: *const c_char,
    end: *mut *mut c_char,
    result: *mut Extended,
) {
    // SAFETY: the caller's contract.
    unsafe { result.write(float(text, end, EXTENDED).to_extended()) }
}

/// `atof`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atof(text: *const c_char) -> f64 {
    // SAFETY: the caller's contract.
    unsafe { strtod(text, core::ptr::null_mut()) }
}

/// `strtol`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtol(text: *const c_char, end: *mut *mut c_char, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.signed(i64::MIN, i64::MAX))
}

/// `strtoll`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoll(text: *const c_char, end: *mut *mut c_char, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.signed(i64::MIN, i64::MAX))
}

/// `strtoul`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoul(text: *const c_char, end: *mut *mut c_char, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.unsigned())
}

/// `strtoull`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoull(text: *const c_char, end: *mut *mut c_char, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    with_errno(unsafe { integer(text, end, base) }.unsigned())
}

/// `strtol_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtol_l(
    text: *const c_char,
    end: *mut *mut c_char,
    base: c_int,
    _locale: *mut c_void,
) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { strtol(text, end, base) }
}

/// `strtoll_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoll_l(
    text: *const c_char,
    end: *mut *mut c_char,
    base: c_int,
    _locale: *mut c_void,
) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { strtoll(text, end, base) }
}

/// `strtoul_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoul_l(
    text: *const c_char,
    end: *mut *mut c_char,
    base: c_int,
    _locale: *mut c_void,
) -> u64 {
    // SAFETY: the caller's contract.
    unsafe { strtoul(text, end, base) }
}

/// `strtoull_l`; every locale is "C".
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoull_l(
    text: *const c_char,
    end: *mut *mut c_char,
    base: c_int,
    _locale: *mut c_void,
) -> u64 {
    // SAFETY: the caller's contract.
    unsafe { strtoull(text, end, base) }
}

/// `atoi`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atoi(text: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { strtol(text, core::ptr::null_mut(), 10) as c_int }
}

/// `atol`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atol(text: *const c_char) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { strtol(text, core::ptr::null_mut(), 10) }
}

/// `atoll`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atoll(text: *const c_char) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { strtol(text, core::ptr::null_mut(), 10) }
}
