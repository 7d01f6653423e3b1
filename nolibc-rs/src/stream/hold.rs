//! The lock of `flockfile`: a thread that has it may take it again.

use core::ops::{Deref, DerefMut};

use super::State;
use crate::delivery::point;
use crate::sync;
use crate::thread::cancel;
use crate::thread::mutex::{Kind, Mutex};
use crate::thread::scheduler::attention;

/// Who is in, and how often.
pub struct Hold(Mutex);

impl Hold {
    pub const fn new() -> Self {
        Self(Mutex::new(Kind::Recursive))
    }

    #[inline]
    pub fn enter(&self) {
        // Fails only for who is in 2^64 times.
        let _ = self.0.lock_or_wait();
    }

    pub fn try_enter(&self) -> bool {
        self.0.try_lock().is_ok()
    }

    /// The calling thread, which is in, is in once only.
    pub fn be_in_once(&self) {
        self.0.hold_once();
    }

    /// Undo one `enter`; nothing happens to a lock that another thread has.
    #[inline]
    pub fn leave(&self) {
        let _ = self.0.unlock();
    }
}

/// The right to use a stream.
pub struct Guard<'s> {
    // Dropped in this order.
    state: sync::Guard<'s, State>,
    _out: Out<'s>,
}

pub(super) struct Out<'s>(&'s Hold);

impl<'s> Out<'s> {
    /// Undo at the end of its life an `enter` that was done.
    pub fn of(hold: &'s Hold) -> Self {
        cancel::in_stream();
        Self(hold)
    }
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.0.leave();
        if cancel::out_of_stream() && attention() != 0 {
            look_around();
        }
    }
}

/// What waited until the thread was through.
#[inline(never)]
fn look_around() {
    point();
    cancel::test();
}

impl<'s> Guard<'s> {
    pub(super) fn new(out: Out<'s>, state: sync::Guard<'s, State>) -> Self {
        Self { state, _out: out }
    }
}

impl Deref for Guard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}
