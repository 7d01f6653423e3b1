//! Slabs: runs of 8 KiB for blocks of one size.

use core::ptr::NonNull;

use super::{Heap, MIN_ALIGN};
use crate::errno::{Errno, Result};
use crate::pages::{Kind, UNIT_BYTES, Unit};
use crate::report;

pub(super) const SLAB_UNITS: u32 = 16;
const SLAB_BYTES: usize = SLAB_UNITS as usize * UNIT_BYTES;
/// How many sizes of blocks slabs hold.
pub(super) const CLASSES: usize = 27;
/// The sizes. The larger ones are the largest multiples of 16 of which so
/// many fit into a slab, so little is lost at its end.
const SIZES: [u16; CLASSES] = [
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 320, 368, 400, 448, 496, 576,
    672, 800, 896, 1008, 1152, 1344, 1616,
];
/// The longest block in a slab.
pub(super) const LARGEST: usize = 1616;

/// The index in [`SIZES`] of the smallest one that holds 16 times the index bytes.
const CLASS_OF: [u8; LARGEST / 16 + 1] = {
    let mut classes = [0; LARGEST / 16 + 1];
    let (mut sixteens, mut class) = (0, 0);
    while sixteens < classes.len() {
        if sixteens * 16 > SIZES[class] as usize {
            class += 1;
        }
        classes[sixteens] = class as u8;
        sixteens += 1;
    }
    classes
};

/// The start of a slab. The blocks lie at its end, so that a block whose size is
/// a multiple of a power of two is aligned to it.
#[repr(C)]
pub(super) struct Slab {
    pub(super) class: u32,
    used: u32,
    next: u32,
    previous: u32,
    /// A one for each free block, counted from the end of the slab.
    pub(super) free: [u64; 8],
}

/// The size of the blocks of a class.
pub(super) const fn block_bytes(class: usize) -> usize {
    SIZES[in_range(class)] as usize
}

/// A class that is none is the last one, where the compiler cannot see that there is none such.
pub(super) const fn in_range(class: usize) -> usize {
    if class < CLASSES { class } else { CLASSES - 1 }
}

/// How many of them a slab holds.
pub(super) const fn capacity(class: usize) -> u32 {
    CAPACITIES[in_range(class)] as u32
}

const CAPACITIES: [u16; CLASSES] = {
    let mut capacities = [0; CLASSES];
    let mut class = 0;
    while class < CLASSES {
        capacities[class] = ((SLAB_BYTES - size_of::<Slab>()) / block_bytes(class)) as u16;
        class += 1;
    }
    capacities
};

const _: () = assert!(capacity(0) <= 512 && size_of::<Slab>() == 80);

/// The slab class for a block; none if it gets a run of its own.
pub(super) fn class_for(len_bytes: usize, align: usize) -> Option<usize> {
    if len_bytes > LARGEST || align > UNIT_BYTES {
        return None;
    }
    let first = usize::from(*CLASS_OF.get(len_bytes.div_ceil(16))?);
    let fits = |class: &usize| block_bytes(*class).is_multiple_of(align);
    if align <= MIN_ALIGN {
        return Some(first);
    }
    (first..CLASSES)
        .find(fits)
        .filter(|class| block_bytes(*class) <= 2 * len_bytes.max(align))
}

impl Heap {
    pub(super) fn slab(&self, slab: u32) -> &Slab {
        let header = self.pages.address(slab).cast::<Slab>();
        // SAFETY: the table says that a slab starts here, and only this module says so.
        let header = unsafe { &*header };
        if header.class as usize >= CLASSES {
            report::die_at(
                "the head of a slab was overwritten",
                self.pages.address(slab).addr(),
            );
        }
        header
    }

    fn slab_mut(&mut self, slab: u32) -> &mut Slab {
        self.slab(slab);
        // SAFETY: as above; the exclusive borrow of the heap covers its slabs.
        unsafe { &mut *self.pages.address(slab).cast::<Slab>() }
    }

