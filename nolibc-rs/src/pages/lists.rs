//! Free runs go into their lists and out of them, and the table says so.
//!
//! Whatever is read from free memory is checked before it is followed.

use super::free::{Before, COARSE, COARSE_BYTES, FreeRun, class_of};
use super::{GRAIN_BYTES, Pages, UNIT_BYTES, Unit};
use crate::report;

impl Pages {
    #[cold]
    #[inline(never)]
    pub(super) fn die(&self, run: *mut FreeRun) -> ! {
        report::die_at("free memory was overwritten", run.addr())
    }

    /// What stands in a free run, if the pointer may be one.
    #[inline(always)]
    pub(super) fn read(&self, run: *mut FreeRun) -> FreeRun {
        // Where it is in grains; the bits that there should not be come first.
        let grain = self.offset_of(run.addr()).rotate_right(GRAIN_BYTES.ilog2());
        if grain >= self.grains {
            self.die(run);
        }
        // SAFETY: aligned, and in memory of ours that is a unit long at least.
        unsafe { *run }
    }

    /// Make bytes, which touch no free ones, a free run of a class.
    #[inline(always)]
    pub(super) fn link(&mut self, start: usize, len_bytes: usize, class: usize) {
        self.set_free(start, start + len_bytes);
        let run = self.at(start).cast::<FreeRun>();
        let next = self.lists.push(class, run);
        // SAFETY: the start of free memory, a unit at least; and what was the first of a list.
        unsafe {
            run.write(FreeRun {
                len_bytes,
                next,
                before: Before::list(class),
            });
            if !next.is_null() {
                (*next).before = Before::run(run);
            }
        }
    }

    /// [`Pages::link`], for where code counts more than time.
    #[inline(never)]
    pub(super) fn link_run(&mut self, start: usize, len_bytes: usize) {
        self.link(start, len_bytes, class_of(len_bytes));
    }

    /// [`Pages::unlink`], for where code counts more than time.
    #[inline(never)]
    pub(super) fn unlink_run(&mut self, run: *mut FreeRun) {
        self.unlink(run);
    }

    /// Take the free run at `start`, which is about to be part of a longer one, out of its list: how
    /// long it is. It is still counted.
    #[inline(always)]
    pub(super) fn unlink_neighbour(&mut self, start: usize) -> usize {
        let run = self.at(start).cast::<FreeRun>();
        let len_bytes = self.len_of(run);
        self.unlink(run);
        len_bytes
    }

    /// How long the free run is that ends at `end`, where another run starts, if there is one.
    #[inline(always)]
    pub fn free_before(&self, end: usize) -> Option<usize> {
        // A free run is longer than what may lie before another in a unit, so it reaches the
        // end of the unit before. Unit 0 is never free.
        let last = end / UNIT_BYTES - 1;
        let what = self.entry(last);
        what.is_of_free().then(|| self.free_to(last, what, end))
    }

    #[inline(always)]
    fn free_to(&self, last: usize, what: Unit, end: usize) -> usize {
        let mut unit = last;
        let mut start = what;
        if !what.is_free() {
            if what == Unit::LONG_FREE_END {
                return self.long_free_to(end);
            }
            unit = last.wrapping_sub(what.units_of_free());
            start = self.get(unit as u32);
        }
        let len_bytes = end.wrapping_sub(unit * UNIT_BYTES + start.offset_bytes());
        if !start.is_free() || !self.is_free_run(end.wrapping_sub(len_bytes), len_bytes) {
            self.die(self.at(end).cast());
        }
        len_bytes
    }

    #[inline(never)]
    fn long_free_to(&self, end: usize) -> usize {
        // SAFETY: the end of a free run, as the table says.
        let len_bytes = unsafe { self.end_of_free(end).read() };
        let start = end.wrapping_sub(len_bytes);
        if start > end || !start.is_multiple_of(GRAIN_BYTES) || !self.is_free_run(start, len_bytes)
        {
            self.die(self.at(end).cast());
        }
        len_bytes
    }

