//! `xen.h`: event channels, grants and xenstore for a program that talks with other
//! domains by itself. Each function checks, borrows, calls and translates.
//!
//! What is not the program's cannot be closed, ended or unmapped here: the drivers have
//! ports and grants of the same kinds.

use core::ffi::{c_char, c_int, c_void};
use core::ptr;
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::{AcqRel, Acquire};

use solo5_sys::Machine;
use solo5_sys::bytes;
use solo5_sys::core::tick::Held;
use solo5_sys::machine::Errno;

use crate::abi::{EVENT_WORDS, PAGE};
use crate::foreign::{Gate, MAPPINGS};
use crate::grant::{Access, ENTRIES};
use crate::halt::Round;
use crate::machine::Xen;
use crate::sharing::{self, FOREIGN};
use crate::store::Kind;
use crate::{event, hypercall, toolstack};

const ERANGE: Errno = Errno(34);
const ETIMEDOUT: Errno = Errno(110);

/// Which numbers of some kind are the program's.
struct Own<const WORDS: usize>([AtomicU64; WORDS]);

/// Event channels.
static PORTS: Own<EVENT_WORDS> = Own::new();
/// References of the grant table.
static GRANTS: Own<{ ENTRIES / 64 }> = Own::new();
/// Places of pages of other domains.
static MAPPED: Own<{ MAPPINGS / 64 }> = Own::new();

impl<const WORDS: usize> Own<WORDS> {
    const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; WORDS])
    }

    fn word(&self, number: usize) -> Result<(&AtomicU64, u64), Errno> {
        let word = self.0.get(number / 64).ok_or(Errno::EINVAL)?;
        Ok((word, 1 << (number % 64)))
    }

    fn add(&self, number: usize) -> Result<(), Errno> {
        let (word, bit) = self.word(number)?;
        word.fetch_or(bit, AcqRel);
        Ok(())
    }

    fn check(&self, number: usize) -> Result<(), Errno> {
        let (word, bit) = self.word(number)?;
        match word.load(Acquire) & bit {
            0 => Err(Errno::EINVAL),
            _ => Ok(()),
        }
    }

    /// Take all away.
    fn clear(&self, each: impl Fn(usize)) {
        for (first, word) in (0..).step_by(64).zip(&self.0) {
            let mut left = word.swap(0, AcqRel);
            while left != 0 {
                each(first + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    /// It is nobody else's to take away.
    fn take(&self, number: usize) -> Result<(), Errno> {
        let (word, bit) = self.word(number)?;
        match word.fetch_and(!bit, AcqRel) & bit {
            0 => Err(Errno::EINVAL),
            _ => Ok(()),
        }
    }
}

/// The domain is a new one, which has no channels, and maps no pages.
pub fn forget() {
    PORTS.clear(|_| ());
    MAPPED.clear(|place| FOREIGN.forget(place));
}

fn answer(result: Result<(), Errno>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(Errno(number)) => -number,
    }
}

/// Write what `make` answers, of which nothing is made if it cannot be written.
///
/// # Safety
/// `place` is null or can be written.
unsafe fn give<T>(place: *mut T, make: impl FnOnce() -> Result<T, Errno>) -> c_int {
    if place.is_null() {
        return answer(Err(Errno::EINVAL));
    }
    // Else the domain may become one in which what was made is another one's.
    let _held = Held::new();
    answer(make().map(|value| {
        // SAFETY: not null, so it can be written.
        unsafe { place.write(value) }
    }))
}

fn access(writable: c_int) -> Access {
    match writable {
        0 => Access::Read,
        _ => Access::Write,
    }
}

/// Do something with a port of the program's. No suspension comes in between, after which it could
/// be another one's.
fn with<R>(port: u32, action: impl FnOnce() -> Result<R, Errno>) -> Result<R, Errno> {
    let _held = Held::new();
    PORTS.check(port as usize)?;
    action()
}

/// A port that Xen gave, whose events end waits from now on.
fn open(port: u32) -> Result<u32, Errno> {
    let opened = PORTS
        .add(port as usize)
        .and_then(|()| hypercall::unmask(port));
    if let Err(errno) = opened {
        let _ = PORTS.take(port as usize);
        // There is nothing else to do with it.
        let _ = hypercall::close(port);
        return Err(errno);
    }
    Ok(port)
}

/// `int xen_event_offer(uint16_t domain, uint32_t *port)`
///
/// # Safety
/// `port` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_event_offer(domain: u16, port: *mut u32) -> c_int {
    // SAFETY: passed on.
    unsafe { give(port, || open(hypercall::alloc_unbound(domain)?)) }
}

/// `int xen_event_bind(uint16_t domain, uint32_t remote_port, uint32_t *port)`
///
/// # Safety
/// `port` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_event_bind(domain: u16, remote_port: u32, port: *mut u32) -> c_int {
    let bind = || open(hypercall::bind_interdomain(domain, remote_port)?);
    // SAFETY: passed on.
    unsafe { give(port, bind) }
}

