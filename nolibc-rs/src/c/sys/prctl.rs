//! `<sys/prctl.h>`; the variadic entry point is in csrc/variadic/sys_prctl.c.

use core::ffi::{CStr, c_char, c_int};

use crate::c::result::zero_or_minus_one;
use crate::c::slice;
use crate::errno::{Errno, Result};
use crate::thread;

const PR_SET_NAME: c_int = 15;
const PR_GET_NAME: c_int = 16;
const NAME_BYTES: usize = 16;

/// `prctl` with its argument: the name of the thread can be set and read.
///
/// # Safety
/// As Linux says: `name` is a string, or points to room for 16 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_prctl(option: c_int, name: *mut c_char) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { control(option, name) })
}

/// # Safety
/// As [`nolibc_prctl`].
unsafe fn control(option: c_int, name: *mut c_char) -> Result<()> {
    match option {
        PR_SET_NAME | PR_GET_NAME if name.is_null() => Err(Errno::EFAULT),
        PR_SET_NAME => {
            // SAFETY: not null, and a string by the caller's contract.
            let new = unsafe { CStr::from_ptr(name) }.to_bytes();
            // Linux cuts a name that is too long.
            thread::current().set_name(new.get(..NAME_BYTES - 1).unwrap_or(new))
        }
        // SAFETY: room for 16 bytes by the caller's contract.
        PR_GET_NAME => unsafe { slice::store(name.cast(), thread::current().name()) },
        _ => Err(Errno::EINVAL),
    }
}
