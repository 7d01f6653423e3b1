//! One owner of every byte between the image and the stack.
//!
//! Memory is handed out in runs of 512-byte units. What each unit is stands in a
//! table beside the memory, four bytes a unit, so a stray write into a block
//! cannot change it. Free runs are kept by length in two levels of bitmaps (M. Masmano
//! et al., "TLSF: a new dynamic memory allocator for real-time systems", 2004);
//! neighbours that are free are always one run. Finding, splitting and joining
//! takes bounded time.
//!
//! The two links of a free run lie in the run itself. They are checked when they are
//! followed: a write into free memory is found there at the latest.

mod range;

pub use range::Range;

mod search;

use crate::report;

/// The smallest amount of memory that is handed out.
pub const UNIT_BYTES: usize = 512;
/// What `mmap` counts in.
pub const PAGE_BYTES: usize = 4096;
/// Units in a page.
pub const PAGE_UNITS: u32 = (PAGE_BYTES / UNIT_BYTES) as u32;

/// What a unit is: a kind, and a number that the kind gives a meaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit(u32);

/// The kinds of units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// Neither the start of anything nor part of a slab.
    Inside = 0,
    /// Starts a free run of that many units.
    Free = 1,
    /// Ends a free run of that many units (two at least).
    FreeEnd = 2,
    /// Starts a block of that many units.
    Block = 3,
    /// Starts a slab.
    Slab = 4,
    /// Lies in a slab that starts that many units before.
    InSlab = 5,
    /// Starts a mapped page; the number is the state of the page.
    Mapped = 6,
    /// Belongs to nobody who could give it back.
    Fixed = 7,
}

impl Unit {
    const NUMBER_BITS: u32 = 29;

    /// A unit of this kind with this number.
    pub const fn new(kind: Kind, number: u32) -> Self {
        Self((kind as u32) << Self::NUMBER_BITS | number)
    }

    /// What it is.
    pub const fn kind(self) -> Kind {
        match self.0 >> Self::NUMBER_BITS {
            0 => Kind::Inside,
            1 => Kind::Free,
            2 => Kind::FreeEnd,
            3 => Kind::Block,
            4 => Kind::Slab,
            5 => Kind::InSlab,
            6 => Kind::Mapped,
            _ => Kind::Fixed,
        }
    }

    /// The number beside the kind.
    pub const fn number(self) -> u32 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }
}

const SLOT_BITS: u32 = 4;
const SLOTS: usize = 1 << SLOT_BITS;
/// More than the lengths need, so that the low bits of a level always name one.
const LEVELS: usize = 32;
const _: () = assert!(LEVELS as u32 > Unit::NUMBER_BITS - SLOT_BITS);
/// No unit: unit 0 is never free.
const NONE: u32 = 0;
/// The links of a free run, in its first bytes.
#[repr(C)]
#[derive(Clone, Copy)]
struct Links {
    next: u32,
    previous: u32,
}

/// Units that were free a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The first unit.
    pub start: u32,
    /// So many of them may hold old bytes; those after are zero.
    pub stale: u32,
}

/// A unit's number must be enough for the length of a run.
const MOST_BYTES: usize = ((1 << Unit::NUMBER_BITS) - PAGE_UNITS) as usize * UNIT_BYTES;
/// How many ranges there may be besides the first.
const MORE_RANGES: usize = 4;

/// The owner of memory.
pub struct Pages {
    main: Range,
    others: [Range; MORE_RANGES],
    owned_units: u32,
    base: *mut u8,
    table: *mut Unit,
    units: u32,
    free_units: u32,
    free_runs: u32,
    /// From here on nothing was ever handed out, and all bytes are zero.
    fresh: u32,
    levels: u32,
    slots: [u16; LEVELS],
    heads: [[u32; SLOTS]; LEVELS],
}

// SAFETY: the memory behind the pointers belongs to this value alone.
unsafe impl Send for Pages {}

/// The class that a run of `len` units is kept in.
const fn class_of(len: u32) -> (usize, usize) {
    if len < SLOTS as u32 {
        return (0, len as usize);
    }
    let log = len.ilog2();
    let slot = (len >> (log - SLOT_BITS)) as usize & (SLOTS - 1);
    ((log - SLOT_BITS + 1) as usize, slot)
}

/// The first class in which every run has `len` units at least.
const fn class_above(len: u32) -> (usize, usize) {
    if len < SLOTS as u32 {
        return class_of(len);
    }
    class_of(len + (1 << (len.ilog2() - SLOT_BITS)) - 1)
}

impl Pages {
    /// Owns nothing.
    pub const fn empty() -> Self {
        Self {
            main: Range::EMPTY,
            others: [Range::EMPTY; MORE_RANGES],
            owned_units: 0,
            base: core::ptr::null_mut(),
            table: core::ptr::null_mut(),
            units: 0,
            free_units: 0,
            free_runs: 0,
            fresh: 0,
            levels: 0,
            slots: [0; LEVELS],
            heads: [[NONE; SLOTS]; LEVELS],
        }
    }

