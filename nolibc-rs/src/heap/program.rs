//! The program's heap: what the rest of the library allocates from.

use core::ptr::NonNull;

use super::class::{LARGEST, class_for};
use super::{Freed, Heap, MIN_ALIGN, Misuse, Usage, checked, near};
use crate::errno::{Errno, Result};
use crate::memory::Protection;
use crate::pages::{PAGE_BYTES, Range};
use crate::platform::{self, Mode};
use crate::report;
use crate::sync::{Alone, Guard, Lock};
use crate::thread::stack::{self, check as check_stack};

static HEAP: Lock<Heap> = Lock::new(Heap::empty());

/// Where blocks come from.
#[cfg(not(feature = "heap-small"))]
type Engine = Heap;
#[cfg(feature = "heap-small")]
type Engine = super::small::Small;

/// Work on the program's heap.
#[inline(always)]
pub fn with<T>(work: impl FnOnce(&mut Heap) -> T) -> T {
    work(&mut lock())
}

#[inline(always)]
fn lock() -> Guard<'static, Heap> {
    #[cfg(not(feature = "export"))]
    host::give_memory();
    HEAP.lock()
}

/// The figures, unless the heap is in the middle of something.
pub fn try_usage() -> Option<Usage> {
    HEAP.try_lock().map(|heap| count_near(heap.usage()))
}

/// The figures.
pub fn usage() -> Usage {
    count_near(with(|heap| heap.usage()))
}

/// The bytes that no new allocation can get.
pub fn used_bytes() -> usize {
    with(|heap| heap.used_bytes()).saturating_sub(near::bytes())
}

fn count_near(mut usage: Usage) -> Usage {
    // Other CPUs go on meanwhile.
    let bytes = near::bytes().min(usage.used_bytes);
    usage.used_bytes -= bytes;
    usage.cached_bytes += bytes;
    usage
}

/// Give back what is kept for later; whether there was anything.
pub fn trim() -> bool {
    let kept = checked::trim();
    let stacks = stack::trim() | near::clear(&HEAP);
    with(Heap::trim) || kept || stacks
}

/// Give back what other parts of the library keep, because memory is wanted; whether there was
/// anything.
#[cold]
fn make_room() -> bool {
    checked::make_room() || near::clear(&HEAP) || stack::trim()
}

/// Map zeroed pages; see [`Heap::map`].
///
/// # Errors
/// `EINVAL`: `len_bytes` is 0. `ENOMEM`: no room.
pub fn map(len_bytes: usize, protection: Protection, hint: usize) -> Result<NonNull<u8>> {
    loop {
        match with(|heap| heap.map(len_bytes, protection, hint)) {
            Err(Errno::ENOMEM) if make_room() => {}
            Err(Errno::ENOMEM) => return Err(refuse(len_bytes)),
            mapped => return mapped,
        }
    }
}

/// Do this when the mode has gone up.
pub fn see_who_runs() {
    with(|heap| HEAP.set_alone(heap.is_quick()));
}

/// Change what blocks are asked for: see [`Heap::set_limit_bytes`] and [`Heap::start_checks`].
pub fn configure(change: impl FnOnce(&mut Heap)) {
    with(change);
    see_who_runs();
}

/// The heap while nobody may take the CPU, there is no limit and blocks are not checked.
#[inline(always)]
fn alone() -> Option<Alone<'static, Heap>> {
    if cfg!(feature = "heap-small") {
        return None;
    }
    HEAP.lock_alone()
}

/// [`alloc`] at a multiple of [`MIN_ALIGN`] where that takes the fewest steps. None says nothing.
#[inline(always)]
pub fn alone_alloc(len_bytes: usize) -> Option<NonNull<u8>> {
    let class = class_for(len_bytes, MIN_ALIGN)?;
    alone()?.quick_alloc_in_slab(class)
}

/// The same for a block that is a run of its own, as all are that are longer than [`LARGEST`].
#[inline(always)]
pub fn alone_alloc_run(len_bytes: usize) -> Option<NonNull<u8>> {
    if len_bytes >= PAGE_BYTES {
        check_stack(false);
    }
    alone()?.quick_alloc_run(len_bytes, MIN_ALIGN)
}

/// [`free`] where that takes the fewest steps. False: nothing is done.
///
/// # Safety
/// As for [`free`]; null is nothing.
#[inline(always)]
pub unsafe fn alone_free(block: *mut u8) -> bool {
    let Some(mut heap) = alone() else {
        return false;
    };
    match heap.free_alone(block.addr()) {
        Freed::Done => true,
        Freed::NotYet => false,
        Freed::Run { start } => free_run(heap, start),
    }
}

/// Give back a block that is a run. True: it is done.
#[inline(never)]
fn free_run(mut heap: Alone<Heap>, start: usize) -> bool {
    heap.free_run(start);
    true
}

