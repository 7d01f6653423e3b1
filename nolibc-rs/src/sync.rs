//! Locks. One wrapper over `spin`, so that what a lock must also hold off
//! (preemption, where there is any) is written in one place.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{
    AtomicU8, AtomicU32,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
    compiler_fence,
};

use spin::mutex::SpinMutex as Mutex;
use spin::relax::RelaxStrategy;

use crate::platform::{self, Mode};
use crate::thread::cpu;

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
/// Who holds one keeps the CPU. So while one CPU runs a flag will do ([`platform::Mode`]); several
/// take `spin`'s mutex.
pub struct Lock<T> {
    /// [`HELD`], and [`ALONE`]. A new lock is zeros, so that a static with one takes no room in an image.
    state: AtomicU8,
    mutex: Mutex<T, Wait>,
}

const HELD: u8 = 1;
/// [`Lock::lock_alone`] may take this lock, now.
const ALONE: u8 = 2;

/// A lock that is held until this is dropped, in the way that the mode asked for.
pub struct Guard<'l, T>(&'l Lock<T>, Mode);

impl<T> Lock<T> {
    /// A free lock.
    pub const fn new(value: T) -> Self {
        Self {
            state: AtomicU8::new(0),
            mutex: Mutex::new(value),
        }
    }

    /// Wait for the lock and hold it until the guard is dropped.
    #[inline(always)]
    pub fn lock(&self) -> Guard<'_, T> {
        platform::switch_point();
        let mode = platform::mode();
        if mode == Mode::Alone {
            self.hold();
        } else {
            self.hold_with(mode);
        }
        platform::switch_point();
        Guard(self, mode)
    }

    /// [`Lock::lock`] in the fewest steps. None: it is held, or [`Lock::set_alone`] has not allowed it.
    #[inline(always)]
    pub fn lock_alone(&self) -> Option<Alone<'_, T>> {
        if self.state.load(Relaxed) != ALONE {
            return None;
        }
        self.state.store(HELD | ALONE, Relaxed);
        compiler_fence(Acquire);
        Some(Alone(self))
    }

    /// Say whether [`Lock::lock_alone`] may take the lock from now on: only while [`Mode::Alone`] lasts.
    pub fn set_alone(&self, may: bool) {
        let held = self.state.load(Relaxed) & HELD;
        let alone = may && platform::mode() == Mode::Alone;
        self.state
            .store(held | if alone { ALONE } else { 0 }, Relaxed);
    }

    /// Where others could run before it is let go.
    #[inline(never)]
    fn hold_with(&self, mode: Mode) {
        platform::hold();
        if mode == Mode::Several {
            core::mem::forget(self.mutex.lock());
        } else {
            self.hold();
        }
    }

    /// Hold the lock if it is free.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        platform::switch_point();
        let mode = platform::mode();
        let held = platform::hold();
        let taken = if mode == Mode::Several {
            self.mutex.try_lock().map(core::mem::forget).is_some()
        } else if self.is_held() {
            false
        } else {
            self.hold();
            true
        };
        if taken {
            return Some(Guard(self, mode));
        }
        platform::release(held);
        None
    }

    /// [`Lock::try_lock`], and if another CPU holds it, again until that should have let it go.
    pub fn lock_soon(&self) -> Option<Guard<'_, T>> {
        const PATIENCE_NS: platform::Nanoseconds = 100_000_000;
        let start_ns = platform::clock_monotonic();
        loop {
            let guard = self.try_lock();
            let waited_ns = platform::clock_monotonic() - start_ns;
            if guard.is_some() || !cpu::several() || waited_ns > PATIENCE_NS {
                return guard;
            }
            platform::relax();
        }
    }

    /// The guard of a lock that is held without one.
    ///
    /// # Safety
    /// It is, and nobody makes another guard.
    pub unsafe fn adopt(&self) -> Guard<'_, T> {
        Guard(self, platform::mode())
    }

    fn is_held(&self) -> bool {
        self.state.load(Relaxed) & HELD != 0
    }

    /// One CPU runs.
    #[inline(always)]
    fn hold(&self) {
        let state = self.state.load(Relaxed);
        if state & HELD != 0 {
            held_for_ever();
        }
        self.state.store(state | HELD, Relaxed);
        // What runs on this CPU later sees the flag first.
        compiler_fence(Acquire);
    }

    #[inline(always)]
    fn let_go(&self) {
        compiler_fence(Release);
        self.state.store(self.state.load(Relaxed) & !HELD, Relaxed);
    }

    #[inline(never)]
    fn let_go_with(&self, mode: Mode) {
        if mode == Mode::Several {
            // SAFETY: a guard stands for the one that `hold_with` forgot.
            unsafe { self.mutex.force_unlock() }
            platform::switch_point();
        } else {
            self.let_go();
        }
        platform::release(true);
    }
}

/// A lock that is held until this is dropped, while nobody else runs.
pub struct Alone<'l, T>(&'l Lock<T>);

impl<T> Deref for Alone<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held as long as this guard lives.
        unsafe { &*self.0.mutex.as_mut_ptr() }
    }
}

impl<T> DerefMut for Alone<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held as long as this guard lives, which is borrowed.
        unsafe { &mut *self.0.mutex.as_mut_ptr() }
    }
}

impl<T> Drop for Alone<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        compiler_fence(Release);
        self.0.state.store(ALONE, Relaxed);
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
        if self.1 == Mode::Alone {
            self.0.let_go();
        } else {
            self.0.let_go_with(self.1);
        }
    }
}

/// On one CPU only the calling thread itself can hold what is not free: a handler, or a
/// function that the library calls, has come back to what it was called from.
#[cold]
fn held_for_ever() -> ! {
    crate::report::die("the library waits for itself")
}

/// Put `new` in the place of `old`, if that is there; whether it was. While one CPU runs that
/// needs no more than one instruction.
#[inline(always)]
pub fn replace(word: &AtomicU32, old: u32, new: u32) -> bool {
    platform::switch_point();
    if platform::mode() == Mode::Several {
        word.compare_exchange(old, new, AcqRel, Relaxed).is_ok()
    } else {
        crate::arch::replace(word, old, new)
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
