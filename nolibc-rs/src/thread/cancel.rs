//! Cancellation (POSIX.1-2024 2.9.5) and cleanup handlers.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU32,
    Ordering::{Relaxed, SeqCst},
    fence,
};

use super::scheduler::{self, State};
use super::{Thread, cpu, current, life, registry};
use crate::errno::Result;

/// What `PTHREAD_CANCELED` is.
const CANCELED: *mut c_void = core::ptr::without_provenance_mut(usize::MAX);

/// What a thread says of its cancellation.
pub(super) struct Cancel {
    wanted: AtomicBool,
    disabled: AtomicBool,
    at_once: AtomicBool,
    /// It ends already.
    ending: AtomicBool,
    /// How many streams it is in the middle of: it keeps them until it is through.
    streams: AtomicU32,
    cleanup: AtomicPtr<Cleanup>,
}

impl Cancel {
    /// That of a new thread.
    pub const fn new() -> Self {
        Self {
            wanted: AtomicBool::new(false),
            disabled: AtomicBool::new(false),
            at_once: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            streams: AtomicU32::new(0),
            cleanup: AtomicPtr::new(null_mut()),
        }
    }

    pub fn is_due(&self) -> bool {
        self.wanted.load(Relaxed)
            && !self.disabled.load(Relaxed)
            && !self.ending.load(Relaxed)
            && self.streams.load(Relaxed) == 0
    }

    /// It ends, and is not to be ended once more.
    pub fn end(&self) {
        self.ending.store(true, Relaxed);
    }
}

/// A handler of `pthread_cleanup_push`, in the caller's frame.
#[repr(C)]
pub struct Cleanup {
    function: unsafe extern "C" fn(*mut c_void),
    argument: *mut c_void,
    before: *mut Cleanup,
}

impl Cleanup {
    /// A handler that calls `function` with `argument`.
    pub const fn new(function: unsafe extern "C" fn(*mut c_void), argument: *mut c_void) -> Self {
        Self {
            function,
            argument,
            before: null_mut(),
        }
    }
}

impl Thread {
    /// Allow or hold off cancellation; whether it was held off before.
    pub fn disable_cancel(&self, disabled: bool) -> bool {
        let was = self.cancel.disabled.swap(disabled, SeqCst);
        at_once();
        was
    }

    /// Cancel at once or at cancellation points; whether it was at once before.
    pub fn cancel_at_once(&self, now: bool) -> bool {
        let was = self.cancel.at_once.swap(now, Relaxed);
        at_once();
        was
    }

    /// Remember a cleanup handler.
    pub fn push_cleanup(&self, cleanup: &mut Cleanup) {
        cleanup.before = self.cancel.cleanup.swap(cleanup, Relaxed);
    }

    /// Forget the last cleanup handler, and call it if `execute`. False: there was none.
    ///
    /// # Safety
    /// The frames of all handlers pushed and not popped are live.
    pub unsafe fn pop_cleanup(&self, execute: bool) -> bool {
        // SAFETY: the caller's contract.
        let Some(cleanup) = (unsafe { self.cancel.cleanup.load(Relaxed).as_ref() }) else {
            return false;
        };
        let Cleanup {
            function,
            argument,
            before,
        } = *cleanup;
        self.cancel.cleanup.store(before, Relaxed);
        if execute {
            // SAFETY: who pushed it vouched for it.
            unsafe { function(argument) };
        }
        true
    }
}

/// Ask the thread of this number to end.
///
/// # Errors
/// `ESRCH`: there is none.
pub fn cancel(id: usize) -> Result<()> {
    registry::with_id(id, |thread| {
        // Also a barrier: who holds it off looks at this afterwards.
        thread.cancel.wanted.swap(true, SeqCst);
        if thread.cancel.is_due() {
            scheduler::interrupt(thread, State::Interruptible);
        }
    })?;
    at_once();
    Ok(())
}

/// The calling thread is in the middle of a stream: until [`out_of_stream`] it is not cancelled,
/// and no handler runs in it.
#[inline]
pub fn in_stream() {
    let streams = &current().cancel.streams;
    // Nobody else changes it.
    streams.store(streams.load(Relaxed) + 1, Relaxed);
}

/// Undo one [`in_stream`]; whether that was the last one.
#[inline]
pub fn out_of_stream() -> bool {
    let streams = &current().cancel.streams;
    let left = streams.load(Relaxed).wrapping_sub(1);
    streams.store(left, Relaxed);
    if left == 0 && cpu::several() {
        fence(SeqCst);
    }
    left == 0
}

/// [`in_stream`] until it is dropped.
pub struct Hold(());

impl Hold {
    /// Begin.
    pub fn new() -> Self {
        in_stream();
        Self(())
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        out_of_stream();
    }
}

/// Whether the calling thread is in the middle of a stream.
pub fn is_held_off() -> bool {
    current().cancel.streams.load(Relaxed) != 0
}

/// Whether the calling thread was asked to end and may be.
pub fn is_due() -> bool {
    current().cancel.is_due()
}

/// A cancellation point: end the calling thread if it was asked to and may be.
#[inline]
pub fn test() {
    if current().cancel.is_due() {
        life::exit(CANCELED);
    }
}

/// End the calling thread if it was asked to and said that it may be anywhere.
pub(super) fn at_once() {
    let cancel = &current().cancel;
    if cancel.at_once.load(Relaxed) && cancel.is_due() {
        life::exit(CANCELED);
    }
}
