//! Pages of other domains that they granted: mapped, and copied from and to.
//!
//! A [`Mapping`] is unmapped when it is dropped; where Xen refuses that, its place is
//! never used again. The other domain can change a mapped page at any time, so it is
//! read and written word by word, as atomics: whoever checks what he read keeps the copy.
//! It cannot take the page away: Xen keeps it for as long as it is mapped.
//!
//! Source: Xen 4.17, `xen/include/public/grant_table.h`.

use core::mem::ManuallyDrop;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU32, AtomicU64};

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

    /// Where [`MAPPINGS`] pages can be: the same address for Xen and the program, at which
    /// the program may read and write what Xen puts there; `None`: nowhere. Always the same,
    /// and an [`Area`]'s alone.
    fn start(&self) -> Option<usize>;
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
    taken: [AtomicU64; MAPPINGS / 64],
    /// By which Xen knows what is mapped.
    handles: [AtomicU32; MAPPINGS],
}

impl<G: Gate> Area<G> {
    /// Where the gate says.
    pub const fn new(gate: G) -> Self {
        Self {
            gate,
            taken: [const { AtomicU64::new(0) }; MAPPINGS / 64],
            handles: [const { AtomicU32::new(0) }; MAPPINGS],
        }
    }

    /// Map the page that `domain` granted as `reference`.
    ///
    /// # Errors
    /// [`Errno::ENOMEM`]: [`MAPPINGS`] are mapped, or there is no room. `ENODEV`: there
    /// is no such domain. [`Errno::EIO`]: it did not grant that to us, or not in this way.
    /// [`Errno::ENOENT`]: it cannot have. [`Errno::EAGAIN`]: not now. Else Xen's.
    pub fn map(
        &self,
        domain: u16,
        reference: u32,
        access: Access,
    ) -> Result<Mapping<'_, G>, Errno> {
        let start = self.gate.start().ok_or(Errno::ENOMEM)?;
        let place = self.take().ok_or(Errno::ENOMEM)?;
        let mut argument = MapGrant {
            host_addr: (start + place * PAGE) as u64,
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
        if let Some(handle) = self.handles.get(place) {
            handle.store(argument.handle, Relaxed);
        }
        Ok(Mapping {
            area: self,
            address: start + place * PAGE,
            place,
            access,
        })
    }

    /// The mapping that became `place` ([`Mapping::into_place`]); `None`: there is no such
    /// place.
    ///
    /// # Safety
    /// There is one that became it and was not made again.
    pub unsafe fn mapping(&self, place: usize, access: Access) -> Option<Mapping<'_, G>> {
        let start = self.gate.start()?;
        (place < MAPPINGS).then_some(Mapping {
            area: self,
            address: start + place * PAGE,
            place,
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

    /// Nothing is mapped at a place that a mapping has become: the domain is a new one.
    pub fn forget(&self, place: usize) {
        self.free(place);
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
    address: usize,
    place: usize,
    access: Access,
}

impl<G: Gate> Mapping<'_, G> {
    /// Where the page is.
    pub fn address(&self) -> usize {
        self.address
    }

    /// Leave the page mapped, in this place ([`Area::mapping`]).
    pub fn into_place(self) -> usize {
        ManuallyDrop::new(self).place
    }

    /// Unmap it.
    ///
    /// # Errors
    /// Xen's: it stays mapped, and its place is never used again.
    pub fn unmap(self) -> Result<(), Errno> {
        ManuallyDrop::new(self).end()
    }

    /// To be called once.
    fn end(&mut self) -> Result<(), Errno> {
        let handle = self.area.handles.get(self.place);
        let mut argument = UnmapGrant {
            host_addr: self.address as u64,
            handle: handle.map_or(0, |handle| handle.load(Relaxed)),
            status: GNTST_ERROR,
            ..UnmapGrant::default()
        };
        // SAFETY: what this mapped, which nobody borrows any more.
        unsafe { self.area.gate.unmap(&mut argument)? };
        check(argument.status)?;
        self.area.free(self.place);
        Ok(())
    }

    fn page(&self) -> &Page {
        // SAFETY: Xen put a page there, which stays until this is dropped; both domains'
        // words are atomics.
        unsafe { &*core::ptr::with_exposed_provenance::<Page>(self.address) }
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
        // Where it stays mapped, nothing else comes.
        let _ = self.end();
    }
}

#[cfg(test)]
mod tests;
