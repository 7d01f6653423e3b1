//! Threads and what they wait on.
//!
//! There is one thread of control so far. A wait that nothing could ever
//! end therefore ends the program with a report.

pub mod condition;
pub mod key;
pub mod mutex;
pub mod rwlock;

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering::Relaxed};

use crate::arch::setjmp::Context;
use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::report;
use crate::sync::Lock;

/// A thread of control.
pub struct Thread {
    /// What `pthread_getname_np` answers, ended by 0.
    name: Lock<[u8; 16]>,
    stack_low: AtomicUsize,
    stack_high: AtomicUsize,
    detached: AtomicBool,
    cancel_disabled: AtomicBool,
    cancel_at_once: AtomicBool,
    cancelled: AtomicBool,
    cleanup: AtomicPtr<Cleanup>,
}

/// The thread that the program starts in.
static MAIN: Thread = Thread {
    name: Lock::new(*b"main\0\0\0\0\0\0\0\0\0\0\0\0"),
    stack_low: AtomicUsize::new(0),
    stack_high: AtomicUsize::new(0),
    detached: AtomicBool::new(false),
    cancel_disabled: AtomicBool::new(false),
    cancel_at_once: AtomicBool::new(false),
    cancelled: AtomicBool::new(false),
    cleanup: AtomicPtr::new(null_mut()),
};

/// The calling thread.
pub fn current() -> &'static Thread {
    &MAIN
}

/// The number that stands for the calling thread in C; never 0.
pub fn self_id() -> usize {
    core::ptr::from_ref(current()).addr()
}

/// The thread with this number.
///
/// # Errors
/// `ESRCH`: there is none.
pub fn by_id(id: usize) -> Result<&'static Thread> {
    if id == self_id() {
        Ok(current())
    } else {
        Err(Errno::ESRCH)
    }
}

/// A handler of `pthread_cleanup_push`, in the caller's frame.
#[repr(C)]
pub struct Cleanup {
    function: unsafe extern "C" fn(*mut c_void),
    argument: *mut c_void,
    before: *mut Cleanup,
}

impl Thread {
    /// The name, ended by 0. Does not wait: a report asks, wherever the thread is.
    pub fn name(&self) -> [u8; 16] {
        let unknown = *b"?\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        self.name.try_lock().map_or(unknown, |name| *name)
    }

    /// Change the name.
    ///
    /// # Errors
    /// `ERANGE`: it has more than 15 bytes.
    pub fn set_name(&self, name: &[u8]) -> Result<()> {
        let mut bytes = [0; 16];
        let room = bytes.get_mut(..name.len()).filter(|room| room.len() < 16);
        room.ok_or(Errno::ERANGE)?.copy_from_slice(name);
        *self.name.lock() = bytes;
        Ok(())
    }

    /// The lowest address and the length of its stack.
    pub fn stack(&self) -> (usize, usize) {
        let low = self.stack_low.load(Relaxed);
        (low, self.stack_high.load(Relaxed) - low)
    }

    /// Say where its stack is.
    pub fn set_stack(&self, low: usize, high: usize) {
        self.stack_low.store(low, Relaxed);
        self.stack_high.store(high, Relaxed);
    }

    /// Nobody will join it.
    ///
    /// # Errors
    /// `EINVAL`: that was said before.
    pub fn detach(&self) -> Result<()> {
        if self.detached.swap(true, Relaxed) {
            Err(Errno::EINVAL)
        } else {
            Ok(())
        }
    }

    /// Whether somebody may join it.
    pub fn is_joinable(&self) -> bool {
        !self.detached.load(Relaxed)
    }

    /// Allow or hold off cancellation; whether it was held off before.
    pub fn disable_cancel(&self, disabled: bool) -> bool {
        self.cancel_disabled.swap(disabled, Relaxed)
    }

    /// Cancel at once or at cancellation points; whether it was at once before.
    pub fn cancel_at_once(&self, at_once: bool) -> bool {
        self.cancel_at_once.swap(at_once, Relaxed)
    }

