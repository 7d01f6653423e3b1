//! `<inttypes.h>`

use core::ffi::{c_char, c_int};

use super::stdlib::number::{strtol, strtoul};

/// What `imaxdiv` answers.
#[repr(C)]
pub struct Division {
    quotient: i64,
    remainder: i64,
}

/// `imaxabs`
#[unsafe(no_mangle)]
pub extern "C" fn imaxabs(value: i64) -> i64 {
    value.wrapping_abs()
}

/// `imaxdiv`; dividing by 0 answers the quotient 0.
#[unsafe(no_mangle)]
pub extern "C" fn imaxdiv(numerator: i64, denominator: i64) -> Division {
    Division {
        quotient: numerator.checked_div(denominator).unwrap_or(0),
        remainder: numerator.checked_rem(denominator).unwrap_or(0),
    }
}

/// `strtoimax`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoimax(text: *const c_char, end: *mut *mut c_char, base: c_int) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { strtol(text, end, base) }
}

/// `strtoumax`
///
/// # Safety
/// As C says: `text` is a string, `end` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtoumax(text: *const c_char, end: *mut *mut c_char, base: c_int) -> u64 {
    // SAFETY: the caller's contract.
    unsafe { strtoul(text, end, base) }
}