    /// Whether a free run starts at `start`, which is a multiple of [`GRAIN_BYTES`], and says that it is
    /// so long.
    #[inline(always)]
    fn is_free_run(&self, start: usize, len_bytes: usize) -> bool {
        let run = self.at(start).cast::<FreeRun>();
        // SAFETY: in memory of ours where a free run starts.
        self.get((start / UNIT_BYTES) as u32) == Unit::free(start)
            && unsafe { (*run).len_bytes } == len_bytes
    }

    /// Where a long free run says how long it is.
    #[inline(always)]
    fn end_of_free(&self, end: usize) -> *mut usize {
        self.at(end).cast::<usize>().wrapping_sub(1)
    }

    /// How long a free run is that is in the list of a class.
    #[inline(always)]
    pub(super) fn len_in(&self, run: *mut FreeRun, class: usize) -> usize {
        // SAFETY: callers have found it in the list.
        let len_bytes = unsafe { (*run).len_bytes };
        let is_right = if class < COARSE {
            len_bytes == class * GRAIN_BYTES
        } else {
            self.is_long(run, len_bytes)
        };
        if !is_right {
            self.die(run);
        }
        len_bytes
    }

    /// How long a free run is, which the table must say, too.
    #[inline(always)]
    pub(super) fn len_of(&self, run: *mut FreeRun) -> usize {
        // SAFETY: callers have seen that a free run starts here.
        let len_bytes = unsafe { (*run).len_bytes };
        let is_right = if len_bytes < COARSE_BYTES {
            self.is_short(run, len_bytes)
        } else {
            self.is_long(run, len_bytes)
        };
        if !is_right {
            self.die(run);
        }
        len_bytes
    }

    /// Whether a free run may be so long, and is not a long one, by what the table says where it ends.
    #[inline(always)]
    fn is_short(&self, run: *mut FreeRun, len_bytes: usize) -> bool {
        let start = self.offset_of(run.addr());
        let end = start + len_bytes;
        let after = end / UNIT_BYTES;
        let units = after.wrapping_sub(1 + start / UNIT_BYTES);
        len_bytes >= UNIT_BYTES
            && after <= self.units
            && self.entry(after).offset_bytes() == end % UNIT_BYTES
            && if units == 0 {
                self.may_be_as_short(run, len_bytes)
            } else {
                self.entry(after - 1) == Unit::free_end(units)
            }
    }

    /// [`Pages::is_short`] of a long one, which says so itself at its end.
    #[inline(always)]
    fn is_long(&self, run: *mut FreeRun, len_bytes: usize) -> bool {
        let end = self.offset_of(run.addr()).wrapping_add(len_bytes);
        let last = (end / UNIT_BYTES).wrapping_sub(1);
        len_bytes >= COARSE_BYTES
            && len_bytes.is_multiple_of(GRAIN_BYTES)
            && last < self.units
            && self.entry(last) == Unit::LONG_FREE_END
            && self.entry(last + 1).offset_bytes() == end % UNIT_BYTES
            // SAFETY: the end of a free run, or another aligned place in memory of ours before one.
            && unsafe { self.end_of_free(end).read() } == len_bytes
    }

    /// Where the table says nothing: whether a free run that is the first of a list is as long as those there.
    #[inline(always)]
    fn may_be_as_short(&self, run: *mut FreeRun, len_bytes: usize) -> bool {
        // SAFETY: callers have seen that a free run starts here.
        let list = unsafe { (*run).before }.get();
        list.map_or(true, |class| class == class_of(len_bytes))
    }

    /// Take a free run out of its list. Its units are as they were.
    #[inline(always)]
    pub(super) fn unlink(&mut self, run: *mut FreeRun) {
        // SAFETY: as above.
        let FreeRun {
            len_bytes,
            next,
            before,
        } = unsafe { *run };
        self.set_before(run, next, before);
        match before.get() {
            Ok(class) => {
                if self.lists.head(class) != run {
                    self.die(run);
                }
                self.lists.set_head(class, next);
            }
            Err(before) => self.set_next(run, before, next),
        }
        self.clear(run, len_bytes);
    }

