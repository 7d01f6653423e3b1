//! Page tables of a machine whose program runs in ring 3: the functions of
//! `machine.h` that change them.
//!
//! All checking and building is done here, in ring 3; ring 0 only stores
//! entries ([`Tables::write`]). Every call looks first and counts the tables that
//! it will need; it changes the first entry when nothing can fail any more.
//!
//! The RAM at its own addresses (the first 512 GiB) and the window (the next
//! 512 GiB) have a tree of tables each. A table of the window that maps nothing
//! leaves its tree, so the tables there follow what is mapped. In the RAM's
//! tree, 2 MiB that were split stay so.
//!
//! Pages that are to become tables wait in a list that runs through their first
//! entries. Such a link is a page's address, neither present nor kept: it maps
//! nothing when the page becomes a table.
//!
//! What a processor remembers of old entries is forgotten with the last entry
//! that a call stores, and before a page becomes a table again.

pub mod entry;
#[cfg(test)]
mod tests;

use core::ffi::c_uint;
use core::mem::MaybeUninit;

use self::entry::{
    ADDRESS, CHUNK, DIRECTORY, ENTRIES, LARGE, NO_EXECUTE, PAGE, PRESENT, READ, REGION, SERVES,
    TABLE, WRITE, is_mapped, is_table,
};
use crate::abi::{MACHINE_EXECUTE, MACHINE_READ, MACHINE_WRITE, Mapped, Range};
use crate::machine::Errno;

/// Access to tables.
pub trait Tables {
    /// The entry at the address `at`.
    ///
    /// # Safety
    /// It lies in a table, or in a page in the list of those to come.
    unsafe fn read(&self, at: u64) -> u64;

    /// Store entries from `at` on; then, if `forget`, forget on every processor
    /// what it remembers of any entry.
    ///
    /// # Safety
    /// They lie in one page as of [`read`](Tables::read), and the program does
    /// not miss what they take away.
    unsafe fn write(&mut self, at: u64, entries: &[u64], forget: bool);

    /// Store an entry where the program can write.
    ///
    /// # Safety
    /// `at` lies in RAM that nobody uses and that is no table yet.
    unsafe fn store(&mut self, at: u64, entry: u64);
}

/// Where things are.
pub struct Places {
    /// The top table.
    pub top: u64,
    /// The table of the RAM's page directories.
    pub ram: u64,
    /// The table of the window's page directories, not in use yet. Its first
    /// four entries may hold anything, the others hold zero.
    pub window: u64,
    /// RAM that the program may use.
    pub heap: Range,
    /// More of it.
    pub more: &'static [Range],
    /// The processor knows [`NO_EXECUTE`].
    pub no_execute: bool,
}

/// The addresses of the window: first and end.
pub const WINDOW: (u64, u64) = (REGION, 2 * REGION);

/// The page tables.
pub struct Paging<T> {
    tables: T,
    places: Places,
    /// The window's tables are in use.
    is_open: bool,
    /// The first page that is to become a table, and how many there are.
    spare: u64,
    spares: u64,
}

/// The last entry on the way down to some address.
#[derive(Clone, Copy)]
struct Place {
    /// Where the entry is.
    at: u64,
    entry: u64,
    /// Bytes that it covers.
    span: u64,
}

/// A table on the way down.
#[derive(Clone, Copy)]
struct Level {
    table: u64,
    /// Bytes that each entry covers.
    span: u64,
}

impl Level {
    /// Where the entry for `address` is.
    const fn at(self, address: u64) -> u64 {
        self.table + address / self.span % ENTRIES * 8
    }

    /// The table to which an entry of this one points.
    const fn below(self, entry: u64) -> Level {
        Level {
            table: entry & ADDRESS,
            span: self.span / ENTRIES,
        }
    }
}

/// The most entries stored at once.
const BATCH: usize = 128;

/// Entries that are to be stored side by side.
struct Batch {
    at: u64,
    entries: [MaybeUninit<u64>; BATCH],
    /// How many of them there are.
    len: usize,
    /// An entry was present that has changed, and a processor may remember it.
    is_stale: bool,
}

/// The end of that part of `from..end` which lies below the next multiple of
/// `span`, a power of two.
const fn step(from: u64, end: u64, span: u64) -> u64 {
    let next = (from | (span - 1)) + 1;
    if next < end { next } else { end }
}

/// The end of `start..start + len`, if those are pages inside `from..to`.
fn pages(start: u64, len: u64, (from, to): (u64, u64)) -> Result<u64, Errno> {
    let end = start.checked_add(len).ok_or(Errno::EINVAL)?;
    if !(start | len).is_multiple_of(PAGE) || len == 0 || start < from || end > to {
        return Err(Errno::EINVAL);
    }
    Ok(end)
}

