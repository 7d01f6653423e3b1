//! Facts of the x86_64 CPU: context, `setjmp`, byte primitives, feature detection.

use core::arch::asm;

pub mod copy;
pub mod search;

/// The thread pointer: the word at `%fs:0` holds its own address.
pub fn thread_pointer() -> *mut u8 {
    let pointer;
    // SAFETY: reads one word of the current thread's block, which the ABI puts there.
    unsafe { asm!("mov {}, fs:0", out(reg) pointer, options(nostack, preserves_flags, readonly)) };
    pointer
}
