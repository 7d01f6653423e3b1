//! `mmap` and its relatives: mappings over page runs.
//!
//! A mapping lies in one of two places. Memory that can be used from the start is a
//! run of [`crate::pages`] at its own address, where there is one long enough
//! ([`direct`]). Where the machine has a window, addresses at which memory can be mapped,
//! reservations lie there, and what finds no run in one piece ([`window`]). What this
//! keeps of POSIX: new memory is zero when it becomes accessible, an address in a live
//! mapping is never handed out again, and any part of a mapping may be unmapped or
//! mapped anew.
//!
//! With a window, permissions are enforced in both places; without, they are remembered.

mod block;
mod commit;
mod direct;
mod tree;
mod window;

use core::ptr::NonNull;

use bitflags::bitflags;

use crate::errno::{Errno, Result};
use crate::heap::Heap;
use crate::pages::PAGE_BYTES;
pub use window::Window;

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

impl Protection {
    /// What memory can be used for that nobody has asked to protect.
    pub const PLAIN: Self = Self::READ.union(Self::WRITE);

    /// With what the processor allows besides: whatever may be done with a page, it can be
    /// read.
    fn as_enforced(self) -> Self {
        if self.is_empty() {
            self
        } else {
            self.union(Self::READ)
        }
    }
}

/// Whole pages from `start` on.
#[derive(Clone, Copy)]
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

    fn end(&self) -> usize {
        self.start + self.len_bytes
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

fn at(address: usize) -> Result<NonNull<u8>> {
    NonNull::new(core::ptr::with_exposed_provenance_mut(address)).ok_or(Errno::ENOMEM)
}

impl Heap {
    /// Map zeroed pages where there is room: at `hint`, if that is in the window and free.
    ///
    /// # Errors
    /// `EINVAL`: `len_bytes` is 0. `ENOMEM`: no room.
    pub fn map(
        &mut self,
        len_bytes: usize,
        protection: Protection,
        hint: usize,
    ) -> Result<NonNull<u8>> {
        if len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let len_bytes = round_up(len_bytes)?;
        let protection = protection.as_enforced();
        let wanted = Span::new(hint & !(PAGE_BYTES - 1), len_bytes)
            .ok()
            .filter(|span| self.window.contains(span.start) && self.window.is_free(span))
            .map(|span| span.start);
        if wanted.is_none() && (!protection.is_empty() || !self.window.is_open()) {
            match self.map_direct(len_bytes, protection) {
                Err(Errno::ENOMEM) => {}
                answer => return answer,
            }
        }
        if self.window.is_open() {
            self.map_in_window(len_bytes, protection, wanted)
        } else {
            self.reserve_beyond(len_bytes, protection)
        }
    }

    /// Map zeroed pages at an address: in the place of mapped ones, or in the window where
    /// nothing is mapped.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page, or `len_bytes` is 0. `ENOMEM`: no room, or
    /// outside the window not all of the pages are mapped. `EEXIST`: some are mapped, and they
    /// are not to be replaced.
    pub fn map_at(
        &mut self,
        address: usize,
        len_bytes: usize,
        protection: Protection,
        replace: bool,
    ) -> Result<NonNull<u8>> {
        if len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        let span = Span::new(address, len_bytes)?;
        let protection = protection.as_enforced();
        if self.window.contains(address) {
            self.map_in_window_at(&span, protection, replace)?;
        } else {
            self.check_mapped(address, len_bytes)?;
            if !replace {
                return Err(Errno::EEXIST);
            }
            self.map_direct_again(&span, protection)?;
        }
        at(address)
    }

    /// Give mapped pages back. What is not mapped is left alone.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page, `len_bytes` is 0, or the range
    /// ends beyond all addresses. `ENOMEM`: a hole in a mapping takes memory to remember,
    /// and there is none.
    pub fn unmap(&mut self, address: usize, len_bytes: usize) -> Result<()> {
        let span = Span::new(address, len_bytes).map_err(|_| Errno::EINVAL)?;
        if span.len_bytes == 0 {
            return Err(Errno::EINVAL);
        }
        self.unmap_in_window(&span)?;
        self.unmap_direct(&span)
    }

    /// Change what may be done with pages.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page. `ENOMEM`: not all of the
    /// pages are mapped, or there is no memory for those that become accessible.
    pub fn protect(
        &mut self,
        address: usize,
        len_bytes: usize,
        protection: Protection,
    ) -> Result<()> {
        self.check_mapped(address, len_bytes)?;
        let span = Span::new(address, len_bytes)?;
        let protection = protection.as_enforced();
        if self.window.contains(address) {
            self.protect_in_window(&span, protection)
        } else {
            self.protect_direct(&span, protection)
        }
    }

    /// Give up what pages hold: they are zero when they are next looked at.
    ///
    /// # Errors
    /// As [`Heap::protect`].
    pub fn forget(&mut self, address: usize, len_bytes: usize) -> Result<()> {
        self.check_mapped(address, len_bytes)?;
        let span = Span::new(address, len_bytes)?;
        if self.window.contains(address) {
            self.forget_in_window(&span)
        } else {
            self.forget_direct(&span)
        }
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
        self.check_mapped(address, old_bytes)
            .map_err(|_| Errno::EFAULT)?;
        if new_bytes <= old.len_bytes {
            if new_bytes < old.len_bytes {
                self.unmap(address + new_bytes, old.len_bytes - new_bytes)?;
            }
            return Ok(true);
        }
        let more = new_bytes - old.len_bytes;
        if self.window.contains(address) {
            Ok(self.grow_in_window(&old, more))
        } else {
            Ok(self.grow_direct(&old, more))
        }
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
            return at(address);
        }
        if !may_move {
            return Err(Errno::ENOMEM);
        }
        let old = Span::new(address, old_bytes)?;
        let new_bytes = round_up(new_bytes)?;
        if self.window.contains(address) {
            self.move_in_window(&old, new_bytes)
        } else {
            self.move_direct(&old, new_bytes)
        }
    }

    /// Check that pages are mapped.
    ///
    /// # Errors
    /// `EINVAL`: `address` is not that of a page. `ENOMEM`: not all of the
    /// pages are mapped.
    pub fn check_mapped(&self, address: usize, len_bytes: usize) -> Result<()> {
        let span = Span::new(address, len_bytes)?;
        let mapped = if self.window.contains(address) {
            self.window.is_mapped(&span)
        } else {
            self.is_mapped_direct(&span)
        };
        if mapped { Ok(()) } else { Err(Errno::ENOMEM) }
    }
}
