//! Opening and closing streams.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use super::{borrow, eof};
use crate::c::cstr;
use crate::c::result::{or_minus_one, set_errno};
use crate::errno::{Errno, Result};
use crate::stream::{Mode, Stream};

pub(super) fn or_null(result: Result<&'static Stream>) -> *mut Stream {
    match result {
        Ok(stream) => core::ptr::from_ref(stream).cast_mut(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// `fopen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fopen(path: *const c_char, mode: *const c_char) -> *mut Stream {
    // SAFETY: the caller's contract.
    let (path, mode) = unsafe { (cstr::bytes(path), cstr::bytes(mode)) };
    let mode = mode.and_then(Mode::parse);
    or_null(path.and_then(|path| Stream::open_path(path, mode?)))
}

/// `fdopen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdopen(descriptor: c_int, mode: *const c_char) -> *mut Stream {
    // SAFETY: the caller's contract.
    let mode = unsafe { cstr::bytes(mode) }.and_then(Mode::parse);
    or_null(mode.and_then(|mode| Stream::open_descriptor(descriptor, mode)))
}

/// `freopen`; without a path (to change the mode only) it fails with `EFAULT`.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn freopen(
    path: *const c_char,
    mode: *const c_char,
    stream: *mut Stream,
) -> *mut Stream {
    // SAFETY: the caller's contract.
    let (path, mode, target) = unsafe { (cstr::bytes(path), cstr::bytes(mode), borrow(stream)) };
    let mode = mode.and_then(Mode::parse);
    or_null(path.and_then(|path| target.reopen(path, mode?).map(|()| target)))
}

/// `fclose`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fclose(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.close().map_or_else(eof, |()| 0)
}

/// `popen`: there are no other processes. Fails with `ENOSYS`.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn popen(_command: *const c_char, _mode: *const c_char) -> *mut Stream {
    or_null(Err(Errno::ENOSYS))
}

/// `pclose`: no stream comes from `popen`. Fails with `ENOSYS`.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pclose(_stream: *mut Stream) -> c_int {
    or_minus_one(Err::<c_int, _>(Errno::ENOSYS))
}
