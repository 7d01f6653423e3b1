//! The grant table: which pages another domain may use, and how (version 1).
//!
//! An entry is taken, filled, and given back only when Xen says that nobody uses
//! the page any more. Whether they still do is asked again each time that an entry is
//! taken; one that is in use for ever stays taken.
//!
//! Source: Xen 4.17, `xen/include/public/grant_table.h`.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use solo5_sys::machine::Errno;

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

    /// Let `domain` use the page `frame`, which nobody else is let. Answers the reference.
    ///
    /// # Errors
    /// [`Errno::ENOMEM`]: no entry is free. [`Errno::EBUSY`]: the page is granted already,
    /// or still: one that was let use it and has not given it back could see what it is
    /// used for now, or change it.
    pub fn permit(
        &self,
        entries: &[Grant; ENTRIES],
        domain: u16,
        frame: u32,
        access: Access,
    ) -> Result<u32, Errno> {
        self.give_back(entries);
        // An entry that is not in use but permits is one that can be used again.
        let permits = |entry: &Grant| entry.flags.load(Acquire) != 0;
        if { entries.iter() }.any(|entry| permits(entry) && entry.frame.load(Relaxed) == frame) {
            return Err(Errno::EBUSY);
        }
        let reference = self.take().ok_or(Errno::ENOMEM)?;
        let entry = entries.get(reference).ok_or(Errno::ENOMEM)?;
        entry.domid.store(domain, Relaxed);
        entry.frame.store(frame, Relaxed);
        let flags = match access {
            Access::Read => GRANT_PERMIT | GRANT_READONLY,
            Access::Write => GRANT_PERMIT,
        };
        entry.flags.store(flags, Release);
        Ok(reference as u32)
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
        let ended = self.end(entries, reference);
        if let (false, Some(ending)) = (ended, self.ending.get(reference as usize / 64)) {
            ending.fetch_or(1 << (reference % 64), Release);
        }
        ended
    }

    /// As [`revoke`](Self::revoke), but what is in use stays granted, and this may be said
    /// again.
    pub fn end(&self, entries: &[Grant; ENTRIES], reference: u32) -> bool {
        let taken = self.taken.get(reference as usize / 64);
        let (Some(entry), Some(taken)) = (entries.get(reference as usize), taken) else {
            return false;
        };
        let unused = |flags: u16| (flags & (GRANT_READING | GRANT_WRITING) == 0).then_some(0);
        if entry.flags.fetch_update(AcqRel, Acquire, unused).is_err() {
            return false;
        }
        taken.fetch_and(!(1 << (reference % 64)), Release);
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

/// A page of this domain's that can be granted.
///
/// # Implementation safety
/// The value owns the whole page [`frame`](Self::frame), which stays in its place for as
/// long as the value is not dropped, and what another domain may write there is read and
/// written as atomics only.
pub unsafe trait Owner {
    /// The number of the page.
    fn frame(&self) -> u32;
}

/// A page that another domain may use until this is dropped. Where the other one still
/// uses it then, its owner is leaked on purpose, and the entry stays taken for as long.
#[derive(Debug)]
pub struct Granted<'a, P: Owner> {
    table: &'a Table,
    entries: &'a [Grant; ENTRIES],
    reference: u32,
    page: Option<P>,
}

impl<'a, P: Owner> Granted<'a, P> {
    /// Let `domain` use `page`.
    ///
    /// # Errors
    /// Those of [`Table::permit`], and the page.
    pub fn new(
        table: &'a Table,
        entries: &'a [Grant; ENTRIES],
        domain: u16,
        page: P,
        access: Access,
    ) -> Result<Self, (P, Errno)> {
        match table.permit(entries, domain, page.frame(), access) {
            Ok(reference) => Ok(Self {
                table,
                entries,
                reference,
                page: Some(page),
            }),
            Err(errno) => Err((page, errno)),
        }
    }

    /// What the other domain is to be told.
    pub fn reference(&self) -> u32 {
        self.reference
    }

    /// Let nobody use the page any more, and have it back.
    ///
    /// # Errors
    /// This: the other domain uses it.
    pub fn end(mut self) -> Result<P, Self> {
        if !self.table.end(self.entries, self.reference) {
            return Err(self);
        }
        self.page.take().ok_or(self)
    }
}

