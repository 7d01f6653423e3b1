//! `<malloc.h>`: beyond the standard's memory functions, and figures.

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use crate::c::result::or_null;
use crate::c::stdlib::memory::aligned;
use crate::errno::Errno;
use crate::heap::{self, Usage};
use crate::pages::PAGE_BYTES;
use crate::report::Report;

/// As `aligned_alloc`.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
    or_null(aligned(align, size))
}

/// Allocate whole at the start of a page.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn valloc(size: usize) -> *mut c_void {
    or_null(aligned(PAGE_BYTES, size))
}

/// Allocate whole pages.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pvalloc(size: usize) -> *mut c_void {
    let size = size
        .max(1)
        .checked_next_multiple_of(PAGE_BYTES)
        .ok_or(Errno::ENOMEM);
    or_null(size.and_then(|size| aligned(PAGE_BYTES, size)))
}

/// The bytes that the owner of a block may use; 0 for null.
///
/// # Safety
/// `block` is null or live; any other ends the program with a report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_usable_size(block: *mut c_void) -> usize {
    NonNull::new(block.cast()).map_or(0, heap::usable_bytes)
}

/// Give back what is kept for later; 1 if there was anything.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_trim(_pad: usize) -> c_int {
    c_int::from(heap::trim())
}

fn usage() -> Usage {
    heap::usage()
}

/// The bytes that no new allocation can get: live blocks, mappings, and what the
/// heap needs for itself. Exact, and memory is not walked for it.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_memory_usage() -> usize {
    heap::used_bytes()
}

/// As [`malloc_memory_usage`]: memory is never taken from a system that could have it back.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_footprint() -> usize {
    heap::used_bytes()
}

/// The most that was ever not in free runs: [`malloc_footprint`] with what is kept for later.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_max_footprint() -> usize {
    usage().most_used_bytes
}

/// The most that [`malloc_footprint`] may be; 0 is no limit.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_footprint_limit() -> usize {
    heap::with(|heap| heap.limit_bytes())
}

/// Set the most that [`malloc_footprint`] may be; `SIZE_MAX` is no limit. Answers the limit.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_set_footprint_limit(bytes: usize) -> usize {
    let limit = if bytes == usize::MAX { 0 } else { bytes.max(1) };
    heap::configure(|heap| heap.set_limit_bytes(limit));
    bytes
}

/// `struct mallinfo` and `struct mallinfo2`.
#[repr(C)]
pub struct Mallinfo {
    arena: usize,
    ordblks: usize,
    smblks: usize,
    hblks: usize,
    hblkhd: usize,
    usmblks: usize,
    fsmblks: usize,
    uordblks: usize,
    fordblks: usize,
    keepcost: usize,
}

/// Figures about the heap, without a walk over memory.
///
/// Source: mallinfo(3) of Linux. `arena` = `uordblks` + `fordblks`; mappings are beside it, in
/// `hblks` (pages) and `hblkhd`. There are no fast bins, so `smblks` and `fsmblks` are 0.
///
/// # Differs from the source
/// `usmblks` is the most that was in use, as dlmalloc has it. `keepcost` is the longest free run,
/// within a sixteenth: there is no system to give memory back to.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mallinfo() -> Mallinfo {
    let usage = usage();
    Mallinfo {
        arena: usage.arena_bytes - usage.mapped_bytes,
        ordblks: usage.free_runs,
        smblks: 0,
        hblks: usage.mapped_bytes / PAGE_BYTES,
        hblkhd: usage.mapped_bytes,
        usmblks: usage.most_used_bytes,
        fsmblks: 0,
        uordblks: usage.used_bytes - usage.mapped_bytes,
        fordblks: usage.free_bytes + usage.cached_bytes,
        keepcost: usage.longest_free_bytes,
    }
}

/// As [`mallinfo`].
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mallinfo2() -> Mallinfo {
    // SAFETY: as stated there.
    unsafe { mallinfo() }
}

/// `struct malloc_statistics`
#[repr(C)]
pub struct Statistics {
    total: usize,
    used: usize,
    live: usize,
    mapped: usize,
    tables: usize,
    cached: usize,
    free: usize,
    free_runs: usize,
    longest_free: usize,
    fragmentation: usize,
    most_used: usize,
    failures: usize,
    last_failure: usize,
}

/// Figures about memory, in bytes but for counts, without a walk over it.
///
/// # Safety
/// `figures` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_statistics(figures: *mut Statistics) {
    let usage = usage();
    let filled = Statistics {
        total: usage.arena_bytes,
        used: usage.used_bytes,
        live: usage.live_bytes(),
        mapped: usage.mapped_bytes,
        tables: usage.table_bytes,
        cached: usage.cached_bytes,
        free: usage.free_bytes,
        free_runs: usage.free_runs,
        longest_free: usage.longest_free_bytes,
        fragmentation: usage.fragmentation(),
        most_used: usage.most_used_bytes,
        failures: usage.refusals,
        last_failure: usage.refused_bytes,
    };
    // SAFETY: the caller's contract.
    unsafe { figures.write(filled) };
}

/// Print figures about memory on descriptor 2, without allocating.
///
/// Source: malloc_stats(3) of Linux; the text is our own.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn malloc_stats() {
    let print = |bytes: &[u8]| {
        // Nobody is left to tell.
        let _ = crate::file::write(2, bytes);
    };
    usage().describe(&mut Report::to(print, ""));
}
