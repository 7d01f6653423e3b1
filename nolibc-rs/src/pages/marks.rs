//! What the owners of runs have the table say of them.

use super::{Kind, PAGE_UNITS, Pages, UNIT_BYTES, Unit};

impl Pages {
    /// A run that starts with a unit is a slab's; it covers [`Unit::SLAB_UNITS`] at most.
    pub fn set_slab(&mut self, start: usize, len_bytes: usize) {
        let unit = start / UNIT_BYTES;
        for more in 0..len_bytes / UNIT_BYTES {
            self.set_entry(unit + more, Unit::slab(more));
        }
    }

    /// Give back what [`Pages::set_slab`] was told of.
    pub fn release_slab(&mut self, start: usize, len_bytes: usize) {
        let unit = start / UNIT_BYTES;
        for more in 0..len_bytes / UNIT_BYTES {
            self.set_entry(unit + more, Unit::INSIDE);
        }
        self.release_bytes(start, len_bytes);
    }

    /// Say that a page is mapped, and a state, less than 127.
    pub fn set_mapped(&mut self, unit: u32, state: u32) {
        self.set_entry(unit as usize, Unit::MAPPED);
        self.set_entry(unit as usize + 1, Unit::digit(state as usize + 1));
    }

    /// Say that a page is not mapped any more.
    pub fn clear_mapped(&mut self, unit: u32) {
        self.set_entry(unit as usize, Unit::INSIDE);
        self.set_entry(unit as usize + 1, Unit::INSIDE);
    }

    /// The state of a mapped page, if one starts in this unit.
    pub fn mapped(&self, unit: u32) -> Option<u32> {
        if self.get(unit).kind() != Kind::Mapped {
            return None;
        }
        (self.entry(unit as usize + 1).as_digit()? as u32).checked_sub(1)
    }
}

const _: () = assert!(PAGE_UNITS > 1);
