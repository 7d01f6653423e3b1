//! The grant table: which pages another domain may use, and how (version 1).
//!
//! An entry is taken, filled, and given back only when Xen says that nobody uses
//! the page any more. Whether they still do is asked again each time that an entry is
//! taken; one that is in use for ever stays taken.
//!
//! Source: Xen 4.17, `xen/include/public/grant_table.h`.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::abi::{
    GRANT_PERMIT, GRANT_READING, GRANT_READONLY, GRANT_RESERVED, GRANT_WRITING, Grant,
};

/// Entries of one page.
pub const ENTRIES: usize = 512;
const WORDS: usize = ENTRIES / 64;

/// A page of entries: which of them are taken, and which to be given back.
#[derive(Debug)]
pub struct Table {
    taken: [AtomicU64; WORDS],
    ending: [AtomicU64; WORDS],
}

/// What a domain may do with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read it.
    Read,
    /// Read and write it.
    Write,
}

impl Table {
    /// All entries but those that are the toolstack's are free.
    #[expect(clippy::new_without_default, reason = "made once, in a static")]
    pub const fn new() -> Self {
        let mut taken = [const { AtomicU64::new(0) }; WORDS];
        taken[0] = AtomicU64::new((1 << GRANT_RESERVED) - 1);
        let ending = [const { AtomicU64::new(0) }; WORDS];
        Self { taken, ending }
    }

    /// Let `domain` use the page `frame`. Answers the reference; `None`: no entry is
    /// free.
    pub fn permit(
        &self,
        entries: &[Grant; ENTRIES],
        domain: u16,
        frame: u32,
        access: Access,
    ) -> Option<u32> {
        self.give_back(entries);
        let reference = self.take()?;
        let entry = entries.get(reference)?;
        entry.domid.store(domain, Relaxed);
        entry.frame.store(frame, Relaxed);
        let flags = match access {
            Access::Read => GRANT_PERMIT | GRANT_READONLY,
            Access::Write => GRANT_PERMIT,
        };
        entry.flags.store(flags, Release);
        Some(reference as u32)
    }

    fn take(&self) -> Option<usize> {
        self.taken.iter().enumerate().find_map(|(index, word)| {
            let free = |bits: u64| {
                let bit = bits.trailing_ones();
                (bit < 64).then(|| bits | 1 << bit)
            };
            let before = word.fetch_update(AcqRel, Acquire, free).ok()?;
            Some(index * 64 + before.trailing_ones() as usize)
        })
    }

    /// Let nobody use what `reference` stands for. False: it is in use; the entry
    /// stays taken for as long, and the page is not ours yet. To be said once.
    pub fn revoke(&self, entries: &[Grant; ENTRIES], reference: u32) -> bool {
        let (word, bit) = (reference as usize / 64, 1 << (reference % 64));
        let (Some(entry), Some(taken), Some(ending)) = (
            entries.get(reference as usize),
            self.taken.get(word),
            self.ending.get(word),
        ) else {
            return false;
        };
        let unused = |flags: u16| (flags & (GRANT_READING | GRANT_WRITING) == 0).then_some(0);
        if entry.flags.fetch_update(AcqRel, Acquire, unused).is_err() {
            ending.fetch_or(bit, Release);
            return false;
        }
        taken.fetch_and(!bit, Release);
        true
    }

    /// Give back what is not in use any more.
    fn give_back(&self, entries: &[Grant; ENTRIES]) {
        for (first, ending) in (0..).step_by(64).zip(&self.ending) {
            // Whoever clears a bit is the one who gives its entry back.
            let mut left = ending.swap(0, AcqRel);
            while left != 0 {
                self.revoke(entries, first + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::boxed::Box;
    use std::vec::Vec;

    fn entries() -> Box<[Grant; ENTRIES]> {
        // SAFETY: atomic integers, for which all zeros are a value.
        unsafe { Box::new_zeroed().assume_init() }
    }

    #[test]
    fn entries_are_filled_and_given_back() {
        let (table, entries) = (Table::new(), entries());
        let mut references = Vec::new();
        while let Some(reference) = table.permit(&entries, 3, 0x1234, Access::Read) {
            references.push(reference);
        }
        assert_eq!(references.len(), ENTRIES - GRANT_RESERVED as usize);
        assert_eq!(references[0], GRANT_RESERVED);
        let entry = &entries[references[7] as usize];
        assert_eq!(entry.flags.load(Relaxed), GRANT_PERMIT | GRANT_READONLY);
        assert_eq!(entry.domid.load(Relaxed), 3);
        assert_eq!(entry.frame.load(Relaxed), 0x1234);
        assert!(table.revoke(&entries, references[7]));
        assert_eq!(entry.flags.load(Relaxed), 0);
        let again = table.permit(&entries, 1, 2, Access::Write);
        assert_eq!(again, Some(references[7]));
        assert_eq!(entry.flags.load(Relaxed), GRANT_PERMIT);
        assert!(!table.revoke(&entries, 512));
    }

    #[test]
    fn a_page_in_use_stays_granted() {
        for used in [GRANT_READING, GRANT_WRITING] {
            let (table, entries) = (Table::new(), entries());
            let reference = table.permit(&entries, 0, 1, Access::Write).unwrap();
            entries[reference as usize].flags.fetch_or(used, Relaxed);
            assert!(!table.revoke(&entries, reference));
            assert_ne!(table.permit(&entries, 0, 1, Access::Write), Some(reference));
            entries[reference as usize].flags.fetch_and(!used, Relaxed);
            // It is given back by itself, once.
            let permit = || table.permit(&entries, 0, 1, Access::Write);
            assert_eq!(permit(), Some(reference));
            assert_ne!(permit(), Some(reference));
        }
    }
}