    /// Take over memory: the first range, where the table goes, and those of the
    /// others that are worth the table of what lies between. What does not make a whole page
    /// at either end of a range is left alone; memory too small for
    /// its table is no memory.
    ///
    /// `zeroed`: all of it is known to hold zeros.
    ///
    /// # Safety
    /// The ranges are memory that nothing else uses from now on, and do not overlap.
    pub unsafe fn take_over(&mut self, ranges: &[Range], zeroed: bool) {
        *self = Self::empty();
        let mut whole = ranges.iter().map(Range::whole_pages);
        let Some(main) = whole.next() else { return };
        let (mut low, mut high) = (main.start, main.end());
        let mut kept = 0;
        for range in whole {
            let (new_low, new_high) = (low.min(range.start), high.max(range.end()));
            let longer = (new_high - new_low) - (high - low);
            let between = longer.saturating_sub(range.len_bytes);
            let worth_it = between / (UNIT_BYTES / size_of::<Unit>()) < range.len_bytes / 2;
            let fits = new_high - new_low <= MOST_BYTES;
            if let Some(place) = self.others.get_mut(kept).filter(|_| worth_it && fits) {
                *place = range;
                kept += 1;
                (low, high) = (new_low, new_high);
            }
        }
        let units = (high - low) / UNIT_BYTES;
        let table_bytes = units * size_of::<Unit>();
        if table_bytes + PAGE_BYTES > main.len_bytes {
            self.others = [Range::EMPTY; MORE_RANGES];
            return;
        }
        self.main = main;
        self.base = core::ptr::with_exposed_provenance_mut(low);
        self.table = core::ptr::with_exposed_provenance_mut(main.start);
        self.units = units as u32;
        if !zeroed {
            // SAFETY: the table lies in the range that the caller hands over.
            unsafe { self.table.cast::<u8>().write_bytes(0, table_bytes) };
        }
        self.fresh = if zeroed { 1 } else { self.units };
        self.give(main.start, main.len_bytes, table_bytes.div_ceil(UNIT_BYTES));
        for range in self.others {
            self.give(range.start, range.len_bytes, 0);
        }
    }

    /// Make a range free but for its first units, and never unit 0.
    fn give(&mut self, start: usize, len_bytes: usize, fixed: usize) {
        if len_bytes == 0 {
            return;
        }
        let first = ((start - self.base.addr()) / UNIT_BYTES) as u32;
        let len = (len_bytes / UNIT_BYTES) as u32;
        let fixed = (fixed as u32).max(u32::from(first == 0)).min(len);
        if fixed > 0 {
            self.set(first, Unit::new(Kind::Fixed, fixed));
        }
        self.owned_units += len;
        if len > fixed {
            self.release(first + fixed, len - fixed);
        }
    }

    /// Whether a unit is part of what was taken over.
    pub fn owns(&self, unit: u32) -> bool {
        let address = self.address(unit).addr();
        let mut ranges = core::iter::once(&self.main).chain(&self.others);
        ranges.any(|range| (range.start..range.end()).contains(&address))
    }

    /// The units from the first range to the last, what lies between included.
    pub fn span_units(&self) -> u32 {
        self.units
    }

    /// The units that were taken over, the table's own included.
    pub fn total_units(&self) -> u32 {
        self.owned_units
    }

    /// Those of them that are the table's, or unit 0.
    pub fn fixed_units(&self) -> u32 {
        let table = self.unit_of(self.main.start).unwrap_or(0);
        self.get(table).number() + u32::from(table != 0)
    }

    /// The units in free runs.
    pub fn free_units(&self) -> u32 {
        self.free_units
    }

    /// How many free runs there are.
    pub fn free_runs(&self) -> u32 {
        self.free_runs
    }

    /// The length of the longest free run, within a sixteenth.
    pub fn longest_free_run(&self) -> u32 {
        let Some(level) = self.levels.checked_ilog2() else {
            return 0;
        };
        let level = level as usize % LEVELS;
        let slot = self.slots[level].checked_ilog2().unwrap_or(0);
        self.get(self.head((level, slot as usize))).number()
    }

    /// What a unit is; beyond the end all units are `Fixed`.
    pub fn get(&self, unit: u32) -> Unit {
        if unit >= self.units {
            return Unit::new(Kind::Fixed, 0);
        }
        // SAFETY: the table has `units` entries.
        unsafe { *self.table.add(unit as usize) }
    }

    /// Say what a unit is. A run's owner does that for the units of the run.
    pub fn set(&mut self, unit: u32, what: Unit) {
        if unit < self.units {
            // SAFETY: the table has `units` entries.
            unsafe { *self.table.add(unit as usize) = what }
        }
    }

    /// The address of a unit.
    pub fn address(&self, unit: u32) -> *mut u8 {
        self.base.wrapping_add(unit as usize * UNIT_BYTES)
    }

    /// The unit that holds `address`.
    pub fn unit_of(&self, address: usize) -> Option<u32> {
        let offset = address.checked_sub(self.base.addr())?;
        let unit = u32::try_from(offset / UNIT_BYTES).ok()?;
        (unit < self.units).then_some(unit)
    }

