//! Comparing and searching bytes, 16 at a time (SSE2).
//!
//! A search reads whole aligned blocks of 16, so it may read bytes on either side
//! of its argument, but never one on a page where the argument has none. Those
//! loads are written in assembly: for the compiler, a read past the end of an
//! object has no meaning; for the machine it does.

use core::arch::asm;
use core::arch::x86_64::{
    __m128i, _mm_and_si128, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8,
    _mm_or_si128, _mm_set1_epi8, _mm_setzero_si128, _mm_xor_si128,
};
use core::cmp::Ordering;
use core::ffi::{c_char, c_int, c_void};

/// Bytes in a block.
const BLOCK: usize = size_of::<__m128i>();
/// Bytes in a page, the unit in which memory is accessible or not.
const PAGE: usize = 4096;

/// The block at `block`.
///
/// # Safety
/// `block` is a multiple of 16, and one of its bytes may be read.
#[inline(always)]
unsafe fn aligned(block: *const u8) -> __m128i {
    let value;
    // SAFETY: a page is a multiple of a block, so all of the block can be read
    // when one byte of it can.
    unsafe {
        asm!("movdqa {}, [{}]", out(xmm_reg) value, in(reg) block,
            options(pure, readonly, nostack, preserves_flags));
    }
    value
}

/// The 16 bytes at `bytes`, which need not be aligned.
///
/// # Safety
/// `bytes` may be read, and the 16 bytes lie in one page.
#[inline(always)]
unsafe fn unaligned(bytes: *const u8) -> __m128i {
    let value;
    // SAFETY: the first byte can be read and the page holds them all.
    unsafe {
        asm!("movdqu {}, [{}]", out(xmm_reg) value, in(reg) bytes,
            options(pure, readonly, nostack, preserves_flags));
    }
    value
}

/// One bit for each byte of `hits`, which are 0 or 255.
#[inline(always)]
fn bits(hits: __m128i) -> u32 {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_movemask_epi8(hits) as u32 }
}

#[inline(always)]
fn all(byte: u8) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_set1_epi8(byte as i8) }
}

#[inline(always)]
fn equal(a: __m128i, b: __m128i) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_cmpeq_epi8(a, b) }
}

#[inline(always)]
fn or(a: __m128i, b: __m128i) -> __m128i {
    // SAFETY: SSE2 is part of x86_64.
    unsafe { _mm_or_si128(a, b) }
}

/// The first byte at or after `start` that `hits` marks.
///
/// # Safety
/// There is one, and every byte before it may be read.
#[inline(always)]
unsafe fn first(start: *const u8, hits: impl Fn(__m128i) -> __m128i) -> *const u8 {
    let skipped = start.addr() % BLOCK;
    let mut block = start.wrapping_sub(skipped);
    // SAFETY: the block holds the byte at `start`.
    let found = bits(hits(unsafe { aligned(block) })) >> skipped;
    if found != 0 {
        return start.wrapping_add(found.trailing_zeros() as usize);
    }
    // One block at a time to a multiple of 64, then four: no block is read before
    // the one in front of it was found to hold nothing, or is in its page.
    loop {
        block = block.wrapping_add(BLOCK);
        if block.addr().is_multiple_of(4 * BLOCK) {
            break;
        }
        // SAFETY: nothing was found yet, so the next byte may be read.
        let found = bits(hits(unsafe { aligned(block) }));
        if found != 0 {
            return block.wrapping_add(found.trailing_zeros() as usize);
        }
    }
    loop {
        // SAFETY: nothing was found yet, so the first byte may be read; the four
        // blocks are aligned to their common size and so lie in its page.
        let four = [0, 1, 2, 3].map(|i| hits(unsafe { aligned(block.wrapping_add(i * BLOCK)) }));
        if bits(or(or(four[0], four[1]), or(four[2], four[3]))) != 0 {
            let low = bits(four[0]) as u64 | (bits(four[1]) as u64) << 16;
            let high = bits(four[2]) as u64 | (bits(four[3]) as u64) << 16;
            let found = low | high << 32;
            return block.wrapping_add(found.trailing_zeros() as usize);
        }
        block = block.wrapping_add(4 * BLOCK);
    }
}

