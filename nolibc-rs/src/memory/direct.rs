//! Mappings in memory at its own address. The state of each page stands in the table
//! of [`crate::pages`].
//!
//! Such a page keeps its memory as long as it is mapped, whoever may access it. Permissions
//! are enforced where the machine has a window, and taken back before pages are given back.
//!
//! Without a window a reservation too long for memory may begin in it and go on behind its
//! end, where no memory can ever be.

use core::ptr::NonNull;

use super::{Protection, Span, at};
use crate::errno::{Errno, Result};
use crate::heap::Heap;
use crate::pages::{PAGE_BYTES, PAGE_UNITS, Taken, UNIT_BYTES};
use crate::platform;

/// What a page holds, in its state beside the protection.
const CONTENTS: u32 = 24;
/// All zeros, known without looking; nobody may access it.
const ZERO: u32 = 0;
/// Old bytes, which nobody may see; nobody may access it.
const STALE: u32 = 8;
/// What the program put there.
const LIVE: u32 = 16;

/// A page of which the program shall see zeros, and which has this state.
fn fresh(state: u32) -> u32 {
    if state & CONTENTS == ZERO {
        ZERO
    } else {
        STALE
    }
}

impl Heap {
    /// The unit of a mapped page at `address`.
    fn mapped(&self, address: usize) -> Option<u32> {
        let unit = self.pages.unit_of(address)?;
        self.pages.mapped(unit).map(|_| unit)
    }

    /// The state of a mapped page.
    fn state(&self, unit: u32) -> u32 {
        self.pages.mapped(unit).unwrap_or(ZERO)
    }

    /// The protection of a mapped page.
    fn protection(&self, unit: u32) -> Protection {
        Protection::from_bits_truncate(self.state(unit))
    }

    fn mapped_pages(&self, span: &Span) -> impl Iterator<Item = u32> {
        let pages = (0..span.len_bytes).step_by(PAGE_BYTES);
        pages.filter_map(|offset| self.mapped(span.start + offset))
    }

    /// Where memory ends and the rest of a reservation begins.
    fn limit(&self) -> usize {
        let beyond = &self.window.beyond;
        if beyond.is_empty() {
            usize::MAX
        } else {
            beyond.start
        }
    }

    pub(super) fn is_mapped_direct(&self, span: &Span) -> bool {
        let limit = self.limit().clamp(span.start, span.end());
        let behind = limit..span.end();
        self.mapped_pages(span).count() * PAGE_BYTES == limit - span.start
            && (behind.is_empty() || behind.end <= self.window.beyond.end)
    }

    /// The part of a mapped span that is memory. Behind that nothing can be accessed.
    ///
    /// # Errors
    /// `ENOMEM`: that is not all, and `protection` is to be had there.
    fn memory_of(&self, span: &Span, protection: Protection) -> Result<Span> {
        let limit = self.limit();
        if span.end() > limit && !protection.is_empty() {
            return Err(Errno::ENOMEM);
        }
        Ok(Span {
            start: span.start,
            len_bytes: span.end().min(limit).saturating_sub(span.start),
        })
    }

    /// Have a permission enforced, where that is possible.
    fn enforce(&mut self, start: usize, len_bytes: usize, protection: Protection) -> Result<()> {
        if !self.window.is_open() {
            return Ok(());
        }
        self.with_tables(2, || {
            // SAFETY: mapped pages, whose owner asks for it or gives them up.
            unsafe { platform::protect_pages(start, len_bytes, protection.bits()) }
        })
    }

    /// Give all pages of a span, which are mapped, a protection, and contents by their states.
    fn settle(
        &mut self,
        span: &Span,
        protection: Protection,
        contents: impl Fn(u32) -> u32,
    ) -> Result<()> {
        let (mut differ, mut to_zero) = (false, false);
        for unit in self.mapped_pages(span) {
            let state = self.state(unit);
            differ |= Protection::from_bits_truncate(state) != protection;
            to_zero |= !protection.is_empty() && contents(state) == STALE;
        }
        // Whoever writes zeros must be allowed to write.
        let lift = to_zero && protection != Protection::PLAIN;
        if differ || lift {
            let first = if to_zero {
                Protection::PLAIN
            } else {
                protection
            };
            self.enforce(span.start, span.len_bytes, first)?;
        }
        for offset in (0..span.len_bytes).step_by(PAGE_BYTES) {
            let Some(unit) = self.mapped(span.start + offset) else {
                continue;
            };
            let contents = contents(self.state(unit));
            self.set_page(unit, protection, contents);
        }
        if lift {
            // Cannot want tables: the call above has cut the same pages out.
            self.enforce(span.start, span.len_bytes, protection)?;
        }
        Ok(())
    }