fn check_prot(prot: c_uint) -> Result<(), Errno> {
    if prot & !(MACHINE_READ | MACHINE_WRITE | MACHINE_EXECUTE) != 0 {
        return Err(Errno::EINVAL);
    }
    Ok(())
}

/// What becomes of `entry`, which points to no table: the same with other
/// `bits`, or nothing.
const fn changed(entry: u64, bits: Option<u64>) -> u64 {
    match bits {
        Some(bits) => entry & (ADDRESS | LARGE) | bits,
        None => 0,
    }
}

impl<T: Tables> Paging<T> {
    /// The tables at `places`, with nothing in the window.
    ///
    /// # Safety
    /// They are in use and map the RAM one to one; from now on nobody else changes
    /// them.
    pub const unsafe fn new(tables: T, places: Places) -> Self {
        Self {
            tables,
            places,
            is_open: false,
            spare: 0,
            spares: 0,
        }
    }

    fn read(&self, at: u64) -> u64 {
        // SAFETY: found by following the tables from the top, or in the list.
        unsafe { self.tables.read(at) }
    }

    fn write(&mut self, at: u64, entries: &[u64], forget: bool) {
        // SAFETY: as in `read`; what is taken away, the callers of the public
        // functions have agreed to.
        unsafe { self.tables.write(at, entries, forget) };
    }

    /// `bits` as this processor takes them.
    const fn known(&self, bits: u64) -> u64 {
        if self.places.no_execute {
            bits
        } else {
            bits & !NO_EXECUTE
        }
    }

    /// The table of page directories that covers `address`, below the window's
    /// end; `None`: nothing is mapped there.
    fn root(&self, address: u64) -> Option<Level> {
        let table = match address {
            ..REGION => self.places.ram,
            _ if self.is_open => self.places.window,
            _ => return None,
        };
        Some(Level {
            table,
            span: DIRECTORY,
        })
    }

    /// The last entry on the way down to `address`.
    fn find(&self, address: u64) -> Place {
        let Some(mut level) = self.root(address) else {
            return Place {
                at: 0,
                entry: 0,
                span: DIRECTORY,
            };
        };
        loop {
            let at = level.at(address);
            let entry = self.read(at);
            if level.span == PAGE || !is_table(entry) {
                return Place {
                    at,
                    entry,
                    span: level.span,
                };
            }
            level = level.below(entry);
        }
    }

    /// Look at the last entries on the way down to `va..end`: `see` gets the part
    /// of the range that an entry covers, and the entry.
    fn each(
        &self,
        va: u64,
        end: u64,
        mut see: impl FnMut(u64, u64, Place) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let mut at = va;
        while at < end {
            let mut place = self.find(at);
            let next = step(at, end, place.span);
            see(at, next, place)?;
            at = next;
            // The rest of a page table, without going down again.
            while place.span == PAGE && at < end && !at.is_multiple_of(CHUNK) {
                place.at += 8;
                place.entry = self.read(place.at);
                see(at, at + PAGE, place)?;
                at += PAGE;
            }
        }
        Ok(())
    }

    /// The end of `start..start + len`, if that is RAM of the program's and none
    /// of it serves as a table.
    fn ram(&self, start: u64, len: u64) -> Result<u64, Errno> {
        let end = core::iter::once(&self.places.heap)
            .chain(self.places.more)
            .find_map(|ram| pages(start, len, (ram.start, ram.start + ram.len)).ok())
            .ok_or(Errno::EINVAL)?;
        self.each(start, end, |_, _, place| match place.entry & SERVES {
            0 => Ok(()),
            _ => Err(Errno::EINVAL),
        })?;
        Ok(end)
    }

    /// `machine_lookup`
    ///
    /// # Errors
    /// As `machine.h` says.
    pub fn lookup(&self, va: u64, max: u64) -> Result<Mapped, Errno> {
        let max = max & !(PAGE - 1);
        if !va.is_multiple_of(PAGE) || max == 0 {
            return Err(Errno::EINVAL);
        }
        // Beyond the window nothing is ever mapped.
        let mut found = Mapped {
            pa: None,
            len: max as usize,
            prot: 0,
        };
        let end = va.saturating_add(max).min(WINDOW.1);
        let _ = self.each(va, end, |at, _, place| {
            let prot = entry::prot(place.entry);
            let pa = is_mapped(place.entry).then(|| (place.entry & ADDRESS) + at % place.span);
            if at == va {
                (found.pa, found.prot) = (pa, prot);
            } else if pa != found.pa.map(|pa| pa + (at - va)) || prot != found.prot {
                found.len = (at - va) as usize;
                // No failure: the run ends here.
                return Err(Errno::EEXIST);
            }
            Ok(())
        });
        Ok(found)
    }

