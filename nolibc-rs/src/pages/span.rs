//! How many units a block covers.
//!
//! The count is that of the units from the one after the block's first to the last that it covers to
//! the end. It stands in the entry of the first of these. Where it is [`LONG`] or more, that entry is
//! [`LONG`], and the next ones have the count's digits of base 64, the lowest first. What other units inside
//! a block say means nothing.

use super::{Pages, UNIT_BYTES, Unit};

/// From here on a count takes several entries.
const LONG: usize = Unit::LAST_DIGIT;
const DIGITS: usize = 5;
const BITS: u32 = 6;
/// Unlike a digit that is zero this is no other entry.
const LEAST: usize = LONG - (1 << BITS) + 1;
/// A count is less than this.
pub(super) const MOST_UNITS: usize = 1 << (DIGITS as u32 * BITS);

impl Pages {
    /// Say in the table that a block covers the units between `unit` and `after`.
    #[inline(always)]
    pub(super) fn set_span(&mut self, unit: usize, after: usize) {
        let inside = after - unit - 1;
        if inside == 0 {
            return;
        }
        if inside >= LONG {
            return self.set_long(unit, inside);
        }
        self.set_entry(unit + 1, Unit::digit(inside));
    }

    #[inline(never)]
    fn set_long(&mut self, unit: usize, mut inside: usize) {
        self.set_entry(unit + 1, Unit::digit(LONG));
        for at in 0..DIGITS {
            self.set_entry(unit + 2 + at, Unit::digit(inside | LEAST));
            inside >>= BITS;
        }
    }

    /// Where the run starts that is behind the block that starts at `start`, by the table.
    #[inline(always)]
    pub(super) fn end_in_table(&self, start: usize) -> usize {
        let after = self.after(start / UNIT_BYTES);
        after * UNIT_BYTES + self.entry(after).offset_bytes()
    }

    /// The unit in which the run starts that is behind the block in `unit`.
    #[inline(always)]
    pub(super) fn after(&self, unit: usize) -> usize {
        match self.entry(unit + 1).as_digit() {
            None => unit + 1,
            Some(LONG) => self.after_long(unit),
            Some(inside) => unit + 1 + inside,
        }
    }

    #[cold]
    #[inline(never)]
    fn after_long(&self, unit: usize) -> usize {
        let digits = (0..DIGITS).rev();
        let inside = digits.fold(0, |count, at| {
            let digit = self.entry(unit + 2 + at).as_digit().unwrap_or(0);
            count << BITS | digit.wrapping_sub(LEAST) & (LONG - LEAST)
        });
        (unit + 1 + inside).min(self.units)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pages, Range, UNIT_BYTES};
    use super::LONG;

    #[test]
    fn any_length_is_found_again() {
        let mut memory = vec![0u8; 1 << 20];
        let range = Range {
            start: memory.as_mut_ptr().expose_provenance(),
            len_bytes: memory.len(),
        };
        let mut pages = Pages::empty();
        // SAFETY: the vector is not touched while the pages live.
        unsafe { pages.take_over(&[range], true) };
        let (free_bytes, runs) = (pages.free_bytes(), pages.free_runs());
        for units in [1, 2, 3, LONG - 1, LONG, LONG + 1, LONG + 2, 3 * LONG, 1500] {
            for more in [0, 16, 496] {
                let len_bytes = units * UNIT_BYTES + more;
                let one = pages.take_block(len_bytes, 16).unwrap();
                let other = pages.take_block(UNIT_BYTES, 16).unwrap();
                assert_eq!(pages.block_bytes(one.start), one.len_bytes);
                pages.release_block(one.start);
                let again = pages.take_block(len_bytes, 16).unwrap();
                assert_eq!(pages.block_bytes(again.start), again.len_bytes);
                pages.release_block(again.start);
                pages.release_block(other.start);
                assert_eq!((pages.free_bytes(), pages.free_runs()), (free_bytes, runs));
            }
        }
    }
}
