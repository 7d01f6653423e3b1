//! Reading a string in words.

const PAGE: usize = 4096;

/// The eight bytes at `at`, the first one lowest, if they lie in one page: of a
/// string all up to the terminator are then there, and what follows it is
/// memory that may be read.
///
/// # Safety
/// The byte at `at` may be read.
#[inline(always)]
pub unsafe fn eight_in_page(at: *const u8) -> Option<u64> {
    if at.addr() % PAGE > PAGE - 8 {
        return None;
    }
    let word;
    // SAFETY: a page can be read in whole or not at all; the load is the CPU's,
    // no access of Rust's to whatever object lies there.
    unsafe {
        core::arch::asm!(
            "mov {word}, [{at}]",
            word = out(reg) word,
            at = in(reg) at,
            options(nostack, preserves_flags, readonly, pure)
        );
    }
    Some(word)
}
