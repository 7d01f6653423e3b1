//! What a thread waits on: condition variables, semaphores, barriers, once
//! (POSIX.1-2024 `pthread_cond_wait`, `sem_wait`, `pthread_barrier_wait`, `pthread_once`).

use core::sync::atomic::{AtomicI32, AtomicU32, Ordering::Relaxed};

use super::mutex::Mutex;
use super::{Clock, Deadline, deadlock};
use crate::errno::{Errno, Result};

/// `pthread_cond_t`; all zeros is one that goes by the wall clock.
#[repr(C)]
pub struct Condition {
    clock: AtomicU32,
    waiters: AtomicU32,
    reserved: [usize; 5],
}

const _: () = assert!(size_of::<Condition>() == 48);

impl Condition {
    /// One whose deadlines are on `clock`.
    pub const fn new(clock: Clock) -> Self {
        Self {
            clock: AtomicU32::new(clock as u32),
            waiters: AtomicU32::new(0),
            reserved: [0; 5],
        }
    }

    /// The clock of its deadlines.
    pub fn clock(&self) -> Clock {
        Clock::from_raw(self.clock.load(Relaxed) as i32).unwrap_or(Clock::Wall)
    }

    /// Give up `mutex`, wait, and hold it again.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold the mutex. `EINVAL`: the deadline is malformed.
    /// `ETIMEDOUT`: the deadline came.
    pub fn wait(&self, mutex: &Mutex, deadline: Option<Deadline>) -> Result<()> {
        deadline.map_or(Ok(()), |deadline| deadline.check())?;
        let depth = mutex.give_up()?;
        let Some(deadline) = deadline else {
            deadlock("a condition variable that nobody can signal");
        };
        self.waiters.fetch_add(1, Relaxed);
        let woken = deadline.sleep();
        self.waiters.fetch_sub(1, Relaxed);
        mutex.take_back(depth);
        woken
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: a thread waits.
    pub fn destroy(&self) -> Result<()> {
        if self.waiters.load(Relaxed) > 0 {
            Err(Errno::EBUSY)
        } else {
            Ok(())
        }
    }
}

/// `sem_t`
#[repr(C)]
pub struct Semaphore {
    value: AtomicU32,
    reserved0: u32,
    reserved1: [usize; 3],
}

const _: () = assert!(size_of::<Semaphore>() == 32);

impl Semaphore {
    /// `SEM_VALUE_MAX`
    pub const MOST: u32 = i32::MAX as u32;

    /// One with `value` to take.
    ///
    /// # Errors
    /// `EINVAL`: more than [`Semaphore::MOST`].
    pub fn new(value: u32) -> Result<Self> {
        if value > Self::MOST {
            return Err(Errno::EINVAL);
        }
        Ok(Self {
            value: AtomicU32::new(value),
            reserved0: 0,
            reserved1: [0; 3],
        })
    }

    /// What there is to take.
    pub fn value(&self) -> u32 {
        self.value.load(Relaxed)
    }

    /// Take one if there is one.
    ///
    /// # Errors
    /// `EAGAIN`: there is none.
    pub fn try_wait(&self) -> Result<()> {
        let value = self.value().checked_sub(1).ok_or(Errno::EAGAIN)?;
        self.value.store(value, Relaxed);
        Ok(())
    }

    /// Take one, before the deadline.
    ///
    /// # Errors
    /// `ETIMEDOUT`: there was none. `EINVAL`: the deadline is malformed.
    pub fn wait(&self, deadline: Option<Deadline>) -> Result<()> {
        if self.try_wait().is_ok() {
            return Ok(());
        }
        match deadline {
            None => deadlock("a semaphore that nobody can post"),
            Some(deadline) => deadline.sleep(),
        }
    }

    /// Add one.
    ///
    /// # Errors
    /// `EOVERFLOW`: there are [`Semaphore::MOST`].
    pub fn post(&self) -> Result<()> {
        if self.value() >= Self::MOST {
            return Err(Errno::EOVERFLOW);
        }
        self.value.fetch_add(1, Relaxed);
        Ok(())
    }
}

/// `pthread_barrier_t`
#[repr(C)]
pub struct Barrier {
    count: u32,
    reserved0: u32,
    reserved1: [usize; 3],
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
            count,
            reserved0: 0,
            reserved1: [0; 3],
        })
    }

    /// Wait for the others. Returns if there are none; the caller is the one thread
    /// that is told so then.
    pub fn wait(&self) {
        if self.count != 1 {
            deadlock("a barrier that no other thread can reach");
        }
    }
}

/// `pthread_once_t`; 0 is new.
#[repr(C)]
pub struct Once {
    state: AtomicI32,
}

impl Once {
    const RUNNING: i32 = 1;
    const DONE: i32 = 2;

    /// Do `work` unless that was done before.
    pub fn call(&self, work: impl FnOnce()) {
        match self.state.load(Relaxed) {
            Self::DONE => {}
            Self::RUNNING => deadlock("a pthread_once whose function it is in"),
            _ => {
                self.state.store(Self::RUNNING, Relaxed);
                work();
                self.state.store(Self::DONE, Relaxed);
            }
        }
    }
}
