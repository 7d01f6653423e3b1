//! Room to grow: the free run behind the block that grew last.
//!
//! A block that grows often grows again. The run behind it is kept out of its list, and the
//! table says nothing of it, nor how long the block is, until something else is asked of [`Pages`]:
//! growing on takes few steps.

use super::free::{FreeRun, class_above};
use super::{GRAIN_BYTES, Pages, UNIT_BYTES, Unit};

/// A block that grows by and by is put into a run this many times as long.
const ROOMY: usize = 64;

/// A free run, a unit at least, from `start` to `end`; the block before it starts at `block`.
pub(super) struct Room {
    block: usize,
    start: usize,
    end: usize,
    /// Before this the block may end without another thought.
    limit: usize,
}

impl Room {
    /// There is none: all zeros, which take no place in an image.
    pub(super) const NONE: Self = Self {
        block: 0,
        start: 0,
        end: 0,
        limit: 0,
    };

    pub(super) fn len_bytes(&self) -> usize {
        self.end - self.start
    }
}

impl Pages {
    /// The table of units.
    pub fn table(&self) -> *mut Unit {
        self.table
    }

    /// Make a block `len_bytes` long, a multiple of [`super::GRAIN_BYTES`], if it is the one that grew last and a
    /// run stays free behind it. False: nothing is done.
    #[inline(always)]
    pub fn grow_on(&mut self, block: usize, len_bytes: usize) -> bool {
        let room = &mut self.room;
        let end = block.wrapping_add(len_bytes);
        if block != room.block || end < room.start || end >= room.limit {
            return false;
        }
        self.free_bytes -= end - room.start;
        room.start = end;
        true
    }

    /// Take `more_bytes` behind a block, and perhaps a little more, if they are free. False: they are
    /// not.
    #[inline(never)]
    pub fn grow_block(&mut self, start: usize, len_bytes: usize, more_bytes: usize) -> bool {
        self.close_room();
        let end = start + len_bytes;
        let run = self.at(end).cast();
        if self.entry(end / UNIT_BYTES) != Unit::free(end) {
            return self.join_gap(start, more_bytes);
        }
        let run_len = self.len_of(run);
        if run_len < more_bytes {
            return false;
        }
        let more = self.open_room(run, run_len, more_bytes, start);
        self.set_span(start / UNIT_BYTES, (end + more) / UNIT_BYTES);
        true
    }

    /// [`Pages::take_block`] at the start of a run so much longer that the block can grow there, if there
    /// is one: where it starts.
    pub fn take_block_to_grow(&mut self, len_bytes: usize) -> Option<usize> {
        self.close_room();
        let roomy = len_bytes.checked_mul(ROOMY).map(class_above);
        let Some(class) = roomy.and_then(|class| self.lists.next_class(class)) else {
            return Some(self.take_block(len_bytes, GRAIN_BYTES)?.start);
        };
        let run = self.lists.head(class);
        let (start, run_len) = (self.offset_of(run.addr()), self.len_in(run, class));
        self.open_room(run, run_len, len_bytes, start);
        self.set_block(start);
        Some(start)
    }

    /// Take the first bytes of a free run for the block that starts at `block`; the rest is room. Answers
    /// how many were taken.
    fn open_room(
        &mut self,
        run: *mut FreeRun,
        run_len: usize,
        mut len_bytes: usize,
        block: usize,
    ) -> usize {
        let start = self.offset_of(run.addr());
        let end = start + run_len;
        if run_len < len_bytes {
            self.die(run);
        }
        self.unlink_run(run);
        self.set_entry(start / UNIT_BYTES, Unit::INSIDE);
        self.clear_end(end);
        if run_len - len_bytes < UNIT_BYTES {
            len_bytes = run_len;
            self.free_runs -= 1;
        } else {
            self.room = Room {
                block,
                start: start + len_bytes,
                end,
                limit: end - UNIT_BYTES + 1,
            };
        }
        self.free_bytes -= len_bytes;
        self.note_taken(start + len_bytes);
        len_bytes
    }

    /// How long the block is that starts at `start`.
    #[inline(always)]
    pub fn block_bytes(&self, start: usize) -> usize {
        if self.room.block == start {
            return self.room.start - start;
        }
        let end = self.end_in_table(start);
        end - self.gap_before(end) - start
    }

    /// Where the run is that is behind the block that starts at `start`.
    #[inline(always)]
    pub fn end_of_block(&self, start: usize) -> usize {
        if self.room.block == start {
            return self.room.start;
        }
        self.end_in_table(start)
    }

    /// Whether there is any.
    #[inline(always)]
    pub(super) fn has_room(&self) -> bool {
        self.room.end != 0
    }

    /// How long the room is, if it starts at `start`.
    pub fn room_at(&self, start: usize) -> Option<usize> {
        let room = &self.room;
        (room.end != 0 && room.start == start).then(|| room.len_bytes())
    }

    /// Put the room into its list, before anything else is done.
    #[inline(always)]
    pub(super) fn close_room(&mut self) {
        if self.has_room() {
            self.list_room();
        }
    }

    #[inline(never)]
    fn list_room(&mut self) {
        let room = core::mem::replace(&mut self.room, Room::NONE);
        self.note_taken(room.start);
        self.set_span(room.block / UNIT_BYTES, room.start / UNIT_BYTES);
        self.link_run(room.start, room.len_bytes());
    }

    /// [`Pages::close_room`] before bytes are given back: where what becomes free ends, which is behind
    /// the room if it is behind these bytes.
    #[inline(always)]
    pub(super) fn close_room_behind(&mut self, start: usize, end: usize) -> usize {
        if !self.has_room() {
            return end;
        }
        if self.room.block != start {
            self.list_room();
            return end;
        }
        let room = core::mem::replace(&mut self.room, Room::NONE);
        self.note_taken(room.start);
        self.free_runs -= 1;
        room.end
    }
}
