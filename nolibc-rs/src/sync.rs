//! Locks. One wrapper over `spin`, so that what a lock must also hold off
//! (preemption, where there is any) is written in one place.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
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
/// Who holds one keeps the CPU. So on one CPU a flag will do ([`platform::ONE_CPU`]); several
/// take `spin`'s mutex.
pub struct Lock<T> {
    held: AtomicBool,
    mutex: Mutex<T, Wait>,
}

/// A lock that is held until this is dropped, and whether it holds off ticks.
pub struct Guard<'l, T>(&'l Lock<T>, bool);

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
        let held = platform::hold();
        if platform::ONE_CPU {
            if self.held.load(Relaxed) {
                held_for_ever();
            }
            self.hold();
        } else {
            core::mem::forget(self.mutex.lock());
        }
        platform::switch_point();
        Guard(self, held)
    }

    /// Hold the lock if it is free.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        platform::switch_point();
        let held = platform::hold();
        let taken = if !platform::ONE_CPU {
            self.mutex.try_lock().map(core::mem::forget).is_some()
        } else if self.held.load(Relaxed) {
            false
        } else {
            self.hold();
            true
        };
        if taken {
            return Some(Guard(self, held));
        }
        platform::release(held);
        None
    }

    /// The guard of a lock that is held without one.
    ///
    /// # Safety
    /// It is, and nobody makes another guard.
    pub unsafe fn adopt(&self) -> Guard<'_, T> {
        Guard(self, platform::preempts())
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
        platform::release(self.1);
    }
}

/// On one CPU only the calling thread itself can hold what is not free: a handler, or a
/// function that the library calls, has come back to what it was called from.
#[cold]
fn held_for_ever() -> ! {
    crate::report::die("the library waits for itself")
}

/// Put `new` in the place of `old`, if that is there; whether it was. On one CPU that needs no
/// more than one instruction.
#[inline(always)]
pub fn replace(word: &AtomicU32, old: u32, new: u32) -> bool {
    if platform::ONE_CPU {
        crate::arch::replace(word, old, new)
    } else {
        word.compare_exchange(old, new, AcqRel, Relaxed).is_ok()
    }
}

/// The calling thread keeps the CPU until this is dropped.
pub struct Held(bool);

impl Held {
    /// Keep it from now on.
    #[inline(always)]
    pub fn new() -> Self {
        Self(platform::hold())
    }
}

impl Default for Held {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Held {
    #[inline(always)]
    fn drop(&mut self) {
        platform::release(self.0);
    }
}
