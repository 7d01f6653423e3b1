//! `<sys/mman.h>`

use core::ffi::{c_int, c_void};
use core::ops::Range;
use core::ptr::NonNull;

use crate::c::result::{point, set_errno, zero_or_minus_one};
use crate::errno::{Errno, Result};
use crate::file;
use crate::heap::{self, Heap};
use crate::memory::Protection;
use crate::pages::PAGE_BYTES;
use crate::thread::cancel;

const MAP_SHARED: c_int = 1;
const MAP_PRIVATE: c_int = 2;
const MAP_TYPE: c_int = 15;
const MAP_FIXED: c_int = 0x10;
const MAP_ANONYMOUS: c_int = 0x20;
const MAP_FIXED_NOREPLACE: c_int = 0x10_0000;
const MAP_FAILED: *mut c_void = core::ptr::without_provenance_mut(usize::MAX);

fn protection(prot: c_int) -> Result<Protection> {
    Protection::from_bits(prot as u32).ok_or(Errno::EINVAL)
}

fn or_map_failed(result: Result<NonNull<u8>>) -> *mut c_void {
    result.map_or_else(
        |error| {
            set_errno(error);
            MAP_FAILED
        },
        |address| address.as_ptr().cast(),
    )
}

/// What `mmap` is asked for.
struct Request {
    address: usize,
    len: usize,
    prot: Protection,
    flags: c_int,
}

fn map(request: &Request, fd: c_int, offset: i64) -> Result<NonNull<u8>> {
    let Request { len, flags, .. } = *request;
    if !matches!(flags & MAP_TYPE, MAP_SHARED | MAP_PRIVATE) || len == 0 {
        return Err(Errno::EINVAL);
    }
    if flags & MAP_ANONYMOUS != 0 {
        return map_anonymous(request);
    }
    let offset = u64::try_from(offset).map_err(|_| Errno::EINVAL)?;
    if flags & MAP_TYPE == MAP_PRIVATE {
        return map_copy(request, fd, offset);
    }
    if flags & MAP_FIXED != 0 {
        return Err(Errno::EINVAL);
    }
    file::map(fd, offset, len, request.prot.contains(Protection::WRITE))
}

fn map_anonymous(request: &Request) -> Result<NonNull<u8>> {
    let Request {
        address,
        len,
        prot,
        flags,
    } = *request;
    crate::thread::stack::check(false);
    if flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) != 0 {
        let replace = flags & MAP_FIXED_NOREPLACE == 0;
        return heap::with(|heap| heap.map_at(address, len, prot, replace));
    }
    heap::map(len, prot, address)
}

/// A private mapping of a file: what the file holds now.
fn map_copy(request: &Request, fd: c_int, offset: u64) -> Result<NonNull<u8>> {
    let Request {
        len, prot, flags, ..
    } = *request;
    // What cannot be mapped says so, and a file that can has an address for its first page.
    match file::map(fd, offset, 1, false) {
        Ok(address) => file::unmap(address.addr().get()..address.addr().get() + 1),
        Err(error) => return Err(error),
    }
    let writable = Request {
        prot: Protection::READ | Protection::WRITE,
        ..*request
    };
    let address = map_anonymous(&Request {
        flags: flags | MAP_ANONYMOUS,
        ..writable
    })?;
    // SAFETY: just mapped, for so long.
    let bytes = unsafe { core::slice::from_raw_parts_mut(address.as_ptr(), len) };
    let copied = file::read_at(fd, bytes, offset);
    let start = address.addr().get();
    let done = copied.and_then(|_| heap::with(|heap| heap.protect(start, len, prot)));
    done.map(|()| address).inspect_err(|_| {
        // What was mapped a moment ago can be unmapped.
        let _ = heap::with(|heap| heap.unmap(start, len));
    })
}

/// The addresses of `len` bytes, to whole pages.
///
/// # Errors
/// `EINVAL`: `address` is not that of a page. `beyond`: there is no end.
fn pages(address: usize, len: usize, beyond: Errno) -> Result<Range<usize>> {
    if !address.is_multiple_of(PAGE_BYTES) {
        return Err(Errno::EINVAL);
    }
    let end = address.checked_add(len);
    let end = end.and_then(|end| end.checked_next_multiple_of(PAGE_BYTES));
    Ok(address..end.ok_or(beyond)?)
}

