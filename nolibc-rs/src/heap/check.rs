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
use crate::errno::Result;
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

const BEFORE: &str = "memory before a block was overwritten";
const AFTER: &str = "memory after a block was overwritten";
const FREE: &str = "memory was overwritten that is free";
const TWICE: &str = "free or realloc of memory that is already free";
const INSIDE: &str = "free or realloc of an address that is not a block's start";

/// What is known about a block.
#[derive(Clone, Copy)]
#[repr(C)]
struct Entry {
    /// Its address; 0: an entry that is not in use; [`Entry::GONE`]: one that was.
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

    /// No block's address.
    const GONE: usize = 1;

    fn is_block(&self) -> bool {
        self.block > Self::GONE
    }

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
    const NONE: Self = Self {
        what: "",
        address: 0,
        len_bytes: 0,
        block: 0,
        block_bytes: 0,
        number: 0,
    };

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

/// Something is wrong; what, stands in [`Checker::damage`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged;

/// A value, if nothing is wrong.
pub type Checked<T> = core::result::Result<T, Damaged>;

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

fn pointer(address: usize) -> NonNull<u8> {
    NonNull::new(core::ptr::with_exposed_provenance_mut(address)).unwrap_or(NonNull::dangling())
}

/// Where the search for a block begins.
const fn home(block: usize) -> usize {
    (block >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

/// Blocks with guards over a heap.
pub struct Checker {
    /// Open addressing, linear probing, a power of two long.
    table: *mut Entry,
    capacity: usize,
    /// Entries in use, and those that were.
    used: usize,
    blocks: usize,
    number: u32,
    /// The blocks that were given back: the oldest and the newest, 0 for none.
    oldest: usize,
    newest: usize,
    kept_bytes: usize,
    damage: Option<Damage>,
}

// SAFETY: the table belongs to this value alone.
unsafe impl Send for Checker {}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

impl Checker {
    /// Knows of no block.
    pub const fn new() -> Self {
        Self {
            table: core::ptr::null_mut(),
            capacity: 0,
            used: 0,
            blocks: 0,
            number: 0,
            oldest: 0,
            newest: 0,
            kept_bytes: 0,
            damage: None,
        }
    }

    /// What was wrong last.
    pub fn damage(&self) -> Damage {
        self.damage.unwrap_or(Damage::NONE)
    }

    #[inline(never)]
    fn report(
        &mut self,
        what: &'static str,
        (address, len_bytes): (usize, usize),
        entry: Entry,
    ) -> Damaged {
        self.damage = Some(Damage {
            what,
            address,
            len_bytes,
            block: entry.block,
            block_bytes: entry.len,
            number: entry.number,
        });
        Damaged
    }

    /// The entry at a place; places go round.
    fn entry(&mut self, at: usize) -> &mut Entry {
        // SAFETY: `grow` made the table, with so many entries, before anything was put there; who
        // asks has seen that something was, or calls `grow` first.
        unsafe { &mut *self.table.add(at & (self.capacity - 1)) }
    }

    /// Where a block is in the table, or where it would be.
    #[inline(never)]
    fn find(&mut self, block: usize) -> usize {
        let mut at = home(block);
        while self.entry(at).block != 0 && self.entry(at).block != block {
            at = at.wrapping_add(1);
        }
        at
    }

    /// The place of a block that is live; none: one without guards, or a mistake.
    #[inline(never)]
    fn live(&mut self, block: usize) -> Checked<Option<usize>> {
        if self.used == 0 {
            return Ok(None);
        }
        let at = self.find(block);
        let entry = *self.entry(at);
        if entry.freed {
            return Err(self.report(TWICE, (block, 0), entry));
        }
        Ok((entry.block != 0).then_some(at))
    }

    /// Make room for one more entry.
    #[inline(never)]
    fn grow(&mut self, heap: &mut Heap) -> Result<()> {
        if (self.used + 1) * 4 <= self.capacity * 3 {
            return Ok(());
        }
        let capacity = (self.blocks * 3).max(64).next_power_of_two();
        let bytes = capacity * size_of::<Entry>();
        let (table, _) = heap.alloc(bytes, MIN_ALIGN)?;
        let (old, old_capacity) = (self.table, self.capacity);
        self.table = table.as_ptr().cast();
        self.capacity = capacity;
        self.used = self.blocks;
        // SAFETY: just allocated with so many bytes; zeros are entries that are not in use.
        unsafe { table.write_bytes(0, bytes) };
        for at in 0..old_capacity {
            // SAFETY: below the length of the old table, which is still ours.
            let entry = unsafe { *old.add(at) };
            if entry.is_block() {
                let at = self.find(entry.block);
                *self.entry(at) = entry;
            }
        }
        if let Some(old) = NonNull::new(old.cast()) {
            // The heap's own block, live until here.
            let _ = heap.free(old);
        }
        Ok(())
    }

    /// Allocate with guards; blocks that are kept go back to the heap where there is no room else.
    /// None: no room.
    ///
    /// # Errors
    /// A kept block was written to.
    pub fn alloc(
        &mut self,
        heap: &mut Heap,
        len_bytes: usize,
        align: usize,
    ) -> Checked<Option<NonNull<u8>>> {
        let lead = align.max(GUARD_BYTES);
        // More than there can be, where the sum is.
        let total = len_bytes.saturating_add(lead).saturating_add(GUARD_BYTES);
        let base = loop {
            match self.grow(heap).and_then(|()| heap.alloc(total, lead)) {
                Ok((base, _)) => break base,
                Err(_) if self.forget_oldest(heap)? => {}
                Err(_) => return Ok(None),
            }
        };
        let start = base.expose_provenance().get();
        fill(start, usable(heap, start), GUARD);
        fill(start + lead, len_bytes, FRESH);
        self.number = self.number.wrapping_add(1);
        self.used += 1;
        self.blocks += 1;
        let at = self.find(start + lead);
        *self.entry(at) = Entry {
            block: start + lead,
            len: len_bytes,
            next: 0,
            number: self.number,
            lead_log: lead.trailing_zeros() as u8,
            freed: false,
        };
        Ok(Some(pointer(start + lead)))
    }

    /// Look at the guards of a block, and at the fill of one that was given back.
    #[inline(never)]
    fn check(&mut self, heap: &Heap, entry: Entry) -> Checked<()> {
        let base = entry.base();
        let end = entry.block + entry.len;
        let after = (base + usable(heap, base)).saturating_sub(end);
        let freed = if entry.freed { entry.len } else { 0 };
        for (what, start, len, byte) in [
            (BEFORE, base, entry.block - base, GUARD),
            (AFTER, end, after, GUARD),
            (FREE, entry.block, freed, FREED),
        ] {
            let range = bytes(start, len);
            let is_changed = |have: &u8| *have != byte;
            let Some(first) = range.iter().position(is_changed) else {
                continue;
            };
            let last = range.iter().rposition(is_changed).unwrap_or(first);
            return Err(self.report(what, (start + first, last + 1 - first), entry));
        }
        Ok(())
    }

    /// Give back a block: keep it for a while.
    ///
    /// # Errors
    /// It is not live, or something was overwritten.
    pub fn free(&mut self, heap: &mut Heap, block: NonNull<u8>) -> Checked<()> {
        let address = block.addr().get();
        let Some(at) = self.live(address)? else {
            self.unguarded(heap, block)?;
            // Just seen to be live.
            let _ = heap.free(block);
            return Ok(());
        };
        let entry = *self.entry(at);
        self.check(heap, entry)?;
        fill(address, entry.len, FREED);
        self.entry(at).freed = true;
        if self.newest == 0 {
            self.oldest = address;
        } else {
            let newest = self.find(self.newest);
            self.entry(newest).next = address;
        }
        self.newest = address;
        self.kept_bytes += usable(heap, entry.base());
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
    fn unguarded(&mut self, heap: &Heap, block: NonNull<u8>) -> Checked<usize> {
        let address = block.addr().get();
        for at in 0..self.capacity {
            let entry = *self.entry(at);
            if entry.is_block() && (entry.base()..=entry.block + entry.len).contains(&address) {
                return Err(self.report(INSIDE, (address, 0), entry));
            }
        }
        heap.usable_bytes(block)
            .map_err(|misuse| self.report(misuse.message(), (address, 0), Entry::NONE))
    }

    /// Let the heap have the block that was given back first; false: none is kept.
    ///
    /// # Errors
    /// It was written to.
    #[inline(never)]
    pub fn forget_oldest(&mut self, heap: &mut Heap) -> Checked<bool> {
        if self.oldest == 0 {
            return Ok(false);
        }
        let at = self.find(self.oldest);
        let entry = *self.entry(at);
        self.check(heap, entry)?;
        self.kept_bytes -= usable(heap, entry.base());
        heap.note_kept(self.kept_bytes);
        self.entry(at).block = Entry::GONE;
        self.blocks -= 1;
        self.oldest = entry.next;
        if entry.next == 0 {
            self.newest = 0;
        }
        // The heap's block, live until here.
        let _ = heap.free(pointer(entry.base()));
        Ok(true)
    }

    /// The length of a live block as it was asked for; of one without guards, what the heap says.
    ///
    /// # Errors
    /// The block is not live.
    pub fn usable_bytes(&mut self, heap: &Heap, block: NonNull<u8>) -> Checked<usize> {
        match self.live(block.addr().get())? {
            Some(at) => Ok(self.entry(at).len),
            None => self.unguarded(heap, block),
        }
    }

    /// Make a live block shorter where it lies; a block without guards stays as it is.
    ///
    /// # Errors
    /// The block is not live, or something was overwritten.
    pub fn shorten(&mut self, heap: &Heap, block: NonNull<u8>, len_bytes: usize) -> Checked<()> {
        let address = block.addr().get();
        if let Some(at) = self.live(address)? {
            let entry = *self.entry(at);
            self.check(heap, entry)?;
            let less = entry.len.saturating_sub(len_bytes);
            fill(address + entry.len - less, less, GUARD);
            self.entry(at).len -= less;
        }
        Ok(())
    }

    /// Look at all blocks, live and kept.
    ///
    /// # Errors
    /// Something was overwritten; the first damage found is told.
    pub fn verify(&mut self, heap: &Heap) -> Checked<()> {
        for at in 0..self.capacity {
            let entry = *self.entry(at);
            if entry.is_block() {
                self.check(heap, entry)?;
            }
        }
        Ok(())
    }
}

/// The length of a block of the heap.
fn usable(heap: &Heap, base: usize) -> usize {
    heap.usable_bytes(pointer(base)).unwrap_or(0)
}
