//! Slabs: runs of 1 to 10 KiB for blocks of one size.
//!
//! What is known about a slab, and which of its blocks are free, stands in a record of its own, away
//! from the blocks.

use core::ptr::{NonNull, null_mut};

use super::class::{CLASSES, TABLE, in_range};
use super::{Heap, Misuse, records};
use crate::errno::Result;
use crate::pages::{Kind, UNIT_BYTES, Unit};
use crate::report;

const WORDS: usize = 4;
/// More than so many blocks are not in a slab.
pub(super) const MOST_BLOCKS: usize = WORDS * u64::BITS as usize;

/// The record of a slab.
///
/// The seal comes first: whatever writes into a record from the memory before it breaks that.
#[repr(C, align(64))]
pub(super) struct Slab {
    /// [`SEAL`] and the class.
    seal: u32,
    used: u16,
    blocks: u16,
    start: usize,
    next: *mut Slab,
    previous: *mut Slab,
    /// A one for each free block.
    free: [u64; WORDS],
}

const _: () = assert!(size_of::<Slab>() == 64);
const SEAL: u32 = 0x6c5a_b500;

/// The class in a record.
#[inline(always)]
fn class_in(slab: *mut Slab) -> usize {
    // SAFETY: callers have a record, if an overwritten one.
    let class = unsafe { (*slab).seal ^ SEAL } as usize;
    if class >= CLASSES {
        overwritten(slab.addr());
    }
    class
}

/// How many blocks of a slab are in use.
///
/// Read as it was written, in two bytes: the compiler would read four, and the processor wait until the
/// last write to two of them has left for the cache.
///
/// # Safety
/// It is a record.
#[inline(always)]
unsafe fn used(slab: *mut Slab) -> u16 {
    // SAFETY: the caller's contract.
    unsafe { (&raw const (*slab).used).read_volatile() }
}

impl Slab {
    /// All blocks.
    fn all_bytes(&self, class: usize) -> usize {
        usize::from(self.blocks) * TABLE[class].bytes()
    }

    fn units(&self, class: usize) -> usize {
        // What is left behind the last block is less than a unit.
        self.all_bytes(class).div_ceil(UNIT_BYTES)
    }
}

#[cold]
#[inline(never)]
pub(super) fn overwritten(address: usize) -> ! {
    report::die_at("the record of a slab was overwritten", address)
}

/// The class, the index and the word with the bit of the block at an address, if one can be there.
///
/// # Safety
/// `record` is the address of a slab's record, where the block may be read.
pub(super) unsafe fn place_of(record: usize, address: usize) -> Option<(usize, usize, *mut u64)> {
    let slab = core::ptr::with_exposed_provenance_mut::<Slab>(record);
    // SAFETY: this function's contract; each field is read on its own, as others write to the record.
    let (seal, start, blocks) = unsafe {
        (
            (&raw const (*slab).seal).read_volatile(),
            (&raw const (*slab).start).read_volatile(),
            (&raw const (*slab).blocks).read_volatile(),
        )
    };
    let class = (seal ^ SEAL) as usize;
    let offset = address.checked_sub(start)?;
    let index = TABLE.get(class)?.index(offset);
    if index >= usize::from(blocks) || index * TABLE[class].bytes() != offset {
        return None;
    }
    // SAFETY: within the record.
    let word = unsafe {
        (&raw mut (*slab).free)
            .cast::<u64>()
            .add(index / 64 % WORDS)
    };
    Some((class, index, word))
}

/// A block in a slab.
pub(super) struct InSlab {
    slab: *mut Slab,
    index: usize,
    pub(super) class: usize,
}

impl Heap {
    /// The record that an entry of the table of units names.
    #[inline(always)]
    pub(super) fn record(&self, number: u32) -> *mut Slab {
        self.pages.at(number as usize * size_of::<Slab>()).cast()
    }

    /// The live block at an address in a unit of a slab.
    #[inline(always)]
    pub(super) fn in_slab(
        &self,
        unit: Unit,
        address: usize,
    ) -> core::result::Result<InSlab, Misuse> {
        let slab = self.record(unit.number());
        let class = class_in(slab);
        // SAFETY: the table of units says that this is a slab's record.
        let record = unsafe { &*slab };
        let offset = address.wrapping_sub(record.start);
        let index = TABLE[class].index(offset);
        if index >= usize::from(record.blocks)
            || index * TABLE[class].bytes() != offset
            || record.free[index / 64 % WORDS] >> (index % 64) & 1 != 0
        {
            return Err(Misuse::NotLive);
        }
        Ok(InSlab { slab, index, class })
    }

    /// Allocate a block of a class.
    pub(super) fn alloc_in_slab(&mut self, class: usize) -> Option<NonNull<u8>> {
        let class = in_range(class);
        if self.partial[class].is_null() {
            self.add_slab(class).ok()?;
        }
        self.quick_alloc_in_slab(class)
    }

