//! `<signal.h>` for one process: what a thread sends itself is delivered before the
//! sending function returns, on the stack of the caller. A signal whose default
//! action ends or stops the process ends the machine with a report and status
//! 255.

pub mod set;
pub mod wait;

use core::ffi::{CStr, c_char, c_int, c_ulong, c_void};
use core::ptr::{null_mut, with_exposed_provenance, without_provenance};

pub use set::SigSet;

use super::unistd::identity::existing_process;
use crate::c::result::{set_errno, zero_or_minus_one};
use crate::c::slice;
pub(crate) use crate::delivery::{SigInfo, deliver, deliver_if_due};
use crate::errno::{Errno, Result};
use crate::signal::{self as inner, Action, LAST};
use crate::sync::Lock;
use crate::thread;

/// `SIGPIPE`.
pub(crate) const SIGPIPE: c_int = 13;

/// `struct sigaction`.
#[repr(C)]
pub struct SigAction {
    sa_handler: usize,
    sa_mask: SigSet,
    sa_flags: c_int,
}

/// `stack_t`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Stack {
    ss_sp: *mut c_void,
    ss_flags: c_int,
    ss_size: usize,
}

// SAFETY: the address is kept, never used.
unsafe impl Send for Stack {}

/// Send a signal to the calling thread itself.
pub(crate) fn send(signal: c_int) {
    if inner::send_to(thread::current(), signal).is_ok() {
        deliver();
    }
}

/// Wait until a handler has run. A cancellation point.
pub(crate) fn wait_for_delivery() {
    thread::cancel::test();
    while !deliver() {
        // A wait for nothing that something interrupts.
        let _ = inner::wait_for(0, None);
    }
}

/// Run `body` under `mask`, if there is one.
///
/// # Errors
/// `EINTR`: the mask let a pending signal through.
pub(crate) fn with_mask<T>(mask: Option<&SigSet>, body: impl FnOnce() -> T) -> Result<T> {
    let Some(mask) = mask else {
        return Ok(body());
    };
    let old = inner::set_mask(mask.bits());
    let interrupted = deliver();
    let answer = if interrupted {
        Err(Errno::EINTR)
    } else {
        Ok(body())
    };
    // What only this mask lets through.
    deliver();
    inner::set_mask(old);
    deliver();
    answer
}

/// As POSIX `sigaction`. `SA_ONSTACK` changes nothing: handlers run on the stack of the thread
/// that takes the signal, where it calls a function that may wait or is a switching point. A wait
/// that a signal ends fails with `EINTR`; with `SA_RESTART` reading, writing and `flock` go on.
///
/// # Safety
/// As POSIX says: both are null or point to theirs, and the handler may be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigaction(
    signal: c_int,
    action: *const SigAction,
    old: *mut SigAction,
) -> c_int {
    // SAFETY: the caller's contract.
    let new = unsafe { action.as_ref() }.map(|action| Action {
        handler: action.sa_handler,
        mask: action.sa_mask.bits(),
        flags: action.sa_flags,
    });
    zero_or_minus_one(inner::action(signal, new).and_then(|was| {
        if old.is_null() {
            return Ok(());
        }
        let was = SigAction {
            sa_handler: was.handler,
            sa_mask: SigSet::new(was.mask),
            sa_flags: was.flags,
        };
        // SAFETY: the caller's contract.
        unsafe { slice::store(old, was) }
    }))
}

const SIG_ERR: *const c_void = without_provenance(usize::MAX);

/// As C11 `signal`: the handler stays, its signal is blocked while it runs, and what it interrupts
/// goes on.
///
/// # Safety
/// As the standard says: the handler may be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn signal(signal: c_int, handler: *const c_void) -> *const c_void {
    let action = Action {
        handler: handler.expose_provenance(),
        mask: 0,
        flags: inner::SA_RESTART,
    };
    match inner::action(signal, Some(action)) {
        Ok(old) => with_exposed_provenance(old.handler),
        Err(error) => {
            set_errno(error);
            SIG_ERR
        }
    }
}

/// As POSIX `siginterrupt`; waits are always interrupted.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn siginterrupt(signal: c_int, _flag: c_int) -> c_int {
    zero_or_minus_one(inner::check(signal).map(drop))
}

/// As C11 `raise`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn raise(signal: c_int) -> c_int {
    zero_or_minus_one(inner::check(signal).and_then(|signal| {
        inner::send_to(thread::current(), signal)?;
        deliver();
        Ok(())
    }))
}

/// As POSIX `kill`: 1, 0, -1 and its group are the process itself; `ESRCH` for
/// others.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kill(pid: c_int, signal: c_int) -> c_int {
    let group = pid.checked_neg().unwrap_or(c_int::MAX);
    let target = existing_process(if pid < 0 { group } else { pid });
    zero_or_minus_one(target.and_then(|_| {
        if signal != 0 {
            inner::send(signal)?;
            deliver();
        }
        Ok(())
    }))
}

