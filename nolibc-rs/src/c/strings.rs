//! `<strings.h>`; `bcmp` is in `arch/compare.rs`.

use core::cmp::Ordering;
use core::ffi::{c_char, c_int, c_long, c_longlong, c_void};
use core::slice::from_raw_parts;

use super::locale::Locale;
use super::string::{borrow, strchr, strrchr};
use crate::arch::copy::{memmove, memset};
use crate::arch::search::strnlen;
use crate::bytes::compare_ignoring_case;

/// The position of the lowest set bit, counted from 1; 0 when none is set.
///
/// Source: POSIX.1-2024 `ffs`.
#[unsafe(no_mangle)]
pub extern "C" fn ffs(bits: c_int) -> c_int {
    ffsll(c_longlong::from(bits))
}

/// [`ffs`] of a `long`.
///
/// Source: POSIX.1-2024 `ffsl`.
#[unsafe(no_mangle)]
pub extern "C" fn ffsl(bits: c_long) -> c_int {
    ffsll(bits)
}

/// [`ffs`] of a `long long`.
///
/// Source: POSIX.1-2024 `ffsll`.
#[unsafe(no_mangle)]
pub extern "C" fn ffsll(bits: c_longlong) -> c_int {
    if bits == 0 {
        0
    } else {
        bits.trailing_zeros() as c_int + 1
    }
}

/// Compare strings with upper and lower case the same.
///
/// Source: POSIX.1-2024 `strcasecmp`.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcasecmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    let order: Ordering = unsafe { compare_ignoring_case(borrow(a), borrow(b)) };
    order as c_int
}

/// [`strcasecmp`] of at most `n` bytes.
///
/// Source: POSIX.1-2024 `strncasecmp`.
///
/// # Safety
/// Each is a C string or has `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strncasecmp(a: *const c_char, b: *const c_char, n: usize) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        let a = from_raw_parts(a.cast(), strnlen(a, n));
        let b = from_raw_parts(b.cast(), strnlen(b, n));
        compare_ignoring_case(a, b) as c_int
    }
}

/// [`strcasecmp`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcasecmp_l(
    a: *const c_char,
    b: *const c_char,
    _locale: *mut Locale,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { strcasecmp(a, b) }
}

/// [`strncasecmp`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// Each is a C string or has `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strncasecmp_l(
    a: *const c_char,
    b: *const c_char,
    n: usize,
    _locale: *mut Locale,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { strncasecmp(a, b, n) }
}

/// `memmove` with its arguments the other way round.
///
/// Source: POSIX.1-2001.
///
/// # Safety
/// As `memmove`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bcopy(src: *const c_void, dst: *mut c_void, n: usize) {
    // SAFETY: the caller's contract.
    unsafe { memmove(dst, src, n) };
}

/// Set to zero.
///
/// Source: POSIX.1-2001.
///
/// # Safety
/// `s` is valid for writing `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bzero(s: *mut c_void, n: usize) {
    // SAFETY: the caller's contract.
    unsafe { memset(s, 0, n) };
}

/// `strchr`.
///
/// Source: POSIX.1-2001.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn index(s: *const c_char, c: c_int) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { strchr(s, c) }
}

/// `strrchr`.
///
/// Source: POSIX.1-2001.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rindex(s: *const c_char, c: c_int) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { strrchr(s, c) }
}