    /// [`Heap::alloc_in_slab`] where there is a slab that has one.
    #[inline(always)]
    pub(super) fn quick_alloc_in_slab(&mut self, class: usize) -> Option<NonNull<u8>> {
        let class = in_range(class);
        let slab = self.partial[class];
        if slab.is_null() {
            return None;
        }
        // SAFETY: the records in lists are live, and the heap's alone.
        if unsafe { used(slab) + 1 == (*slab).blocks } {
            self.unlink_first(slab, class);
        }
        Some(self.alloc_from(slab, class))
    }

    /// A block of a class, to be kept near a CPU. None: there is a limit, or no memory.
    pub(super) fn alloc_near(&mut self, class: usize) -> Option<NonNull<u8>> {
        if !self.is_quick() {
            return None;
        }
        let quick = self.quick_alloc_in_slab(class);
        quick.or_else(|| self.alloc_in_slab(class))
    }

    /// Allocate a block of a slab that has one.
    #[inline(always)]
    fn alloc_from(&mut self, slab: *mut Slab, class: usize) -> NonNull<u8> {
        // SAFETY: as above.
        let record = unsafe { &mut *slab };
        if record.seal != SEAL | class as u32 {
            overwritten(slab.addr());
        }
        let size = TABLE[class].bytes();
        let mut at = 0;
        while record.free[at] == 0 {
            at += 1;
            if at == WORDS {
                overwritten(slab.addr());
            }
        }
        let word = record.free[at];
        let index = at * 64 + word.trailing_zeros() as usize;
        record.free[at] = word & (word - 1);
        record.used += 1;
        self.free_in_slabs -= size;
        let address = record.start + index * size;
        NonNull::new(core::ptr::with_exposed_provenance_mut(address))
            .unwrap_or_else(|| overwritten(slab.addr()))
    }

    /// Give back a live block.
    pub(super) fn free_in_slab(&mut self, block: &InSlab) {
        if !self.quick_free_in_slab(block) {
            self.set_free(block);
            self.release_slab(block.slab, in_range(block.class));
        }
    }

    /// [`Heap::free_in_slab`] where the slab stays; false: nothing is done.
    #[inline(always)]
    pub(super) fn quick_free_in_slab(&mut self, block: &InSlab) -> bool {
        // SAFETY: as above.
        let Slab { used, blocks, .. } = unsafe { &*block.slab };
        let class = in_range(block.class);
        if used == blocks {
            self.link_slab(block.slab, class);
        } else if *used == 1 && !self.keeps(block.slab, class) {
            return false;
        }
        self.set_free(block);
        true
    }

    /// Whether a slab without live blocks may stay.
    #[inline(always)]
    fn keeps(&mut self, slab: *mut Slab, class: usize) -> bool {
        let kept = self.empty[class];
        // SAFETY: as above.
        let keeps = kept.is_null() || kept == slab || unsafe { (*kept).used } != 0;
        if keeps {
            self.empty[class] = slab;
        }
        keeps
    }

    /// Note that a block is free.
    #[inline(always)]
    fn set_free(&mut self, block: &InSlab) {
        // SAFETY: as above.
        let record = unsafe { &mut *block.slab };
        record.free[block.index / 64 % WORDS] |= 1 << (block.index % 64);
        record.used -= 1;
        self.free_in_slabs += TABLE[in_range(block.class)].bytes();
    }

    /// A slab of a class without live blocks, if there is one; it is in the class's list.
    fn empty_slab(&self, class: usize) -> Option<*mut Slab> {
        let slab = self.empty[class % CLASSES];
        // SAFETY: as above.
        (!slab.is_null() && unsafe { (*slab).used } == 0).then_some(slab)
    }

    /// Give the empty slab of a class back, if there is one.
    pub(super) fn release_empty(&mut self, class: usize) -> bool {
        let empty = self.empty_slab(class);
        if let Some(slab) = empty {
            self.release_slab(slab, class);
        }
        empty.is_some()
    }

    /// What empty slabs have besides their blocks, and the pages of records that would go back with
    /// them.
    pub(super) fn empty_slabs(&self) -> (usize, usize) {
        let (mut waste_bytes, mut pages) = (0, 0);
        for class in 0..CLASSES {
            let Some(slab) = self.empty_slab(class) else {
                continue;
            };
            // SAFETY: as above.
            let record = unsafe { &*slab };
            waste_bytes += record.units(class) * UNIT_BYTES - record.all_bytes(class);
            // Its page counts if all the page's slabs are empty and this is the last of them.
            let others = |classes: core::ops::Range<usize>| {
                let empty = classes.filter_map(|class| self.empty_slab(class));
                empty
                    .filter(|other| records::is_beside(*other, slab))
                    .count()
            };
            let is_last = others(class + 1..CLASSES) == 0;
            if is_last && others(0..class) + 1 == records::used_beside(slab) {
                pages += 1;
            }
        }
        (waste_bytes, pages)
    }

