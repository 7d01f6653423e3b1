//! Mutexes and spin locks (POSIX.1-2024 `pthread_mutex_lock`).

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use super::{Deadline, deadlock, self_id};
use crate::errno::{Errno, Result};

/// What happens when a thread locks what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// It waits for itself: here that ends the program with a report.
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

/// The kind of a mutex that was destroyed.
const DESTROYED: u32 = u32::MAX;

/// `pthread_mutex_t`; all zeros is a free normal mutex.
#[repr(C)]
pub struct Mutex {
    /// How many times its owner holds it.
    depth: AtomicU32,
    kind: AtomicU32,
    owner: AtomicUsize,
    reserved: [usize; 3],
}

const _: () = assert!(size_of::<Mutex>() == 40);

impl Mutex {
    /// A free mutex.
    pub const fn new(kind: Kind) -> Self {
        Self {
            depth: AtomicU32::new(0),
            kind: AtomicU32::new(kind as u32),
            owner: AtomicUsize::new(0),
            reserved: [0; 3],
        }
    }

    fn kind(&self) -> Result<Kind> {
        Kind::from_raw(self.kind.load(Relaxed))
    }

    /// Whether the calling thread holds it.
    fn is_mine(&self) -> bool {
        self.depth.load(Relaxed) > 0 && self.owner.load(Relaxed) == self_id()
    }

    /// Lock it if that takes no waiting.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EAGAIN`: it cannot be held any more often. `EINVAL`: it was destroyed.
    pub fn try_lock(&self) -> Result<()> {
        let kind = self.kind()?;
        let depth = self.depth.load(Relaxed);
        if depth > 0 && !(kind == Kind::Recursive && self.is_mine()) {
            return Err(Errno::EBUSY);
        }
        self.depth
            .store(depth.checked_add(1).ok_or(Errno::EAGAIN)?, Relaxed);
        self.owner.store(self_id(), Relaxed);
        Ok(())
    }

    /// Lock it, until the deadline at most.
    ///
    /// # Errors
    /// `EDEADLK`: an error-checking mutex that the caller holds. `EAGAIN`, `EINVAL`: as [`Mutex::try_lock`].
    /// `ETIMEDOUT`: not before the deadline. `EINVAL`: the deadline is malformed.
    pub fn lock(&self, deadline: Option<Deadline>) -> Result<()> {
        match self.try_lock() {
            Err(Errno::EBUSY) => {}
            done => return done,
        }
        if self.kind()? == Kind::ErrorCheck && self.is_mine() {
            return Err(Errno::EDEADLK);
        }
        match deadline {
            None => deadlock("a mutex that it holds itself"),
            Some(deadline) => deadline.sleep(),
        }
    }

    /// Unlock it.
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold it. `EINVAL`: it was destroyed.
    pub fn unlock(&self) -> Result<()> {
        self.kind()?;
        if !self.is_mine() {
            return Err(Errno::EPERM);
        }
        self.depth.fetch_sub(1, Relaxed);
        Ok(())
    }

    /// Give it up whole, as a wait for a condition does; the answer is for [`Mutex::take_back`].
    ///
    /// # Errors
    /// `EPERM`: the caller does not hold it.
    pub fn give_up(&self) -> Result<u32> {
        if !self.is_mine() {
            return Err(Errno::EPERM);
        }
        Ok(self.depth.swap(0, Relaxed))
    }

    /// Hold it as before [`Mutex::give_up`].
    pub fn take_back(&self, depth: u32) {
        self.owner.store(self_id(), Relaxed);
        self.depth.store(depth, Relaxed);
    }

    /// Make it unusable until it is initialised again.
    ///
    /// # Errors
    /// `EBUSY`: it is held. `EINVAL`: it was destroyed before.
    pub fn destroy(&self) -> Result<()> {
        self.kind()?;
        if self.depth.load(Relaxed) > 0 {
            return Err(Errno::EBUSY);
        }
        self.kind.store(DESTROYED, Relaxed);
        Ok(())
    }
}

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
        match self.held.swap(1, Relaxed) {
            0 => Ok(()),
            _ => Err(Errno::EBUSY),
        }
    }

    /// Lock it.
    ///
    /// # Errors
    /// `EDEADLK`: the caller, being the only thread, holds it.
    pub fn lock(&self) -> Result<()> {
        self.try_lock().map_err(|_| Errno::EDEADLK)
    }

    /// Make it free.
    pub fn unlock(&self) {
        self.held.store(0, Relaxed);
    }
}
