//! `NOLIBC_MALLOC=check`: blocks with guards, and blocks given back that are kept for a while.
//!
//! A block lies between two guards filled with [`GUARD`], and what is known about it in a
//! table of its own. Given back, it is filled with [`FREED`] and kept until [`Checker`] keeps more than
//! its share of memory, or until an allocation would fail; only then the heap has it again. Guards
//! are looked at when a block is given back or changes its size, the fill when the heap gets the block;
//! [`Checker::verify`] looks at all of them.
//!
//! What this finds: writes before, after and (while it is kept) into a block that was given back, and
//! everything that the heap finds, with the size of the block that it is about. A block handed out before
//! checking began has no guards.

use core::ptr::NonNull;

use super::{Heap, MIN_ALIGN};
use crate::errno::{Errno, Result};
use crate::report::Report;

/// What guards hold.
pub const GUARD: u8 = 0xfb;
/// What a block holds that is not asked to be zero.
pub const FRESH: u8 = 0xca;
/// What a block holds that was given back.
pub const FREED: u8 = 0xdb;
/// The guard after a block has so many bytes at least, that before it the block's alignment.
const GUARD_BYTES: usize = 16;
/// Blocks that were given back may have this part of all memory.
const KEPT_SHARE: usize = 8;

/// What is known about a block.
#[derive(Clone, Copy)]
#[repr(C)]
struct Entry {
    /// Its address; 0: an entry that is not in use.
    block: usize,
    len: usize,
    /// The next one that was given back, when this one was.
    next: usize,
    number: u32,
    lead_log: u8,
    freed: bool,
}

impl Entry {
    const NONE: Self = Self {
        block: 0,
        len: 0,
        next: 0,
        number: 0,
        lead_log: 0,
        freed: false,
    };

    fn base(&self) -> usize {
        self.block - (1 << self.lead_log)
    }
}

/// What is wrong, and with which block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damage {
    /// What happened.
    pub what: &'static str,
    /// Where: the first byte that is not as it was, or the pointer given.
    pub address: usize,
    /// How many bytes from there to the last one that is not as it was.
    pub len_bytes: usize,
    /// The block; 0 if the pointer belongs to none.
    pub block: usize,
    /// Its length as it was asked for.
    pub block_bytes: usize,
    /// Its number: the first block handed out since checking began is number 1.
    pub number: u32,
}

impl Damage {
    fn about(what: &'static str, address: usize, entry: &Entry) -> Self {
        Self {
            what,
            address,
            len_bytes: 0,
            block: entry.block,
            block_bytes: entry.len,
            number: entry.number,
        }
    }

    /// Print what is wrong and end the machine with status 255.
    pub fn die(&self) -> ! {
        let mut report = Report::new(self.what);
        report.text(" at ");
        report.hex(self.address);
        if self.len_bytes > 0 {
            report.text(": ");
            report.decimal(self.len_bytes);
            report.text(" bytes, now");
            for &byte in bytes(self.address, self.len_bytes.min(16)) {
                report.text(" ");
                report.hex(byte.into());
            }
        }
        if self.block != 0 {
            report.text("\nnolibc: block of ");
            report.decimal(self.block_bytes);
            report.text(" bytes at ");
            report.hex(self.block);
            report.text(", allocation ");
            report.decimal(self.number as usize);
            report.text(" since checking began");
        }
        report.end()
    }
}

/// A value, or what is wrong.
pub type Checked<T> = core::result::Result<T, Damage>;

/// Memory of a block that the heap has handed out, for looking at.
fn bytes<'a>(start: usize, len: usize) -> &'a [u8] {
    // SAFETY: callers pass a part of a block that the heap handed out to this module, which fills
    // all of it before anyone may look.
    unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance(start), len) }
}

fn fill(start: usize, len: usize, byte: u8) {
    // SAFETY: callers pass a part of a block of theirs that nobody else may use.
    unsafe { core::ptr::with_exposed_provenance_mut::<u8>(start).write_bytes(byte, len) }
}

/// The first and the number of bytes from there to the last that do not hold `byte`.
fn changed(start: usize, len: usize, byte: u8) -> Option<(usize, usize)> {
    let range = bytes(start, len);
    let first = range.iter().position(|&have| have != byte)?;
    let last = range.iter().rposition(|&have| have != byte)?;
    Some((start + first, last + 1 - first))
}

/// Blocks with guards over a heap.
pub struct Checker {
    /// Open addressing, linear probing, a power of two long.
    table: *mut Entry,
    capacity: usize,
    used: usize,
    number: u32,
    /// The blocks that were given back: the oldest and the newest.
    oldest: usize,
    newest: usize,
    kept_bytes: usize,
}

// SAFETY: the table belongs to this value alone.
unsafe impl Send for Checker {}