    /// Take `len` units whose address is a multiple of `align_bytes` (a power of two).
    pub fn take(&mut self, len: u32, align_bytes: usize) -> Option<Taken> {
        if len == 0 || len > self.free_units {
            return None;
        }
        let (run, start) = self.find(len, align_bytes)?;
        let run_len = self.get(run).number();
        self.unlink(run);
        self.set(run, Unit::new(Kind::Inside, 0));
        self.set(run + run_len - 1, Unit::new(Kind::Inside, 0));
        self.free_units -= run_len;
        let end = start + len;
        if start > run {
            self.link(run, start - run);
        }
        if run + run_len > end {
            self.link(end, run + run_len - end);
        }
        Some(self.taken(start, len))
    }

    /// Take the `len` units right after `start - 1`, if they are free.
    pub fn take_at(&mut self, start: u32, len: u32) -> Option<Taken> {
        let what = self.get(start);
        if what.kind() != Kind::Free || what.number() < len || len == 0 {
            return None;
        }
        let run_len = what.number();
        self.unlink(start);
        self.set(start, Unit::new(Kind::Inside, 0));
        self.set(start + run_len - 1, Unit::new(Kind::Inside, 0));
        self.free_units -= run_len;
        if run_len > len {
            self.link(start + len, run_len - len);
        }
        Some(self.taken(start, len))
    }

    /// Give back `len` units, all of them `Inside`.
    pub fn release(&mut self, start: u32, len: u32) {
        let (mut first, mut end) = (start, start + len);
        let before = self.get(first.wrapping_sub(1));
        if matches!(before.kind(), Kind::Free | Kind::FreeEnd) {
            self.set(first - 1, Unit::new(Kind::Inside, 0));
            first -= before.number();
            self.detach(first, before.number());
        }
        let after = self.get(end);
        if after.kind() == Kind::Free {
            end += after.number();
            self.set(end - 1, Unit::new(Kind::Inside, 0));
            self.detach(start + len, after.number());
        }
        self.link(first, end - first);
    }

    /// Take a free run out of its list; it is about to be part of a longer one.
    fn detach(&mut self, run: u32, len: u32) {
        self.unlink_from(run, class_of(len));
        self.set(run, Unit::new(Kind::Inside, 0));
        self.free_units -= len;
    }

    fn taken(&mut self, start: u32, len: u32) -> Taken {
        let stale = self.fresh.saturating_sub(start).min(len);
        self.fresh = self.fresh.max(start + len);
        Taken { start, stale }
    }

    fn links(&self, run: u32) -> Links {
        if run == NONE || run >= self.units {
            report::die_at("free memory was overwritten", self.address(run).addr());
        }
        // SAFETY: checked to be a unit of ours; a unit starts at a multiple of 512.
        unsafe { *self.address(run).cast() }
    }

    fn set_links(&mut self, run: u32, links: Links) {
        // SAFETY: the caller has checked `run`, by reading its links or by owning it.
        unsafe { *self.address(run).cast() = links }
    }

    fn link(&mut self, run: u32, len: u32) {
        self.set(run, Unit::new(Kind::Free, len));
        if len > 1 {
            self.set(run + len - 1, Unit::new(Kind::FreeEnd, len));
        }
        self.free_units += len;
        self.free_runs += 1;
        let class = class_of(len);
        let next = self.head(class);
        if next != NONE {
            let links = self.links(next);
            self.set_links(
                next,
                Links {
                    previous: run,
                    ..links
                },
            );
        }
        self.set_links(
            run,
            Links {
                next,
                previous: NONE,
            },
        );
        self.set_head(class, run);
    }

    /// The first run of a class.
    fn head(&self, (level, slot): (usize, usize)) -> u32 {
        self.heads[level % LEVELS][slot % SLOTS]
    }

    fn set_head(&mut self, (level, slot): (usize, usize), run: u32) {
        let (level, slot) = (level % LEVELS, slot % SLOTS);
        self.heads[level][slot] = run;
        let slots = &mut self.slots[level];
        *slots = *slots & !(1 << slot) | u16::from(run != NONE) << slot;
        self.levels = self.levels & !(1 << level) | u32::from(*slots != 0) << level;
    }

    fn unlink(&mut self, run: u32) {
        self.unlink_from(run, class_of(self.get(run).number()));
    }

    fn unlink_from(&mut self, run: u32, class: (usize, usize)) {
        self.free_runs -= 1;
        let Links { next, previous } = self.links(run);
        let before = if previous == NONE {
            self.head(class)
        } else {
            self.links(previous).next
        };
        if before != run || (next != NONE && self.links(next).previous != run) {
            report::die_at("free memory was overwritten", self.address(run).addr());
        }
        if next != NONE {
            let links = self.links(next);
            self.set_links(next, Links { previous, ..links });
        }
        if previous != NONE {
            let links = self.links(previous);
            self.set_links(previous, Links { next, ..links });
        } else {
            self.set_head(class, next);
        }
        // Fresh memory stays zero.
        self.set_links(
            run,
            Links {
                next: 0,
                previous: 0,
            },
        );
    }
}
