//! Searching bytes, 16 at a time (SSE2).
//!
//! A search reads blocks of 16 and of 64, so it may read bytes on either side of its
//! argument, but never one on a page where the argument has none: unaligned blocks
//! only where the page goes on behind them, else aligned ones that hold a byte of the
//! argument. `memchr` and `strlen` are assembly, for speed and so that no compiler
//! makes them call themselves; in the others the loads are. For the compiler, a read
//! past the end of an object has no meaning; for the machine it does.
//!
//! Lengths that no branch predictor knows are the common case, so up to 64 bytes are
//! searched with one branch: their marks are put together in one word.

use core::arch::naked_asm;
use core::arch::x86_64::{__m128i, _mm_xor_si128};
use core::ffi::{c_char, c_int, c_void};

use super::block::{BLOCK, PAGE, all, bits, equal, has_zero, lesser, load, zeros};

/// What is loaded in one go.
const FOUR: usize = 4 * BLOCK;

/// The four blocks from `start` on, each as `mark` makes it.
///
/// # Safety
/// As [`load`].
#[inline(always)]
unsafe fn four(start: *const u8, mark: impl Fn(__m128i) -> __m128i) -> [__m128i; 4] {
    // SAFETY: passed on.
    let (a, b, c, d) = unsafe {
        (
            load::<0>(start),
            load::<BLOCK>(start),
            load::<{ 2 * BLOCK }>(start),
            load::<{ 3 * BLOCK }>(start),
        )
    };
    [mark(a), mark(b), mark(c), mark(d)]
}

/// `void *memchr(const void *s, int c, size_t n)`
///
/// Source: C11 7.24.5.1; bytes after the one found may be on a page that cannot be
/// read.
///
/// Keeps rbx, rbp, r9 to r15, xmm5 to xmm15.
///
/// # Safety
/// The bytes of `s` up to the one found, or all `n`, may be read.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void {
    naked_asm!(
        "test rdx, rdx",
        "jz 90f",
        "movd xmm0, esi",
        "mov eax, edi",
        "punpcklbw xmm0, xmm0",
        "and eax, 4095",
        "punpcklwd xmm0, xmm0",
        "cmp eax, 4096 - 80",
        "pshufd xmm0, xmm0, 0",
        "ja 60f",
        // The first 16 bytes, then the next 64.
        "movdqu xmm1, [rdi]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb eax, xmm1",
        "test eax, eax",
        "jz 20f",
        "tzcnt eax, eax",
        "cmp rdx, rax",
        "jbe 90f",
        "add rax, rdi",
        "ret",
        ".p2align 4",
        "20:",
        "add rdi, 16",
        "sub rdx, 16",
        "jbe 90f",
        "movdqu xmm1, [rdi]",
        "movdqu xmm2, [rdi + 16]",
        "movdqu xmm3, [rdi + 32]",
        "movdqu xmm4, [rdi + 48]",
        "pcmpeqb xmm1, xmm0",
        "pcmpeqb xmm2, xmm0",
        "pcmpeqb xmm3, xmm0",
        "pcmpeqb xmm4, xmm0",
        "por xmm2, xmm1",
        "por xmm4, xmm3",
        "por xmm4, xmm2",
        "pmovmskb ecx, xmm4",
        "mov rax, rdi",
        "test ecx, ecx",
        "jnz 33f",
        // Aligned blocks of 64, to the last that begins before the end: there are rdx
        // bytes from rdi on.
        "add rax, 64",
        "and rax, -64",
        "31:",
        "mov rcx, rax",
        "sub rcx, rdi",
        "sub rdx, rcx",
        "jbe 90f",
        ".p2align 6",
        "32:",
        "movdqa xmm1, [rax]",
        "movdqa xmm2, [rax + 16]",
        "movdqa xmm3, [rax + 32]",
        "movdqa xmm4, [rax + 48]",
        "pcmpeqb xmm1, xmm0",
        "pcmpeqb xmm2, xmm0",
        "pcmpeqb xmm3, xmm0",
        "pcmpeqb xmm4, xmm0",
        "por xmm2, xmm1",
        "por xmm4, xmm3",
        "por xmm4, xmm2",
        "pmovmskb ecx, xmm4",
        "test ecx, ecx",
        "jnz 33f",
        "add rax, 64",
        "sub rdx, 64",
        "ja 32b",
        "90:",
        "xor eax, eax",
        "ret",
        // Something was found in the 64 bytes at rax, of which rdx count. xmm2 marks the
        // first 32, though the first 16 of them twice.
        "33:",
        "pmovmskb esi, xmm2",
        "test esi, esi",
        "jnz 34f",
        "pmovmskb esi, xmm3",
        "shl ecx, 16",
        "or ecx, esi",
        "tzcnt ecx, ecx",
        "add ecx, 32",
        "cmp rdx, rcx",
        "jbe 90b",
        "add rax, rcx",
        "ret",
        "34:",
        "pmovmskb ecx, xmm1",
        "shl esi, 16",
        "or esi, ecx",
        "tzcnt esi, esi",
        "cmp rdx, rsi",
        "jbe 90b",
        "add rax, rsi",
        "ret",
        // Near the end of a page: aligned blocks of 16 up to a multiple of 64.
        "60:",
        "mov rax, rdi",
        "mov ecx, edi",
        "and rax, -16",
        "and ecx, 15",
        "movdqa xmm1, [rax]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb esi, xmm1",
        "shr esi, cl",
        "shl esi, cl",
        "test esi, esi",
        "jnz 62f",
        "61:",
        "add rax, 16",
        "test al, 63",
        "jz 31b",
        "movdqa xmm1, [rax]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb esi, xmm1",
        "test esi, esi",
        "jz 61b",
        "62:",
        "tzcnt esi, esi",
        "add rax, rsi",
        "mov rcx, rax",
        "sub rcx, rdi",
        "cmp rdx, rcx",
        "jbe 90b",
        "ret",
    )
}

