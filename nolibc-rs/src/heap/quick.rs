//! What takes few steps.

use core::ptr::NonNull;

use super::class::{TABLE, class_for};
use super::slab::InSlab;
use super::{Heap, MIN_ALIGN, in_grains, run_bytes};
use crate::pages::UNIT_BYTES;

/// What [`Heap::quick_free`] has come to.
#[derive(Clone, Copy)]
pub enum Freed {
    /// The block is free.
    Done,
    /// It is a live block that is a run of its own, `start` counted in bytes from the first unit.
    Run {
        /// Where it is.
        start: usize,
    },
    /// Perhaps not a live block.
    NotYet,
}

impl Heap {
    /// [`Heap::alloc`] of a block in a slab where that takes no other step.
    #[inline(always)]
    pub fn quick_alloc(&mut self, len_bytes: usize) -> Option<NonNull<u8>> {
        let class = class_for(len_bytes, MIN_ALIGN)?;
        if !self.is_quick() {
            return None;
        }
        self.quick_alloc_in_slab(class)
    }

    /// [`Heap::alloc`] of a block that is a run of its own, where memory is found at once.
    #[inline(always)]
    pub fn quick_alloc_run(&mut self, len_bytes: usize, align: usize) -> Option<NonNull<u8>> {
        if len_bytes >= self.quick_bytes {
            return None;
        }
        let run = self.pages.take_block_inline(run_bytes(len_bytes), align)?;
        NonNull::new(self.pages.at(run.start))
    }

    /// [`Heap::quick_alloc_run`], not inline.
    #[inline(never)]
    pub(super) fn quick_alloc_aligned(
        &mut self,
        len_bytes: usize,
        align: usize,
    ) -> Option<NonNull<u8>> {
        self.quick_alloc_run(len_bytes, align)
    }

    /// A run for a block that has just outgrown its place.
    pub(super) fn quick_alloc_to_grow(&mut self, len_bytes: usize) -> Option<NonNull<u8>> {
        if len_bytes >= self.quick_bytes {
            return None;
        }
        let start = self.pages.take_block_to_grow(run_bytes(len_bytes))?;
        NonNull::new(self.pages.at(start))
    }

    /// [`Heap::resize`] of the block that grew last, where it takes the fewest steps. False: nothing is
    /// done.
    #[inline(always)]
    pub fn quick_grow(&mut self, address: usize, len_bytes: usize) -> bool {
        self.is_quick() && self.grow_alone(address, len_bytes)
    }

    /// [`Heap::quick_grow`] while there is no limit and blocks are not checked.
    #[inline(always)]
    pub(super) fn grow_alone(&mut self, address: usize, len_bytes: usize) -> bool {
        let start = self.pages.offset_of(address);
        self.pages.grow_on(start, in_grains(len_bytes))
    }

    /// Change the size of a block where that takes few steps, if need be with a move. None: nothing is
    /// done.
    #[inline(always)]
    pub fn quick_realloc(&mut self, block: NonNull<u8>, len_bytes: usize) -> Option<NonNull<u8>> {
        let address = block.addr().get();
        let start = self.pages.offset_of(address);
        let unit = start / UNIT_BYTES;
        if len_bytes >= self.quick_bytes || unit >= self.pages.span_units() as usize {
            return None;
        }
        let what = self.pages.get(unit as u32);
        if !what.is_block_at(start) {
            let place = self.in_slab(self.slab_at(unit, what)?, address).ok()?;
            if stays(len_bytes, place.class) {
                return Some(block);
            }
            return self.move_from_slab(block, &place, len_bytes);
        }
        let old_bytes = self.pages.block_bytes(start);
        let more = run_bytes(len_bytes).checked_sub(old_bytes)?;
        let stays = more == 0 || self.pages.grow_block(start, old_bytes, more);
        stays.then_some(block)
    }

    /// Move a block that lies in a slab. None: nothing is done.
    #[inline(never)]
    fn move_from_slab(
        &mut self,
        block: NonNull<u8>,
        old: &InSlab,
        len_bytes: usize,
    ) -> Option<NonNull<u8>> {
        let old_bytes = TABLE[old.class].bytes();
        let wanted = if len_bytes > old_bytes {
            grown(len_bytes)
        } else {
            len_bytes
        };
        let (moved, new_bytes) = match class_for(wanted, MIN_ALIGN) {
            Some(class) => {
                let quick = self.quick_alloc_in_slab(class);
                let moved = quick.or_else(|| self.alloc_in_slab(class))?;
                (moved, TABLE[class].bytes())
            }
            None => (self.quick_alloc_to_grow(len_bytes)?, len_bytes),
        };
        // SAFETY: different live blocks of so many bytes at least.
        unsafe { moved.copy_from_nonoverlapping(block, old_bytes.min(new_bytes)) };
        if !self.quick_free_in_slab(old) {
            self.free_in_slab(old);
        }
        Some(moved)
    }

    /// [`Heap::free`] of a block in a slab where that takes no other step. Otherwise what it is, or
    /// nothing.
    pub fn quick_free(&mut self, address: usize) -> Freed {
        if self.is_quick() {
            self.free_alone(address)
        } else {
            Freed::NotYet
        }
    }

    /// [`Heap::quick_free`] while there is no limit and blocks are not checked.
    #[inline(always)]
    pub(super) fn free_alone(&mut self, address: usize) -> Freed {
        let start = self.pages.offset_of(address);
        let unit = start / UNIT_BYTES;
        if unit >= self.pages.span_units() as usize {
            return Freed::NotYet;
        }
        let what = self.pages.get(unit as u32);
        let Some(slab) = self.slab_at(unit, what) else {
            return if what.is_block_at(start) {
                Freed::Run { start }
            } else {
                Freed::NotYet
            };
        };
        match self.in_slab(slab, address) {
            Ok(block) if self.quick_free_in_slab(&block) => Freed::Done,
            _ => Freed::NotYet,
        }
    }
}

/// How long a block becomes that has outgrown its place in a slab: it will grow again, and there is
/// room to double, or to grow by half twice.
const fn grown(len_bytes: usize) -> usize {
    len_bytes.saturating_mul(2).saturating_add(len_bytes / 4)
}

/// Whether a block in a slab stays where it is: no more is unused than behind one that has just grown.
#[inline(always)]
pub(super) fn stays(len_bytes: usize, class: usize) -> bool {
    len_bytes <= TABLE[class].bytes()
        && class_for(grown(len_bytes), MIN_ALIGN).is_none_or(|grown| class <= grown)
}
