//! `<string.h>`: searching and splitting.

use super::borrow;
use crate::arch::search::{memrchr, strchrnul, strlen};
use crate::bytes::{self, Set};
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;
use core::slice::from_raw_parts;
use core::sync::atomic::{AtomicPtr, Ordering};

/// Where `needle` first occurs in `haystack`, or null.
///
/// Source: POSIX.1-2024 `memmem`.
///
/// # Safety
/// The blocks are valid for reading the sizes given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memmem(
    haystack: *const c_void,
    haystack_size: usize,
    needle: *const c_void,
    needle_size: usize,
) -> *mut c_void {
    if needle_size == 0 || haystack_size < needle_size {
        return if needle_size == 0 {
            haystack.cast_mut()
        } else {
            null_mut()
        };
    }
    // SAFETY: the caller's contract; neither size is 0.
    let (text, wanted) = unsafe {
        (
            from_raw_parts(haystack.cast(), haystack_size),
            from_raw_parts(needle.cast(), needle_size),
        )
    };
    let found = bytes::find(text, wanted);
    found.map_or(null_mut(), |at| haystack.cast_mut().wrapping_byte_add(at))
}

/// The first `c` of a string, its terminator included, or null.
///
/// Source: C11 7.24.5.2.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strchr(s: *const c_char, c: c_int) -> *mut c_char {
    // SAFETY: the caller's contract; the answer points into the string.
    unsafe {
        let found = strchrnul(s, c);
        if *found == c as c_char {
            found
        } else {
            null_mut()
        }
    }
}

/// The last `c` of a string, its terminator included, or null.
///
/// Source: C11 7.24.5.5.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strrchr(s: *const c_char, c: c_int) -> *mut c_char {
    // SAFETY: a C string has this many bytes and a terminator.
    unsafe { memrchr(s.cast(), c, strlen(s) + 1).cast() }
}

/// How many bytes at the start of `s` are in `accept`.
///
/// Source: C11 7.24.5.6.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strspn(s: *const c_char, accept: *const c_char) -> usize {
    // SAFETY: the caller's contract.
    unsafe { bytes::span(borrow(s), &Set::new(borrow(accept))) }
}

/// How many bytes at the start of `s` are not in `reject`.
///
/// Source: C11 7.24.5.3.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcspn(s: *const c_char, reject: *const c_char) -> usize {
    // SAFETY: the caller's contract.
    unsafe { bytes::span_outside(borrow(s), &Set::new(borrow(reject))) }
}

/// The first byte of `s` that is in `accept`, or null.
///
/// Source: C11 7.24.5.4.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strpbrk(s: *const c_char, accept: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract; the span ends at the terminator at most.
    unsafe {
        let found = s.add(strcspn(s, accept));
        if *found == 0 {
            null_mut()
        } else {
            found.cast_mut()
        }
    }
}

/// Where `needle` first occurs in `haystack`, or null.
///
/// Source: C11 7.24.5.7. Time is linear.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strstr(haystack: *const c_char, needle: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    let found = unsafe { bytes::find(borrow(haystack), borrow(needle)) };
    found.map_or(null_mut(), |at| haystack.cast_mut().wrapping_add(at))
}

/// [`strstr`] with upper and lower case the same.
///
/// Source: glibc `strcasestr`.
///
/// # Safety
/// Both are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcasestr(haystack: *const c_char, needle: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    let found = unsafe { bytes::find_ignoring_case(borrow(haystack), borrow(needle)) };
    found.map_or(null_mut(), |at| haystack.cast_mut().wrapping_add(at))
}

/// The next token of a string, which is cut up in place.
///
/// Source: POSIX.1-2024 `strtok_r`.
///
/// # Safety
/// `s` is a C string, or null and `state` is what the last call left; both may be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtok_r(
    s: *mut c_char,
    delimiters: *const c_char,
    state: *mut *mut c_char,
) -> *mut c_char {
    // SAFETY: the caller's contract; offsets end at the terminator at most.
    unsafe {
        let string = if s.is_null() { *state } else { s };
        if string.is_null() {
            return null_mut();
        }
        let text = borrow(string);
        let Some((start, len)) = bytes::token(text, &Set::new(borrow(delimiters))) else {
            *state = string.add(text.len());
            return null_mut();
        };
        let end = start + len;
        *state = string.add(if end < text.len() { end + 1 } else { end });
        *string.add(end) = 0;
        string.add(start)
    }
}

/// [`strtok_r`] with one state for the program.
///
/// Source: C11 7.24.5.8.
///
/// # Safety
/// As [`strtok_r`]; no other thread calls it at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strtok(s: *mut c_char, delimiters: *const c_char) -> *mut c_char {
    static STATE: AtomicPtr<c_char> = AtomicPtr::new(null_mut());
    let mut state = STATE.load(Ordering::Relaxed);
    // SAFETY: the caller's contract.
    let token = unsafe { strtok_r(s, delimiters, &raw mut state) };
    STATE.store(state, Ordering::Relaxed);
    token
}

/// Cut off the part of a string before the first delimiter, empty parts included.
///
/// Source: glibc `strsep`.
///
/// # Safety
/// `*s` is null or a C string that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strsep(s: *mut *mut c_char, delimiters: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract; the span ends at the terminator at most.
    unsafe {
        let part = *s;
        if part.is_null() {
            return null_mut();
        }
        let end = part.add(strcspn(part, delimiters));
        *s = if *end == 0 { null_mut() } else { end.add(1) };
        *end = 0;
        part
    }
}
