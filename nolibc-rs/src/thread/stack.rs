//! The memory of a thread, and the guard below its stack.
//!
//! It is one mapping: the guard, the stack, the image's thread-local variables, the block at
//! the thread pointer, and the thread itself. Where the machine has page permissions the guard
//! is pages that nobody may access; where it has not, words at the end of the stack that nobody
//! should come to write, which are looked at now and then.

use core::ptr::{NonNull, null_mut};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Relaxed};

use super::life::Life;
use super::{Thread, current, tick};
use crate::arch::switch;
use crate::errno::{Errno, Result};
use crate::heap;
use crate::memory::Protection;
use crate::pages::PAGE_BYTES;
use crate::platform;
use crate::report;
use crate::sync::Lock;
use crate::tcb::Tcb;

/// The words of a guard without pages.
const GUARD_WORDS: usize = 64;
const GUARD_BYTES: usize = GUARD_WORDS * size_of::<usize>();
const GUARD_WORD: usize = 0x5afe_57ac_5afe_57ac;
/// Where those of the running thread are; null if its guard is a page, or not known.
static GUARD: AtomicPtr<usize> = AtomicPtr::new(null_mut());

/// The stack of a thread that asks for none.
pub const DEFAULT_BYTES: usize = 256 << 10;

/// What a thread asks for.
pub struct Wanted {
    /// Bytes of stack.
    pub stack_bytes: usize,
    /// Bytes below it that nobody can access.
    pub guard_bytes: usize,
    /// A stack of the program's own, `stack_bytes` long, without a guard.
    pub own: Option<NonNull<u8>>,
}

/// The memory of one thread.
pub(super) struct Memory {
    start: NonNull<u8>,
    len_bytes: usize,
    /// Bytes at its start that are no stack.
    guard_bytes: usize,
    /// It is the program's.
    own: bool,
}

/// A place for what a thread remembers of its memory.
pub(super) struct Place {
    /// Where the stack ends and starts.
    low: AtomicUsize,
    high: AtomicUsize,
    /// The words of its guard; null: none.
    guard: AtomicPtr<usize>,
    /// The mapping; of length 0: it is not ours to give back.
    start: AtomicUsize,
    len_bytes: AtomicUsize,
    guard_bytes: AtomicUsize,
}

impl Place {
    /// Unknown.
    pub const fn new() -> Self {
        Self {
            low: AtomicUsize::new(0),
            high: AtomicUsize::new(0),
            guard: AtomicPtr::new(null_mut()),
            start: AtomicUsize::new(0),
            len_bytes: AtomicUsize::new(0),
            guard_bytes: AtomicUsize::new(0),
        }
    }
}

/// Stacks of threads that have ended, of one and the same size, for the next ones.
struct Kept {
    starts: [usize; 4],
    count: usize,
}

static KEPT: Lock<Kept> = Lock::new(Kept {
    starts: [0; 4],
    count: 0,
});

/// The thread-local variables of a thread, and what comes after them: bytes before the thread
/// pointer, and the alignment of the thread pointer.
fn tls_bytes() -> (usize, usize) {
    #[cfg(feature = "export")]
    let (len, align) = {
        let (_, len, align) = super::tls::layout();
        (len, align)
    };
    #[cfg(not(feature = "export"))]
    let (len, align): (usize, usize) = (0, 64);
    (len.next_multiple_of(align), align)
}

impl Memory {
    /// # Errors
    /// `ENOMEM`: no room. `EINVAL`: a stack of the program's own has no room for what else
    /// a thread needs.
    pub fn take(wanted: &Wanted) -> Result<Self> {
        if let Some(start) = wanted.own {
            // Enough to start with, and to be cancelled.
            if wanted.stack_bytes < Self::top_bytes() + 4096 + 4096 {
                return Err(Errno::EINVAL);
            }
            return Ok(Self {
                start,
                len_bytes: wanted.stack_bytes,
                guard_bytes: 0,
                own: true,
            });
        }
        let paged = platform::window().is_some();
        let guard = if paged { wanted.guard_bytes } else { 0 };
        let sum = |one: usize, other: usize| one.checked_add(other).ok_or(Errno::ENOMEM);
        let page_up = |bytes: usize| {
            bytes
                .checked_next_multiple_of(PAGE_BYTES)
                .ok_or(Errno::ENOMEM)
        };
        let guard_bytes = page_up(guard)?;
        let words = if paged { 0 } else { GUARD_BYTES };
        let rest = sum(sum(wanted.stack_bytes, words)?, Self::top_bytes())?;
        let len_bytes = sum(guard_bytes, page_up(rest)?)?;
        if len_bytes == Self::usual_bytes()
            && guard_bytes == Self::usual_guard()
            && let Some(start) = Self::kept()
        {
            return Ok(Self {
                start,
                len_bytes,
                guard_bytes,
                own: false,
            });
        }
        let start = heap::map(len_bytes, Protection::PLAIN, 0)?;
        if guard_bytes > 0 {
            let address = start.addr().get();
            let guarded =
                heap::with(|heap| heap.protect(address, guard_bytes, Protection::empty()));
            guarded.inspect_err(|_| unmap(address, len_bytes))?;
        }
        Ok(Self {
            start,
            len_bytes,
            guard_bytes,
            own: false,
        })
    }

