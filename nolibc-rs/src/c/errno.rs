//! `<errno.h>`

use core::ffi::c_int;

/// Where the calling thread's `errno` is.
///
/// Source: Linux Standard Base 5.0.
#[unsafe(no_mangle)]
pub extern "C" fn __errno_location() -> *mut c_int {
    let block = crate::tcb::current();
    // SAFETY: the block of the running thread is live; nothing is read.
    unsafe { &raw mut (*block).errno }
}
