//! The lock of `flockfile`: a thread that has it may take it again.

use core::ops::{Deref, DerefMut};

use super::State;
use crate::delivery::point;
use crate::sync;
use crate::thread::cancel;
use crate::thread::mutex::{Kind, Mutex};
use crate::thread::scheduler::{SEVERAL, attention};

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

/// What is undone on the way out.
pub(super) struct Out<'s>(Option<&'s Hold>);

impl<'s> Out<'s> {
    /// Undo at the end of its life an `enter` that was done.
    pub fn of(hold: &'s Hold) -> Self {
        cancel::in_stream();
        Self(Some(hold))
    }

    /// Enter, and undo that at the end of its life. Where there is one thread, nobody is kept out:
    /// it makes no other before it is through, as nothing of the program's runs in a stream.
    #[inline]
    pub fn after_entering(hold: &'s Hold) -> Self {
        let others = attention() & SEVERAL != 0;
        if others {
            hold.enter();
        }
        cancel::in_stream();
        Self(others.then_some(hold))
    }
}

impl Drop for Out<'_> {
    fn drop(&mut self) {
        if let Some(hold) = self.0 {
            hold.leave();
        }
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