/// `void *memrchr(const void *s, int c, size_t n)`
///
/// Source: glibc. The last byte of `s` equal to `c`, or null.
///
/// # Safety
/// `s` is valid for reading `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn memrchr(s: *const c_void, c: c_int, n: usize) -> *mut c_void {
    let wanted = all(c as u8);
    // SAFETY: SSE2 is part of x86_64.
    let mark = |block| unsafe { _mm_xor_si128(block, wanted) };
    let marks = |block: *const u8| {
        // SAFETY: a byte of the argument is in each page of a block that is looked at.
        bits(equal(mark(unsafe { load::<0>(block) }), all(0)))
    };
    let at = |block: *const u8, marks: u64| match marks.checked_ilog2() {
        Some(last) => block.wrapping_add(last as usize) as *mut c_void,
        None => core::ptr::null_mut(),
    };
    let start: *const u8 = s.cast();
    let mut end = start.wrapping_add(n);
    if n <= BLOCK {
        // A block from the first byte on or, where the page ends, to the last.
        let (block, before) = match BLOCK - n {
            BLOCK => return core::ptr::null_mut(),
            _ if start.addr() % PAGE <= PAGE - BLOCK => (start, 0),
            spare => (start.wrapping_sub(spare), spare),
        };
        let own = ((1 << n) - 1) << before;
        return at(block, (marks(block) & own).into());
    }
    end = end.wrapping_sub(BLOCK);
    let found = marks(end);
    if found != 0 {
        return at(end, found.into());
    }
    // Behind this all is known to be something else.
    end = end.wrapping_add(BLOCK - end.addr() % BLOCK);
    while end.addr() - start.addr() >= FOUR {
        end = end.wrapping_sub(FOUR);
        // SAFETY: these are part of the argument.
        let blocks = unsafe { four(end, mark) };
        if has_zero(blocks) {
            return at(end, zeros(blocks));
        }
    }
    while end > start {
        end = end.wrapping_sub(BLOCK).max(start);
        let found = marks(end);
        if found != 0 {
            return at(end, found.into());
        }
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
    // SAFETY: the caller's contract.
    unsafe { memchr(s, c, usize::MAX) }
}

