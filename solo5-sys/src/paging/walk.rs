//! The way down the tables, and looking at what they map.

use super::entry::{
    self, ADDRESS, CHUNK, DIRECTORY, ENTRIES, PAGE, REGION, SERVES, is_mapped, is_table,
};
use super::{Paging, Tables, WINDOW, pages};
use crate::abi::Mapped;
use crate::machine::Errno;

/// The last entry on the way down to some address.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Where the entry is.
    pub(super) at: u64,
    pub(super) entry: u64,
    /// Bytes that it covers.
    pub(super) span: u64,
}

/// A table on the way down.
#[derive(Clone, Copy)]
pub(super) struct Level {
    pub(super) table: u64,
    /// Bytes that each entry covers.
    pub(super) span: u64,
}

impl Level {
    /// Where the entry for `address` is.
    pub(super) const fn at(self, address: u64) -> u64 {
        self.table + address / self.span % ENTRIES * 8
    }

    /// The table to which an entry of this one points.
    pub(super) const fn below(self, entry: u64) -> Level {
        Level {
            table: entry & ADDRESS,
            span: self.span / ENTRIES,
        }
    }
}

/// The end of that part of `from..end` which lies below the next multiple of
/// `span`, a power of two.
pub(super) const fn step(from: u64, end: u64, span: u64) -> u64 {
    let next = (from | (span - 1)) + 1;
    if next < end { next } else { end }
}

impl<T: Tables> Paging<T> {
    /// The table of page directories that covers `address`, below the window's
    /// end; `None`: nothing is mapped there.
    pub(super) fn root(&self, address: u64) -> Option<Level> {
        let table = match address {
            ..REGION => self.places.ram,
            _ if self.is_open => self.places.window,
            _ => return None,
        };
        Some(Level {
            table,
            span: DIRECTORY,
        })
    }

    /// The last entry on the way down to `address`.
    pub(super) fn find(&self, address: u64) -> Place {
        let Some(mut level) = self.root(address) else {
            return Place {
                at: 0,
                entry: 0,
                span: DIRECTORY,
            };
        };
        loop {
            let at = level.at(address);
            let entry = self.read(at);
            if level.span == PAGE || !is_table(entry) {
                return Place {
                    at,
                    entry,
                    span: level.span,
                };
            }
            level = level.below(entry);
        }
    }

    /// Look at the last entries on the way down to `va..end`: `see` gets the part
    /// of the range that an entry covers, and the entry.
    pub(super) fn each(
        &self,
        va: u64,
        end: u64,
        mut see: impl FnMut(u64, u64, Place) -> Result<(), Errno>,
    ) -> Result<(), Errno> {
        let mut at = va;
        while at < end {
            let mut place = self.find(at);
            let next = step(at, end, place.span);
            see(at, next, place)?;
            at = next;
            // The rest of a page table, without going down again.
            while place.span == PAGE && at < end && !at.is_multiple_of(CHUNK) {
                place.at += 8;
                place.entry = self.read(place.at);
                see(at, at + PAGE, place)?;
                at += PAGE;
            }
        }
        Ok(())
    }

    /// The end of `start..start + len`, if that is RAM of the program's and none
    /// of it serves as a table.
    pub(super) fn ram(&self, start: u64, len: u64) -> Result<u64, Errno> {
        let end = core::iter::once(&self.places.heap)
            .chain(self.places.more)
            .find_map(|ram| pages(start, len, (ram.start, ram.start + ram.len)).ok())
            .ok_or(Errno::EINVAL)?;
        self.each(start, end, |_, _, place| match place.entry & SERVES {
            0 => Ok(()),
            _ => Err(Errno::EINVAL),
        })?;
        Ok(end)
    }

    /// `machine_lookup`
    ///
    /// # Errors
    /// As `machine.h` says.
    pub fn lookup(&self, va: u64, max: u64) -> Result<Mapped, Errno> {
        let max = max & !(PAGE - 1);
        if !va.is_multiple_of(PAGE) || max == 0 {
            return Err(Errno::EINVAL);
        }
        // Beyond the window nothing is ever mapped.
        let mut found = Mapped {
            pa: None,
            len: max as usize,
            prot: 0,
        };
        let end = va.saturating_add(max).min(WINDOW.1);
        let _ = self.each(va, end, |at, _, place| {
            let prot = entry::prot(place.entry);
            let pa = is_mapped(place.entry).then(|| (place.entry & ADDRESS) + at % place.span);
            if at == va {
                (found.pa, found.prot) = (pa, prot);
            } else if pa != found.pa.map(|pa| pa + (at - va)) || prot != found.prot {
                found.len = (at - va) as usize;
                // No failure: the run ends here.
                return Err(Errno::EEXIST);
            }
            Ok(())
        });
        Ok(found)
    }
}
