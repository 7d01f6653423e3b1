//! Borrowing what C describes by a pointer and a length.

use core::ffi::{c_char, c_int, c_void};
use core::slice;

use crate::errno::{Errno, Result};

/// No object is longer.
const LARGEST: usize = isize::MAX as usize;

/// The bytes at `start`; `EFAULT` for null unless there are none.
///
/// # Safety
/// `start` is null or points to `len` bytes that nobody changes while the result
/// lives.
pub unsafe fn bytes<'a>(start: *const c_void, len: usize) -> Result<&'a [u8]> {
    if len == 0 {
        return Ok(&[]);
    }
    if start.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not null, and readable by the caller's contract.
    Ok(unsafe { slice::from_raw_parts(start.cast(), len.min(LARGEST)) })
}

/// The bytes at `start`, to be written; `EFAULT` for null unless there are none.
///
/// # Safety
/// `start` is null or points to `len` bytes that nobody else uses while the
/// result lives.
pub unsafe fn bytes_mut<'a>(start: *mut c_void, len: usize) -> Result<&'a mut [u8]> {
    if len == 0 {
        return Ok(&mut []);
    }
    if start.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not null, and writable by the caller's contract.
    Ok(unsafe { slice::from_raw_parts_mut(start.cast(), len.min(LARGEST)) })
}

/// The objects at `start`; `EFAULT` for null unless there are none, `EINVAL` if
/// `count` is negative.
///
/// # Safety
/// `start` is null or points to `count` objects that nobody changes while the
/// result lives.
pub unsafe fn objects<'a, T>(start: *const T, count: c_int) -> Result<&'a [T]> {
    let count = usize::try_from(count).map_err(|_| Errno::EINVAL)?;
    if count == 0 {
        return Ok(&[]);
    }
    if start.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not null, and readable by the caller's contract.
    Ok(unsafe { slice::from_raw_parts(start, count) })
}

/// Write `value` to where `to` points.
///
/// # Errors
/// `EFAULT`: null.
///
/// # Safety
/// `to` is null or points to room for a `T`.
pub unsafe fn store<T>(to: *mut T, value: T) -> Result<()> {
    if to.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not null, and writable by the caller's contract.
    unsafe { to.write(value) };
    Ok(())
}

/// Copy `text` and a terminator to `buffer`.
///
/// # Errors
/// `ERANGE`: `len` is too small. `EFAULT`: null.
///
/// # Safety
/// `buffer` is null or points to `len` bytes that nobody else uses.
pub unsafe fn store_string(buffer: *mut c_char, len: usize, text: &[u8]) -> Result<()> {
    // SAFETY: the caller's contract.
    let room = unsafe { bytes_mut(buffer.cast(), len) }?;
    let (string, rest) = room.split_at_mut_checked(text.len()).ok_or(Errno::ERANGE)?;
    let terminator = rest.first_mut().ok_or(Errno::ERANGE)?;
    string.copy_from_slice(text);
    *terminator = 0;
    Ok(())
}
