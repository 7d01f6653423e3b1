//! Between bytes and wide characters.

use core::ffi::{c_char, c_int, c_void};

use super::{WEOF, Wide};
use crate::c::result::set_errno;
use crate::errno::Errno;
use crate::multibyte;

const FAILED: usize = usize::MAX;
/// What `mbrtowc` answers where a character is incomplete: here, without a byte.
const INCOMPLETE: usize = usize::MAX - 1;

/// `btowc`
#[unsafe(no_mangle)]
pub extern "C" fn btowc(byte: c_int) -> Wide {
    u8::try_from(byte).map_or(WEOF, multibyte::decode)
}

/// `wctob`
#[unsafe(no_mangle)]
pub extern "C" fn wctob(wide: Wide) -> c_int {
    multibyte::encode(wide).map_or(-1, c_int::from)
}

/// `mbsinit`: there is no state but the first.
#[unsafe(no_mangle)]
pub extern "C" fn mbsinit(_state: *const c_void) -> c_int {
    1
}

/// `mbrtowc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbrtowc(
    wide: *mut Wide,
    text: *const c_char,
    len: usize,
    _state: *mut c_void,
) -> usize {
    if text.is_null() {
        return 0;
    }
    if len == 0 {
        return INCOMPLETE;
    }
    // SAFETY: the caller's contract.
    let byte = unsafe { text.read() } as u8;
    if !wide.is_null() {
        // SAFETY: the caller's contract.
        unsafe { wide.write(multibyte::decode(byte)) };
    }
    usize::from(byte != 0)
}

/// `mbrlen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbrlen(text: *const c_char, len: usize, state: *mut c_void) -> usize {
    // SAFETY: the caller's contract.
    unsafe { mbrtowc(core::ptr::null_mut(), text, len, state) }
}

/// `mbtowc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbtowc(wide: *mut Wide, text: *const c_char, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    match unsafe { mbrtowc(wide, text, len, core::ptr::null_mut()) } {
        INCOMPLETE => {
            set_errno(Errno::EILSEQ);
            -1
        }
        count => count as c_int,
    }
}

/// `mblen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mblen(text: *const c_char, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { mbtowc(core::ptr::null_mut(), text, len) }
}

/// `wcrtomb`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcrtomb(text: *mut c_char, wide: Wide, _state: *mut c_void) -> usize {
    if text.is_null() {
        return 1;
    }
    match multibyte::encode(wide) {
        Ok(byte) => {
            // SAFETY: the caller's contract.
            unsafe { text.write(byte as c_char) };
            1
        }
        Err(error) => {
            set_errno(error);
            FAILED
        }
    }
}

/// `wctomb`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wctomb(text: *mut c_char, wide: Wide) -> c_int {
    if text.is_null() {
        return 0;
    }
    // SAFETY: the caller's contract.
    unsafe { wcrtomb(text, wide, core::ptr::null_mut()) as c_int }
}

/// `mbsnrtowcs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbsnrtowcs(
    target: *mut Wide,
    source: *mut *const c_char,
    limit: usize,
    len: usize,
    _state: *mut c_void,
) -> usize {
    // SAFETY: the caller's contract.
    let start = unsafe { *source };
    let limit = if target.is_null() {
        limit
    } else {
        limit.min(len)
    };
    let mut count = 0;
    while count < limit {
        // SAFETY: the terminator has not been passed.
        let byte = unsafe { start.add(count).read() } as u8;
        if !target.is_null() {
            // SAFETY: the caller's contract: `target` has `len` elements.
            unsafe { target.add(count).write(multibyte::decode(byte)) };
        }
        if byte == 0 {
            break;
        }
        count += 1;
    }
    if !target.is_null() {
        // SAFETY: byte `count` is the terminator if it is within the limit.
        let ended = count < limit && unsafe { start.add(count).read() } == 0;
        let rest = if ended {
            core::ptr::null()
        } else {
            start.wrapping_add(count)
        };
        // SAFETY: the caller's contract.
        unsafe { source.write(rest) };
    }
    count
}

/// `mbsrtowcs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbsrtowcs(
    target: *mut Wide,
    source: *mut *const c_char,
    len: usize,
    state: *mut c_void,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { mbsnrtowcs(target, source, usize::MAX, len, state) }
}

/// `mbstowcs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mbstowcs(
    target: *mut Wide,
    mut source: *const c_char,
    len: usize,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { mbsrtowcs(target, &mut source, len, core::ptr::null_mut()) }
}

/// `wcsnrtombs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsnrtombs(
    target: *mut c_char,
    source: *mut *const Wide,
    limit: usize,
    len: usize,
    _state: *mut c_void,
) -> usize {
    // SAFETY: the caller's contract.
    let start = unsafe { *source };
    let limit = if target.is_null() {
        limit
    } else {
        limit.min(len)
    };
    let mut count = 0;
    let mut rest = start;
    while count < limit {
        // SAFETY: the terminator has not been passed.
        let wide = unsafe { start.add(count).read() };
        let Ok(byte) = multibyte::encode(wide) else {
            if !target.is_null() {
                // SAFETY: the caller's contract.
                unsafe { source.write(start.wrapping_add(count)) };
            }
            set_errno(Errno::EILSEQ);
            return FAILED;
        };
        if !target.is_null() {
            // SAFETY: the caller's contract: `target` has `len` bytes.
            unsafe { target.add(count).write(byte as c_char) };
        }
        if wide == 0 {
            rest = core::ptr::null();
            break;
        }
        count += 1;
    }
    if !target.is_null() {
        let rest = if rest.is_null() {
            rest
        } else {
            start.wrapping_add(count)
        };
        // SAFETY: the caller's contract.
        unsafe { source.write(rest) };
    }
    count
}

/// `wcsrtombs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsrtombs(
    target: *mut c_char,
    source: *mut *const Wide,
    len: usize,
    state: *mut c_void,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { wcsnrtombs(target, source, usize::MAX, len, state) }
}

/// `wcstombs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstombs(
    target: *mut c_char,
    mut source: *const Wide,
    len: usize,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { wcsrtombs(target, &mut source, len, core::ptr::null_mut()) }
}