    /// Have spare pages for `wanted` tables.
    const fn reserve(&self, wanted: u64) -> Result<(), Errno> {
        if wanted > self.spares {
            return Err(Errno::ENOMEM);
        }
        Ok(())
    }

    /// A table that maps nothing. To be called as often as was reserved.
    fn take(&mut self) -> u64 {
        let page = self.spare;
        self.spare = self.read(page) & ADDRESS;
        self.spares -= 1;
        page
    }

    /// Take back a table that maps nothing.
    fn give(&mut self, batch: &mut Batch, table: u64) {
        self.put(batch, table, 0, self.spare);
        self.spare = table;
        self.spares += 1;
    }

    /// Store `new` at `at`, where `old` is, some time before the call ends.
    fn put(&mut self, batch: &mut Batch, at: u64, old: u64, new: u64) {
        batch.is_stale |= old & PRESENT != 0;
        let is_next = at == batch.at + batch.len as u64 * 8 && !at.is_multiple_of(PAGE);
        if !is_next || batch.len == BATCH {
            self.store(batch, false);
            batch.at = at;
        }
        if let Some(place) = batch.entries.get_mut(batch.len) {
            place.write(new);
            batch.len += 1;
        }
    }

    /// Store what was put.
    fn store(&mut self, batch: &mut Batch, forget: bool) {
        if batch.len != 0 {
            // SAFETY: the first `len` were written by `put`, which stops at BATCH.
            let entries =
                unsafe { core::slice::from_raw_parts(batch.entries.as_ptr().cast(), batch.len) };
            self.write(batch.at, entries, forget);
            batch.len = 0;
        }
    }

    /// Store what was put, and leave nothing stale.
    fn settle(&mut self, batch: &mut Batch) {
        self.store(batch, batch.is_stale);
        batch.is_stale = false;
    }

    /// `machine_map`
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// As [`Machine::map`](crate::Machine::map).
    pub unsafe fn map(&mut self, va: u64, pa: u64, len: u64, prot: c_uint) -> Result<(), Errno> {
        check_prot(prot)?;
        let end = pages(va, len, WINDOW)?;
        self.ram(pa, len)?;
        let mut wanted = 0;
        self.each(va, end, |at, next, place| {
            if is_mapped(place.entry) {
                return Err(Errno::EEXIST);
            }
            wanted += u64::from(place.span == DIRECTORY);
            let mut at = at;
            while place.span > PAGE && at < next {
                let chunk_next = step(at, next, CHUNK);
                let target = pa + (at - va);
                wanted += u64::from(chunk_next - at < CHUNK || !target.is_multiple_of(CHUNK));
                at = chunk_next;
            }
            Ok(())
        })?;
        self.reserve(wanted)?;
        self.open();
        if let Some(root) = self.root(va) {
            let bits = self.known(entry::from_prot(prot));
            let mut batch = Batch::new();
            self.map_in(&mut batch, root, (va, end), (pa, bits));
            self.settle(&mut batch);
        }
        Ok(())
    }

    /// Map `va..end` to the RAM from `pa` on, with `bits`, in the tables from
    /// `level` down, where nothing is mapped.
    ///
    /// A new table is in the tree only after its entries: that is cheaper where
    /// the host watches tables in use.
    fn map_in(
        &mut self,
        batch: &mut Batch,
        level: Level,
        (va, end): (u64, u64),
        (pa, bits): (u64, u64),
    ) {
        let mut at = va;
        while at < end {
            let next = step(at, end, level.span);
            let target = pa + (at - va);
            let entry = self.read(level.at(at));
            let is_large = level.span == CHUNK
                && next - at == CHUNK
                && target.is_multiple_of(CHUNK)
                && !is_table(entry);
            let new = if level.span == PAGE {
                target | bits
            } else if is_large {
                target | bits | LARGE
            } else if is_table(entry) {
                self.map_in(batch, level.below(entry), (at, next), (target, bits));
                at = next;
                continue;
            } else {
                let new = self.take() | TABLE;
                self.map_in(batch, level.below(new), (at, next), (target, bits));
                new
            };
            self.put(batch, level.at(at), entry, new);
            at = next;
        }
    }