    /// Ask the thread to end.
    pub fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
        if self.cancel_at_once.load(Relaxed) {
            test_cancel();
        }
    }

    /// Remember a cleanup handler.
    pub fn push_cleanup(&self, cleanup: &mut Cleanup) {
        cleanup.before = self.cleanup.swap(cleanup, Relaxed);
    }

    /// Forget the last cleanup handler, and call it if `execute`.
    ///
    /// # Safety
    /// The frames of all handlers pushed and not popped are live.
    pub unsafe fn pop_cleanup(&self, execute: bool) -> bool {
        // SAFETY: the caller's contract.
        let Some(cleanup) = (unsafe { self.cleanup.load(Relaxed).as_ref() }) else {
            return false;
        };
        let Cleanup {
            function,
            argument,
            before,
        } = *cleanup;
        self.cleanup.store(before, Relaxed);
        if execute {
            // SAFETY: who pushed it vouched for it.
            unsafe { function(argument) };
        }
        true
    }
}

/// End the calling thread, which is the last one: the program ends with status 0.
pub fn exit() -> ! {
    // SAFETY: this call's own frames are above all that pushed handlers.
    while unsafe { current().pop_cleanup(true) } {}
    key::run_destructors();
    crate::process::exit(0)
}

/// End the calling thread if it was asked to and may be.
pub fn test_cancel() {
    let thread = current();
    if thread.cancelled.load(Relaxed) && !thread.cancel_disabled.load(Relaxed) {
        exit();
    }
}

/// The clocks that deadlines can be on, with Linux's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Clock {
    /// `CLOCK_REALTIME`
    Wall = 0,
    /// `CLOCK_MONOTONIC`
    Monotonic = 1,
}

impl Clock {
    /// The clock with this number.
    ///
    /// # Errors
    /// `EINVAL`: there is none to wait on.
    pub fn from_raw(clock: c_int) -> Result<Self> {
        match clock {
            0 => Ok(Self::Wall),
            1 => Ok(Self::Monotonic),
            _ => Err(Errno::EINVAL),
        }
    }

    fn now_ns(self) -> Nanoseconds {
        match self {
            Self::Wall => platform::clock_wall(),
            Self::Monotonic => platform::clock_monotonic(),
        }
    }
}

/// A moment until which a wait may take.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// The clock it is on.
    pub clock: Clock,
    /// Its seconds.
    pub seconds: i64,
    /// Its nanoseconds.
    pub nanoseconds: i64,
}

impl Deadline {
    /// # Errors
    /// `EINVAL`: the nanoseconds are not those of a second.
    pub fn check(&self) -> Result<()> {
        match self.nanoseconds {
            0..1_000_000_000 => Ok(()),
            _ => Err(Errno::EINVAL),
        }
    }

    /// Sleep until it comes.
    ///
    /// # Errors
    /// `EINVAL`: it is malformed. `ETIMEDOUT`: it came.
    pub fn sleep(&self) -> Result<()> {
        self.check()?;
        let seconds = u64::try_from(self.seconds).unwrap_or(0);
        let until_ns = seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(self.nanoseconds as u64);
        let rest_ns = until_ns.saturating_sub(self.clock.now_ns());
        sleep_until(platform::clock_monotonic().saturating_add(rest_ns));
        Err(Errno::ETIMEDOUT)
    }
}

/// Sleep until `deadline_ns` on the monotonic clock.
pub fn sleep_until(deadline_ns: Nanoseconds) {
    while platform::clock_monotonic() < deadline_ns {
        platform::idle(deadline_ns);
    }
}

/// The lowest words of a stack without a guard page, which nobody should come to write.
const GUARD_WORDS: usize = 64;
const GUARD_WORD: usize = 0x5afe_57ac_5afe_57ac;
/// Where they are; null if the stack has a guard page, or is not known.
static GUARD: AtomicPtr<usize> = AtomicPtr::new(null_mut());

