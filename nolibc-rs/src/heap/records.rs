//! Where the records of slabs lie: 63 in a page, after the page's own.

use core::ptr::null_mut;

use super::Heap;
use super::slab::{Slab, overwritten};
use crate::errno::{Errno, Result};
use crate::pages::{Kind, PAGE_BYTES, PAGE_UNITS, UNIT_BYTES, Unit};

/// As the seal of a slab's record.
const SEAL: u32 = 0x6c5a_b5ff;
/// All but the page's own.
const FREE: u64 = !1;
const RECORDS: u32 = FREE.count_ones();

const _: () = assert!(PAGE_BYTES / size_of::<Slab>() == u64::BITS as usize);
const _: () = assert!(size_of::<RecordPage>() <= size_of::<Slab>());

/// The start of a page of records.
#[repr(C)]
pub(super) struct RecordPage {
    seal: u32,
    used: u32,
    next: *mut RecordPage,
    previous: *mut RecordPage,
    /// A one for each free record.
    free: u64,
}

/// The page of a record, and which of the page's it is.
fn page_of(slab: *mut Slab) -> (*mut RecordPage, usize) {
    let offset = slab.addr() % PAGE_BYTES;
    let page = slab.map_addr(|address| address - offset);
    (page.cast(), offset / size_of::<Slab>())
}

/// Whether the records of two slabs lie in one page.
pub(super) fn is_beside(one: *mut Slab, other: *mut Slab) -> bool {
    page_of(one).0 == page_of(other).0
}

/// How many records lie in the page of one.
pub(super) fn used_beside(slab: *mut Slab) -> usize {
    Heap::record_page(page_of(slab).0).used as usize
}

impl Heap {
    /// A page of records, which must be one.
    fn record_page<'a>(page: *mut RecordPage) -> &'a mut RecordPage {
        // SAFETY: callers have the address of such a page, and use one at a time.
        let page = unsafe { &mut *page };
        if page.seal != SEAL {
            overwritten(core::ptr::from_mut(page).addr());
        }
        page
    }

    /// The page in which the record of a slab's unit lies; for recounts.
    #[cfg(not(feature = "export"))]
    pub(super) fn record_page_of(&self, unit: Unit) -> usize {
        page_of(self.record(unit.number())).0.addr()
    }

    /// Memory for a record.
    pub(super) fn new_record(&mut self) -> Result<*mut Slab> {
        if self.records.is_null() {
            self.add_records()?;
        }
        let start = self.records;
        let page = Self::record_page(start);
        if page.free == 0 {
            overwritten(start.addr());
        }
        let index = page.free.trailing_zeros() as usize;
        page.free &= page.free - 1;
        page.used += 1;
        if page.used == RECORDS {
            self.unlink_records(start);
        }
        Ok(start.cast::<Slab>().wrapping_add(index))
    }

    fn add_records(&mut self) -> Result<()> {
        let taken = self.take(PAGE_UNITS, PAGE_BYTES)?;
        let last = (taken.start + PAGE_UNITS) as usize * UNIT_BYTES / size_of::<Slab>();
        // Numbers beyond this name no record.
        if last > Unit::NUMBERS {
            self.pages.release(taken.start, PAGE_UNITS);
            return Err(Errno::ENOMEM);
        }
        self.pages
            .set(taken.start, Unit::new(Kind::Fixed, PAGE_UNITS));
        let page = self.pages.address(taken.start).cast::<RecordPage>();
        // SAFETY: a page that was just taken.
        unsafe {
            page.write(RecordPage {
                seal: SEAL,
                used: 0,
                next: null_mut(),
                previous: null_mut(),
                free: FREE,
            })
        };
        self.record_pages += 1;
        self.link_records(page);
        Ok(())
    }

    /// Give back the record of a slab that is no more.
    pub(super) fn release_record(&mut self, slab: *mut Slab) {
        let (start, index) = page_of(slab);
        let page = Self::record_page(start);
        page.free |= 1 << index;
        page.used -= 1;
        let used = page.used;
        if used == RECORDS - 1 {
            self.link_records(start);
        }
        if used == 0 {
            self.unlink_records(start);
            if let Some(unit) = self.pages.unit_of(start.addr()) {
                self.pages.set(unit, Unit::INSIDE);
                self.pages.release(unit, PAGE_UNITS);
                self.record_pages -= 1;
            }
        }
    }

    fn link_records(&mut self, start: *mut RecordPage) {
        let next = core::mem::replace(&mut self.records, start);
        let page = Self::record_page(start);
        page.next = next;
        page.previous = null_mut();
        if !next.is_null() {
            Self::record_page(next).previous = start;
        }
    }

    fn unlink_records(&mut self, start: *mut RecordPage) {
        let page = Self::record_page(start);
        let (next, previous) = (page.next, page.previous);
        if !next.is_null() {
            Self::record_page(next).previous = previous;
        }
        if previous.is_null() {
            self.records = next;
        } else {
            Self::record_page(previous).next = next;
        }
    }
}
