//! `<sys/ipc.h>`

use core::ffi::{c_char, c_int};

use crate::c::cstr;
use crate::c::result::or_minus_one;
use crate::file;
use crate::file::abi::AT_FDCWD;

/// As POSIX `ftok`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftok(path: *const c_char, project: c_int) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    let status = path.and_then(|path| file::status(AT_FDCWD, path, true));
    or_minus_one(status.map(|status| {
        let file = (status.st_ino & 0xffff) as c_int | ((status.st_dev & 0xff) as c_int * 65536);
        file | (project & 0xff) << 24
    }))
}
