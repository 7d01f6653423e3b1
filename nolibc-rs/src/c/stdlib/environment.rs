//! `<stdlib.h>`: getenv and its relatives.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use crate::c::cstr::bytes;
use crate::c::result::zero_or_minus_one;
use crate::environ;
use crate::errno::{Errno, Result};

/// # Safety
/// As [`bytes`].
unsafe fn name<'a>(name: *const c_char) -> Result<&'a [u8]> {
    // SAFETY: the caller's contract.
    unsafe { bytes(name) }.map_err(|_| Errno::EINVAL)
}

/// The value of a variable, null if there is none.
///
/// Source: C11 7.22.4.6.
///
/// # Safety
/// As C says: `wanted` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getenv(wanted: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    let wanted = unsafe { name(wanted) };
    wanted
        .ok()
        .and_then(environ::get_pointer)
        .unwrap_or(null_mut())
}

/// As [`getenv`]: a program here never has more rights than its user.
///
/// # Safety
/// As [`getenv`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secure_getenv(wanted: *const c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe { getenv(wanted) }
}

/// Set a variable, unless it is there and `overwrite` is 0.
///
/// Source: POSIX.1-2024.
///
/// # Errors
/// `EINVAL`: the name is null, empty or has a `=`. `ENOMEM`: no room.
///
/// # Safety
/// Both are strings, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setenv(
    wanted: *const c_char,
    value: *const c_char,
    overwrite: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let (wanted, value) = unsafe { (name(wanted), name(value)) };
    let set = |wanted| environ::set(wanted, value?, overwrite != 0);
    zero_or_minus_one(wanted.and_then(set))
}

/// Remove a variable.
///
/// Source: POSIX.1-2024.
///
/// # Errors
/// `EINVAL`: the name is null, empty or has a `=`.
///
/// # Safety
/// `wanted` is a string, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unsetenv(wanted: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { name(wanted) }.and_then(environ::unset))
}

/// Make a string `NAME=value` itself part of the environment.
///
/// Source: POSIX.1-2024; without a `=` the variable is removed, as in glibc.
///
/// # Errors
/// `EINVAL`: the name is null or empty. `ENOMEM`: no room.
///
/// # Safety
/// The string stays live while it is in the environment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn putenv(assignment: *mut c_char) -> c_int {
    zero_or_minus_one(if assignment.is_null() {
        Err(Errno::EINVAL)
    } else {
        environ::put(assignment)
    })
}

/// Remove all variables. Answers 0.
///
/// Source: glibc clearenv(3).
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clearenv() -> c_int {
    environ::clear();
    0
}
