//! The sizes of blocks that lie in slabs.

use super::MIN_ALIGN;
use super::slab::{MOST_BLOCKS, Slab};
use crate::pages::UNIT_BYTES;

/// How many sizes there are.
pub(super) const CLASSES: usize = 24;
/// The longest block in a slab.
pub const LARGEST: usize = 512;

/// What is the same for all slabs of a class.
#[derive(Clone, Copy)]
pub(super) struct Class {
    block_bytes: u16,
    /// The lengths of the first slab and of the longest.
    first_units: u8,
    most_units: u8,
    /// 2^32 / `block_bytes`, rounded up.
    reciprocal: u32,
}

/// Sixteen sizes up to 256, and eight to twice that.
pub(super) const TABLE: [Class; CLASSES] = {
    let mut table = [Class::new(MIN_ALIGN); CLASSES];
    let (mut class, mut size) = (0, 0);
    while class < CLASSES {
        size += if size < 256 { 16 } else { 32 };
        table[class] = Class::new(size);
        // A slab that was full has a live block when one is given back.
        assert!(table[class].first_units as usize * UNIT_BYTES >= 2 * size);
        class += 1;
    }
    assert!(size == LARGEST);
    table
};

impl Class {
    const fn new(block_bytes: usize) -> Self {
        Self {
            block_bytes: block_bytes as u16,
            // 1 KiB, or eight blocks.
            first_units: if block_bytes <= 128 {
                2
            } else {
                (8 * block_bytes).div_ceil(UNIT_BYTES) as u8
            },
            most_units: most_units(block_bytes) as u8,
            reciprocal: (1u64 << 32).div_ceil(block_bytes as u64) as u32,
        }
    }

    /// The size.
    #[inline(always)]
    pub(super) const fn bytes(&self) -> usize {
        self.block_bytes as usize
    }

    /// `offset` / [`Class::bytes`], for offsets in a slab.
    #[inline(always)]
    pub(super) const fn index(&self, offset: usize) -> usize {
        ((offset as u32 as u64 * self.reciprocal as u64) >> 32) as usize
    }

    /// How long a slab is to be when there are `slabs` already: what a program uses little of shall
    /// cost little.
    pub(super) fn units(&self, slabs: u32) -> u32 {
        let units = u32::from(self.first_units) << (slabs / 2).min(4);
        units.min(self.most_units.into())
    }
}

/// How long slabs become: so that little is lost at the end, and not for more blocks than a record
/// has room for.
const fn most_units(block_bytes: usize) -> usize {
    let (mut units, mut best, mut best_waste) = (8, 8, usize::MAX);
    while units <= 20 && units * UNIT_BYTES / block_bytes <= MOST_BLOCKS {
        let bytes = units * UNIT_BYTES;
        // The record is lost, too.
        let waste = (bytes % block_bytes + size_of::<Slab>()) * 10_000 / bytes;
        if waste < best_waste {
            (best, best_waste) = (units, waste);
        }
        units += 1;
    }
    best
}

/// The index in [`TABLE`] of the smallest size that holds 16 times the index bytes.
const CLASS_OF: [u8; LARGEST / 16 + 1] = {
    let mut classes = [0; LARGEST / 16 + 1];
    let (mut sixteens, mut class) = (0, 0);
    while sixteens < classes.len() {
        if sixteens * 16 > TABLE[class].bytes() {
            class += 1;
        }
        classes[sixteens] = class as u8;
        sixteens += 1;
    }
    classes
};

/// The class for a block; none if it gets a run of its own.
#[inline(always)]
pub(super) fn class_for(len_bytes: usize, align: usize) -> Option<usize> {
    if len_bytes > LARGEST {
        return None;
    }
    let first = usize::from(CLASS_OF[len_bytes.div_ceil(16)]);
    if align <= MIN_ALIGN {
        return Some(first);
    }
    aligned_class(first, len_bytes, align)
}

#[cold]
fn aligned_class(first: usize, len_bytes: usize, align: usize) -> Option<usize> {
    if align > UNIT_BYTES {
        return None;
    }
    (first..CLASSES)
        .find(|class| TABLE[*class].bytes() & (align - 1) == 0)
        .filter(|class| TABLE[*class].bytes() <= 2 * len_bytes.max(align))
}

/// A class that is none is the last one, where the compiler cannot see that there is none such.
#[inline(always)]
pub(super) const fn in_range(class: usize) -> usize {
    if class < CLASSES { class } else { CLASSES - 1 }
}
