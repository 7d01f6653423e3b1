//! The two translators from [`Result`] to C's conventions.

use core::ffi::{c_int, c_void};
use core::ptr::{NonNull, null_mut};

pub use crate::delivery::point;
use crate::errno::{Errno, Result};

/// Set the calling thread's `errno`, after what interrupted it was delivered.
pub fn set_errno(error: Errno) {
    if error == Errno::EINTR {
        crate::delivery::deliver();
    }
    crate::tcb::set_errno(error.raw());
}

/// A count, an offset or a descriptor; -1 with `errno` on failure.
pub fn or_minus_one<T: TryInto<R>, R: From<i8>>(result: Result<T>) -> R {
    let value = result.and_then(|value| value.try_into().map_err(|_| Errno::EOVERFLOW));
    value.unwrap_or_else(|error| {
        set_errno(error);
        R::from(-1)
    })
}

/// 0; -1 with `errno` on failure.
pub fn zero_or_minus_one(result: Result<()>) -> c_int {
    or_minus_one(result.map(|()| 0))
}

/// A pointer; null with `errno` on failure.
pub fn or_null(result: Result<NonNull<u8>>) -> *mut c_void {
    match result {
        Ok(pointer) => pointer.as_ptr().cast(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}
