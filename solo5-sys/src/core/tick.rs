//! What of a tick is in ring 3; see `tick.s`.

use core::arch::asm;
use core::sync::atomic::{AtomicPtr, Ordering};

use super::{Shared, cpu};
use crate::abi::{Frame, TickHandler};

/// Bytes of the stack on which the handler runs: `CORE_TICK_STACK_SIZE`.
pub const STACK_SIZE: usize = 8192;

#[repr(C, align(64))]
struct Stack([u8; STACK_SIZE]);

/// That of the processor that boots.
#[unsafe(no_mangle)]
static core_tick_stack: Shared<Stack> = Shared::new(Stack([0; STACK_SIZE]));

#[unsafe(no_mangle)]
static core_tick_handler: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// Where in a frame the extended state begins.
const EXTENDED: usize = 192;
/// What it takes (Intel SDM volume 1, 13.4 and 13.5.2): x87 and SSE with the header, with AVX, with
/// AVX-512.
const SSE: usize = 576;
const AVX: usize = 832;
const AVX512: usize = 2688;

/// `machine_frame_size`
pub fn frame_size() -> usize {
    let states = cpu::extended_states();
    EXTENDED
        + if states & 0xe0 != 0 {
            AVX512
        } else if states & 4 != 0 {
            AVX
        } else {
            SSE
        }
}

/// Have ticks call `handler`.
pub fn set_handler(handler: TickHandler) {
    core_tick_handler.store(handler as *mut (), Ordering::Relaxed);
}

unsafe extern "C" {
    fn core_resume(frame: *mut Frame) -> !;
    fn core_allow_interrupts();
}

/// `machine_resume`
///
/// # Safety
/// As `machine.h` says.
pub unsafe fn resume(frame: *mut Frame) -> ! {
    // SAFETY: the caller's contract.
    unsafe { core_resume(frame) }
}

/// Whether ticks have somebody to call.
pub fn has_handler() -> bool {
    !core_tick_handler.load(Ordering::Relaxed).is_null()
}

/// The calling thread's ticks are held off while this lives (`MACHINE_TCB_HOLD`).
///
/// One that comes meanwhile is not made up for when this ends: the library does that
/// when it next counts down itself, or the next tick comes.
pub struct Held(bool);

impl Held {
    /// Hold them off from now on.
    #[expect(clippy::new_without_default, reason = "it does something")]
    pub fn new() -> Self {
        // Before there is a handler there are no ticks, nor the count perhaps.
        let held = has_handler();
        if held {
            // SAFETY: the block at the thread pointer has its count there, as `machine.h`
            // says, once ticks have a handler.
            unsafe { asm!("inc dword ptr fs:[0x60]", options(nostack)) };
        }
        Self(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.0 {
            // SAFETY: as above; it was counted up, and a thread goes on with its own count
            // wherever it runs.
            unsafe { asm!("dec dword ptr fs:[0x60]", options(nostack)) };
        }
    }
}

/// Have interrupts come while the program runs on this processor, from now on.
///
/// # Safety
/// A handler is set, and the thread pointer is as `machine.h` says.
pub unsafe fn allow() {
    // SAFETY: the gate changes the interrupt flag alone.
    unsafe { core_allow_interrupts() };
}
