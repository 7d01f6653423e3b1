//! `<sys/times.h>`

use core::ffi::c_long;

use crate::clock::{Clock, SECOND, TICKS_PER_SECOND};

/// `struct tms`.
#[repr(C)]
pub struct Tms {
    user: c_long,
    system: c_long,
    children_user: c_long,
    children_system: c_long,
}

fn ticks(clock: Clock) -> c_long {
    (clock.now() / (SECOND / TICKS_PER_SECOND)) as c_long
}

/// CPU time of the program, all of it in user mode, and the time since some fixed
/// moment, in hundredths of a second.
///
/// Source: POSIX.1-2024 `times`.
///
/// # Safety
/// `usage` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn times(usage: *mut Tms) -> c_long {
    if !usage.is_null() {
        let user = ticks(Clock::Cpu);
        // SAFETY: the caller's contract.
        unsafe {
            *usage = Tms {
                user,
                system: 0,
                children_user: 0,
                children_system: 0,
            }
        };
    }
    ticks(Clock::Monotonic)
}
