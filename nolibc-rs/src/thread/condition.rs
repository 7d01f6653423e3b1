//! Condition variables (POSIX.1-2024 `pthread_cond_wait`).

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::link::Queue;
use super::mutex::Mutex;
use super::scheduler::{self, State, Wake, prepare};
use super::{Clock, Deadline, cancel};
use crate::errno::{Errno, Result};

/// `pthread_cond_t`; all zeros is one that goes by the wall clock.
#[repr(C)]
pub struct Condition {
    clock: AtomicU32,
    reserved0: u32,
    waiters: Queue,
    reserved1: [usize; 3],
}

const _: () = assert!(size_of::<Condition>() == 48);

impl Condition {
    /// One whose deadlines are on `clock`.
    pub const fn new(clock: Clock) -> Self {
        Self {
            clock: AtomicU32::new(clock as u32),
            reserved0: 0,
            waiters: Queue::new(),
            reserved1: [0; 3],
        }
    }

    /// The clock of its deadlines.
    pub fn clock(&self) -> Clock {
        Clock::from_raw(self.clock.load(Relaxed) as i32).unwrap_or(Clock::Wall)
    }

    /// Give up `mutex`, wait, and hold it again. A cancellation point; a signal ends the wait
    /// as if the condition had been signalled.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold the mutex. `EINVAL`: the deadline is malformed.
    /// `ETIMEDOUT`: the deadline came.
    pub fn wait(&self, mutex: &Mutex, deadline: Option<Deadline>) -> Result<()> {
        let until_ns = deadline.as_ref().map(Deadline::monotonic_ns).transpose()?;
        if !mutex.is_mine() {
            return Err(Errno::EPERM);
        }
        cancel::test();
        let waiting = prepare(
            Some(&self.waiters),
            until_ns,
            State::Interruptible,
            "a condition variable that nobody signals",
        );
        let more = mutex.give_up();
        let wake = waiting.block();
        mutex.take_back(more);
        match wake {
            Wake::Woken => Ok(()),
            Wake::TimedOut => Err(Errno::ETIMEDOUT),
            Wake::Interrupted => {
                cancel::test();
                Ok(())
            }
        }
    }

    /// Wake who has waited longest.
    #[inline]
    pub fn signal(&self) {
        scheduler::wake_one(&self.waiters);
    }

    /// Wake all who wait.
    #[inline]
    pub fn broadcast(&self) {
        scheduler::wake_all(&self.waiters, |_| {});
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: a thread waits.
    pub fn destroy(&self) -> Result<()> {
        if self.waiters.is_empty() {
            Ok(())
        } else {
            Err(Errno::EBUSY)
        }
    }
}
