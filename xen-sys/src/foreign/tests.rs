use super::*;
use std::boxed::Box;
use std::cell::{Cell, RefCell};
use std::vec::Vec;

/// Xen, and a domain 7 that granted one page, as reference 9, to be read, and one as 10,
/// to be written. What is mapped is copied into the area and back.
struct Simulated {
    pages: [RefCell<[u32; WORDS]>; 2],
    mapped: RefCell<Vec<(u64, u32, usize)>>,
    /// What the next call answers in place of doing anything.
    status: Cell<Option<i16>>,
    errno: Cell<Option<Errno>>,
    /// Answer nothing at all.
    silent: Cell<bool>,
    /// The caller's bytes lie in the window.
    is_far: Cell<bool>,
    /// Where the area is.
    start: Option<usize>,
}

impl Simulated {
    fn refuses(&self) -> Result<Option<i16>, Errno> {
        self.errno.take().map_or(Ok(self.status.take()), Err)
    }

    fn find(dom: u16, reference: u64, write: bool) -> Result<usize, i16> {
        match (dom, reference, write) {
            (7, 9, false) => Ok(0),
            (7, 9, true) => Err(-8),
            (7, 10, _) => Ok(1),
            (7, ..) => Err(-3),
            _ => Err(-2),
        }
    }
}

fn at(address: u64) -> *mut u32 {
    core::ptr::with_exposed_provenance_mut(address as usize)
}

// SAFETY: answers 0 where it is done; no page is ever taken away.
unsafe impl Gate for &Simulated {
    unsafe fn map(&self, argument: &mut MapGrant) -> Result<(), Errno> {
        if let Some(status) = self.refuses()? {
            argument.status = status;
            return Ok(());
        }
        if self.silent.get() {
            return Ok(());
        }
        assert_eq!(argument.flags & !GNTMAP_READONLY, GNTMAP_HOST_MAP);
        let write = argument.flags & GNTMAP_READONLY == 0;
        match Simulated::find(argument.dom, argument.reference.into(), write) {
            Err(status) => argument.status = status,
            Ok(page) => {
                let mut mapped = self.mapped.borrow_mut();
                let handle = 100 + mapped.len() as u32;
                assert!(mapped.iter().all(|one| one.0 != argument.host_addr));
                mapped.push((argument.host_addr, handle, page));
                let words = self.pages[page].borrow();
                // SAFETY: a page of the area, at which nothing is.
                unsafe { at(argument.host_addr).copy_from_nonoverlapping(words.as_ptr(), WORDS) };
                (argument.status, argument.handle) = (0, handle);
            }
        }
        Ok(())
    }

    unsafe fn unmap(&self, argument: &mut UnmapGrant) -> Result<(), Errno> {
        if let Some(status) = self.refuses()? {
            argument.status = status;
            return Ok(());
        }
        let mut mapped = self.mapped.borrow_mut();
        let is_it =
            |one: &(u64, u32, usize)| (one.0, one.1) == (argument.host_addr, argument.handle);
        let Some(index) = mapped.iter().position(is_it) else {
            argument.status = -4;
            return Ok(());
        };
        let (address, _, page) = mapped.remove(index);
        let mut words = self.pages[page].borrow_mut();
        // SAFETY: as above, and nobody uses it any more.
        unsafe { at(address).copy_to_nonoverlapping(words.as_mut_ptr(), WORDS) };
        argument.status = 0;
        Ok(())
    }

    unsafe fn copy(&self, argument: &mut CopyGrant) -> Result<(), Errno> {
        if let Some(status) = self.refuses()? {
            argument.status = status;
            return Ok(());
        }
        if self.silent.get() {
            return Ok(());
        }
        let write = argument.flags == GNTCOPY_DEST_GRANT;
        let (grant, own) = match write {
            true => (argument.dest, argument.source),
            false => (argument.source, argument.dest),
        };
        assert_eq!(own.domid, DOMID_SELF);
        let own = own.place as usize * PAGE + usize::from(own.offset);
        let own = core::ptr::with_exposed_provenance_mut::<u8>(own);
        match Simulated::find(grant.domid, grant.place, write) {
            Err(status) => argument.status = status,
            Ok(page) => {
                let mut words = self.pages[page].borrow_mut();
                let (len, offset) = (argument.len.into(), grant.offset.into());
                // SAFETY: both ends lie in their pages, as the caller checked.
                unsafe {
                    let grant = words.as_mut_ptr().cast::<u8>().add(offset);
                    match write {
                        true => grant.copy_from_nonoverlapping(own, len),
                        false => own.copy_from_nonoverlapping(grant, len),
                    }
                }
                argument.status = 0;
            }
        }
        Ok(())
    }

    fn frame(&self, address: usize) -> Option<u64> {
        (!self.is_far.get()).then_some((address / PAGE) as u64)
    }

    fn start(&self) -> Option<usize> {
        self.start
    }
}

fn with(test: impl FnOnce(&Simulated, &Area<&Simulated>)) {
    let room: Box<[Page]> = (0..MAPPINGS).map(|_| Page::new()).collect();
    let xen = Simulated {
        pages: [RefCell::new([5; WORDS]), RefCell::new([6; WORDS])],
        mapped: RefCell::new(Vec::new()),
        status: Cell::new(None),
        errno: Cell::new(None),
        silent: Cell::new(false),
        is_far: Cell::new(false),
        // Pages of the test's own, of words that are atomic.
        start: Some(room.as_ptr().expose_provenance()),
    };
    test(&xen, &Area::new(&xen));
}

