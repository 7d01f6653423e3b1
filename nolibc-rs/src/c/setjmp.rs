//! `<setjmp.h>`
//!
//! The symbols are the functions of [`crate::arch::setjmp`] themselves: no frame may
//! lie between them and their caller.

use core::ffi::c_int;

use crate::arch::setjmp::Context;
use crate::c::signal::sigprocmask;

const SIG_SETMASK: c_int = 2;

core::arch::global_asm!(
    ".macro nolibc_jump name, target",
    ".pushsection .text.\\name,\"ax\",@progbits",
    ".globl \\name",
    ".type \\name, @function",
    "\\name:",
    "jmp \\target",
    ".size \\name, . - \\name",
    ".popsection",
    ".endm",
    "nolibc_jump setjmp, {save}",
    "nolibc_jump _setjmp, {save}",
    "nolibc_jump sigsetjmp, {save_with_mask}",
    "nolibc_jump __sigsetjmp, {save_with_mask}",
    "nolibc_jump longjmp, {restore}",
    "nolibc_jump _longjmp, {restore}",
    ".purgem nolibc_jump",
    save = sym crate::arch::setjmp::save,
    save_with_mask = sym crate::arch::setjmp::save_with_mask,
    restore = sym crate::arch::setjmp::restore,
);

/// Return from [`sigsetjmp`](https://pubs.opengroup.org/onlinepubs/9799919799/) once more,
/// with the signal mask of then if it was saved.
///
/// # Safety
/// As C says: the function that called `sigsetjmp` has not returned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn siglongjmp(context: *const Context, value: c_int) -> ! {
    // SAFETY: the caller's contract.
    unsafe {
        if (*context).mask_saved != 0 {
            let mask = (&raw const (*context).mask).cast();
            sigprocmask(SIG_SETMASK, mask, core::ptr::null_mut());
        }
        crate::arch::setjmp::restore(context, value)
    }
}
