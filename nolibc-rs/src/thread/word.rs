//! The state of something that threads wait for, and how many do or are about to, in one word: so
//! whoever lets go of it knows whether anybody is to be woken, and else touches it no more. It
//! may be gone a moment later.

use core::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed},
};

use super::dispatch::Scheduler;
use super::scheduler::release_to;
use crate::platform;

/// State and count, as C's structures have them; used as one.
#[repr(C, align(8))]
pub(super) struct Word {
    state: AtomicU32,
    waiting: AtomicU32,
}

/// One who waits.
const ONE: u64 = 1 << 32;

fn state(word: u64) -> u32 {
    word as u32
}

impl Word {
    /// That nobody waits for.
    pub const fn new(state: u32) -> Self {
        Self {
            state: AtomicU32::new(state),
            waiting: AtomicU32::new(0),
        }
    }

    fn both(&self) -> &AtomicU64 {
        platform::switch_point();
        // SAFETY: two words in a row, aligned as one, and used as one only.
        unsafe { AtomicU64::from_ptr((&raw const *self).cast_mut().cast()) }
    }

    /// The state.
    pub fn state(&self) -> u32 {
        state(self.both().load(Relaxed))
    }

    /// Change the state by `step`, if that answers one. Answers what it was; so does the error.
    pub fn change(&self, step: impl Fn(u32) -> Option<u32>) -> Result<u32, u32> {
        let word = self.both().fetch_update(AcqRel, Acquire, |word| {
            Some(word - u64::from(state(word)) + u64::from(step(state(word))?))
        });
        word.map(state).map_err(state)
    }

    /// [`Word::change`], after which this is not touched, and `wake` before it if anybody waits.
    pub fn let_go(
        &self,
        step: impl Fn(u32) -> Option<u32>,
        wake: impl FnOnce(&mut Scheduler),
    ) -> Result<u32, u32> {
        let alone = self.both().fetch_update(AcqRel, Acquire, |word| {
            let alone = word < ONE;
            alone.then(|| step(state(word)).map(u64::from)).flatten()
        });
        match alone {
            Err(word) if word >= ONE => {
                let mut result = Err(0);
                release_to(|scheduler| {
                    wake(scheduler);
                    result = self.change(step);
                });
                result
            }
            alone => alone.map(state).map_err(state),
        }
    }

    /// [`Word::change`] from one state to another if nobody waits.
    pub fn replace_unwanted(&self, old: u32, new: u32) -> Result<(), u32> {
        let done = self
            .both()
            .compare_exchange(old.into(), new.into(), AcqRel, Acquire);
        done.map(drop).map_err(state)
    }

    /// The calling thread is about to wait.
    pub fn begin_to_wait(&self) {
        self.both().fetch_add(ONE, AcqRel);
    }

    /// It does not wait any more.
    pub fn end_to_wait(&self) {
        self.both().fetch_sub(ONE, AcqRel);
    }
}