/// The first of the `n` bytes at `start` that `hits` marks, or null.
///
/// # Safety
/// Every byte up to that one, or all `n`, may be read.
#[inline(always)]
unsafe fn first_of(start: *const u8, n: usize, hits: impl Fn(__m128i) -> __m128i) -> *const u8 {
    if n == 0 {
        return core::ptr::null();
    }
    let skipped = start.addr() % BLOCK;
    let mut block = start.wrapping_sub(skipped);
    // SAFETY: the block holds the byte at `start`, which may be read.
    let mut found = bits(hits(unsafe { aligned(block) })) >> skipped << skipped;
    // How many bytes the search covers from `block` on.
    let mut left = n.saturating_add(skipped);
    while found == 0 && left > BLOCK {
        block = block.wrapping_add(BLOCK);
        left -= BLOCK;
        while block.addr().is_multiple_of(4 * BLOCK) && left > 4 * BLOCK {
            // SAFETY: as in `first`, and at least one byte is left.
            let four =
                [0, 1, 2, 3].map(|i| hits(unsafe { aligned(block.wrapping_add(i * BLOCK)) }));
            if bits(or(or(four[0], four[1]), or(four[2], four[3]))) != 0 {
                break;
            }
            block = block.wrapping_add(4 * BLOCK);
            left -= 4 * BLOCK;
        }
        // SAFETY: nothing was found before this block and at least one byte is left.
        found = bits(hits(unsafe { aligned(block) }));
    }
    let at = found.trailing_zeros() as usize;
    if at < left.min(BLOCK) {
        block.wrapping_add(at)
    } else {
        core::ptr::null()
    }
}

/// `void *memchr(const void *s, int c, size_t n)`
///
/// Source: C11 7.24.5.1; bytes after the one found are not looked at.
///
/// # Safety
/// The bytes of `s` up to the one found, or all `n`, may be read.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn memchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void {
    let wanted = all(c as u8);
    // SAFETY: the caller's contract.
    unsafe { first_of(s.cast(), n, |block| equal(block, wanted)) as *mut c_void }
}

/// `void *memrchr(const void *s, int c, size_t n)`
///
/// Source: glibc. The last byte of `s` equal to `c`, or null.
///
/// # Safety
/// `s` is valid for reading `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn memrchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void {
    let start: *const u8 = s.cast();
    let wanted = all(c as u8);
    let mut left = n;
    while left > 0 {
        let end = start.wrapping_add(left);
        let block = end.wrapping_sub(1).wrapping_sub((end.addr() - 1) % BLOCK);
        let inside = end.addr() - block.addr();
        // SAFETY: the block holds the byte before `end`, which may be read.
        let found = bits(equal(unsafe { aligned(block) }, wanted)) << (32 - inside);
        if found != 0 {
            let at = inside - 1 - found.leading_zeros() as usize;
            let byte = block.wrapping_add(at);
            return if byte >= start {
                byte as *mut c_void
            } else {
                core::ptr::null_mut()
            };
        }
        left = left.saturating_sub(inside);
    }
    core::ptr::null_mut()
}

/// `void *rawmemchr(const void *s, int c)`
///
/// Source: glibc. The first byte at or after `s` equal to `c`.
///
/// # Safety
/// There is such a byte, and all before it may be read.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn rawmemchr(s: *const c_void, c: c_int) -> *mut c_void {
    let wanted = all(c as u8);
    // SAFETY: the caller's contract.
    unsafe { first(s.cast(), |block| equal(block, wanted)) as *mut c_void }
}

