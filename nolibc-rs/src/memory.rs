//! `mmap` and its relatives: mappings over page runs.
//!
//! There is no paging here: a mapping lies in memory at its address from the
//! start, a reservation as well, and permissions are remembered but not enforced.
//! What is kept of POSIX: new memory is zero when it becomes accessible, an
//! address in a live mapping is never handed out again, and any part of a mapping
//! may be unmapped or mapped anew.
//!
//! The state of each page is the number in the table of [`crate::pages`].

use core::ptr::NonNull;

use bitflags::bitflags;

use crate::errno::{Errno, Result};
use crate::heap::Heap;
use crate::pages::{Kind, PAGE_BYTES, PAGE_UNITS, Unit};

bitflags! {
    /// What may be done with a page.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Protection: u32 {
        /// `PROT_READ`
        const READ = 1;
        /// `PROT_WRITE`
        const WRITE = 2;
        /// `PROT_EXEC`
        const EXECUTE = 4;
    }
}

/// What a page holds, in its state beside the protection.
const CONTENTS: u32 = 24;
/// All zeros, known without looking; nobody may access it.
const ZERO: u32 = 0;
/// Old bytes, which nobody may see; nobody may access it.
const STALE: u32 = 8;
/// What the program put there.
const LIVE: u32 = 16;

/// Whole pages from `address` on.
struct Span {
    start: usize,
    len_bytes: usize,
}

impl Span {
    /// # Errors
    /// `EINVAL`: `address` is not that of a page. `ENOMEM`: the end is beyond
    /// all addresses.
    fn new(address: usize, len_bytes: usize) -> Result<Self> {
        if !address.is_multiple_of(PAGE_BYTES) {
            return Err(Errno::EINVAL);
        }
        let len_bytes = round_up(len_bytes)?;
        address.checked_add(len_bytes).ok_or(Errno::ENOMEM)?;
        Ok(Self {
            start: address,
            len_bytes,
        })
    }
}

fn round_up(len_bytes: usize) -> Result<usize> {
    let rounded = len_bytes
        .checked_next_multiple_of(PAGE_BYTES)
        .ok_or(Errno::ENOMEM)?;
    if rounded > isize::MAX as usize {
        Err(Errno::ENOMEM)
    } else {
        Ok(rounded)
    }
}

impl Heap {
    /// The unit of a mapped page at `address`.
    fn mapped(&self, address: usize) -> Option<u32> {
        let unit = self.pages.unit_of(address)?;
        (self.pages.get(unit).kind() == Kind::Mapped).then_some(unit)
    }

    fn all_mapped(&self, span: &Span) -> bool {
        let mut pages = (0..span.len_bytes).step_by(PAGE_BYTES);
        pages.all(|offset| self.mapped(span.start + offset).is_some())
    }

    fn zero_page(&mut self, unit: u32) {
        // SAFETY: a whole page starts at this unit, and it is mapped: its owner
        // asked for zeros, by mapping it anew or by giving up what it held.
        unsafe { self.pages.address(unit).write_bytes(0, PAGE_BYTES) };
    }

    fn set_page(&mut self, unit: u32, protection: Protection, mut contents: u32) {
        if !protection.is_empty() && contents != LIVE {
            if contents == STALE {
                self.zero_page(unit);
            }
            contents = LIVE;
        }
        let state = protection.bits() | contents;
        self.pages.set(unit, Unit::new(Kind::Mapped, state));
    }

    /// Map zeroed pages where there is room.
    ///
    /// # Errors
    /// `EINVAL`: `len_bytes` is 0. `ENOMEM`: no room.
    pub fn map(&mut self, len_bytes: usize, protection: Protection) -> Result<NonNull<u8>> {
        if len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let len = u32::try_from(round_up(len_bytes)? / PAGE_BYTES).map_err(|_| Errno::ENOMEM)?;
        let units = len.checked_mul(PAGE_UNITS).ok_or(Errno::ENOMEM)?;
        let taken = self.take(units, PAGE_BYTES)?;
        for page in 0..len {
            let contents = if page * PAGE_UNITS < taken.stale {
                STALE
            } else {
                ZERO
            };
            self.set_page(taken.start + page * PAGE_UNITS, protection, contents);
        }
        self.mapped_units += units;
        self.note_use();
        NonNull::new(self.pages.address(taken.start)).ok_or(Errno::ENOMEM)
    }

    /// Map zeroed pages in the place of mapped ones.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page, or `len_bytes` is 0. `ENOMEM`: not
    /// all of the pages are mapped.
    pub fn map_again(
        &mut self,
        address: usize,
        len_bytes: usize,
        protection: Protection,
    ) -> Result<()> {
        if len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let span = Span::new(address, len_bytes)?;
        if !self.all_mapped(&span) {
            return Err(Errno::ENOMEM);
        }
        self.each_mapped(&span, |heap, unit, state| {
            let contents = if state & CONTENTS == ZERO {
                ZERO
            } else {
                STALE
            };
            heap.set_page(unit, protection, contents);
        });
        Ok(())
    }

    fn each_mapped(&mut self, span: &Span, mut visit: impl FnMut(&mut Self, u32, u32)) {
        for offset in (0..span.len_bytes).step_by(PAGE_BYTES) {
            if let Some(unit) = self.mapped(span.start + offset) {
                let state = self.pages.get(unit).number();
                visit(self, unit, state);
            }
        }
    }

