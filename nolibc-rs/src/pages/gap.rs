//! Gaps: what is left of a free run behind a block, if that is too short for a run.
//!
//! While memory is plentiful it goes with the block. Else it is not used by anybody, and becomes part of a free
//! run with the first of the two blocks beside it that is given back. What is known about a gap
//! stands in its last bytes, and that there is one in the entry of the unit before the block behind it.

use super::{GRAIN_BYTES, Kind, Pages, UNIT_BYTES, Unit};

/// The end of a gap: where the block before it starts, counted from the first unit, and how many grains the gap
/// has, in one number; and the same with all bits the other way.
#[repr(C)]
#[derive(Clone, Copy)]
struct Gap {
    number: u64,
    check: u64,
}

const _: () = assert!(size_of::<Gap>() == GRAIN_BYTES);
/// From this bit on a number says how many grains, which are fewer than in a unit.
const LEN_BIT: u32 = 56;

impl Gap {
    const fn new(block: usize, len_bytes: usize) -> Self {
        let number = block as u64 | ((len_bytes / GRAIN_BYTES) as u64) << LEN_BIT;
        Self {
            number,
            check: !number,
        }
    }

    /// The block and the length.
    const fn get(self) -> (usize, usize) {
        let block = self.number & ((1 << LEN_BIT) - 1);
        (
            block as usize,
            (self.number >> LEN_BIT) as usize * GRAIN_BYTES,
        )
    }
}

impl Pages {
    /// Make the last bytes of a block that was just taken, up to `end`, a gap. False: they go with the block.
    #[inline(always)]
    pub(super) fn leave_gap(&mut self, block: usize, end: usize, len_bytes: usize) -> bool {
        if len_bytes == 0 || self.free_bytes >= self.half_bytes {
            return false;
        }
        self.set_gap(block, end, len_bytes)
    }

    #[inline(never)]
    fn set_gap(&mut self, block: usize, end: usize, len_bytes: usize) -> bool {
        let after = end / UNIT_BYTES;
        // The block's first two units say other things.
        if after - block / UNIT_BYTES < 3 || self.entry(after).kind() != Kind::Block {
            return false;
        }
        self.set_entry(after - 1, Unit::GAP);
        // SAFETY: the end of what was just taken.
        unsafe { self.gap(end).write(Gap::new(block, len_bytes)) };
        true
    }

    /// Have the gap before `end`, where a block is given back, no longer be one: how long it is.
    #[inline(never)]
    pub(super) fn take_gap(&mut self, end: usize) -> usize {
        let (block, len_bytes) = self.read_gap(end);
        self.set_span(block / UNIT_BYTES, (end - len_bytes) / UNIT_BYTES);
        len_bytes
    }

    /// Have the gap behind a block go with it, if so many bytes are enough for that. False: it is not there or shorter.
    pub(super) fn join_gap(&mut self, block: usize, more_bytes: usize) -> bool {
        let end = self.end_in_table(block);
        if self.gap_before(end) < more_bytes {
            return false;
        }
        self.clear_end(end);
        true
    }

    /// How long the gap is at the end of a block, before the run that starts at `end`.
    #[inline(always)]
    pub(super) fn gap_before(&self, end: usize) -> usize {
        if self.entry(end / UNIT_BYTES - 1) != Unit::GAP {
            return 0;
        }
        self.read_gap(end).1
    }

    /// The block before the gap that ends at `end`, and how long it is.
    #[inline(never)]
    fn read_gap(&self, end: usize) -> (usize, usize) {
        // SAFETY: the table says that there is one.
        let gap = unsafe { *self.gap(end) };
        let (block, len_bytes) = gap.get();
        let unit = block / UNIT_BYTES;
        let is_right = gap.check == !gap.number
            && len_bytes > 0
            && len_bytes < UNIT_BYTES
            && unit < self.units
            && self.entry(unit).is_block_at(block)
            && self.after(unit) == end / UNIT_BYTES;
        if !is_right {
            self.die(self.gap(end).cast());
        }
        (block, len_bytes)
    }

    #[inline(always)]
    fn gap(&self, end: usize) -> *mut Gap {
        self.at(end).cast::<Gap>().wrapping_sub(1)
    }
}