/// `size_t strlen(const char *s)`
///
/// Source: C11 7.24.6.3.
///
/// Keeps rbx, rbp, rdi, r9 to r15, xmm5 to xmm15.
///
/// # Safety
/// `s` is a C string.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn strlen(s: *const c_char) -> usize {
    naked_asm!(
        "mov eax, edi",
        "pxor xmm0, xmm0",
        "and eax, 4095",
        "cmp eax, 4096 - 64",
        "ja 60f",
        // The first 16 bytes, then the next 48.
        "movdqu xmm1, [rdi]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb eax, xmm1",
        "test eax, eax",
        "jz 20f",
        "tzcnt eax, eax",
        "ret",
        ".p2align 4",
        "20:",
        "movdqu xmm1, [rdi + 16]",
        "movdqu xmm2, [rdi + 32]",
        "movdqu xmm3, [rdi + 48]",
        "pminub xmm2, xmm1",
        "pminub xmm3, xmm2",
        "pcmpeqb xmm3, xmm0",
        "pmovmskb edx, xmm3",
        "test edx, edx",
        "jz 30f",
        "pcmpeqb xmm1, xmm0",
        "pcmpeqb xmm2, xmm0",
        "pmovmskb eax, xmm1",
        "pmovmskb ecx, xmm2",
        "shl rdx, 32",
        "shl rcx, 16",
        "or rax, rdx",
        "or rax, rcx",
        "tzcnt rax, rax",
        "add rax, 16",
        "ret",
        "30:",
        "lea rax, [rdi + 64]",
        "and rax, -64",
        ".p2align 6",
        "31:",
        "movdqa xmm1, [rax]",
        "pminub xmm1, [rax + 16]",
        "pminub xmm1, [rax + 32]",
        "pminub xmm1, [rax + 48]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb ecx, xmm1",
        "test ecx, ecx",
        "jnz 32f",
        "movdqa xmm1, [rax + 64]",
        "pminub xmm1, [rax + 80]",
        "pminub xmm1, [rax + 96]",
        "pminub xmm1, [rax + 112]",
        "sub rax, -128",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb ecx, xmm1",
        "test ecx, ecx",
        "jz 31b",
        "sub rax, 64",
        "32:",
        "movdqa xmm1, [rax]",
        "movdqa xmm2, [rax + 16]",
        "movdqa xmm3, [rax + 32]",
        "movdqa xmm4, [rax + 48]",
        "pcmpeqb xmm1, xmm0",
        "pcmpeqb xmm2, xmm0",
        "pcmpeqb xmm3, xmm0",
        "pcmpeqb xmm4, xmm0",
        "pmovmskb ecx, xmm1",
        "pmovmskb esi, xmm2",
        "pmovmskb edx, xmm3",
        "pmovmskb r8d, xmm4",
        "shl rsi, 16",
        "shl rdx, 32",
        "shl r8, 48",
        "or rcx, rsi",
        "or rdx, r8",
        "or rcx, rdx",
        "tzcnt rcx, rcx",
        "sub rax, rdi",
        "add rax, rcx",
        "ret",
        // Near the end of a page: aligned blocks of 16 up to a multiple of 64.
        "60:",
        "mov rax, rdi",
        "mov ecx, edi",
        "and rax, -16",
        "and ecx, 15",
        "movdqa xmm1, [rax]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb edx, xmm1",
        "shr edx, cl",
        "shl edx, cl",
        "test edx, edx",
        "jnz 62f",
        "61:",
        "add rax, 16",
        "test al, 63",
        "jz 31b",
        "movdqa xmm1, [rax]",
        "pcmpeqb xmm1, xmm0",
        "pmovmskb edx, xmm1",
        "test edx, edx",
        "jz 61b",
        "62:",
        "tzcnt edx, edx",
        "sub rax, rdi",
        "add rax, rdx",
        "ret",
    )
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
    let end = unsafe { memchr(s.cast(), 0, n) };
    if end.is_null() {
        n
    } else {
        end.addr() - s.addr()
    }
}

/// `char *strchrnul(const char *s, int c)`
///
/// Source: POSIX.1-2024 and glibc. The first `c`, or the terminator.
///
/// # Safety
/// `s` is a C string.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
pub unsafe extern "C" fn strchrnul(s: *const c_char, c: c_int) -> *mut c_char {
    let wanted = all(c as u8);
    // A byte is 0 in the minimum of x and x ^ c when x is 0 or c.
    // SAFETY: SSE2 is part of x86_64.
    let mark = |block| lesser(block, unsafe { _mm_xor_si128(block, wanted) });
    let at = |block: *const u8, marks: u64| {
        block.wrapping_add(marks.trailing_zeros() as usize) as *mut c_char
    };
    let start: *const u8 = s.cast();
    let (mut block, mut before) = if start.addr() % PAGE <= PAGE - BLOCK - FOUR {
        // The first 16 bytes, then the next 64.
        // SAFETY: the first byte may be read, and all are in its page.
        let found = bits(equal(mark(unsafe { load::<0>(start) }), all(0)));
        if found != 0 {
            return at(start, found.into());
        }
        (start.wrapping_add(BLOCK), 0)
    } else {
        let before = start.addr() % FOUR;
        (start.wrapping_sub(before), before)
    };
    loop {
        // SAFETY: the first byte is among these, or nothing was found before them and the
        // first of them may be read; they lie in its page.
        let blocks = unsafe { four(block, mark) };
        if has_zero(blocks) {
            let found = zeros(blocks) >> before << before;
            if found != 0 {
                return at(block, found);
            }
        }
        // Aligned ones from here on.
        block = block.wrapping_add(FOUR - block.addr() % FOUR);
        before = 0;
    }
}
