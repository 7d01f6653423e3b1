//! `<locale.h>`: there is one locale, "C", which is also called "POSIX".

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

use super::cstr;
use super::result::set_errno;
use crate::errno::{Errno, Result};

/// What a `locale_t` points to. All that exist are equal.
#[repr(C)]
pub struct Locale {
    _unused: u8,
}

/// `LC_GLOBAL_LOCALE`.
const GLOBAL: *mut Locale = core::ptr::without_provenance_mut(usize::MAX);
const LC_ALL: c_int = 6;
const LC_ALL_MASK: c_int = 0x3f;

/// The one locale. It is never written, so one address serves all.
fn the_locale() -> *mut Locale {
    static LOCALE: Locale = Locale { _unused: 0 };
    (&raw const LOCALE).cast_mut()
}

/// Whether a name means the one locale; the environment's ("") does.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn check_name(name: *const c_char) -> Result<()> {
    // SAFETY: the caller's contract.
    match unsafe { cstr::bytes(name) }? {
        b"" | b"C" | b"POSIX" => Ok(()),
        _ => Err(Errno::ENOENT),
    }
}

/// Choose a locale: "C", "POSIX" or "", which is "C"; null for any other name.
///
/// Source: C11 7.11.1.1.
///
/// # Safety
/// `locale` is null or a C string. Nobody writes to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setlocale(category: c_int, locale: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    let known = locale.is_null() || unsafe { check_name(locale) }.is_ok();
    if !(0..=LC_ALL).contains(&category) || !known {
        return null_mut();
    }
    c"C".as_ptr().cast_mut()
}

/// `struct lconv`.
#[repr(C)]
pub struct Conventions {
    texts: [TextPointer; 10],
    numbers: [u8; 14],
}

/// A pointer to a constant text.
#[repr(transparent)]
pub struct TextPointer(*const c_char);

// SAFETY: it points to a constant that is never written.
unsafe impl Sync for TextPointer {}

const fn text(text: &'static CStr) -> TextPointer {
    TextPointer(text.as_ptr())
}

const _: () = assert!(size_of::<Conventions>() == 96);

/// How numbers and money are written: C11 7.11.2.1 gives the values of "C".
///
/// Source: C11 7.11.2.1.
///
/// # Safety
/// Nobody writes to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn localeconv() -> *mut Conventions {
    /// `CHAR_MAX`: the value is not available.
    const NONE: u8 = 127;
    static CONVENTIONS: Conventions = Conventions {
        texts: [
            text(c"."),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
            text(c""),
        ],
        numbers: [NONE; 14],
    };
    (&raw const CONVENTIONS).cast_mut()
}

/// A locale object.
///
/// Source: POSIX.1-2024 `newlocale`.
///
/// # Errors
/// Null, and `errno` is `EINVAL` (an unknown category, or no name) or `ENOENT`
/// (an unknown name).
///
/// # Safety
/// `locale` is null or a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn newlocale(
    mask: c_int,
    locale: *const c_char,
    _base: *mut Locale,
) -> *mut Locale {
    let answer = if mask & !LC_ALL_MASK != 0 || locale.is_null() {
        Err(Errno::EINVAL)
    } else {
        // SAFETY: the caller's contract.
        unsafe { check_name(locale) }
    };
    match answer {
        Ok(()) => the_locale(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// Choose the calling thread's locale, and answer the one before. Since all are
/// equal, the answer is always the global one.
///
/// Source: POSIX.1-2024 `uselocale`.
#[unsafe(no_mangle)]
pub extern "C" fn uselocale(_locale: *mut Locale) -> *mut Locale {
    GLOBAL
}

/// A copy of a locale object.
///
/// Source: POSIX.1-2024 `duplocale`.
#[unsafe(no_mangle)]
pub extern "C" fn duplocale(_locale: *mut Locale) -> *mut Locale {
    the_locale()
}

/// Give a locale object back; it holds nothing.
///
/// Source: POSIX.1-2024 `freelocale`.
#[unsafe(no_mangle)]
pub extern "C" fn freelocale(_locale: *mut Locale) {}
