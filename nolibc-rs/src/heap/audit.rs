//! A recount: everything that the figures say, found again by walking the table of units. Only
//! tests can afford that.

use super::Heap;
use super::slab::{SLAB_UNITS, block_bytes, capacity};
use crate::pages::{Kind, PAGE_UNITS, UNIT_BYTES, Unit};

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

impl Heap {
    /// Walk over all memory and compare with the figures.
    ///
    /// # Panics
    /// The table is not in order, or a figure is wrong.
    pub fn audit(&self) -> Audit {
        let mut audit = Audit::default();
        let mut unit = 0;
        let mut after_free = false;
        while unit < self.pages.span_units() {
            let what = self.pages.get(unit);
            let free = what.kind() == Kind::Free;
            assert!(!(free && after_free), "unit {unit}: two free runs touch");
            let units = self.audit_run(unit, what, &mut audit);
            after_free = free;
            unit += units;
        }
        assert_eq!(
            unit,
            self.pages.span_units(),
            "a run ends beyond all memory"
        );
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

    /// One run from its first unit on; answers its length.
    fn audit_run(&self, unit: u32, what: Unit, audit: &mut Audit) -> u32 {
        let bytes = |units: u32| units as usize * UNIT_BYTES;
        match what.kind() {
            Kind::Free => {
                let len = what.number();
                let last = self.pages.get(unit + len - 1);
                assert!(len == 1 || last == Unit::new(Kind::FreeEnd, len));
                audit.free_bytes += bytes(len);
                audit.free_runs += 1;
                audit.longest_free_bytes = audit.longest_free_bytes.max(bytes(len));
                len
            }
            Kind::Block => {
                audit.block_bytes += bytes(what.number());
                audit.used_bytes += bytes(what.number());
                audit.blocks += 1;
                what.number()
            }
            Kind::Slab => {
                for more in 1..SLAB_UNITS {
                    let inside = Unit::new(Kind::InSlab, more);
                    assert_eq!(self.pages.get(unit + more), inside);
                }
                let slab = self.slab(unit);
                let class = slab.class as usize;
                let free: u32 = slab.free.iter().map(|word| word.count_ones()).sum();
                let live = (capacity(class) - free) as usize;
                audit.block_bytes += live * block_bytes(class);
                audit.blocks += live;
                if live > 0 {
                    audit.used_bytes += bytes(SLAB_UNITS) - free as usize * block_bytes(class);
                }
                SLAB_UNITS
            }
            Kind::Mapped => {
                audit.mapped_bytes += bytes(PAGE_UNITS);
                audit.used_bytes += bytes(PAGE_UNITS);
                PAGE_UNITS
            }
            Kind::Fixed => {
                audit.used_bytes += bytes(what.number());
                what.number().max(1)
            }
            Kind::Inside | Kind::FreeEnd | Kind::InSlab => {
                assert!(
                    !self.pages.owns(unit),
                    "unit {unit}: {what:?} starts nothing"
                );
                1
            }
        }
    }
}
