//! Names of files, and messages.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use super::open::fdopen;
use crate::c::result::zero_or_minus_one;
use crate::c::stdlib::path::{mkostemp, mktemp};
use crate::c::unistd::paths::unlink;
use crate::c::{cstr, slice};
use crate::errno::Errno;
use crate::file;
use crate::file::abi::{AT_FDCWD, O_CLOEXEC};
use crate::stream::{STDERR, Stream};

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

/// As C11 and POSIX `remove`: a name, be it a file's or an empty directory's.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remove(path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { cstr::bytes(path) }.and_then(file::remove))
}

/// As POSIX `rename`.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(old_path: *const c_char, new_path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { renameat(AT_FDCWD, old_path, AT_FDCWD, new_path) }
}

/// As POSIX `renameat`.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn renameat(
    old_directory: c_int,
    old_path: *const c_char,
    new_directory: c_int,
    new_path: *const c_char,
) -> c_int {
    // SAFETY: the caller's contract.
    let (old, new) = unsafe { (cstr::bytes(old_path), cstr::bytes(new_path)) };
    zero_or_minus_one(old.and_then(|old| file::rename((old_directory, old), (new_directory, new?))))
}

/// `L_tmpnam`
const NAME_BYTES: usize = 20;

/// What `tmpnam(NULL)` answered last.
static mut LAST_NAME: [c_char; NAME_BYTES] = [0; NAME_BYTES];

/// As C11 `tmpnam`; null if there is no free name. With null the next call
/// overwrites the answer.
///
/// # Safety
/// As C11 says: `name` is null or has room for `L_tmpnam` bytes; with null, one
/// thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tmpnam(name: *mut c_char) -> *mut c_char {
    let buffer = if name.is_null() {
        (&raw mut LAST_NAME).cast()
    } else {
        name
    };
    // SAFETY: the buffer has room for `L_tmpnam` bytes, and `mktemp` is given a
    // string in it.
    unsafe {
        let stored = slice::store_string(buffer, NAME_BYTES, b"/tmp/tmp.XXXXXX");
        if stored.is_err() || *mktemp(buffer) == 0 {
            return null_mut();
        }
    }
    buffer
}

/// As C11 `tmpfile`: the file has no name, so it ends with its stream.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tmpfile() -> *mut Stream {
    let mut name = *b"/tmp/tmp.XXXXXX\0";
    // SAFETY: a string that may be changed.
    let fd = unsafe { mkostemp(name.as_mut_ptr().cast(), O_CLOEXEC) };
    if fd < 0 {
        return null_mut();
    }
    // SAFETY: both are strings.
    let stream = unsafe {
        unlink(name.as_ptr().cast());
        fdopen(fd, c"w+".as_ptr())
    };
    if stream.is_null() {
        // `errno` says why there is no stream; the descriptor was just opened.
        let _ = file::close(fd);
    }
    stream
}
