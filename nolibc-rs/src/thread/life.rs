//! From `pthread_create` to the end of a thread and whoever waits for that.

use core::ffi::c_void;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};

use super::link::Queue;
use super::scheduler::{self, State, Wake, prepare};
use super::stack::{self, Memory, Wanted};
use super::{Thread, cancel, current, key, registry, tick};
use crate::errno::{Errno, Result};
use crate::sync::Held;

/// What a thread runs.
pub type Start = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// How a thread begins and ends.
pub struct Life {
    start: Option<Start>,
    argument: AtomicPtr<c_void>,
    /// What it ended with.
    value: AtomicPtr<c_void>,
    detached: AtomicBool,
    /// Somebody waits for its end, and nobody else may.
    claimed: AtomicBool,
    /// Nobody may ask for it any more.
    gone: AtomicBool,
    joiner: Queue,
}

impl Life {
    /// That of the thread in which the program starts.
    pub const fn main() -> Self {
        Self::new(None, core::ptr::null_mut(), false)
    }

    const fn new(start: Option<Start>, argument: *mut c_void, detached: bool) -> Self {
        Self {
            start,
            argument: AtomicPtr::new(argument),
            value: AtomicPtr::new(core::ptr::null_mut()),
            detached: AtomicBool::new(detached),
            claimed: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            joiner: Queue::new(),
        }
    }
}

/// Threads that have not ended.
static LIVE: AtomicUsize = AtomicUsize::new(1);

/// Start a thread, which runs when its turn comes; its number.
///
/// # Errors
/// `EAGAIN`: no memory for it. `EINVAL`: its own stack is too short.
pub fn create(
    wanted: &Wanted,
    detached: bool,
    start: Start,
    argument: *mut c_void,
) -> Result<usize> {
    tick::make_main_ready().map_err(|_| Errno::EAGAIN)?;
    let memory = Memory::take(wanted).map_err(|error| match error {
        Errno::EINVAL => error,
        _ => Errno::EAGAIN,
    })?;
    let life = Life::new(Some(start), argument, detached);
    let thread = memory.settle(life, entry);
    if registry::add(thread).is_err() {
        // SAFETY: it has not run, and nobody knows it.
        unsafe { stack::give_back(thread) };
        return Err(Errno::EAGAIN);
    }
    let id = thread.id.load(Relaxed);
    LIVE.fetch_add(1, Relaxed);
    scheduler::start(thread);
    Ok(id)
}

/// Where a new thread starts, on its own stack.
extern "C" fn entry() -> ! {
    // SAFETY: who changed to this thread has left the lock to it.
    drop(unsafe { scheduler::finish() });
    let life = &current().life;
    let Some(start) = life.start else {
        exit(core::ptr::null_mut());
    };
    // SAFETY: the program gave this function for a thread to run.
    exit(unsafe { start(life.argument.load(Relaxed)) })
}

/// End the calling thread; the last one ends the program with status 0.
pub fn exit(value: *mut c_void) -> ! {
    let thread = current();
    thread.cancel.end();
    // SAFETY: this call's own frames are above all that pushed handlers.
    while unsafe { thread.pop_cleanup(true) } {}
    key::run_destructors();
    // From here on nobody takes this thread's turn but itself.
    core::mem::forget(Held::new());
    if LIVE.fetch_sub(1, SeqCst) == 1 {
        crate::process::exit(0);
    }
    thread.life.value.store(value, Relaxed);
    let bury = thread.life.detached.load(Relaxed);
    scheduler::leave(thread, &thread.life.joiner, bury)
}

/// Forget a thread that has ended and does not run, and give back its memory.
pub(super) fn bury(thread: &'static Thread) {
    thread.life.gone.store(true, Relaxed);
    registry::remove(thread);
    // SAFETY: it has ended and does not run, and now nobody finds it.
    unsafe { stack::give_back(thread) };
}

impl Thread {
    /// Whether somebody may join it.
    pub fn is_joinable(&self) -> bool {
        !self.life.detached.load(Relaxed)
    }

    /// Whether it was joined or, having ended, detached.
    pub(super) fn is_gone(&self) -> bool {
        self.life.gone.load(Relaxed)
    }

    /// Nobody will join it.
    ///
    /// # Errors
    /// `EINVAL`: that was said before, or somebody waits for its end.
    pub fn detach(&'static self) -> Result<()> {
        let _held = Held::new();
        if self.life.claimed.load(Relaxed) || self.life.detached.swap(true, Relaxed) {
            return Err(Errno::EINVAL);
        }
        if scheduler::has_ended(self) {
            bury(self);
        }
        Ok(())
    }

    /// Wait until it has ended; what it ended with. A cancellation point. With `until_ns` 0 do
    /// not wait.
    ///
    /// # Errors
    /// `EDEADLK`: it is the caller, or waits for the caller. `EINVAL`: it is detached, or somebody
    /// else waits for it. `EINTR`: a signal is to be delivered. `ETIMEDOUT`: not before the
    /// deadline. `EBUSY`: it has not ended.
    pub fn join(&'static self, until_ns: Option<u64>) -> Result<*mut c_void> {
        cancel::test();
        let me = current();
        if core::ptr::eq(self, me) || waits_for(me, self) {
            return Err(Errno::EDEADLK);
        }
        let life = &self.life;
        if life.detached.load(Relaxed) || life.claimed.swap(true, Relaxed) {
            return Err(Errno::EINVAL);
        }
        while !scheduler::has_ended(self) {
            if until_ns == Some(0) {
                life.claimed.store(false, Relaxed);
                return Err(Errno::EBUSY);
            }
            let waiting = prepare(
                Some(&life.joiner),
                until_ns,
                State::Interruptible,
                "another thread's end (pthread_join)",
            );
            if scheduler::has_ended(self) {
                waiting.forget();
                break;
            }
            let error = match waiting.block() {
                Wake::Woken => continue,
                Wake::TimedOut => Errno::ETIMEDOUT,
                Wake::Interrupted => Errno::EINTR,
            };
            life.claimed.store(false, Relaxed);
            cancel::test();
            return Err(error);
        }
        let value = life.value.load(Relaxed);
        bury(self);
        Ok(value)
    }
}

/// Whether somebody waits for the end of `thread`, and it is `other`.
fn waits_for(thread: &Thread, other: &Thread) -> bool {
    let joiner = thread.life.joiner.first();
    joiner.is_some_and(|joiner| core::ptr::eq(joiner, other))
}
