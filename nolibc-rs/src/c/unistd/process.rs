//! Ending, sleeping, waiting for a signal.

use core::ffi::{c_int, c_uint};

use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::c::signal;
use crate::errno::Errno;
use crate::platform;
use crate::platform::Nanoseconds;

/// End the machine at once: no exit handlers, no flushing.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _exit(status: c_int) -> ! {
    crate::process::end(status)
}

fn sleep_for(duration: Nanoseconds) {
    crate::thread::sleep_until(platform::clock_monotonic().saturating_add(duration));
}

/// Sleep; always for the whole time.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sleep(seconds: c_uint) -> c_uint {
    sleep_for(Nanoseconds::from(seconds) * 1_000_000_000);
    0
}

/// Sleep; always for the whole time.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn usleep(microseconds: c_uint) -> c_int {
    sleep_for(Nanoseconds::from(microseconds) * 1000);
    0
}

/// Without a clock that interrupts, `SIGALRM` cannot be sent: `alarm(0)` answers
/// 0, as no alarm is set; another value answers `UINT_MAX`, and `errno` is
/// `ENOSYS`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn alarm(seconds: c_uint) -> c_uint {
    if seconds == 0 {
        return 0;
    }
    set_errno(Errno::ENOSYS);
    c_uint::MAX
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
