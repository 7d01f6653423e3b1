//! Threads by the time at which they are to go on: a pairing heap (Fredman, Sedgewick, Sleator,
//! Tarjan 1986), whose links are members of the threads. Adding takes a constant number of
//! steps, taking out O(log n) on average over any sequence.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::Thread;
use super::link::Link;
use crate::platform::Nanoseconds;

/// The place of one thread among the others.
pub(super) struct Timer {
    deadline_ns: AtomicU64,
    child: Link,
    sibling: Link,
    /// The sibling before it, or for a first child its parent; none: the root, or not in.
    before: Link,
}

impl Timer {
    /// Nowhere.
    pub const fn new() -> Self {
        Self {
            deadline_ns: AtomicU64::new(0),
            child: Link::none(),
            sibling: Link::none(),
            before: Link::none(),
        }
    }

    fn deadline(&self) -> Nanoseconds {
        self.deadline_ns.load(Relaxed)
    }
}

/// All threads that have a deadline.
pub(super) struct Timers {
    root: Link,
}

impl Timers {
    /// None.
    pub const fn new() -> Self {
        Self { root: Link::none() }
    }

    /// The earliest deadline.
    pub fn first(&self) -> Option<Nanoseconds> {
        self.root.get().map(|thread| thread.timer.deadline())
    }

    /// Add a thread that is not in.
    pub fn add(&mut self, thread: &'static Thread, deadline_ns: Nanoseconds) {
        thread.timer.deadline_ns.store(deadline_ns, Relaxed);
        self.join(Some(thread));
    }

    /// Take out a thread whose deadline has come.
    pub fn pop(&mut self, now_ns: Nanoseconds) -> Option<&'static Thread> {
        let first = self.root.get()?;
        if first.timer.deadline() > now_ns {
            return None;
        }
        self.remove(first);
        Some(first)
    }

    /// Take out a thread that is in.
    pub fn remove(&mut self, thread: &'static Thread) {
        let (before, sibling) = (thread.timer.before.take(), thread.timer.sibling.take());
        if let Some(sibling) = sibling {
            sibling.timer.before.set(before);
        }
        match before {
            None => self.root.set(None),
            Some(before) if is(before.timer.child.get(), thread) => {
                before.timer.child.set(sibling);
            }
            Some(before) => before.timer.sibling.set(sibling),
        }
        self.join(merge_all(thread.timer.child.take()));
    }

    /// Add a tree.
    fn join(&mut self, tree: Option<&'static Thread>) {
        let root = match (self.root.get(), tree) {
            (Some(one), Some(other)) => Some(merge(one, other)),
            (one, other) => one.or(other),
        };
        self.root.set(root);
    }
}

fn is(one: Option<&'static Thread>, other: &'static Thread) -> bool {
    one.is_some_and(|one| core::ptr::eq(one, other))
}

/// One tree of two roots.
fn merge(one: &'static Thread, other: &'static Thread) -> &'static Thread {
    let (root, child) = if other.timer.deadline() < one.timer.deadline() {
        (other, one)
    } else {
        (one, other)
    };
    let next = root.timer.child.get();
    if let Some(next) = next {
        next.timer.before.set(Some(child));
    }
    child.timer.sibling.set(next);
    child.timer.before.set(Some(root));
    root.timer.child.set(Some(child));
    root
}

/// One tree of a list of siblings: in pairs from the first to the last, then those from the
/// last to the first.
fn merge_all(mut rest: Option<&'static Thread>) -> Option<&'static Thread> {
    let mut pairs = None;
    while let Some(one) = rest {
        one.timer.before.set(None);
        let other = one.timer.sibling.take();
        rest = other.and_then(|other| {
            other.timer.before.set(None);
            other.timer.sibling.take()
        });
        let pair = other.map_or(one, |other| merge(one, other));
        pair.timer.sibling.set(pairs);
        pairs = Some(pair);
    }
    let mut root = None;
    while let Some(pair) = pairs {
        pairs = pair.timer.sibling.take();
        root = Some(root.map_or(pair, |root| merge(root, pair)));
    }
    root
}