    fn set_page(&mut self, unit: u32, protection: Protection, mut contents: u32) {
        if !protection.is_empty() && contents != LIVE {
            if contents == STALE {
                // SAFETY: a whole page starts at this unit, and it is mapped: its owner
                // asked for zeros, by mapping it anew or by giving up what it held.
                unsafe { self.pages.address(unit).write_bytes(0, PAGE_BYTES) };
            }
            contents = LIVE;
        }
        let state = protection.bits() | contents;
        self.pages.set_mapped(unit, state);
    }

    /// Make `units` units a mapping.
    fn set_mapping(&mut self, taken: Taken, units: u32, protection: Protection) {
        for page in (0..units).step_by(PAGE_UNITS as usize) {
            let contents = if page < taken.stale { STALE } else { ZERO };
            self.set_page(taken.start + page, protection, contents);
        }
        self.mapped_units += units;
    }

    pub(super) fn map_direct(
        &mut self,
        len_bytes: usize,
        protection: Protection,
    ) -> Result<NonNull<u8>> {
        let units = u32::try_from(len_bytes / UNIT_BYTES).map_err(|_| Errno::ENOMEM)?;
        let taken = self.take(units, PAGE_BYTES)?;
        let start = self.pages.address(taken.start);
        self.set_mapping(taken, units, protection);
        if protection != Protection::PLAIN {
            let address = start.addr();
            self.enforce(address, len_bytes, protection)
                .inspect_err(|_| {
                    self.release_mapping(taken.start, units);
                })?;
        }
        NonNull::new(start).ok_or(Errno::ENOMEM)
    }

    /// Give mapped pages back that can be written.
    fn release_mapping(&mut self, first: u32, units: u32) {
        for page in (0..units).step_by(PAGE_UNITS as usize) {
            self.pages.clear_mapped(first + page);
        }
        self.mapped_units -= units;
        self.pages.release(first, units);
    }

    /// Reserve addresses from memory on to behind its end: a quarter of the free memory there
    /// can be used, which is lost to others.
    pub(super) fn reserve_beyond(
        &mut self,
        len_bytes: usize,
        protection: Protection,
    ) -> Result<NonNull<u8>> {
        let (Some((run, len)), true) = (
            self.pages.last_free_units(),
            protection.is_empty() && self.window.beyond.is_empty(),
        ) else {
            return Err(Errno::ENOMEM);
        };
        let units = len / 4 / PAGE_UNITS * PAGE_UNITS;
        let start = run + len - units;
        let end = self.pages.address(run + len).addr();
        let len = len_bytes.checked_sub(units as usize * UNIT_BYTES);
        let behind = len.and_then(|len| end.checked_add(len));
        // What is not an address is no reservation either.
        let behind = behind.filter(|behind| *behind < 1 << 47 && units > 0);
        let behind = behind.ok_or(Errno::ENOMEM)?;
        if !self.may_use(units as usize * UNIT_BYTES) || !self.pages.take_last(units) {
            return Err(Errno::ENOMEM);
        }
        let taken = Taken {
            start,
            stale: units,
        };
        self.set_mapping(taken, units, protection);
        self.window.beyond = end..behind;
        at(self.pages.address(start).addr())
    }

    pub(super) fn map_direct_again(&mut self, span: &Span, protection: Protection) -> Result<()> {
        let memory = self.memory_of(span, protection)?;
        self.settle(&memory, protection, fresh)
    }

    pub(super) fn unmap_direct(&mut self, span: &Span) -> Result<()> {
        let beyond = &mut self.window.beyond;
        if span.start <= beyond.start {
            beyond.start = beyond.start.max(span.end().min(beyond.end));
        } else {
            // A hole goes on to the end: what is behind cannot be used anyway.
            beyond.end = beyond.end.min(span.start);
        }
        let limit = self.pages.address(self.pages.span_units()).addr();
        let end = span.end().min(limit);
        let mut at = span.start.max(self.pages.address(0).addr());
        while at < end {
            let Some(first) = self.mapped(at) else {
                at += PAGE_BYTES;
                continue;
            };
            let (start, mut units, mut plain) = (at, 0, true);
            while at < end && self.mapped(at) == Some(first + units) {
                plain &= self.protection(first + units) == Protection::PLAIN;
                units += PAGE_UNITS;
                at += PAGE_BYTES;
            }
            if !plain {
                self.enforce(start, at - start, Protection::PLAIN)?;
            }
            self.release_mapping(first, units);
        }
        Ok(())
    }

