//! `<stdlib.h>`: malloc and its relatives.

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use crate::c::result::{or_null, point};
use crate::errno::{Errno, Result};
use crate::heap::{self, LARGEST, MIN_ALIGN};

/// A block for C: large alignments as asked, nothing else different.
pub fn aligned(align: usize, size: usize) -> Result<NonNull<u8>> {
    if !align.is_power_of_two() {
        return Err(Errno::EINVAL);
    }
    heap::alloc(size, align.max(MIN_ALIGN))
}

/// Allocate `size` bytes at a multiple of 16; a block of its own for 0, too.
///
/// Source: C11 7.22.3.4.
///
/// # Errors
/// Null and `ENOMEM`: no room.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    match heap::alone_alloc(size) {
        Some(block) => block.as_ptr().cast(),
        None if size <= LARGEST => slowest_malloc(size),
        None => slow_malloc(size),
    }
}

#[inline(never)]
fn slow_malloc(size: usize) -> *mut c_void {
    match heap::alone_alloc_run(size) {
        Some(block) => block.as_ptr().cast(),
        None => slowest_malloc(size),
    }
}

#[cold]
#[inline(never)]
fn slowest_malloc(size: usize) -> *mut c_void {
    if let Some(block) = heap::quick_alloc(size) {
        return block.as_ptr().cast();
    }
    point();
    or_null(heap::alloc(size, MIN_ALIGN))
}

/// Allocate zeroed memory for an array.
///
/// Source: C11 7.22.3.2.
///
/// # Errors
/// Null and `ENOMEM`: no room, or the product overflows.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    let bytes = count.checked_mul(size).ok_or(Errno::ENOMEM);
    or_null(bytes.and_then(|bytes| heap::alloc_zeroed(bytes, MIN_ALIGN)))
}

/// Change the size of a block, moving it if need be; null allocates. A size of 0
/// gives a block of the smallest size, which is to be freed like any other.
///
/// Source: C11 7.22.3.5.
///
/// # Errors
/// Null and `ENOMEM`: no room; the block is as it was.
///
/// # Safety
/// As C says; a block that is not live ends the program with a report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller's contract.
    if unsafe { heap::alone_grow(block.cast(), size) } {
        return block;
    }
    // SAFETY: the caller's contract.
    unsafe { slow_realloc(block, size) }
}

#[inline(never)]
unsafe fn slow_realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller's contract.
    match unsafe { heap::alone_realloc(block.cast(), size) } {
        Some(block) => block.as_ptr().cast(),
        // SAFETY: the caller's contract.
        None => unsafe { slowest_realloc(block, size) },
    }
}

#[cold]
#[inline(never)]
unsafe fn slowest_realloc(block: *mut c_void, size: usize) -> *mut c_void {
    or_null(match NonNull::new(block.cast()) {
        None => heap::alloc(size, MIN_ALIGN),
        // SAFETY: the caller's contract.
        Some(block) => unsafe { heap::realloc(block, size) },
    })
}

/// [`realloc`] for an array; the product may not overflow.
///
/// Source: POSIX.1-2024.
///
/// # Errors
/// As [`realloc`]; `ENOMEM` as well when the product overflows.
///
/// # Safety
/// As [`realloc`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn reallocarray(
    block: *mut c_void,
    count: usize,
    size: usize,
) -> *mut c_void {
    match count.checked_mul(size) {
        // SAFETY: the caller's contract.
        Some(bytes) => unsafe { realloc(block, bytes) },
        None => or_null(Err(Errno::ENOMEM)),
    }
}

/// Give back a block; null is nothing. `errno` is left alone.
///
/// Source: C11 7.22.3.3, POSIX.1-2024.
///
/// # Safety
/// As C says; a block that is not live ends the program with a report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(block: *mut c_void) {
    // SAFETY: the caller's contract.
    if unsafe { !heap::alone_free(block.cast()) } {
        // SAFETY: the caller's contract.
        unsafe { slow_free(block) }
    }
}

#[inline(never)]
unsafe fn slow_free(block: *mut c_void) {
    // SAFETY: the caller's contract.
    if unsafe { heap::quick_free(block.cast()) } {
        return;
    }
    if let Some(block) = NonNull::new(block.cast()) {
        // SAFETY: the caller's contract.
        unsafe { heap::free(block) }
    }
}

/// Allocate at a multiple of `align`.
///
/// Source: C11 7.22.3.1.
///
/// # Errors
/// Null; `EINVAL`: `align` is not a power of two. `ENOMEM`: no room.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    or_null(aligned(align, size))
}

/// Allocate at a multiple of `align`, which is a power of two and of the size of a
/// pointer at least. Answers the error and leaves `errno` alone.
///
/// Source: POSIX.1-2024. `EINVAL`: `align` is wrong. `ENOMEM`: no room.
///
/// # Safety
/// `block` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_memalign(
    block: *mut *mut c_void,
    align: usize,
    size: usize,
) -> c_int {
    if align < size_of::<usize>() {
        return Errno::EINVAL.raw();
    }
    match aligned(align, size) {
        Err(error) => error.raw(),
        Ok(memory) => {
            // SAFETY: the caller's contract.
            unsafe { *block = memory.as_ptr().cast() };
            0
        }
    }
}
