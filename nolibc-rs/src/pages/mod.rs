//! One owner of every byte between the image and the stack.
//!
//! Memory is handed out in runs: of whole 512-byte units, or for blocks of multiples of 16 bytes, a
//! unit at least. What starts in each unit stands in a table beside the memory, a byte a unit, so a
//! stray write into a block cannot change it; the entries of the units inside a block say how many it
//! covers. Free runs are kept by length; neighbours that are free are always one run. Finding,
//! splitting and joining takes bounded time.
//!
//! The links of a free run and its length lie in the run itself. They are checked when they are
//! followed: a write into free memory is found there at the latest.

mod free;
mod gap;
mod lists;
mod marks;
mod range;
mod room;
mod search;
mod span;
mod unit;

pub use range::Range;
pub use unit::{Kind, Unit};

use free::{FreeRun, Lists, class_of};
use room::Room;
use search::start_in;

/// What a unit of the table stands for, and the shortest run.
pub const UNIT_BYTES: usize = 512;
/// A run of a block starts at a multiple of this and is as many bytes long.
pub const GRAIN_BYTES: usize = 16;
/// What `mmap` counts in.
pub const PAGE_BYTES: usize = 4096;
/// Units in a page.
pub const PAGE_UNITS: u32 = (PAGE_BYTES / UNIT_BYTES) as u32;

/// Units that were free a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The first unit.
    pub start: u32,
    /// So many of them may hold old bytes; those after are zero.
    pub stale: u32,
}

/// Bytes that were free a moment ago.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Where they are, counted from the first unit.
    pub start: usize,
    /// How many, perhaps more than were asked for.
    pub len_bytes: usize,
    /// So many of them may hold old bytes; those after are zero.
    pub stale_bytes: usize,
}

/// What may become of a rest that is too short for a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// It goes with the run.
    Joins,
    /// It goes with the block, or becomes a gap.
    IsGap,
    /// There must be none.
    IsNone,
}

/// More cannot be owned: digits must be enough for the length of a run.
pub const MOST_BYTES: usize = span::MOST_UNITS * UNIT_BYTES - PAGE_BYTES;
/// How many ranges there may be besides the first.
const MORE_RANGES: usize = 4;

/// The owner of memory.
pub struct Pages {
    lists: Lists,
    room: Room,
    base: *mut u8,
    table: *mut Unit,
    units: usize,
    /// As many grains.
    grains: usize,
    owned_units: u32,
    fixed_units: u32,
    free_bytes: usize,
    /// Of all that is owned, a half and a twelfth.
    half_bytes: usize,
    few_bytes: usize,
    free_runs: usize,
    least_free_bytes: usize,
    /// From here on nothing was ever handed out, and all bytes are zero.
    fresh: usize,
    main: Range,
    others: [Range; MORE_RANGES],
}

// SAFETY: the memory behind the pointers belongs to this value alone.
unsafe impl Send for Pages {}

