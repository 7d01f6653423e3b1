//! `malloc`: blocks of any size out of page runs.
//!
//! Blocks of up to 1616 bytes lie in slabs of one size each, without headers: which
//! blocks of a slab are free stands in a bitmap at its start. Longer blocks are
//! runs of their own and go back to [`Pages`] at once, as do slabs that become
//! empty, but for one of each size. What an address belongs to is read from the
//! table of `Pages`, so a pointer that never was a block, or no longer is, is
//! recognised.

#[cfg(not(feature = "export"))]
pub mod audit;
pub mod check;
pub mod checked;
mod figures;
mod program;
mod slab;
#[cfg(feature = "heap-small")]
mod small;

use core::ptr::NonNull;

use crate::errno::{Errno, Result};
use crate::memory::Window;
use crate::pages::{Kind, PAGE_BYTES, Pages, Range, Taken, UNIT_BYTES, Unit};
pub use figures::Usage;
pub use program::{
    alloc, alloc_zeroed, free, init, map, realloc, refuse, trim, try_usage, usable_bytes, with,
};
use slab::{CLASSES, LARGEST, SLAB_UNITS, block_bytes, capacity, class_for};

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
    InSlab { slab: u32, index: u32, class: usize },
    Run { start: u32, len: u32 },
    InWindow { len_bytes: usize },
}

/// Blocks and mappings over one range of memory.
pub struct Heap {
    /// Where runs come from and go to.
    pub pages: Pages,
    /// Units in mapped pages.
    pub mapped_units: u32,
    /// Addresses at which memory can be mapped.
    pub window: Window,
    partial: [u32; CLASSES],
    empty: [u32; CLASSES],
    empty_slabs: u32,
    /// Free blocks in slabs that are not empty, in bytes.
    free_in_slabs: usize,
    most_used_bytes: usize,
    /// 0 is no limit.
    limit_bytes: usize,
    /// How many requests were refused for want of room.
    refusals: usize,
    /// What the last of them asked for.
    refused_bytes: usize,
    /// Blocks that [`check`] keeps although they were given back.
    kept_bytes: usize,
}

impl Heap {
    /// A heap without memory.
    pub const fn empty() -> Self {
        Self {
            pages: Pages::empty(),
            mapped_units: 0,
            window: Window::none(),
            partial: [0; CLASSES],
            empty: [0; CLASSES],
            empty_slabs: 0,
            free_in_slabs: 0,
            most_used_bytes: 0,
            limit_bytes: 0,
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
        *self = Self::empty();
        // SAFETY: the caller's contract is the same.
        unsafe { self.pages.take_over(ranges, zeroed) };
    }

    /// Take a run; empty slabs are given up when nothing else is left.
    pub fn take(&mut self, len: u32, align_bytes: usize) -> Result<Taken> {
        if !self.may_use(len) {
            return Err(Errno::ENOMEM);
        }
        let mut taken = self.pages.take(len, align_bytes);
        if taken.is_none() && self.trim() {
            taken = self.pages.take(len, align_bytes);
        }
        taken.ok_or(Errno::ENOMEM)
    }

    /// Allocate `len_bytes` at a multiple of `align` (a power of two). The second
    /// value is how many of the first bytes may be other than zero.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn alloc(&mut self, len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
        if let Some(class) = class_for(len_bytes, align) {
            if !self.may_use_bytes(block_bytes(class)) {
                return Err(Errno::ENOMEM);
            }
            let block = self.alloc_in_slab(class)?;
            return Ok((block, block_bytes(class)));
        }
        let len = units_for(len_bytes)?;
        let taken = match self.take(len, align) {
            // As many pieces as there are, behind one address.
            Err(_) if len_bytes > PAGE_BYTES => {
                return Ok((self.map_block(len_bytes, align)?, len_bytes));
            }
            taken => taken?,
        };
        self.pages.set(taken.start, Unit::new(Kind::Block, len));
        self.note_use();
        let block = NonNull::new(self.pages.address(taken.start)).ok_or(Errno::ENOMEM)?;
        Ok((block, taken.stale as usize * UNIT_BYTES))
    }

