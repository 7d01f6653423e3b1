//! `<pthread.h>`: threads themselves. Functions answer an error number and leave `errno` alone.

pub mod attributes;
pub mod locks;

use core::ffi::{c_char, c_int, c_uint, c_void};

use crate::c::cstr::bytes;
use crate::c::result::point;
use crate::c::sched::{CpuSet, SchedParam};
use crate::c::signal;
use crate::errno::{Errno, Result};
use crate::thread::once::Once;
use crate::thread::{self, Cleanup, Clock, cancel, key, life};
use attributes::Attributes;
use locks::Timespec;

/// 0, or the number of the error.
pub fn code(result: Result<()>) -> c_int {
    result.map_or_else(Errno::raw, |()| 0)
}

/// Store what was found; 0, or the number of the error.
///
/// # Safety
/// `place` may be written.
pub unsafe fn store<T>(place: *mut T, result: Result<T>) -> c_int {
    code(result.map(|value| {
        // SAFETY: the caller's contract.
        unsafe { place.write(value) }
    }))
}

/// The calling thread.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_self() -> usize {
    thread::self_id()
}

/// Nonzero if both are the same thread.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_equal(one: usize, other: usize) -> c_int {
    c_int::from(one == other)
}

/// Start a thread. It runs when its turn comes; the caller goes on. `EAGAIN`: no memory for it.
/// `EINVAL`: attributes that are none, or a stack of the caller's that is too short.
///
/// # Safety
/// `thread` may be written; `attributes` is null or initialised; `start` may be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_create(
    thread: *mut usize,
    attributes: *const Attributes,
    start: life::Start,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    let attributes = unsafe { attributes.as_ref() };
    let created = attributes
        .map_or(Ok(Attributes::usual().wanted()), Attributes::check_and_want)
        .and_then(|(wanted, detached)| life::create(&wanted, detached, start, argument));
    // SAFETY: the caller's contract.
    let code = unsafe { store(thread, created) };
    point();
    code
}

/// Wait until a thread ends.
///
/// # Safety
/// `value` is null or may be written.
unsafe fn join(id: usize, value: *mut *mut c_void, until_ns: Option<u64>) -> c_int {
    loop {
        match life::join(id, until_ns) {
            Err(Errno::EINTR) => {
                signal::deliver();
            }
            Err(error) => {
                point();
                return error.raw();
            }
            Ok(ended_with) => {
                // SAFETY: the caller's contract.
                if let Some(value) = unsafe { value.as_mut() } {
                    *value = ended_with;
                }
                return 0;
            }
        }
    }
}

/// Wait for a thread to end. `EDEADLK`: it is the caller, or waits for it. `EINVAL`: it is
/// detached, or another thread waits for it. `ESRCH`: there is none.
///
/// # Safety
/// `value` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_join(id: usize, value: *mut *mut c_void) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { join(id, value, None) }
}

/// As [`pthread_join`] if the thread has ended. `EBUSY`: it has not.
///
/// # Safety
/// `value` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_tryjoin_np(id: usize, value: *mut *mut c_void) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { join(id, value, Some(0)) }
}

/// As [`pthread_join`], until a time on the wall clock at most. `ETIMEDOUT`: it has not ended
/// then.
///
/// # Safety
/// `value` is null or may be written; `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_timedjoin_np(
    id: usize,
    value: *mut *mut c_void,
    time: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    let deadline = unsafe { Timespec::on(time, Clock::Wall) }.monotonic_ns();
    match deadline {
        // SAFETY: the caller's contract.
        Ok(until_ns) => unsafe { join(id, value, Some(until_ns.max(1))) },
        Err(error) => error.raw(),
    }
}

/// Say that nobody will join a thread. `EINVAL`: it is detached. `ESRCH`: there is none.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_detach(id: usize) -> c_int {
    code(life::detach(id))
}

/// End the calling thread. If it is the last one, the program ends with status 0.
///
/// # Safety
/// As POSIX says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_exit(value: *mut c_void) -> ! {
    life::exit(value)
}

/// Ask a thread to end. `ESRCH`: there is none.
///
/// # Safety
/// As POSIX says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cancel(id: usize) -> c_int {
    code(cancel::cancel(id))
}

/// End the calling thread if it was asked to.
///
/// # Safety
/// As POSIX says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_testcancel() {
    cancel::test();
}

/// Set one of two states of the calling thread, and say which one it was.
///
/// # Safety
/// `old` is null or may be written.
unsafe fn exchange(new: c_int, old: *mut c_int, set: impl FnOnce(bool) -> bool) -> c_int {
    let was = match new {
        0 | 1 => set(new == 1),
        _ => return Errno::EINVAL.raw(),
    };
    // SAFETY: the caller's contract.
    if let Some(old) = unsafe { old.as_mut() } {
        *old = c_int::from(was);
    }
    0
}

/// Allow or hold off cancellation. `EINVAL`: no such state.
///
/// # Safety
/// `old` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setcancelstate(state: c_int, old: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        exchange(state, old, |disabled| {
            thread::current().disable_cancel(disabled)
        })
    }
}

/// Cancel at cancellation points or at once. `EINVAL`: no such type.
///
/// # Safety
/// `old` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setcanceltype(kind: c_int, old: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        exchange(kind, old, |at_once| {
            thread::current().cancel_at_once(at_once)
        })
    }
}

