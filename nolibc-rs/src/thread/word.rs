//! The state of something that threads wait for, and how many do or are about to, in one word: so
//! whoever lets go of it knows whether anybody is to be woken, and else touches it no more. It
//! may be gone a moment later.

use core::sync::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire, Relaxed},
};

use super::dispatch::Scheduler;
use super::scheduler::release_to;

/// State and count.
#[repr(transparent)]
pub(super) struct Word(AtomicU64);

/// One who waits.
const ONE: u64 = 1 << 32;

fn state(word: u64) -> u32 {
    word as u32
}

impl Word {
    /// That nobody waits for.
    pub const fn new(state: u32) -> Self {
        Self(AtomicU64::new(state as u64))
    }

    /// The state.
    pub fn state(&self) -> u32 {
        state(self.0.load(Relaxed))
    }

    /// Change the state by `step`, if that answers one. Answers what it was; so does the error.
    pub fn change(&self, step: impl Fn(u32) -> Option<u32>) -> Result<u32, u32> {
        let word = self.0.fetch_update(AcqRel, Acquire, |word| {
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
        let alone = self.0.fetch_update(AcqRel, Acquire, |word| {
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
            .0
            .compare_exchange(old.into(), new.into(), AcqRel, Acquire);
        done.map(drop).map_err(state)
    }

    /// The calling thread is about to wait.
    pub fn begin_to_wait(&self) {
        self.0.fetch_add(ONE, AcqRel);
    }

    /// It does not wait any more.
    pub fn end_to_wait(&self) {
        self.0.fetch_sub(ONE, AcqRel);
    }
}
