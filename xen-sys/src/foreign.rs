//! Pages of other domains that they granted: mapped, and copied from and to.
//!
//! A [`Mapping`] is unmapped when it is dropped; where Xen refuses that, its place is
//! never used again. The other domain can change a mapped page at any time, so it is
//! read and written word by word, as atomics: whoever checks what he read keeps the copy.
//! It cannot take the page away: Xen keeps it for as long as it is mapped.
//!
//! Source: Xen 4.17, `xen/include/public/grant_table.h`.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use solo5_sys::machine::Errno;

use crate::abi::{
    CopyEnd, CopyGrant, DOMID_SELF, GNTCOPY_DEST_GRANT, GNTCOPY_SOURCE_GRANT, GNTMAP_HOST_MAP,
    GNTMAP_READONLY, GNTST_ERROR, MapGrant, PAGE, UnmapGrant,
};
use crate::front::{Page, WORDS};
use crate::grant::Access;

/// The most pages that are mapped at a time.
pub const MAPPINGS: usize = 512;

/// What Xen does with grants of others. Each call answers in `status` of its argument.
///
/// # Implementation safety
/// A status of 0 says that it is done: a page is at `host_addr` until it is unmapped by
/// its handle; and what is mapped at an address stays there if that is refused.
pub unsafe trait Gate {
    /// `GNTTABOP_map_grant_ref`
    ///
    /// # Errors
    /// Xen's; nothing was done.
    ///
    /// # Safety
    /// Nothing is at `host_addr`.
    unsafe fn map(&self, argument: &mut MapGrant) -> Result<(), Errno>;

    /// `GNTTABOP_unmap_grant_ref`
    ///
    /// # Errors
    /// Xen's; nothing was done.
    ///
    /// # Safety
    /// Nobody uses what is at `host_addr`.
    unsafe fn unmap(&self, argument: &mut UnmapGrant) -> Result<(), Errno>;

    /// `GNTTABOP_copy`
    ///
    /// # Errors
    /// Xen's; nothing was done.
    ///
    /// # Safety
    /// The part of this domain's page is the caller's, to be written if it is the
    /// destination.
    unsafe fn copy(&self, argument: &mut CopyGrant) -> Result<(), Errno>;

    /// The frame of the page in which `address` lies; `None`: it is not known.
    fn frame(&self, address: usize) -> Option<u64>;
}

/// What `GNTST_*` other than 0 says. The numbers are Linux's.
fn check(status: i16) -> Result<(), Errno> {
    const ENODEV: Errno = Errno(19);
    const EACCES: Errno = Errno(13);
    match status {
        0 => Ok(()),
        // bad_domain
        -2 => Err(ENODEV),
        // bad_gntref
        -3 => Err(Errno::ENOENT),
        // no_device_space, no_space
        -7 | -13 => Err(Errno::ENOMEM),
        // permission_denied
        -8 => Err(EACCES),
        // bad_copy_arg
        -10 => Err(Errno::EINVAL),
        // eagain
        -12 => Err(Errno::EAGAIN),
        _ => Err(Errno::EIO),
    }
}

/// Addresses at which pages of other domains are mapped.
#[derive(Debug)]
pub struct Area<G> {
    gate: G,
    start: usize,
    taken: [AtomicU64; MAPPINGS / 64],
}

impl<G: Gate> Area<G> {
    /// The [`MAPPINGS`] pages from the address `start` on.
    ///
    /// # Safety
    /// They are nobody else's; Xen and the program have the same addresses for them, at
    /// which the program may read and write what Xen puts there.
    pub const unsafe fn new(gate: G, start: usize) -> Self {
        let taken = [const { AtomicU64::new(0) }; MAPPINGS / 64];
        Self { gate, start, taken }
    }

