//! Locks. One wrapper over `spin`, so that what a lock must also hold off
//! (preemption, once there is any) is written in one place.

use spin::{Mutex, MutexGuard};

/// A lock around the data that it protects.
pub struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Wait for the lock and hold it until the guard is dropped.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock()
    }

    /// Hold the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock()
    }
}
