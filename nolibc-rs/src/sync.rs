//! Locks. One wrapper over `spin`, so that what a lock must also hold off
//! (preemption, once there is any) is written in one place.

use spin::mutex::{Mutex, MutexGuard};
use spin::relax::RelaxStrategy;

use crate::platform;

/// What a thread does that waits for a lock.
pub struct Wait;

impl RelaxStrategy for Wait {
    #[inline(always)]
    fn relax() {
        platform::relax();
    }
}

/// A lock around the data that it protects.
pub struct Lock<T>(Mutex<T, Wait>);

impl<T> Lock<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Wait for the lock and hold it until the guard is dropped.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        platform::switch_point();
        let guard = self.0.lock();
        platform::switch_point();
        guard
    }

    /// Hold the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        platform::switch_point();
        self.0.try_lock()
    }
}
