//! Who runs: one process, number 1, of the superuser, without a parent.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::errno::{Errno, Result};
use crate::file;

/// The only process.
pub const PROCESS: c_int = 1;

macro_rules! constants {
    ($($name:ident() -> $type:ty = $value:expr, $what:literal;)*) => {$(
        #[doc = $what]
        ///
        /// # Safety
        /// None beyond the C ABI.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name() -> $type {
            $value
        }
    )*};
}

constants! {
    getpid() -> c_int = PROCESS, "1: the only process.";
    getppid() -> c_int = 0, "0: nobody started it.";
    getpgrp() -> c_int = PROCESS, "1: it leads its group.";
    setpgrp() -> c_int = PROCESS, "1: it leads its group already.";
    getuid() -> u32 = 0, "0: the superuser.";
    geteuid() -> u32 = 0, "0: the superuser.";
    getgid() -> u32 = 0, "0: the superuser's group.";
    getegid() -> u32 = 0, "0: the superuser's group.";
}

macro_rules! only_zero {
    ($($name:ident($($argument:ident),*);)*) => {$(
        /// 0 is what it is; other users and groups do not exist: `EINVAL`.
        ///
        /// # Safety
        /// None beyond the C ABI.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: u32),*) -> c_int {
            let kept = |id: u32| id == 0;
            let all = true $(&& kept($argument))*;
            zero_or_minus_one(if all { Ok(()) } else { Err(Errno::EINVAL) })
        }
    )*};
}

only_zero! {
    setuid(uid);
    seteuid(uid);
    setgid(gid);
    setegid(gid);
}

fn both_kept(real: u32, effective: u32) -> c_int {
    let kept = |id: u32| id == 0 || id == u32::MAX;
    let all = kept(real) && kept(effective);
    zero_or_minus_one(if all { Ok(()) } else { Err(Errno::EINVAL) })
}

/// As POSIX `setreuid`, where the only user is 0.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setreuid(real: u32, effective: u32) -> c_int {
    both_kept(real, effective)
}

/// As POSIX `setregid`, where the only group is 0.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setregid(real: u32, effective: u32) -> c_int {
    both_kept(real, effective)
}

/// As Linux `gettid`: the number of the calling thread, 1 for the first one.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettid() -> c_int {
    (crate::thread::self_id() & c_int::MAX as usize) as c_int
}

/// `ESRCH` for a process that does not exist.
pub(crate) fn existing_process(pid: c_int) -> Result<c_int> {
    if pid == 0 || pid == PROCESS {
        Ok(PROCESS)
    } else {
        Err(Errno::ESRCH)
    }
}

/// As POSIX `getpgid`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getpgid(pid: c_int) -> c_int {
    or_minus_one(existing_process(pid))
}

/// As POSIX `getsid`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getsid(pid: c_int) -> c_int {
    or_minus_one(existing_process(pid))
}

/// As POSIX `setpgid`: the process leads its session, so only what is already so
/// can be set.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setpgid(pid: c_int, group: c_int) -> c_int {
    zero_or_minus_one(existing_process(pid).and(match group {
        0 | PROCESS => Ok(()),
        ..0 => Err(Errno::EINVAL),
        _ => Err(Errno::EPERM),
    }))
}

/// No supplementary groups.
///
/// # Safety
/// As POSIX says; nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getgroups(count: c_int, _groups: *mut u32) -> c_int {
    or_minus_one(if count < 0 { Err(Errno::EINVAL) } else { Ok(0) })
}

/// Null and `ENOTTY`: nobody logged in.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getlogin() -> *mut c_char {
    set_errno(Errno::ENOTTY);
    null_mut()
}

/// `ENOTTY`: nobody logged in.
///
/// # Safety
/// As POSIX says; nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getlogin_r(_name: *mut c_char, _len: usize) -> c_int {
    Errno::ENOTTY.raw()
}

pub(crate) fn no_controlling_terminal(fd: c_int) -> c_int {
    or_minus_one(file::check(fd).and(Err::<c_int, _>(Errno::ENOTTY)))
}

/// `ENOTTY`: the console controls nobody.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcgetpgrp(fd: c_int) -> c_int {
    no_controlling_terminal(fd)
}

/// `ENOTTY`: the console controls nobody.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcsetpgrp(fd: c_int, _group: c_int) -> c_int {
    no_controlling_terminal(fd)
}