/// `int xen_event_close(uint32_t port)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_close(port: u32) -> c_int {
    // As in `with`.
    let _held = Held::new();
    answer(PORTS.take(port as usize).and_then(|()| {
        event::mask(port);
        // Xen forgets an event that nobody took; from here on the port may be another one's.
        hypercall::close(port)
    }))
}

/// `int xen_event_notify(uint32_t port)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_notify(port: u32) -> c_int {
    answer(with(port, || hypercall::send(port)))
}

/// `int xen_event_take(uint32_t port)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_take(port: u32) -> c_int {
    match with(port, || Ok(event::take(port))) {
        Ok(taken) => taken.into(),
        Err(errno) => answer(Err(errno)),
    }
}

/// `int xen_event_wait(uint32_t port, uint64_t deadline)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_wait(port: u32, deadline: u64) -> c_int {
    let wait = || loop {
        let round = Round::begin();
        if with(port, || Ok(event::take(port)))? {
            return Ok(());
        }
        if Xen::clock_monotonic() >= deadline {
            return Err(ETIMEDOUT);
        }
        round.pause(deadline);
    };
    answer(wait())
}

/// `int xen_event_mask(uint32_t port)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_mask(port: u32) -> c_int {
    answer(with(port, || {
        event::mask(port);
        Ok(())
    }))
}

/// `int xen_event_unmask(uint32_t port)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_event_unmask(port: u32) -> c_int {
    answer(with(port, || hypercall::unmask(port)))
}

/// `int xen_grant(uint16_t domain, void *page, int writable, uint32_t *reference)`
///
/// # Safety
/// `page` is the caller's, for as long as it is granted; `reference` is null or can be
/// written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_grant(
    domain: u16,
    page: *mut c_void,
    writable: c_int,
    reference: *mut u32,
) -> c_int {
    let grant = || {
        let address = page.expose_provenance();
        if address == 0 || !address.is_multiple_of(PAGE) {
            return Err(Errno::EINVAL);
        }
        let frame = sharing::Xen.frame(address).ok_or(Errno::EINVAL)?;
        let number = sharing::permit_frame(domain, frame as u32, access(writable))?;
        GRANTS.add(number as usize)?;
        Ok(number)
    };
    // SAFETY: passed on.
    unsafe { give(reference, grant) }
}

/// `int xen_grant_end(uint32_t reference)`
#[unsafe(no_mangle)]
pub extern "C" fn xen_grant_end(reference: u32) -> c_int {
    answer(
        { GRANTS.take(reference as usize) }.and_then(|()| match sharing::end(reference) {
            Ok(true) => Ok(()),
            refused => {
                GRANTS.add(reference as usize)?;
                Err(refused.err().unwrap_or(Errno::EBUSY))
            }
        }),
    )
}

/// `int xen_grant_map(uint16_t domain, uint32_t reference, int writable, void **page)`
///
/// # Safety
/// `page` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_grant_map(
    domain: u16,
    reference: u32,
    writable: c_int,
    page: *mut *mut c_void,
) -> c_int {
    let map = || {
        // No suspension comes in between.
        let _held = Held::new();
        let mapping = FOREIGN.map(domain, reference, access(writable))?;
        let address = mapping.address();
        MAPPED.add(mapping.into_place())?;
        Ok(ptr::with_exposed_provenance_mut(address))
    };
    // SAFETY: passed on.
    unsafe { give(page, map) }
}

