//! Memory behind the window's addresses: mapped, taken back, protected, moved.
//!
//! It comes as runs from [`crate::pages`], in as many pieces as it has to be, and is zeroed at
//! its own address. Page tables are memory too, handed over when they run out.

use core::ops::Range;

use super::tree::Use;
use super::window::{LARGE_BYTES, Window};
use super::{Protection, Span};
use crate::errno::{Errno, Result};
use crate::heap::Heap;
use crate::pages::{PAGE_BYTES, PAGE_UNITS, UNIT_BYTES};
use crate::platform;

/// How many pieces are given back at once.
const BATCH: usize = 32;

/// The permissions of the last page of a span, if somebody may access it.
pub(super) fn last_protection(span: &Span) -> Option<Protection> {
    let last = platform::lookup(span.end() - PAGE_BYTES, PAGE_BYTES);
    let protection = Protection::from_bits_truncate(last.protection);
    (!protection.is_empty()).then_some(protection)
}

/// About how many tables it takes to map so much.
fn tables_for(len_bytes: usize) -> usize {
    len_bytes / LARGE_BYTES + 3
}

/// Make memory zero that belongs to a mapping.
pub(super) fn zero(memory: usize, len_bytes: usize) {
    let memory = core::ptr::with_exposed_provenance_mut::<u8>(memory);
    // SAFETY: its owner asks for zeros; at its own address it can always be written.
    unsafe { memory.write_bytes(0, len_bytes) };
}

impl Heap {
    /// Work on page tables, handing over memory for `wanted` more as often as they run out.
    pub(super) fn with_tables(
        &mut self,
        wanted: usize,
        mut work: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        loop {
            match work() {
                Err(Errno::ENOMEM) => self.add_tables(wanted)?,
                answer => return answer,
            }
        }
    }

    fn add_tables(&mut self, wanted: usize) -> Result<()> {
        // The first page of 2 MiB serves those themselves.
        let units = u32::try_from(wanted + 1).map_or(0, |pages| pages.saturating_mul(PAGE_UNITS));
        let (taken, units) = if self.may_use(units as usize * UNIT_BYTES)
            && let Some(taken) = self.pages.take_at(self.window.tables_end, units)
        {
            (taken, units)
        } else if let Ok(taken) = self.take(units, PAGE_BYTES) {
            (taken, units)
        } else {
            (self.take(PAGE_UNITS, PAGE_BYTES)?, PAGE_UNITS)
        };
        let address = self.pages.address(taken.start).addr();
        let given = platform::give_tables(address, units as usize * UNIT_BYTES);
        if given.is_err() {
            self.pages.release(taken.start, units);
            return Err(Errno::ENOMEM);
        }
        self.window.tables_end = taken.start + units;
        Ok(())
    }

