//! `<sys/random.h>`; `getentropy` is in `unistd`.

use core::ffi::{c_uint, c_void};

use crate::c::result::or_minus_one;
use crate::c::slice;
use crate::entropy;
use crate::errno::Errno;

const GRND_NONBLOCK: c_uint = 1;
const GRND_RANDOM: c_uint = 2;

/// As Linux `getrandom`: random bytes of the CPU or the machine, never weak ones.
///
/// # Errors
/// -1, and `errno` is `EINVAL`: unknown flags; `ENOSYS`: there is no source; `EIO`:
/// it failed; `EFAULT`: null.
///
/// # Safety
/// As Linux says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrandom(buffer: *mut c_void, len: usize, flags: c_uint) -> isize {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes_mut(buffer, len) };
    or_minus_one(bytes.and_then(|bytes| {
        if flags & !(GRND_NONBLOCK | GRND_RANDOM) != 0 {
            return Err(Errno::EINVAL);
        }
        entropy::fill(bytes)?;
        Ok(bytes.len())
    }))
}
