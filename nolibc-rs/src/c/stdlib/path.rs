//! `<stdlib.h>`: realpath, mkstemp and its relatives.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::c::result::{or_minus_one, set_errno};
use crate::c::{cstr, slice};
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{
    AT_FDCWD, O_ACCMODE, O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_RDWR, PATH_MAX,
};
use crate::{arch, heap};

/// As POSIX `realpath`; with a null `resolved` the answer is a new block.
///
/// # Safety
/// As POSIX says: `path` is a string, `resolved` is null or has room for
/// `PATH_MAX` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realpath(path: *const c_char, resolved: *mut c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { resolve(path, resolved) }.unwrap_or_else(|error| {
        set_errno(error);
        null_mut()
    })
}

/// # Safety
/// As [`realpath`].
unsafe fn resolve(path: *const c_char, resolved: *mut c_char) -> Result<*mut c_char> {
    if path.is_null() {
        return Err(Errno::EINVAL);
    }
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) }?;
    let mut buffer = [0; PATH_MAX];
    let start = file::real_path(path, &mut buffer[..PATH_MAX - 1])?;
    // The last byte is 0.
    let found = buffer.get(start..).unwrap_or_default();
    let to = if resolved.is_null() {
        heap::alloc(found.len(), 16)?.as_ptr().cast()
    } else {
        resolved
    };
    // SAFETY: `to` is a block of this length, or has room for `PATH_MAX` bytes.
    unsafe { slice::bytes_mut(to.cast(), found.len()) }?.copy_from_slice(found);
    Ok(to)
}

/// Tries before giving up on names that are all taken.
const TRIES: u32 = 10_000;

static TURN: AtomicU64 = AtomicU64::new(0);

/// Replace the six `X` at the end of `pattern` by
/// something new until `make` does not answer `EEXIST`.
///
/// # Safety
/// `pattern` is null or a string that may be changed.
unsafe fn with_new_name<T>(pattern: *mut c_char, make: impl Fn(&[u8]) -> Result<T>) -> Result<T> {
    if pattern.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: the caller's contract.
    let name = unsafe {
        let len = CStr::from_ptr(pattern).count_bytes();
        slice::bytes_mut(pattern.cast(), len)
    }?;
    if !name.ends_with(b"XXXXXX") {
        return Err(Errno::EINVAL);
    }
    let at = name.len() - 6;
    for _ in 0..TRIES {
        // Not a secret: it only has to differ.
        let turn = TURN.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mut value = turn ^ arch::cycle_counter();
        for letter in name.iter_mut().skip(at) {
            let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
            *letter = letters[(value % 36) as usize];
            value /= 36;
        }
        match make(name) {
            Err(Errno::EEXIST) => {}
            answer => {
                if answer.is_err() {
                    name.iter_mut().skip(at).for_each(|letter| *letter = b'X');
                }
                return answer;
            }
        }
    }
    Err(Errno::EEXIST)
}

/// As POSIX `mkostemp`.
///
/// # Safety
/// As POSIX says: `pattern` is a string that may be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkostemp(pattern: *mut c_char, flags: c_int) -> c_int {
    if flags & !(O_APPEND | O_CLOEXEC | O_ACCMODE) != 0 {
        return or_minus_one(Err::<c_int, _>(Errno::EINVAL));
    }
    let flags = flags & !O_ACCMODE | O_RDWR | O_CREAT | O_EXCL;
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { with_new_name(pattern, |name| file::open(name, flags, 0o600)) })
}

/// As POSIX `mkstemp`.
///
/// # Safety
/// As POSIX says: `pattern` is a string that may be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkstemp(pattern: *mut c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { mkostemp(pattern, 0) }
}

/// As POSIX `mkdtemp`.
///
/// # Safety
/// As POSIX says: `pattern` is a string that may be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdtemp(pattern: *mut c_char) -> *mut c_char {
    let make = |name: &[u8]| file::make_directory(AT_FDCWD, name, 0o700);
    // SAFETY: the caller's contract.
    match unsafe { with_new_name(pattern, make) } {
        Ok(()) => pattern,
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// As POSIX.1-2001 `mktemp`: a name that nothing has; the empty string if there is
/// none. Another thread may take it first.
///
/// # Safety
/// As POSIX says: `pattern` is a string that may be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mktemp(pattern: *mut c_char) -> *mut c_char {
    let free = |name: &[u8]| match file::status(AT_FDCWD, name, false) {
        Err(Errno::ENOENT) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(Errno::EEXIST),
    };
    // SAFETY: the caller's contract.
    if let Err(error) = unsafe { with_new_name(pattern, free) } {
        set_errno(error);
        if !pattern.is_null() {
            // SAFETY: not null, and a string that may be changed.
            unsafe { pattern.write(0) };
        }
    }
    pattern
}
