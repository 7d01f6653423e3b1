//! Free runs go into their lists and out of them, and the table says so.
//!
//! Whatever is read from free memory is checked before it is followed.

use super::free::{Before, FreeRun, class_of};
use super::{GRAIN_BYTES, Kind, Pages, UNIT_BYTES, Unit};
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

    /// How long a free run is, which the table must say, too.
    #[inline(always)]
    pub(super) fn len_of(&self, run: *mut FreeRun) -> usize {
        // SAFETY: callers have seen that a free run starts here.
        let len_bytes = unsafe { (*run).len_bytes };
        let start = self.offset_of(run.addr());
        let unit = start / UNIT_BYTES;
        let behind = start.wrapping_add(len_bytes) / UNIT_BYTES;
        // So many units after its first one it covers to their ends; one too many for any entry where
        // that is less than none.
        let more = behind.wrapping_sub(unit + 1);
        let is_right = if more == 0 {
            len_bytes >= UNIT_BYTES
        } else {
            behind.wrapping_sub(1) < self.units
                && self.entry(behind - 1) == Unit::new(Kind::FreeEnd, more as u32)
        };
        if !is_right {
            self.die(run);
        }
        len_bytes
    }

    /// Take a free run out of its list. Its units are as they were.
    #[inline(always)]
    pub(super) fn unlink(&mut self, run: *mut FreeRun) {
        // SAFETY: as above.
        let FreeRun { next, before, .. } = unsafe { *run };
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
        // SAFETY: as above. Fresh memory stays zero.
        unsafe { run.write(FreeRun::CLEAR) };
    }

    /// Cut off the first bytes of a free run that stays in its class.
    #[inline(always)]
    pub(super) fn shift(&mut self, run: *mut FreeRun, by_bytes: usize) {
        // SAFETY: as above.
        let FreeRun {
            len_bytes,
            next,
            before,
        } = unsafe { *run };
        let start = self.offset_of(run.addr());
        let shifted = self.at(start + by_bytes).cast::<FreeRun>();
        self.set_before(run, next, Before::run(shifted));
        match before.get() {
            Ok(class) => {
                if self.lists.head(class) != run {
                    self.die(run);
                }
                self.lists.replace_head(class, shifted);
            }
            Err(before) => self.set_next(run, before, shifted),
        }
        // SAFETY: as above; both lie in the run. Fresh memory stays zero.
        unsafe {
            run.write(FreeRun::CLEAR);
            shifted.write(FreeRun {
                len_bytes: len_bytes - by_bytes,
                next,
                before,
            });
        }
        self.set_free(start + by_bytes, start + len_bytes);
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
        // Of a short one it is the same.
        self.set_entry(last, Unit::new(Kind::FreeEnd, (last - unit) as u32));
        self.set_entry(unit, Unit::free(start));
    }
}