    /// Give mapped pages back. What is not mapped is left alone.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page, `len_bytes` is 0, or the range
    /// ends beyond all addresses.
    pub fn unmap(&mut self, address: usize, len_bytes: usize) -> Result<()> {
        let span = Span::new(address, len_bytes).map_err(|_| Errno::EINVAL)?;
        if span.len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let end = span.start + span.len_bytes;
        let limit = self.pages.address(self.pages.span_units()).addr();
        let mut at = span.start.max(self.pages.address(0).addr());
        while at < end.min(limit) {
            let Some(first) = self.mapped(at) else {
                at += PAGE_BYTES;
                continue;
            };
            let mut units = 0;
            while at < end && self.mapped(at) == Some(first + units) {
                self.pages.set(first + units, Unit::new(Kind::Inside, 0));
                units += PAGE_UNITS;
                at += PAGE_BYTES;
            }
            self.mapped_units -= units;
            self.pages.release(first, units);
        }
        Ok(())
    }

    /// Change what may be done with pages.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page. `ENOMEM`: not all of the
    /// pages are mapped.
    pub fn protect(
        &mut self,
        address: usize,
        len_bytes: usize,
        protection: Protection,
    ) -> Result<()> {
        let span = Span::new(address, len_bytes)?;
        if !self.all_mapped(&span) {
            return Err(Errno::ENOMEM);
        }
        self.each_mapped(&span, |heap, unit, state| {
            heap.set_page(unit, protection, state & CONTENTS);
        });
        Ok(())
    }

    /// Give up what pages hold: they are zero when they are next looked at.
    ///
    /// # Errors
    /// As [`Heap::protect`].
    pub fn forget(&mut self, address: usize, len_bytes: usize) -> Result<()> {
        let span = Span::new(address, len_bytes)?;
        if !self.all_mapped(&span) {
            return Err(Errno::ENOMEM);
        }
        self.each_mapped(&span, |heap, unit, state| {
            let contents = if state & CONTENTS == ZERO {
                ZERO
            } else {
                STALE
            };
            heap.set_page(unit, Protection::from_bits_truncate(state), contents);
        });
        Ok(())
    }

    /// Make a mapping longer or shorter where it lies. False: there is no room after it.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page, or a length is 0. `EFAULT`: not all of the
    /// old pages are mapped. `ENOMEM`: the new length is beyond all addresses.
    pub fn resize_mapping(
        &mut self,
        address: usize,
        old_bytes: usize,
        new_bytes: usize,
    ) -> Result<bool> {
        if old_bytes == 0 || new_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let old = Span::new(address, old_bytes)?;
        let new_bytes = round_up(new_bytes)?;
        if !self.all_mapped(&old) {
            return Err(Errno::EFAULT);
        }
        if new_bytes <= old.len_bytes {
            if new_bytes < old.len_bytes {
                self.unmap(address + new_bytes, old.len_bytes - new_bytes)?;
            }
            return Ok(true);
        }
        let last = self
            .mapped(address + old.len_bytes - PAGE_BYTES)
            .ok_or(Errno::EFAULT)?;
        let protection = Protection::from_bits_truncate(self.pages.get(last).number());
        let start = last + PAGE_UNITS;
        let Ok(more) = u32::try_from((new_bytes - old.len_bytes) / crate::pages::UNIT_BYTES) else {
            return Ok(false);
        };
        if !self.may_use(more) {
            return Ok(false);
        }
        let Some(taken) = self.pages.take_at(start, more) else {
            return Ok(false);
        };
        for unit in (0..more).step_by(PAGE_UNITS as usize) {
            let contents = if unit < taken.stale { STALE } else { ZERO };
            self.set_page(start + unit, protection, contents);
        }
        self.mapped_units += more;
        self.note_use();
        Ok(true)
    }

    /// Make a mapping longer or shorter, somewhere else if it may and must move.
    ///
    /// # Errors
    /// As [`Heap::resize_mapping`]; `ENOMEM`: no room.
    pub fn remap(
        &mut self,
        address: usize,
        old_bytes: usize,
        new_bytes: usize,
        may_move: bool,
    ) -> Result<NonNull<u8>> {
        if self.resize_mapping(address, old_bytes, new_bytes)? {
            return NonNull::new(core::ptr::with_exposed_provenance_mut(address))
                .ok_or(Errno::EINVAL);
        }
        if !may_move {
            return Err(Errno::ENOMEM);
        }
        let old = self.mapped(address).ok_or(Errno::EFAULT)?;
        let moved = self.map(new_bytes, Protection::all())?;
        let new = self.mapped(moved.addr().get()).ok_or(Errno::EFAULT)?;
        let last = Protection::from_bits_truncate(self.pages.get(old).number());
        let (old_bytes, new_bytes) = (round_up(old_bytes)?, round_up(new_bytes)?);
        // SAFETY: both are mapped for so long, distinct, and shorter than new.
        unsafe {
            moved
                .as_ptr()
                .copy_from_nonoverlapping(self.pages.address(old), old_bytes)
        };
        for page in 0..(new_bytes / PAGE_BYTES) as u32 {
            let unit = page * PAGE_UNITS;
            let state = if (page as usize) < old_bytes / PAGE_BYTES {
                self.pages.get(old + unit).number()
            } else {
                last.bits() | LIVE
            };
            self.pages.set(new + unit, Unit::new(Kind::Mapped, state));
        }
        self.unmap(address, old_bytes)?;
        Ok(moved)
    }

    /// Check that pages are mapped.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page. `ENOMEM`: not all of the
    /// pages are mapped.
    pub fn check_mapped(&self, address: usize, len_bytes: usize) -> Result<()> {
        let span = Span::new(address, len_bytes)?;
        if self.all_mapped(&span) {
            Ok(())
        } else {
            Err(Errno::ENOMEM)
        }
    }
}