    /// Map the page that `domain` granted as `reference`.
    ///
    /// # Errors
    /// [`Errno::ENOMEM`]: [`MAPPINGS`] are mapped, or Xen has no room. `ENODEV`: there
    /// is no such domain. [`Errno::ENOENT`]: it granted no such thing to us. `EACCES`:
    /// not in this way. [`Errno::EAGAIN`]: not now. Else Xen's.
    pub fn map(
        &self,
        domain: u16,
        reference: u32,
        access: Access,
    ) -> Result<Mapping<'_, G>, Errno> {
        let place = self.take().ok_or(Errno::ENOMEM)?;
        let mut argument = MapGrant {
            host_addr: (self.start + place * PAGE) as u64,
            flags: match access {
                Access::Read => GNTMAP_HOST_MAP | GNTMAP_READONLY,
                Access::Write => GNTMAP_HOST_MAP,
            },
            reference,
            dom: domain,
            // What Xen does not answer has not been done.
            status: GNTST_ERROR,
            ..MapGrant::default()
        };
        // SAFETY: an address of the area, at which nothing is while its place is free.
        let called = unsafe { self.gate.map(&mut argument) };
        if let Err(errno) = called.and_then(|()| check(argument.status)) {
            self.free(place);
            return Err(errno);
        }
        Ok(Mapping {
            area: self,
            place,
            handle: argument.handle,
            access,
        })
    }

    fn take(&self) -> Option<usize> {
        self.taken.iter().enumerate().find_map(|(index, word)| {
            let with_one_more = |bits: u64| (bits != u64::MAX).then(|| bits | (bits + 1));
            let before = word.fetch_update(AcqRel, Acquire, with_one_more).ok()?;
            Some(index * 64 + before.trailing_ones() as usize)
        })
    }

    fn free(&self, place: usize) {
        if let Some(word) = self.taken.get(place / 64) {
            word.fetch_and(!(1 << (place % 64)), Release);
        }
    }

    /// Copy what `domain` granted as `reference`, from byte `offset` of its page on.
    ///
    /// # Errors
    /// [`Errno::EINVAL`]: the bytes do not lie in one page, on either side, or ours are in
    /// a page whose frame is not known (in `machine.h`'s window). Else as [`map`](Self::map).
    pub fn copy_from(
        &self,
        domain: u16,
        reference: u32,
        offset: usize,
        to: &mut [u8],
    ) -> Result<(), Errno> {
        let (len, grant) = (to.len(), granted(domain, reference, offset, to.len())?);
        let dest = self.own(to.as_mut_ptr().expose_provenance(), len)?;
        self.copy(grant, dest, len, GNTCOPY_SOURCE_GRANT)
    }

    /// Copy to what `domain` granted as `reference`, from byte `offset` of its page on.
    ///
    /// # Errors
    /// As [`copy_from`](Self::copy_from).
    pub fn copy_to(
        &self,
        domain: u16,
        reference: u32,
        offset: usize,
        from: &[u8],
    ) -> Result<(), Errno> {
        let grant = granted(domain, reference, offset, from.len())?;
        let source = self.own(from.as_ptr().expose_provenance(), from.len())?;
        self.copy(source, grant, from.len(), GNTCOPY_DEST_GRANT)
    }

    /// The end of a copy that is this domain's.
    fn own(&self, address: usize, len: usize) -> Result<CopyEnd, Errno> {
        let offset = address % PAGE;
        let frame = self.gate.frame(address).ok_or(Errno::EINVAL)?;
        if len > PAGE - offset {
            return Err(Errno::EINVAL);
        }
        Ok(CopyEnd {
            place: frame,
            domid: DOMID_SELF,
            offset: offset as u16,
        })
    }

    /// One end is a grant and the other one a borrowed slice of the caller's.
    fn copy(&self, source: CopyEnd, dest: CopyEnd, len: usize, flags: u16) -> Result<(), Errno> {
        let mut argument = CopyGrant {
            source,
            dest,
            len: len as u16,
            flags,
            status: GNTST_ERROR,
        };
        // SAFETY: the slice is borrowed, mutably where it is the destination.
        unsafe { self.gate.copy(&mut argument)? };
        check(argument.status)
    }
}

/// The end of a copy that another domain granted.
fn granted(domain: u16, reference: u32, offset: usize, len: usize) -> Result<CopyEnd, Errno> {
    if offset.checked_add(len).is_none_or(|end| end > PAGE) {
        return Err(Errno::EINVAL);
    }
    Ok(CopyEnd {
        place: reference.into(),
        domid: domain,
        offset: offset as u16,
    })
}

/// A page of another domain's, mapped until this is dropped.
#[derive(Debug)]
pub struct Mapping<'a, G: Gate> {
    area: &'a Area<G>,
    place: usize,
    handle: u32,
    access: Access,
}

impl<G: Gate> Mapping<'_, G> {
    fn address(&self) -> usize {
        self.area.start + self.place * PAGE
    }

    fn page(&self) -> &Page {
        // SAFETY: Xen put a page there, which stays until this is dropped; both domains'
        // words are atomics.
        unsafe { &*core::ptr::with_exposed_provenance::<Page>(self.address()) }
    }

    /// The word at `index`, as it is now; `None`: there are [`WORDS`].
    pub fn read(&self, index: usize) -> Option<u32> {
        Some(self.page().0.get(index)?.load(Acquire))
    }

    /// Write the word at `index`; false: it may only be read, or there are [`WORDS`].
    pub fn write(&self, index: usize, word: u32) -> bool {
        const _: () = assert!(size_of::<Page>() == WORDS * 4);
        let place = self.page().0.get(index);
        let place = place.filter(|_| self.access == Access::Write);
        place.map(|place| place.store(word, Release)).is_some()
    }
}

impl<G: Gate> Drop for Mapping<'_, G> {
    fn drop(&mut self) {
        let mut argument = UnmapGrant {
            host_addr: self.address() as u64,
            handle: self.handle,
            status: GNTST_ERROR,
            ..UnmapGrant::default()
        };
        // SAFETY: what this mapped, which nobody borrows any more.
        let called = unsafe { self.area.gate.unmap(&mut argument) };
        // Where it stays, nothing else may come.
        if called.and_then(|()| check(argument.status)).is_ok() {
            self.area.free(self.place);
        }
    }
}

#[cfg(test)]
mod tests;
