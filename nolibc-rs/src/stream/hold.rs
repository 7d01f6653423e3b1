//! The lock of `flockfile`: a thread that has it may take it again.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering};

use super::State;
use crate::sync;

/// Who is in, and how often.
pub struct Hold {
    /// The thread pointer of the owner; 0: nobody.
    owner: AtomicUsize,
    /// Only the owner touches it.
    depth: AtomicUsize,
}

impl Hold {
    pub const fn new() -> Self {
        Self {
            owner: AtomicUsize::new(0),
            depth: AtomicUsize::new(0),
        }
    }

    pub fn enter(&self) {
        while !self.try_enter() {
            core::hint::spin_loop();
        }
    }

    pub fn try_enter(&self) -> bool {
        let me = crate::arch::thread_pointer().addr();
        let free = self
            .owner
            .compare_exchange(0, me, Ordering::Acquire, Ordering::Relaxed);
        let mine = free.map_or_else(|owner| owner == me, |_| true);
        if mine {
            let depth = self.depth.load(Ordering::Relaxed);
            self.depth.store(depth + 1, Ordering::Relaxed);
        }
        mine
    }

    /// Undo one `enter`; nothing happens to a lock that another thread has.
    pub fn leave(&self) {
        let me = crate::arch::thread_pointer().addr();
        if self.owner.load(Ordering::Relaxed) != me {
            return;
        }
        let depth = self.depth.load(Ordering::Relaxed) - 1;
        self.depth.store(depth, Ordering::Relaxed);
        if depth == 0 {
            self.owner.store(0, Ordering::Release);
        }
    }
}

/// The right to use a stream.
pub struct Guard<'s> {
    // Dropped in this order.
    state: sync::Guard<'s, State>,
    _out: Out<'s>,
}

struct Out<'s>(&'s Hold);

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl<'s> Guard<'s> {
    pub(super) fn new(hold: &'s Hold, state: sync::Guard<'s, State>) -> Self {
        Self {
            state,
            _out: Out(hold),
        }
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
