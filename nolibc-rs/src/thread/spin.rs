//! Spin locks (POSIX.1-2024 `pthread_spin_lock`). On one CPU who waits lets others run.

use core::sync::atomic::{
    AtomicU32,
    Ordering::{Acquire, Release},
};

use super::scheduler::{SEVERAL, attention, yield_now};
use crate::errno::{Errno, Result};
use crate::platform;

/// `pthread_spinlock_t`: 0 is free.
#[derive(Default)]
#[repr(C)]
pub struct Spin {
    held: AtomicU32,
}

impl Spin {
    /// Lock it if it is free.
    ///
    /// # Errors
    /// `EBUSY`: it is held.
    pub fn try_lock(&self) -> Result<()> {
        match self.held.swap(1, Acquire) {
            0 => Ok(()),
            _ => Err(Errno::EBUSY),
        }
    }

    /// Lock it.
    ///
    /// # Errors
    /// `EDEADLK`: the caller, being the only thread, holds it.
    pub fn lock(&self) -> Result<()> {
        while self.try_lock().is_err() {
            if attention() & SEVERAL == 0 {
                // The last other thread may have let it go before it ended.
                return self.try_lock().map_err(|_| Errno::EDEADLK);
            }
            platform::relax();
            yield_now();
        }
        Ok(())
    }

    /// Make it free.
    pub fn unlock(&self) {
        self.held.store(0, Release);
    }
}
