//! `<uchar.h>`: the characters are those of `<wchar.h>`, all of which fit 16 bits.

use core::ffi::{c_char, c_void};

use super::wchar::convert::{mbrtowc, wcrtomb};

/// `mbrtoc16`
///
/// # Safety
/// As C says: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbrtoc16(
    wide: *mut u16,
    text: *const c_char,
    len: usize,
    state: *mut c_void,
) -> usize {
    let mut whole = 0;
    // SAFETY: the caller's contract.
    let used = unsafe { mbrtowc(&mut whole, text, len, state) };
    if used <= 1 && !text.is_null() && !wide.is_null() {
        // SAFETY: the caller's contract.
        unsafe { wide.write(whole as u16) };
    }
    used
}

/// `c16rtomb`
///
/// # Safety
/// As C says: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn c16rtomb(text: *mut c_char, wide: u16, state: *mut c_void) -> usize {
    // SAFETY: the caller's contract.
    unsafe { wcrtomb(text, wide.into(), state) }
}

/// `mbrtoc32`
///
/// # Safety
/// As C says: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbrtoc32(
    wide: *mut u32,
    text: *const c_char,
    len: usize,
    state: *mut c_void,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { mbrtowc(wide, text, len, state) }
}

/// `c32rtomb`
///
/// # Safety
/// As C says: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn c32rtomb(text: *mut c_char, wide: u32, state: *mut c_void) -> usize {
    // SAFETY: the caller's contract.
    unsafe { wcrtomb(text, wide, state) }
}