    /// [`Pages::unlink`] of a run that is in the list of a class, and often the first of it.
    #[inline(always)]
    pub(super) fn unlink_from(&mut self, run: *mut FreeRun, class: usize) {
        if self.lists.head(class) != run {
            return self.unlink_run(run);
        }
        // SAFETY: as above.
        let FreeRun {
            len_bytes,
            next,
            before,
        } = unsafe { *run };
        if before != Before::list(class) {
            self.die(run);
        }
        self.set_before(run, next, before);
        self.lists.set_head(class, next);
        self.clear(run, len_bytes);
    }

    /// Write zeros where a free run says what it is: fresh memory stays zero.
    #[inline(always)]
    fn clear(&self, run: *mut FreeRun, len_bytes: usize) {
        // SAFETY: a free run of so many bytes, of which nothing is needed any more.
        unsafe {
            run.write(FreeRun::CLEAR);
            if len_bytes >= COARSE_BYTES {
                self.end_of_free(self.offset_of(run.addr()) + len_bytes)
                    .write(0);
            }
        }
    }

    /// Cut off the first bytes of a free run that stays in its class, so that it is a long one.
    #[inline(always)]
    pub(super) fn shift(&mut self, run: *mut FreeRun, class: usize, by_bytes: usize) {
        // SAFETY: as above.
        let FreeRun {
            len_bytes,
            next,
            before,
        } = unsafe { *run };
        let start = self.offset_of(run.addr());
        let shifted = self.at(start + by_bytes).cast::<FreeRun>();
        self.set_before(run, next, Before::run(shifted));
        if self.lists.head(class) == run && before == Before::list(class) {
            self.lists.replace_head(class, shifted);
        } else {
            match before.get() {
                Ok(_) => self.die(run),
                Err(before) => self.set_next(run, before, shifted),
            }
        }
        // SAFETY: as above; both lie in the run. Fresh memory stays zero.
        unsafe {
            run.write(FreeRun::CLEAR);
            shifted.write(FreeRun {
                len_bytes: len_bytes - by_bytes,
                next,
                before,
            });
            self.end_of_free(start + len_bytes)
                .write(len_bytes - by_bytes);
        }
        let start = start + by_bytes;
        self.set_entry(start / UNIT_BYTES, Unit::free(start));
    }

    /// Have the run behind `run` in its list know something else as what is before.
    #[inline(always)]
    fn set_before(&self, run: *mut FreeRun, next: *mut FreeRun, before: Before) {
        if next.is_null() {
            return;
        }
        if self.read(next).before != Before::run(run) {
            self.die(run);
        }
        // SAFETY: a free run, as was just seen.
        unsafe { (*next).before = before };
    }

    /// Have the run before `run` in its list know another one as the one behind.
    #[inline(always)]
    fn set_next(&self, run: *mut FreeRun, before: *mut FreeRun, next: *mut FreeRun) {
        if self.read(before).next != run {
            self.die(run);
        }
        // SAFETY: a free run, as was just seen.
        unsafe { (*before).next = next };
    }

    /// Say in the table that `start..end` is a free run.
    #[inline(always)]
    fn set_free(&mut self, start: usize, end: usize) {
        let (unit, last) = (start / UNIT_BYTES, end / UNIT_BYTES - 1);
        let len_bytes = end - start;
        // Of one that starts in its last unit that is what counts.
        self.set_entry(last, free_end(len_bytes, last - unit));
        self.set_entry(unit, Unit::free(start));
        if len_bytes >= COARSE_BYTES {
            // SAFETY: the last bytes of free memory.
            unsafe { self.end_of_free(end).write(len_bytes) };
        }
    }
}

/// What the table says of the last unit of a free run.
#[inline(always)]
fn free_end(len_bytes: usize, units: usize) -> Unit {
    if len_bytes >= COARSE_BYTES {
        Unit::LONG_FREE_END
    } else {
        Unit::free_end(units)
    }
}
