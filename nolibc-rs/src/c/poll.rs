//! `<poll.h>`

use core::ffi::{c_int, c_ulong};
use core::slice;

use crate::c::result::{or_minus_one, point};
use crate::c::signal::{self, SigSet};
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{OPEN_MAX, PollFd, Timespec};
use crate::platform::{self, Nanoseconds};

/// The moment `duration` from now.
pub(crate) fn deadline_after(duration: Nanoseconds) -> Nanoseconds {
    platform::clock_monotonic().saturating_add(duration)
}

/// The length of a `struct timespec`; `EINVAL` if it is not one.
pub(crate) fn duration(time: &Timespec) -> Result<Nanoseconds> {
    let seconds = Nanoseconds::try_from(time.tv_sec).map_err(|_| Errno::EINVAL)?;
    match time.tv_nsec {
        nanoseconds @ 0..1_000_000_000 => Ok(seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(nanoseconds as Nanoseconds)),
        _ => Err(Errno::EINVAL),
    }
}

/// # Safety
/// As [`poll`].
unsafe fn wait(fds: *mut PollFd, count: c_ulong, deadline: Option<Nanoseconds>) -> Result<usize> {
    let count = usize::try_from(count).map_err(|_| Errno::EINVAL)?;
    if count > OPEN_MAX {
        return Err(Errno::EINVAL);
    }
    let fds = match count {
        0 => &mut [][..],
        _ if fds.is_null() => return Err(Errno::EFAULT),
        // SAFETY: not null, and `count` entries by the caller's contract.
        _ => unsafe { slice::from_raw_parts_mut(fds, count) },
    };
    let polled = file::poll(fds, deadline);
    point();
    polled
}

/// As POSIX `poll`; a wait that nothing can end ends the machine with a report.
///
/// # Safety
/// As POSIX says: `fds` has `count` entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn poll(fds: *mut PollFd, count: c_ulong, timeout_ms: c_int) -> c_int {
    let timeout = Nanoseconds::try_from(timeout_ms).ok();
    let deadline = timeout.map(|timeout| deadline_after(timeout * 1_000_000));
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { wait(fds, count, deadline) })
}

/// As POSIX `ppoll`; see [`poll`].
///
/// # Safety
/// As POSIX says: `fds` has `count` entries; `timeout` and `mask` are null or
/// point to theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ppoll(
    fds: *mut PollFd,
    count: c_ulong,
    timeout: *const Timespec,
    mask: *const SigSet,
) -> c_int {
    // SAFETY: the caller's contract.
    let (timeout, mask) = unsafe { (timeout.as_ref(), mask.as_ref()) };
    or_minus_one(timeout.map(duration).transpose().and_then(|timeout| {
        let deadline = timeout.map(deadline_after);
        // SAFETY: the caller's contract.
        signal::with_mask(mask, || unsafe { wait(fds, count, deadline) })?
    }))
}
