//! Streams over memory.

use core::ffi::c_char;
use core::ptr::NonNull;

use crate::errno::Result;

/// `realloc` for a C string's block.
///
/// # Safety
/// `block` is null or a block of the heap's.
pub(super) unsafe fn grow(block: *mut c_char, len: usize) -> Result<*mut c_char> {
    let new = match NonNull::new(block.cast::<u8>()) {
        None => crate::heap::alloc(len, 16)?,
        // SAFETY: the caller's contract.
        Some(old) => unsafe { crate::heap::realloc(old, len)? },
    };
    Ok(new.as_ptr().cast())
}
