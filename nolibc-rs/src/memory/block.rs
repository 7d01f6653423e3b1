//! Blocks of `malloc` in the window: what is too long for any run of memory in one piece.
//!
//! A block has whole pages, and an address behind them at which nothing is ever mapped. One
//! that cannot grow where it lies has its memory mapped elsewhere, without a copy.

use core::ptr::NonNull;

use super::tree::Use;
use super::{Protection, Span, at, round_up};
use crate::errno::{Errno, Result};
use crate::heap::{Heap, Misuse};
use crate::pages::PAGE_BYTES;

/// What is never mapped behind a block.
const GUARD_BYTES: usize = PAGE_BYTES;

impl Heap {
    /// Allocate a block in the window; its contents are old.
    ///
    /// # Errors
    /// `ENOMEM`: no window, or not enough memory in any number of pieces.
    pub fn map_block(&mut self, len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
        if !self.window.is_open() {
            return Err(Errno::ENOMEM);
        }
        let len_bytes = round_up(len_bytes.max(1))?;
        let with_guard = len_bytes.checked_add(GUARD_BYTES).ok_or(Errno::ENOMEM)?;
        let start = self.reserve(with_guard, align, Use::Block)?;
        self.commit(
            &Span { start, len_bytes },
            Protection::PLAIN,
            Use::Block,
            false,
        )
        .inspect_err(|_| self.set_part(start, 0..0))?;
        at(start)
    }

    /// The block at an address of the window.
    ///
    /// # Errors
    /// There is none: the address belongs to a mapping, to nobody, or lies inside a block.
    pub fn mapped_block(&self, address: usize) -> core::result::Result<usize, Misuse> {
        let span = self.block_span(address);
        if let Some(span) = span.filter(|span| span.start == address) {
            return Ok(span.len_bytes);
        }
        let page = Span {
            start: address & !(PAGE_BYTES - 1),
            len_bytes: PAGE_BYTES,
        };
        Err(if self.window.is_mapped(&page) {
            Misuse::Mapped
        } else {
            Misuse::NotLive
        })
    }

    fn block_span(&self, address: usize) -> Option<Span> {
        let part = self.window.block_at(address)?;
        Some(Span {
            start: part.start,
            len_bytes: part.end - GUARD_BYTES - part.start,
        })
    }

    /// Give back a block of the window.
    pub fn unmap_block(&mut self, address: usize) {
        if let Some(span) = self.block_span(address) {
            // All that one entry maps belongs to the block, so no table is wanted.
            let done = self.decommit(&span, Use::Block);
            if done.is_ok() {
                self.set_part(span.start, 0..0);
            }
        }
    }

    /// Change the length of a block of the window where it lies. False: it must move.
    pub fn resize_block(&mut self, address: usize, len_bytes: usize) -> bool {
        let (Some(old), Ok(new_bytes)) = (self.block_span(address), round_up(len_bytes)) else {
            return false;
        };
        let new_end = old.start.saturating_add(new_bytes);
        let with_guard = old.start..new_end.saturating_add(GUARD_BYTES);
        if new_bytes <= old.len_bytes {
            let tail = Span {
                start: new_end,
                len_bytes: old.len_bytes - new_bytes,
            };
            // Where memory for a table is wanting the block keeps its length.
            if self.decommit(&tail, Use::Block).is_ok() {
                self.set_part(old.start, with_guard);
            }
            return true;
        }
        let behind = Span {
            start: old.end() + GUARD_BYTES,
            len_bytes: new_bytes - old.len_bytes,
        };
        if with_guard.end == usize::MAX || !self.window.is_free(&behind) {
            return false;
        }
        let more = Span {
            start: old.end(),
            ..behind
        };
        self.set_part(old.start, with_guard);
        let done = self.commit(&more, Protection::PLAIN, Use::Block, false);
        if done.is_err() {
            self.set_part(old.start, old.start..old.end() + GUARD_BYTES);
        }
        done.is_ok()
    }

    /// Move a block of the window that is to become longer.
    ///
    /// # Errors
    /// `ENOMEM`: no room, or not a block that becomes longer; nothing has changed.
    pub fn move_block(&mut self, block: NonNull<u8>, len_bytes: usize) -> Result<NonNull<u8>> {
        let old = self.block_span(block.addr().get()).ok_or(Errno::ENOMEM)?;
        let new_bytes = round_up(len_bytes)?;
        let with_guard = new_bytes.checked_add(GUARD_BYTES).ok_or(Errno::ENOMEM)?;
        if new_bytes <= old.len_bytes {
            return Err(Errno::ENOMEM);
        }
        let start = self.reserve(with_guard, PAGE_BYTES, Use::Block)?;
        self.move_memory(&old, start, new_bytes, Use::Block)?;
        self.set_part(old.start, 0..0);
        at(start)
    }
}
