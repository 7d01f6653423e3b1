//! `qsort` and `bsearch`.

use core::cmp::Ordering;
use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

use crate::sort;

/// What `qsort` and `bsearch` call to compare.
pub type Compare = unsafe extern "C" fn(*const c_void, *const c_void) -> c_int;
/// What `qsort_r` calls to compare, with the caller's argument.
pub type CompareWith = unsafe extern "C" fn(*const c_void, *const c_void, *mut c_void) -> c_int;

/// Sort an array in place. Equal elements may change places.
///
/// Source: C11 7.22.5.2. No memory is allocated; the time is O(n log n).
///
/// # Safety
/// `base` has `count` elements of `size` bytes; `compare` only reads them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qsort(base: *mut c_void, count: usize, size: usize, compare: Compare) {
    /// The argument is the caller's function.
    unsafe extern "C" fn call(a: *const c_void, b: *const c_void, compare: *mut c_void) -> c_int {
        // SAFETY: `qsort` below passes a `Compare` as the argument.
        unsafe { core::mem::transmute::<*mut c_void, Compare>(compare)(a, b) }
    }
    // SAFETY: the caller's contract.
    unsafe { qsort_r(base, count, size, call, compare as *mut c_void) }
}

/// [`qsort`] with an argument for the comparison.
///
/// Source: POSIX.1-2024 `qsort_r`.
///
/// # Safety
/// As [`qsort`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qsort_r(
    base: *mut c_void,
    count: usize,
    size: usize,
    compare: CompareWith,
    argument: *mut c_void,
) {
    let mut order = |a: *const u8, b: *const u8| -> Ordering {
        // SAFETY: both point to elements; the caller's function takes such.
        unsafe { compare(a.cast(), b.cast(), argument) }.cmp(&0)
    };
    // SAFETY: the caller's contract.
    unsafe { sort::sort(base.cast(), count, size, &mut order) }
}

/// Find an element of a sorted array.
///
/// Source: C11 7.22.5.1.
///
/// # Safety
/// `base` has `count` elements of `size` bytes; `compare` takes the key and one of
/// them, and only reads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bsearch(
    key: *const c_void,
    base: *const c_void,
    count: usize,
    size: usize,
    compare: Compare,
) -> *mut c_void {
    let at = |index: usize| base.wrapping_byte_add(index * size);
    // SAFETY: the caller's contract; every index is below `count`.
    let found = sort::search(count, |index| unsafe { 0.cmp(&compare(key, at(index))) });
    found.map_or(null_mut(), |index| at(index).cast_mut())
}