    /// Give back a block.
    ///
    /// # Errors
    /// The address is not that of a live block; nothing has changed then.
    pub fn free(&mut self, block: NonNull<u8>) -> core::result::Result<(), Misuse> {
        match self.place(block.addr().get())? {
            Place::InSlab { slab, index, class } => self.free_in_slab(slab, index, class),
            Place::Run { start, len } => {
                self.pages.set(start, Unit::new(Kind::Inside, 0));
                self.pages.release(start, len);
            }
            Place::InWindow { .. } => self.unmap_block(block.addr().get()),
        }
        Ok(())
    }

    /// The bytes that the owner of a block may use.
    ///
    /// # Errors
    /// The address is not that of a live block.
    pub fn usable_bytes(&self, block: NonNull<u8>) -> core::result::Result<usize, Misuse> {
        Ok(match self.place(block.addr().get())? {
            Place::InSlab { class, .. } => block_bytes(class),
            Place::Run { len, .. } => len as usize * UNIT_BYTES,
            Place::InWindow { len_bytes } => len_bytes,
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
        let (start, len) = match self.place(block.addr().get())? {
            Place::InSlab { class, .. } => {
                return Ok(class_for(len_bytes, MIN_ALIGN) == Some(class));
            }
            Place::Run { start, len } => (start, len),
            Place::InWindow { .. } => {
                let address = block.addr().get();
                return Ok(len_bytes > LARGEST / 2 && self.resize_block(address, len_bytes));
            }
        };
        let Ok(wanted) = units_for(len_bytes) else {
            return Ok(false);
        };
        if len_bytes <= LARGEST / 2 {
            return Ok(false);
        }
        if wanted > len {
            if !self.may_use(wanted - len)
                || self.pages.take_at(start + len, wanted - len).is_none()
            {
                return Ok(false);
            }
        } else if wanted < len {
            self.pages.release(start + wanted, len - wanted);
        }
        self.pages.set(start, Unit::new(Kind::Block, wanted));
        self.note_use();
        Ok(true)
    }

    /// Give empty slabs back; whether there were any.
    pub fn trim(&mut self) -> bool {
        let any = self.empty_slabs > 0;
        for class in 0..CLASSES {
            let slab = core::mem::take(&mut self.empty[class]);
            if slab != 0 {
                self.release_slab(slab);
            }
        }
        self.empty_slabs = 0;
        any
    }

    #[cold]
    fn place_in_window(&self, address: usize) -> core::result::Result<Place, Misuse> {
        if !self.window.contains(address) {
            return Err(Misuse::Foreign);
        }
        let len_bytes = self.mapped_block(address)?;
        Ok(Place::InWindow { len_bytes })
    }

    fn place(&self, address: usize) -> core::result::Result<Place, Misuse> {
        let Some(unit) = self.pages.unit_of(address) else {
            return self.place_in_window(address);
        };
        let what = self.pages.get(unit);
        let slab = match what.kind() {
            Kind::Slab => unit,
            Kind::InSlab => unit - what.number(),
            Kind::Block if self.pages.address(unit).addr() == address => {
                return Ok(Place::Run {
                    start: unit,
                    len: what.number(),
                });
            }
            Kind::Fixed => return Err(Misuse::Foreign),
            Kind::Mapped => return Err(Misuse::Mapped),
            _ if self.pages.owns(unit) => return Err(Misuse::NotLive),
            _ => return Err(Misuse::Foreign),
        };
        let header = self.slab(slab);
        let class = header.class as usize;
        let size = block_bytes(class);
        let offset = self.pages.address(slab + SLAB_UNITS).addr() - address;
        let index = (offset / size).wrapping_sub(1);
        let Some(word) = header.free.get(index / 64) else {
            return Err(Misuse::NotLive);
        };
        if !offset.is_multiple_of(size)
            || index >= capacity(class) as usize
            || word >> (index % 64) & 1 != 0
        {
            return Err(Misuse::NotLive);
        }
        Ok(Place::InSlab {
            slab,
            index: index as u32,
            class,
        })
    }
}

fn units_for(len_bytes: usize) -> Result<u32> {
    if len_bytes > isize::MAX as usize {
        return Err(Errno::ENOMEM);
    }
    let units = len_bytes.max(1).div_ceil(UNIT_BYTES);
    u32::try_from(units).map_err(|_| Errno::ENOMEM)
}