/// [`realloc`] of the block that grew last, where it takes the fewest steps. False: nothing is done.
///
/// # Safety
/// As for [`realloc`]; null is nothing.
#[inline(always)]
pub unsafe fn alone_grow(block: *mut u8, len_bytes: usize) -> bool {
    alone().is_some_and(|mut heap| heap.grow_alone(block.addr(), len_bytes))
}

/// [`realloc`] where that takes few steps. None: nothing is done.
///
/// # Safety
/// As for [`realloc`]; null is nothing.
#[inline(always)]
pub unsafe fn alone_realloc(block: *mut u8, len_bytes: usize) -> Option<NonNull<u8>> {
    alone()?.quick_realloc(NonNull::new(block)?, len_bytes)
}

/// Whether `alone_...` has not been tried for want of being alone, and `quick_...` may do.
fn is_quick_left() -> bool {
    !cfg!(feature = "heap-small") && platform::mode() != Mode::Alone
}

/// [`alloc`] at a multiple of [`MIN_ALIGN`] where that takes few steps, while others may run. None says
/// nothing.
pub fn quick_alloc(len_bytes: usize) -> Option<NonNull<u8>> {
    if !is_quick_left() {
        return None;
    }
    if len_bytes > LARGEST {
        return quick_alloc_run(len_bytes, MIN_ALIGN);
    }
    if platform::mode() == Mode::Several
        && let Some(block) = near::alloc(&HEAP, len_bytes)
    {
        return Some(block);
    }
    lock().quick_alloc(len_bytes)
}

/// [`alloc`] of a block that is a run of its own, where memory is found at once.
#[inline(always)]
fn quick_alloc_run(len_bytes: usize, align: usize) -> Option<NonNull<u8>> {
    if len_bytes >= PAGE_BYTES {
        check_stack(false);
    }
    match alone() {
        Some(mut heap) => heap.quick_alloc_aligned(len_bytes, align),
        None => lock().quick_alloc_aligned(len_bytes, align),
    }
}

/// [`free`] where that takes few steps, while others may run. False: nothing is done.
///
/// # Safety
/// As for [`free`]; null is nothing.
pub unsafe fn quick_free(block: *mut u8) -> bool {
    if !is_quick_left() {
        return false;
    }
    if platform::mode() == Mode::Several && near::free(&HEAP, block.addr()) {
        return true;
    }
    let mut heap = lock();
    match heap.quick_free(block.addr()) {
        Freed::Done => true,
        Freed::NotYet => false,
        Freed::Run { start } => {
            heap.pages.release_block(start);
            true
        }
    }
}

/// Allocate `len_bytes` at a multiple of `align` (a power of two).
///
/// # Errors
/// `ENOMEM`: no room.
pub fn alloc(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    // What malloc aligns, it has tried already.
    let is_run = len_bytes > LARGEST && align > MIN_ALIGN && !cfg!(feature = "heap-small");
    if is_run && let Some(block) = quick_alloc_run(len_bytes, align) {
        return Ok(block);
    }
    if checked::is_on() {
        return checked::alloc(len_bytes, align);
    }
    check_stack(false);
    alloc_or_make_room(len_bytes, align).map(|(block, _)| block)
}

/// A block, and how many of its first bytes may be other than zero.
fn alloc_or_make_room(len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
    loop {
        match with(|heap| Engine::alloc(heap, len_bytes, align)) {
            Err(_) if make_room() => {}
            Err(_) => return Err(refuse(len_bytes)),
            block => return block,
        }
    }
}

/// Count a request that is refused for want of room.
#[cold]
pub fn refuse(len_bytes: usize) -> Errno {
    with(|heap| heap.refuse(len_bytes))
}

/// As [`alloc`], and all bytes are zero.
///
/// # Errors
/// `ENOMEM`: no room.
pub fn alloc_zeroed(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    let (block, stale_bytes) = if checked::is_on() {
        (checked::alloc(len_bytes, align)?, len_bytes)
    } else {
        alloc_or_make_room(len_bytes, align)?
    };
    // SAFETY: the block was just allocated with that many bytes at least.
    unsafe { block.write_bytes(0, stale_bytes.min(len_bytes)) };
    Ok(block)
}

/// Give back a block. Anything but a live block ends the program with a report.
///
/// # Safety
/// `block` came from this module, is not used again, and was not given back.
pub unsafe fn free(block: NonNull<u8>) {
    if checked::is_on() {
        return checked::free(block);
    }
    with(|heap| Engine::free(heap, block)).unwrap_or_else(|misuse| die(misuse, block))
}