    /// Put the window's tables into use.
    fn open(&mut self) {
        if !self.is_open {
            self.is_open = true;
            self.write(self.places.window, &[0; 4], false);
            let top = Level {
                table: self.places.top,
                span: REGION,
            };
            self.write(top.at(WINDOW.0), &[self.places.window | TABLE], false);
        }
    }

    /// `machine_unmap`
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// As [`Machine::unmap`](crate::Machine::unmap).
    pub unsafe fn unmap(&mut self, va: u64, len: u64) -> Result<(), Errno> {
        let end = pages(va, len, WINDOW)?;
        self.change(va, end, None)
    }

    /// `machine_protect`
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// As [`Machine::protect`](crate::Machine::protect).
    pub unsafe fn protect(&mut self, va: u64, len: u64, prot: c_uint) -> Result<(), Errno> {
        check_prot(prot)?;
        let end = pages(va, len, WINDOW).or_else(|_| self.ram(va, len))?;
        self.change(va, end, Some(self.known(entry::from_prot(prot))))
    }

    /// Give what is mapped in `va..end` the `bits`, which fails where nothing is;
    /// without `bits`, have nothing mapped there.
    fn change(&mut self, va: u64, end: u64, bits: Option<u64>) -> Result<(), Errno> {
        let mut wanted = 0;
        self.each(va, end, |at, next, place| {
            if bits.is_some() && !is_mapped(place.entry) {
                return Err(Errno::EFAULT);
            }
            let is_split = place.span == CHUNK
                && next - at < CHUNK
                && is_mapped(place.entry)
                && changed(place.entry, bits) != place.entry;
            wanted += u64::from(is_split);
            Ok(())
        })?;
        self.reserve(wanted)?;
        if let Some(root) = self.root(va) {
            let mut batch = Batch::new();
            self.change_in(&mut batch, root, (va, end), bits);
            self.settle(&mut batch);
        }
        Ok(())
    }

    /// [`change`](Self::change) in the tables from `level` down. Answers whether
    /// the table of this level maps nothing any more, which is looked at only
    /// if an entry became empty.
    fn change_in(
        &mut self,
        batch: &mut Batch,
        level: Level,
        (va, end): (u64, u64),
        bits: Option<u64>,
    ) -> bool {
        let mut has_emptied = false;
        let mut has_kept = false;
        let mut at = va;
        while at < end {
            let next = step(at, end, level.span);
            let entry = self.read(level.at(at));
            let new = if level.span > PAGE && is_table(entry) {
                let below = level.below(entry);
                if self.change_in(batch, below, (at, next), bits) {
                    self.give(batch, below.table);
                    0
                } else {
                    entry
                }
            } else if !is_mapped(entry) {
                entry
            } else if next - at == level.span || changed(entry, bits) == entry {
                changed(entry, bits)
            } else {
                self.split(batch, entry, (at, next), bits)
            };
            if new != entry {
                self.put(batch, level.at(at), entry, new);
            }
            has_emptied |= new == 0 && entry != 0;
            has_kept |= is_mapped(new);
            at = next;
        }
        let is_root = level.span == DIRECTORY;
        has_emptied && !has_kept && !is_root && self.is_empty_besides(level, va, end)
    }

    /// A table for the 2 MiB that `entry` maps, with `va..end` changed; answers
    /// the entry that points to it.
    fn split(
        &mut self,
        batch: &mut Batch,
        entry: u64,
        (va, end): (u64, u64),
        bits: Option<u64>,
    ) -> u64 {
        // It may have been given back just now.
        self.settle(batch);
        let table = self.take();
        let level = Level { table, span: PAGE };
        let first = va & !(CHUNK - 1);
        for page in (first..first + CHUNK).step_by(PAGE as usize) {
            let old = (entry & !LARGE) + (page - first);
            let new = if (va..end).contains(&page) {
                changed(old, bits)
            } else {
                old
            };
            self.put(batch, level.at(page), 0, new);
        }
        table | TABLE
    }

    /// Whether the table at `level` maps nothing but what `va..end`, which is
    /// within it, covers.
    fn is_empty_besides(&self, level: Level, va: u64, end: u64) -> bool {
        let first = va / level.span % ENTRIES;
        let last = (end - 1) / level.span % ENTRIES;
        let is_empty = |index| !is_mapped(self.read(level.table + index * 8));
        // From the neighbours on: there, something is found first.
        (last + 1..ENTRIES).all(is_empty) && (0..first).rev().all(is_empty)
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

impl Batch {
    const fn new() -> Self {
        Self {
            at: 0,
            entries: [MaybeUninit::uninit(); BATCH],
            len: 0,
            is_stale: false,
        }
    }
}