/// Have `work` done on the parts of a range that are not shown pages of a file.
fn besides_files(
    range: Range<usize>,
    mut work: impl FnMut(&mut Heap, usize, usize) -> Result<()>,
) -> Result<()> {
    let Range { mut start, end } = range;
    loop {
        let shown = file::shown_in(&(start..end)).unwrap_or(end..end);
        // Also if all of it is empty: `work` may have something to say of that.
        if shown.start > start || shown.is_empty() {
            heap::with(|heap| work(heap, start, shown.start - start))?;
        }
        start = shown.end;
        if start >= end {
            return Ok(());
        }
    }
}

/// Whether pages are mapped, be it those of a file.
fn check_mapped(address: usize, len: usize) -> Result<()> {
    besides_files(pages(address, len, Errno::ENOMEM)?, |heap, start, len| {
        heap.check_mapped(start, len)
    })
}

/// Map anonymous pages, or a file of `/tmp`.
///
/// Source: POSIX.1-2024 `mmap`; `MAP_ANONYMOUS` as in Linux mmap(2).
///
/// - `addr`: with `MAP_FIXED`, a page's address inside a live mapping, or anywhere in the
///   machine's window (on hvt and virtio). Else a hint, which holds in the window.
/// - `len`: bytes, rounded up to 4096; 0 is refused.
///
/// Returns page-aligned memory, zero when it becomes accessible; with `MAP_SHARED` a file's
/// own memory, with `MAP_PRIVATE` a copy of what the file holds now.
///
/// # Errors
/// `MAP_FAILED`, and `errno` is
/// - `EINVAL`: `len` is 0, `flags` has not one of `MAP_PRIVATE` and `MAP_SHARED`,
///   `prot` has an unknown bit, or with `MAP_FIXED` `addr` is not a page's;
/// - `ENOMEM`: not enough memory (without a window: in one piece), or with `MAP_FIXED` not
///   all of the range is mapped, outside the window;
/// - `EBADF`, `ENODEV`, `EACCES`, `ENXIO`: without `MAP_ANONYMOUS`, as [`file::map`] says;
/// - `EEXIST`: with `MAP_FIXED_NOREPLACE`, some of the range is mapped.
///
/// # Differs from the source
/// Without paging (spt) permissions are remembered but not enforced. They never are for
/// `MAP_SHARED`: the memory is the file's own. There is no overcommitment: what is accessible
/// has memory. `MAP_FIXED` outside live mappings and the window is refused.
///
/// # Safety
/// With `MAP_FIXED`, the caller owns `[addr, addr + len)` and no reference points into it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap(
    addr: *mut c_void,
    len: usize,
    prot: c_int,
    flags: c_int,
    fd: c_int,
    offset: i64,
) -> *mut c_void {
    let address = addr.expose_provenance();
    let mapped = or_map_failed(protection(prot).and_then(|prot| {
        let request = Request {
            address,
            len,
            prot,
            flags,
        };
        map(&request, fd, offset)
    }));
    point();
    mapped
}

/// Give pages back, whole mappings or parts; what is not mapped is left alone.
///
/// Source: POSIX.1-2024 `munmap`.
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, `len` is 0, or the range has no end. `ENOMEM`: a hole
/// in a mapping of the window takes memory to remember, and there is none.
///
/// # Safety
/// No reference points into the range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn munmap(addr: *mut c_void, len: usize) -> c_int {
    let unmapped = pages(addr.addr(), len, Errno::EINVAL).and_then(|range| {
        heap::with(|heap| heap.unmap(addr.addr(), len))?;
        file::unmap(range);
        Ok(())
    });
    zero_or_minus_one(unmapped)
}

/// Change what may be done with pages; what had no permission yet is zero from then on.
/// Shown pages of a file stay as they are.
///
/// Source: POSIX.1-2024 `mprotect`.
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, or `prot` has an unknown bit. `ENOMEM`: not all of
/// the range is mapped, or a reservation becomes accessible and there is no memory.
///
/// # Differs from the source
/// Without paging (spt) it is remembered, not enforced.
///
/// # Safety
/// As POSIX says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mprotect(addr: *mut c_void, len: usize, prot: c_int) -> c_int {
    let change = |prot| {
        let range = pages(addr.addr(), len, Errno::ENOMEM)?;
        check_mapped(addr.addr(), len)?;
        besides_files(range, |heap, start, len| heap.protect(start, len, prot))
    };
    zero_or_minus_one(protection(prot).and_then(change))
}

