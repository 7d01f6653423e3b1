//! `memcpy`, `memmove` and `memset`.
//!
//! In assembly, so that no compiler turns their loops into calls of themselves.
//! SSE2 is all they need. Copies and fills of at least [`REP_FROM_BYTES`] go to
//! `rep movsb` and `rep stosb` where [`detect`] has found those fast: nothing is
//! stored before a `rep stosb`, which would wait for it. Every size up to 128 bytes
//! is loaded completely before the first store, and longer copies choose their
//! direction, so `memcpy` is also right where the blocks overlap: `memmove` is a
//! second name for it. Long copies load only the end that they store last, and store
//! first of it what a `memmove` by a few bytes that comes next will load first.
//!
//! Registers of 32 and 64 bytes are not used: upstream's hvt and virtio never enable
//! them, and up to 128 bytes and from 2 KiB on they gain nothing.

use core::arch::naked_asm;
use core::arch::x86_64::{__cpuid, __cpuid_count};
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicUsize, Ordering};

/// The least size that is left to `rep movsb`; never, until [`detect`] has run.
static REP_FROM_BYTES: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Ask the CPU whether its `rep movsb` is fast (CPUID leaf 7, ERMS), and use it
/// where measurement says that it wins: from 2 KiB.
pub fn detect() {
    const ERMS: u32 = 1 << 9;
    if __cpuid(0).eax >= 7 && __cpuid_count(7, 0).ebx & ERMS != 0 {
        REP_FROM_BYTES.store(2048, Ordering::Relaxed);
    }
}

/// `void *memcpy(void *dst, const void *src, size_t n)`
///
/// Source: C11 7.24.2.1. Overlapping blocks are copied as by `memmove`.
///
/// Keeps rbx, rbp, r10 to r15, xmm9 to xmm15.
///
/// # Safety
/// `src` is valid for reading `n` bytes and `dst` for writing them.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memcpy(dst: *mut c_void, src: *const c_void, n: usize) -> *mut c_void {
    naked_asm!(
        ".p2align 6",
        #[cfg(feature = "export")]
        ".globl memmove",
        #[cfg(feature = "export")]
        "memmove:",
        "mov rax, rdi",
        "cmp rdx, 16",
        "jb 20f",
        "movups xmm0, [rsi]",
        "movups xmm1, [rsi + rdx - 16]",
        "cmp rdx, 32",
        "ja 30f",
        "movups [rdi], xmm0",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        ".p2align 4",
        "30:",
        "cmp rdx, 64",
        "jbe 40f",
        "cmp rdx, 128",
        "ja 50f",
        // 65 to 128 bytes.
        "movups xmm2, [rsi + 16]",
        "movups xmm4, [rsi + 32]",
        "movups xmm5, [rsi + 48]",
        "movups xmm6, [rsi + rdx - 64]",
        "movups xmm7, [rsi + rdx - 48]",
        "movups xmm3, [rsi + rdx - 32]",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm2",
        "movups [rdi + 32], xmm4",
        "movups [rdi + 48], xmm5",
        "movups [rdi + rdx - 64], xmm6",
        "movups [rdi + rdx - 48], xmm7",
        "movups [rdi + rdx - 32], xmm3",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        // 33 to 64 bytes.
        ".p2align 4",
        "40:",
        "movups xmm2, [rsi + 16]",
        "movups xmm3, [rsi + rdx - 32]",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm2",
        "movups [rdi + rdx - 32], xmm3",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        ".p2align 4",
        "50:",
        // More; where dst lies in src, downwards.
        "mov rcx, rdi",
        "sub rcx, rsi",
        "cmp rcx, rdx",
        "jb 80f",
        "cmp rdx, [rip + {rep_from}]",
        "jae 70f",
        // Upwards: blocks of 64 to aligned addresses, then the last 64 and the first 16. Two in
        // a turn, as the end of a loop of many turns is not always foreseen.
        "60:",
        "movups xmm3, [rsi + rdx - 32]",
        "movups xmm7, [rsi + rdx - 48]",
        "movups xmm6, [rsi + rdx - 64]",
        "lea r8, [rdi + rdx - 64]",
        "sub rsi, rdi",
        "or rdi, 15",
        "inc rdi",
        "add rsi, rdi",
        ".p2align 5",
        "61:",
        "movups xmm2, [rsi]",
        "movups xmm4, [rsi + 16]",
        "movups xmm5, [rsi + 32]",
        "movups xmm8, [rsi + 48]",
        "add rsi, 64",
        "movaps [rdi], xmm2",
        "movaps [rdi + 16], xmm4",
        "movaps [rdi + 32], xmm5",
        "movaps [rdi + 48], xmm8",
        "add rdi, 64",
        "cmp r8, rdi",
        "jbe 62f",
        "movups xmm2, [rsi]",
        "movups xmm4, [rsi + 16]",
        "movups xmm5, [rsi + 32]",
        "movups xmm8, [rsi + 48]",
        "add rsi, 64",
        "movaps [rdi], xmm2",
        "movaps [rdi + 16], xmm4",
        "movaps [rdi + 32], xmm5",
        "movaps [rdi + 48], xmm8",
        "add rdi, 64",
        "cmp r8, rdi",
        "ja 61b",
        "62:",
        "movups [r8 + 48], xmm1",
        "movups [r8 + 32], xmm3",
        "movups [r8 + 16], xmm7",
        "movups [r8], xmm6",
        "movups [rax], xmm0",
        "ret",
        // The CPU's own copy, unless src lies inside dst: that is slow.
        "70:",
        "neg rcx",
        "cmp rcx, rdx",
        "jb 60b",
        "mov rcx, rdx",
        "rep movsb",
        "ret",
        // Downwards, then the first 64 and the last 16.
        "80:",
        "movups xmm2, [rsi + 16]",
        "movups xmm4, [rsi + 32]",
        "movups xmm5, [rsi + 48]",
        "lea r8, [rdi + 64]",
        "lea r9, [rdi + rdx - 1]",
        "lea rsi, [rsi + rdx - 1]",
        "mov rcx, r9",
        "and r9, -16",
        "sub rcx, r9",
        "sub rsi, rcx",
        ".p2align 6",
        "81:",
        "movups xmm3, [rsi - 16]",
        "movups xmm6, [rsi - 32]",
        "movups xmm7, [rsi - 48]",
        "movups xmm8, [rsi - 64]",
        "sub rsi, 64",
        "movaps [r9 - 16], xmm3",
        "movaps [r9 - 32], xmm6",
        "movaps [r9 - 48], xmm7",
        "movaps [r9 - 64], xmm8",
        "sub r9, 64",
        "cmp r9, r8",
        "ja 81b",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm2",
        "movups [rdi + 32], xmm4",
        "movups [rdi + 48], xmm5",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        // 0 to 15 bytes.
        "20:",
        "cmp edx, 8",
        "jae 21f",
        "cmp edx, 4",
        "jae 22f",
        "cmp edx, 1",
        "jb 24f",
        "movzx ecx, byte ptr [rsi]",
        "je 23f",
        "movzx esi, word ptr [rsi + rdx - 2]",
        "mov [rdi + rdx - 2], si",
        "23:",
        "mov [rdi], cl",
        "24:",
        "ret",
        "21:",
        "mov rcx, [rsi]",
        "mov rsi, [rsi + rdx - 8]",
        "mov [rdi], rcx",
        "mov [rdi + rdx - 8], rsi",
        "ret",
        "22:",
        "mov ecx, [rsi]",
        "mov esi, [rsi + rdx - 4]",
        "mov [rdi], ecx",
        "mov [rdi + rdx - 4], esi",
        "ret",
        rep_from = sym REP_FROM_BYTES,
    )
}

