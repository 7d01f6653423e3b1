//! `malloc`: blocks of any size out of page runs.
//!
//! Blocks of up to 512 bytes lie in slabs of one size each, without headers: which
//! blocks of a slab are free stands in a record at its start. Longer blocks are
//! runs of their own and go back to [`Pages`] at once, as do slabs that become
//! empty, but for one of each size and a few more. What an address belongs to is read from the
//! table of `Pages`, so a pointer that never was a block, or no longer is, is
//! recognised.
//!
//! What takes few steps has a function of its own, `quick_...`, which answers that it will not do
//! where more is to be done; and `alone_...`, while nobody else may run.

#[cfg(not(feature = "export"))]
pub mod audit;
pub mod check;
pub mod checked;
mod class;
mod figures;
pub mod near;
mod program;
mod quick;
mod slab;
#[cfg(feature = "heap-small")]
mod small;

use core::ptr::{NonNull, null_mut};

use crate::errno::{Errno, Result};
use crate::memory::Window;
use crate::pages::{GRAIN_BYTES, Kind, PAGE_BYTES, Pages, Range, Taken, UNIT_BYTES};
pub use class::LARGEST;
use class::{CLASSES, TABLE, class_for};
pub use figures::Usage;
pub use program::{
    alloc, alloc_zeroed, alone_alloc, alone_alloc_run, alone_free, alone_grow, alone_realloc,
    configure, free, init, map, quick_alloc, quick_free, realloc, refuse, see_who_runs, trim,
    try_usage, usable_bytes, usage, used_bytes, with,
};
pub use quick::Freed;
use quick::stays;
use slab::{InSlab, Slab};

/// Every block's address is a multiple of this.
pub const MIN_ALIGN: usize = 16;

/// What is wrong with a pointer that was given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misuse {
    /// Nothing that the heap ever handed out.
    Foreign,
    /// The start of no block that is in use: given back before, or inside a block.
    NotLive,
    /// Belongs to `mmap`.
    Mapped,
}

impl Misuse {
    /// What a person reads.
    pub fn message(self) -> &'static str {
        match self {
            Self::Foreign => "free or realloc of a pointer that malloc did not return",
            Self::NotLive => {
                "free or realloc of memory that is already free, or not a block's start"
            }
            Self::Mapped => "free or realloc of memory that belongs to mmap",
        }
    }
}

/// What a block occupies, as found from its address.
enum Place {
    InSlab(InSlab),
    /// `start` counted in bytes from the first unit.
    Run {
        start: usize,
        len_bytes: usize,
    },
    InWindow {
        len_bytes: usize,
    },
}

/// Blocks and mappings over one range of memory.
pub struct Heap {
    /// The slabs of each class that have free blocks.
    partial: [*mut Slab; CLASSES],
    /// Free blocks in slabs that are not empty, in bytes.
    free_in_slabs: usize,
    /// 0 is no limit.
    limit_bytes: usize,
    /// Whether each block is looked after by [`check`].
    is_checked: bool,
    /// Only a shorter block may take a few steps. 0 while there is a limit or blocks are checked.
    quick_bytes: usize,
    /// Where runs come from and go to.
    pub pages: Pages,
    /// How many blocks the slabs of each class have.
    blocks: [u32; CLASSES],
    /// The slab of each class that was the last to have no live block; it may have some again.
    empty: [*mut Slab; CLASSES],
    /// More slabs of each class that have no live block; they are in no list of those above.
    spare: [*mut Slab; CLASSES],
    spare_bytes: usize,
    /// What these have besides their blocks.
    spare_waste_bytes: usize,
    /// Units in mapped pages.
    pub mapped_units: u32,
    /// Addresses at which memory can be mapped.
    pub window: Window,
    /// How many requests were refused for want of room.
    refusals: usize,
    /// What the last of them asked for.
    refused_bytes: usize,
    /// Blocks that [`check`] keeps although they were given back.
    kept_bytes: usize,
}

