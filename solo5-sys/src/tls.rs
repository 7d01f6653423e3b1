//! `solo5_tls_*`: one thread's block, laid out as the linker expects it.
//!
//! Source: x86-64 psABI, TLS variant II, local-exec: the variables end where
//! the thread pointer points, and the first word there holds its own address.
//! The linker scripts set `_stdata` to the initial values, `_ltdata` to their
//! size and `_ltbss` so that the sum of both is the segment's size rounded up
//! to its alignment. Alignments above 64 are not served.

use core::ffi::c_int;

use crate::abi;
use crate::machine::Error;

const ALIGN: usize = 64;

unsafe extern "C" {
    static _stdata: u8;
    // Sizes, as the addresses of absolute symbols.
    static _ltdata: u8;
    static _ltbss: u8;
}

fn data_size() -> usize {
    (&raw const _ltdata).addr()
}

fn variables_size() -> usize {
    data_size() + (&raw const _ltbss).addr()
}

/// `solo5_tls_size`: the variables, the word at the thread pointer, and what
/// rounding the thread pointer up may take.
pub fn size() -> usize {
    variables_size() + size_of::<usize>() + ALIGN - 1
}

/// `solo5_tls_tp_offset`
pub fn thread_pointer(tls: usize) -> usize {
    tls.wrapping_add(variables_size() + ALIGN - 1) & !(ALIGN - 1)
}

/// `solo5_tls_init`
///
/// # Safety
/// `tls` is 0 or the start of [`size`] bytes that the caller owns, zeroed.
pub unsafe fn init(tls: usize) -> c_int {
    if tls == 0 {
        return Error::Invalid.raw();
    }
    let pointer = thread_pointer(tls);
    let variables = (pointer - variables_size()) as *mut u8;
    let word = pointer as *mut usize;
    // SAFETY: both lie within the block, which the caller owns; the initial
    // values are `data_size` bytes of the image.
    unsafe {
        variables.copy_from_nonoverlapping(&raw const _stdata, data_size());
        word.write(pointer);
    }
    abi::OK
}
