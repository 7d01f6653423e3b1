//! The platform over `solo5.h` and `machine.h` (see `solo5-sys/include`).

use core::ffi::{c_char, c_int, c_long, c_void};

use super::Nanoseconds;
use crate::errno::{Errno, Result};

unsafe extern "C" {
    safe fn solo5_exit(status: c_int) -> !;
    safe fn solo5_abort() -> !;
    safe fn solo5_clock_monotonic() -> u64;
    safe fn solo5_clock_wall() -> u64;
    safe fn solo5_set_tls_base(base: usize) -> c_int;
    fn solo5_yield(deadline: u64, ready: *mut u64);
    fn solo5_console_write(buffer: *const c_char, len: usize);
    fn machine_console_panic(buffer: *const c_char, len: usize);
    fn machine_console_read(buffer: *mut c_void, len: usize) -> c_long;
    fn machine_entropy(buffer: *mut c_void, len: usize) -> c_long;
}

fn count_or_errno(answer: c_long) -> Result<usize> {
    usize::try_from(answer).map_err(|_| Errno::from_raw(-(answer as i32)))
}

/// Write all of `bytes` to the console.
pub fn console_write(bytes: &[u8]) {
    // SAFETY: the pointer and the length are a live slice's.
    unsafe { solo5_console_write(bytes.as_ptr().cast(), bytes.len()) }
}

/// Write `bytes` to the console from any context: polled, takes no lock.
pub fn console_panic(bytes: &[u8]) {
    // SAFETY: the pointer and the length are a live slice's.
    unsafe { machine_console_panic(bytes.as_ptr().cast(), bytes.len()) }
}

/// Read what the console has without waiting.
///
/// # Errors
/// `EAGAIN`: nothing yet. `ENOSYS`: this machine has no console input.
pub fn console_read(bytes: &mut [u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are a live exclusive slice's.
    count_or_errno(unsafe { machine_console_read(bytes.as_mut_ptr().cast(), bytes.len()) })
}

/// Fill `bytes` with the machine's entropy; the count may be short.
///
/// # Errors
/// `ENOSYS`: this machine has none.
pub fn entropy(bytes: &mut [u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are a live exclusive slice's.
    count_or_errno(unsafe { machine_entropy(bytes.as_mut_ptr().cast(), bytes.len()) })
}

/// Time since some fixed moment; never goes back.
pub fn clock_monotonic() -> Nanoseconds {
    solo5_clock_monotonic()
}

/// Time since 1970-01-01 00:00 UTC.
pub fn clock_wall() -> Nanoseconds {
    solo5_clock_wall()
}

/// Halt until `deadline` on the monotonic clock or until a device is ready.
pub fn idle(deadline: Nanoseconds) {
    // SAFETY: solo5.h allows null for a caller who does not want the set.
    unsafe { solo5_yield(deadline, core::ptr::null_mut()) }
}

/// Make `base` the thread pointer.
pub fn set_tls_base(base: usize) {
    solo5_set_tls_base(base);
}

/// End the machine; `status` reaches the host where it can carry one.
pub fn exit(status: i32) -> ! {
    solo5_exit(status)
}

/// End the machine with status 255.
pub fn abort() -> ! {
    solo5_abort()
}
