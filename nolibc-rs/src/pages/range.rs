//! Ranges of memory, and how they are taken over.

use super::{GRAIN_BYTES, MORE_RANGES, MOST_BYTES, PAGE_BYTES, Pages, UNIT_BYTES, Unit};

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

impl Pages {
    /// Take over memory, owning none yet: the first range, where the table goes, and those of the
    /// others that are worth the table of what lies between. What does not make a whole page
    /// at either end of a range is left alone; memory too small for
    /// its table is no memory.
    ///
    /// `zeroed`: all of it is known to hold zeros.
    ///
    /// # Safety
    /// The ranges are memory that nothing else uses from now on, and do not overlap.
    pub unsafe fn take_over(&mut self, ranges: &[Range], zeroed: bool) {
        let mut whole = ranges.iter().map(Range::whole_pages);
        let Some(main) = whole.next() else { return };
        let (mut low, mut high) = (main.start, main.end());
        let mut kept = 0;
        for mut range in whole {
            // No block may end where the table starts: where a block ends is read from the entry of the unit
            // behind it, and those of the table's own units do not say it.
            if range.len_bytes > 0 && range.end() == main.start {
                range.len_bytes -= PAGE_BYTES;
            }
            let (new_low, new_high) = (low.min(range.start), high.max(range.end()));
            let longer = (new_high - new_low) - (high - low);
            let between = longer.saturating_sub(range.len_bytes);
            let worth_it = between / (UNIT_BYTES / size_of::<Unit>()) < range.len_bytes / 2;
            let fits = new_high - new_low <= MOST_BYTES;
            if let Some(place) = self.others.get_mut(kept).filter(|_| worth_it && fits) {
                *place = range;
                kept += 1;
                (low, high) = (new_low, new_high);
            }
        }
        let units = (high - low) / UNIT_BYTES;
        // One more, which says that there is nothing.
        let table_bytes = (units + 1) * size_of::<Unit>();
        if table_bytes + PAGE_BYTES > main.len_bytes {
            self.others = [Range::EMPTY; MORE_RANGES];
            return;
        }
        self.main = main;
        self.base = core::ptr::with_exposed_provenance_mut(low);
        self.table = core::ptr::with_exposed_provenance_mut(main.start);
        self.units = units;
        self.grains = units * (UNIT_BYTES / GRAIN_BYTES);
        if !zeroed {
            // SAFETY: the table lies in the range that the caller hands over.
            unsafe { self.table.cast::<u8>().write_bytes(0, table_bytes) };
        }
        self.fresh = if zeroed { 0 } else { high - low };
        // SAFETY: the last entry of the table.
        unsafe { self.table.add(units).write(Unit::INSIDE) };
        self.give(main.start, main.len_bytes, table_bytes.div_ceil(UNIT_BYTES));
        for range in self.others {
            self.give(range.start, range.len_bytes, 0);
        }
        self.least_free_bytes = self.free_bytes;
        let owned_bytes = self.owned_units as usize * UNIT_BYTES;
        (self.half_bytes, self.few_bytes) = (owned_bytes / 2, owned_bytes / 12);
    }

    /// Make a range free but for its first units, and never unit 0.
    fn give(&mut self, start: usize, len_bytes: usize, fixed: usize) {
        if len_bytes == 0 {
            return;
        }
        let first = ((start - self.base.addr()) / UNIT_BYTES) as u32;
        let len = (len_bytes / UNIT_BYTES) as u32;
        let fixed = (fixed as u32).max(u32::from(first == 0)).min(len);
        for unit in first..first + fixed {
            self.set_entry(unit as usize, Unit::FIXED);
        }
        self.fixed_units += fixed;
        self.owned_units += len;
        if len > fixed {
            self.release(first + fixed, len - fixed);
        }
    }
}
