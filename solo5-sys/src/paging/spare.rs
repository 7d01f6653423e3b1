//! Pages that are to become tables.

use super::batch::Batch;
use super::entry::{ADDRESS, CHUNK, ENTRIES, LARGE, PAGE, PRESENT, READ, SERVES, TABLE, WRITE};
use super::walk::step;
use super::{Paging, Tables};
use crate::machine::Errno;

impl<T: Tables> Paging<T> {
    /// Have spare pages for `wanted` tables.
    pub(super) const fn reserve(&self, wanted: u64) -> Result<(), Errno> {
        if wanted > self.spares {
            return Err(Errno::ENOMEM);
        }
        Ok(())
    }

    /// A table that maps nothing. To be called as often as was reserved.
    pub(super) fn take(&mut self) -> u64 {
        let page = self.spare;
        self.spare = self.read(page) & ADDRESS;
        self.spares -= 1;
        page
    }

    /// Take back a table that maps nothing.
    pub(super) fn give(&mut self, batch: &mut Batch, table: u64) {
        self.put(batch, table, 0, self.spare);
        self.spare = table;
        self.spares += 1;
    }

    /// `machine_tables`
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// As [`Machine::tables`](crate::Machine::tables).
    pub unsafe fn take_over(&mut self, pa: u64, len: u64) -> Result<(), Errno> {
        let end = self.ram(pa, len)?;
        self.each(pa, end, |_, _, place| match place.entry & WRITE {
            0 => Err(Errno::EFAULT),
            _ => Ok(()),
        })?;
        let mut at = pa;
        while at < end {
            let next = step(at, end, CHUNK);
            self.take_over_in(at, next);
            at = next;
        }
        Ok(())
    }

    /// [`take_over`](Self::take_over) within 2 MiB. The pages are prepared while
    /// the program can write them, and closed to it when that is done.
    fn take_over_in(&mut self, start: u64, end: u64) {
        let place = self.find(start);
        let serving = self.known(READ | SERVES);
        let first = start & !(CHUNK - 1);
        let is_whole = place.span == CHUNK;
        let spares = if is_whole { start + PAGE } else { start };
        for page in (spares..end).step_by(PAGE as usize) {
            for index in 0..ENTRIES {
                let entry = if index == 0 { self.spare } else { 0 };
                self.prepare(page, index, entry);
            }
            self.spare = page;
            self.spares += 1;
        }
        let mut batch = Batch::new();
        if is_whole {
            for index in 0..ENTRIES {
                let page = first + index * PAGE;
                let bits = if (start..end).contains(&page) {
                    serving
                } else {
                    (place.entry & !LARGE) - first
                };
                self.prepare(start, index, page | bits);
            }
            self.put(&mut batch, place.at, place.entry, start | TABLE);
        } else {
            for page in (start..end).step_by(PAGE as usize) {
                let at = place.at + (page - start) / PAGE * 8;
                self.put(&mut batch, at, PRESENT, page | serving);
            }
        }
        self.settle(&mut batch);
    }

    /// Store an entry of a table to be, which the program can still write.
    fn prepare(&mut self, page: u64, index: u64, entry: u64) {
        // SAFETY: in RAM that the caller of `take_over` gave up, checked to be
        // writable.
        unsafe { self.tables.store(page + index * 8, entry) };
    }
}
