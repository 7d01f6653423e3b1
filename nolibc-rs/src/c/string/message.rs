//! `<string.h>`: what numbers of errors and signals mean.

use super::copy::strlcpy;
use crate::bytes;
use crate::c::locale::Locale;
use crate::errno::Errno;
use core::ffi::{CStr, c_char, c_int};

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
