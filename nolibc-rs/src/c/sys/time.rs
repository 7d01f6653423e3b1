//! `<sys/time.h>`

use core::ffi::{c_char, c_int, c_void};

use super::stat::times_now;
use crate::c::cstr;
use crate::c::result::zero_or_minus_one;
use crate::clock::{Clock, SECOND};
use crate::errno::{Errno, Result};
use crate::file::abi::AT_FDCWD;
use crate::file::{self, Times};
use crate::thread::alarm;

/// `struct timeval`.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Timeval {
    seconds: i64,
    microseconds: i64,
}

impl Timeval {
    /// The same moment or duration, from nanoseconds.
    pub fn from_nanoseconds(time: u64) -> Self {
        Self {
            seconds: (time / SECOND) as i64,
            microseconds: (time % SECOND / 1000) as i64,
        }
    }

    fn nanoseconds(self) -> u64 {
        let seconds = (self.seconds as u64).saturating_mul(SECOND);
        seconds.saturating_add(self.microseconds as u64 * 1000)
    }

    fn check(self) -> Result<()> {
        match self.microseconds {
            0..1_000_000 if self.seconds >= 0 => Ok(()),
            _ => Err(Errno::EINVAL),
        }
    }
}

/// `struct itimerval`.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Itimerval {
    interval: Timeval,
    value: Timeval,
}

/// The time of day.
///
/// Source: POSIX.1-2008 `gettimeofday`.
///
/// # Safety
/// `now` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettimeofday(now: *mut Timeval, _zone: *mut c_void) -> c_int {
    if !now.is_null() {
        // SAFETY: the caller's contract.
        unsafe { *now = Timeval::from_nanoseconds(Clock::Wall.now()) };
    }
    0
}

/// Set the time of day: the machine's clock cannot be set.
///
/// Source: BSD and Linux. Fails with `EPERM`.
///
/// # Safety
/// Nothing is read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn settimeofday(_now: *const Timeval, _zone: *const c_void) -> c_int {
    zero_or_minus_one(Err(Errno::EPERM))
}

const ITIMER_REAL: c_int = 0;

impl Itimerval {
    fn of(which: c_int, alarm: alarm::Setting) -> Self {
        if which != ITIMER_REAL {
            return Self::default();
        }
        // What is left of a time that is set is not 0.
        let rest_ns = alarm.rest_ns.next_multiple_of(1000);
        Self {
            interval: Timeval::from_nanoseconds(alarm.interval_ns),
            value: Timeval::from_nanoseconds(rest_ns),
        }
    }
}

fn check_timer(which: c_int) -> Result<()> {
    if (0..=2).contains(&which) {
        Ok(())
    } else {
        Err(Errno::EINVAL)
    }
}

/// What is left of an interval timer. Only `ITIMER_REAL` is ever armed.
///
/// Source: POSIX.1-2008 `getitimer`. Fails with `EINVAL`.
///
/// # Safety
/// `value` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getitimer(which: c_int, value: *mut Itimerval) -> c_int {
    zero_or_minus_one(check_timer(which).map(|()| {
        // SAFETY: the caller's contract.
        unsafe { *value = Itimerval::of(which, alarm::get()) };
    }))
}

/// Arm or disarm an interval timer. `ITIMER_REAL` sends `SIGALRM` at the first switching point
/// after its time, or when no thread has anything to do.
///
/// Source: POSIX.1-2008 `setitimer`.
///
/// # Errors
/// `EINVAL`: no such timer or no such time. `ENOSYS`: a time other than 0 for one of the timers
/// of CPU time.
///
/// # Safety
/// `value` may be read; `old` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setitimer(
    which: c_int,
    value: *const Itimerval,
    old: *mut Itimerval,
) -> c_int {
    let set = || {
        check_timer(which)?;
        // SAFETY: the caller's contract.
        let wanted = unsafe { *value };
        wanted.interval.check()?;
        wanted.value.check()?;
        if which != ITIMER_REAL && wanted.value != Timeval::default() {
            return Err(Errno::ENOSYS);
        }
        let was = if which == ITIMER_REAL {
            alarm::set(alarm::Setting {
                rest_ns: wanted.value.nanoseconds(),
                interval_ns: wanted.interval.nanoseconds(),
            })
        } else {
            alarm::Setting::default()
        };
        if !old.is_null() {
            // SAFETY: the caller's contract.
            unsafe { *old = Itimerval::of(which, was) };
        }
        Ok(())
    };
    zero_or_minus_one(set())
}

/// Set the times of a file; null means now.
///
/// Source: POSIX.1-2024 `utimes`. Fails with `EINVAL` for what is no time, and
/// with the errors of following a path.
///
/// # Safety
/// `path` is a string; `times` is null or points to two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn utimes(path: *const c_char, times: *const Timeval) -> c_int {
    // SAFETY: the caller's contract.
    let (path, times) = unsafe { (cstr::bytes(path), times.cast::<[Timeval; 2]>().as_ref()) };
    zero_or_minus_one(path.and_then(|path| {
        let one = |time: &Timeval| {
            let nanoseconds = time.microseconds.saturating_mul(1000);
            super::stat::nanoseconds(time.seconds, nanoseconds).map(Some)
        };
        let times = match times {
            None => times_now(),
            Some([accessed, modified]) => Times {
                accessed: one(accessed)?,
                modified: one(modified)?,
            },
        };
        file::set_times(AT_FDCWD, path, times, true)
    }))
}
