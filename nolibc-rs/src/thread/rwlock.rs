//! Read-write locks (POSIX.1-2024 `pthread_rwlock_rdlock`).

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use super::self_id;
use crate::errno::{Errno, Result};

const WRITTEN: u32 = u32::MAX;
const DESTROYED: u32 = u32::MAX - 1;

/// `pthread_rwlock_t`; all zeros is a free one.
#[repr(C)]
pub struct RwLock {
    /// How many read, or [`WRITTEN`].
    state: AtomicU32,
    reserved0: u32,
    writer: AtomicUsize,
    reserved1: [usize; 5],
}

const _: () = assert!(size_of::<RwLock>() == 56);

impl RwLock {
    /// A free lock.
    pub const fn new() -> Self {
        Self {
            state: AtomicU32::new(0),
            reserved0: 0,
            writer: AtomicUsize::new(0),
            reserved1: [0; 5],
        }
    }

    /// Hold it for reading if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held for writing. `EAGAIN`: too many read. `EINVAL`: it was destroyed.
    pub fn try_read(&self) -> Result<()> {
        match self.state.load(Relaxed) {
            WRITTEN => Err(Errno::EBUSY),
            DESTROYED => Err(Errno::EINVAL),
            readers if readers + 1 == DESTROYED => Err(Errno::EAGAIN),
            readers => {
                self.state.store(readers + 1, Relaxed);
                Ok(())
            }
        }
    }

    /// Hold it for writing if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed.
    pub fn try_write(&self) -> Result<()> {
        match self.state.load(Relaxed) {
            0 => {
                self.state.store(WRITTEN, Relaxed);
                self.writer.store(self_id(), Relaxed);
                Ok(())
            }
            DESTROYED => Err(Errno::EINVAL),
            _ => Err(Errno::EBUSY),
        }
    }

    /// Hold it for reading. Only the caller can be who holds it otherwise, so
    /// there is nothing to wait for.
    ///
    /// # Errors
    /// `EDEADLK`: the caller holds it for writing. Others as [`RwLock::try_read`].
    pub fn read(&self) -> Result<()> {
        self.try_read().map_err(busy_is_deadlock)
    }

    /// Hold it for writing.
    ///
    /// # Errors
    /// `EDEADLK`: the caller holds it already. `EINVAL`: it was destroyed.
    pub fn write(&self) -> Result<()> {
        self.try_write().map_err(busy_is_deadlock)
    }

    /// Let it go.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold it. `EINVAL`: it was destroyed.
    pub fn unlock(&self) -> Result<()> {
        match self.state.load(Relaxed) {
            0 => return Err(Errno::EPERM),
            DESTROYED => return Err(Errno::EINVAL),
            WRITTEN if self.writer.load(Relaxed) != self_id() => return Err(Errno::EPERM),
            WRITTEN => self.state.store(0, Relaxed),
            readers => self.state.store(readers - 1, Relaxed),
        }
        Ok(())
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed before.
    pub fn destroy(&self) -> Result<()> {
        match self.state.load(Relaxed) {
            0 => self.state.store(DESTROYED, Relaxed),
            DESTROYED => return Err(Errno::EINVAL),
            _ => return Err(Errno::EBUSY),
        }
        Ok(())
    }
}

impl Default for RwLock {
    fn default() -> Self {
        Self::new()
    }
}

fn busy_is_deadlock(error: Errno) -> Errno {
    if error == Errno::EBUSY {
        Errno::EDEADLK
    } else {
        error
    }
}
