//! `<utime.h>`

use core::ffi::{c_char, c_int};

use super::sys::stat::{nanoseconds, times_now};
use crate::c::cstr;
use crate::c::result::zero_or_minus_one;
use crate::file::abi::AT_FDCWD;
use crate::file::{self, Times};

/// `struct utimbuf`.
#[repr(C)]
pub struct Utimbuf {
    actime: i64,
    modtime: i64,
}

/// As POSIX `utime`.
///
/// # Safety
/// As POSIX says: `path` is a string, `times` is null or points to them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn utime(path: *const c_char, times: *const Utimbuf) -> c_int {
    // SAFETY: the caller's contract.
    let (path, times) = unsafe { (cstr::bytes(path), times.as_ref()) };
    zero_or_minus_one(path.and_then(|path| {
        let times = match times {
            None => times_now(),
            Some(times) => Times {
                accessed: Some(nanoseconds(times.actime, 0)?),
                modified: Some(nanoseconds(times.modtime, 0)?),
            },
        };
        file::set_times(AT_FDCWD, path, times, true)
    }))
}