#[test]
fn without_room_nothing_is_mapped() {
    with(|xen, _| {
        let xen = Simulated {
            pages: xen.pages.clone(),
            mapped: RefCell::default(),
            status: Cell::new(None),
            errno: Cell::new(None),
            silent: Cell::new(false),
            is_far: Cell::new(false),
            start: None,
        };
        let area = Area::new(&xen);
        assert_eq!(area.map(7, 9, Access::Read).err(), Some(Errno::ENOMEM));
        // Copies need none.
        assert_eq!(area.copy_from(7, 9, 0, &mut [0; 4]), Ok(()));
    });
}

#[test]
fn a_page_stays_mapped_in_its_place() {
    with(|xen, area| {
        let mapping = area.map(7, 10, Access::Write).unwrap();
        let address = mapping.address();
        let place = mapping.into_place();
        assert_eq!(xen.mapped.borrow().len(), 1);
        // SAFETY: once.
        let mapping = unsafe { area.mapping(place, Access::Write) }.unwrap();
        assert_eq!((mapping.address(), mapping.read(0)), (address, Some(6)));
        xen.status.set(Some(-1));
        assert_eq!(mapping.unmap(), Err(Errno::EIO));
        // Xen has it there still, so nobody else gets the place.
        let other = area.map(7, 10, Access::Write).unwrap();
        assert_ne!(other.address(), address);
        assert_eq!(other.unmap(), Ok(()));
        // SAFETY: there is no such place.
        assert!(unsafe { area.mapping(MAPPINGS, Access::Read) }.is_none());
    });
}

#[test]
fn a_page_is_mapped_until_it_is_dropped() {
    with(|xen, area| {
        let reader = area.map(7, 9, Access::Read).unwrap();
        let writer = area.map(7, 10, Access::Write).unwrap();
        assert_eq!(xen.mapped.borrow().len(), 2);
        assert_eq!((reader.read(0), writer.read(WORDS - 1)), (Some(5), Some(6)));
        assert_eq!((reader.read(WORDS), writer.write(WORDS, 1)), (None, false));
        assert!(!reader.write(0, 1) && writer.write(3, 1));
        drop(writer);
        assert_eq!(xen.pages[1].borrow()[2..4], [6, 1]);
        drop(reader);
        assert!(xen.mapped.borrow().is_empty());
        assert_eq!(area.take(), Some(0));
    });
}

#[test]
fn what_is_refused_takes_no_place() {
    with(|xen, area| {
        let map = |dom, reference| area.map(dom, reference, Access::Write).err();
        assert_eq!(map(8, 9), Some(Errno(19)));
        assert_eq!(map(7, 8), Some(Errno::ENOENT));
        assert_eq!(map(7, 9), Some(Errno(13)));
        for (status, errno) in [(-12, Errno::EAGAIN), (-13, Errno::ENOMEM), (-1, Errno::EIO)] {
            xen.status.set(Some(status));
            assert_eq!(map(7, 10), Some(errno));
        }
        // Neither of these is one of Xen's.
        for status in [1, i16::MIN, i16::MAX] {
            xen.status.set(Some(status));
            assert_eq!(map(7, 10), Some(Errno::EIO));
        }
        xen.errno.set(Some(Errno::ENOSYS));
        assert_eq!(map(7, 10), Some(Errno::ENOSYS));
        xen.silent.set(true);
        assert_eq!(map(7, 10), Some(Errno::EIO));
        assert_eq!(area.copy_to(7, 10, 0, b"a"), Err(Errno::EIO));
        assert_eq!(area.take(), Some(0));
    });
}

#[test]
fn what_stays_mapped_keeps_its_place() {
    with(|xen, area| {
        for turn in 0..2 {
            let mapping = area.map(7, 9, Access::Read).unwrap();
            assert_eq!(mapping.place, turn);
            match turn {
                0 => xen.status.set(Some(-4)),
                _ => xen.errno.set(Some(Errno::EFAULT)),
            }
        }
        assert_eq!(xen.mapped.borrow().len(), 2);
        let mappings: Vec<_> = core::iter::from_fn(|| area.map(7, 9, Access::Read).ok()).collect();
        assert_eq!(mappings.len(), MAPPINGS - 2);
        let full = area.map(7, 9, Access::Read);
        assert_eq!(full.err(), Some(Errno::ENOMEM));
    });
}

#[test]
fn bytes_are_copied_within_pages() {
    with(|xen, area| {
        let page = Page::new();
        let start = core::ptr::from_ref(&page).cast::<u8>().cast_mut();
        // SAFETY: the page is this test's alone, and used by these bytes only.
        let bytes = unsafe { core::slice::from_raw_parts_mut(start, PAGE) };
        area.copy_from(7, 9, 0, bytes).unwrap();
        assert_eq!(bytes[..8], [5, 0, 0, 0, 5, 0, 0, 0]);
        area.copy_to(7, 10, PAGE - 4, &bytes[4..8]).unwrap();
        assert_eq!(xen.pages[1].borrow()[WORDS - 2..], [6, 5]);
        assert_eq!(area.copy_to(7, 9, 0, &bytes[..4]), Err(Errno(13)));
        assert_eq!(area.copy_from(7, 1, 0, bytes), Err(Errno::ENOENT));
        for offset in [1, PAGE, usize::MAX] {
            assert_eq!(area.copy_from(7, 9, offset, bytes), Err(Errno::EINVAL));
        }
        let long = [0; 2 * PAGE];
        let over = long.as_ptr().align_offset(PAGE).max(8) - 4;
        let across = &long[over..over + 8];
        assert_eq!(area.copy_to(7, 10, 0, across), Err(Errno::EINVAL));
        xen.is_far.set(true);
        assert_eq!(area.copy_from(7, 9, 0, bytes), Err(Errno::EINVAL));
        xen.is_far.set(false);
        xen.status.set(Some(-10));
        assert_eq!(area.copy_to(7, 10, 0, &bytes[..4]), Err(Errno::EINVAL));
    });
}