    /// Map memory wherever there is none yet in a span, zeroed if it is for `mmap`. `renew`:
    /// and make zero what there is.
    ///
    /// # Errors
    /// `ENOMEM`: there is not enough. If that was plain from the start nothing has changed.
    pub(super) fn commit(
        &mut self,
        span: &Span,
        protection: Protection,
        used_as: Use,
        renew: bool,
    ) -> Result<()> {
        let missing: usize = Window::pieces(span)
            .filter(|(_, mapped)| mapped.at.is_none())
            .map(|(_, mapped)| mapped.len_bytes)
            .sum();
        if missing > self.pages.free_bytes() {
            self.trim();
        }
        if missing > self.pages.free_bytes() || !self.may_use(missing) {
            return Err(Errno::ENOMEM);
        }
        for (start, mapped) in Window::pieces(span) {
            let len_bytes = mapped.len_bytes;
            match mapped.at {
                None => self.fill(&Span { start, len_bytes }, protection, used_as)?,
                Some(memory) if renew => zero(memory, len_bytes),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Map memory in all of a span, in which there is none. If not all can be had, none is.
    fn fill(&mut self, span: &Span, protection: Protection, used_as: Use) -> Result<()> {
        let (mut start, mut most) = (span.start, span.len_bytes);
        while start < span.end() {
            let filled = self.fill_piece(start, most.min(span.end() - start), protection, used_as);
            match filled {
                Ok(len_bytes) => {
                    start += len_bytes;
                    most = len_bytes.max(PAGE_BYTES);
                }
                Err(error) => {
                    let done = Span {
                        start: span.start,
                        len_bytes: start - span.start,
                    };
                    // What was mapped piece by piece is unmapped without another table.
                    let _ = self.decommit(&done, used_as);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Map one run of memory, of `most` bytes if there is one, at `start`; answers its length.
    fn fill_piece(
        &mut self,
        start: usize,
        most: usize,
        protection: Protection,
        used_as: Use,
    ) -> Result<usize> {
        let mut len = most;
        let taken = loop {
            let units = u32::try_from(len / UNIT_BYTES).map_err(|_| Errno::ENOMEM)?;
            let large = len >= LARGE_BYTES && start.is_multiple_of(LARGE_BYTES);
            let aligned = if large {
                self.pages.take(units, LARGE_BYTES)
            } else {
                None
            };
            if let Some(taken) = aligned.or_else(|| self.pages.take(units, PAGE_BYTES)) {
                break taken;
            }
            if len == PAGE_BYTES {
                return Err(Errno::ENOMEM);
            }
            len = (len / 2).next_multiple_of(PAGE_BYTES);
        };
        let units = (len / UNIT_BYTES) as u32;
        let memory = self.pages.address(taken.start);
        if used_as == Use::Mapping {
            // SAFETY: a run that was just taken; so much of it may hold old bytes.
            unsafe { memory.write_bytes(0, taken.stale.min(units) as usize * UNIT_BYTES) };
        }
        self.with_tables(tables_for(len), || {
            platform::map_pages(start, memory.addr(), len, protection.bits())
        })
        .inspect_err(|_| self.pages.release(taken.start, units))?;
        if used_as == Use::Mapping {
            self.mapped_units += units;
        }
        Ok(len)
    }

    /// Give back the memory in a span; its addresses stay in use.
    ///
    /// # Errors
    /// `ENOMEM`: a table is wanted to take away a part of what one entry maps, and there is
    /// no memory for it. Some of the span may have been given back.
    pub(super) fn decommit(&mut self, span: &Span, used_as: Use) -> Result<()> {
        let mut rest = *span;
        while rest.len_bytes > 0 {
            let mut runs = [(0, 0); BATCH];
            let (mut count, mut end) = (0, rest.end());
            for (start, mapped) in Window::pieces(&rest) {
                let Some(memory) = mapped.at else { continue };
                let Some(run) = runs.get_mut(count) else {
                    end = start;
                    break;
                };
                *run = (memory, (mapped.len_bytes / UNIT_BYTES) as u32);
                count += 1;
            }
            let (start, len_bytes) = (rest.start, end - rest.start);
            if count > 0 {
                self.with_tables(2, || {
                    // SAFETY: whoever gives memory back does not use it any more.
                    unsafe { platform::unmap_pages(start, len_bytes) }
                })?;
            }
            for &(memory, units) in runs.iter().take(count) {
                if used_as == Use::Mapping {
                    self.mapped_units -= units;
                }
                if let Some(unit) = self.pages.unit_of(memory) {
                    self.pages.release(unit, units);
                }
            }
            rest = Span {
                start: end,
                len_bytes: rest.end() - end,
            };
        }
        Ok(())
    }

    /// Have the permissions of what is mapped in a span be these.
    pub(super) fn change(&mut self, span: &Span, protection: Protection) -> Result<()> {
        let mut differ = span.start..span.start;
        for (start, mapped) in Window::pieces(span) {
            if mapped.at.is_none() || mapped.protection == protection.bits() {
                self.change_all(&differ, protection)?;
                differ.start = start + mapped.len_bytes;
            }
            differ.end = start + mapped.len_bytes;
        }
        self.change_all(&differ, protection)
    }

    fn change_all(&mut self, range: &Range<usize>, protection: Protection) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        self.with_tables(2, || {
            // SAFETY: the owner of the mapping asks for it.
            unsafe { platform::protect_pages(range.start, range.len(), protection.bits()) }
        })
    }

    /// Map the memory of a span from `to` on instead, in a part of its own, and more behind
    /// it. If that fails the part is given up.
    pub(super) fn move_memory(
        &mut self,
        from: &Span,
        to: usize,
        new_bytes: usize,
        used_as: Use,
    ) -> Result<()> {
        let more = Span {
            start: to + from.len_bytes,
            len_bytes: new_bytes - from.len_bytes,
        };
        let mut done = self.map_again(from, to);
        if let Some(protection) = last_protection(from) {
            done = done.and_then(|()| self.commit(&more, protection, used_as, false));
        }
        done = done.and_then(|()| {
            self.with_tables(2, || {
                // SAFETY: the memory is mapped at its new place, which is used from now on.
                unsafe { platform::unmap_pages(from.start, from.len_bytes) }
            })
        });
        if done.is_err() {
            // As it was mapped, piece by piece, it is unmapped without another table.
            let _ = self.decommit(&more, used_as);
            // SAFETY: the memory is still mapped at its old place.
            let _ = unsafe { platform::unmap_pages(to, from.len_bytes) };
            self.set_part(to, 0..0);
        }
        done
    }

    /// Map the memory of a span a second time, from `to` on.
    fn map_again(&mut self, from: &Span, to: usize) -> Result<()> {
        for (start, mapped) in Window::pieces(from) {
            let Some(memory) = mapped.at else { continue };
            let (target, len) = (to + (start - from.start), mapped.len_bytes);
            self.with_tables(tables_for(len), || {
                platform::map_pages(target, memory, len, mapped.protection)
            })?;
        }
        Ok(())
    }
}