    pub(super) fn alloc_in_slab(&mut self, class: usize) -> Result<NonNull<u8>> {
        let class = in_range(class);
        let size = block_bytes(class);
        let mut slab = self.partial[class];
        if slab == 0 {
            slab = core::mem::take(&mut self.empty[class]);
            if slab != 0 {
                self.empty_slabs -= 1;
            } else {
                slab = self.new_slab(class)?;
            }
            self.free_in_slabs += capacity(class) as usize * size;
            self.partial[class] = slab;
            self.note_use();
        }
        let header = self.slab_mut(slab);
        let word = header
            .free
            .iter_mut()
            .enumerate()
            .find(|(_, word)| **word != 0);
        let Some((at, word)) = word else {
            report::die_at(
                "the head of a slab was overwritten",
                self.pages.address(slab).addr(),
            );
        };
        let index = at * 64 + word.trailing_zeros() as usize;
        *word &= *word - 1;
        header.used += 1;
        let (full, next) = (header.used == capacity(class), header.next);
        if full {
            header.next = 0;
            self.partial[class] = next;
            if next != 0 {
                self.slab_mut(next).previous = 0;
            }
        }
        self.free_in_slabs -= size;
        let end = self.pages.address(slab + SLAB_UNITS);
        NonNull::new(end.wrapping_sub((index + 1) * size)).ok_or(Errno::ENOMEM)
    }

    pub(super) fn free_in_slab(&mut self, slab: u32, index: u32, class: usize) {
        let class = in_range(class);
        let size = block_bytes(class);
        let first = self.partial[class];
        let header = self.slab_mut(slab);
        if let Some(word) = header.free.get_mut(index as usize / 64) {
            *word |= 1 << (index % 64);
        }
        let was_full = header.used == capacity(class);
        header.used -= 1;
        let now_empty = header.used == 0;
        if was_full {
            header.next = first;
            header.previous = 0;
            if first != 0 {
                self.slab_mut(first).previous = slab;
            }
            self.partial[class] = slab;
        }
        self.free_in_slabs += size;
        if now_empty {
            self.retire_slab(slab, class);
        }
    }

    /// A slab has no block in use any more: keep it, or give it back if there is one already.
    fn retire_slab(&mut self, slab: u32, class: usize) {
        let class = in_range(class);
        let Slab { next, previous, .. } = *self.slab(slab);
        if next != 0 {
            self.slab_mut(next).previous = previous;
        }
        if previous != 0 {
            self.slab_mut(previous).next = next;
        } else {
            self.partial[class] = next;
        }
        self.free_in_slabs -= capacity(class) as usize * block_bytes(class);
        if self.empty[class] == 0 {
            let header = self.slab_mut(slab);
            header.next = 0;
            header.previous = 0;
            self.empty[class] = slab;
            self.empty_slabs += 1;
        } else {
            self.release_slab(slab);
        }
    }

    fn new_slab(&mut self, class: usize) -> Result<u32> {
        let slab = self.take(SLAB_UNITS, 1024)?.start;
        self.pages.set(slab, Unit::new(Kind::Slab, SLAB_UNITS));
        for unit in 1..SLAB_UNITS {
            self.pages.set(slab + unit, Unit::new(Kind::InSlab, unit));
        }
        let mut free = [0; 8];
        for (at, word) in free.iter_mut().enumerate() {
            let bits = (capacity(class) as usize).saturating_sub(at * 64).min(64) as u32;
            *word = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        }
        let header = self.pages.address(slab).cast::<Slab>();
        // SAFETY: the run was just taken, and is aligned for the header.
        unsafe {
            header.write(Slab {
                class: class as u32,
                used: 0,
                next: 0,
                previous: 0,
                free,
            })
        };
        Ok(slab)
    }

    pub(super) fn release_slab(&mut self, slab: u32) {
        for unit in 0..SLAB_UNITS {
            self.pages.set(slab + unit, Unit::new(Kind::Inside, 0));
        }
        self.pages.release(slab, SLAB_UNITS);
    }
}
