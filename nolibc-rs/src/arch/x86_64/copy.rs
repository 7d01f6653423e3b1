//! `memcpy`, `memmove` and `memset`.
//!
//! In assembly, so that no compiler turns their loops into calls of themselves.
//! SSE2 is all they need. Copies and fills of at least [`REP_FROM_BYTES`] go to
//! `rep movsb` and `rep stosb` where [`detect`] has found those fast. Every size
//! up to 128 bytes is loaded completely before the first store, and longer copies
//! choose their direction, so `memcpy` is also right where the blocks overlap.

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
/// Keeps rbx, rbp, r10 to r15.
///
/// # Safety
/// `src` is valid for reading `n` bytes and `dst` for writing them.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memcpy(dst: *mut c_void, src: *const c_void, n: usize) -> *mut c_void {
    naked_asm!(
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
        // 0 to 15 bytes.
        ".p2align 4",
        "20:",
        "cmp edx, 8",
        "jae 21f",
        "cmp edx, 4",
        "jae 22f",
        "cmp edx, 1",
        "jbe 23f",
        "movzx ecx, word ptr [rsi]",
        "movzx esi, byte ptr [rsi + rdx - 1]",
        "mov [rdi], cx",
        "mov [rdi + rdx - 1], sil",
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
        "23:",
        "jb 24f",
        "movzx ecx, byte ptr [rsi]",
        "mov [rdi], cl",
        "24:",
        "ret",
        // 33 to 64 bytes.
        ".p2align 4",
        "30:",
        "cmp rdx, 64",
        "ja 40f",
        "movups xmm2, [rsi + 16]",
        "movups xmm3, [rsi + rdx - 32]",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm2",
        "movups [rdi + rdx - 32], xmm3",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        // 65 to 128 bytes.
        ".p2align 4",
        "40:",
        "cmp rdx, 128",
        "ja 50f",
        "movups xmm2, [rsi + 16]",
        "movups xmm3, [rsi + 32]",
        "movups xmm4, [rsi + 48]",
        "movups xmm5, [rsi + rdx - 64]",
        "movups xmm6, [rsi + rdx - 48]",
        "movups xmm7, [rsi + rdx - 32]",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm2",
        "movups [rdi + 32], xmm3",
        "movups [rdi + 48], xmm4",
        "movups [rdi + rdx - 64], xmm5",
        "movups [rdi + rdx - 48], xmm6",
        "movups [rdi + rdx - 32], xmm7",
        "movups [rdi + rdx - 16], xmm1",
        "ret",
        // More. xmm0 holds the first 16 bytes, xmm1 the last.
        ".p2align 4",
        "50:",
        "mov rcx, rdi",
        "sub rcx, rsi",
        "cmp rcx, rdx",
        "jb 70f",
        "cmp rdx, [rip + {rep_from}]",
        "jae 60f",
        // Upwards: blocks of 64 to an aligned destination, then the saved ends.
        "55:",
        "movups xmm5, [rsi + rdx - 64]",
        "movups xmm6, [rsi + rdx - 48]",
        "movups xmm7, [rsi + rdx - 32]",
        "lea r8, [rdi + rdx - 64]",
        "mov rcx, rdi",
        "and ecx, 15",
        "sub rcx, 16",
        "sub rsi, rcx",
        "sub rdi, rcx",
        ".p2align 4",
        "56:",
        "movups xmm2, [rsi]",
        "movups xmm3, [rsi + 16]",
        "movups xmm4, [rsi + 32]",
        "movups xmm8, [rsi + 48]",
        "movaps [rdi], xmm2",
        "movaps [rdi + 16], xmm3",
        "movaps [rdi + 32], xmm4",
        "movaps [rdi + 48], xmm8",
        "add rsi, 64",
        "add rdi, 64",
        "cmp rdi, r8",
        "jb 56b",
        "movups [r8], xmm5",
        "movups [r8 + 16], xmm6",
        "movups [r8 + 32], xmm7",
        "movups [r8 + 48], xmm1",
        "movups [rax], xmm0",
        "ret",
        // The CPU's own copy, unless src lies inside dst: that is slow.
        "60:",
        "neg rcx",
        "cmp rcx, rdx",
        "jb 55b",
        "mov rcx, rdx",
        "rep movsb",
        "ret",
        // Downwards, because dst lies inside src.
        ".p2align 4",
        "70:",
        "movups xmm5, [rsi + 16]",
        "movups xmm6, [rsi + 32]",
        "movups xmm7, [rsi + 48]",
        "lea r8, [rdi + 64]",
        "lea r9, [rdi + rdx]",
        "add rsi, rdx",
        "mov rcx, r9",
        "and ecx, 15",
        "sub rsi, rcx",
        "sub r9, rcx",
        ".p2align 4",
        "71:",
        "movups xmm2, [rsi - 16]",
        "movups xmm3, [rsi - 32]",
        "movups xmm4, [rsi - 48]",
        "movups xmm8, [rsi - 64]",
        "movaps [r9 - 16], xmm2",
        "movaps [r9 - 32], xmm3",
        "movaps [r9 - 48], xmm4",
        "movaps [r9 - 64], xmm8",
        "sub rsi, 64",
        "sub r9, 64",
        "cmp r9, r8",
        "ja 71b",
        "movups [rdi], xmm0",
        "movups [rdi + 16], xmm5",
        "movups [rdi + 32], xmm6",
        "movups [rdi + 48], xmm7",
        "movups [rax + rdx - 16], xmm1",
        "ret",
        rep_from = sym REP_FROM_BYTES,
    )
}