    /// What stands above a stack.
    fn top_bytes() -> usize {
        let (before, align) = tls_bytes();
        (before + size_of::<Tcb>() + size_of::<Thread>() + 128 + tick::bytes())
            .next_multiple_of(align.max(64))
    }

    /// The guard of a thread that asks for nothing: pages, or words within its stack.
    fn usual_guard() -> usize {
        if platform::window().is_some() {
            PAGE_BYTES
        } else {
            0
        }
    }

    /// The memory of a thread that asks for nothing.
    fn usual_bytes() -> usize {
        let guard = Self::usual_guard();
        let words = if guard == 0 { GUARD_BYTES } else { 0 };
        (DEFAULT_BYTES + words + Self::top_bytes()).next_multiple_of(PAGE_BYTES) + guard
    }

    fn kept() -> Option<NonNull<u8>> {
        let mut kept = KEPT.lock();
        kept.count = kept.count.checked_sub(1)?;
        let start = kept.starts.get(kept.count).copied()?;
        NonNull::new(core::ptr::with_exposed_provenance_mut(start))
    }

    /// Make the thread in it, ready to start with `entry`.
    pub fn settle(self, life: Life, entry: extern "C" fn() -> !) -> &'static Thread {
        let start = self.start.as_ptr().expose_provenance();
        let (before, align) = tls_bytes();
        let end = (start + self.len_bytes) & !(align - 1);
        let top = end - Self::top_bytes();
        let pointer = top + before;
        let place = Place::new();
        place.low.store(start + self.guard_bytes, Relaxed);
        place.high.store(top, Relaxed);
        if !self.own {
            place.start.store(start, Relaxed);
            place.len_bytes.store(self.len_bytes, Relaxed);
            place.guard_bytes.store(self.guard_bytes, Relaxed);
        }
        if self.guard_bytes == 0 && !self.own {
            let words = core::ptr::with_exposed_provenance_mut(start);
            // SAFETY: the lowest words of a new stack.
            unsafe { guard(words) };
            place.guard.store(words, Relaxed);
            place.low.store(start + GUARD_BYTES, Relaxed);
        }
        // SAFETY: the stack is new, and ends at `top`.
        let stack_pointer = unsafe { switch::prepare(top, entry) };
        let thread = core::ptr::with_exposed_provenance_mut::<Thread>(
            (pointer + size_of::<Tcb>()).next_multiple_of(64),
        );
        let new = Thread::new(life, stack_pointer, place);
        new.inherit(current());
        new.tcb.store(pointer, Relaxed);
        // SAFETY: `top_bytes` has room for the variables before `pointer`, the block there,
        // the thread after that and its frame, which nobody else knows.
        unsafe {
            let block = core::ptr::with_exposed_provenance_mut::<Tcb>(pointer);
            #[cfg(feature = "export")]
            super::tls::fill(pointer, thread);
            #[cfg(not(feature = "export"))]
            block.write(Tcb::new(block, 0, thread));
            (*block).hold_off();
            thread.write(new);
            if tick::bytes() > 0 {
                let frame = (thread.addr() + size_of::<Thread>()).next_multiple_of(64);
                let frame = core::ptr::with_exposed_provenance_mut::<u8>(frame);
                frame.write_bytes(0, tick::bytes());
                tick::give_frame(&*thread, frame);
            }
            &*thread
        }
    }
}

fn unmap(start: usize, len_bytes: usize) {
    if heap::with(|heap| heap.unmap(start, len_bytes)).is_err() {
        // It was mapped by us as a whole, so no hole needs to be remembered.
        report::die_at("the memory of a thread cannot be given back", start);
    }
}

