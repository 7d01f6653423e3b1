//! `malloc`: blocks of any size out of page runs.

use core::ptr::NonNull;

use crate::errno::{Errno, Result};

/// Allocate `len_bytes` at a multiple of `align` (a power of two).
///
/// # Errors
/// `ENOMEM`: no room.
pub fn alloc(_len_bytes: usize, _align: usize) -> Result<NonNull<u8>> {
    Err(Errno::ENOMEM)
}

/// Give back a block.
///
/// # Safety
/// `block` came from [`alloc`], is not used again, and was not given back.
pub unsafe fn free(_block: NonNull<u8>) {}
