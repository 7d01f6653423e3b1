//! `<string.h>`, by subject.
//!
//! `memcpy memmove memset` are in `arch/copy.rs`; `memcmp bcmp strcmp strncmp` in
//! `arch/compare.rs`; `memchr memrchr rawmemchr strlen strnlen strchrnul` in
//! `arch/search.rs`.

pub mod copy;
pub mod message;
pub mod search;

pub use copy::strlcpy;
pub use message::strsignal;
pub use search::{strchr, strrchr};

use crate::arch::{compare::strcmp, search::strlen};
use crate::c::locale::Locale;
use core::ffi::{c_char, c_int};
use core::slice::from_raw_parts;

/// The bytes of a C string without its terminator.
///
/// # Safety
/// `s` is a C string that nobody changes while the result lives.
pub(super) unsafe fn borrow<'a>(s: *const c_char) -> &'a [u8] {
    // SAFETY: a C string has this many bytes before its terminator.
    unsafe { from_raw_parts(s.cast(), strlen(s)) }
}

/// Compare as the locale orders strings; in "C" that is `strcmp`.
///
/// Source: C11 7.24.4.3.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcoll(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { strcmp(a, b) }
}

/// [`strcoll`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcoll_l(
    a: *const c_char,
    b: *const c_char,
    _locale: *mut Locale,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { strcmp(a, b) }
}

/// Transform so that `strcmp` orders as `strcoll` did; in "C" that is a copy.
/// Answers the length of the whole.
///
/// Source: C11 7.24.4.5.
///
/// # Safety
/// `src` is a C string, `dst` is valid for writing `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strxfrm(dst: *mut c_char, src: *const c_char, n: usize) -> usize {
    // SAFETY: the caller's contract.
    unsafe { strlcpy(dst, src, n) }
}

/// [`strxfrm`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// As [`strxfrm`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strxfrm_l(
    dst: *mut c_char,
    src: *const c_char,
    n: usize,
    _locale: *mut Locale,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { strlcpy(dst, src, n) }
}
