//! Where something may be, and who uses it.

use core::cell::UnsafeCell;

use solo5_sys::Machine;
use solo5_sys::machine::Error;

use crate::event;
use crate::halt::Round;
use crate::machine::Xen;
use crate::turn::Turn;

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
    turn: Turn,
    place: UnsafeCell<Place<T>>,
}

// SAFETY: the place is used by whoever has the turn.
unsafe impl<T: Send> Sync for Owned<T> {}

impl<T> Owned<T> {
    /// An empty place that nobody uses.
    pub const fn new() -> Self {
        Self {
            turn: Turn::new(),
            place: UnsafeCell::new(Place::Free),
        }
    }

    /// Use it, unless somebody else does: then the first CPU's halt ends when he is
    /// through.
    pub fn try_with<R>(&self, action: impl FnOnce(&mut Place<T>) -> R) -> Option<R> {
        self.turn.ask().then(|| self.run(action))
    }

    /// The caller has the turn.
    fn run<R>(&self, action: impl FnOnce(&mut Place<T>) -> R) -> R {
        // SAFETY: it is the caller's until the end of this.
        let result = action(unsafe { &mut *self.place.get() });
        if self.turn.give_back() {
            event::look_again();
        }
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
        if !take(&self.turn, patience) {
            return Err(Error::Unspecified);
        }
        self.run(action)
    }
}

/// Take a turn once it is nobody's; false: it was somebody's for `patience` nanoseconds.
pub fn take(turn: &Turn, patience: u64) -> bool {
    const A_WHILE: u64 = 1_000_000;
    let deadline = Xen::clock_monotonic() + patience;
    loop {
        let round = Round::begin();
        if turn.take() {
            return true;
        }
        let now = Xen::clock_monotonic();
        if now >= deadline {
            return false;
        }
        round.pause(now + A_WHILE);
    }
}

/// Put what `make` answers for its index into the first empty one of `places`; answers what
/// `make` answers besides.
///
/// # Errors
/// [`Error::Invalid`]: something that `is_same` is there already;
/// [`Error::Unspecified`]: none is empty, or somebody uses one for
/// 30 s. Those of `make`.
pub fn occupy<T: 'static, R>(
    places: impl Iterator<Item = &'static Owned<T>>,
    is_same: impl Fn(&T) -> bool,
    make: impl Fn(usize) -> Result<(T, R), Error>,
) -> Result<R, Error> {
    const PATIENCE: u64 = 30_000_000_000;
    // What is in a place stays there: nobody is behind an empty one.
    for (index, place) in places.enumerate() {
        let made = place.with(PATIENCE, |place| {
            match place.as_ref() {
                Some(value) if is_same(value) => return Err(Error::Invalid),
                Some(_) => return Ok(None),
                None => {}
            }
            let (value, more) = make(index)?;
            *place = Place::Taken(value);
            Ok(Some(more))
        })?;
        if let Some(made) = made {
            return Ok(made);
        }
    }
    Err(Error::Unspecified)
}
