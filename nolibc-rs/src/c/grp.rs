//! `<grp.h>`: there are no groups, so nothing is found, which is no error.

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
    getgrnam(name: *const c_char);
    getgrgid(gid: u32);
    getgrent();
}

/// 0 and a null `result`: not found.
///
/// # Safety
/// As POSIX says: `result` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getgrnam_r(
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
pub unsafe extern "C" fn getgrgid_r(
    _id: u32,
    _entry: *mut c_void,
    _buffer: *mut c_char,
    _len: usize,
    result: *mut *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { slice::store(result, null_mut()) }.map_or_else(|error| error.raw(), |()| 0)
}

/// Start again at the first of no groups.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setgrent() {}

/// There is nothing open to close.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn endgrent() {}

/// Only no groups at all can be set: `EINVAL` otherwise.
///
/// # Safety
/// None: the groups are not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setgroups(count: usize, _groups: *const u32) -> c_int {
    let none = count == 0;
    crate::c::result::zero_or_minus_one(if none {
        Ok(())
    } else {
        Err(crate::Errno::EINVAL)
    })
}
