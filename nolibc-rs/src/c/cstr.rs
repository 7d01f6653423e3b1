//! Borrowing C strings.

use core::ffi::{CStr, c_char};

use crate::errno::{Errno, Result};

/// The bytes of a C string without its terminator; `EFAULT` for null.
///
/// # Safety
/// `string` is null or points to a terminated string that nobody changes while
/// the result lives.
#[inline(never)]
pub unsafe fn bytes<'a>(string: *const c_char) -> Result<&'a [u8]> {
    if string.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: not null, and terminated by the caller's contract.
    Ok(unsafe { CStr::from_ptr(string) }.to_bytes())
}
