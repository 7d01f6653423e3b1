//! A machine with a window, for host tests: page tables as a map, with what `machine.h`
//! says checked at each call. Nothing can be read at the window's addresses; tests look
//! behind them with [`translate`]. Memory at its own address is really protected.
//!
//! A thread has such a machine between [`plug_in`] and [`unplug`], and none otherwise.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Mapped;
use crate::errno::{Errno, Result};

const PAGE: usize = 4096;
/// Where the window is: above all that a host has.
pub const START: usize = 1 << 50;

#[derive(Default)]
struct Machine {
    window_len: usize,
    /// The program's memory.
    memory: (usize, usize),
    /// Page of the window to page of memory, permissions, and the number of the entry.
    mapped: BTreeMap<usize, (usize, u32, usize)>,
    /// The number of the last entry.
    entries: usize,
    /// The 2 MiB of memory that have a table of pages.
    cut: BTreeSet<usize>,
    /// Pages of memory whose permissions are not read and write.
    protected: BTreeMap<usize, u32>,
    tables: BTreeSet<usize>,
    /// Tables that were handed over and are not in use.
    spare: usize,
    random: u64,
    /// Tables are wanted about once in so many calls; 0: never.
    greed: u64,
}

thread_local! {
    static MACHINE: RefCell<Option<Machine>> = const { RefCell::new(None) };
}

/// Give the calling thread a machine with a window of `window_len` bytes over the memory
/// `start..end`, which wants tables about once in `greed` calls.
pub fn plug_in(window_len: usize, memory: (usize, usize), greed: u64, seed: u64) {
    MACHINE.set(Some(Machine {
        window_len,
        memory,
        greed,
        random: seed | 1,
        ..Machine::default()
    }));
}

/// Want no more tables.
pub fn be_content() {
    with(|machine| machine.greed = 0);
}

/// Take the machine away; all memory can be read and written again.
pub fn unplug() {
    if let Some(machine) = MACHINE.take() {
        for &page in machine.protected.keys() {
            host_protect(page, PAGE, 3);
        }
    }
}

/// The memory behind an address of the window, and its permissions.
pub fn translate(address: usize) -> Option<(usize, u32)> {
    with(|machine| {
        let (page, protection, _) = machine.mapped.get(&(address & !(PAGE - 1)))?;
        Some((page + address % PAGE, *protection))
    })
}

/// The permissions of a page of memory at its own address.
pub fn protection_at(page: usize) -> u32 {
    with(|machine| machine.protected.get(&page).copied().unwrap_or(3))
}

/// How many pages are mapped in the window, checking that none is mapped twice or serves as
/// a table.
pub fn mapped_pages() -> usize {
    with(|machine| {
        let mut seen = machine.tables.clone();
        for (page, ..) in machine.mapped.values() {
            assert!(seen.insert(*page), "page {page:#x} is used twice");
        }
        machine.mapped.len()
    })
}

/// How many pages were handed over for tables.
pub fn table_pages() -> usize {
    with(|machine| machine.tables.len())
}

fn with<T>(work: impl FnOnce(&mut Machine) -> T) -> T {
    MACHINE.with_borrow_mut(|machine| work(machine.get_or_insert_default()))
}

#[cfg(miri)]
fn host_protect(_start: usize, _len: usize, _protection: u32) {}

#[cfg(not(miri))]
fn host_protect(start: usize, len: usize, protection: u32) {
    unsafe extern "C" {
        fn mprotect(start: *mut u8, len: usize, protection: i32) -> i32;
    }
    // Readable as well: tests look at what a page keeps.
    let start = std::ptr::with_exposed_provenance_mut(start);
    // SAFETY: the arena of a test, which asks for it.
    let done = unsafe { mprotect(start, len, (protection | 1) as i32) };
    assert_eq!(done, 0);
}

impl Machine {
    fn pages(start: usize, len: usize) -> impl Iterator<Item = usize> {
        (start..start + len).step_by(PAGE)
    }

    fn check(start: usize, len: usize, within: (usize, usize)) {
        assert!(start.is_multiple_of(PAGE) && len.is_multiple_of(PAGE) && len > 0);
        assert!(
            start >= within.0 && start + len <= within.1,
            "{start:#x} {len:#x}"
        );
    }

    fn check_window(&self, start: usize, len: usize) {
        Self::check(start, len, (START, START + self.window_len));
    }

    /// Have entries end at both ends of a range of the window.
    fn cut_at_ends(&mut self, start: usize, end: usize) -> Result<()> {
        let entry = |page: usize| self.mapped.get(&page).map(|mapped| mapped.2);
        let across = |at: usize| entry(at).filter(|number| entry(at - PAGE) == Some(*number));
        let across = [across(start), across(end)];
        if across == [None, None] {
            return Ok(());
        }
        self.want_tables(2)?;
        for mapped in self.mapped.values_mut() {
            if across.contains(&Some(mapped.2)) {
                self.entries += 1;
                mapped.2 = self.entries;
            }
        }
        Ok(())
    }

