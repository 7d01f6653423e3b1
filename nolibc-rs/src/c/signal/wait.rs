//! Waiting for signals.

use core::ffi::c_int;

use super::{SigInfo, SigSet, deliver, wait_for_delivery, with_mask};
use crate::c::poll::{deadline_after, duration};
use crate::c::result::or_minus_one;
use crate::c::slice;
use crate::errno::{Errno, Result};
use crate::file::abi::Timespec;
use crate::platform::Nanoseconds;
use crate::signal as inner;

/// As POSIX `sigsuspend`; a program that nothing can wake ends with a report.
///
/// # Safety
/// As POSIX says: `mask` points to a set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigsuspend(mask: *const SigSet) -> c_int {
    // SAFETY: the caller's contract.
    let mask = unsafe { mask.as_ref() };
    let Some(mask) = mask else {
        return or_minus_one(Err::<c_int, _>(Errno::EFAULT));
    };
    let waited = with_mask(Some(mask), wait_for_delivery);
    or_minus_one(waited.and(Err::<c_int, _>(Errno::EINTR)))
}

/// A pending signal of `set`.
///
/// # Errors
/// `EAGAIN`: none came until `deadline`.
///
/// # Safety
/// `set` is null or points to a set.
unsafe fn accept(set: *const SigSet, deadline: Option<Nanoseconds>) -> Result<c_int> {
    // SAFETY: the caller's contract.
    let set = unsafe { set.as_ref() }.ok_or(Errno::EFAULT)?;
    loop {
        match inner::wait_for(set.bits(), deadline) {
            // `sigwait` goes on after another signal was handled.
            Err(Errno::EINTR) if deadline.is_none() => {
                deliver();
            }
            accepted => return accepted,
        }
    }
}

/// As POSIX `sigwait`; answers the error number. A program that nothing can wake
/// ends with a report.
///
/// # Safety
/// As POSIX says: `set` points to a set, `signal` to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigwait(set: *const SigSet, signal: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    let accepted = unsafe { accept(set, None) };
    // SAFETY: the caller's contract.
    let stored = accepted.and_then(|number| unsafe { slice::store(signal, number) });
    stored.map_or_else(Errno::raw, |()| 0)
}

/// # Safety
/// `info` is null or points to room.
unsafe fn with_info(accepted: Result<c_int>, info: *mut SigInfo) -> c_int {
    or_minus_one(accepted.inspect(|signal| {
        if !info.is_null() {
            // SAFETY: not null, and room by the caller's contract.
            unsafe { info.write(SigInfo::new(*signal)) };
        }
    }))
}

/// As POSIX `sigwaitinfo`; see [`sigwait`].
///
/// # Safety
/// As POSIX says: `set` points to a set, `info` is null or points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigwaitinfo(set: *const SigSet, info: *mut SigInfo) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { with_info(accept(set, None), info) }
}

/// As POSIX `sigtimedwait`.
///
/// # Safety
/// As POSIX says: `set` points to a set, `info` is null or points to room,
/// `timeout` is null or points to a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigtimedwait(
    set: *const SigSet,
    info: *mut SigInfo,
    timeout: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    let timeout = unsafe { timeout.as_ref() }.map(duration).transpose();
    let accepted = timeout.and_then(|timeout| {
        // SAFETY: the caller's contract.
        unsafe { accept(set, timeout.map(deadline_after)) }
    });
    // SAFETY: the caller's contract.
    unsafe { with_info(accepted, info) }
}
