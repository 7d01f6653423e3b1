//! Pages of this domain that another one may use: the grant table, one page of it,
//! in place from the first use on. Pages of others: where Xen puts them.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Acquire, Release};

use solo5_sys::core::Shared;
use solo5_sys::machine::Errno;

use crate::abi::{
    CopyGrant, GNTTABOP_COPY, GNTTABOP_MAP, GNTTABOP_UNMAP, Grant, MapGrant, PAGE, UnmapGrant,
    XENMAPSPACE_GRANT_TABLE,
};
use crate::foreign::{Area, Gate};
use crate::front::Page;
use crate::grant::{Access, ENTRIES, Granted, Owner, Table};
use crate::hypercall;
use crate::machine::REACH;
use crate::mirage;

#[repr(C, align(4096))]
struct Entries([Grant; ENTRIES]);

static ENTRIES_PAGE: Shared<Entries> = Shared::new(
    // SAFETY: integers, for which all zeros are a value.
    unsafe { core::mem::zeroed() },
);

static TABLE: Table = Table::new();

static IN_PLACE: AtomicBool = AtomicBool::new(false);

/// Have the table in its place.
fn put() -> Result<(), Errno> {
    let page = (ENTRIES_PAGE.get().addr() / PAGE) as u64;
    // SAFETY: a page that holds nothing else, whose entries are atomic; doing it twice
    // changes nothing.
    unsafe { hypercall::add_to_physmap(XENMAPSPACE_GRANT_TABLE, 0, page) }
}

/// The table of a new domain in place of that of the old one; nothing is granted there.
///
/// # Errors
/// Xen's.
pub fn resume() -> Result<(), Errno> {
    match IN_PLACE.load(Acquire) {
        true => put(),
        false => Ok(()),
    }
}

fn entries() -> Result<&'static [Grant; ENTRIES], Errno> {
    const _: () = assert!(size_of::<Entries>() == PAGE);
    if !IN_PLACE.load(Acquire) {
        put()?;
        IN_PLACE.store(true, Release);
    }
    // SAFETY: atomic integers.
    Ok(unsafe { &(*ENTRIES_PAGE.get()).0 })
}

/// Let `domain` use `page`, for good. Answers the reference.
///
/// # Errors
/// Those of [`Table::permit`]; else Xen's.
pub fn permit(domain: u16, page: &'static Page, access: Access) -> Result<u32, Errno> {
    let frame = (core::ptr::from_ref(page).addr() / PAGE) as u32;
    permit_frame(domain, frame, access)
}

/// Let `domain` use the page `frame`. Answers the reference.
///
/// # Errors
/// Those of [`Table::permit`]; else Xen's.
pub fn permit_frame(domain: u16, frame: u32, access: Access) -> Result<u32, Errno> {
    TABLE.permit(entries()?, domain, frame, access)
}

/// Let nobody use any more what `reference` stands for, unless it is in use: false.
///
/// # Errors
/// Xen's.
pub fn end(reference: u32) -> Result<bool, Errno> {
    Ok(TABLE.end(entries()?, reference))
}

/// Let `domain` use a page that has an owner, until what this answers is dropped.
///
/// # Errors
/// Those of [`Table::permit`], else Xen's; and the page.
pub fn grant<P: Owner>(
    domain: u16,
    page: P,
    access: Access,
) -> Result<Granted<'static, P>, (P, Errno)> {
    match entries() {
        Ok(entries) => Granted::new(&TABLE, entries, domain, page, access),
        Err(errno) => Err((page, errno)),
    }
}

/// Let nobody use any more what the references stand for; those that are in use stay
/// taken for as long, and the pages are the other domain's as well and granted to nobody.
pub fn revoke(references: &[u32]) {
    if let Ok(entries) = entries() {
        for reference in references.iter().filter(|reference| **reference != 0) {
            TABLE.revoke(entries, *reference);
        }
    }
}

/// Xen itself.
#[derive(Debug)]
pub struct Xen;

// SAFETY: what Xen says of its own is believed.
unsafe impl Gate for Xen {
    unsafe fn map(&self, argument: &mut MapGrant) -> Result<(), Errno> {
        // SAFETY: the structure of this operation; the trait's contract.
        unsafe { hypercall::grant_table(GNTTABOP_MAP, argument) }
    }

    unsafe fn unmap(&self, argument: &mut UnmapGrant) -> Result<(), Errno> {
        // SAFETY: likewise.
        unsafe { hypercall::grant_table(GNTTABOP_UNMAP, argument) }
    }

    unsafe fn copy(&self, argument: &mut CopyGrant) -> Result<(), Errno> {
        // SAFETY: likewise.
        unsafe { hypercall::grant_table(GNTTABOP_COPY, argument) }
    }

    fn frame(&self, address: usize) -> Option<u64> {
        // Up to there addresses are the program's and Xen's alike.
        ((address as u64) < REACH).then_some((address / PAGE) as u64)
    }

    fn start(&self) -> Option<usize> {
        mirage::area_start()
    }
}

/// Pages of other domains, in the area of `solo5__xen_get_gntmap_area`: in a program that
/// asks for that, they are for it alone.
pub static FOREIGN: Area<Xen> = Area::new(Xen);