impl Pages {
    /// Owns nothing.
    pub const fn empty() -> Self {
        Self {
            lists: Lists::EMPTY,
            room: Room::NONE,
            base: core::ptr::null_mut(),
            table: core::ptr::null_mut(),
            units: 0,
            grains: 0,
            owned_units: 0,
            fixed_units: 0,
            free_bytes: 0,
            half_bytes: 0,
            few_bytes: 0,
            free_runs: 0,
            least_free_bytes: 0,
            fresh: 0,
            main: Range::EMPTY,
            others: [Range::EMPTY; MORE_RANGES],
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
        self.units as u32
    }

    /// The units that were taken over, the table's own included.
    pub fn total_units(&self) -> u32 {
        self.owned_units
    }

    /// Those of them that are the table's, or unit 0.
    pub fn fixed_units(&self) -> u32 {
        self.fixed_units
    }

    /// The bytes in free runs.
    #[inline(always)]
    pub fn free_bytes(&self) -> usize {
        self.free_bytes
    }

    /// The least that they ever were.
    pub fn least_free_bytes(&self) -> usize {
        self.least_free_bytes.min(self.free_bytes)
    }

    /// How many free runs there are.
    pub fn free_runs(&self) -> usize {
        self.free_runs
    }

    /// The length of the longest free run, within a sixteenth.
    pub fn longest_free_bytes(&self) -> usize {
        let last = self.lists.last_class();
        let listed = last.map_or(0, |class| self.read(self.lists.head(class)).len_bytes);
        listed.max(self.room.len_bytes())
    }

    /// The free run at the end of all units: its first unit, and how many whole units from there.
    pub fn last_free_units(&mut self) -> Option<(u32, u32)> {
        self.close_room();
        if self.units == 0 {
            return None;
        }
        let end = self.units * UNIT_BYTES;
        let start = end - self.free_before(end)?;
        let first = start.div_ceil(UNIT_BYTES) as u32;
        Some((first, self.units as u32 - first))
    }

    /// What a unit is; beyond the end all units are [`Kind::Fixed`].
    #[inline(always)]
    pub fn get(&self, unit: u32) -> Unit {
        if unit as usize >= self.units {
            return Unit::FIXED;
        }
        self.entry(unit as usize)
    }

    /// The address of a unit.
    #[inline(always)]
    pub fn address(&self, unit: u32) -> *mut u8 {
        self.base.wrapping_add(unit as usize * UNIT_BYTES)
    }

    /// The unit that holds `address`.
    #[inline(always)]
    pub fn unit_of(&self, address: usize) -> Option<u32> {
        let offset = address.checked_sub(self.base.addr())?;
        let unit = offset / UNIT_BYTES;
        (unit < self.units).then_some(unit as u32)
    }

    /// The address of a byte, counted from the first unit.
    #[inline(always)]
    pub fn at(&self, offset: usize) -> *mut u8 {
        self.base.wrapping_add(offset)
    }

    /// Where a byte is, counted from the first unit.
    #[inline(always)]
    pub fn offset_of(&self, address: usize) -> usize {
        address.wrapping_sub(self.base.addr())
    }

    /// The entry of a unit, or of the one behind all.
    #[inline(always)]
    fn entry(&self, unit: usize) -> Unit {
        debug_assert!(unit <= self.units);
        // SAFETY: callers pass a unit of a run of ours or one beside it, and the table has an entry
        // behind the last one's.
        unsafe { *self.table.add(unit) }
    }

    #[inline(always)]
    fn set_entry(&mut self, unit: usize, what: Unit) {
        debug_assert!(unit < self.units);
        // SAFETY: as above, and it is a unit of a run.
        unsafe { *self.table.add(unit) = what }
    }

    /// Take `len` units whose address is a multiple of `align_bytes` (a power of two).
    #[inline(never)]
    pub fn take(&mut self, len: u32, align_bytes: usize) -> Option<Taken> {
        let len_bytes = len as usize * UNIT_BYTES;
        let align_bytes = align_bytes.max(UNIT_BYTES);
        let run = self.take_out_of_line(len_bytes, align_bytes, Rest::IsNone)?;
        self.set_entry(run.start / UNIT_BYTES, Unit::INSIDE);
        Some(Self::whole(run))
    }

    /// Take a block of `len_bytes` whose address is a multiple of `align_bytes` (a power of two), and a
    /// little more where that could not be a run of its own.
    ///
    /// `len_bytes` is a multiple of [`GRAIN_BYTES`], and a unit at least.
    #[inline(always)]
    pub fn take_block(&mut self, len_bytes: usize, align_bytes: usize) -> Option<Run> {
        let run = self.take_out_of_line(len_bytes, align_bytes, Rest::IsGap)?;
        self.set_block(run.start);
        Some(run)
    }

    /// [`Pages::take_block`], for the one place where time counts more than code.
    #[inline(always)]
    pub fn take_block_inline(&mut self, len_bytes: usize, align_bytes: usize) -> Option<Run> {
        let run = self.take_run_inline(len_bytes, align_bytes, Rest::IsGap)?;
        self.set_block(run.start);
        Some(run)
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize) {
        self.set_entry(start / UNIT_BYTES, Unit::block(start));
    }

    fn whole(run: Run) -> Taken {
        Taken {
            start: (run.start / UNIT_BYTES) as u32,
            stale: run.stale_bytes.div_ceil(UNIT_BYTES) as u32,
        }
    }

    /// [`Pages::take_block`], but the table says nothing of the run.
    pub fn take_run(&mut self, len_bytes: usize, align_bytes: usize) -> Option<Run> {
        let run = self.take_out_of_line(len_bytes, align_bytes, Rest::Joins)?;
        self.set_entry(run.start / UNIT_BYTES, Unit::INSIDE);
        Some(run)
    }

    #[inline(never)]
    fn take_out_of_line(
        &mut self,
        len_bytes: usize,
        align_bytes: usize,
        rest: Rest,
    ) -> Option<Run> {
        if len_bytes > self.free_bytes || len_bytes == 0 {
            return None;
        }
        self.take_run_inline(len_bytes, align_bytes, rest)
    }

    /// Take a run; what its first unit is, the caller says.
    #[inline(always)]
    fn take_run_inline(&mut self, len_bytes: usize, align_bytes: usize, rest: Rest) -> Option<Run> {
        self.close_room();
        let found = self.find(len_bytes, align_bytes, rest)?;
        let run_len = self.len_in(found.run, found.class);
        let first = self.offset_of(found.run.addr());
        let start = self.offset_of(start_in(found.run.addr(), align_bytes));
        if start == first {
            return Some(self.cut(found.run, found.class, run_len, len_bytes, rest));
        }
        if first + run_len < start + len_bytes {
            self.die(found.run);
        }
        Some(self.cut_middle(found.run, run_len, start, len_bytes))
    }

    /// Take bytes that do not start where the free run does.
    #[inline(never)]
    fn cut_middle(
        &mut self,
        run: *mut FreeRun,
        run_len: usize,
        start: usize,
        mut len_bytes: usize,
    ) -> Run {
        self.unlink_run(run);
        let first = self.offset_of(run.addr());
        let before = start - first;
        self.link_run(first, before);
        let end = start + len_bytes;
        let rest = first + run_len - end;
        if rest >= UNIT_BYTES {
            self.link_run(end, rest);
            self.free_runs += 1;
        } else {
            self.clear_end(end + rest);
            len_bytes += rest;
        }
        self.free_bytes -= len_bytes;
        self.set_run_span(start, len_bytes);
        self.taken(start, len_bytes)
    }

    /// Take the `len` units from `start` on, if a free run starts there and no short rest stays.
    pub fn take_at(&mut self, start: u32, len: u32) -> Option<Taken> {
        let len_bytes = len as usize * UNIT_BYTES;
        let start = start as usize * UNIT_BYTES;
        self.close_room();
        let run_len = self.free_at(start)?;
        if len == 0 || !fits(len_bytes, run_len, Rest::IsNone) {
            return None;
        }
        let run = self.take_first(start, len_bytes);
        Some(Self::whole(run))
    }

    /// Take the last units of all; false: no free run ends there that is longer by a unit.
    pub fn take_last(&mut self, len: u32) -> bool {
        if self.units == 0 {
            return false;
        }
        self.close_room();
        let end = self.units * UNIT_BYTES;
        let Some(run_len) = self.free_before(end) else {
            return false;
        };
        let (run, start) = (end - run_len, end - len as usize * UNIT_BYTES);
        if start < run + UNIT_BYTES {
            return false;
        }
        self.take_first(run, run_len);
        // What stays starts there now.
        self.set_entry(start / UNIT_BYTES, Unit::INSIDE);
        self.release_bytes(run, start - run);
        true
    }

    /// Take the first bytes of a free run that is long enough.
    #[inline(never)]
    fn take_first(&mut self, start: usize, len_bytes: usize) -> Run {
        let run = self.at(start).cast::<FreeRun>();
        let run_len = self.len_of(run);
        self.set_entry(start / UNIT_BYTES, Unit::INSIDE);
        self.cut(run, class_of(run_len), run_len, len_bytes, Rest::IsNone)
    }

    /// Take the first bytes of a free run of `run_len` bytes, which is in the list of a class. What its
    /// first unit is, the caller says.
    #[inline(always)]
    fn cut(
        &mut self,
        run: *mut FreeRun,
        class: usize,
        run_len: usize,
        len_bytes: usize,
        rest_is: Rest,
    ) -> Run {
        let start = self.offset_of(run.addr());
        if run_len < len_bytes {
            self.die(run);
        }
        let rest = run_len - len_bytes;
        if rest < UNIT_BYTES {
            self.unlink_from(run, class);
            self.clear_end(start + run_len);
            self.free_runs -= 1;
            self.free_bytes -= run_len;
            self.set_run_span(start, run_len);
            let mut taken = self.taken(start, run_len);
            if rest_is == Rest::IsGap && self.leave_gap(start, start + run_len, rest) {
                taken.len_bytes = len_bytes;
                taken.stale_bytes = taken.stale_bytes.min(len_bytes);
            }
            return taken;
        }
        let rest_class = class_of(rest);
        if rest_class == class {
            self.shift(run, class, len_bytes);
        } else {
            self.unlink_from(run, class);
            self.link(start + len_bytes, rest, rest_class);
        }
        self.free_bytes -= len_bytes;
        self.set_run_span(start, len_bytes);
        self.taken(start, len_bytes)
    }

    /// Have the table no longer say that a free run ends there.
    #[inline(always)]
    fn clear_end(&mut self, end: usize) {
        self.set_entry(end / UNIT_BYTES - 1, Unit::INSIDE);
    }

    #[inline(always)]
    fn set_run_span(&mut self, start: usize, len_bytes: usize) {
        self.set_span(start / UNIT_BYTES, (start + len_bytes) / UNIT_BYTES);
    }

    /// Note what was taken.
    #[inline(always)]
    fn taken(&mut self, start: usize, len_bytes: usize) -> Run {
        let stale_bytes = self.fresh.saturating_sub(start).min(len_bytes);
        self.note_taken(start + len_bytes);
        Run {
            start,
            len_bytes,
            stale_bytes,
        }
    }

    /// Note that bytes were taken.
    #[inline(always)]
    fn note_taken(&mut self, end: usize) {
        if end > self.fresh {
            self.fresh = end;
        }
        if self.free_bytes < self.least_free_bytes {
            self.least_free_bytes = self.free_bytes;
        }
    }

    /// The length of the free run that starts at `start`, if one does.
    pub fn free_at(&self, start: usize) -> Option<usize> {
        if let Some(len_bytes) = self.room_at(start) {
            return Some(len_bytes);
        }
        if self.get((start / UNIT_BYTES) as u32) != Unit::free(start) {
            return None;
        }
        Some(self.read(self.at(start).cast()).len_bytes)
    }

    /// Give back the block that starts at `start`.
    #[inline(never)]
    pub fn release_block(&mut self, start: usize) {
        self.release_bytes(start, self.end_of_block(start) - start);
    }

    /// [`Pages::release_block`], for the one place where time counts more than code.
    #[inline(always)]
    pub fn release_block_inline(&mut self, start: usize) {
        if self.has_room() {
            return self.release_block(start);
        }
        let end = self.end_in_table(start);
        self.join(start, end, end - start);
    }

    /// Give back the end of a block, of which the first `kept_bytes` stay.
    pub fn release_end(&mut self, start: usize, kept_bytes: usize) {
        self.close_room();
        let end = self.end_in_table(start);
        self.set_run_span(start, kept_bytes);
        self.release_bytes(start + kept_bytes, end - start - kept_bytes);
    }

    /// Give back `len` units, in which nothing starts.
    pub fn release(&mut self, start: u32, len: u32) {
        // Where only a part of a run goes back, what stays starts with the next unit now.
        let after = start as usize + len as usize;
        if self.entry(after).kind() == Kind::Digit {
            self.set_entry(after, Unit::INSIDE);
        }
        self.release_bytes(start as usize * UNIT_BYTES, len as usize * UNIT_BYTES);
    }

    /// Give back bytes, of which the table says nothing but that they start in their first unit.
    #[inline(never)]
    pub(super) fn release_bytes(&mut self, start: usize, len_bytes: usize) {
        let end = self.close_room_behind(start, start + len_bytes);
        self.join(start, end, len_bytes);
    }

    /// Make bytes, of which `len_bytes` were in use, a free run with the free ones beside them.
    #[inline(always)]
    fn join(&mut self, start: usize, mut end: usize, mut len_bytes: usize) {
        let mut first = start;
        let mut runs = 1;
        let (unit, after) = (start / UNIT_BYTES, end / UNIT_BYTES);
        if self.entry(after).is_free() {
            self.set_entry(after, Unit::INSIDE);
            end += self.unlink_neighbour(end);
            runs = 0;
        }
        if self.entry(unit - 1).is_of_free_or_gap() {
            if let Some(before) = self.free_before(start) {
                first -= before;
                self.unlink(self.at(first).cast());
                runs -= 1;
            } else {
                let gap = self.take_gap(start);
                first -= gap;
                len_bytes += gap;
            }
            self.clear_end(start);
            self.set_entry(unit, Unit::INSIDE);
        }
        self.free_bytes += len_bytes;
        self.free_runs = self.free_runs.wrapping_add_signed(runs);
        self.link(first, end - first, class_of(end - first));
    }
}

/// Whether so much may be taken from that much.
#[inline(always)]
const fn fits(len_bytes: usize, run_bytes: usize, rest: Rest) -> bool {
    len_bytes == run_bytes
        || match rest {
            Rest::Joins | Rest::IsGap => len_bytes <= run_bytes,
            Rest::IsNone => len_bytes + UNIT_BYTES <= run_bytes,
        }
}
