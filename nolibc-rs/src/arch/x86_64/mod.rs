//! Facts of the x86_64 CPU: context, `setjmp`, byte primitives, feature detection.

#[cfg(feature = "export")]
pub mod image;
pub mod random;
pub mod setjmp;

use core::arch::asm;

pub mod ahead;
mod block;
pub mod compare;
pub mod copy;
pub mod digits;
pub mod environment;
pub mod search;
mod va_list;

pub use va_list::{VaList, rounding_mode};

/// The thread pointer: the word at `%fs:0` holds its own address.
pub fn thread_pointer() -> *mut u8 {
    let pointer;
    // SAFETY: reads one word of the current thread's block, which the ABI puts there.
    unsafe { asm!("mov {}, fs:0", out(reg) pointer, options(nostack, preserves_flags, readonly)) };
    pointer
}

/// An address in the caller's stack frame.
pub fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: copies a register.
    unsafe { asm!("mov {}, rsp", out(reg) pointer, options(nostack, nomem, preserves_flags)) };
    pointer
}

/// A counter that differs from one run to the next.
pub fn cycle_counter() -> u64 {
    // SAFETY: every x86_64 CPU has it, and no system we run on forbids it.
    unsafe { core::arch::x86_64::_rdtsc() }
}
