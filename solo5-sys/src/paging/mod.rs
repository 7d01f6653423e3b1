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

mod batch;
pub mod entry;
mod spare;
#[cfg(test)]
mod tests;
mod walk;

use core::ffi::c_uint;

use self::batch::Batch;
use self::entry::{
    ADDRESS, CHUNK, DIRECTORY, ENTRIES, LARGE, NO_EXECUTE, PAGE, REGION, TABLE, is_mapped, is_table,
};
use self::walk::{Level, step};
use crate::abi::{MACHINE_EXECUTE, MACHINE_READ, MACHINE_WRITE, Range};
use crate::machine::Errno;

/// Access to tables.
pub trait Tables {
    /// The entry at the address `at`.
    ///
    /// # Safety
    /// It lies in a table, or in a page in the list of those to come.
    unsafe fn read(&self, at: u64) -> u64;

    /// Store entries from `at` on; then, if `forget`, forget what is remembered of
    /// any entry: on this processor at once, on others before the call ends.
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

    /// Where the tables are.
    pub fn tables(&mut self) -> &mut T {
        &mut self.tables
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
}
