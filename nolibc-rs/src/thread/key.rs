//! Thread-specific values (POSIX.1-2024 `pthread_key_create`).

use core::ffi::c_void;
use core::ptr::null_mut;

use crate::errno::{Errno, Result};
use crate::sync::Lock;

/// `PTHREAD_KEYS_MAX`
pub const MOST: usize = 128;
/// `PTHREAD_DESTRUCTOR_ITERATIONS`
const ROUNDS: usize = 4;

/// What is called with the value of a thread that ends.
pub type Destructor = unsafe extern "C" fn(*mut c_void);

#[derive(Clone, Copy)]
struct Key {
    used: bool,
    destructor: Option<Destructor>,
    /// The value of the one thread.
    value: *mut c_void,
}

struct Keys([Key; MOST]);

// SAFETY: the values belong to the program, which is told to share nothing it may not.
unsafe impl Send for Keys {}

const UNUSED: Key = Key {
    used: false,
    destructor: None,
    value: null_mut(),
};

static KEYS: Lock<Keys> = Lock::new(Keys([UNUSED; MOST]));

/// A new key; its value is null in every thread.
///
/// # Errors
/// `EAGAIN`: all keys are taken.
pub fn create(destructor: Option<Destructor>) -> Result<u32> {
    let keys = &mut KEYS.lock().0;
    let free = keys.iter_mut().enumerate().find(|(_, key)| !key.used);
    let (index, key) = free.ok_or(Errno::EAGAIN)?;
    *key = Key {
        used: true,
        destructor,
        value: null_mut(),
    };
    Ok(index as u32)
}

/// Let a key go; destructors are not called.
///
/// # Errors
/// `EINVAL`: there is no such key.
pub fn delete(key: u32) -> Result<()> {
    with(key, |key| *key = UNUSED)
}

/// The calling thread's value, null for a key that does not exist.
pub fn get(key: u32) -> *mut c_void {
    with(key, |key| key.value).unwrap_or(null_mut())
}

/// Set the calling thread's value.
///
/// # Errors
/// `EINVAL`: there is no such key.
pub fn set(key: u32, value: *mut c_void) -> Result<()> {
    with(key, |key| key.value = value)
}

fn with<T>(key: u32, work: impl FnOnce(&mut Key) -> T) -> Result<T> {
    let keys = &mut KEYS.lock().0;
    let key = keys.get_mut(key as usize).filter(|key| key.used);
    key.map(work).ok_or(Errno::EINVAL)
}

/// Call the destructors of a thread that ends, for values that are not null.
pub fn run_destructors() {
    for _ in 0..ROUNDS {
        let mut any = false;
        for index in 0..MOST as u32 {
            let take = |key: &mut Key| {
                let destructor = key.destructor?;
                Some((destructor, core::mem::replace(&mut key.value, null_mut())))
            };
            let Ok(Some((destructor, value))) = with(index, take) else {
                continue;
            };
            if !value.is_null() {
                any = true;
                // SAFETY: who made the key vouched for it.
                unsafe { destructor(value) };
            }
        }
        if !any {
            return;
        }
    }
}
