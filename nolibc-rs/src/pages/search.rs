//! Which free run a request is taken from.

use super::{LEVELS, NONE, PAGE_UNITS, Pages, SLOTS, UNIT_BYTES, class_above, class_of};

/// How many runs of one length class are looked at for one that fits well.
const GOOD_ENOUGH: u32 = 8;
/// The same before a request is refused.
const LAST_RESORT: u32 = 96;
/// From this length on the place of a run matters more than its length.
const LONG: u32 = PAGE_UNITS + 1;
/// For such runs: how many classes are looked at from the first that has one that fits,
const LONG_CLASSES: usize = 5;
/// how many runs of each,
const LONG_DEPTH: u32 = 8;
/// and how many in all before the search ends.
const LONG_PROBES: u32 = 64;

impl Pages {
    /// A free run, and the unit in it where `len` aligned units start.
    pub(super) fn find(&self, len: u32, align_bytes: usize) -> Option<(u32, u32)> {
        let slack = (align_bytes.max(UNIT_BYTES) / UNIT_BYTES - 1).min(self.units as usize) as u32;
        let floor = class_of(len);
        let sure = class_above(len.saturating_add(slack).min(self.units));
        let low = (len >= LONG).then(|| self.lowest(floor, len, align_bytes));
        low.flatten()
            .or_else(|| self.search(floor, sure, GOOD_ENOUGH, len, align_bytes))
            .or_else(|| self.search(sure, (LEVELS, 0), 1, len, align_bytes))
            .or_else(|| self.search(floor, (LEVELS, 0), LAST_RESORT, len, align_bytes))
    }

    /// Of a few runs that fit about equally well, the one at the lowest address.
    ///
    /// That leaves the long runs at high addresses whole, as address-ordered first fit does,
    /// and wastes little more than best fit (P. R. Wilson et al., "Dynamic storage
    /// allocation: a survey and critical review", 1995).
    fn lowest(&self, from: (usize, usize), len: u32, align_bytes: usize) -> Option<(u32, u32)> {
        let mut class = self.next_class(from)?;
        let mut lowest: Option<(u32, u32)> = None;
        let mut end = LEVELS * SLOTS;
        let mut probes = LONG_PROBES;
        while class.0 * SLOTS + class.1 < end && probes >= LONG_DEPTH {
            let mut run = self.head(class);
            for _ in 0..LONG_DEPTH {
                if run == NONE {
                    break;
                }
                probes -= 1;
                if let Some(start) = self.fit(run, len, align_bytes)
                    && lowest.is_none_or(|(_, low)| start < low)
                {
                    lowest = Some((run, start));
                }
                run = self.links(run).next;
            }
            if lowest.is_some() {
                end = end.min(class.0 * SLOTS + class.1 + LONG_CLASSES);
            }
            match self.next_class((class.0, class.1 + 1)) {
                Some(next) => class = next,
                None => break,
            }
        }
        lowest
    }

    /// The first run that fits among the first `depth` of each class in `from..to`.
    fn search(
        &self,
        from: (usize, usize),
        to: (usize, usize),
        depth: u32,
        len: u32,
        align_bytes: usize,
    ) -> Option<(u32, u32)> {
        let mut class = self.next_class(from)?;
        while class < to {
            let mut run = self.head(class);
            for _ in 0..depth {
                if run == NONE {
                    break;
                }
                if let Some(start) = self.fit(run, len, align_bytes) {
                    return Some((run, start));
                }
                run = self.links(run).next;
            }
            class = self.next_class((class.0, class.1 + 1))?;
        }
        None
    }

    /// The first class at or after `from` that has a run.
    fn next_class(&self, from: (usize, usize)) -> Option<(usize, usize)> {
        let (level, slot) = from;
        if let Some(slots) = self.slots.get(level) {
            let rest = u32::from(*slots) & (u32::MAX << slot);
            if rest != 0 {
                return Some((level, rest.trailing_zeros() as usize));
            }
        }
        let rest = self.levels & u32::MAX.checked_shl(level as u32 + 1).unwrap_or(0);
        let level = rest.trailing_zeros() as usize;
        let slots = self.slots.get(level)?;
        Some((level, slots.trailing_zeros() as usize))
    }

    fn fit(&self, run: u32, len: u32, align_bytes: usize) -> Option<u32> {
        let address = self.address(run).addr();
        let offset = address.checked_next_multiple_of(align_bytes)? - address;
        let skip = u32::try_from(offset.div_ceil(UNIT_BYTES)).ok()?;
        let run_len = self.get(run).number();
        (skip.checked_add(len)? <= run_len).then_some(run + skip)
    }
}
