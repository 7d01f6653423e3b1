//! From `pthread_create` to the end of a thread and whoever waits for that.

use core::ffi::c_void;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};

use super::link::Queue;
use super::scheduler::{self, State, Wake, prepare};
use super::stack::{self, Memory, Wanted};
use super::{Thread, cancel, cpu, current, key, registry, tick};
use crate::delivery;
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
    /// It ends, and has seen whether it is detached.
    leaving: AtomicBool,
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
            leaving: AtomicBool::new(false),
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
    cpu::start_others();
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
    // A signal may have been sent to it before it ran.
    delivery::deliver_if_due();
    let life = &current().life;
    let Some(start) = life.start else {
        exit(core::ptr::null_mut());
    };
    // SAFETY: the program gave this function for a thread to run.
    exit(unsafe { start(life.argument.load(Relaxed)) })
}

/// End the calling thread, once signals that it was sent are handled; the last one ends the
/// program with status 0.
pub fn exit(value: *mut c_void) -> ! {
    let thread = current();
    thread.cancel.end();
    delivery::deliver_if_due();
    // SAFETY: this call's own frames are above all that pushed handlers.
    while unsafe { thread.pop_cleanup(true) } {}
    key::run_destructors();
    // From here on nobody takes this thread's turn but itself.
    core::mem::forget(Held::new());
    if LIVE.fetch_sub(1, SeqCst) == 1 {
        crate::process::exit(0);
    }
    thread.life.value.store(value, Relaxed);
    // With the registry's lock, as who detaches it has.
    let bury = registry::with_id(thread.id(), |thread| {
        thread.life.leaving.store(true, Relaxed);
        thread.life.detached.load(Relaxed)
    });
    let bury = bury.unwrap_or(false);
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

    /// The thread of this number is to be joined by the caller alone.
    ///
    /// # Errors
    /// `EDEADLK`: it is the caller, or waits for the caller. `EINVAL`: it is detached, or somebody
    /// else waits for it.
    fn claim(&'static self) -> Result<&'static Self> {
        let me = current();
        if core::ptr::eq(self, me) || waits_for(me, self) {
            return Err(Errno::EDEADLK);
        }
        let life = &self.life;
        if life.detached.load(Relaxed) || life.claimed.swap(true, Relaxed) {
            return Err(Errno::EINVAL);
        }
        Ok(self)
    }
}

/// Nobody will join the thread of this number.
///
/// # Errors
/// `ESRCH`: there is none. `EINVAL`: that was said before, or somebody waits for its end.
pub fn detach(id: usize) -> Result<()> {
    let ending = registry::with_id(id, |thread| {
        let life = &thread.life;
        if life.claimed.load(Relaxed) || life.detached.swap(true, Relaxed) {
            return Err(Errno::EINVAL);
        }
        // It does not come back to see that it is detached.
        Ok(life.leaving.load(Relaxed).then_some(thread))
    })??;
    if let Some(thread) = ending {
        while !scheduler::has_ended(thread) {
            scheduler::yield_now();
        }
        bury(thread);
    }
    Ok(())
}

/// Wait until the thread of this number has ended; what it ended with. A cancellation point. With
/// `until_ns` 0 do not wait.
///
/// # Errors
/// `ESRCH`: there is none. `EDEADLK`: it is the caller, or waits for the caller. `EINVAL`: it is
/// detached, or somebody else waits for it. `EINTR`: a signal is to be delivered. `ETIMEDOUT`: not
/// before the deadline. `EBUSY`: it has not ended.
pub fn join(id: usize, until_ns: Option<u64>) -> Result<*mut c_void> {
    cancel::test();
    let thread = registry::with_id(id, Thread::claim)??;
    let life = &thread.life;
    while !scheduler::has_ended(thread) {
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
        if scheduler::has_ended(thread) {
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
    bury(thread);
    Ok(value)
}

/// Whether somebody waits for the end of `thread`, and it is `other`.
fn waits_for(thread: &Thread, other: &Thread) -> bool {
    let joiner = thread.life.joiner.first();
    joiner.is_some_and(|joiner| core::ptr::eq(joiner, other))
}
