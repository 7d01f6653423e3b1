//! Thread-specific values (POSIX.1-2024 `pthread_key_create`).
//!
//! A value is kept with the number that its key had then, which changes when a key is deleted:
//! so what belonged to an old key is nobody's, and nothing need be cleared.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::current;
use crate::errno::{Errno, Result};
use crate::heap;
use crate::sync::Lock;

/// `PTHREAD_KEYS_MAX`
pub const MOST: usize = 128;
/// `PTHREAD_DESTRUCTOR_ITERATIONS`
const ROUNDS: usize = 4;
/// So many values have room in the thread; a block of the heap has room for the others.
const NEAR: usize = 8;

/// What is called with the value of a thread that ends.
pub type Destructor = unsafe extern "C" fn(*mut c_void);

/// How often each key was made and deleted: odd, it exists.
static NUMBERS: [AtomicU32; MOST] = [const { AtomicU32::new(0) }; MOST];
static DESTRUCTORS: Lock<[Option<Destructor>; MOST]> = Lock::new([None; MOST]);

/// One value, of the key that had this number.
struct Slot {
    number: Cell<u32>,
    value: Cell<*mut c_void>,
}

impl Slot {
    const fn new() -> Self {
        Self {
            number: Cell::new(0),
            value: Cell::new(null_mut()),
        }
    }
}

/// The values of a thread, which alone touches them.
pub(super) struct Values {
    near: [Slot; NEAR],
    far: Cell<*mut [Slot; MOST - NEAR]>,
}

impl Values {
    /// Null for all keys.
    pub const fn new() -> Self {
        Self {
            near: [const { Slot::new() }; NEAR],
            far: Cell::new(null_mut()),
        }
    }

    #[inline(always)]
    fn slot(&self, key: usize) -> Option<&Slot> {
        match self.near.get(key) {
            Some(slot) => Some(slot),
            // SAFETY: null, or a block that `make_far` made and the thread's end gives back.
            None => unsafe { self.far.get().as_ref() }?.get(key - NEAR),
        }
    }

    #[cold]
    fn make_far(&self) -> Result<()> {
        let block = heap::alloc_zeroed(size_of::<[Slot; MOST - NEAR]>(), align_of::<Slot>())?;
        self.far.set(block.as_ptr().cast());
        Ok(())
    }

    fn free_far(&self) {
        if let Some(block) = core::ptr::NonNull::new(self.far.replace(null_mut())) {
            // SAFETY: `make_far` made it, and now nobody knows it.
            unsafe { heap::free(block.cast()) };
        }
    }
}

/// A new key; its value is null in every thread.
///
/// # Errors
/// `EAGAIN`: all keys are taken.
pub fn create(destructor: Option<Destructor>) -> Result<u32> {
    let mut destructors = DESTRUCTORS.lock();
    let free = |number: &AtomicU32| number.load(Relaxed).is_multiple_of(2);
    let key = NUMBERS.iter().position(free).ok_or(Errno::EAGAIN)?;
    if let (Some(place), Some(number)) = (destructors.get_mut(key), NUMBERS.get(key)) {
        *place = destructor;
        number.store(number.load(Relaxed).wrapping_add(1), Relaxed);
    }
    Ok(key as u32)
}

/// The number of a key that exists.
#[inline(always)]
fn number(key: u32) -> Result<u32> {
    let number = NUMBERS
        .get(key as usize)
        .map_or(0, |number| number.load(Relaxed));
    if number.is_multiple_of(2) {
        Err(Errno::EINVAL)
    } else {
        Ok(number)
    }
}

/// Let a key go; destructors are not called.
///
/// # Errors
/// `EINVAL`: there is no such key.
pub fn delete(key: u32) -> Result<()> {
    let _destructors = DESTRUCTORS.lock();
    let next = number(key)?.wrapping_add(1);
    if let Some(number) = NUMBERS.get(key as usize) {
        number.store(next, Relaxed);
    }
    Ok(())
}

/// The calling thread's value, null for a key that does not exist.
pub fn get(key: u32) -> *mut c_void {
    let Ok(number) = number(key) else {
        return null_mut();
    };
    match current().values.slot(key as usize) {
        Some(slot) if slot.number.get() == number => slot.value.get(),
        _ => null_mut(),
    }
}

/// Set the calling thread's value.
///
/// # Errors
/// `EINVAL`: there is no such key. `ENOMEM`: no room for the value.
pub fn set(key: u32, value: *mut c_void) -> Result<()> {
    let number = number(key)?;
    let values = &current().values;
    if key as usize >= NEAR && values.far.get().is_null() {
        if value.is_null() {
            return Ok(());
        }
        values.make_far()?;
    }
    if let Some(slot) = values.slot(key as usize) {
        slot.number.set(number);
        slot.value.set(value);
    }
    Ok(())
}

/// Call the destructors of the calling thread, which ends, for values that are not null.
pub fn run_destructors() {
    for _ in 0..ROUNDS {
        let mut any = false;
        for key in 0..MOST as u32 {
            let destructors = DESTRUCTORS.lock();
            let value = get(key);
            let destructor = destructors.get(key as usize).copied().flatten();
            drop(destructors);
            let (false, Some(destructor)) = (value.is_null(), destructor) else {
                continue;
            };
            // It exists: it has a value.
            let _ = set(key, null_mut());
            any = true;
            // SAFETY: who made the key vouched for it.
            unsafe { destructor(value) };
        }
        if !any {
            break;
        }
    }
    current().values.free_far();
}
