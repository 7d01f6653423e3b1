//! Mappings in the machine's window.
//!
//! Which addresses are in use stands in a tree, what lies there in the machine's page
//! tables: an address in use at which nothing is mapped is a reservation, and costs no
//! memory.

use core::ops::Range;
use core::ptr::NonNull;

use super::commit::{last_protection, zero};
use super::tree::{Node, Tree, Use};
use super::{Protection, Span, at};
use crate::errno::{Errno, Result};
use crate::heap::{Heap, MIN_ALIGN};
use crate::pages::PAGE_BYTES;
use crate::platform;

/// What one entry of a page table's parent maps, if it is aligned.
pub(super) const LARGE_BYTES: usize = 2 << 20;

/// The machine's window, and what is in use of it.
pub struct Window {
    addresses: Range<usize>,
    tree: Tree,
    /// The unit behind the last memory that became page tables: neighbours serve best.
    pub(super) tables_end: u32,
    /// Without a window: addresses behind the end of memory that belong to a reservation.
    pub(super) beyond: Range<usize>,
}

impl Window {
    /// No window.
    pub const fn none() -> Self {
        Self {
            addresses: 0..0,
            tree: Tree::new(),
            tables_end: 0,
            beyond: 0..0,
        }
    }

    /// Use the machine's window, if it has one. Nothing is mapped there yet.
    pub fn open(&mut self) {
        if let Some((start, len)) = platform::window() {
            self.addresses = start..start.saturating_add(len);
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.addresses.is_empty()
    }

    /// Whether an address lies in the window.
    pub fn contains(&self, address: usize) -> bool {
        self.addresses.contains(&address)
    }

    pub(super) fn is_mapped(&self, span: &Span) -> bool {
        let mut at = span.start;
        while at < span.end() {
            match self.tree.at(at) {
                Some(part) if part.used_as == Use::Mapping => at = part.end,
                _ => return false,
            }
        }
        true
    }

    /// The part that `malloc` was given at or around an address.
    pub(super) fn block_at(&self, address: usize) -> Option<&Node> {
        self.tree
            .at(address)
            .filter(|part| part.used_as == Use::Block)
    }

    /// Whether some of a span belongs to `malloc`.
    fn has_block(&self, span: &Span) -> bool {
        let mut at = span.start;
        while let Some(part) = self.tree.at_or_above(at)
            && part.start < span.end()
        {
            if part.used_as == Use::Block {
                return true;
            }
            at = part.end;
        }
        false
    }

    /// Whether addresses of the window are free.
    pub(super) fn is_free(&self, span: &Span) -> bool {
        let next = self.tree.at_or_above(span.start);
        span.end() <= self.addresses.end && next.is_none_or(|part| part.start >= span.end())
    }

    /// The lengths and places of pieces of a span between which what is mapped changes.
    pub(super) fn pieces(span: &Span) -> impl Iterator<Item = (usize, platform::Mapped)> {
        let Range { mut start, end } = span.start..span.end();
        core::iter::from_fn(move || {
            let mapped = (start < end).then(|| platform::lookup(start, end - start))?;
            let here = start;
            start += mapped.len_bytes.max(PAGE_BYTES);
            Some((here, mapped))
        })
    }
}

impl Heap {
    /// Put addresses into use.
    fn use_part(&mut self, start: usize, end: usize, used_as: Use) -> Result<()> {
        let (block, _) = self.alloc(size_of::<Node>(), MIN_ALIGN)?;
        let part = block.cast::<Node>();
        // SAFETY: just allocated for it; it belongs to the tree until `stop_using`.
        unsafe {
            part.write(Node::new(start, end, used_as));
            self.window.tree.insert(part);
        }
        Ok(())
    }

    /// Change the ends of a part; an empty one is given up.
    pub(super) fn set_part(&mut self, start: usize, kept: Range<usize>) {
        let Some(part) = self.window.tree.remove(start) else {
            return;
        };
        if kept.is_empty() {
            // It was allocated by `use_part`, and is no longer in the tree.
            let _ = self.free(part.cast());
            return;
        }
        // SAFETY: live, and no longer in the tree, where it goes again.
        unsafe {
            (*part.as_ptr()).start = kept.start;
            (*part.as_ptr()).end = kept.end;
            self.window.tree.insert(part);
        }
    }

    /// Put so many free addresses into use.
    pub(super) fn reserve(
        &mut self,
        len_bytes: usize,
        align: usize,
        used_as: Use,
    ) -> Result<usize> {
        // Aligned to what one entry can map, if that is worth it.
        let worth = if len_bytes >= LARGE_BYTES {
            LARGE_BYTES
        } else {
            PAGE_BYTES
        };
        let Range { start, end } = self.window.addresses;
        let room = self
            .window
            .tree
            .lowest_gap((start, end), len_bytes, align.max(worth));
        let start = room.ok_or(Errno::ENOMEM)?;
        self.use_part(start, start + len_bytes, used_as)?;
        Ok(start)
    }

