//! What is done once (POSIX.1-2024 `pthread_once`).

use core::ffi::c_void;
use core::sync::atomic::{
    AtomicI32,
    Ordering::{AcqRel, Acquire},
};

use super::cancel::Cleanup;
use super::current;
use super::link::Queue;
use super::scheduler::{self, State, Wake, prepare};
use crate::delivery::deliver;

/// `pthread_once_t`; 0 is new.
#[repr(C)]
pub struct Once {
    state: AtomicI32,
}

const NEW: i32 = 0;
const RUNNING: i32 = 1;
const DONE: i32 = 2;

/// Those who wait for any of them.
static WAITERS: Queue = Queue::new();

impl Once {
    /// One whose work was not done.
    pub const fn new() -> Self {
        Self {
            state: AtomicI32::new(NEW),
        }
    }

    /// Do `work` unless that was done before; return when it is done. If the thread that does
    /// it is cancelled, another one does it.
    #[inline]
    pub fn call(&self, work: impl FnOnce()) {
        if self.state.load(Acquire) != DONE {
            self.call_slowly(work);
        }
    }

    fn call_slowly(&self, work: impl FnOnce()) {
        loop {
            match self.state.compare_exchange(NEW, RUNNING, Acquire, Acquire) {
                Ok(_) => break,
                Err(DONE) => return,
                Err(_) => {}
            }
            let what = "a pthread_once whose function does not end";
            let waiting = prepare(Some(&WAITERS), None, State::Signallable, what);
            if self.state.load(Acquire) == RUNNING {
                if waiting.block() == Wake::Interrupted {
                    deliver();
                }
            } else {
                waiting.forget();
            }
        }
        let mut cleanup = Cleanup::new(cancelled, (&raw const *self).cast_mut().cast());
        current().push_cleanup(&mut cleanup);
        work();
        // SAFETY: what was pushed since was popped, and this frame is live.
        unsafe { current().pop_cleanup(false) };
        self.end(DONE);
    }

    fn end(&self, state: i32) {
        // Also a barrier: who waits has looked at it after standing in the queue.
        self.state.swap(state, AcqRel);
        scheduler::wake_all(&WAITERS, |_| {});
    }
}

unsafe extern "C" fn cancelled(once: *mut c_void) {
    // SAFETY: `call_slowly` has passed it, and its frame is live.
    unsafe { (*once.cast::<Once>()).end(NEW) };
}

const _: () = assert!(size_of::<Once>() == 4);

impl Default for Once {
    fn default() -> Self {
        Self::new()
    }
}
