//! What a regular file contains: zero-filled pages in one run, so that a
//! mapping can show the file's own memory.

use core::ops::Range;
use core::ptr::NonNull;

use crate::errno::{Errno, Result};
use crate::vector::{PAGE_BYTES, Page, Vector};

/// The bytes of a file. Those behind `len` in the last page are zero.
pub struct Content {
    pages: Vector<Page>,
    len: usize,
    /// How many mappings show each of the first pages; 255 stays.
    shown: Vector<u8>,
    /// How many pages are shown at all; while there are any the pages do not move.
    mapped_pages: usize,
}

impl Content {
    /// No bytes.
    pub const fn new() -> Self {
        Self {
            pages: Vector::new(),
            len: 0,
            shown: Vector::new(),
            mapped_pages: 0,
        }
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// How much memory they take.
    pub fn memory_bytes(&self) -> usize {
        self.pages.len() * PAGE_BYTES
    }

    /// Copy from `offset` into `bytes`, as many as there are.
    #[inline(never)]
    pub fn read(&self, offset: u64, bytes: &mut [u8]) -> usize {
        let there = self.pages.bytes().get(..self.len).unwrap_or_default();
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let there = there.get(start..).unwrap_or_default();
        let count = bytes.len().min(there.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), there.get(..count)) {
            to.copy_from_slice(from);
        }
        count
    }

    /// Copy `bytes` to `offset`; zeroes fill a gap before it. When memory runs
    /// out the part that fits is written.
    ///
    /// # Errors
    /// `ENOSPC`: nothing fits. `EFBIG`: beyond what an offset can say.
    #[inline(never)]
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let start = usize::try_from(offset).map_err(|_| Errno::EFBIG)?;
        let end = start.checked_add(bytes.len());
        let end = end.filter(|end| isize::try_from(*end).is_ok());
        let end = end.ok_or(Errno::EFBIG)?;
        if let Err(error) = self.hold(end)
            && start >= self.pages.len() * PAGE_BYTES
        {
            return Err(error);
        }
        let room = self.pages.bytes_mut().get_mut(start..).unwrap_or_default();
        let count = bytes.len().min(room.len());
        if let (Some(to), Some(from)) = (room.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.len = self.len.max(start + count);
        Ok(count)
    }

    /// Have pages for `len` bytes.
    fn hold(&mut self, len: usize) -> Result<()> {
        let pages = len.div_ceil(PAGE_BYTES);
        if self.mapped_pages != 0 && pages > self.pages.capacity() {
            return Err(Errno::ENOSPC);
        }
        self.pages.grow_zeroed(pages).map_err(|_| Errno::ENOSPC)
    }

    /// Cut or extend with zeroes to `len` bytes.
    ///
    /// # Errors
    /// `ENOSPC`: no memory. `EFBIG`: beyond what an offset can say.
    pub fn resize(&mut self, len: u64) -> Result<()> {
        let len = usize::try_from(len).map_err(|_| Errno::EFBIG)?;
        if len >= self.len {
            self.hold(len)?;
            self.len = len;
            return Ok(());
        }
        let tail = self.pages.bytes_mut().get_mut(len..self.len);
        tail.unwrap_or_default().fill(0);
        self.len = len;
        if self.mapped_pages == 0 {
            self.pages.truncate(len.div_ceil(PAGE_BYTES));
            self.pages.shrink();
        }
        Ok(())
    }

    /// The address of `len` bytes from `offset` on; they stay there until
    /// [`Self::unmap`].
    ///
    /// # Errors
    /// `EINVAL`: `offset` is not at a page. `ENXIO`: beyond the file's last page.
    /// `ENOMEM`: no memory.
    pub fn map(&mut self, offset: u64, len: usize) -> Result<NonNull<u8>> {
        let offset = usize::try_from(offset).map_err(|_| Errno::ENXIO)?;
        if offset % PAGE_BYTES != 0 {
            return Err(Errno::EINVAL);
        }
        let end = offset.checked_add(len).ok_or(Errno::ENXIO)?;
        if end > self.memory_bytes() {
            return Err(Errno::ENXIO);
        }
        while self.shown.len() < end.div_ceil(PAGE_BYTES) {
            self.shown.push(0)?;
        }
        for count in self.shown_at(offset, len) {
            *count = count.saturating_add(1);
        }
        self.count_mapped();
        let bytes = self.pages.bytes_mut();
        let mapped = bytes.get_mut(offset..end).ok_or(Errno::ENXIO)?;
        Ok(NonNull::from(mapped).cast())
    }

    /// The first addresses in `within` at which a mapping shows pages of this file.
    pub fn shown_in(&self, within: &Range<usize>) -> Option<Range<usize>> {
        let start = self.pages.address().as_ptr() as usize;
        let first = within.start.saturating_sub(start) / PAGE_BYTES;
        let mut counts = self.shown.iter().skip(first);
        let first = first + counts.position(|count| *count != 0)?;
        let rest = counts.take_while(|count| **count != 0).count();
        let from = start + first * PAGE_BYTES;
        let shown = from.max(within.start)..(from + (1 + rest) * PAGE_BYTES).min(within.end);
        (!shown.is_empty()).then_some(shown)
    }

    /// Mappings of this file are gone, as far as they lie in `gone`.
    pub fn unmap(&mut self, gone: &Range<usize>) {
        let start = self.pages.address().as_ptr() as usize;
        let from = gone.start.saturating_sub(start);
        let len = gone.end.saturating_sub(start).saturating_sub(from);
        for count in self.shown_at(from, len) {
            if *count != u8::MAX {
                *count = count.saturating_sub(1);
            }
        }
        self.count_mapped();
    }

    /// The counts of the pages that `len` bytes from `offset` on lie in.
    fn shown_at(&mut self, offset: usize, len: usize) -> &mut [u8] {
        let end = offset.saturating_add(len).div_ceil(PAGE_BYTES);
        let end = end.min(self.shown.len());
        let pages = self.shown.get_mut(offset / PAGE_BYTES..end);
        pages.unwrap_or_default()
    }

    fn count_mapped(&mut self) {
        self.mapped_pages = self.shown.iter().filter(|&&count| count != 0).count();
    }

    /// Whether any mapping shows the pages.
    pub fn is_mapped(&self) -> bool {
        self.mapped_pages != 0
    }
}