/// [`realloc`] where that takes few steps, while others may run. None: nothing is done.
///
/// # Safety
/// As for [`realloc`]; null is nothing.
unsafe fn quick_realloc(block: *mut u8, len_bytes: usize) -> Option<NonNull<u8>> {
    if !is_quick_left() {
        return None;
    }
    if platform::mode() == Mode::Several {
        near::see_that_it_is_live(block.addr());
    }
    let (mut heap, block) = (lock(), NonNull::new(block)?);
    if heap.quick_grow(block.addr().get(), len_bytes) {
        return Some(block);
    }
    heap.quick_realloc(block, len_bytes)
}

/// Change the size of a block, moving it if need be. A block that moves keeps
/// alignment 16 only.
///
/// # Errors
/// `ENOMEM`: no room for a longer block; the old one is as it was.
///
/// # Safety
/// As for [`free`], if the call succeeds.
pub unsafe fn realloc(block: NonNull<u8>, len_bytes: usize) -> Result<NonNull<u8>> {
    if checked::is_on() {
        // SAFETY: the caller's contract is the same.
        return unsafe { realloc_checked(block, len_bytes) };
    }
    // SAFETY: the caller's contract is the same.
    if let Some(moved) = unsafe { quick_realloc(block.as_ptr(), len_bytes) } {
        return Ok(moved);
    }
    let resized = with(|heap| {
        if Engine::resize(heap, block, len_bytes)? {
            return Ok((block, 0));
        }
        let usable = Engine::usable_bytes(heap, block)?;
        // In the window memory moves without a copy.
        if let Ok(moved) = heap.move_block(block, len_bytes) {
            return Ok((moved, 0));
        }
        if !cfg!(feature = "heap-small")
            && len_bytes > usable.max(LARGEST)
            && let Some(moved) = heap.quick_alloc_to_grow(len_bytes)
        {
            return Ok((moved, usable));
        }
        Ok(match Engine::alloc(heap, len_bytes, MIN_ALIGN) {
            Ok((moved, _)) => (moved, usable),
            // Whoever asks for less need not be refused: the block is long enough.
            Err(_) if len_bytes <= usable => (block, 0),
            Err(_) => (block, usize::MAX),
        })
    });
    let (moved, usable) = resized.unwrap_or_else(|misuse| die(misuse, block));
    if usable == usize::MAX {
        if make_room() {
            // SAFETY: the caller's contract is the same.
            return unsafe { realloc(block, len_bytes) };
        }
        return Err(refuse(len_bytes));
    }
    if usable > 0 {
        // SAFETY: both are live blocks, distinct, with that many bytes at least.
        unsafe { moved.copy_from_nonoverlapping(block, usable.min(len_bytes)) };
        // SAFETY: the caller gives the block up, and it has just been seen to be live.
        unsafe { free(block) };
    }
    Ok(moved)
}

/// [`realloc`] of a block with guards: it always moves, so that old pointers to it are found.
///
/// # Safety
/// As for [`realloc`].
#[cold]
unsafe fn realloc_checked(block: NonNull<u8>, len_bytes: usize) -> Result<NonNull<u8>> {
    let usable = usable_bytes(block);
    let moved = match alloc(len_bytes, MIN_ALIGN) {
        Err(_) if len_bytes <= usable => {
            checked::shorten(block, len_bytes);
            return Ok(block);
        }
        moved => moved?,
    };
    // SAFETY: both are live blocks, distinct, with that many bytes at least.
    unsafe { moved.copy_from_nonoverlapping(block, usable.min(len_bytes)) };
    // SAFETY: the caller gives the block up, and it has just been seen to be live.
    unsafe { free(block) };
    Ok(moved)
}

/// The bytes that the owner of a block may use. Anything but a live block ends
/// the program with a report.
pub fn usable_bytes(block: NonNull<u8>) -> usize {
    if checked::is_on() {
        return checked::usable_bytes(block);
    }
    with(|heap| Engine::usable_bytes(heap, block)).unwrap_or_else(|misuse| die(misuse, block))
}

fn die(misuse: Misuse, block: NonNull<u8>) -> ! {
    report::die_at(misuse.message(), block.addr().get())
}

/// Take over the program's memory, and the machine's window.
///
/// # Safety
/// As [`Pages::take_over`]; called once, before any other function here.
pub unsafe fn init(ranges: &[Range], zeroed: bool) {
    let mut heap = HEAP.lock();
    // SAFETY: the caller's contract is the same.
    unsafe { heap.take_over(ranges, zeroed) };
    heap.window.open();
    near::set_map(&heap);
    HEAP.set_alone(true);
}

#[cfg(not(feature = "export"))]
mod host {
    /// Host tests of other modules allocate as well: give the heap 64 MiB once.
    pub fn give_memory() {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let memory = std::vec![0u8; 64 << 20].leak();
            let start = memory.as_mut_ptr().expose_provenance();
            // SAFETY: leaked, so nobody else ever uses it.
            unsafe {
                super::init(
                    &[super::Range {
                        start,
                        len_bytes: memory.len(),
                    }],
                    true,
                )
            }
        });
    }
}