/// As POSIX `killpg`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn killpg(group: c_int, signal: c_int) -> c_int {
    if group < 0 {
        return zero_or_minus_one(Err(Errno::EINVAL));
    }
    // SAFETY: it has no requirements.
    unsafe { kill(-group, signal) }
}

/// As POSIX `pthread_kill`; answers the error number. A thread that runs takes the signal at its
/// next switching point.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_kill(thread: c_ulong, signal: c_int) -> c_int {
    let sent = thread::with_id(thread as usize, |thread| match signal {
        0 => Ok(()),
        _ => inner::send_to(thread, signal),
    });
    if signal != 0 && sent == Ok(Ok(())) {
        deliver();
    }
    sent.flatten().map_or_else(Errno::raw, |()| 0)
}

const SIG_BLOCK: c_int = 0;
const SIG_UNBLOCK: c_int = 1;
const SIG_SETMASK: c_int = 2;

/// # Safety
/// As [`sigprocmask`].
unsafe fn change_mask(how: c_int, set: *const SigSet, old: *mut SigSet) -> Result<()> {
    let was = inner::mask();
    // SAFETY: the caller's contract.
    if let Some(set) = unsafe { set.as_ref() } {
        inner::set_mask(match how {
            SIG_BLOCK => was | set.bits(),
            SIG_UNBLOCK => was & !set.bits(),
            SIG_SETMASK => set.bits(),
            _ => return Err(Errno::EINVAL),
        });
    }
    if !old.is_null() {
        // SAFETY: not null, and room by the caller's contract.
        unsafe { old.write(SigSet::new(was)) };
    }
    deliver();
    Ok(())
}

/// As POSIX `sigprocmask`; what it unblocks is delivered before it returns.
///
/// # Safety
/// As POSIX says: both are null or point to theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigprocmask(how: c_int, set: *const SigSet, old: *mut SigSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { change_mask(how, set, old) })
}

/// As POSIX `pthread_sigmask`; answers the error number.
///
/// # Safety
/// As POSIX says: both are null or point to theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_sigmask(
    how: c_int,
    set: *const SigSet,
    old: *mut SigSet,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { change_mask(how, set, old) }.map_or_else(Errno::raw, |()| 0)
}

/// As POSIX `sigpending`.
///
/// # Safety
/// As POSIX says: `set` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigpending(set: *mut SigSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { slice::store(set, SigSet::new(inner::pending())) })
}

const SS_DISABLE: c_int = 2;
const MINSIGSTKSZ: usize = 2048;

static ALTERNATE_STACK: Lock<Stack> = Lock::new(Stack {
    ss_sp: null_mut(),
    ss_flags: SS_DISABLE,
    ss_size: 0,
});

/// As POSIX `sigaltstack`; the stack is kept and not used: see [`sigaction`].
///
/// # Safety
/// As POSIX says: both are null or point to theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigaltstack(stack: *const Stack, old: *mut Stack) -> c_int {
    // SAFETY: the caller's contract.
    let new = unsafe { stack.as_ref() }.copied();
    let mut kept = ALTERNATE_STACK.lock();
    let was = *kept;
    let answer = match new {
        None => Ok(()),
        Some(new) if new.ss_flags & !SS_DISABLE != 0 => Err(Errno::EINVAL),
        Some(new) if new.ss_flags == 0 && new.ss_size < MINSIGSTKSZ => Err(Errno::ENOMEM),
        Some(new) => {
            *kept = new;
            Ok(())
        }
    };
    if answer.is_ok() && !old.is_null() {
        // SAFETY: not null, and room by the caller's contract.
        unsafe { old.write(was) };
    }
    zero_or_minus_one(answer)
}

/// Print `message` and what the signal is called.
///
/// # Safety
/// As POSIX says: `message` is null or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psignal(signal: c_int, message: *const c_char) {
    // SAFETY: the caller's contract; `strsignal` answers a string.
    let (message, name) = unsafe {
        let message = if message.is_null() {
            c""
        } else {
            CStr::from_ptr(message)
        };
        (message, CStr::from_ptr(super::string::strsignal(signal)))
    };
    let colon: &[u8] = if message.is_empty() { b"" } else { b": " };
    for part in [message.to_bytes(), colon, name.to_bytes(), b"\n"] {
        // A message that cannot be printed is lost: POSIX asks for no more.
        let _ = crate::file::write(2, part);
    }
}

const _: () = {
    assert!(size_of::<SigAction>() == 144);
    assert!(LAST == 64);
};
