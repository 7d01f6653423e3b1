//! `<pwd.h>`: there are no users, so nothing is found, which is no error.

use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

use crate::c::slice;

macro_rules! not_found {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {$(
        /// Null without a change of `errno`: not found.
        ///
        /// # Safety
        /// None: no argument is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> *mut c_void {
            $(let _ = $argument;)*
            null_mut()
        }
    )*};
}

not_found! {
    getpwnam(name: *const c_char);
    getpwuid(uid: u32);
    getpwent();
}

/// 0 and a null `result`: not found.
///
/// # Safety
/// As POSIX says: `result` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getpwnam_r(
    _name: *const c_char,
    _entry: *mut c_void,
    _buffer: *mut c_char,
    _len: usize,
    result: *mut *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { slice::store(result, null_mut()) }.map_or_else(|error| error.raw(), |()| 0)
}

/// 0 and a null `result`: not found.
///
/// # Safety
/// As POSIX says: `result` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getpwuid_r(
    _id: u32,
    _entry: *mut c_void,
    _buffer: *mut c_char,
    _len: usize,
    result: *mut *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { slice::store(result, null_mut()) }.map_or_else(|error| error.raw(), |()| 0)
}

/// Start again at the first of no users.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setpwent() {}

/// There is nothing open to close.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn endpwent() {}
