//! Read-write locks (POSIX.1-2024 `pthread_rwlock_rdlock`). Readers come in while others read,
//! whoever waits to write: so a thread that reads may begin to read once more.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::link::Queue;
use super::scheduler::{SEVERAL, State, Wake, attention, prepare};
use super::word::Word;
use super::{Deadline, self_id};
use crate::delivery::deliver;
use crate::errno::{Errno, Result};

const FREE: u32 = 0;
const WRITTEN: u32 = u32::MAX;
const DESTROYED: u32 = u32::MAX - 1;

/// `pthread_rwlock_t`; all zeros is a free one.
#[repr(C)]
pub struct RwLock {
    /// How many read, or [`WRITTEN`].
    state: Word,
    writer: AtomicUsize,
    readers: Queue,
    writers: Queue,
    reserved1: usize,
}

const _: () = assert!(size_of::<RwLock>() == 56);

impl RwLock {
    /// A free lock.
    pub const fn new() -> Self {
        Self {
            state: Word::new(FREE),
            writer: AtomicUsize::new(0),
            readers: Queue::new(),
            writers: Queue::new(),
            reserved1: 0,
        }
    }

    /// Hold it for reading if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held for writing. `EAGAIN`: too many read. `EINVAL`: it was destroyed.
    pub fn try_read(&self) -> Result<()> {
        let one_more = |state| (state < DESTROYED - 1).then(|| state + 1);
        let taken = self.state.change(one_more);
        taken.map(drop).map_err(|state| match state {
            WRITTEN => Errno::EBUSY,
            DESTROYED => Errno::EINVAL,
            _ => Errno::EAGAIN,
        })
    }

    /// Hold it for writing if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed.
    pub fn try_write(&self) -> Result<()> {
        let taken = self
            .state
            .change(|state| (state == FREE).then_some(WRITTEN));
        match taken {
            Ok(_) => {
                self.writer.store(self_id(), Relaxed);
                Ok(())
            }
            Err(DESTROYED) => Err(Errno::EINVAL),
            Err(_) => Err(Errno::EBUSY),
        }
    }

    fn is_mine(&self) -> bool {
        self.state.state() == WRITTEN && self.writer.load(Relaxed) == self_id()
    }

    /// Hold it for reading.
    ///
    /// # Errors
    /// `EDEADLK`: the caller holds it for writing. `ETIMEDOUT`: not before the deadline.
    /// `EINVAL`: the deadline is malformed. Others as [`RwLock::try_read`].
    pub fn read(&self, deadline: Option<Deadline>) -> Result<()> {
        self.wait(&self.readers, deadline, Self::try_read)
    }

    /// Hold it for writing.
    ///
    /// # Errors
    /// `EDEADLK`: the caller holds it for writing, or is the only thread. `ETIMEDOUT`: not
    /// before the deadline. `EINVAL`: it was destroyed, or the deadline is malformed.
    pub fn write(&self, deadline: Option<Deadline>) -> Result<()> {
        self.wait(&self.writers, deadline, Self::try_write)
    }

    fn wait(
        &self,
        queue: &Queue,
        deadline: Option<Deadline>,
        take: fn(&Self) -> Result<()>,
    ) -> Result<()> {
        match take(self) {
            Err(Errno::EBUSY) => {}
            done => return done,
        }
        if self.is_mine() {
            return Err(Errno::EDEADLK);
        }
        if deadline.is_none() && attention() & SEVERAL == 0 {
            // The last other thread may have let it go before it ended.
            return take(self).map_err(|error| match error {
                Errno::EBUSY => Errno::EDEADLK,
                error => error,
            });
        }
        let until_ns = deadline.as_ref().map(Deadline::monotonic_ns).transpose()?;
        self.state.begin_to_wait();
        let result = self.wait_until(queue, until_ns, take);
        self.state.end_to_wait();
        result
    }

    fn wait_until(
        &self,
        queue: &Queue,
        until_ns: Option<u64>,
        take: fn(&Self) -> Result<()>,
    ) -> Result<()> {
        loop {
            let waiting = prepare(
                Some(queue),
                until_ns,
                State::Signallable,
                "a read-write lock",
            );
            match take(self) {
                Err(Errno::EBUSY) => {}
                done => {
                    waiting.forget();
                    return done;
                }
            }
            match waiting.block() {
                Wake::Woken => {}
                Wake::TimedOut => return Err(Errno::ETIMEDOUT),
                Wake::Interrupted => {
                    deliver();
                }
            }
        }
    }

    /// Let it go.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold it. `EINVAL`: it was destroyed.
    pub fn unlock(&self) -> Result<()> {
        let written = match self.state.state() {
            DESTROYED => return Err(Errno::EINVAL),
            WRITTEN if !self.is_mine() => return Err(Errno::EPERM),
            state => state == WRITTEN,
        };
        if written {
            self.writer.store(0, Relaxed);
        }
        let step = |state| match state {
            WRITTEN => written.then_some(FREE),
            FREE | DESTROYED => None,
            readers => Some(readers - 1),
        };
        let done = self.state.let_go(step, |scheduler| {
            if written || self.state.state() == 1 {
                scheduler.wake_queue(&self.readers);
                scheduler.wake_first(&self.writers);
            }
        });
        done.map(drop).map_err(|_| Errno::EPERM)
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed before.
    pub fn destroy(&self) -> Result<()> {
        match self.state.replace_unwanted(FREE, DESTROYED) {
            Ok(_) => Ok(()),
            Err(DESTROYED) => Err(Errno::EINVAL),
            Err(_) => Err(Errno::EBUSY),
        }
    }
}

impl Default for RwLock {
    fn default() -> Self {
        Self::new()
    }
}
