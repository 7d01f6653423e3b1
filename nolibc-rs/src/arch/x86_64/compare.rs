//! Comparing bytes, 16 at a time (SSE2).
//!
//! `memcmp` is assembly, for speed and so that no compiler makes it call itself. It
//! reads nothing outside its arguments but within 16 bytes of their start, and there
//! no other page. A difference is looked for in the first 16 bytes and then in all
//! the others of up to 64; its place is found only when there is one.

use core::arch::naked_asm;
use core::arch::x86_64::__m128i;
use core::ffi::{c_char, c_int, c_void};

use super::block::{BLOCK, PAGE, all, bits, equal, has_zero, lesser, load, zeros};

/// `int memcmp(const void *a, const void *b, size_t n)`
///
/// Source: C11 7.24.4.1.
///
/// Keeps rbx, rbp, r8 to r15, xmm9 to xmm15.
///
/// # Safety
/// Both blocks are valid for reading `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memcmp(a: *const c_void, b: *const c_void, n: usize) -> c_int {
    naked_asm!(
        ".p2align 6",
        #[cfg(feature = "export")]
        ".globl bcmp",
        #[cfg(feature = "export")]
        "bcmp:",
        "cmp rdx, 16",
        "jbe 20f",
        "movdqu xmm0, [rdi]",
        "movdqu xmm1, [rsi]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 43f",
        "cmp rdx, 32",
        "ja 21f",
        // 17 to 32.
        "add rdi, rdx",
        "add rsi, rdx",
        "movdqu xmm0, [rdi - 16]",
        "movdqu xmm1, [rsi - 16]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 42f",
        "ret",
        ".p2align 4",
        "21:",
        "cmp rdx, 64",
        "jbe 23f",
        // More. From here on rsi is b - a, rdi goes through a, rdx is 64 before its end.
        "sub rsi, rdi",
        "lea rdx, [rdi + rdx - 64]",
        "add rdi, 16",
        "lea rax, [rdi + 48]",
        "cmp rax, rdx",
        "jae 34f",
        // 16 more, so that of whole blocks 32 are left in the end, and then blocks of 64
        // from aligned addresses of a.
        "movdqu xmm0, [rdi + rsi]",
        "movdqu xmm1, [rdi]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 40f",
        "add rdi, 16",
        "and rdi, -16",
        ".p2align 6",
        "31:",
        "movdqu xmm0, [rdi + rsi]",
        "movdqu xmm1, [rdi + rsi + 16]",
        "movdqu xmm2, [rdi + rsi + 32]",
        "movdqu xmm3, [rdi + rsi + 48]",
        "pcmpeqb xmm0, [rdi]",
        "pcmpeqb xmm1, [rdi + 16]",
        "pcmpeqb xmm2, [rdi + 32]",
        "pcmpeqb xmm3, [rdi + 48]",
        "pand xmm0, xmm1",
        "pand xmm2, xmm3",
        "pand xmm0, xmm2",
        "pmovmskb eax, xmm0",
        "cmp eax, 0xffff",
        "jne 40f",
        "add rdi, 64",
        "cmp rdi, rdx",
        "jb 31b",
        // The last 32 will do, or the last 64.
        "lea rax, [rdx + 32]",
        "cmp rdi, rax",
        "jb 35f",
        "movdqu xmm0, [rsi + rax]",
        "movdqu xmm1, [rax]",
        "movdqu xmm2, [rsi + rax + 16]",
        "movdqu xmm3, [rax + 16]",
        "pcmpeqb xmm0, xmm1",
        "pcmpeqb xmm2, xmm3",
        "pand xmm0, xmm2",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 40f",
        "ret",
        // 65 to 128: 16, or 48 where there are more than 96, and the last 64.
        "34:",
        "movdqu xmm0, [rdi + rsi]",
        "movdqu xmm1, [rdi]",
        "lea rax, [rdi + 16]",
        "pcmpeqb xmm0, xmm1",
        "cmp rax, rdx",
        "jae 35f",
        "movdqu xmm2, [rdi + rsi + 16]",
        "movdqu xmm3, [rdi + 16]",
        "movdqu xmm4, [rdi + rsi + 32]",
        "movdqu xmm5, [rdi + 32]",
        "pcmpeqb xmm2, xmm3",
        "pcmpeqb xmm4, xmm5",
        "pand xmm0, xmm2",
        "pand xmm0, xmm4",
        // The last 64; xmm0 is what has been compared before.
        "35:",
        "movdqu xmm1, [rsi + rdx]",
        "movdqu xmm2, [rdx]",
        "movdqu xmm3, [rsi + rdx + 16]",
        "movdqu xmm4, [rdx + 16]",
        "movdqu xmm5, [rsi + rdx + 32]",
        "movdqu xmm6, [rdx + 32]",
        "movdqu xmm7, [rsi + rdx + 48]",
        "movdqu xmm8, [rdx + 48]",
        "pcmpeqb xmm1, xmm2",
        "pcmpeqb xmm3, xmm4",
        "pcmpeqb xmm5, xmm6",
        "pcmpeqb xmm7, xmm8",
        "pand xmm0, xmm1",
        "pand xmm3, xmm5",
        "pand xmm0, xmm7",
        "pand xmm0, xmm3",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 40f",
        "ret",
        // 33 to 64.
        "23:",
        "movdqu xmm0, [rdi + 16]",
        "movdqu xmm1, [rsi + 16]",
        "movdqu xmm2, [rdi + rdx - 32]",
        "movdqu xmm3, [rsi + rdx - 32]",
        "movdqu xmm4, [rdi + rdx - 16]",
        "movdqu xmm5, [rsi + rdx - 16]",
        "pcmpeqb xmm0, xmm1",
        "pcmpeqb xmm2, xmm3",
        "pcmpeqb xmm4, xmm5",
        "pand xmm0, xmm2",
        "pand xmm0, xmm4",
        "pmovmskb eax, xmm0",
        "sub eax, 0xffff",
        "jnz 39f",
        "ret",
        // A difference is known to follow: 16 at a time, the last 16 at most.
        "39:",
        "sub rsi, rdi",
        "lea rdx, [rdi + rdx - 64]",
        "add rdi, 16",
        "40:",
        "add rdx, 48",
        "41:",
        "cmp rdi, rdx",
        "cmova rdi, rdx",
        "movdqu xmm0, [rdi + rsi]",
        "movdqu xmm1, [rdi]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "add rdi, 16",
        "sub eax, 0xffff",
        "jz 41b",
        "add rsi, rdi",
        // The lowest bit of eax is the first difference in the 16 before rdi and rsi,
        "42:",
        "sub rdi, 16",
        "sub rsi, 16",
        // or in the 16 from there on.
        "43:",
        "tzcnt ecx, eax",
        "movzx eax, byte ptr [rdi + rcx]",
        "movzx ecx, byte ptr [rsi + rcx]",
        "sub eax, ecx",
        "ret",
        // 0 to 16 bytes: one load of 16 from each, if those stay in their pages.
        ".p2align 4",
        "20:",
        "test edx, edx",
        "jz 12f",
        "mov eax, edi",
        "or eax, esi",
        "and eax, 4095",
        "cmp eax, 4096 - 16",
        "ja 13f",
        "10:",
        "movdqu xmm0, [rdi]",
        "movdqu xmm1, [rsi]",
        "pcmpeqb xmm0, xmm1",
        "pmovmskb eax, xmm0",
        "not eax",
        "tzcnt ecx, eax",
        "cmp ecx, edx",
        "jb 11f",
        "12:",
        "xor eax, eax",
        "ret",
        "11:",
        "movzx eax, byte ptr [rdi + rcx]",
        "movzx ecx, byte ptr [rsi + rcx]",
        "sub eax, ecx",
        "ret",
        // Either may leave its page; whether it does is in bit 12.
        "13:",
        "lea eax, [rdi + 15]",
        "lea ecx, [rsi + 15]",
        "xor eax, edi",
        "xor ecx, esi",
        "or eax, ecx",
        "test ah, 16",
        "jz 10b",
        "cmp edx, 8",
        "jb 15f",
        "mov rax, [rdi]",
        "mov rcx, [rsi]",
        "cmp rax, rcx",
        "jne 14f",
        "mov rax, [rdi + rdx - 8]",
        "mov rcx, [rsi + rdx - 8]",
        "cmp rax, rcx",
        "je 12b",
        "14:",
        "bswap rax",
        "bswap rcx",
        "cmp rax, rcx",
        "sbb eax, eax",
        "or eax, 1",
        "ret",
        "15:",
        "movzx eax, byte ptr [rdi]",
        "movzx ecx, byte ptr [rsi]",
        "sub eax, ecx",
        "jne 16f",
        "inc rdi",
        "inc rsi",
        "dec edx",
        "jnz 15b",
        "16:",
        "ret",
    )
}

