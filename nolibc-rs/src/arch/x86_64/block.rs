//! Sixteen bytes in a register (SSE2, which is part of x86_64).

use core::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};

/// Bytes in a block.
pub const BLOCK: usize = size_of::<__m128i>();

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

/// The bits of either.
#[inline(always)]
pub fn or(a: __m128i, b: __m128i) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_or_si128(a, b) }
}