/// `void *memmove(void *dst, const void *src, size_t n)`
///
/// Source: C11 7.24.2.2. The [`memcpy`] here is right for overlapping blocks.
///
/// # Safety
/// `src` is valid for reading `n` bytes and `dst` for writing them.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memmove(dst: *mut c_void, src: *const c_void, n: usize) -> *mut c_void {
    naked_asm!("jmp {memcpy}", memcpy = sym memcpy)
}

/// `void *memset(void *dst, int c, size_t n)`
///
/// Source: C11 7.24.6.1.
///
/// Keeps rbx, rbp, r9 to r15.
///
/// # Safety
/// `dst` is valid for writing `n` bytes.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[unsafe(naked)]
pub unsafe extern "C" fn memset(dst: *mut c_void, c: c_int, n: usize) -> *mut c_void {
    naked_asm!(
        "movd xmm0, esi",
        "mov rax, rdi",
        "punpcklbw xmm0, xmm0",
        "pshuflw xmm0, xmm0, 0",
        "punpcklqdq xmm0, xmm0",
        "cmp rdx, 16",
        "jb 20f",
        "movups [rdi], xmm0",
        "movups [rdi + rdx - 16], xmm0",
        "cmp rdx, 32",
        "ja 30f",
        "ret",
        // 0 to 15 bytes.
        ".p2align 4",
        "20:",
        "movq rcx, xmm0",
        "cmp edx, 8",
        "jae 21f",
        "cmp edx, 4",
        "jae 22f",
        "cmp edx, 1",
        "jb 23f",
        "mov [rdi], cl",
        "je 23f",
        "mov [rdi + rdx - 2], cx",
        "23:",
        "ret",
        "21:",
        "mov [rdi], rcx",
        "mov [rdi + rdx - 8], rcx",
        "ret",
        "22:",
        "mov [rdi], ecx",
        "mov [rdi + rdx - 4], ecx",
        "ret",
        // 33 to 128 bytes; the first and the last 16 are written.
        ".p2align 4",
        "30:",
        "movups [rdi + 16], xmm0",
        "movups [rdi + rdx - 32], xmm0",
        "cmp rdx, 64",
        "ja 40f",
        "ret",
        "40:",
        "movups [rdi + 32], xmm0",
        "movups [rdi + 48], xmm0",
        "movups [rdi + rdx - 64], xmm0",
        "movups [rdi + rdx - 48], xmm0",
        "cmp rdx, 128",
        "ja 50f",
        "ret",
        // More; the first and the last 64 are written.
        ".p2align 4",
        "50:",
        "cmp rdx, [rip + {rep_from}]",
        "jae 60f",
        "lea r8, [rdi + rdx - 64]",
        "add rdi, 64",
        "and rdi, -16",
        ".p2align 4",
        "51:",
        "movaps [rdi], xmm0",
        "movaps [rdi + 16], xmm0",
        "movaps [rdi + 32], xmm0",
        "movaps [rdi + 48], xmm0",
        "add rdi, 64",
        "cmp rdi, r8",
        "jb 51b",
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
