//! `<threads.h>` (C11 7.26): the objects of `<pthread.h>` under other names.

use core::ffi::{c_int, c_uint, c_void};

use crate::c::pthread::locks::{Timespec, *};
use crate::c::pthread::*;
use crate::c::sched::sched_yield;
use crate::errno::{Errno, Result};
use crate::thread::condition::Condition;
use crate::thread::key;
use crate::thread::life;
use crate::thread::mutex::{Kind, Mutex};
use crate::thread::once::Once;
use crate::thread::stack::Wanted;
use crate::thread::{self, Clock};

const SUCCESS: c_int = 0;
const BUSY: c_int = 1;
const ERROR: c_int = 2;
const NO_MEMORY: c_int = 3;
const TIMED_OUT: c_int = 4;

/// What C11 says of an error number of POSIX.
fn translate(code: c_int) -> c_int {
    match Errno::from_raw(code) {
        _ if code == 0 => SUCCESS,
        Errno::EBUSY => BUSY,
        Errno::ETIMEDOUT => TIMED_OUT,
        _ => ERROR,
    }
}

/// A pointer that carries an `int`.
fn carry(result: c_int) -> *mut c_void {
    core::ptr::without_provenance_mut(result as isize as usize)
}

type Start = unsafe extern "C" fn(*mut c_void) -> c_int;

/// What a thread of C11 is to run.
struct Call {
    start: Start,
    argument: *mut c_void,
}

unsafe extern "C" fn run(call: *mut c_void) -> *mut c_void {
    let call = call.cast::<Call>();
    // SAFETY: `thrd_create` has made it for this thread.
    let Call { start, argument } = unsafe { call.read() };
    if let Some(call) = core::ptr::NonNull::new(call) {
        // SAFETY: it came from the heap, and nobody else knows it.
        unsafe { crate::heap::free(call.cast()) };
    }
    // SAFETY: the program gave this function for a thread to run.
    carry(unsafe { start(argument) })
}

fn create(start: Start, argument: *mut c_void) -> Result<usize> {
    let call = crate::heap::alloc(size_of::<Call>(), align_of::<Call>())?.cast::<Call>();
    // SAFETY: just allocated for it.
    unsafe { call.write(Call { start, argument }) };
    let (wanted, detached): (Wanted, bool) = attributes::Attributes::usual().wanted();
    life::create(&wanted, detached, run, call.as_ptr().cast()).inspect_err(|_| {
        // SAFETY: as above; no thread has taken it.
        unsafe { crate::heap::free(call.cast()) };
    })
}

/// Start a thread. `thrd_nomem`: no memory for it.
///
/// # Safety
/// `thread` may be written, `start` may be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_create(
    thread: *mut usize,
    start: Start,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    match unsafe { store(thread, create(start, argument)) } {
        0 => SUCCESS,
        _ => NO_MEMORY,
    }
}

/// The calling thread.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_current() -> usize {
    thread::self_id()
}

/// Nonzero if both are the same thread.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_equal(one: usize, other: usize) -> c_int {
    c_int::from(one == other)
}

/// End the calling thread.
///
/// # Safety
/// As the standard says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_exit(result: c_int) -> ! {
    life::exit(carry(result))
}

/// Wait for a thread to end.
///
/// # Safety
/// `result` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_join(thread: usize, result: *mut c_int) -> c_int {
    let mut value = core::ptr::null_mut();
    // SAFETY: a live variable.
    let code = unsafe { pthread_join(thread, &raw mut value) };
    // SAFETY: the caller's contract.
    if let (0, Some(result)) = (code, unsafe { result.as_mut() }) {
        *result = value.addr() as c_int;
    }
    translate(code)
}

/// Sleep: 0; -1 when a signal came, and what was left in `remaining`; -2 for what is no time.
///
/// # Safety
/// `time` may be read; `remaining` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_sleep(
    time: *const crate::c::time::Timespec,
    remaining: *mut crate::c::time::Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    match unsafe { crate::c::time::clock_nanosleep(1, 0, time, remaining) } {
        0 => 0,
        code if code == Errno::EINTR.raw() => -1,
        _ => -2,
    }
}

/// Let other threads run.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrd_yield() {
    // SAFETY: it has no requirements.
    unsafe { sched_yield() };
}

/// Functions that are one of POSIX's, with C11's answers.
macro_rules! renamed {
    ($($name:ident($($argument:ident: $type:ty),*) => $posix:ident;)*) => { $(
        /// As the standard says of the function of this name.
        ///
        /// # Safety
        /// Objects are initialised, and what is written may be.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> c_int {
            // SAFETY: the caller's contract is the same.
            translate(unsafe { $posix($($argument),*) })
        }
    )* };
}

renamed! {
    thrd_detach(thread: usize) => pthread_detach;
    mtx_lock(mutex: *mut Mutex) => pthread_mutex_lock;
    mtx_trylock(mutex: *mut Mutex) => pthread_mutex_trylock;
    mtx_timedlock(mutex: *mut Mutex, time: *const Timespec) => pthread_mutex_timedlock;
    mtx_unlock(mutex: *mut Mutex) => pthread_mutex_unlock;
    cnd_signal(condition: *mut Condition) => pthread_cond_signal;
    cnd_broadcast(condition: *mut Condition) => pthread_cond_broadcast;
    cnd_wait(condition: *mut Condition, mutex: *mut Mutex) => pthread_cond_wait;
    cnd_timedwait(condition: *mut Condition, mutex: *mut Mutex, time: *const Timespec)
        => pthread_cond_timedwait;
    tss_create(key: *mut c_uint, destructor: Option<key::Destructor>) => pthread_key_create;
    tss_set(key: c_uint, value: *const c_void) => pthread_setspecific;
}

/// Make a mutex: `mtx_plain` or `mtx_timed`, and `mtx_recursive` besides. `thrd_error`: another type.
///
/// # Safety
/// `mutex` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtx_init(mutex: *mut Mutex, kind: c_int) -> c_int {
    let kind = match kind {
        0 | 2 => Kind::Normal,
        1 | 3 => Kind::Recursive,
        _ => return ERROR,
    };
    // SAFETY: the caller's contract.
    unsafe { mutex.write(Mutex::new(kind)) };
    SUCCESS
}

/// # Safety
/// The mutex is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtx_destroy(mutex: *mut Mutex) {
    // SAFETY: the caller's contract.
    unsafe { pthread_mutex_destroy(mutex) };
}

/// # Safety
/// `condition` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cnd_init(condition: *mut Condition) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { condition.write(Condition::new(Clock::Wall)) };
    SUCCESS
}

/// # Safety
/// The condition is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cnd_destroy(condition: *mut Condition) {
    // SAFETY: the caller's contract.
    unsafe { pthread_cond_destroy(condition) };
}

/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tss_delete(key: c_uint) {
    // A key that does not exist is nobody's.
    let _ = key::delete(key);
}

/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tss_get(key: c_uint) -> *mut c_void {
    key::get(key)
}

/// Call `function` unless that was done before.
///
/// # Safety
/// `once` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn call_once(once: *const Once, function: unsafe extern "C" fn()) {
    // SAFETY: the caller's contract.
    unsafe { (*once).call(|| function()) };
}
