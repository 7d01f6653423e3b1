//! `<string.h>`
//!
//! `memcpy memmove memset` are in `arch/copy.rs`; `memcmp bcmp memchr memrchr
//! rawmemchr strlen strnlen strchrnul strcmp strncmp` in `arch/search.rs`.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;
use core::slice::from_raw_parts;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::locale::Locale;
use super::result::set_errno;
use crate::arch::copy::{memcpy, memset};
use crate::arch::search::{memchr, memrchr, strchrnul, strcmp, strlen, strnlen};
use crate::bytes::{self, Set};
use crate::errno::Errno;
use crate::heap;

/// The bytes of a C string without its terminator.
///
/// # Safety
/// `s` is a C string that nobody changes while the result lives.
pub(super) unsafe fn borrow<'a>(s: *const c_char) -> &'a [u8] {
    // SAFETY: a C string has this many bytes before its terminator.
    unsafe { from_raw_parts(s.cast(), strlen(s)) }
}

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

/// "Unknown error -2147483648" and its terminator fit.
const UNKNOWN_SIZE: usize = 32;

/// "`text` `number`" as a C string.
fn unknown(text: &[u8], number: c_int) -> [c_char; UNKNOWN_SIZE] {
    let mut digits = [0; 20];
    let digits = bytes::decimal(number.into(), &mut digits);
    let mut message = [0; UNKNOWN_SIZE];
    let all = text.iter().chain(b" ").chain(digits);
    for (to, from) in message.iter_mut().take(UNKNOWN_SIZE - 1).zip(all) {
        *to = *from as c_char;
    }
    message
}

/// What an error number means. For a number without a meaning the text stays
/// valid until the next such call of any thread.
///
/// Source: C11 7.24.6.2.
///
/// # Safety
/// Nobody writes to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strerror(number: c_int) -> *mut c_char {
    static mut UNKNOWN: [c_char; UNKNOWN_SIZE] = [0; UNKNOWN_SIZE];
    if number == 0 {
        return c"Success".as_ptr().cast_mut();
    }
    match Errno::from_raw(number).message() {
        Some(message) => message.as_ptr().cast_mut(),
        None => {
            // SAFETY: C allows `strerror` one buffer that calls overwrite; the last
            // byte is never anything but 0.
            unsafe { UNKNOWN = unknown(b"Unknown error", number) };
            (&raw mut UNKNOWN).cast()
        }
    }
}

/// [`strerror`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// Nobody writes to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strerror_l(number: c_int, _locale: *mut Locale) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { strerror(number) }
}

/// What an error number means, in the caller's buffer.
///
/// Source: POSIX.1-2024 `strerror_r`, not GNU's.
///
/// # Errors
/// Returns `EINVAL` for a number without a meaning (the buffer says so), `ERANGE`
/// when the buffer is too small (it holds the start of the text).
///
/// # Safety
/// `buffer` is valid for writing `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strerror_r(number: c_int, buffer: *mut c_char, size: usize) -> c_int {
    let known = match number {
        0 => Some(c"Success"),
        _ => Errno::from_raw(number).message(),
    };
    let text = unknown(b"Unknown error", number);
    let message = known.map_or(text.as_ptr(), CStr::as_ptr);
    // SAFETY: the caller's contract; the message is a C string.
    let len = unsafe { strlcpy(buffer, message, size) };
    match known {
        _ if len >= size => Errno::ERANGE.raw(),
        None => Errno::EINVAL.raw(),
        Some(_) => 0,
    }
}

/// The names of the signals 1 to 31, as Linux numbers them.
const SIGNALS: [&CStr; 31] = [
    c"Hangup",
    c"Interrupt",
    c"Quit",
    c"Illegal instruction",
    c"Trace/breakpoint trap",
    c"Aborted",
    c"Bus error",
    c"Floating point exception",
    c"Killed",
    c"User defined signal 1",
    c"Segmentation fault",
    c"User defined signal 2",
    c"Broken pipe",
    c"Alarm clock",
    c"Terminated",
    c"Stack fault",
    c"Child exited",
    c"Continued",
    c"Stopped (signal)",
    c"Stopped",
    c"Stopped (tty input)",
    c"Stopped (tty output)",
    c"Urgent I/O condition",
    c"CPU time limit exceeded",
    c"File size limit exceeded",
    c"Virtual timer expired",
    c"Profiling timer expired",
    c"Window changed",
    c"I/O possible",
    c"Power failure",
    c"Bad system call",
];

/// What a signal number means. For a number without a name the text stays valid
/// until the next such call of any thread.
///
/// Source: POSIX.1-2024 `strsignal`.
///
/// # Safety
/// Nobody writes to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strsignal(number: c_int) -> *mut c_char {
    static mut UNKNOWN: [c_char; UNKNOWN_SIZE] = [0; UNKNOWN_SIZE];
    let index = usize::try_from(i64::from(number) - 1).ok();
    if let Some(name) = index.and_then(|index| SIGNALS.get(index)) {
        return name.as_ptr().cast_mut();
    }
    // SAFETY: as in `strerror`.
    unsafe { UNKNOWN = unknown(b"Unknown signal", number) };
    (&raw mut UNKNOWN).cast()
}
