//! Locks. One wrapper over `spin`, so that what a lock must also hold off
//! (preemption, once there is any) is written in one place.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Relaxed, Release},
    compiler_fence,
};

use spin::mutex::SpinMutex as Mutex;
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
///
/// On one CPU, where a thread is switched only by calling something, a flag will do
/// ([`platform::ONE_CPU`]); several take `spin`'s mutex.
pub struct Lock<T> {
    held: AtomicBool,
    mutex: Mutex<T, Wait>,
}

/// A lock that is held until this is dropped.
pub struct Guard<'l, T>(&'l Lock<T>);

impl<T> Lock<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self {
            held: AtomicBool::new(false),
            mutex: Mutex::new(value),
        }
    }

    /// Wait for the lock and hold it until the guard is dropped.
    #[inline(always)]
    pub fn lock(&self) -> Guard<'_, T> {
        platform::switch_point();
        if platform::ONE_CPU {
            while self.held.load(Relaxed) {
                platform::relax();
            }
            self.hold();
        } else {
            core::mem::forget(self.mutex.lock());
        }
        platform::switch_point();
        Guard(self)
    }

    /// Hold the lock if it is free.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        platform::switch_point();
        if platform::ONE_CPU {
            if self.held.load(Relaxed) {
                return None;
            }
            self.hold();
        } else {
            core::mem::forget(self.mutex.try_lock()?);
        }
        Some(Guard(self))
    }

    #[inline(always)]
    fn hold(&self) {
        self.held.store(true, Relaxed);
        // What runs on this CPU later sees the flag first.
        compiler_fence(Acquire);
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held as long as this guard lives.
        unsafe { &*self.0.mutex.as_mut_ptr() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held as long as this guard lives, which is borrowed.
        unsafe { &mut *self.0.mutex.as_mut_ptr() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        if platform::ONE_CPU {
            compiler_fence(Release);
            self.0.held.store(false, Relaxed);
        } else {
            // SAFETY: this guard stands for the one that `lock` forgot.
            unsafe { self.0.mutex.force_unlock() }
        }
    }
}
