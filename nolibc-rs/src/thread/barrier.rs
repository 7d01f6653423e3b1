//! Barriers (POSIX.1-2024 `pthread_barrier_wait`).

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::link::Queue;
use super::scheduler::{self, State, prepare};
use crate::errno::{Errno, Result};
use crate::sync::Held;

/// `pthread_barrier_t`
#[repr(C)]
pub struct Barrier {
    count: AtomicU32,
    arrived: AtomicU32,
    waiters: Queue,
    reserved: usize,
}

const _: () = assert!(size_of::<Barrier>() == 32);

impl Barrier {
    /// One for `count` threads.
    ///
    /// # Errors
    /// `EINVAL`: `count` is 0.
    pub fn new(count: u32) -> Result<Self> {
        if count == 0 {
            return Err(Errno::EINVAL);
        }
        Ok(Self {
            count: AtomicU32::new(count),
            arrived: AtomicU32::new(0),
            waiters: Queue::new(),
            reserved: 0,
        })
    }

    /// Wait until as many threads as it is for have come. True for one of them.
    pub fn wait(&self) -> bool {
        let held = Held::new();
        let arrived = self.arrived.load(Relaxed) + 1;
        if arrived >= self.count.load(Relaxed) {
            self.arrived.store(0, Relaxed);
            scheduler::wake_all(&self.waiters, |_| {});
            return true;
        }
        self.arrived.store(arrived, Relaxed);
        let what = "a barrier that too few threads reach";
        let waiting = prepare(Some(&self.waiters), None, State::Waiting, what);
        drop(held);
        waiting.block();
        false
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: a thread waits. `EINVAL`: it was destroyed before.
    pub fn destroy(&self) -> Result<()> {
        if !self.waiters.is_empty() {
            return Err(Errno::EBUSY);
        }
        match self.count.swap(0, Relaxed) {
            0 => Err(Errno::EINVAL),
            _ => Ok(()),
        }
    }
}
