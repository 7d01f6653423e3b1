//! `<wchar.h>`, with the multibyte functions of `<stdlib.h>`.
//!
//! A multibyte character is one byte, as [`multibyte`](crate::multibyte) has it:
//! conversions keep no state, and `mbstate_t` is never looked at.

pub mod convert;
pub mod input;
pub mod memory;
pub mod number;
pub mod output;
pub mod string;

/// `wchar_t`; `wint_t` is as wide.
pub type Wide = u32;

/// `WEOF`
pub const WEOF: Wide = u32::MAX;

/// Elements before the terminator, at most `limit`.
///
/// # Safety
/// `start` is null or points to `limit` elements or to a terminated string.
pub(super) unsafe fn bounded<'a>(start: *const Wide, limit: usize) -> &'a [Wide] {
    if start.is_null() {
        return &[];
    }
    let mut len = 0;
    // SAFETY: nothing beyond the terminator or the limit is looked at.
    while len < limit && unsafe { *start.add(len) } != 0 {
        len += 1;
    }
    // SAFETY: these elements have just been read.
    unsafe { core::slice::from_raw_parts(start, len) }
}

/// The elements of a wide string.
///
/// # Safety
/// `start` is null or points to a terminated string.
pub(super) unsafe fn string<'a>(start: *const Wide) -> &'a [Wide] {
    // SAFETY: passed on.
    unsafe { bounded(start, usize::MAX) }
}