/// Find the stack that the machine has put at the end of its memory or beyond it, say so in
/// the calling thread, and put a guard below it if it has none. Answers where it starts.
#[cfg(feature = "export")]
pub fn find_stack(memory_start: usize, memory_end: usize) -> usize {
    let here = crate::arch::stack_pointer();
    let thread = current();
    if !(memory_start..memory_end).contains(&here) {
        // Such machines guard it: the page after the end of memory is not there.
        thread.set_stack(memory_end, here.max(memory_end).next_multiple_of(4096));
        return memory_end;
    }
    let len = ((memory_end - memory_start) / 16).clamp(256 << 10, 1 << 20);
    let low = memory_end.saturating_sub(len).max(memory_start);
    let low = low.next_multiple_of(4096).min(memory_end);
    thread.set_stack(low, memory_end);
    if low + 4096 * size_of::<usize>() < here {
        let guard = core::ptr::with_exposed_provenance_mut::<usize>(low);
        for word in 0..GUARD_WORDS {
            // SAFETY: the machine's memory, and far below the stack in use.
            unsafe { *guard.add(word) = GUARD_WORD };
        }
        GUARD.store(guard, Relaxed);
    }
    low
}

/// End the program if the stack has grown beyond its end. `thorough`: look at the whole guard,
/// not just at every fourth word, which a frame hardly misses with the registers that it saves.
#[inline(always)]
pub fn check_stack(thorough: bool) {
    let guard = GUARD.load(Relaxed);
    if !guard.is_null() {
        check_guard(guard, thorough);
    }
}

#[inline(never)]
fn check_guard(guard: *const usize, thorough: bool) {
    let step = if thorough { 1 } else { 4 };
    for word in (0..GUARD_WORDS).rev().step_by(step) {
        // SAFETY: `find_stack` wrote so many words, in memory that is nobody else's.
        if unsafe { *guard.add(word) } != GUARD_WORD {
            GUARD.store(null_mut(), Relaxed);
            report::die_at("the stack is full: its end was overwritten", guard.addr());
        }
    }
}

/// Complete a context that `sigsetjmp` has filled: 0, always.
pub extern "C" fn save_signal_mask(context: &mut Context, save_mask: c_int) -> c_int {
    context.mask_saved = u64::from(save_mask != 0);
    context.mask[0] = crate::signal::mask();
    0
}

#[cfg(feature = "export")]
unsafe extern "C" {
    /// The canary of C code; the backend has set it before the program starts.
    static __stack_chk_guard: usize;
}

/// The bytes from the thread pointer of a new thread down to its first variable.
#[cfg(feature = "export")]
fn tls_layout() -> (crate::arch::image::TlsImage, usize, usize) {
    let image = crate::arch::image::tls();
    let len = image.thread_pointer.saturating_sub(image.start);
    // The linker has rounded the length up to the alignment of the segment, so
    // its lowest set bit is that alignment or more.
    let align = (1usize << len.trailing_zeros().min(12)).max(64);
    (image, len, align)
}

/// Make a thread pointer block with the image's thread-local variables before it.
///
/// # Errors
/// `ENOMEM`: no room.
#[cfg(feature = "export")]
pub fn make_tls() -> Result<*mut crate::tcb::Tcb> {
    use crate::tcb::Tcb;
    let (image, len, align) = tls_layout();
    let before = len.next_multiple_of(align);
    let block = crate::heap::alloc_zeroed(before + size_of::<Tcb>(), align)?;
    let tcb = block.as_ptr().wrapping_add(before).cast::<Tcb>();
    let initial = core::ptr::with_exposed_provenance::<u8>(image.start);
    // SAFETY: the block has `before` bytes before the thread pointer, `len` of
    // which mirror the image from its start; `initialised_len` is at most `len`.
    unsafe {
        tcb.cast::<u8>()
            .sub(len)
            .copy_from_nonoverlapping(initial, image.initialised_len.min(len));
        (*tcb).this = tcb;
        (*tcb).canary = __stack_chk_guard;
        (*tcb).thread = (&raw const MAIN).cast_mut();
    }
    Ok(tcb)
}

/// End the program: the thread waits for `what`, and nothing can wake it.
pub fn deadlock(what: &str) -> ! {
    let mut report = report::Report::new("deadlock: the only thread waits for ");
    report.text(what);
    report.end()
}
