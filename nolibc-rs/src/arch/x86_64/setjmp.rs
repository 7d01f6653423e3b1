//! `setjmp` and `longjmp` (System V x86-64 psABI: what a callee keeps).
//!
//! A buffer holds, at offsets 0 to 56: rbx, rbp, r12, r13, r14, r15, rsp, rip;
//! at 64 whether a signal mask was saved, at 72 the mask. The x87 control word and
//! MXCSR are not kept, as in glibc.

use core::arch::naked_asm;
use core::ffi::c_int;

/// What `jmp_buf` holds.
#[repr(C)]
pub struct Context {
    registers: [u64; 8],
    /// Not 0: `mask` is to be restored.
    pub mask_saved: u64,
    /// The signal mask, with room for 1024 signals as in glibc.
    pub mask: [u64; 16],
}

const _: () = assert!(size_of::<Context>() == 200 && core::mem::offset_of!(Context, mask) == 72);

/// `int nolibc_setjmp(struct context *)`: changes rax, rdx.
///
/// # Safety
/// The context is not used after the caller returns.
#[unsafe(naked)]
pub unsafe extern "C" fn save(context: *mut Context) -> c_int {
    naked_asm!(
        "mov [rdi], rbx",
        "mov [rdi + 8], rbp",
        "mov [rdi + 16], r12",
        "mov [rdi + 24], r13",
        "mov [rdi + 32], r14",
        "mov [rdi + 40], r15",
        "lea rdx, [rsp + 8]",
        "mov [rdi + 48], rdx",
        "mov rdx, [rsp]",
        "mov [rdi + 56], rdx",
        "mov qword ptr [rdi + 64], 0",
        "xor eax, eax",
        "ret"
    )
}

/// `int nolibc_sigsetjmp(struct context *, int save_mask)`: changes rax, rdx
/// and what a call may change. `save_mask` completes the context; it gets rdi and esi.
///
/// # Safety
/// As for [`save`].
#[unsafe(naked)]
pub unsafe extern "C" fn save_with_mask(context: *mut Context, save_mask: c_int) -> c_int {
    naked_asm!(
        "mov [rdi], rbx",
        "mov [rdi + 8], rbp",
        "mov [rdi + 16], r12",
        "mov [rdi + 24], r13",
        "mov [rdi + 32], r14",
        "mov [rdi + 40], r15",
        "lea rdx, [rsp + 8]",
        "mov [rdi + 48], rdx",
        "mov rdx, [rsp]",
        "mov [rdi + 56], rdx",
        "jmp {mask}",
        mask = sym crate::thread::save_signal_mask,
    )
}

/// `void nolibc_longjmp(const struct context *, int value)`: returns from [`save`]
/// once more, with `value`, or with 1 when that is 0.
///
/// # Safety
/// The function that called [`save`] has not returned.
#[unsafe(naked)]
pub unsafe extern "C" fn restore(context: *const Context, value: c_int) -> ! {
    naked_asm!(
        "mov eax, esi",
        "cmp eax, 1",
        "adc eax, 0",
        "mov rbx, [rdi]",
        "mov rbp, [rdi + 8]",
        "mov r12, [rdi + 16]",
        "mov r13, [rdi + 24]",
        "mov r14, [rdi + 32]",
        "mov r15, [rdi + 40]",
        "mov rsp, [rdi + 48]",
        "jmp [rdi + 56]"
    )
}