    pub(super) fn map_in_window(
        &mut self,
        len_bytes: usize,
        protection: Protection,
        wanted: Option<usize>,
    ) -> Result<NonNull<u8>> {
        let start = match wanted {
            Some(start) => {
                self.use_part(start, start + len_bytes, Use::Mapping)?;
                start
            }
            None => self.reserve(len_bytes, PAGE_BYTES, Use::Mapping)?,
        };
        if !protection.is_empty() {
            self.commit(&Span { start, len_bytes }, protection, Use::Mapping, false)
                .inspect_err(|_| self.set_part(start, 0..0))?;
        }
        at(start)
    }

    pub(super) fn map_in_window_at(
        &mut self,
        span: &Span,
        protection: Protection,
        replace: bool,
    ) -> Result<()> {
        if self.window.is_mapped(span) {
            if !replace {
                return Err(Errno::EEXIST);
            }
            if protection.is_empty() {
                return self.decommit(span, Use::Mapping);
            }
            self.commit(span, protection, Use::Mapping, true)?;
            return self.change(span, protection);
        }
        if span.end() > self.window.addresses.end || self.window.has_block(span) {
            return Err(Errno::ENOMEM);
        }
        if !replace && !self.window.is_free(span) {
            return Err(Errno::EEXIST);
        }
        self.unmap_in_window(span)?;
        self.map_in_window(span.len_bytes, protection, Some(span.start))
            .map(|_| ())
    }

    pub(super) fn protect_in_window(&mut self, span: &Span, protection: Protection) -> Result<()> {
        if !protection.is_empty() {
            self.commit(span, protection, Use::Mapping, false)?;
        }
        self.change(span, protection)
    }

    /// What nobody may access is given back, the rest zeroed where it is.
    pub(super) fn forget_in_window(&mut self, span: &Span) -> Result<()> {
        for (start, mapped) in Window::pieces(span) {
            let len_bytes = mapped.len_bytes;
            match mapped.at {
                Some(memory) if mapped.protection != 0 => zero(memory, len_bytes),
                _ => self.decommit(&Span { start, len_bytes }, Use::Mapping)?,
            }
        }
        Ok(())
    }

    /// The first part with mappings at or above `at` that lies in a span at least partly, and what of
    /// the span it has.
    fn mapping_in(&self, span: &Span, mut at: usize) -> Option<(Range<usize>, Range<usize>)> {
        loop {
            let part = self.window.tree.at_or_above(at)?;
            if part.start >= span.end() {
                return None;
            }
            if part.used_as == Use::Mapping {
                let gone = span.start.max(part.start)..part.end.min(span.end());
                return Some((part.start..part.end, gone));
            }
            at = part.end;
        }
    }

    /// First what can be refused: then all addresses are still in use, if without memory.
    pub(super) fn unmap_in_window(&mut self, span: &Span) -> Result<()> {
        let first = span.start.max(self.window.addresses.start);
        let Some((part, gone)) = self.mapping_in(span, first) else {
            return Ok(());
        };
        // A hole makes two parts of one.
        let behind = if part.start < gone.start && gone.end < part.end {
            Some(self.alloc(size_of::<Node>(), MIN_ALIGN)?.0)
        } else {
            None
        };
        if let Err(error) = self.decommit_parts(span, first) {
            if let Some(block) = behind {
                let _ = self.free(block);
            }
            return Err(error);
        }
        if let Some(block) = behind {
            self.set_part(part.start, part.start..gone.start);
            let behind = block.cast::<Node>();
            // SAFETY: allocated for it, and the addresses are in no part any more.
            unsafe {
                behind.write(Node::new(gone.end, part.end, Use::Mapping));
                self.window.tree.insert(behind);
            }
            return Ok(());
        }
        while let Some((part, gone)) = self.mapping_in(span, first) {
            let kept = if gone.start == part.start {
                gone.end..part.end
            } else {
                part.start..gone.start
            };
            self.set_part(part.start, kept);
        }
        Ok(())
    }

    fn decommit_parts(&mut self, span: &Span, mut at: usize) -> Result<()> {
        while let Some((part, gone)) = self.mapping_in(span, at) {
            at = part.end;
            let gone = Span {
                start: gone.start,
                len_bytes: gone.end - gone.start,
            };
            self.decommit(&gone, Use::Mapping)?;
        }
        Ok(())
    }

    pub(super) fn grow_in_window(&mut self, old: &Span, more_bytes: usize) -> bool {
        let more = Span {
            start: old.end(),
            len_bytes: more_bytes,
        };
        if !self.window.is_free(&more)
            || self.use_part(more.start, more.end(), Use::Mapping).is_err()
        {
            return false;
        }
        let Some(protection) = last_protection(old) else {
            return true;
        };
        let done = self.commit(&more, protection, Use::Mapping, false);
        if done.is_err() {
            self.set_part(more.start, 0..0);
        }
        done.is_ok()
    }

    /// Move a mapping that is longer afterwards: its memory is mapped elsewhere.
    pub(super) fn move_in_window(&mut self, old: &Span, new_bytes: usize) -> Result<NonNull<u8>> {
        let start = self.reserve(new_bytes, PAGE_BYTES, Use::Mapping)?;
        self.move_memory(old, start, new_bytes, Use::Mapping)?;
        // If memory for a hole is wanting, the old addresses are an empty reservation.
        let _ = self.unmap_in_window(old);
        at(start)
    }
}