/// `void *memmove(void *dst, const void *src, size_t n)`
///
/// Source: C11 7.24.2.2.
pub use self::memcpy as memmove;

/// `void *memset(void *dst, int c, size_t n)`
///
/// Source: C11 7.24.6.1.
///
/// Keeps rbx, rbp, r9 to r15, xmm1 to xmm15.
///
/// # Safety
/// `dst` is valid for writing `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memset(dst: *mut c_void, c: c_int, n: usize) -> *mut c_void {
    naked_asm!(
        ".p2align 6",
        "mov rax, rdi",
        "cmp rdx, 16",
        "jb 20f",
        "movd xmm0, esi",
        "punpcklbw xmm0, xmm0",
        "pshuflw xmm0, xmm0, 0",
        "punpcklqdq xmm0, xmm0",
        "cmp rdx, 32",
        "ja 30f",
        "movups [rdi], xmm0",
        "movups [rdi + rdx - 16], xmm0",
        "ret",
        ".p2align 4",
        "30:",
        "cmp rdx, 64",
        "jbe 40f",
        "cmp rdx, [rip + {rep_from}]",
        "jae 60f",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm0",
        "movups [rdi + 32], xmm0",
        "movups [rdi + 48], xmm0",
        "lea r8, [rdi + rdx - 64]",
        "cmp rdx, 128",
        "jbe 52f",
        // Blocks of 64 to an aligned address between the ends.
        "add rdi, 64",
        "and rdi, -16",
        ".p2align 5",
        "51:",
        "movaps [rdi], xmm0",
        "movaps [rdi + 16], xmm0",
        "movaps [rdi + 32], xmm0",
        "movaps [rdi + 48], xmm0",
        "add rdi, 64",
        "cmp rdi, r8",
        "jb 51b",
        "52:",
        "movups [r8], xmm0",
        "movups [r8 + 16], xmm0",
        "movups [r8 + 32], xmm0",
        "movups [r8 + 48], xmm0",
        "ret",
        // 33 to 64 bytes.
        "40:",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm0",
        "movups [rdi + rdx - 32], xmm0",
        "movups [rdi + rdx - 16], xmm0",
        "ret",
        // 0 to 15 bytes.
        ".p2align 4",
        "20:",
        "cmp edx, 4",
        "jb 22f",
        "movzx esi, sil",
        "mov rcx, 0x0101010101010101",
        "imul rcx, rsi",
        "cmp edx, 8",
        "jae 21f",
        "mov [rdi], ecx",
        "mov [rdi + rdx - 4], ecx",
        "ret",
        "21:",
        "mov [rdi], rcx",
        "mov [rdi + rdx - 8], rcx",
        "ret",
        // First, last and middle one.
        "22:",
        "test edx, edx",
        "jz 23f",
        "mov [rdi], sil",
        "mov [rdi + rdx - 1], sil",
        "shr edx, 1",
        "mov [rdi + rdx], sil",
        "23:",
        "ret",
        "60:",
        "mov r8, rdi",
        "mov eax, esi",
        "mov rcx, rdx",
        "rep stosb",
        "mov rax, r8",
        "ret",
        rep_from = sym REP_FROM_BYTES,
    )
}
