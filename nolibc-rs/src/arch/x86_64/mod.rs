//! Facts of the x86_64 CPU: context, `setjmp`, byte primitives, feature detection.

#[cfg(feature = "export")]
pub mod image;
pub mod random;
pub mod setjmp;
pub mod switch;

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

/// The word at `OFFSET` of the block that the thread pointer points to.
#[inline(always)]
pub fn thread_word<const OFFSET: usize>() -> *mut u8 {
    let word;
    // SAFETY: reads one word of the current thread's block, which is as long as its users say.
    unsafe {
        asm!(
            "mov {}, fs:{offset}",
            out(reg) word,
            offset = const OFFSET,
            options(nostack, preserves_flags, readonly)
        );
    }
    word
}

/// Put `new` in the place of `old`, in one step as this CPU sees it; whether `old` was there.
#[inline(always)]
pub fn replace(word: &core::sync::atomic::AtomicU32, old: u32, new: u32) -> bool {
    let same: u8;
    // SAFETY: changes the word alone, which is live.
    unsafe {
        asm!(
            "cmpxchg dword ptr [{word}], {new:e}",
            "sete {same}",
            word = in(reg) word.as_ptr(),
            new = in(reg) new,
            same = out(reg_byte) same,
            inout("eax") old => _,
            options(nostack)
        );
    }
    same != 0
}

/// Add one to the 32-bit word at `OFFSET` of the calling thread's block, in one step as this CPU
/// sees it.
#[inline(always)]
pub fn count_up<const OFFSET: usize>() {
    // SAFETY: as for `thread_word`; the word is a count.
    unsafe { asm!("inc dword ptr fs:{offset}", offset = const OFFSET, options(nostack)) };
}

/// Take one from the word; whether it is 0 then.
#[inline(always)]
pub fn count_down<const OFFSET: usize>() -> bool {
    let zero: u8;
    // SAFETY: as above.
    unsafe {
        asm!(
            "dec dword ptr fs:{offset}",
            "sete {zero}",
            zero = out(reg_byte) zero,
            offset = const OFFSET,
            options(nostack)
        );
    }
    zero != 0
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