const MADV_DONTNEED: c_int = 4;

/// Advice on the use of pages: `MADV_DONTNEED` makes them zero, but for a file's, and gives
/// back the memory of those in the window that nobody may access; the rest changes nothing.
///
/// Source: Linux madvise(2).
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, or the advice is unknown. `ENOMEM`: not all of
/// the range is mapped.
///
/// # Safety
/// With `MADV_DONTNEED`, no reference points into the range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn madvise(addr: *mut c_void, len: usize, advice: c_int) -> c_int {
    let address = addr.addr();
    zero_or_minus_one(match advice {
        MADV_DONTNEED => check_mapped(address, len)
            .and_then(|()| pages(address, len, Errno::ENOMEM))
            .and_then(|range| besides_files(range, Heap::forget)),
        // Normal, random, sequential, will need; free (when memory is short); (no) fork
        // semantics; mergeable; huge pages; (no) dump; cold and paged-out hints.
        0..=3 | 8 | 10..=21 => check_mapped(address, len),
        _ => Err(Errno::EINVAL),
    })
}

/// Advice as POSIX has it: never changes contents.
///
/// Source: POSIX.1-2024 `posix_madvise`; answers the error.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_madvise(addr: *mut c_void, len: usize, advice: c_int) -> c_int {
    let checked = match advice {
        0..=4 => check_mapped(addr.addr(), len),
        _ => Err(Errno::EINVAL),
    };
    checked.map_or_else(Errno::raw, |()| 0)
}

const MS_ASYNC: c_int = 1;
const MS_INVALIDATE: c_int = 2;
const MS_SYNC: c_int = 4;

/// Write mapped files back: a mapping is the file's own memory, so nothing is to be done.
/// A cancellation point.
///
/// Source: POSIX.1-2024 `msync`.
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, or `flags` are not one of `MS_ASYNC` and `MS_SYNC`
/// with `MS_INVALIDATE` or without. `ENOMEM`: not all of the range is mapped.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msync(addr: *mut c_void, len: usize, flags: c_int) -> c_int {
    cancel::test();
    let both = MS_ASYNC | MS_SYNC;
    if flags & !(both | MS_INVALIDATE) != 0 || flags & both == both {
        return zero_or_minus_one(Err(Errno::EINVAL));
    }
    zero_or_minus_one(check_mapped(addr.addr(), len))
}

const MREMAP_MAYMOVE: c_int = 1;

/// Make a mapping longer or shorter, moving it if that is allowed and needed.
///
/// Source: Linux mremap(2).
///
/// # Errors
/// `MAP_FAILED`, and `errno` is
/// - `EINVAL`: `addr` is not a page's, a length is 0, or `flags` has more than `MREMAP_MAYMOVE`;
/// - `EFAULT`: not all of the old range is mapped;
/// - `ENOMEM`: no room, or none in place and the mapping may not move.
///
/// # Safety
/// As POSIX says of `munmap`, where the mapping shrinks or moves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mremap(
    addr: *mut c_void,
    old_len: usize,
    new_len: usize,
    flags: c_int,
) -> *mut c_void {
    if flags & !MREMAP_MAYMOVE != 0 {
        return or_map_failed(Err(Errno::EINVAL));
    }
    let may_move = flags & MREMAP_MAYMOVE != 0;
    or_map_failed(heap::with(|heap| {
        heap.remap(addr.addr(), old_len, new_len, may_move)
    }))
}

/// Keep pages in memory; they always are.
///
/// Source: POSIX.1-2024 `mlock`. `ENOMEM`: not all of the range is mapped.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mlock(addr: *const c_void, len: usize) -> c_int {
    let address = addr.addr() & !(PAGE_BYTES - 1);
    let len = len.saturating_add(addr.addr() - address);
    zero_or_minus_one(check_mapped(address, len))
}

/// As [`mlock`].
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn munlock(addr: *const c_void, len: usize) -> c_int {
    // SAFETY: the same contract.
    unsafe { mlock(addr, len) }
}