/// `int xen_grant_unmap(void *page)`
///
/// # Safety
/// Nobody uses what is there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_grant_unmap(page: *mut c_void) -> c_int {
    let unmap = || {
        let start = sharing::Xen.start().ok_or(Errno::EINVAL)?;
        let offset = page.addr().checked_sub(start).ok_or(Errno::EINVAL)?;
        if !offset.is_multiple_of(PAGE) {
            return Err(Errno::EINVAL);
        }
        let place = offset / PAGE;
        let _held = Held::new();
        MAPPED.take(place)?;
        // SAFETY: it was mapped, and became its place, and nobody else took it.
        let mapping = unsafe { FOREIGN.mapping(place, Access::Read) };
        mapping.ok_or(Errno::EINVAL)?.unmap()
    };
    answer(unmap())
}

/// `int xen_grant_copy_from(uint16_t domain, uint32_t reference, size_t offset, void *to, size_t len)`
///
/// # Safety
/// `to` is null or can be written for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_grant_copy_from(
    domain: u16,
    reference: u32,
    offset: usize,
    to: *mut c_void,
    len: usize,
) -> c_int {
    if to.is_null() || len > PAGE {
        return answer(Err(Errno::EINVAL));
    }
    // SAFETY: not null, so it can be written for as many.
    let to = unsafe { core::slice::from_raw_parts_mut(to.cast(), len) };
    answer(FOREIGN.copy_from(domain, reference, offset, to))
}

/// `int xen_grant_copy_to(uint16_t domain, uint32_t reference, size_t offset, const void *from, size_t len)`
///
/// # Safety
/// `from` is null or can be read for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_grant_copy_to(
    domain: u16,
    reference: u32,
    offset: usize,
    from: *const c_void,
    len: usize,
) -> c_int {
    if from.is_null() || len > PAGE {
        return answer(Err(Errno::EINVAL));
    }
    // SAFETY: not null, so it can be read for as many.
    let from = unsafe { core::slice::from_raw_parts(from.cast(), len) };
    answer(FOREIGN.copy_to(domain, reference, offset, from))
}

/// The bytes of a string.
///
/// # Safety
/// It is null or a string, which does not change while the slice lives.
unsafe fn string<'a>(text: *const c_char) -> Result<&'a [u8], Errno> {
    if text.is_null() {
        return Err(Errno::EINVAL);
    }
    // SAFETY: a string.
    unsafe {
        let len = bytes::length(text.cast());
        Ok(core::slice::from_raw_parts(text.cast(), len))
    }
}

/// `int xen_store_read(const char *path, char *value, size_t size)`
///
/// # Safety
/// `path` is null or a string; `value` is null or can be written for `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_store_read(
    path: *const c_char,
    value: *mut c_char,
    size: usize,
) -> c_int {
    let read = || {
        if value.is_null() || size == 0 || size > isize::MAX as usize {
            return Err(Errno::EINVAL);
        }
        // SAFETY: passed on; `value` is not null, so it can be written.
        let (path, buffer) = unsafe {
            let buffer = core::slice::from_raw_parts_mut(value.cast::<u8>(), size);
            (string(path)?, buffer)
        };
        let (last, room) = buffer.split_last_mut().ok_or(Errno::EINVAL)?;
        let len = toolstack::with(|store| store.request(Kind::Read, 0, &[path, b"\0"], room))?;
        *last = 0;
        match (len <= room.len(), room.get_mut(len)) {
            (false, _) => return Err(ERANGE),
            (true, Some(end)) => *end = 0,
            (true, None) => {}
        }
        Ok(())
    };
    answer(read())
}

/// `int xen_store_write(const char *path, const char *value)`
///
/// # Safety
/// Both are null or strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xen_store_write(path: *const c_char, value: *const c_char) -> c_int {
    let write = || {
        // SAFETY: passed on.
        let (path, value) = unsafe { (string(path)?, string(value)?) };
        toolstack::with(|store| store.write(path, value))
    };
    answer(write())
}