/// `int bcmp(const void *a, const void *b, size_t n)`
///
/// Source: POSIX.1-2001; compilers call it where only equality matters.
pub use self::memcmp as bcmp;

/// A byte is 0 where the strings differ or end in the blocks that lie `AHEAD` of `a` and `b`.
///
/// # Safety
/// As [`load`].
#[inline(always)]
unsafe fn going_on<const AHEAD: usize>(a: *const u8, b: *const u8) -> __m128i {
    // SAFETY: passed on.
    let (a, b) = unsafe { (load::<AHEAD>(a), load::<AHEAD>(b)) };
    lesser(equal(a, b), a)
}

/// Compare two C strings, `n` bytes at most: the first block, and then four at a time
/// as long as neither string leaves its page.
///
/// # Safety
/// Each is a C string or has `n` bytes that may be read.
#[inline(never)]
unsafe fn compare(a: *const u8, b: *const u8, n: usize) -> c_int {
    let (mut at, mut room) = (0, 0);
    while at < n {
        let (mut x, mut y) = (a.wrapping_add(at), b.wrapping_add(at));
        if room < 4 * BLOCK {
            room = (PAGE - x.addr() % PAGE).min(PAGE - y.addr() % PAGE);
        }
        // SAFETY: no terminator was met and `at` is below `n`, so that the first bytes may
        // be read, and what is looked at lies in their pages.
        let (stop, seen) = unsafe {
            if room >= 4 * BLOCK && at > 0 {
                let blocks = [
                    going_on::<0>(x, y),
                    going_on::<BLOCK>(x, y),
                    going_on::<{ 2 * BLOCK }>(x, y),
                    going_on::<{ 3 * BLOCK }>(x, y),
                ];
                if !has_zero(blocks) {
                    at += 4 * BLOCK;
                    room -= 4 * BLOCK;
                    continue;
                }
                (zeros(blocks), 4 * BLOCK)
            } else if at + room >= BLOCK {
                if room < BLOCK {
                    // Back to where a block ends with the page: all before is equal.
                    let back = BLOCK - room;
                    (x, y) = (x.wrapping_sub(back), y.wrapping_sub(back));
                    (at, room) = (at - back, BLOCK);
                }
                (u64::from(bits(equal(going_on::<0>(x, y), all(0)))), BLOCK)
            } else {
                (u64::from(*x != *y || *x == 0), 1)
            }
        };
        if stop != 0 {
            at += stop.trailing_zeros() as usize;
            if at >= n {
                return 0;
            }
            // SAFETY: all before were equal and not 0, so these may be read.
            return unsafe { c_int::from(*a.wrapping_add(at)) - c_int::from(*b.wrapping_add(at)) };
        }
        at += seen;
        room -= seen;
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
