//! Entries on their way into the tables: side by side as far as that goes.

use core::mem::MaybeUninit;

use super::entry::{PAGE, PRESENT};
use super::{Paging, Tables};

/// The most entries stored at once.
const BATCH: usize = 128;

/// Entries that are to be stored side by side.
pub(super) struct Batch {
    at: u64,
    entries: [MaybeUninit<u64>; BATCH],
    /// How many of them there are.
    len: usize,
    /// An entry was present that has changed, and a processor may remember it.
    is_stale: bool,
}

impl Batch {
    pub(super) const fn new() -> Self {
        Self {
            at: 0,
            entries: [MaybeUninit::uninit(); BATCH],
            len: 0,
            is_stale: false,
        }
    }
}

impl<T: Tables> Paging<T> {
    /// Store `new` at `at`, where `old` is, some time before the call ends.
    pub(super) fn put(&mut self, batch: &mut Batch, at: u64, old: u64, new: u64) {
        batch.is_stale |= old & PRESENT != 0 && old != new;
        let is_next = at == batch.at + batch.len as u64 * 8 && !at.is_multiple_of(PAGE);
        if !is_next || batch.len == BATCH {
            self.store(batch, false);
            batch.at = at;
        }
        if let Some(place) = batch.entries.get_mut(batch.len) {
            place.write(new);
            batch.len += 1;
        }
    }

    /// Store what was put.
    pub(super) fn store(&mut self, batch: &mut Batch, forget: bool) {
        if batch.len != 0 {
            // SAFETY: the first `len` were written by `put`, which stops at BATCH.
            let entries =
                unsafe { core::slice::from_raw_parts(batch.entries.as_ptr().cast(), batch.len) };
            self.write(batch.at, entries, forget);
            batch.len = 0;
        }
    }

    /// Store what was put, and leave nothing stale.
    pub(super) fn settle(&mut self, batch: &mut Batch) {
        self.store(batch, batch.is_stale);
        batch.is_stale = false;
    }
}
