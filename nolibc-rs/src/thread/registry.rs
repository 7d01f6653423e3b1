//! All threads by their numbers. A number is never given out again, so that of a thread that is
//! gone stands for none.

use core::sync::atomic::Ordering::Relaxed;

use super::{MAIN, Thread, scheduler};
use crate::errno::{Errno, Result};
use crate::sync::Lock;
use crate::vector::Vector;

/// Bits of a number that say where the thread stands in the list; the others count who stood
/// there before.
const PLACE_BITS: u32 = 24;
const MOST: usize = (1 << PLACE_BITS) - 2;
/// The number of the first thread, which is in no list.
pub const MAIN_ID: usize = 1;

#[derive(Clone, Copy)]
struct Entry {
    /// None: nobody stands here.
    thread: Option<&'static Thread>,
    /// The number of who stands here, or of who will.
    id: usize,
    /// Where nobody stands: the next such place.
    next_free: Option<usize>,
}

struct Registry {
    entries: Vector<Entry>,
    free: Option<usize>,
    live: usize,
}

static REGISTRY: Lock<Registry> = Lock::new(Registry {
    entries: Vector::new(),
    free: None,
    live: 0,
});

impl Registry {
    /// One more place, where nobody stands.
    fn grow(&mut self) -> Result<usize> {
        let place = self.entries.len();
        if place >= MOST {
            return Err(Errno::ENOMEM);
        }
        self.entries.push(Entry {
            thread: None,
            // The first thread stands before all others.
            id: place + 1 + MAIN_ID,
            next_free: None,
        })?;
        Ok(place)
    }
}

/// Take up a thread, which has no number yet.
///
/// # Errors
/// `ENOMEM`: no room for one more.
pub fn add(thread: &'static Thread) -> Result<()> {
    let mut registry = REGISTRY.lock();
    let place = match registry.free {
        Some(place) => place,
        None => registry.grow()?,
    };
    let registry = &mut *registry;
    if let Some(entry) = registry.entries.get_mut(place) {
        entry.thread = Some(thread);
        registry.free = entry.next_free;
        thread.id.store(entry.id, Relaxed);
    }
    registry.live += 1;
    scheduler::attend(scheduler::SEVERAL, true);
    Ok(())
}

/// Forget a thread.
pub fn remove(thread: &Thread) {
    let registry = &mut *REGISTRY.lock();
    let place = place(thread.id.load(Relaxed));
    if let Some(entry) = place.and_then(|place| registry.entries.get_mut(place)) {
        entry.thread = None;
        entry.id = entry.id.wrapping_add(1 << PLACE_BITS);
        entry.next_free = registry.free;
        registry.free = place;
        registry.live -= 1;
    }
    if registry.live == 0 {
        scheduler::attend(scheduler::SEVERAL, false);
    }
}

fn place(id: usize) -> Option<usize> {
    (id & ((1 << PLACE_BITS) - 1)).checked_sub(1 + MAIN_ID)
}

/// Do something with the thread that has this number: it stays until that is done. It may not
/// forget a thread, nor wait.
///
/// # Errors
/// `ESRCH`: there is none.
pub fn with_id<T>(id: usize, action: impl FnOnce(&'static Thread) -> T) -> Result<T> {
    let registry = REGISTRY.lock();
    let entry = place(id).and_then(|place| registry.entries.get(place));
    let entry = entry.filter(|entry| entry.id == id);
    let thread = if id == MAIN_ID && !MAIN.is_gone() {
        Some(&MAIN)
    } else {
        entry.and_then(|entry| entry.thread)
    };
    thread.map(action).ok_or(Errno::ESRCH)
}

/// [`with_id`] for the lowest bits of a number, those that say where the thread stands and more.
///
/// # Errors
/// As [`with_id`].
pub fn with_low_bits<T>(
    low: usize,
    bits: u32,
    action: impl FnOnce(&'static Thread) -> T,
) -> Result<T> {
    let registry = REGISTRY.lock();
    let same = |id: usize| id & ((1 << bits) - 1) == low;
    let entry = place(low).and_then(|place| registry.entries.get(place));
    let thread = match entry.filter(|entry| same(entry.id)) {
        Some(entry) => entry.thread,
        None => (low == MAIN_ID && !MAIN.is_gone()).then_some(&MAIN),
    };
    thread.map(action).ok_or(Errno::ESRCH)
}

/// Whether there never was a thread but the first one.
pub fn is_new() -> bool {
    REGISTRY.lock().entries.is_empty()
}

/// The first thread, the earliest taken up first, for which `good` holds.
pub fn find(mut good: impl FnMut(&'static Thread) -> bool) -> Option<&'static Thread> {
    if !MAIN.is_gone() && good(&MAIN) {
        return Some(&MAIN);
    }
    let registry = REGISTRY.lock();
    let mut threads = registry.entries.iter().filter_map(|entry| entry.thread);
    threads.find(|thread| good(thread))
}