    /// A slab has both free blocks and live ones, or is empty.
    #[inline(always)]
    fn link_slab(&mut self, slab: *mut Slab, class: usize) {
        let next = core::mem::replace(&mut self.partial[class], slab);
        // SAFETY: as above.
        unsafe {
            (*slab).next = next;
            (*slab).previous = null_mut();
            if !next.is_null() {
                (*next).previous = slab;
            }
        }
    }

    /// [`Heap::unlink_slab`] of the first of a class's list.
    #[inline(always)]
    fn unlink_first(&mut self, slab: *mut Slab, class: usize) {
        // SAFETY: as above.
        unsafe {
            let next = (*slab).next;
            if !next.is_null() {
                (*next).previous = null_mut();
            }
            self.partial[class] = next;
        }
    }

    fn unlink_slab(&mut self, slab: *mut Slab, class: usize) {
        // SAFETY: as above.
        unsafe {
            let (next, previous) = ((*slab).next, (*slab).previous);
            if !next.is_null() {
                (*next).previous = previous;
            }
            if previous.is_null() {
                self.partial[class] = next;
            } else {
                (*previous).next = next;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn add_slab(&mut self, class: usize) -> Result<()> {
        let slab = self.new_record()?;
        let (taken, units) = match self.take_slab(class) {
            Ok(taken) => taken,
            Err(error) => {
                self.release_record(slab);
                return Err(error);
            }
        };
        let number = self.pages.offset_of(slab.addr()) / size_of::<Slab>();
        for unit in 0..units {
            let what = Unit::new(Kind::Slab, number as u32);
            self.pages.set(taken + unit, what);
        }
        let start = self.pages.address(taken).addr();
        self.write_record(slab, start, class, units);
        // SAFETY: just written.
        self.free_in_slabs += unsafe { (*slab).all_bytes(class) };
        self.slabs[class] += 1;
        self.link_slab(slab, class);
        Ok(())
    }

    /// Memory for a slab, as long as it should be or else as short as it may: the first unit, and how
    /// many.
    fn take_slab(&mut self, class: usize) -> Result<(u32, u32)> {
        let units = TABLE[class].units(self.slabs[class]);
        let least = TABLE[class].units(0);
        if let Ok(taken) = self.take(units, UNIT_BYTES) {
            return Ok((taken.start, units));
        }
        Ok((self.take(least, UNIT_BYTES)?.start, least))
    }

    fn write_record(&mut self, slab: *mut Slab, start: usize, class: usize, units: u32) {
        let blocks = units as usize * UNIT_BYTES / TABLE[class].bytes();
        let mut free = [0; WORDS];
        for (at, word) in free.iter_mut().enumerate() {
            let bits = blocks.saturating_sub(at * 64).min(64) as u32;
            *word = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        }
        let record = Slab {
            seal: SEAL | class as u32,
            used: 0,
            blocks: blocks as u16,
            start,
            next: null_mut(),
            previous: null_mut(),
            free,
        };
        // SAFETY: memory of the heap's for a record, which nobody uses.
        unsafe { slab.write(record) }
    }

    /// Give back an empty slab that is not kept.
    #[cold]
    #[inline(never)]
    fn release_slab(&mut self, slab: *mut Slab, class: usize) {
        self.unlink_slab(slab, class);
        if self.empty[class] == slab {
            self.empty[class] = null_mut();
        }
        // SAFETY: a live record of the heap's.
        let record = unsafe { &*slab };
        if class_in(slab) != class {
            overwritten(slab.addr());
        }
        self.free_in_slabs -= record.all_bytes(class);
        self.slabs[class] -= 1;
        let units = record.units(class) as u32;
        let Some(first) = self.pages.unit_of(record.start) else {
            overwritten(slab.addr())
        };
        for unit in 0..units {
            self.pages.set(first + unit, Unit::INSIDE);
        }
        self.pages.release(first, units);
        self.release_record(slab);
    }

    /// What is known about a slab; for recounts.
    #[cfg(not(feature = "export"))]
    pub(super) fn slab_figures(&self, unit: Unit) -> SlabFigures {
        let slab = self.record(unit.number());
        // SAFETY: the table of units says that this is a slab's record.
        let record = unsafe { &*slab };
        let free: u32 = record.free.iter().map(|word| word.count_ones()).sum();
        let class = class_in(slab);
        let live = usize::from(record.blocks) - free as usize;
        assert_eq!(live, record.used.into(), "used blocks of a slab");
        SlabFigures {
            block_bytes: TABLE[class].bytes(),
            live,
            free: free as usize,
            units: record.units(class),
        }
    }
}

/// A slab, counted again.
#[cfg(not(feature = "export"))]
pub(super) struct SlabFigures {
    pub(super) block_bytes: usize,
    pub(super) live: usize,
    pub(super) free: usize,
    pub(super) units: usize,
}
