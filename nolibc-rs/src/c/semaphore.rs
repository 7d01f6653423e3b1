//! `<semaphore.h>`

use core::ffi::{c_char, c_int, c_uint};

use crate::c::pthread::locks::Timespec;
use crate::c::result::{point, zero_or_minus_one};
use crate::errno::Errno;
use crate::thread::Clock;
use crate::thread::semaphore::Semaphore;

/// Make a semaphore. `EINVAL`: the value is too large. `ENOSYS`: for several processes.
///
/// # Safety
/// `semaphore` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_init(
    semaphore: *mut Semaphore,
    shared: c_int,
    value: c_uint,
) -> c_int {
    let new = if shared == 0 {
        Semaphore::new(value)
    } else {
        Err(Errno::ENOSYS)
    };
    zero_or_minus_one(new.map(|new| {
        // SAFETY: the caller's contract.
        unsafe { semaphore.write(new) }
    }))
}

/// # Safety
/// The semaphore is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_destroy(semaphore: *mut Semaphore) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { (*semaphore).destroy() })
}

/// Take one, when there is one. `EINTR`: a signal came.
///
/// # Safety
/// The semaphore is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_wait(semaphore: *mut Semaphore) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { (*semaphore).wait(None) })
}

/// Take one if there is one. `EAGAIN`: there is none.
///
/// # Safety
/// The semaphore is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_trywait(semaphore: *mut Semaphore) -> c_int {
    // SAFETY: the caller's contract.
    let tried = unsafe { (*semaphore).try_wait() };
    if tried.is_err() {
        point();
    }
    zero_or_minus_one(tried)
}

/// Take one until a time on the wall clock. `ETIMEDOUT`: there was none. `EINVAL`: the time is malformed.
///
/// # Safety
/// The semaphore is initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_timedwait(semaphore: *mut Semaphore, time: *const Timespec) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { sem_clockwait(semaphore, 0, time) }
}

/// As [`sem_timedwait`], on a clock of choice.
///
/// # Safety
/// The semaphore is initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_clockwait(
    semaphore: *mut Semaphore,
    clock: c_int,
    time: *const Timespec,
) -> c_int {
    zero_or_minus_one(Clock::from_raw(clock).and_then(|clock| {
        // SAFETY: the caller's contract.
        unsafe { (*semaphore).wait(Some(Timespec::on(time, clock))) }
    }))
}

/// Add one. `EOVERFLOW`: there are `SEM_VALUE_MAX`.
///
/// # Safety
/// The semaphore is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_post(semaphore: *mut Semaphore) -> c_int {
    // SAFETY: the caller's contract.
    let posted = zero_or_minus_one(unsafe { (*semaphore).post() });
    point();
    posted
}

/// # Safety
/// The semaphore is initialised, and `value` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_getvalue(semaphore: *mut Semaphore, value: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { value.write((*semaphore).value() as c_int) };
    0
}

/// No semaphore was opened: -1 and `EINVAL`.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_close(_semaphore: *mut Semaphore) -> c_int {
    zero_or_minus_one(Err(Errno::EINVAL))
}

/// No semaphore has a name: -1 and `ENOENT`.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sem_unlink(_name: *const c_char) -> c_int {
    zero_or_minus_one(Err(Errno::ENOENT))
}
