//! `<string.h>`: copying and joining.

use crate::arch::copy::{memcpy, memset};
use crate::arch::search::{memchr, strlen, strnlen};
use crate::c::result::set_errno;
use crate::heap;
use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

/// Copy up to and including the first `c`, or `n` bytes; null in the second case.
///
/// Source: POSIX.1-2024 `memccpy`.
///
/// # Safety
/// As POSIX says: the blocks are valid for the bytes copied and do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memccpy(
    dst: *mut c_void,
    src: *const c_void,
    c: c_int,
    n: usize,
) -> *mut c_void {
    // SAFETY: the caller's contract; the count never passes the byte found.
    unsafe {
        let found = memchr(src, c, n);
        if found.is_null() {
            memcpy(dst, src, n);
            return null_mut();
        }
        let count = found.addr() - src.addr() + 1;
        mempcpy(dst, src, count)
    }
}

/// `memcpy` that answers the end of `dst`.
///
/// Source: glibc `mempcpy`.
///
/// # Safety
/// As `memcpy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mempcpy(dst: *mut c_void, src: *const c_void, n: usize) -> *mut c_void {
    // SAFETY: the caller's contract.
    unsafe { memcpy(dst, src, n).byte_add(n) }
}

/// Set to zero and let no compiler leave it out.
///
/// Source: glibc `explicit_bzero`.
///
/// # Safety
/// `s` is valid for writing `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn explicit_bzero(s: *mut c_void, n: usize) {
    // SAFETY: the caller's contract. The empty assembly may read what was written.
    unsafe {
        memset(s, 0, n);
        core::arch::asm!("/* {} */", in(reg) s, options(nostack, preserves_flags));
    }
}

/// Copy a string and answer the end of the copy.
///
/// Source: POSIX.1-2024 `stpcpy`.
///
/// # Safety
/// `src` is a C string, `dst` has room for it, and they do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stpcpy(dst: *mut c_char, src: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe {
        let len = strlen(src);
        memcpy(dst.cast(), src.cast(), len + 1);
        dst.add(len)
    }
}

/// Copy a string.
///
/// Source: C11 7.24.2.3.
///
/// # Safety
/// `src` is a C string, `dst` has room for it, and they do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcpy(dst: *mut c_char, src: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { memcpy(dst.cast(), src.cast(), strlen(src) + 1).cast() }
}

/// Copy at most `n` bytes of a string, fill up with zeros, and answer the first
/// zero or the end.
///
/// Source: POSIX.1-2024 `stpncpy`.
///
/// # Safety
/// `src` is a C string or has `n` bytes, `dst` has room for `n`; no overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stpncpy(dst: *mut c_char, src: *const c_char, n: usize) -> *mut c_char {
    // SAFETY: the caller's contract; the length is at most `n`.
    unsafe {
        let len = strnlen(src, n);
        memcpy(dst.cast(), src.cast(), len);
        memset(dst.add(len).cast(), 0, n - len);
        dst.add(len)
    }
}

/// Copy at most `n` bytes of a string and fill up with zeros.
///
/// Source: C11 7.24.2.4.
///
/// # Safety
/// `src` is a C string or has `n` bytes, `dst` has room for `n`; no overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strncpy(dst: *mut c_char, src: *const c_char, n: usize) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { stpncpy(dst, src, n) };
    dst
}

/// Append a string.
///
/// Source: C11 7.24.3.1.
///
/// # Safety
/// Both are C strings, `dst` has room for both, and they do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strcat(dst: *mut c_char, src: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { strcpy(dst.add(strlen(dst)), src) };
    dst
}

/// Append at most `n` bytes of a string and a terminator.
///
/// Source: C11 7.24.3.2.
///
/// # Safety
/// `dst` is a C string with room for the result, `src` one or has `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strncat(dst: *mut c_char, src: *const c_char, n: usize) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe {
        let len = strnlen(src, n);
        let end = dst.add(strlen(dst));
        memcpy(end.cast(), src.cast(), len);
        *end.add(len) = 0;
    }
    dst
}

/// Copy a string into `size` bytes, cut off where it does not fit; answers the
/// length of `src`.
///
/// Source: POSIX.1-2024 `strlcpy`.
///
/// # Safety
/// `src` is a C string, `dst` is valid for writing `size` bytes; no overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strlcpy(dst: *mut c_char, src: *const c_char, size: usize) -> usize {
    // SAFETY: the caller's contract; at most `size` bytes are written.
    unsafe {
        let len = strlen(src);
        if size > 0 {
            let kept = len.min(size - 1);
            memcpy(dst.cast(), src.cast(), kept);
            *dst.add(kept) = 0;
        }
        len
    }
}

/// Append a string within `size` bytes in all; answers the length that the result
/// would have had without a limit.
///
/// Source: POSIX.1-2024 `strlcat`.
///
/// # Safety
/// `src` is a C string, `dst` is valid for reading and writing `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strlcat(dst: *mut c_char, src: *const c_char, size: usize) -> usize {
    // SAFETY: the caller's contract; `used` is at most `size`.
    unsafe {
        let used = strnlen(dst, size);
        used + strlcpy(dst.add(used), src, size - used)
    }
}

/// A copy of a string in a block of its own.
///
/// Source: POSIX.1-2024 `strdup`. Fails with `ENOMEM`.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strdup(s: *const c_char) -> *mut c_char {
    // SAFETY: a C string has this many bytes.
    unsafe { duplicate(s, strlen(s)) }
}

/// A copy of at most `n` bytes of a string in a block of its own.
///
/// Source: POSIX.1-2024 `strndup`. Fails with `ENOMEM`.
///
/// # Safety
/// `s` is a C string or has `n` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strndup(s: *const c_char, n: usize) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { duplicate(s, strnlen(s, n)) }
}

/// A terminated copy of `len` bytes on the heap.
///
/// # Safety
/// `s` is valid for reading `len` bytes.
unsafe fn duplicate(s: *const c_char, len: usize) -> *mut c_char {
    match heap::alloc(len + 1, align_of::<u128>()) {
        Ok(block) => {
            let copy = block.as_ptr();
            // SAFETY: the block is new and holds `len + 1` bytes.
            unsafe {
                memcpy(copy.cast(), s.cast(), len);
                *copy.add(len) = 0;
            }
            copy.cast()
        }
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}