/// Give back the memory of a thread, the thread itself included.
///
/// # Safety
/// It does not run, never will, and nobody knows it.
pub(super) unsafe fn give_back(thread: &'static Thread) {
    let place = &thread.place;
    let (start, len_bytes) = (place.start.load(Relaxed), place.len_bytes.load(Relaxed));
    if len_bytes == 0 {
        return;
    }
    let guard = place.guard.load(Relaxed);
    if !guard.is_null() {
        check_guard(guard, true);
    }
    #[cfg(not(feature = "export"))]
    // SAFETY: the caller's contract: nobody is on this stack, as a test is to notice.
    unsafe {
        let (low, len) = thread.stack();
        let stack = core::ptr::with_exposed_provenance_mut::<u8>(low);
        stack.write_bytes(0xa5, len);
    }
    let usual_guard = place.guard_bytes.load(Relaxed) == Memory::usual_guard();
    if usual_guard && len_bytes == Memory::usual_bytes() {
        let kept = &mut *KEPT.lock();
        if let Some(free) = kept.starts.get_mut(kept.count) {
            *free = start;
            kept.count += 1;
            return;
        }
    }
    unmap(start, len_bytes);
}

/// Give back what is kept for threads to come; whether there was anything.
pub fn trim() -> bool {
    let mut any = false;
    while let Some(start) = Memory::kept() {
        unmap(start.addr().get(), Memory::usual_bytes());
        any = true;
    }
    any
}

impl Thread {
    /// The lowest address and the length of its stack.
    pub fn stack(&self) -> (usize, usize) {
        let low = self.place.low.load(Relaxed);
        (low, self.place.high.load(Relaxed) - low)
    }
}

/// Write a guard.
///
/// # Safety
/// The words are the lowest of a stack, and far below what of it is in use.
unsafe fn guard(words: *mut usize) {
    for word in 0..GUARD_WORDS {
        // SAFETY: the caller's contract.
        unsafe { words.add(word).write(GUARD_WORD) };
    }
}

/// Find the stack that the machine has put at the end of its memory or beyond it, say so in
/// the calling thread, and put a guard below it if it has none. Answers where it starts.
#[cfg(feature = "export")]
pub fn find(memory_start: usize, memory_end: usize) -> usize {
    let here = crate::arch::stack_pointer();
    let place = &current().place;
    if !(memory_start..memory_end).contains(&here) {
        // Such machines guard it: the page after the end of memory is not there.
        place.low.store(memory_end, Relaxed);
        let high = here.max(memory_end).next_multiple_of(4096);
        place.high.store(high, Relaxed);
        return memory_end;
    }
    let len = ((memory_end - memory_start) / 16).clamp(256 << 10, 1 << 20);
    let low = memory_end.saturating_sub(len).max(memory_start);
    let low = low.next_multiple_of(4096).min(memory_end);
    place.low.store(low, Relaxed);
    place.high.store(memory_end, Relaxed);
    if low + 4096 * size_of::<usize>() < here {
        let words = core::ptr::with_exposed_provenance_mut::<usize>(low);
        // SAFETY: the machine's memory, and far below the stack in use.
        unsafe { guard(words) };
        place.guard.store(words, Relaxed);
        watch(current());
    }
    low
}

/// Have [`check`] look at the guard of `thread`, which is about to run.
#[inline]
pub(super) fn watch(thread: &Thread) {
    GUARD.store(thread.place.guard.load(Relaxed), Relaxed);
}

/// End the program if the running thread's stack has grown beyond its end. `thorough`: look at
/// the whole guard, not just at every fourth word, which a frame hardly misses with the
/// registers that it saves.
#[inline(always)]
pub fn check(thorough: bool) {
    let guard = GUARD.load(Relaxed);
    if !guard.is_null() {
        check_guard(guard, thorough);
    }
}

#[inline(never)]
fn check_guard(guard: *const usize, thorough: bool) {
    let step = if thorough { 1 } else { 4 };
    for word in (0..GUARD_WORDS).rev().step_by(step) {
        // SAFETY: `guard` wrote so many words, in memory that is nobody else's.
        if unsafe { *guard.add(word) } != GUARD_WORD {
            GUARD.store(null_mut(), Relaxed);
            report::die_at("the stack is full: its end was overwritten", guard.addr());
        }
    }
}
