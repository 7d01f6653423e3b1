//! `<sys/mman.h>`

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use crate::c::result::{set_errno, zero_or_minus_one};
use crate::errno::{Errno, Result};
use crate::heap;
use crate::memory::Protection;

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

fn map(address: usize, len: usize, prot: c_int, flags: c_int, fd: c_int) -> Result<NonNull<u8>> {
    let prot = protection(prot)?;
    if !matches!(flags & MAP_TYPE, MAP_SHARED | MAP_PRIVATE) || len == 0 {
        return Err(Errno::EINVAL);
    }
    if flags & MAP_ANONYMOUS == 0 {
        // No descriptor is of a kind that can be mapped.
        let closed = crate::file::seek(fd, 0, 1) == Err(Errno::EBADF);
        return Err(if closed { Errno::EBADF } else { Errno::ENODEV });
    }
    if flags & MAP_FIXED_NOREPLACE != 0 {
        // Whatever is not mapped belongs to someone else.
        let mapped = heap::with(|heap| heap.check_mapped(address, len));
        return Err(mapped.err().unwrap_or(Errno::EEXIST));
    }
    if flags & MAP_FIXED != 0 {
        heap::with(|heap| heap.map_again(address, len, prot))?;
        return NonNull::new(core::ptr::with_exposed_provenance_mut(address)).ok_or(Errno::ENOMEM);
    }
    heap::with(|heap| heap.map(len, prot))
}

/// Map anonymous pages.
///
/// Source: POSIX.1-2024 `mmap`; `MAP_ANONYMOUS` as in Linux mmap(2).
///
/// - `addr`: ignored, but with `MAP_FIXED` a page's address inside a live mapping.
/// - `len`: bytes, rounded up to 4096; 0 is refused.
///
/// Returns page-aligned memory, zero when it becomes accessible.
///
/// # Errors
/// `MAP_FAILED`, and `errno` is
/// - `EINVAL`: `len` is 0, `flags` has not one of `MAP_PRIVATE` and `MAP_SHARED`,
///   `prot` has an unknown bit, or with `MAP_FIXED` `addr` is not a page's;
/// - `ENOMEM`: no free run of pages is long enough, or with `MAP_FIXED` not all
///   of the range is mapped;
/// - `EBADF`, `ENODEV`: without `MAP_ANONYMOUS`, as `fd` is not open or cannot be mapped;
/// - `EEXIST`: with `MAP_FIXED_NOREPLACE`, the range is mapped.
///
/// # Differs from the source
/// Permissions are remembered but not enforced. `MAP_FIXED` works inside live mappings only.
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
    _offset: i64,
) -> *mut c_void {
    or_map_failed(map(addr.expose_provenance(), len, prot, flags, fd))
}

/// Give pages back, whole mappings or parts; what is not mapped is left alone.
///
/// Source: POSIX.1-2024 `munmap`.
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, `len` is 0, or the range has no end.
///
/// # Safety
/// No reference points into the range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn munmap(addr: *mut c_void, len: usize) -> c_int {
    zero_or_minus_one(heap::with(|heap| heap.unmap(addr.addr(), len)))
}

/// Change what may be done with pages. It is remembered, not enforced; what had no
/// permission yet is zero from then on.
///
/// Source: POSIX.1-2024 `mprotect`.
///
/// # Errors
/// `EINVAL`: `addr` is not a page's, or `prot` has an unknown bit. `ENOMEM`: not all of
/// the range is mapped.
///
/// # Safety
/// As POSIX says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mprotect(addr: *mut c_void, len: usize, prot: c_int) -> c_int {
    let change = |prot| heap::with(|heap| heap.protect(addr.addr(), len, prot));
    zero_or_minus_one(protection(prot).and_then(change))
}

const MADV_DONTNEED: c_int = 4;
const MADV_REMOVE: c_int = 9;

/// Advice on the use of pages: `MADV_DONTNEED` makes them zero, the rest changes nothing.
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
        MADV_DONTNEED => heap::with(|heap| heap.forget(address, len)),
        // Normal, random, sequential, will need; free (when memory is short); (no) fork
        // semantics; mergeable; huge pages; (no) dump; cold and paged-out hints.
        0..=3 | 8 | 10..=21 => heap::with(|heap| heap.check_mapped(address, len)),
        MADV_REMOVE => Err(Errno::EINVAL),
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
        0..=4 => heap::with(|heap| heap.check_mapped(addr.addr(), len)),
        _ => Err(Errno::EINVAL),
    };
    checked.map_or_else(Errno::raw, |()| 0)
}

const MS_ASYNC: c_int = 1;
const MS_INVALIDATE: c_int = 2;
const MS_SYNC: c_int = 4;

/// Write mapped files back. Anonymous memory has nothing to write.
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
    let both = MS_ASYNC | MS_SYNC;
    if flags & !(both | MS_INVALIDATE) != 0 || flags & both == both {
        return zero_or_minus_one(Err(Errno::EINVAL));
    }
    zero_or_minus_one(heap::with(|heap| heap.check_mapped(addr.addr(), len)))
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
    let address = addr.addr() & !(crate::pages::PAGE_BYTES - 1);
    let len = len.saturating_add(addr.addr() - address);
    zero_or_minus_one(heap::with(|heap| heap.check_mapped(address, len)))
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
