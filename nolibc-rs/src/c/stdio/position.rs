//! Where in a file a stream is.

use core::ffi::{c_int, c_long};

use super::borrow;
use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::errno::Errno;
use crate::stream::Stream;

/// `fseek`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fseek(stream: *mut Stream, offset: c_long, whence: c_int) -> c_int {
    if !(0..=2).contains(&whence) {
        return zero_or_minus_one(Err(Errno::EINVAL));
    }
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { borrow(stream) }.lock().seek(offset, whence))
}

/// `fseeko`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fseeko(stream: *mut Stream, offset: i64, whence: c_int) -> c_int {
    if !(0..=2).contains(&whence) {
        return zero_or_minus_one(Err(Errno::EINVAL));
    }
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { borrow(stream) }.lock().seek(offset, whence))
}

/// `ftell`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftell(stream: *mut Stream) -> c_long {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { borrow(stream) }.lock().tell())
}

/// `ftello`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftello(stream: *mut Stream) -> i64 {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { borrow(stream) }.lock().tell())
}

/// `rewind`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rewind(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    if let Err(error) = unsafe { borrow(stream) }.lock().rewind() {
        set_errno(error);
    }
}

/// `fgetpos`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgetpos(stream: *mut Stream, position: *mut i64) -> c_int {
    // SAFETY: the caller's contract.
    let place = unsafe { borrow(stream) }.lock().tell();
    // SAFETY: the caller's contract.
    zero_or_minus_one(place.map(|place| unsafe { position.write(place) }))
}

/// `fsetpos`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsetpos(stream: *mut Stream, position: *const i64) -> c_int {
    // SAFETY: the caller's contract.
    let (stream, place) = unsafe { (borrow(stream), position.read()) };
    zero_or_minus_one(stream.lock().seek(place, 0))
}