    fn want_tables(&mut self, most: usize) -> Result<()> {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        if self.greed == 0 || !self.random.is_multiple_of(self.greed) {
            return Ok(());
        }
        let wanted = 1 + (self.random >> 32) as usize % most;
        self.spare = self.spare.checked_sub(wanted).ok_or(Errno::ENOMEM)?;
        Ok(())
    }
}

/// The window, if there is one.
pub fn window() -> Option<(usize, usize)> {
    MACHINE.with_borrow(|machine| machine.as_ref().map(|machine| (START, machine.window_len)))
}

/// As `machine_map`.
///
/// # Errors
/// `ENOMEM`, `EEXIST`.
pub fn map_pages(address: usize, memory: usize, len: usize, protection: u32) -> Result<()> {
    with(|machine| {
        machine.check_window(address, len);
        Machine::check(memory, len, machine.memory);
        for page in Machine::pages(memory, len) {
            assert!(!machine.tables.contains(&page));
        }
        if machine
            .mapped
            .range(address..address + len)
            .next()
            .is_some()
        {
            return Err(Errno::EEXIST);
        }
        machine.want_tables((len >> 21) + 4)?;
        machine.entries += 1;
        for page in (0..len).step_by(PAGE) {
            let mapped = (memory + page, protection, machine.entries);
            machine.mapped.insert(address + page, mapped);
        }
        Ok(())
    })
}

/// As `machine_unmap`.
///
/// # Errors
/// `ENOMEM`.
///
/// # Safety
/// Nobody uses what is mapped there.
pub unsafe fn unmap_pages(address: usize, len: usize) -> Result<()> {
    with(|machine| {
        machine.check_window(address, len);
        machine.cut_at_ends(address, address + len)?;
        for page in Machine::pages(address, len) {
            machine.mapped.remove(&page);
        }
        Ok(())
    })
}

/// As `machine_protect`.
///
/// # Errors
/// `ENOMEM`, `EFAULT`.
///
/// # Safety
/// Nobody uses in another way what is there.
pub unsafe fn protect_pages(address: usize, len: usize, protection: u32) -> Result<()> {
    with(|machine| {
        if address < START {
            Machine::check(address, len, machine.memory);
            let chunks = || Machine::pages(address, len).map(|page| page >> 21);
            if chunks().any(|chunk| !machine.cut.contains(&chunk)) {
                machine.want_tables(2)?;
                machine.cut.extend(chunks());
            }
            for page in Machine::pages(address, len) {
                assert!(!machine.tables.contains(&page));
                machine.protected.remove(&page);
                if protection != 3 {
                    machine.protected.insert(page, protection);
                }
            }
            host_protect(address, len, protection);
            return Ok(());
        }
        machine.check_window(address, len);
        if Machine::pages(address, len).any(|page| !machine.mapped.contains_key(&page)) {
            return Err(Errno::EFAULT);
        }
        machine.cut_at_ends(address, address + len)?;
        for (_, page) in machine.mapped.range_mut(address..address + len) {
            page.1 = protection;
        }
        Ok(())
    })
}

/// As `machine_tables`.
///
/// # Errors
/// None here.
pub fn give_tables(memory: usize, len: usize) -> Result<()> {
    with(|machine| {
        Machine::check(memory, len, machine.memory);
        let mut chunks: BTreeSet<usize> = machine.tables.iter().map(|page| page >> 21).collect();
        for page in Machine::pages(memory, len) {
            assert!(!machine.protected.contains_key(&page));
            assert!(machine.mapped.values().all(|mapped| mapped.0 != page));
            assert!(machine.tables.insert(page));
            machine.spare += usize::from(!chunks.insert(page >> 21));
        }
        host_protect(memory, len, 1);
        for page in Machine::pages(memory, len) {
            machine.protected.insert(page, 1);
        }
        Ok(())
    })
}

/// As `machine_lookup`.
pub fn lookup(address: usize, max: usize) -> Mapped {
    with(|machine| {
        let find = |offset| match machine.mapped.get(&(address + offset)) {
            Some((page, protection, _)) => (Some(page.wrapping_sub(offset)), *protection),
            None => (None, 0),
        };
        let first = find(0);
        let mut len_bytes = PAGE;
        while len_bytes < max && find(len_bytes) == first {
            len_bytes += PAGE;
        }
        Mapped {
            at: first.0,
            len_bytes,
            protection: first.1,
        }
    })
}
