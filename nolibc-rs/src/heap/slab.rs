//! Slabs: runs of up to 10 KiB for blocks of one size.
//!
//! What is known about a slab, and which of its blocks are free, stands at its start.

use core::ptr::{NonNull, null_mut};

use super::class::{CLASSES, TABLE, in_range};
use super::{Heap, Misuse};
use crate::errno::Result;
use crate::pages::{UNIT_BYTES, Unit};
use crate::report;

const WORDS: usize = 4;
/// Empty slabs that are set aside are no longer than this in all.
const SPARE_BYTES: usize = 64 << 10;
/// More than so many blocks are not in a slab.
pub(super) const MOST_BLOCKS: usize = WORDS * u64::BITS as usize;

/// The start of a slab: what is known about it.
///
/// A seal comes first and one last: whatever writes into it from the memory before it, or from its first
/// block, breaks one of them.
#[repr(C)]
pub(super) struct Slab {
    /// [`SEAL`] and the class.
    seal: u32,
    used: u16,
    blocks: u16,
    next: *mut Slab,
    previous: *mut Slab,
    /// A one for each free block.
    free: [u64; WORDS],
    /// The whole run.
    len_bytes: u32,
    /// [`LAST_SEAL`].
    last_seal: u32,
}

/// How long that is; then come the blocks.
pub(super) const HEAD_BYTES: usize = size_of::<Slab>();
const _: () = assert!(HEAD_BYTES == 64);
const SEAL: u32 = 0x6c5a_b500;
const LAST_SEAL: u32 = 0x5ab5_6c1e;

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

    /// What there is besides.
    fn waste_bytes(&self, class: usize) -> usize {
        self.len_bytes as usize - self.all_bytes(class)
    }
}

