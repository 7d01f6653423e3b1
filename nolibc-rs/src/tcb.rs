//! What the thread register points to.
//!
//! The ABI fixes the first word (a pointer to itself, x86-64 psABI TLS variant
//! II) and the canary at offset 0x28 (gcc's default stack protector). `errno` and the
//! thread sit at offsets that glibc's own block leaves unused, so that
//! the same code runs in a host process.

use core::ffi::c_int;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};

use crate::thread::Thread;
use crate::thread::cpu::{self, Cpu};

/// The block at the thread pointer.
#[repr(C)]
pub struct Tcb {
    this: *mut Tcb,
    reserved0: [usize; 4],
    /// gcc's stack canary, for code compiled with the TLS guard.
    canary: usize,
    reserved1: [usize; 4],
    /// The calling thread's `errno`.
    pub errno: c_int,
    reserved2: c_int,
    /// The thread that runs on this block.
    pub thread: *mut Thread,
    /// What holds off ticks (`machine.h`): a count, and [`NOT_DUE`].
    hold: AtomicU32,
    reserved3: u32,
    /// Where a tick keeps what it interrupts; null where there are none.
    pub frame: AtomicPtr<u8>,
    /// The CPU that the thread runs on.
    cpu: AtomicPtr<Cpu>,
}

/// The bit of `hold` that a tick clears which was held off.
const NOT_DUE: u32 = 1 << 31;

/// Where [`cpu`] stands.
pub const CPU_AT: usize = core::mem::offset_of!(Tcb, cpu);

const _: () = {
    assert!(core::mem::offset_of!(Tcb, canary) == 0x28);
    assert!(core::mem::offset_of!(Tcb, errno) == 0x50);
    assert!(core::mem::offset_of!(Tcb, thread) == 0x58);
    // MACHINE_TCB_HOLD and MACHINE_TCB_FRAME.
    assert!(core::mem::offset_of!(Tcb, hold) == 0x60);
    assert!(core::mem::offset_of!(Tcb, frame) == 0x68);
    assert!(CPU_AT == 0x70);
};

// SAFETY: used by the thread that runs on it alone.
unsafe impl Send for Tcb {}

impl Tcb {
    /// A block of nobody.
    pub const fn empty() -> Self {
        Self::new(null_mut(), 0, null_mut())
    }

    /// The block at `this`.
    pub const fn new(this: *mut Self, canary: usize, thread: *mut Thread) -> Self {
        Self {
            this,
            reserved0: [0; 4],
            canary,
            reserved1: [0; 4],
            errno: 0,
            reserved2: 0,
            thread,
            hold: AtomicU32::new(NOT_DUE),
            reserved3: 0,
            frame: AtomicPtr::new(null_mut()),
            cpu: AtomicPtr::new((&raw const cpu::BOOT).cast_mut()),
        }
    }

    /// The thread runs on `cpu` from now on.
    #[inline(always)]
    pub fn enter(&self, cpu: &'static Cpu) {
        self.cpu.store((&raw const *cpu).cast_mut(), Relaxed);
    }

    /// As a thread begins that was never switched from: ticks are held off once.
    pub fn hold_off(&self) {
        self.hold.store(NOT_DUE | 1, Relaxed);
    }
}

/// Hold off ticks of the calling thread, once more, until [`release`].
#[inline(always)]
pub fn hold() {
    crate::arch::count_up::<{ core::mem::offset_of!(Tcb, hold) }>();
}

/// Hold them off once less. True: one came meanwhile, and now may be acted on.
#[inline(always)]
pub fn release() -> bool {
    crate::arch::count_down::<{ core::mem::offset_of!(Tcb, hold) }>()
}

/// Have the calling thread's next tick be noticed that is held off.
pub fn await_tick() {
    // SAFETY: the block of the running thread is live.
    unsafe { (*current()).hold.fetch_or(NOT_DUE, Relaxed) };
}

/// Have the host's own block stand for the one at `to`, and keep in `from` what it had of that.
#[cfg(not(feature = "export"))]
pub(crate) fn stand_for(from: Option<*mut Tcb>, to: *mut Tcb) {
    let host = current();
    // SAFETY: the host's block is live, and its own library does not use these words; the other
    // blocks are live threads'.
    unsafe {
        if let Some(from) = from {
            (*from).hold.store((*host).hold.load(Relaxed), Relaxed);
            (*from).cpu.store((*host).cpu.load(Relaxed), Relaxed);
        }
        (*host).thread = (*to).thread;
        (*host).hold.store((*to).hold.load(Relaxed), Relaxed);
        (*host).cpu.store((*to).cpu.load(Relaxed), Relaxed);
    }
}

/// A simulated tick comes; whether it is not held off. Then the next one is.
#[cfg(not(feature = "export"))]
pub(crate) fn tick() -> bool {
    // SAFETY: the host's block is live.
    let hold = unsafe { &(*current()).hold };
    let count = hold.load(Relaxed) & !NOT_DUE;
    hold.store(if count == 0 { NOT_DUE | 1 } else { count }, Relaxed);
    count == 0
}

/// What a simulated tick has interrupted goes on.
#[cfg(not(feature = "export"))]
pub(crate) fn after_tick() {
    // SAFETY: as above.
    unsafe { (*current()).hold.fetch_sub(1, Relaxed) };
}

/// The calling thread's block.
#[inline(always)]
pub fn current() -> *mut Tcb {
    crate::arch::thread_pointer().cast()
}

/// The thread that runs; null if it is none of ours, as in a host process.
#[inline(always)]
pub fn thread() -> *mut Thread {
    crate::arch::thread_word::<{ core::mem::offset_of!(Tcb, thread) }>().cast()
}

/// The CPU that runs it; null in a host process that has not said.
#[inline(always)]
pub fn cpu() -> *const Cpu {
    crate::arch::thread_word::<CPU_AT>().cast()
}

/// Set the calling thread's `errno`.
pub fn set_errno(number: c_int) {
    // SAFETY: the block of the running thread is live and no other thread
    // touches this field.
    unsafe { (*current()).errno = number }
}