impl<P: Owner> Drop for Granted<'_, P> {
    fn drop(&mut self) {
        let Some(page) = self.page.take() else {
            return;
        };
        if !self.table.revoke(self.entries, self.reference) {
            core::mem::forget(page);
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
        let mut frames = 0x1234..;
        let mut permit = || table.permit(&entries, 3, frames.next().unwrap(), Access::Read);
        references.extend(core::iter::from_fn(|| permit().ok()));
        assert_eq!(permit(), Err(Errno::ENOMEM));
        assert_eq!(references.len(), ENTRIES - GRANT_RESERVED as usize);
        assert_eq!(references[0], GRANT_RESERVED);
        let entry = &entries[references[7] as usize];
        assert_eq!(entry.flags.load(Relaxed), GRANT_PERMIT | GRANT_READONLY);
        assert_eq!(entry.domid.load(Relaxed), 3);
        assert_eq!(entry.frame.load(Relaxed), 0x1234 + 7);
        assert!(table.revoke(&entries, references[7]));
        assert_eq!(entry.flags.load(Relaxed), 0);
        let again = table.permit(&entries, 1, 2, Access::Write);
        assert_eq!(again, Ok(references[7]));
        assert_eq!(entry.flags.load(Relaxed), GRANT_PERMIT);
        assert!(!table.revoke(&entries, 512));
    }

    #[test]
    fn a_page_in_use_stays_granted() {
        for used in [GRANT_READING, GRANT_WRITING] {
            let (table, entries) = (Table::new(), entries());
            let permit = |frame| table.permit(&entries, 0, frame, Access::Write);
            let reference = permit(1).unwrap();
            entries[reference as usize].flags.fetch_or(used, Relaxed);
            assert!(!table.revoke(&entries, reference));
            // Nobody else gets the page meanwhile.
            assert_eq!(permit(1), Err(Errno::EBUSY));
            assert_ne!(permit(2), Ok(reference));
            entries[reference as usize].flags.fetch_and(!used, Relaxed);
            // It is given back by itself, once.
            assert_eq!(permit(1), Ok(reference));
            assert_ne!(permit(3), Ok(reference));
        }
    }

    #[test]
    fn a_page_is_granted_once_at_a_time() {
        let (table, entries) = (Table::new(), entries());
        let permit = |domain| table.permit(&entries, domain, 1, Access::Write);
        let reference = permit(0).unwrap();
        assert_eq!(permit(1), Err(Errno::EBUSY));
        assert!(table.revoke(&entries, reference));
        assert_eq!(permit(1), Ok(reference));
    }

    /// A page that says when it is dropped.
    #[derive(Debug)]
    struct Counted<'a>(&'a core::cell::Cell<u32>);

    // SAFETY: no page at all, and no other domain is there.
    unsafe impl Owner for Counted<'_> {
        fn frame(&self) -> u32 {
            77
        }
    }

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn a_granted_page_is_dropped_only_when_nobody_uses_it() {
        let (table, entries) = (Table::new(), entries());
        let drops = core::cell::Cell::new(0);
        let try_grant = || Granted::new(&table, &entries, 3, Counted(&drops), Access::Write);
        let grant = || try_grant().unwrap();
        let flags = |granted: &Granted<'_, Counted<'_>>| &entries[granted.reference as usize].flags;
        let granted = grant();
        let first = granted.reference();
        assert_eq!(flags(&granted).load(Relaxed), GRANT_PERMIT);
        drop(granted);
        assert_eq!((drops.get(), grant().reference()), (1, first));
        assert_eq!(drops.get(), 2);
        // In use: it stays granted, then ends.
        let granted = grant();
        flags(&granted).fetch_or(GRANT_WRITING, Relaxed);
        let granted = granted.end().unwrap_err();
        assert_eq!(flags(&granted).load(Relaxed), GRANT_PERMIT | GRANT_WRITING);
        flags(&granted).store(GRANT_PERMIT, Relaxed);
        drop(granted.end().unwrap());
        assert_eq!(drops.get(), 3);
        // In use when it is dropped: leaked.
        let granted = grant();
        flags(&granted).fetch_or(GRANT_READING, Relaxed);
        drop(granted);
        assert_eq!(drops.get(), 3);
        let (_, errno) = try_grant().unwrap_err();
        assert_eq!((errno, drops.get()), (Errno::EBUSY, 4));
    }

    #[test]
    fn a_page_comes_back_if_no_entry_is_free() {
        let (table, entries) = (Table::new(), entries());
        let mut frames = 1000..;
        let mut permit = || table.permit(&entries, 0, frames.next().unwrap(), Access::Read);
        while permit().is_ok() {}
        let drops = core::cell::Cell::new(0);
        let refused = Granted::new(&table, &entries, 3, Counted(&drops), Access::Read);
        let (page, errno) = refused.err().unwrap();
        assert_eq!((errno, drops.get()), (Errno::ENOMEM, 0));
        drop(page);
    }
}