/// What the macro `pthread_cleanup_push` calls.
///
/// # Safety
/// `cleanup` lives until it is popped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __nolibc_cleanup_push(cleanup: *mut Cleanup) {
    // SAFETY: the caller's contract.
    if let Some(cleanup) = unsafe { cleanup.as_mut() } {
        thread::current().push_cleanup(cleanup);
    }
}

/// What the macro `pthread_cleanup_pop` calls.
///
/// # Safety
/// Follows a push in the same scope.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __nolibc_cleanup_pop(execute: c_int) {
    // SAFETY: the caller's contract.
    unsafe { thread::current().pop_cleanup(execute != 0) };
}

/// Call `function` unless that was done before.
///
/// # Safety
/// `once` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_once(
    once: *const Once,
    function: unsafe extern "C" fn(),
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { (*once).call(|| function()) };
    0
}

/// Make a key. `EAGAIN`: all 128 are taken.
///
/// # Safety
/// `place` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_key_create(
    place: *mut c_uint,
    destructor: Option<key::Destructor>,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(place, key::create(destructor)) }
}

/// Let a key go. `EINVAL`: there is none.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_key_delete(key: c_uint) -> c_int {
    code(key::delete(key))
}

/// The calling thread's value, null if it set none.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getspecific(key: c_uint) -> *mut c_void {
    key::get(key)
}

/// Set the calling thread's value. `EINVAL`: there is no such key.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setspecific(key: c_uint, value: *const c_void) -> c_int {
    code(key::set(key, value.cast_mut()))
}

/// Name a thread. `ERANGE`: more than 15 bytes. `ESRCH`: there is none.
///
/// # Safety
/// `name` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setname_np(id: usize, name: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    let name = unsafe { bytes(name) };
    code(name.and_then(|name| thread::with_id(id, |thread| thread.set_name(name))?))
}

/// A thread's name. `ERANGE`: less than 16 bytes of room. `ESRCH`: there is none.
///
/// # Safety
/// `len` bytes at `name` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getname_np(id: usize, name: *mut c_char, len: usize) -> c_int {
    match thread::with_id(id, |thread| thread.name()) {
        Err(error) => error.raw(),
        Ok(_) if len < 16 => Errno::ERANGE.raw(),
        Ok(bytes) => {
            // SAFETY: the caller's contract.
            unsafe { name.cast::<[u8; 16]>().write(bytes) };
            0
        }
    }
}

/// A thread's attributes, its stack among them. `ESRCH`: there is none.
///
/// # Safety
/// `attributes` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getattr_np(id: usize, attributes: *mut Attributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(attributes, thread::with_id(id, Attributes::of)) }
}

/// The clock of the time that a thread has run. `ESRCH`: there is none.
///
/// Source: POSIX.1-2024 `pthread_getcpuclockid`.
///
/// # Safety
/// `clock` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getcpuclockid(id: usize, clock: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(clock, thread::run_time::clock_of(id)) }
}

/// The CPUs that a thread may run on. `EINVAL`: no room for one. `ESRCH`: there is none.
///
/// # Safety
/// `len` bytes at `set` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getaffinity_np(id: usize, len: usize, set: *mut CpuSet) -> c_int {
    // SAFETY: the caller's contract.
    code(unsafe { CpuSet::of(id, set, len) })
}

/// Choose the CPUs that a thread may run on. `EINVAL`: none of them exists. `ESRCH`: there is none.
///
/// # Safety
/// `len` bytes at `set` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setaffinity_np(
    id: usize,
    len: usize,
    set: *const CpuSet,
) -> c_int {
    // SAFETY: the caller's contract.
    code(unsafe { CpuSet::apply(id, set, len) })
}

/// How a thread is scheduled: `SCHED_OTHER`, priority 0. `ESRCH`: there is none.
///
/// # Safety
/// `policy` and `param` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_getschedparam(
    id: usize,
    policy: *mut c_int,
    param: *mut SchedParam,
) -> c_int {
    code(thread::with_id(id, |_| {
        // SAFETY: the caller's contract.
        unsafe {
            policy.write(0);
            param.write(SchedParam { priority: 0 });
        }
    }))
}

/// Choose how a thread is scheduled: `SCHED_OTHER` and priority 0 it is. `EINVAL`, `ENOTSUP`: anything
/// else. `ESRCH`: there is none.
///
/// # Safety
/// `param` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setschedparam(
    id: usize,
    policy: c_int,
    param: *const SchedParam,
) -> c_int {
    // SAFETY: the caller's contract.
    let priority = unsafe { (*param).priority };
    code(thread::with_id(id, |_| crate::c::sched::check(policy, priority)).flatten())
}

/// Choose a thread's priority: 0 it is. `EINVAL`: any other. `ESRCH`: there is none.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_setschedprio(id: usize, priority: c_int) -> c_int {
    code(thread::with_id(id, |_| crate::c::sched::check(0, priority)).flatten())
}

/// Handlers around `fork`, which never happens: refused with `ENOSYS`.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_atfork(
    _prepare: Option<unsafe extern "C" fn()>,
    _parent: Option<unsafe extern "C" fn()>,
    _child: Option<unsafe extern "C" fn()>,
) -> c_int {
    Errno::ENOSYS.raw()
}
