//! How much of the memory is what: exact at all times, and no memory is walked to know it, only the sizes
//! of slabs.

use super::Heap;
use crate::errno::Errno;
use crate::pages::{MOST_BYTES, UNIT_BYTES};
use crate::report::Report;

/// Figures for `malloc_statistics`, `mallinfo` and reports.
///
/// `used_bytes` + `cached_bytes` + `free_bytes` = `arena_bytes`.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Usage {
    /// All memory, the table of units included.
    pub arena_bytes: usize,
    /// What no new allocation can get.
    pub used_bytes: usize,
    /// The most that was ever not in free runs.
    pub most_used_bytes: usize,
    /// Of those in use, what is mapped.
    pub mapped_bytes: usize,
    /// Of those in use, the table of units.
    pub table_bytes: usize,
    /// Free, but kept in slabs for blocks of one size, or by [`super::check`].
    pub cached_bytes: usize,
    /// In free runs.
    pub free_bytes: usize,
    /// The longest free run, within a sixteenth.
    pub longest_free_bytes: usize,
    /// How many free runs there are.
    pub free_runs: usize,
    /// How many requests were refused for want of room.
    pub refusals: usize,
    /// What the last of them asked for.
    pub refused_bytes: usize,
}

impl Usage {
    /// Live blocks, with the heads of the slabs that they lie in.
    pub fn live_bytes(&self) -> usize {
        self.used_bytes - self.mapped_bytes - self.table_bytes
    }

    /// How much of the memory in free runs the longest one is not, in thousandths.
    pub fn fragmentation(&self) -> usize {
        let scattered = (self.free_bytes - self.longest_free_bytes) as u128 * 1000;
        scattered.checked_div(self.free_bytes as u128).unwrap_or(0) as usize
    }

    /// Tell a person.
    pub fn describe(&self, report: &mut Report) {
        const TEXTS: [&str; 11] = [
            "",
            " of ",
            " KiB of memory in use (most ",
            "; mapped ",
            ", tables ",
            ")\nnolibc: free ",
            " KiB in ",
            " runs, longest free run ",
            " KiB, in slabs ",
            " KiB; requests refused: ",
            ", the last for bytes: ",
        ];
        let numbers = [
            self.used_bytes >> 10,
            self.arena_bytes >> 10,
            self.most_used_bytes >> 10,
            self.mapped_bytes >> 10,
            self.table_bytes >> 10,
            self.free_bytes >> 10,
            self.free_runs,
            self.longest_free_bytes >> 10,
            self.cached_bytes >> 10,
            self.refusals,
            self.refused_bytes,
        ];
        for (text, number) in TEXTS.iter().zip(numbers) {
            report.text(text);
            report.decimal(number);
        }
        report.text("\n");
    }
}

impl Heap {
    /// The bytes that no new allocation can get.
    pub fn used_bytes(&self) -> usize {
        let taken = self.pages.total_units() as usize * UNIT_BYTES - self.pages.free_bytes();
        taken - self.free_in_slabs - self.kept_bytes - self.empty_slabs()
    }

    /// All figures at once.
    pub fn usage(&self) -> Usage {
        let used_bytes = self.used_bytes();
        let bytes = |units: u32| units as usize * UNIT_BYTES;
        let arena_bytes = bytes(self.pages.total_units());
        Usage {
            arena_bytes,
            used_bytes,
            most_used_bytes: arena_bytes - self.pages.least_free_bytes(),
            mapped_bytes: bytes(self.mapped_units),
            table_bytes: bytes(self.pages.fixed_units()),
            cached_bytes: self.free_in_slabs + self.kept_bytes + self.empty_slabs(),
            free_bytes: self.pages.free_bytes(),
            longest_free_bytes: self.pages.longest_free_bytes(),
            free_runs: self.pages.free_runs(),
            refusals: self.refusals,
            refused_bytes: self.refused_bytes,
        }
    }

    /// Blocks of so many bytes in all are kept, and can be had when they are needed.
    pub(super) fn note_kept(&mut self, kept_bytes: usize) {
        self.kept_bytes = kept_bytes;
    }

    /// Count a request that is refused.
    #[cold]
    pub(crate) fn refuse(&mut self, len_bytes: usize) -> Errno {
        self.refusals += 1;
        self.refused_bytes = len_bytes;
        Errno::ENOMEM
    }

    /// Whether the limit leaves room for so many bytes more.
    #[inline(always)]
    pub fn may_use(&self, more: usize) -> bool {
        self.limit_bytes == 0 || more <= self.limit_bytes.saturating_sub(self.used_bytes())
    }

    /// The most that may be in use; 0 is no limit.
    pub fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Set the most that may be in use; 0 is no limit.
    pub fn set_limit_bytes(&mut self, limit_bytes: usize) {
        self.limit_bytes = limit_bytes;
        self.set_quick();
    }

    /// From now on blocks are asked for through [`super::check`].
    pub(super) fn start_checks(&mut self) {
        self.is_checked = true;
        self.set_quick();
    }

    /// Whether what takes few steps is to be done so: without a limit, and without checks.
    pub(super) fn is_quick(&self) -> bool {
        self.quick_bytes != 0
    }

    pub(super) fn set_quick(&mut self) {
        let is_plain = self.limit_bytes == 0 && !self.is_checked;
        self.quick_bytes = if is_plain { MOST_BYTES } else { 0 };
    }
}
