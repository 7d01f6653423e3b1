//! Barriers (POSIX.1-2024 `pthread_barrier_wait`).

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::link::Queue;
use super::scheduler::{State, prepare_and};
use crate::errno::{Errno, Result};

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
        let what = "a barrier that too few threads reach";
        let (waiting, last) = prepare_and(
            Some(&self.waiters),
            None,
            State::Waiting,
            what,
            |scheduler| {
                let arrived = self.arrived.load(Relaxed) + 1;
                let last = arrived >= self.count.load(Relaxed);
                self.arrived.store(if last { 0 } else { arrived }, Relaxed);
                if last {
                    // The caller as well, which does not wait then.
                    scheduler.wake_queue(&self.waiters);
                }
                last
            },
        );
        waiting.block();
        last
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