impl Checker {
    /// Knows of no block.
    pub const fn new() -> Self {
        Self {
            table: core::ptr::null_mut(),
            capacity: 0,
            used: 0,
            number: 0,
            oldest: 0,
            newest: 0,
            kept_bytes: 0,
        }
    }

    fn entries(&mut self) -> &mut [Entry] {
        if self.capacity == 0 {
            return &mut [];
        }
        // SAFETY: `grow` made it, with so many entries.
        unsafe { core::slice::from_raw_parts_mut(self.table, self.capacity) }
    }

    /// Where a block is in the table, or where it would be.
    fn find(&mut self, block: usize) -> (usize, Option<Entry>) {
        let mask = self.capacity.wrapping_sub(1);
        let entries = self.entries();
        let mut at = home(block) & mask;
        while let Some(entry) = entries.get(at) {
            if entry.block == 0 {
                break;
            }
            if entry.block == block {
                return (at, Some(*entry));
            }
            at = (at + 1) & mask;
        }
        (at, None)
    }

    fn live(&mut self, block: usize) -> Checked<Option<Entry>> {
        match self.find(block).1 {
            Some(entry) if entry.freed => Err(Damage::about(
                "free or realloc of memory that is already free",
                block,
                &entry,
            )),
            found => Ok(found),
        }
    }

    fn put(&mut self, entry: Entry) {
        let (at, _) = self.find(entry.block);
        if let Some(place) = self.entries().get_mut(at) {
            *place = entry;
        }
    }

