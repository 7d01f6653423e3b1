//! Free runs, by length: lists for classes of lengths, and which of them have any.
//!
//! Up to 8 KiB each length is a class of its own, so that the first run of a class fits best. From there
//! on there are 32 classes for each power of two (M. Masmano et al., "TLSF: a new dynamic memory
//! allocator for real-time systems", 2004). What is known about a free run lies in its first bytes.

use super::{GRAIN_BYTES, MOST_BYTES, Unit};

/// The start of a free run.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct FreeRun {
    /// First, so that whatever writes into it from the memory before changes it.
    pub(super) len_bytes: usize,
    pub(super) next: *mut FreeRun,
    pub(super) before: Before,
}

/// What is before a free run in its list: another, or for the first one the list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Before(*mut FreeRun);

impl Before {
    /// The list of a class.
    #[inline(always)]
    pub(super) const fn list(class: usize) -> Self {
        Self(core::ptr::without_provenance_mut(2 * class + 1))
    }

    /// A run.
    #[inline(always)]
    pub(super) const fn run(run: *mut FreeRun) -> Self {
        Self(run)
    }

    /// The class if it is a list, else the run.
    #[inline(always)]
    pub(super) fn get(self) -> Result<usize, *mut FreeRun> {
        match self.0.addr() & 1 {
            0 => Err(self.0),
            _ => Ok(self.0.addr() / 2),
        }
    }
}

impl FreeRun {
    /// What is left in memory that is known to hold zeros.
    pub(super) const CLEAR: Self = Self {
        len_bytes: 0,
        next: core::ptr::null_mut(),
        before: Before(core::ptr::null_mut()),
    };
}

/// From this length on a class is of several lengths.
pub(super) const COARSE_BYTES: usize = 8 << 10;
const _: () = assert!(COARSE_BYTES <= Unit::SHORT_FREE_BYTES);
/// The first class of several lengths; all runs of a class before it are equally long.
pub(super) const COARSE: usize = COARSE_BYTES / GRAIN_BYTES;
const SLOT_BITS: u32 = 5;
const WORDS: usize = 21;
/// How many classes there are.
pub(super) const CLASSES: usize = WORDS * u64::BITS as usize;
const _: () = assert!(class_of(MOST_BYTES) < CLASSES);

/// The class of runs of `len_bytes`, a unit at least. Longer runs have no smaller class.
#[inline(always)]
pub(super) const fn class_of(len_bytes: usize) -> usize {
    if len_bytes < COARSE_BYTES {
        return len_bytes / GRAIN_BYTES;
    }
    const SHORTEST: usize = COARSE_BYTES.leading_zeros() as usize;
    let zeros = len_bytes.leading_zeros();
    // The highest bit of what is left is the one that counts classes of the next power of two.
    let slots = (len_bytes << zeros) >> (usize::BITS - 1 - SLOT_BITS);
    (slots + COARSE + ((SHORTEST - 1) << SLOT_BITS)).wrapping_sub((zeros as usize) << SLOT_BITS)
}

/// The first class in which every run has `len_bytes` at least.
#[inline(always)]
pub(super) const fn class_above(len_bytes: usize) -> usize {
    class_of(len_bytes - 1).wrapping_add(1)
}

/// A class that is none is the last one, where the compiler cannot see that there is none such.
#[inline(always)]
const fn in_range(class: usize) -> usize {
    if class < CLASSES { class } else { CLASSES - 1 }
}

/// The heads of the lists.
pub(super) struct Lists {
    summary: u32,
    words: [u64; WORDS],
    heads: [*mut FreeRun; CLASSES],
}

impl Lists {
    pub(super) const EMPTY: Self = Self {
        summary: 0,
        words: [0; WORDS],
        heads: [core::ptr::null_mut(); CLASSES],
    };

    /// The first run of a class.
    #[inline(always)]
    pub(super) fn head(&self, class: usize) -> *mut FreeRun {
        self.heads[in_range(class)]
    }

    /// Make a run the first of a class; answers which one was.
    #[inline(always)]
    pub(super) fn push(&mut self, class: usize, run: *mut FreeRun) -> *mut FreeRun {
        let class = in_range(class);
        let first = core::mem::replace(&mut self.heads[class], run);
        if first.is_null() {
            self.words[class / 64] |= 1 << (class % 64);
            self.summary |= 1 << (class / 64);
        }
        first
    }

    /// Put a run into the place of the first of a class.
    #[inline(always)]
    pub(super) fn replace_head(&mut self, class: usize, run: *mut FreeRun) {
        self.heads[in_range(class)] = run;
    }

    /// Say that a class starts with the run that was the second.
    #[inline(always)]
    pub(super) fn set_head(&mut self, class: usize, run: *mut FreeRun) {
        let class = in_range(class);
        self.heads[class] = run;
        if run.is_null() {
            let word = &mut self.words[class / 64];
            *word &= !(1 << (class % 64));
            if *word == 0 {
                self.summary &= !(1 << (class / 64));
            }
        }
    }

    /// The first class at or after `from` that has a run.
    #[inline(always)]
    pub(super) fn next_class(&self, from: usize) -> Option<usize> {
        let at = from / 64;
        if at >= WORDS {
            return None;
        }
        let rest = self.words[at] & (u64::MAX << (from % 64));
        if rest != 0 {
            return Some(at * 64 + rest.trailing_zeros() as usize);
        }
        let words = self.summary & (u32::MAX << at << 1);
        if words == 0 {
            return None;
        }
        let at = (words.trailing_zeros() as usize).min(WORDS - 1);
        Some(at * 64 + self.words[at].trailing_zeros() as usize)
    }

    /// The last class that has a run.
    pub(super) fn last_class(&self) -> Option<usize> {
        let at = (self.summary.checked_ilog2()? as usize).min(WORDS - 1);
        Some(at * 64 + self.words[at].checked_ilog2()? as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_grow_with_lengths() {
        let mut last = class_of(512 - 16);
        for len in (512..1 << 20).step_by(16) {
            let class = class_of(len);
            let same = class == last && class >= COARSE;
            assert!(same || class == last + 1, "{len}");
            last = class;
            let above = class_above(len);
            assert!(class_of(len.next_multiple_of(16)) <= above);
            assert!(above == class || class_of(len - 16) == class, "{len}");
        }
    }
}
