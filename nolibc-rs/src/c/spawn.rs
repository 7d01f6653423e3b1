//! `<spawn.h>`: attributes and actions are kept as POSIX describes them, and
//! starting a process answers `ENOSYS`.

use core::ffi::{c_char, c_int, c_short, c_void};

use crate::c::signal::SigSet;
use crate::errno::Errno;

/// `posix_spawnattr_t`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Attributes {
    flags: c_short,
    policy: c_short,
    group: c_int,
    defaults: SigSet,
    mask: SigSet,
    priority: c_int,
}

/// `posix_spawn_file_actions_t`: how many there are; nobody will carry them out.
#[repr(C)]
pub struct Actions {
    count: c_int,
    actions: *mut c_void,
}

/// `ENOSYS`: one program owns the machine.
///
/// # Safety
/// None: no argument is looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn(
    _pid: *mut c_int,
    _path: *const c_char,
    _actions: *const Actions,
    _attributes: *const Attributes,
    _argv: *const *mut c_char,
    _envp: *const *mut c_char,
) -> c_int {
    Errno::ENOSYS.raw()
}

/// `ENOSYS`: one program owns the machine.
///
/// # Safety
/// None: no argument is looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawnp(
    _pid: *mut c_int,
    _file: *const c_char,
    _actions: *const Actions,
    _attributes: *const Attributes,
    _argv: *const *mut c_char,
    _envp: *const *mut c_char,
) -> c_int {
    Errno::ENOSYS.raw()
}

/// Replace `*object` by what `change` makes of it; `EINVAL` for null.
///
/// # Safety
/// `object` is null or points to a `T`.
unsafe fn update<T>(object: *mut T, change: impl FnOnce(&mut T)) -> c_int {
    // SAFETY: the caller's contract.
    match unsafe { object.as_mut() } {
        Some(object) => {
            change(object);
            0
        }
        None => Errno::EINVAL.raw(),
    }
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `actions` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn_file_actions_init(actions: *mut Actions) -> c_int {
    if actions.is_null() {
        return Errno::EINVAL.raw();
    }
    let none = Actions {
        count: 0,
        actions: core::ptr::null_mut(),
    };
    // SAFETY: not null, and room by the caller's contract.
    unsafe { actions.write(none) };
    0
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `actions` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn_file_actions_destroy(actions: *mut Actions) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { update(actions, |actions| actions.count = 0) }
}

/// # Safety
/// `actions` is null or was initialised.
unsafe fn add(actions: *mut Actions, fd: c_int) -> c_int {
    if fd < 0 {
        return Errno::EBADF.raw();
    }
    // SAFETY: the caller's contract.
    unsafe { update(actions, |actions| actions.count += 1) }
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `actions` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn_file_actions_addclose(
    actions: *mut Actions,
    fd: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { add(actions, fd) }
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `actions` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn_file_actions_adddup2(
    actions: *mut Actions,
    fd: c_int,
    new_fd: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { add(actions, fd.min(new_fd)) }
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `actions` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawn_file_actions_addopen(
    actions: *mut Actions,
    fd: c_int,
    _path: *const c_char,
    _flags: c_int,
    _mode: u32,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { add(actions, fd) }
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `attributes` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawnattr_init(attributes: *mut Attributes) -> c_int {
    if attributes.is_null() {
        return Errno::EINVAL.raw();
    }
    let none = Attributes {
        flags: 0,
        policy: 0,
        group: 0,
        defaults: SigSet::EMPTY,
        mask: SigSet::EMPTY,
        priority: 0,
    };
    // SAFETY: not null, and room by the caller's contract.
    unsafe { attributes.write(none) };
    0
}

/// As POSIX says; answers the error number.
///
/// # Safety
/// As POSIX says: `attributes` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_spawnattr_destroy(attributes: *mut Attributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { update(attributes, |_| {}) }
}

macro_rules! attribute {
    ($get:ident, $set:ident: $field:ident $value:ident) => {
        /// As POSIX says; answers the error number.
        ///
        /// # Safety
        /// As POSIX says: `attributes` was initialised, `value` points to room.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $get(attributes: *const Attributes, value: *mut $value) -> c_int {
            if attributes.is_null() || value.is_null() {
                return Errno::EINVAL.raw();
            }
            // SAFETY: not null, the rest is the caller's contract.
            unsafe { *value = (*attributes).$field };
            0
        }

        attribute!(@set $set $field $value);
    };
    (@set $set:ident $field:ident SigSet) => {
        /// As POSIX says; answers the error number.
        ///
        /// # Safety
        /// As POSIX says: `attributes` was initialised, `value` points to a set.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $set(attributes: *mut Attributes, value: *const SigSet) -> c_int {
            if value.is_null() {
                return Errno::EINVAL.raw();
            }
            // SAFETY: the caller's contract.
            unsafe { update(attributes, |attributes| attributes.$field = *value) }
        }
    };
    (@set $set:ident $field:ident $value:ident) => {
        /// As POSIX says; answers the error number.
        ///
        /// # Safety
        /// As POSIX says: `attributes` was initialised.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $set(attributes: *mut Attributes, value: $value) -> c_int {
            // SAFETY: the caller's contract.
            unsafe { update(attributes, |attributes| attributes.$field = value) }
        }
    };
}

attribute!(posix_spawnattr_getflags, posix_spawnattr_setflags: flags c_short);
attribute!(posix_spawnattr_getpgroup, posix_spawnattr_setpgroup: group c_int);
attribute!(posix_spawnattr_getsigdefault, posix_spawnattr_setsigdefault: defaults SigSet);
attribute!(posix_spawnattr_getsigmask, posix_spawnattr_setsigmask: mask SigSet);
