//! Ending, sleeping, waiting for a signal.

use core::ffi::{c_int, c_uint};

use crate::c::poll::deadline_after;
use crate::c::result::{or_minus_one, zero_or_minus_one};
use crate::c::signal;
use crate::clock::SECOND;
use crate::errno::Errno;
use crate::platform;
use crate::platform::Nanoseconds;
use crate::thread::alarm::{Setting, set as set_alarm};

/// End the machine at once: no exit handlers, no flushing.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _exit(status: c_int) -> ! {
    crate::process::end(status)
}

/// Sleep; the seconds that were left when a signal came.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sleep(seconds: c_uint) -> c_uint {
    let end_ns = deadline_after(Nanoseconds::from(seconds) * SECOND);
    if crate::thread::sleep_until(end_ns).is_ok() {
        return 0;
    }
    let left_ns = end_ns.saturating_sub(platform::clock_monotonic());
    signal::deliver();
    left_ns.div_ceil(SECOND) as c_uint
}

/// Sleep.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn usleep(microseconds: c_uint) -> c_int {
    let end_ns = deadline_after(Nanoseconds::from(microseconds) * 1000);
    zero_or_minus_one(crate::thread::sleep_until(end_ns))
}

/// Have `SIGALRM` sent in so many seconds, or not at all for 0; the seconds that were left of
/// an alarm before, rounded up. See [`crate::thread::alarm`] for when it is seen.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn alarm(seconds: c_uint) -> c_uint {
    let old = set_alarm(Setting {
        rest_ns: Nanoseconds::from(seconds) * SECOND,
        interval_ns: 0,
    });
    old.rest_ns.div_ceil(SECOND) as c_uint
}

/// As POSIX `pause`; a program that nothing can wake ends with a report.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pause() -> c_int {
    signal::wait_for_delivery();
    or_minus_one(Err::<c_int, _>(Errno::EINTR))
}

/// As POSIX `nice`: there is nothing to be nicer to, so only 0 changes nothing.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nice(increment: c_int) -> c_int {
    let unchanged = increment == 0;
    zero_or_minus_one(if unchanged { Ok(()) } else { Err(Errno::EPERM) })
}
