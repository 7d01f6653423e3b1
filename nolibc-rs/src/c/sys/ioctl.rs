//! `<sys/ioctl.h>`; the variadic entry point is in csrc/variadic/sys_ioctl.c.

use core::ffi::{c_int, c_ulong, c_void};

use crate::c::result::zero_or_minus_one;
use crate::c::slice;
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::O_NONBLOCK;

const FIONREAD: c_ulong = 0x541b;
const FIONBIO: c_ulong = 0x5421;
const FIONCLEX: c_ulong = 0x5450;
const FIOCLEX: c_ulong = 0x5451;

/// `ioctl` with its argument. The size of the console is not known, so
/// `TIOCGWINSZ` answers `ENOTTY`, as do all other requests.
///
/// # Safety
/// As Linux says: `argument` points to what `request` wants.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_ioctl(fd: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { control(fd, request, argument.cast()) })
}

/// # Safety
/// As [`nolibc_ioctl`].
unsafe fn control(fd: c_int, request: c_ulong, argument: *mut c_int) -> Result<()> {
    file::check(fd)?;
    match request {
        FIOCLEX => file::set_close_on_exec(fd, true),
        FIONCLEX => file::set_close_on_exec(fd, false),
        FIONREAD => {
            let count = c_int::try_from(file::readable_bytes(fd)?).unwrap_or(c_int::MAX);
            // SAFETY: the caller's contract.
            unsafe { slice::store(argument, count) }
        }
        FIONBIO => {
            // SAFETY: the caller's contract.
            let on = *unsafe { argument.as_ref() }.ok_or(Errno::EFAULT)? != 0;
            let flags = file::status_flags(fd)?;
            let bit = if on { O_NONBLOCK } else { 0 };
            file::set_status_flags(fd, flags & !O_NONBLOCK | bit)
        }
        _ => Err(Errno::ENOTTY),
    }
}
