//! A recount: everything that the figures say, found again by walking the table of units. Only
//! tests can afford that.

use std::collections::BTreeMap;

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
        // Whether the slabs whose records lie in a page hold any block.
        let mut record_pages = BTreeMap::new();
        let span_bytes = self.pages.span_units() as usize * UNIT_BYTES;
        let mut at = 0;
        let mut after_free = false;
        while at < span_bytes {
            let what = self.pages.get((at / UNIT_BYTES) as u32);
            // Of room to grow the table says nothing.
            let room = self.pages.room_at(at);
            let free = what.kind() == Kind::Free || room.is_some();
            assert!(!(free && after_free), "{at:#x}: two free runs touch");
            let before = audit.blocks;
            let len_bytes = match room {
                Some(len_bytes) => audit.add_free(len_bytes),
                None => self.audit_run(at, what, &mut audit),
            };
            if what.kind() == Kind::Slab {
                *record_pages
                    .entry(self.record_page_of(what))
                    .or_insert(false) |= audit.blocks > before;
            }
            // In the units that it covers nothing else starts.
            for unit in at / UNIT_BYTES + 1..(at + len_bytes) / UNIT_BYTES {
                let inside = self.pages.get(unit as u32);
                match inside.kind() {
                    Kind::Inside => {}
                    Kind::FreeEnd => assert!(free, "{unit}: {inside:?}"),
                    kind => assert!(kind == Kind::Slab && inside == what, "{unit}: {inside:?}"),
                }
            }
            after_free = free;
            at += len_bytes;
        }
        assert_eq!(at, span_bytes, "a run ends beyond all memory");
        let idle = record_pages.values().filter(|is_used| !**is_used).count();
        let pages = (self.record_pages as usize, self.empty_slabs().1);
        assert_eq!((record_pages.len(), idle), pages, "pages of records");
        audit.used_bytes -= idle * PAGE_BYTES;
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

    /// One run from its first byte on; answers its length.
    fn audit_run(&self, at: usize, what: Unit, audit: &mut Audit) -> usize {
        let unit = (at / UNIT_BYTES) as u32;
        let is_run = matches!(what.kind(), Kind::Free | Kind::Block);
        let offset = if is_run { what.offset_bytes() } else { 0 };
        assert_eq!(
            at % UNIT_BYTES,
            offset,
            "{at:#x}: {what:?} starts elsewhere"
        );
        match what.kind() {
            Kind::Free => {
                let len = self.pages.free_at(at).unwrap_or(0);
                assert!(len >= UNIT_BYTES, "{at:#x}: no free run");
                let last = ((at + len) / UNIT_BYTES - 1) as u32;
                let end = Unit::new(Kind::FreeEnd, last - unit);
                assert!(last == unit || self.pages.get(last) == end);
                audit.add_free(len)
            }
            Kind::Block | Kind::LongBlock => {
                let len = if what.kind() == Kind::Block {
                    what.block_bytes()
                } else {
                    what.number() as usize * UNIT_BYTES
                };
                audit.block_bytes += len;
                audit.used_bytes += len;
                audit.blocks += 1;
                len
            }
            Kind::Slab => {
                let slab = self.slab_figures(what);
                audit.block_bytes += slab.live * slab.block_bytes;
                audit.blocks += slab.live;
                if slab.live > 0 {
                    audit.used_bytes += slab.units * UNIT_BYTES - slab.free * slab.block_bytes;
                }
                for more in 1..slab.units as u32 {
                    assert_eq!(self.pages.get(unit + more), what);
                }
                slab.units * UNIT_BYTES
            }
            Kind::Mapped => {
                audit.mapped_bytes += PAGE_BYTES;
                audit.used_bytes += PAGE_BYTES;
                PAGE_BYTES
            }
            Kind::Fixed => {
                audit.used_bytes += what.number() as usize * UNIT_BYTES;
                what.number().max(1) as usize * UNIT_BYTES
            }
            Kind::Inside | Kind::FreeEnd => {
                assert!(
                    !self.pages.owns(unit),
                    "unit {unit}: {what:?} starts nothing"
                );
                UNIT_BYTES
            }
        }
    }
}
