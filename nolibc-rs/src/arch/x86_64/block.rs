//! Sixteen bytes in a register (SSE2, which is part of x86_64).

use core::arch::asm;
use core::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_set1_epi8};

/// Bytes in a block.
pub const BLOCK: usize = size_of::<__m128i>();

/// Bytes in a page, the unit in which memory is accessible or not.
pub const PAGE: usize = 4096;

/// The 16 bytes that lie `AHEAD` of `bytes`, which need not be aligned.
///
/// # Safety
/// One of the bytes may be read, and so may the page of each.
#[inline(always)]
pub unsafe fn load<const AHEAD: usize>(bytes: *const u8) -> __m128i {
    let value;
    // SAFETY: a page can be read in whole or not at all; the load is the CPU's, no
    // access of Rust's to whatever object lies there.
    unsafe {
        asm!("movdqu {}, [{} + {}]", out(xmm_reg) value, in(reg) bytes, const AHEAD,
            options(pure, readonly, nostack, preserves_flags));
    }
    value
}

/// One bit for each byte of `hits`, which are 0 or 255.
#[inline(always)]
pub fn bits(hits: __m128i) -> u32 {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_movemask_epi8(hits) as u32 }
}

/// A block of the same byte.
#[inline(always)]
pub fn all(byte: u8) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_set1_epi8(byte as i8) }
}

/// 255 where the blocks have the same byte, else 0.
#[inline(always)]
pub fn equal(a: __m128i, b: __m128i) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_cmpeq_epi8(a, b) }
}

/// The lesser of each two bytes.
#[inline(always)]
pub fn lesser(a: __m128i, b: __m128i) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_min_epu8(a, b) }
}

/// Whether there is a 0 in four blocks.
#[inline(always)]
pub fn has_zero([a, b, c, d]: [__m128i; 4]) -> bool {
    bits(equal(lesser(lesser(a, b), lesser(c, d)), all(0))) != 0
}

/// A bit for each 0 in four blocks, the first byte's lowest.
#[inline(always)]
pub fn zeros([a, b, c, d]: [__m128i; 4]) -> u64 {
    let zero = all(0);
    let marks = |block| u64::from(bits(equal(block, zero)));
    let (a, b, c, d) = (marks(a), marks(b), marks(c), marks(d));
    a | b << 16 | c << 32 | d << 48
}
