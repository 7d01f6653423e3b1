//! Semaphores (POSIX.1-2024 `sem_wait`).

use super::link::Queue;
use super::scheduler::{State, Wake, prepare, release_to};
use super::word::Word;
use super::{Deadline, cancel};
use crate::delivery;
use crate::errno::{Errno, Result};

/// `sem_t`
#[repr(C)]
pub struct Semaphore {
    value: Word,
    waiters: Queue,
    reserved1: usize,
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
            value: Word::new(value),
            waiters: Queue::new(),
            reserved1: 0,
        })
    }

    /// What there is to take.
    pub fn value(&self) -> u32 {
        self.value.state()
    }

    /// Take one if there is one.
    ///
    /// # Errors
    /// `EAGAIN`: there is none.
    pub fn try_wait(&self) -> Result<()> {
        let taken = self.value.change(|value| value.checked_sub(1));
        taken.map(drop).map_err(|_| Errno::EAGAIN)
    }

    /// Take one, before the deadline. A cancellation point.
    ///
    /// # Errors
    /// `ETIMEDOUT`: there was none. `EINVAL`: the deadline is malformed. `EINTR`: a signal is to be
    /// delivered.
    pub fn wait(&self, deadline: Option<Deadline>) -> Result<()> {
        cancel::test();
        if self.try_wait().is_ok() {
            return Ok(());
        }
        let until_ns = deadline.as_ref().map(Deadline::monotonic_ns).transpose()?;
        self.value.begin_to_wait();
        let result = self.wait_until(until_ns);
        self.value.end_to_wait();
        if result == Err(Errno::EINTR) {
            cancel::test();
        }
        result
    }

    fn wait_until(&self, until_ns: Option<u64>) -> Result<()> {
        loop {
            let waiting = prepare(
                Some(&self.waiters),
                until_ns,
                State::Interruptible,
                "a semaphore that nobody posts",
            );
            if self.try_wait().is_ok() {
                if waiting.forget() {
                    // Whoever was woken in this thread's place.
                    release_to(|scheduler| scheduler.wake_first(&self.waiters));
                }
                return Ok(());
            }
            match waiting.block() {
                Wake::Woken => {}
                Wake::TimedOut => return Err(Errno::ETIMEDOUT),
                Wake::Interrupted if delivery::is_wanted() => return Err(Errno::EINTR),
                Wake::Interrupted => {}
            }
        }
    }

    /// Add one.
    ///
    /// # Errors
    /// `EOVERFLOW`: there are [`Semaphore::MOST`].
    pub fn post(&self) -> Result<()> {
        let more = |value| (value < Self::MOST).then(|| value + 1);
        let posted = self
            .value
            .let_go(more, |scheduler| scheduler.wake_first(&self.waiters));
        posted.map(drop).map_err(|_| Errno::EOVERFLOW)
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