    pub(super) fn protect_direct(&mut self, span: &Span, protection: Protection) -> Result<()> {
        let memory = self.memory_of(span, protection)?;
        self.settle(&memory, protection, |state| state & CONTENTS)
    }

    pub(super) fn forget_direct(&mut self, span: &Span) -> Result<()> {
        let mut rest = self.memory_of(span, Protection::empty())?;
        // Pages that keep their protection are done as far as they have the same.
        while let Some(first) = self.mapped(rest.start).filter(|_| rest.len_bytes > 0) {
            let protection = self.protection(first);
            let other = self
                .mapped_pages(&rest)
                .position(|unit| self.protection(unit) != protection);
            let part = Span {
                start: rest.start,
                len_bytes: other.map_or(rest.len_bytes, |pages| pages * PAGE_BYTES),
            };
            self.settle(&part, protection, fresh)?;
            rest.start += part.len_bytes;
            rest.len_bytes -= part.len_bytes;
        }
        Ok(())
    }

    pub(super) fn grow_direct(&mut self, old: &Span, more_bytes: usize) -> bool {
        let last = self.mapped(old.end() - PAGE_BYTES);
        let more = u32::try_from(more_bytes / UNIT_BYTES);
        let (Some(last), Ok(more)) = (last, more) else {
            return false;
        };
        let protection = self.protection(last);
        let start = last + PAGE_UNITS;
        if !self.may_use(more_bytes) {
            return false;
        }
        let Some(taken) = self.pages.take_at(start, more) else {
            return false;
        };
        self.set_mapping(taken, more, protection);
        if protection != Protection::PLAIN
            && self.enforce(old.end(), more_bytes, protection).is_err()
        {
            self.release_mapping(start, more);
            return false;
        }
        true
    }

    /// Move a mapping that is longer afterwards.
    pub(super) fn move_direct(&mut self, old: &Span, new_bytes: usize) -> Result<NonNull<u8>> {
        let last = self.mapped(old.end() - PAGE_BYTES).ok_or(Errno::ENOMEM)?;
        let last = self.protection(last);
        let moved = self.map(new_bytes, Protection::PLAIN, 0)?;
        let new = moved.addr().get();
        let mut done = Ok(());
        for offset in (0..old.len_bytes).step_by(PAGE_BYTES) {
            if done.is_ok() {
                done = self.copy_page(old.start + offset, new + offset);
            }
        }
        if done.is_ok() && last != Protection::PLAIN && new_bytes > old.len_bytes {
            done = self.protect(new + old.len_bytes, new_bytes - old.len_bytes, last);
        }
        if let Err(error) = done {
            self.unmap(new, new_bytes)?;
            return Err(error);
        }
        self.unmap_direct(old)?;
        Ok(moved)
    }

    /// Copy a page and its protection to a mapping that is zero and can be written.
    fn copy_page(&mut self, from: usize, to: usize) -> Result<()> {
        let (Some(unit), Some(memory)) = (self.mapped(from), self.memory_at(to)) else {
            return Err(Errno::ENOMEM);
        };
        let protection = self.protection(unit);
        if self.state(unit) & CONTENTS == LIVE {
            if protection.is_empty() {
                self.enforce(from, PAGE_BYTES, Protection::READ)?;
            }
            // SAFETY: whole pages of different mappings; one can be read, the other written.
            unsafe { memory.copy_from_nonoverlapping(self.pages.address(unit), PAGE_BYTES) };
            if protection.is_empty() {
                // Cannot want tables: the call above has cut the page out.
                self.enforce(from, PAGE_BYTES, protection)?;
            }
        }
        if protection == Protection::PLAIN {
            return Ok(());
        }
        self.protect(to, PAGE_BYTES, protection)
    }

    /// Where the memory of a mapped page is.
    fn memory_at(&self, address: usize) -> Option<*mut u8> {
        if !self.window.contains(address) {
            return Some(core::ptr::with_exposed_provenance_mut(address));
        }
        let memory = platform::lookup(address, PAGE_BYTES).at?;
        Some(core::ptr::with_exposed_provenance_mut(memory))
    }
}