// SAFETY: the records behind the pointers lie in memory that belongs to this value alone.
unsafe impl Send for Heap {}

impl Heap {
    /// A heap without memory.
    pub const fn empty() -> Self {
        Self {
            partial: [null_mut(); CLASSES],
            free_in_slabs: 0,
            limit_bytes: 0,
            is_checked: false,
            quick_bytes: 0,
            pages: Pages::empty(),
            blocks: [0; CLASSES],
            empty: [null_mut(); CLASSES],
            spare: [null_mut(); CLASSES],
            spare_bytes: 0,
            spare_waste_bytes: 0,
            mapped_units: 0,
            window: Window::none(),
            refusals: 0,
            refused_bytes: 0,
            kept_bytes: 0,
        }
    }

    /// Take over memory; see [`Pages::take_over`].
    ///
    /// # Safety
    /// The ranges are memory that nothing else uses from now on, and do not overlap.
    pub unsafe fn take_over(&mut self, ranges: &[Range], zeroed: bool) {
        // SAFETY: the caller's contract is the same.
        unsafe { self.pages.take_over(ranges, zeroed) };
        self.set_quick();
    }

    /// Take a run; empty slabs are given up when nothing else is left.
    pub fn take(&mut self, len: u32, align_bytes: usize) -> Result<Taken> {
        self.take_with(len as usize * UNIT_BYTES, |pages| {
            pages.take(len, align_bytes)
        })
    }

    fn take_with<T>(
        &mut self,
        len_bytes: usize,
        take: impl Fn(&mut Pages) -> Option<T>,
    ) -> Result<T> {
        if !self.may_use(len_bytes) {
            return Err(Errno::ENOMEM);
        }
        if let Some(taken) = take(&mut self.pages) {
            return Ok(taken);
        }
        if !self.trim() {
            return Err(Errno::ENOMEM);
        }
        take(&mut self.pages).ok_or(Errno::ENOMEM)
    }

    /// Allocate `len_bytes` at a multiple of `align` (a power of two). The second
    /// value is how many of the first bytes may be other than zero.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    #[inline(never)]
    pub fn alloc(&mut self, len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
        if let Some(class) = class_for(len_bytes, align) {
            let block_bytes = TABLE[class].bytes();
            if !self.may_use(block_bytes) {
                return Err(Errno::ENOMEM);
            }
            if let Some(block) = self.alloc_in_slab(class) {
                return Ok((block, block_bytes));
            }
        }
        self.alloc_run(len_bytes, align)
    }

    /// Allocate a block that is a run of its own.
    #[inline(never)]
    fn alloc_run(&mut self, len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
        if len_bytes > isize::MAX as usize {
            return Err(Errno::ENOMEM);
        }
        let wanted = run_bytes(len_bytes);
        let Ok(run) = self.take_with(wanted, |pages| pages.take_block(wanted, align)) else {
            if len_bytes <= PAGE_BYTES {
                return Err(Errno::ENOMEM);
            }
            // As many pieces as there are, behind one address.
            return Ok((self.map_block(len_bytes, align)?, len_bytes));
        };
        let block = NonNull::new(self.pages.at(run.start)).ok_or(Errno::ENOMEM)?;
        Ok((block, run.stale_bytes))
    }

    /// Give back a block.
    ///
    /// # Errors
    /// The address is not that of a live block; nothing has changed then.
    pub fn free(&mut self, block: NonNull<u8>) -> core::result::Result<(), Misuse> {
        match self.place(block.addr().get())? {
            Place::InSlab(block) => self.free_in_slab(&block),
            Place::Run { start, .. } => self.pages.release_block(start),
            Place::InWindow { .. } => self.unmap_block(block.addr().get()),
        }
        Ok(())
    }

    /// Give back a live block that is a run.
    #[inline(always)]
    pub fn free_run(&mut self, start: usize) {
        self.pages.release_block_inline(start);
    }

