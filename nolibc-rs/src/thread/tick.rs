//! Ticks: a thread loses its CPU without having called anything.
//!
//! The machine keeps what it has interrupted in the thread's frame and calls [`handler`] on a
//! stack of its own. If another thread is to run, the interrupted one is put into the run queue as
//! if it had called [`super::scheduler::yield_now`]; going on with it begins in [`resume`]. Whoever
//! holds a lock, waits or changes threads holds off ticks, and makes up for one that came when it
//! no longer does.
//!
//! One CPU ticks while it may be needed: from when a thread is ready and has no CPU, or
//! sleeps, or `SIGALRM` is to come, to the first tick that finds none of that. Several tick while they run threads.

use core::sync::atomic::Ordering::Relaxed;

use super::cpu::{Cpu, here};
use super::dispatch;
use super::scheduler::{self, SEVERAL, attention};
use super::{MAIN, Thread, alarm, current, devices};
use crate::arch::switch;
use crate::errno::Result;
use crate::heap;
use crate::platform::{self, Nanoseconds};
use crate::report;
use crate::tcb;

/// From one tick to the next: the longest that a thread runs while others are ready.
pub(super) const PERIOD_NS: Nanoseconds = 5_000_000;

/// Bytes that a thread's memory has for ticks: the frame, and the first words of a stack.
pub(super) fn bytes() -> usize {
    match platform::frame_bytes() {
        0 => 0,
        frame => frame.next_multiple_of(64) + WORDS,
    }
}

/// What [`switch::prepare`] takes.
const WORDS: usize = 128;

/// Have ticks use the memory at `frame`, which is zeros, for a thread.
///
/// # Safety
/// There are [`bytes`] of it, at a multiple of 64, and nobody else uses it.
pub(super) unsafe fn give_frame(thread: &Thread, frame: *mut u8) {
    let block = core::ptr::with_exposed_provenance_mut::<tcb::Tcb>(thread.tcb());
    // SAFETY: a thread's block lives as long as it.
    unsafe { (*block).frame.store(frame, Relaxed) };
}

fn frame_of(thread: &Thread) -> *mut u8 {
    let block = core::ptr::with_exposed_provenance::<tcb::Tcb>(thread.tcb());
    // SAFETY: as above.
    unsafe { (*block).frame.load(Relaxed) }
}

/// Begin to tick, if that is needed and possible.
#[inline]
pub(super) fn begin() {
    if !here().ticking.load(Relaxed) {
        begin_slowly();
    }
}

#[cold]
fn begin_slowly() {
    if attention() & SEVERAL != 0 && platform::frame_bytes() != 0 {
        begin_at_once();
    }
}

/// Begin to tick, if that is possible; whether it is.
pub(super) fn begin_at_once() -> bool {
    // SAFETY: threads have their frames from the beginning, the first one before there is a
    // second one.
    let ticking = unsafe { platform::tick(PERIOD_NS, handler) };
    here().ticking.store(ticking, Relaxed);
    ticking
}

/// Give the first thread its frame, before there is another thread.
///
/// # Errors
/// `ENOMEM`: no room for it.
pub(super) fn make_main_ready() -> Result<()> {
    if bytes() > 0 && frame_of(&MAIN).is_null() {
        let frame = heap::alloc_zeroed(bytes(), 64)?;
        // SAFETY: new, zeros, and for this.
        unsafe { give_frame(&MAIN, frame.as_ptr()) };
    }
    Ok(())
}

/// Tick no more until [`begin`].
pub(super) fn end() {
    if here().ticking.swap(false, Relaxed) {
        // SAFETY: asks for nothing.
        unsafe { platform::tick(0, handler) };
    }
}

/// A tick came while it was held off.
#[cold]
#[inline(never)]
pub fn make_up() {
    tcb::await_tick();
    if attention() & SEVERAL != 0 {
        scheduler::yield_now();
    }
}

/// What a tick calls, for the thread that it interrupted; ticks are held off.
unsafe extern "C" fn handler(frame: *mut u8) -> *mut u8 {
    here()
        .tick_stack
        .store(crate::arch::stack_pointer() & !15, Relaxed);
    alarm::look();
    devices::look();
    let thread = current();
    // The words that its stack begins with when another thread goes on with it.
    let top = frame.wrapping_add(bytes()).expose_provenance();
    // SAFETY: its frame has room for them behind what the machine keeps there; of what a CPU
    // that runs threads has for ticks nothing is used while none is handled.
    let stack_pointer = unsafe {
        switch::prepare_elsewhere::<{ tcb::CPU_AT }, { Cpu::TICK_STACK_AT }>(top, resume)
    };
    dispatch::preempt(thread, stack_pointer);
    frame
}

/// Where a thread goes on that a tick interrupted, on the stack of its CPU's ticks, as they are
/// held off.
extern "C" fn resume() -> ! {
    // SAFETY: who changed to this thread has left the lock to it.
    drop(unsafe { dispatch::finish() });
    let frame = frame_of(current());
    if frame.is_null() {
        report::die("a thread goes on that was not interrupted");
    }
    // SAFETY: a tick filled it, and this is the first to go on with it; ticks are held off once,
    // as they were when the handler was called.
    unsafe { platform::resume(frame) }
}
