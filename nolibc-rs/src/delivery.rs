//! Where a thread lets other things happen: handlers of signals run, and other threads.
//!
//! [`crate::signal`] decides what is delivered; this calls the program's functions.

use core::ffi::{c_int, c_void};
use core::mem::transmute;
use core::ptr::null_mut;

use crate::errno::{Errno, Result};
use crate::process;
use crate::report;
use crate::signal::{self, Action, Delivery, IGNORE, SA_RESTART, SA_SIGINFO};
use crate::thread::{cancel, scheduler};

/// `siginfo_t`
#[repr(C)]
pub struct SigInfo {
    /// The signal.
    pub si_signo: c_int,
    si_errno: c_int,
    si_code: c_int,
    si_pid: c_int,
    si_uid: u32,
    si_status: c_int,
    si_addr: *mut c_void,
    si_value: *mut c_void,
    si_band: i64,
}

impl SigInfo {
    /// The process sent it to itself.
    pub const fn new(signal: c_int) -> Self {
        Self {
            si_signo: signal,
            si_errno: 0,
            si_code: 0,
            si_pid: process::ID,
            si_uid: 0,
            si_status: 0,
            si_addr: null_mut(),
            si_value: null_mut(),
            si_band: 0,
        }
    }
}

/// A switching point: other threads may run, and signals are delivered. While there is nothing
/// of the kind it is one load and a branch. No lock is held here.
#[inline(always)]
pub fn point() {
    if scheduler::attention() != 0 {
        point_closely();
    }
}

#[inline(never)]
fn point_closely() {
    scheduler::point();
    deliver_if_due();
}

/// Deliver what is pending for the calling thread, if that is likely.
pub fn deliver_if_due() {
    if scheduler::attention() & scheduler::SIGNAL != 0 && signal::is_due() {
        deliver();
    }
}

/// Whether a wait that was interrupted is to end: another thread may have taken the signal.
pub fn is_wanted() -> bool {
    signal::is_due() || cancel::is_due()
}

/// Deliver what is pending and not blocked; whether there was something. Nothing is while the
/// thread is in the middle of a stream: it is then done on the way out.
pub fn deliver() -> bool {
    deliver_all().0
}

/// Call what a signal may interrupt, again if all handlers that ran want that (`SA_RESTART`).
///
/// # Errors
/// As `call`.
pub fn restart<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::EINTR) if deliver_all() == (true, true) => {}
            answer => return answer,
        }
    }
}

/// Whether there was something to deliver, and whether what it interrupted is to go on.
fn deliver_all() -> (bool, bool) {
    let (mut any, mut restart) = (false, true);
    while !cancel::is_held_off()
        && let Some(delivery) = signal::take()
    {
        any = true;
        match delivery {
            Delivery::Die(signal) if signal::is_wish(signal) => {
                report::line(signal::death(signal));
                process::end(128 + signal)
            }
            Delivery::Die(signal) => report::die(signal::death(signal)),
            Delivery::Handle(signal, action, old_mask) => {
                handle(signal, &action);
                signal::set_mask(old_mask);
                restart &= action.flags & SA_RESTART != 0;
            }
        }
    }
    (any, restart)
}

fn handle(signal: c_int, action: &Action) {
    if action.handler == IGNORE {
        return;
    }
    if action.flags & SA_SIGINFO != 0 {
        type Handler = unsafe extern "C" fn(c_int, *mut SigInfo, *mut c_void);
        let mut info = SigInfo::new(signal);
        // SAFETY: the program gave this address as a function of this type; its
        // third argument may be null, as there is no interrupted context.
        unsafe { transmute::<usize, Handler>(action.handler)(signal, &mut info, null_mut()) };
    } else {
        type Handler = unsafe extern "C" fn(c_int);
        // SAFETY: the program gave this address as a function of this type.
        unsafe { transmute::<usize, Handler>(action.handler)(signal) };
    }
}
