//! The sizes of blocks that lie in slabs.

use super::MIN_ALIGN;
use super::slab::{HEAD_BYTES, MOST_BLOCKS};
use crate::pages::{UNIT_BYTES, Unit};

/// How many sizes there are.
pub(super) const CLASSES: usize = 24;
/// The longest block in a slab.
pub const LARGEST: usize = 512;

/// What is the same for all slabs of a class.
#[derive(Clone, Copy)]
pub(super) struct Class {
    block_bytes: u16,
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
        class += 1;
    }
    assert!(size == LARGEST);
    table
};

impl Class {
    const fn new(block_bytes: usize) -> Self {
        Self {
            block_bytes: block_bytes as u16,
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

    /// How many blocks a slab of so many units has.
    pub(super) const fn blocks_in(&self, units: usize) -> usize {
        let blocks = (units * UNIT_BYTES - HEAD_BYTES) / self.bytes();
        if blocks < MOST_BLOCKS {
            blocks
        } else {
            MOST_BLOCKS
        }
    }

    /// How many units a slab is to have when there are `blocks` already: what a program uses little of
    /// shall cost little.
    pub(super) fn slab_units(&self, blocks: usize) -> usize {
        let wanted = (blocks / GROWTH).min(MOST_BLOCKS) * self.bytes();
        let least = wanted.min(MOST_BYTES) / UNIT_BYTES;
        let least = least.max((HEAD_BYTES + FIRST_BLOCKS * self.bytes()).div_ceil(UNIT_BYTES));
        // A little longer may waste less.
        let most = (least + least / 2 + 1).min(MOST_UNITS);
        let waste = |units: usize| units * UNIT_BYTES - self.blocks_in(units) * self.bytes();
        (least..=most)
            .min_by(|one, other| (waste(*one) * other).cmp(&(waste(*other) * one)))
            .unwrap_or(least)
    }
}

/// How many blocks the shortest slab has, at least.
const FIRST_BLOCKS: usize = 3;
/// Slabs grow so that a part of the blocks like this is added.
const GROWTH: usize = 8;
const MOST_BYTES: usize = 8 << 10;
/// The longest slab is no longer.
const MOST_UNITS: usize = 20;
const _: () = assert!(MOST_UNITS < Unit::SLAB_UNITS);
// A slab that was full has a live block when one is given back.
const _: () = assert!(FIRST_BLOCKS >= 2);

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
    // A slab's head is as long, so its blocks can be aligned like the slab.
    if align > HEAD_BYTES {
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
