//! Blocks of wide characters.

use core::ffi::c_int;
use core::ptr::null_mut;

use super::Wide;

/// The elements of a block.
///
/// # Safety
/// `count` elements at `start` are valid.
unsafe fn block<'a>(start: *const Wide, count: usize) -> &'a [Wide] {
    if count == 0 {
        return &[];
    }
    // SAFETY: the caller's contract.
    unsafe { core::slice::from_raw_parts(start, count) }
}

/// C's way of telling an order.
pub(super) fn order(ordering: core::cmp::Ordering) -> c_int {
    ordering as c_int
}

/// `wchar_t` is signed.
pub(super) fn signed(wide: &Wide) -> i32 {
    *wide as i32
}

/// `wmemcpy`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmemcpy(
    target: *mut Wide,
    source: *const Wide,
    count: usize,
) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { target.copy_from_nonoverlapping(source, count) };
    target
}

/// `wmempcpy` (GNU)
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmempcpy(
    target: *mut Wide,
    source: *const Wide,
    count: usize,
) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { wmemcpy(target, source, count).add(count) }
}

/// `wmemmove`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmemmove(
    target: *mut Wide,
    source: *const Wide,
    count: usize,
) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { target.copy_from(source, count) };
    target
}

/// `wmemset`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmemset(target: *mut Wide, wide: Wide, count: usize) -> *mut Wide {
    for index in 0..count {
        // SAFETY: the caller's contract.
        unsafe { target.add(index).write(wide) };
    }
    target
}

/// `wmemcmp`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmemcmp(a: *const Wide, b: *const Wide, count: usize) -> c_int {
    // SAFETY: the caller's contract.
    let (a, b) = unsafe { (block(a, count), block(b, count)) };
    order(a.iter().map(signed).cmp(b.iter().map(signed)))
}

/// `wmemchr`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wmemchr(start: *const Wide, wide: Wide, count: usize) -> *mut Wide {
    // SAFETY: the caller's contract.
    let found = unsafe { block(start, count) }
        .iter()
        .position(|&element| element == wide);
    found.map_or(null_mut(), |at| start.wrapping_add(at).cast_mut())
}