    /// The bytes that the owner of a block may use.
    ///
    /// # Errors
    /// The address is not that of a live block.
    pub fn usable_bytes(&self, block: NonNull<u8>) -> core::result::Result<usize, Misuse> {
        Ok(match self.place(block.addr().get())? {
            Place::InSlab(block) => TABLE[block.class].bytes(),
            Place::Run { len_bytes, .. } | Place::InWindow { len_bytes } => len_bytes,
        })
    }

    /// Change the size of a block where it lies. False: it must move.
    ///
    /// # Errors
    /// The address is not that of a live block.
    pub fn resize(
        &mut self,
        block: NonNull<u8>,
        len_bytes: usize,
    ) -> core::result::Result<bool, Misuse> {
        match self.place(block.addr().get())? {
            Place::InSlab(block) => Ok(stays(len_bytes, block.class)),
            // It would leave more than half of it unused.
            _ if len_bytes <= LARGEST / 2 => Ok(false),
            Place::Run {
                start,
                len_bytes: old,
            } => Ok(self.resize_run(start, old, len_bytes)),
            Place::InWindow { .. } => Ok(self.resize_block(block.addr().get(), len_bytes)),
        }
    }

    fn resize_run(&mut self, start: usize, old: usize, len_bytes: usize) -> bool {
        if len_bytes > isize::MAX as usize {
            return false;
        }
        let wanted = run_bytes(len_bytes);
        if wanted > old {
            let more = wanted - old;
            return self.may_use(more) && self.pages.grow_block(start, old, more);
        }
        let less = old - wanted;
        if less >= UNIT_BYTES || less > 0 && self.pages.free_at(start + old).is_some() {
            self.pages.release_end(start, wanted);
        }
        true
    }

    /// Give empty slabs back; whether there were any.
    #[cold]
    pub fn trim(&mut self) -> bool {
        let mut any = false;
        for class in 0..CLASSES {
            any |= self.release_empty(class);
        }
        any
    }

    #[cold]
    #[inline(never)]
    fn place_in_window(&self, address: usize) -> core::result::Result<Place, Misuse> {
        if !self.window.contains(address) {
            return Err(Misuse::Foreign);
        }
        let len_bytes = self.mapped_block(address)?;
        Ok(Place::InWindow { len_bytes })
    }

    #[inline(never)]
    fn place(&self, address: usize) -> core::result::Result<Place, Misuse> {
        let Some(unit) = self.pages.unit_of(address) else {
            return self.place_in_window(address);
        };
        let start = self.pages.offset_of(address);
        let what = self.pages.get(unit);
        if what.is_block_at(start) {
            let len_bytes = self.pages.block_bytes(start);
            return Ok(Place::Run { start, len_bytes });
        }
        match self.slab_at(unit as usize, what) {
            Some(slab) => self.in_slab(slab, address).map(Place::InSlab),
            None => Err(self.misuse(unit)),
        }
    }

    /// What is wrong with an address in a unit where no block starts.
    #[cold]
    #[inline(never)]
    fn misuse(&self, unit: u32) -> Misuse {
        match self.pages.get(unit).kind() {
            Kind::Fixed => Misuse::Foreign,
            Kind::Mapped => Misuse::Mapped,
            _ if self.pages.owns(unit) => Misuse::NotLive,
            _ => Misuse::Foreign,
        }
    }
}

/// `len_bytes` rounded up, or 0 if that is too much.
#[inline(always)]
const fn in_grains(len_bytes: usize) -> usize {
    len_bytes.wrapping_add(GRAIN_BYTES - 1) & !(GRAIN_BYTES - 1)
}

/// How long a run for a block of `len_bytes` is at least.
#[inline(always)]
const fn run_bytes(len_bytes: usize) -> usize {
    in_grains(if len_bytes < UNIT_BYTES {
        UNIT_BYTES
    } else {
        len_bytes
    })
}
