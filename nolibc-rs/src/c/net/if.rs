//! `<net/if.h>`: the network belongs to the program, so the library knows no
//! interfaces.

use core::ffi::{c_char, c_uint, c_void};
use core::ptr::null_mut;

use crate::c::result::set_errno;
use crate::errno::Errno;

/// 0 and `ENODEV`: no interface has this name.
///
/// # Safety
/// None: the name is not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn if_nametoindex(_name: *const c_char) -> c_uint {
    set_errno(Errno::ENODEV);
    0
}

/// Null and `ENXIO`: no interface has this number.
///
/// # Safety
/// None: nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn if_indextoname(_index: c_uint, _name: *mut c_char) -> *mut c_char {
    set_errno(Errno::ENXIO);
    null_mut()
}

/// `struct if_nameindex`.
#[repr(C)]
pub struct NameIndex {
    if_index: c_uint,
    if_name: *mut c_char,
}

// SAFETY: the only value has no name and is never changed.
unsafe impl Sync for NameIndex {}

/// A list of no interfaces.
static NONE: NameIndex = NameIndex {
    if_index: 0,
    if_name: null_mut(),
};

/// The list of interfaces, which is empty.
///
/// # Safety
/// None beyond the C ABI; the list must not be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn if_nameindex() -> *mut NameIndex {
    (&raw const NONE).cast_mut()
}

/// The empty list needs no memory.
///
/// # Safety
/// None: nothing is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn if_freenameindex(_list: *mut NameIndex) {}

const _: () = assert!(size_of::<NameIndex>() == 2 * size_of::<*mut c_void>());
