//! Mutexes (POSIX.1-2024 `pthread_mutex_lock`).
//!
//! A word says whether it is held and whether somebody waits for it (Drepper, "Futexes are
//! tricky", 2011); those wait in a queue in the mutex. Who is woken competes with who comes.

use core::sync::atomic::{
    AtomicU32, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

use super::link::Queue;
use super::scheduler::{self, State, Wake, prepare};
use super::{Deadline, self_id};
use crate::delivery::deliver;
use crate::errno::{Errno, Result};
use crate::sync;

/// What happens when a thread locks what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// It waits for itself.
    Normal = 0,
    /// It holds the mutex once more.
    Recursive = 1,
    /// `EDEADLK`.
    ErrorCheck = 2,
}

impl Kind {
    /// The kind with this number in C.
    ///
    /// # Errors
    /// `EINVAL`: there is none.
    pub fn from_raw(kind: u32) -> Result<Self> {
        match kind {
            0 => Ok(Self::Normal),
            1 => Ok(Self::Recursive),
            2 => Ok(Self::ErrorCheck),
            _ => Err(Errno::EINVAL),
        }
    }
}

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may wait.
const WANTED: u32 = 2;
/// Neither free nor held.
const DESTROYED: u32 = 3;

/// `pthread_mutex_t`; all zeros is a free normal mutex.
#[repr(C)]
pub struct Mutex {
    state: AtomicU32,
    kind: AtomicU32,
    /// The number of the thread that holds it.
    owner: AtomicUsize,
    waiters: Queue,
    /// How many times its owner holds it, less one.
    more: AtomicUsize,
}

const _: () = assert!(size_of::<Mutex>() == 40);

impl Mutex {
    /// A free mutex.
    pub const fn new(kind: Kind) -> Self {
        Self {
            state: AtomicU32::new(FREE),
            kind: AtomicU32::new(kind as u32),
            owner: AtomicUsize::new(0),
            waiters: Queue::new(),
            more: AtomicUsize::new(0),
        }
    }

    /// Whether the calling thread holds it.
    #[inline(always)]
    pub fn is_mine(&self) -> bool {
        self.owner.load(Relaxed) == self_id()
    }

    /// Hold it if it is free.
    #[inline(always)]
    fn take(&self) -> bool {
        let taken = sync::replace(&self.state, FREE, HELD);
        if taken {
            self.owner.store(self_id(), Relaxed);
        }
        taken
    }

    /// Lock it if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EAGAIN`: it cannot be held any more often. `EINVAL`: it was destroyed.
    #[inline]
    pub fn try_lock(&self) -> Result<()> {
        if self.take() {
            return Ok(());
        }
        self.again().unwrap_or(Err(Errno::EBUSY))
    }

    /// What it means that a thread locks what is not free; none: it must wait, if it wants to.
    fn again(&self) -> Option<Result<()>> {
        let kind = self.kind.load(Relaxed);
        if self.state.load(Relaxed) == DESTROYED || Kind::from_raw(kind).is_err() {
            return Some(Err(Errno::EINVAL));
        }
        if kind != Kind::Recursive as u32 || !self.is_mine() {
            return None;
        }
        let more = self.more.load(Relaxed).checked_add(1);
        Some(
            more.ok_or(Errno::EAGAIN)
                .map(|more| self.more.store(more, Relaxed)),
        )
    }

    /// Lock it, until the deadline at most.
    ///
    /// # Errors
    /// `EDEADLK`: an error-checking mutex that the caller holds. `EAGAIN`, `EINVAL`: as [`Mutex::try_lock`].
    /// `ETIMEDOUT`: not before the deadline. `EINVAL`: the deadline is malformed.
    #[inline]
    pub fn lock(&self, deadline: Option<Deadline>) -> Result<()> {
        if self.take() {
            return Ok(());
        }
        self.lock_slowly(deadline)
    }

    /// [`Mutex::lock`] without a deadline.
    ///
    /// # Errors
    /// As [`Mutex::lock`].
    #[inline(always)]
    pub fn lock_or_wait(&self) -> Result<()> {
        if self.take() {
            return Ok(());
        }
        self.wait_for_ever()
    }

    #[inline(never)]
    fn wait_for_ever(&self) -> Result<()> {
        self.lock_slowly(None)
    }

    #[inline(never)]
    fn lock_slowly(&self, deadline: Option<Deadline>) -> Result<()> {
        if let Some(done) = self.again() {
            return done;
        }
        if self.kind.load(Relaxed) == Kind::ErrorCheck as u32 && self.is_mine() {
            return Err(Errno::EDEADLK);
        }
        let until_ns = deadline.as_ref().map(Deadline::monotonic_ns).transpose()?;
        self.wait(until_ns)
    }

    /// # Errors
    /// `ETIMEDOUT`: the deadline came.
    fn wait(&self, until_ns: Option<u64>) -> Result<()> {
        let what = if self.is_mine() {
            "a mutex that it holds itself"
        } else {
            "a mutex"
        };
        loop {
            let waiting = prepare(Some(&self.waiters), until_ns, State::Signallable, what);
            // Who unlocks it from here on sees that somebody waits.
            if self.state.swap(WANTED, Acquire) == FREE {
                waiting.forget();
                self.owner.store(self_id(), Relaxed);
                return Ok(());
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

    /// Unlock it.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold it. `EINVAL`: it was destroyed.
    #[inline]
    pub fn unlock(&self) -> Result<()> {
        if !self.is_mine() {
            return Err(if self.state.load(Relaxed) == DESTROYED {
                Errno::EINVAL
            } else {
                Errno::EPERM
            });
        }
        match self.more.load(Relaxed).checked_sub(1) {
            Some(more) => self.more.store(more, Relaxed),
            None => self.free(),
        }
        Ok(())
    }

    #[inline(always)]
    fn free(&self) {
        self.owner.store(0, Relaxed);
        if !sync::replace(&self.state, HELD, FREE) {
            scheduler::release_to(|scheduler| {
                scheduler.wake_first(&self.waiters);
                self.state.store(FREE, Release);
            });
        }
    }

    /// Give it up whole, as a wait for a condition does; the answer is for [`Mutex::take_back`].
    /// The caller holds it.
    pub fn give_up(&self) -> usize {
        let more = self.more.swap(0, Relaxed);
        self.free();
        more
    }

    /// Hold it as before [`Mutex::give_up`].
    pub fn take_back(&self, more: usize) {
        if !self.take() {
            // Without a deadline there is nothing to fail.
            let _ = self.wait(None);
        }
        self.more.store(more, Relaxed);
    }

    /// Hold it once, however often the caller, which holds it, does.
    pub fn hold_once(&self) {
        self.more.store(0, Relaxed);
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed before.
    pub fn destroy(&self) -> Result<()> {
        match self
            .state
            .compare_exchange(FREE, DESTROYED, Relaxed, Relaxed)
        {
            Ok(_) => Ok(()),
            Err(DESTROYED) => Err(Errno::EINVAL),
            Err(_) => Err(Errno::EBUSY),
        }
    }
}