/// `size_t strlen(const char *s)`
///
/// Source: C11 7.24.6.3.
///
/// # Safety
/// `s` is a C string.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strlen(s: *const c_char) -> usize {
    // SAFETY: a C string has a terminator and all before it may be read.
    let end = unsafe { first(s.cast(), |block| equal(block, all(0))) };
    end.addr() - s.addr()
}

/// `size_t strnlen(const char *s, size_t n)`
///
/// Source: POSIX.1-2024.
///
/// # Safety
/// `s` is a C string, or `n` bytes of it may be read.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strnlen(s: *const c_char, n: usize) -> usize {
    // SAFETY: the caller's contract.
    let end = unsafe { first_of(s.cast(), n, |block| equal(block, all(0))) };
    if end.is_null() {
        n
    } else {
        end.addr() - s.addr()
    }
}

/// `char *strchrnul(const char *s, int c)`
///
/// Source: POSIX.1-2024 draft and glibc. The first `c`, or the terminator.
///
/// # Safety
/// `s` is a C string.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strchrnul(s: *const c_char, c: c_int) -> *mut c_char {
    let wanted = all(c as u8);
    // A byte is 0 in the minimum of x and x ^ c when x is 0 or c.
    // SAFETY: a C string has a terminator and all before it may be read. SSE2 is
    // part of x86_64.
    unsafe {
        first(s.cast(), |block| {
            equal(
                _mm_min_epu8(block, _mm_xor_si128(block, wanted)),
                _mm_setzero_si128(),
            )
        }) as *mut c_char
    }
}

fn sign(ordering: Ordering) -> c_int {
    ordering as c_int
}

/// Read one `T` at `bytes + offset`.
///
/// # Safety
/// The bytes may be read.
#[inline(always)]
unsafe fn word<T>(bytes: *const u8, offset: usize) -> T {
    // SAFETY: the caller's contract.
    unsafe { bytes.add(offset).cast::<T>().read_unaligned() }
}

/// How the first bytes that differ in two blocks compare; `differing` marks them.
///
/// # Safety
/// `differing` is not 0 and the bytes that it marks may be read.
#[inline(always)]
unsafe fn order_at(a: *const u8, b: *const u8, differing: u32) -> c_int {
    let at = differing.trailing_zeros() as usize;
    // SAFETY: the caller's contract.
    unsafe { c_int::from(*a.add(at)) - c_int::from(*b.add(at)) }
}

/// Which bytes of the blocks at `a` and `b` differ.
///
/// # Safety
/// Both are valid for reading 16 bytes.
#[inline(always)]
unsafe fn differing(a: *const u8, b: *const u8) -> u32 {
    // SAFETY: the caller's contract.
    unsafe { bits(equal(_mm_loadu_si128(a.cast()), _mm_loadu_si128(b.cast()))) ^ 0xffff }
}

/// `int memcmp(const void *a, const void *b, size_t n)`
///
/// Source: C11 7.24.4.1.
///
/// # Safety
/// Both blocks are valid for reading `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn memcmp(a: *const c_void, b: *const c_void, n: usize) -> c_int {
    let (a, b): (*const u8, *const u8) = (a.cast(), b.cast());
    // SAFETY: every offset below is at most `n` minus the size read there.
    unsafe {
        if n < BLOCK {
            return short_compare(a, b, n);
        }
        let last = n - BLOCK;
        let mut at = 0;
        while at + 4 * BLOCK <= n {
            let pair = |i| {
                let offset = at + i * BLOCK;
                equal(
                    _mm_loadu_si128(a.add(offset).cast()),
                    _mm_loadu_si128(b.add(offset).cast()),
                )
            };
            let same = _mm_and_si128(
                _mm_and_si128(pair(0), pair(1)),
                _mm_and_si128(pair(2), pair(3)),
            );
            if bits(same) != 0xffff {
                break;
            }
            at += 4 * BLOCK;
        }
        while at < last {
            let marks = differing(a.add(at), b.add(at));
            if marks != 0 {
                return order_at(a.add(at), b.add(at), marks);
            }
            at += BLOCK;
        }
        let marks = differing(a.add(last), b.add(last));
        if marks != 0 {
            order_at(a.add(last), b.add(last), marks)
        } else {
            0
        }
    }
}