/// End the program unless both seals of a slab of a class are whole.
#[inline(always)]
fn see_seals(slab: *mut Slab, class: usize) {
    // SAFETY: callers have a record, if an overwritten one.
    if unsafe { (*slab).seal != SEAL | class as u32 || (*slab).last_seal != LAST_SEAL } {
        overwritten(slab.addr());
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
    let (seal, blocks) = unsafe {
        (
            (&raw const (*slab).seal).read_volatile(),
            (&raw const (*slab).blocks).read_volatile(),
        )
    };
    let class = (seal ^ SEAL) as usize;
    let offset = address.checked_sub(record + HEAD_BYTES)?;
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
    /// The slab of which a unit is part, if it is.
    #[inline(always)]
    pub(super) fn slab_at(&self, unit: usize, what: Unit) -> Option<*mut Slab> {
        let first = unit.wrapping_sub(what.as_slab()?);
        Some(self.pages.at(first * UNIT_BYTES).cast())
    }

    /// The live block at an address in a slab.
    #[inline(always)]
    pub(super) fn in_slab(
        &self,
        slab: *mut Slab,
        address: usize,
    ) -> core::result::Result<InSlab, Misuse> {
        let class = class_in(slab);
        // SAFETY: the table of units says that this is a slab.
        let record = unsafe { &*slab };
        let offset = address.wrapping_sub(slab.addr() + HEAD_BYTES);
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
        if self.partial[class].is_null() && !self.take_spare(class) {
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
        see_seals(slab, class);
        // SAFETY: as above.
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
        if index >= usize::from(record.blocks) {
            overwritten(slab.addr());
        }
        record.free[at] = word & (word - 1);
        record.used += 1;
        self.free_in_slabs -= size;
        let address = slab.addr() + HEAD_BYTES + index * size;
        NonNull::new(core::ptr::with_exposed_provenance_mut(address))
            .unwrap_or_else(|| overwritten(slab.addr()))
    }

    /// Give back a live block.
    pub(super) fn free_in_slab(&mut self, block: &InSlab) {
        if self.quick_free_in_slab(block) {
            return;
        }
        self.set_free(block);
        let (slab, class) = (block.slab, in_range(block.class));
        if !self.set_aside(slab, class) {
            self.release_slab(slab, class);
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

    /// Give the empty slabs of a class back; whether there were any.
    pub(super) fn release_empty(&mut self, class: usize) -> bool {
        while self.take_spare(class) {
            self.release_slab(self.partial[class], class);
        }
        let empty = self.empty_slab(class);
        if let Some(slab) = empty {
            self.release_slab(slab, class);
        }
        empty.is_some()
    }

    /// Keep an empty slab beside its class's list. False: there is no room for more of them.
    #[cold]
    #[inline(never)]
    fn set_aside(&mut self, slab: *mut Slab, class: usize) -> bool {
        // SAFETY: as above.
        let (len_bytes, waste_bytes) = unsafe { ((*slab).len_bytes, (*slab).waste_bytes(class)) };
        let len_bytes = len_bytes as usize;
        if self.spare_bytes + len_bytes > SPARE_BYTES {
            return false;
        }
        self.unlink_slab(slab, class);
        // SAFETY: as above.
        unsafe { (*slab).next = core::mem::replace(&mut self.spare[class], slab) };
        self.spare_bytes += len_bytes;
        self.spare_waste_bytes += waste_bytes;
        true
    }

    /// Put an empty slab that was set aside into its class's list, if there is one.
    #[cold]
    #[inline(never)]
    fn take_spare(&mut self, class: usize) -> bool {
        let slab = self.spare[class];
        if slab.is_null() {
            return false;
        }
        see_seals(slab, class);
        // SAFETY: as above.
        let (len_bytes, waste_bytes) = unsafe {
            self.spare[class] = (*slab).next;
            ((*slab).len_bytes, (*slab).waste_bytes(class))
        };
        self.spare_bytes -= len_bytes as usize;
        self.spare_waste_bytes -= waste_bytes;
        self.link_slab(slab, class);
        true
    }

    /// What empty slabs have besides their blocks.
    pub(super) fn empty_slabs(&self) -> usize {
        let empty = (0..CLASSES).filter_map(|class| {
            let slab = self.empty_slab(class)?;
            // SAFETY: as above.
            Some(unsafe { (*slab).waste_bytes(class) })
        });
        self.spare_waste_bytes + empty.sum::<usize>()
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

    #[inline(always)]
    fn unlink_first(&mut self, slab: *mut Slab, class: usize) {
        // SAFETY: as above.
        unsafe {
            let next = (*slab).next;
            if !next.is_null() {
                if (*next).previous != slab {
                    overwritten(slab.addr());
                }
                (*next).previous = null_mut();
            }
            self.partial[class] = next;
        }
    }

    fn unlink_slab(&mut self, slab: *mut Slab, class: usize) {
        see_seals(slab, class);
        // SAFETY: as above.
        unsafe {
            let (next, previous) = ((*slab).next, (*slab).previous);
            if previous.is_null() {
                return self.unlink_first(slab, class);
            }
            if (*previous).next != slab {
                overwritten(slab.addr());
            }
            if !next.is_null() {
                if (*next).previous != slab {
                    overwritten(slab.addr());
                }
                (*next).previous = previous;
            }
            (*previous).next = next;
        }
    }

    /// Add a slab, as long as it should be or else as short as it may.
    #[cold]
    #[inline(never)]
    fn add_slab(&mut self, class: usize) -> Result<()> {
        let size = TABLE[class].bytes();
        let wanted = TABLE[class].slab_units(self.blocks[class] as usize);
        let mut take = |units: usize| {
            let len_bytes = units * UNIT_BYTES;
            self.take_with(len_bytes, |pages| pages.take_run(len_bytes, UNIT_BYTES))
        };
        let run = take(wanted).or_else(|_| take(TABLE[class].slab_units(0)))?;
        self.pages.set_slab(run.start, run.len_bytes);
        let slab = self.pages.at(run.start).cast::<Slab>();
        let blocks = TABLE[class].blocks_in(run.len_bytes / UNIT_BYTES);
        let mut free = [0; WORDS];
        for (at, word) in free.iter_mut().enumerate() {
            let bits = blocks.saturating_sub(at * 64).min(64) as u32;
            *word = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        }
        let record = Slab {
            seal: SEAL | class as u32,
            used: 0,
            blocks: blocks as u16,
            next: null_mut(),
            previous: null_mut(),
            free,
            len_bytes: run.len_bytes as u32,
            last_seal: LAST_SEAL,
        };
        // SAFETY: the start of a run that was just taken.
        unsafe { slab.write(record) };
        self.free_in_slabs += blocks * size;
        self.blocks[class] += blocks as u32;
        self.link_slab(slab, class);
        Ok(())
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
        let (start, len_bytes) = (self.pages.offset_of(slab.addr()), record.len_bytes as usize);
        self.free_in_slabs -= record.all_bytes(class);
        self.blocks[class] -= u32::from(record.blocks);
        self.pages.release_slab(start, len_bytes);
    }

    /// What is known about a slab; for recounts.
    #[cfg(not(feature = "export"))]
    pub(super) fn slab_figures(&self, start: usize) -> SlabFigures {
        let slab = self.pages.at(start).cast::<Slab>();
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
            len_bytes: record.len_bytes as usize,
        }
    }
}

/// A slab, counted again.
#[cfg(not(feature = "export"))]
pub(super) struct SlabFigures {
    pub(super) block_bytes: usize,
    pub(super) live: usize,
    pub(super) free: usize,
    pub(super) len_bytes: usize,
}
