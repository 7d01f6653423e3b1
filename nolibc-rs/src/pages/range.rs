//! A range of memory that is handed over.

use super::{MOST_BYTES, PAGE_BYTES};

/// Memory from `start` on.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first address.
    pub start: usize,
    /// Its length.
    pub len_bytes: usize,
}

impl Range {
    /// No memory.
    pub const EMPTY: Self = Self {
        start: 0,
        len_bytes: 0,
    };

    pub(super) fn end(&self) -> usize {
        self.start + self.len_bytes
    }

    pub(super) fn whole_pages(&self) -> Self {
        let start = self
            .start
            .checked_next_multiple_of(PAGE_BYTES)
            .unwrap_or(usize::MAX);
        let end = self.start.saturating_add(self.len_bytes) / PAGE_BYTES * PAGE_BYTES;
        Self {
            start,
            len_bytes: end.saturating_sub(start).min(MOST_BYTES),
        }
    }
}
