//! Threads in a row: intrusive lists, whose links are members of the threads.
//!
//! Links and lists are touched only by who holds the scheduler's lock.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::Thread;

/// A thread, or none.
#[repr(transparent)]
pub(super) struct Link(AtomicPtr<Thread>);

impl Link {
    /// No thread.
    pub const fn none() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    /// The thread.
    #[inline(always)]
    pub fn get(&self) -> Option<&'static Thread> {
        // SAFETY: only `set` stores here, and a thread is in no list when its memory is
        // given back.
        unsafe { self.0.load(Relaxed).as_ref() }
    }

    /// Another thread, or none.
    #[inline(always)]
    pub fn set(&self, thread: Option<&'static Thread>) {
        let thread = thread.map_or(null_mut(), |thread| core::ptr::from_ref(thread).cast_mut());
        self.0.store(thread, Relaxed);
    }

    /// The thread, and none from now on.
    #[inline(always)]
    pub fn take(&self) -> Option<&'static Thread> {
        let thread = self.get();
        self.set(None);
        thread
    }
}

/// The places of one thread in the list it is in.
pub(super) struct Places {
    next: Link,
    previous: Link,
}

impl Places {
    /// In no list.
    pub const fn new() -> Self {
        Self {
            next: Link::none(),
            previous: Link::none(),
        }
    }
}

/// Threads, first in, first out. All zeros is an empty list.
#[repr(C)]
pub struct Queue {
    first: Link,
    last: Link,
}

const _: () = assert!(size_of::<Queue>() == 16);

impl Queue {
    /// Nobody.
    pub const fn new() -> Self {
        Self {
            first: Link::none(),
            last: Link::none(),
        }
    }

    /// Whether nobody is in it.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.first.get().is_none()
    }

    /// Who has been in it longest.
    pub(super) fn first(&self) -> Option<&'static Thread> {
        self.first.get()
    }

    /// Put a thread that is in no list at the end.
    pub(super) fn push(&self, thread: &'static Thread) {
        let last = self.last.get();
        thread.places.next.set(None);
        thread.places.previous.set(last);
        last.map_or(&self.first, |last| &last.places.next)
            .set(Some(thread));
        self.last.set(Some(thread));
    }

    /// Take out a thread that is in this list.
    pub(super) fn remove(&self, thread: &'static Thread) {
        let (next, previous) = (thread.places.next.take(), thread.places.previous.take());
        previous
            .map_or(&self.first, |previous| &previous.places.next)
            .set(next);
        next.map_or(&self.last, |next| &next.places.previous)
            .set(previous);
    }

    /// Who has been in it longest of those for whom `good` holds.
    #[inline(always)]
    pub(super) fn find(&self, good: impl Fn(&Thread) -> bool) -> Option<&'static Thread> {
        let mut next = self.first.get();
        while let Some(thread) = next {
            if good(thread) {
                break;
            }
            next = thread.places.next.get();
        }
        next
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self::new()
    }
}
