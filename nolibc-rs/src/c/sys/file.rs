//! `<sys/file.h>`

use core::ffi::c_int;

use crate::c::result::zero_or_minus_one;
use crate::file;

/// As BSD `flock`; waiting for a lock that only the caller could give up ends the
/// machine with a report.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flock(fd: c_int, operation: c_int) -> c_int {
    zero_or_minus_one(crate::delivery::restart(|| file::lock(fd, operation)))
}
