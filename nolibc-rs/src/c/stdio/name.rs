//! Names of files, and messages.

use core::ffi::c_char;

use crate::c::cstr;
use crate::errno::Errno;
use crate::stream::STDERR;

/// `perror`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn perror(prefix: *const c_char) {
    // SAFETY: the block of the running thread is live.
    let number = unsafe { (*crate::tcb::current()).errno };
    let message = Errno::from_raw(number)
        .message()
        .unwrap_or(c"Unknown error");
    let mut out = STDERR.lock();
    // SAFETY: the caller's contract.
    let parts = match unsafe { cstr::bytes(prefix) } {
        Ok(prefix @ [_, ..]) => [prefix, b": ", message.to_bytes(), b"\n"],
        _ => [b"", b"", message.to_bytes(), b"\n"],
    };
    for part in parts {
        // perror has no way to tell; the stream's error indicator is set.
        let _ = out.write(part);
    }
}
