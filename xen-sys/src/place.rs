//! Where something may be, and who uses it.

use core::cell::UnsafeCell;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Acquire, Release};

use solo5_sys::Machine;
use solo5_sys::machine::Error;

use crate::machine::{self, Xen};

/// An option whose empty state is all zeros, so that a static with it takes no room in
/// an image.
#[repr(u8)]
#[derive(Debug)]
pub enum Place<T> {
    /// Nothing.
    Free = 0,
    /// Something.
    Taken(T),
}

impl<T> Place<T> {
    /// What is there.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Place::Free => None,
            Place::Taken(value) => Some(value),
        }
    }

    /// What is there, to be changed.
    pub fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Place::Free => None,
            Place::Taken(value) => Some(value),
        }
    }
}

/// A place for one user at a time.
pub struct Owned<T> {
    busy: AtomicBool,
    place: UnsafeCell<Place<T>>,
}

// SAFETY: the place is used by whoever has set `busy`.
unsafe impl<T: Send> Sync for Owned<T> {}

impl<T> Owned<T> {
    /// An empty place that nobody uses.
    pub const fn new() -> Self {
        Self {
            busy: AtomicBool::new(false),
            place: UnsafeCell::new(Place::Free),
        }
    }

    /// Use it, unless somebody else does.
    pub fn try_with<R>(&self, action: impl FnOnce(&mut Place<T>) -> R) -> Option<R> {
        (!self.busy.swap(true, Acquire)).then(|| self.run(action))
    }

    /// The caller has set `busy`.
    fn run<R>(&self, action: impl FnOnce(&mut Place<T>) -> R) -> R {
        // SAFETY: the flag was clear, and is set until the end of this.
        let result = action(unsafe { &mut *self.place.get() });
        self.busy.store(false, Release);
        result
    }

    /// Use it when nobody else does.
    ///
    /// # Errors
    /// What `action` answers; [`Error::Unspecified`]: somebody did for `patience`
    /// nanoseconds.
    pub fn with<R>(
        &self,
        patience: u64,
        action: impl FnOnce(&mut Place<T>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        const A_WHILE: u64 = 1_000_000;
        let deadline = Xen::clock_monotonic() + patience;
        while self.busy.swap(true, Acquire) {
            let now = Xen::clock_monotonic();
            if now >= deadline {
                return Err(Error::Unspecified);
            }
            machine::pause(now + A_WHILE);
        }
        self.run(action)
    }
}

/// Put what `make` answers into the first empty one of `places`; answers its index, and
/// what `make` answers besides.
///
/// # Errors
/// [`Error::Invalid`]: something that `is_same` is there already;
/// [`Error::Unspecified`]: none is empty, or somebody uses one for `patience`
/// nanoseconds. Those of `make`.
pub fn occupy<T: 'static, R>(
    places: impl Iterator<Item = &'static Owned<T>> + Clone,
    patience: u64,
    is_same: impl Fn(&T) -> bool,
    make: impl Fn(usize) -> Result<(T, R), Error>,
) -> Result<(usize, R), Error> {
    for place in places.clone() {
        if place.with(patience, |place| Ok(place.as_ref().is_some_and(&is_same)))? {
            return Err(Error::Invalid);
        }
    }
    for (index, place) in places.enumerate() {
        let made = place.with(patience, |place| {
            if place.as_ref().is_some() {
                return Ok(None);
            }
            let (value, more) = make(index)?;
            *place = Place::Taken(value);
            Ok(Some((index, more)))
        })?;
        if let Some(made) = made {
            return Ok(made);
        }
    }
    Err(Error::Unspecified)
}