/// [`memcmp`] of fewer than 16 bytes: two words that may overlap.
///
/// # Safety
/// Both are valid for reading `n` bytes.
#[inline(always)]
unsafe fn short_compare(a: *const u8, b: *const u8, n: usize) -> c_int {
    // SAFETY: the words end at most at `n`.
    unsafe {
        if n >= 8 {
            let head = (word::<u64>(a, 0), word::<u64>(b, 0));
            let (x, y) = if head.0 != head.1 {
                head
            } else {
                (word(a, n - 8), word(b, n - 8))
            };
            sign(x.swap_bytes().cmp(&y.swap_bytes()))
        } else if n >= 4 {
            let both = |p| {
                u64::from(word::<u32>(p, 0).swap_bytes()) << 32
                    | u64::from(word::<u32>(p, n - 4).swap_bytes())
            };
            sign(both(a).cmp(&both(b)))
        } else if n >= 2 {
            let both = |p| {
                u32::from(word::<u16>(p, 0).swap_bytes()) << 16
                    | u32::from(word::<u16>(p, n - 2).swap_bytes())
            };
            sign(both(a).cmp(&both(b)))
        } else if n == 1 {
            c_int::from(*a) - c_int::from(*b)
        } else {
            0
        }
    }
}

/// `int bcmp(const void *a, const void *b, size_t n)`
///
/// Source: POSIX.1-2001; compilers call it where only equality matters.
///
/// # Safety
/// Both blocks are valid for reading `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn bcmp(a: *const c_void, b: *const c_void, n: usize) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { memcmp(a, b, n) }
}

/// Whether 16 bytes at `bytes` lie in one page.
#[inline(always)]
fn in_page(bytes: *const u8) -> bool {
    bytes.addr() % PAGE <= PAGE - BLOCK
}

/// Compare two C strings, `n` bytes at most.
///
/// # Safety
/// Each is a C string or has `n` bytes that may be read.
#[inline(always)]
unsafe fn compare(a: *const u8, b: *const u8, n: usize) -> c_int {
    let mut at = 0;
    while at < n {
        let (x, y) = (a.wrapping_add(at), b.wrapping_add(at));
        if in_page(x) && in_page(y) {
            // SAFETY: no terminator was met and `at` is below `n`, so the first
            // bytes may be read, and the blocks lie in their pages.
            let (block, other) = unsafe { (unaligned(x), unaligned(y)) };
            let same = equal(block, other);
            // Bytes that are equal and not 0 leave 255 in `same` and in `block`'s minimum.
            // SAFETY: SSE2 is part of x86_64.
            let going_on = unsafe { _mm_min_epu8(same, block) };
            let stop = bits(equal(going_on, all(0)));
            if stop != 0 {
                let here = stop.trailing_zeros() as usize;
                if at + here >= n {
                    return 0;
                }
                // SAFETY: all before were equal and not 0, so these may be read.
                return unsafe { c_int::from(*x.add(here)) - c_int::from(*y.add(here)) };
            }
            at += BLOCK;
        } else {
            // SAFETY: as above.
            let (c, d) = unsafe { (*x, *y) };
            if c != d || c == 0 {
                return c_int::from(c) - c_int::from(d);
            }
            at += 1;
        }
    }
    0
}

/// `int strcmp(const char *a, const char *b)`
///
/// Source: C11 7.24.4.2.
///
/// # Safety
/// Both are C strings.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strcmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { compare(a.cast(), b.cast(), usize::MAX) }
}

/// `int strncmp(const char *a, const char *b, size_t n)`
///
/// Source: C11 7.24.4.4.
///
/// # Safety
/// Each is a C string or has `n` bytes that may be read.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strncmp(a: *const c_char, b: *const c_char, n: usize) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { compare(a.cast(), b.cast(), n) }
}
