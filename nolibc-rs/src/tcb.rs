//! What the thread register points to.
//!
//! The ABI fixes the first word (a pointer to itself, x86-64 psABI TLS variant
//! II) and the canary at offset 0x28 (gcc's default stack protector). `errno`
//! sits at an offset that glibc's own block leaves unused, so that
//! the same code runs in a host process.

use core::ffi::c_int;

/// The block at the thread pointer.
#[repr(C)]
pub struct Tcb {
    /// Points to this block.
    pub this: *mut Tcb,
    reserved0: [usize; 4],
    /// gcc's stack canary, for code compiled with the TLS guard.
    pub canary: usize,
    reserved1: [usize; 4],
    /// The calling thread's `errno`.
    pub errno: c_int,
    reserved2: c_int,
    /// The thread that runs on this block.
    pub thread: *mut crate::thread::Thread,
}

const _: () = {
    assert!(core::mem::offset_of!(Tcb, canary) == 0x28);
    assert!(core::mem::offset_of!(Tcb, errno) == 0x50);
};

/// The calling thread's block.
pub fn current() -> *mut Tcb {
    crate::arch::thread_pointer().cast()
}

/// Set the calling thread's `errno`.
pub fn set_errno(number: c_int) {
    // SAFETY: the block of the running thread is live and no other thread
    // touches this field.
    unsafe { (*current()).errno = number }
}
