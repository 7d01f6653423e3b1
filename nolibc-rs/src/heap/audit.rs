//! A recount: everything that the figures say, found again by walking the table of units. Only
//! tests can afford that.

use super::Heap;
use crate::pages::{Kind, PAGE_BYTES, UNIT_BYTES, Unit};

/// What a walk finds.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Live blocks, as long as [`Heap::usable_bytes`] says.
    pub block_bytes: usize,
    /// How many these are.
    pub blocks: usize,
    /// Mapped pages.
    pub mapped_bytes: usize,
    /// The figure of [`Heap::used_bytes`].
    pub used_bytes: usize,
    /// In free runs.
    pub free_bytes: usize,
    /// How many free runs there are.
    pub free_runs: usize,
    /// The longest free run.
    pub longest_free_bytes: usize,
}

impl Audit {
    fn add_free(&mut self, len_bytes: usize) -> usize {
        self.free_bytes += len_bytes;
        self.free_runs += 1;
        self.longest_free_bytes = self.longest_free_bytes.max(len_bytes);
        len_bytes
    }
}

impl Heap {
    /// Walk over all memory and compare with the figures.
    ///
    /// # Panics
    /// The table is not in order, or a figure is wrong.
    pub fn audit(&self) -> Audit {
        let mut audit = Audit::default();
        let span_bytes = self.pages.span_units() as usize * UNIT_BYTES;
        let mut at = 0;
        let mut after_free = false;
        while at < span_bytes {
            let what = self.pages.get((at / UNIT_BYTES) as u32);
            // Of room to grow the table says nothing.
            let room = self.pages.room_at(at);
            let free = what.kind() == Kind::Free || room.is_some();
            assert!(!(free && after_free), "{at:#x}: two free runs touch");
            let len_bytes = match room {
                Some(len_bytes) => audit.add_free(len_bytes),
                None => self.audit_run(at, what, &mut audit),
            };
            self.audit_inside(at, len_bytes, what, free && room.is_none());
            after_free = free;
            at += len_bytes;
        }
        assert_eq!(at, span_bytes, "a run ends beyond all memory");
        let usage = self.usage();
        assert_eq!(audit.used_bytes, usage.used_bytes, "used");
        assert_eq!(audit.mapped_bytes, usage.mapped_bytes, "mapped");
        assert_eq!(audit.free_bytes, usage.free_bytes, "free");
        assert_eq!(audit.free_runs, usage.free_runs, "free runs");
        let sum = usage.used_bytes + usage.cached_bytes + usage.free_bytes;
        assert_eq!(sum, usage.arena_bytes, "used + cached + free");
        let (least, most) = (usage.longest_free_bytes, audit.longest_free_bytes);
        assert!(
            least <= most && most - least <= most / 16,
            "longest: {least}, {most}"
        );
        audit
    }

    /// In the units that a run covers nothing else starts.
    fn audit_inside(&self, at: usize, len_bytes: usize, what: Unit, free: bool) {
        let (first, after) = (at / UNIT_BYTES, (at + len_bytes) / UNIT_BYTES);
        for unit in first + 1..after {
            let inside = self.pages.get(unit as u32);
            if what.kind() == Kind::Slab {
                assert_eq!(inside.as_slab(), Some(unit - first), "{unit}");
                continue;
            }
            let is_right = match inside.kind() {
                Kind::FreeEnd => free && unit == after - 1,
                Kind::Gap => what.kind() == Kind::Block && unit == after - 1,
                kind => matches!(kind, Kind::Inside | Kind::Digit),
            };
            assert!(is_right, "{unit}: {inside:?} in {what:?}");
        }
    }

    /// One run from its first byte on; answers its length.
    fn audit_run(&self, at: usize, what: Unit, audit: &mut Audit) -> usize {
        let unit = (at / UNIT_BYTES) as u32;
        assert_eq!(
            at % UNIT_BYTES,
            if what == Unit::FIXED {
                0
            } else {
                what.offset_bytes()
            },
            "{at:#x}: {what:?} starts elsewhere"
        );
        match what.kind() {
            Kind::Free => {
                let len = self.pages.free_at(at).unwrap_or(0);
                assert!(len >= UNIT_BYTES, "{at:#x}: no free run");
                assert_eq!(self.pages.free_before(at + len), Some(len), "{at:#x}");
                audit.add_free(len)
            }
            Kind::Block => {
                let len = self.pages.end_of_block(at) - at;
                audit.block_bytes += self.pages.block_bytes(at);
                audit.used_bytes += len;
                audit.blocks += 1;
                len
            }
            Kind::Slab => {
                let slab = self.slab_figures(at);
                audit.block_bytes += slab.live * slab.block_bytes;
                audit.blocks += slab.live;
                if slab.live > 0 {
                    audit.used_bytes += slab.len_bytes - slab.free * slab.block_bytes;
                }
                slab.len_bytes
            }
            Kind::Mapped => {
                audit.mapped_bytes += PAGE_BYTES;
                audit.used_bytes += PAGE_BYTES;
                PAGE_BYTES
            }
            Kind::Fixed => {
                audit.used_bytes += UNIT_BYTES;
                UNIT_BYTES
            }
            Kind::Inside | Kind::Digit | Kind::FreeEnd | Kind::Gap => {
                assert!(
                    !self.pages.owns(unit),
                    "unit {unit}: {what:?} starts nothing"
                );
                UNIT_BYTES
            }
        }
    }
}