    fn remove(&mut self, block: usize) {
        let mask = self.capacity.wrapping_sub(1);
        let (mut gap, _) = self.find(block);
        let entries = self.entries();
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(entry) = entries.get(at).copied() else {
                break;
            };
            if entry.block == 0 {
                break;
            }
            // An entry may move up unless the gap lies before its home.
            if at.wrapping_sub(home(entry.block)) & mask >= at.wrapping_sub(gap) & mask {
                if let Some(place) = entries.get_mut(gap) {
                    *place = entry;
                }
                gap = at;
            }
        }
        if let Some(place) = entries.get_mut(gap) {
            *place = Entry::NONE;
        }
        self.used -= 1;
    }

    /// Make room for one more entry.
    fn grow(&mut self, heap: &mut Heap) -> Result<()> {
        if (self.used + 1) * 4 <= self.capacity * 3 {
            return Ok(());
        }
        let capacity = (self.capacity * 2).max(64);
        let (table, _) = heap.alloc(capacity * size_of::<Entry>(), MIN_ALIGN)?;
        let old = (self.table, self.capacity);
        self.table = table.as_ptr().cast();
        self.capacity = capacity;
        for at in 0..capacity {
            // SAFETY: the block was just allocated with so many entries.
            unsafe { self.table.add(at).write(Entry::NONE) };
        }
        for at in 0..old.1 {
            // SAFETY: below the length of the old table, which is still ours.
            let entry = unsafe { *old.0.add(at) };
            if entry.block != 0 {
                self.put(entry);
            }
        }
        if let Some(old) = NonNull::new(old.0.cast()) {
            // The heap's own block, live until here.
            let _ = heap.free(old);
        }
        Ok(())
    }

    /// Allocate with guards; blocks that are kept go back to the heap where there is no room else.
    ///
    /// # Errors
    /// `ENOMEM`: no room. The outer error: a kept block was written to.
    pub fn alloc(
        &mut self,
        heap: &mut Heap,
        len_bytes: usize,
        align: usize,
    ) -> Checked<Result<NonNull<u8>>> {
        let lead = align.max(GUARD_BYTES);
        let Some(total) = lead
            .checked_add(GUARD_BYTES)
            .and_then(|guards| guards.checked_add(len_bytes))
        else {
            return Ok(Err(Errno::ENOMEM));
        };
        let base = loop {
            match self.grow(heap).and_then(|()| heap.alloc(total, lead)) {
                Ok((base, _)) => break base,
                Err(error) if !self.forget_oldest(heap)? => return Ok(Err(error)),
                Err(_) => {}
            }
        };
        let start = base.expose_provenance().get();
        let usable = heap.usable_bytes(base).unwrap_or(total);
        fill(start, usable, GUARD);
        fill(start + lead, len_bytes, FRESH);
        self.number = self.number.wrapping_add(1);
        self.used += 1;
        self.put(Entry {
            block: start + lead,
            len: len_bytes,
            next: 0,
            number: self.number,
            lead_log: lead.trailing_zeros() as u8,
            freed: false,
        });
        // SAFETY: the block is longer than its guard.
        Ok(Ok(unsafe { base.add(lead) }))
    }

    /// Look at the guards of a block.
    fn check(&self, heap: &Heap, entry: &Entry) -> Checked<()> {
        let base = entry.base();
        let usable = usable(heap, base);
        let end = entry.block + entry.len;
        let before = changed(base, entry.block - base, GUARD);
        let found = before
            .map(|found| ("memory before a block was overwritten", found))
            .or_else(|| {
                let found = changed(end, (base + usable).saturating_sub(end), GUARD)?;
                Some(("memory after a block was overwritten", found))
            })
            .or_else(|| {
                let found = changed(entry.block, entry.len, FREED).filter(|_| entry.freed)?;
                Some(("memory was overwritten that is free", found))
            });
        match found {
            None => Ok(()),
            Some((what, (address, len_bytes))) => Err(Damage {
                len_bytes,
                ..Damage::about(what, address, entry)
            }),
        }
    }

    /// Give back a block: keep it for a while.
    ///
    /// # Errors
    /// It is not live, or something was overwritten.
    pub fn free(&mut self, heap: &mut Heap, block: NonNull<u8>) -> Checked<()> {
        let address = block.addr().get();
        let Some(entry) = self.live(address)? else {
            self.unguarded(heap, block)?;
            // Just seen to be live.
            let _ = heap.free(block);
            return Ok(());
        };
        self.check(heap, &entry)?;
        let usable = usable(heap, entry.base());
        fill(address, entry.len, FREED);
        let freed = Entry {
            freed: true,
            next: 0,
            ..entry
        };
        self.put(freed);
        if let (_, Some(newest)) = self.find(self.newest) {
            self.put(Entry {
                next: address,
                ..newest
            });
        } else {
            self.oldest = address;
        }
        self.newest = address;
        self.kept_bytes += usable;
        heap.note_kept(self.kept_bytes);
        let most = heap.usage().arena_bytes / KEPT_SHARE;
        while self.kept_bytes > most {
            self.forget_oldest(heap)?;
        }
        Ok(())
    }

    /// The length of a block from before checking began.
    ///
    /// # Errors
    /// It is none, but a mistake.
    pub fn unguarded(&mut self, heap: &Heap, block: NonNull<u8>) -> Checked<usize> {
        let address = block.addr().get();
        let mut around = self.entries().iter().filter(|entry| {
            entry.block != 0 && (entry.base()..=entry.block + entry.len).contains(&address)
        });
        if let Some(entry) = around.next() {
            let what = "free or realloc of an address that is not a block's start";
            return Err(Damage::about(what, address, entry));
        }
        let usable = heap.usable_bytes(block);
        usable.map_err(|misuse| Damage::about(misuse.message(), address, &Entry::NONE))
    }

    /// Let the heap have the block that was given back first; false: none is kept.
    ///
    /// # Errors
    /// It was written to.
    pub fn forget_oldest(&mut self, heap: &mut Heap) -> Checked<bool> {
        let Some(entry) = self.find(self.oldest).1.filter(|entry| entry.freed) else {
            return Ok(false);
        };
        self.check(heap, &entry)?;
        self.kept_bytes -= usable(heap, entry.base());
        heap.note_kept(self.kept_bytes);
        self.remove(entry.block);
        self.oldest = entry.next;
        if entry.next == 0 {
            self.newest = 0;
        }
        if let Some(base) = pointer(entry.base()) {
            // The heap's block, live until here.
            let _ = heap.free(base);
        }
        Ok(true)
    }

    /// The length of a live block as it was asked for; of one without guards, what the heap says.
    ///
    /// # Errors
    /// The block is not live.
    pub fn usable_bytes(&mut self, heap: &Heap, block: NonNull<u8>) -> Checked<usize> {
        match self.live(block.addr().get())? {
            Some(entry) => Ok(entry.len),
            None => self.unguarded(heap, block),
        }
    }

    /// Make a live block shorter where it lies; false: it is no block with guards, or not so long.
    ///
    /// # Errors
    /// The block is not live, or something was overwritten.
    pub fn shorten(&mut self, heap: &Heap, block: NonNull<u8>, len_bytes: usize) -> Checked<bool> {
        let address = block.addr().get();
        match self.live(address)? {
            Some(entry) if entry.len >= len_bytes => {
                self.check(heap, &entry)?;
                fill(address + len_bytes, entry.len - len_bytes, GUARD);
                self.put(Entry {
                    len: len_bytes,
                    ..entry
                });
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Look at all blocks, live and kept.
    ///
    /// # Errors
    /// The first damage found.
    pub fn verify(&mut self, heap: &Heap) -> Checked<()> {
        for at in 0..self.capacity {
            let entry = self.entries().get(at).copied().unwrap_or(Entry::NONE);
            if entry.block != 0 {
                self.check(heap, &entry)?;
            }
        }
        Ok(())
    }
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

fn pointer(address: usize) -> Option<NonNull<u8>> {
    NonNull::new(core::ptr::with_exposed_provenance_mut(address))
}

/// The length of a block of the heap.
fn usable(heap: &Heap, base: usize) -> usize {
    pointer(base)
        .and_then(|base| heap.usable_bytes(base).ok())
        .unwrap_or(0)
}

/// Where the search for a block begins.
const fn home(block: usize) -> usize {
    (block >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}
