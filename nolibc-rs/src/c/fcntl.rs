//! `<fcntl.h>`; the variadic entry points are in csrc/variadic/fcntl.c.

use core::ffi::{c_char, c_int, c_void};

use crate::c::cstr;
use crate::c::result::or_minus_one;
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{self, AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY};
use crate::thread::cancel;

/// `openat` with all its arguments.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_openat(
    directory: c_int,
    path: *const c_char,
    flags: c_int,
    mode: u32,
) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    or_minus_one(path.and_then(|path| file::open_at(directory, path, flags, mode)))
}

/// As POSIX `creat`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creat(path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { nolibc_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode) }
}

const F_DUPFD: c_int = 0;
const F_GETFD: c_int = 1;
const F_SETFD: c_int = 2;
const F_GETFL: c_int = 3;
const F_SETFL: c_int = 4;
const F_GETLK: c_int = 5;
const F_SETLK: c_int = 6;
const F_SETLKW: c_int = 7;
const F_DUPFD_CLOEXEC: c_int = 1030;
const FD_CLOEXEC: c_int = 1;

const F_RDLCK: i16 = 0;
const F_WRLCK: i16 = 1;
const F_UNLCK: i16 = 2;

/// `struct flock`.
#[repr(C)]
pub struct Flock {
    l_type: i16,
    l_whence: i16,
    l_start: i64,
    l_len: i64,
    l_pid: c_int,
}

/// `fcntl` with its argument, which is a number or an address. With `F_SETLKW` a cancellation
/// point.
///
/// # Safety
/// As POSIX says: for a lock, `argument` points to a `struct flock`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_fcntl(fd: c_int, command: c_int, argument: *mut c_void) -> c_int {
    if command == F_SETLKW {
        cancel::test();
    }
    let number = argument as usize as c_int;
    or_minus_one(match command {
        F_DUPFD => file::dup(fd, number, false),
        F_DUPFD_CLOEXEC => file::dup(fd, number, true),
        F_GETFD => file::close_on_exec(fd).map(c_int::from),
        F_SETFD => file::set_close_on_exec(fd, number & FD_CLOEXEC != 0).map(|()| 0),
        F_GETFL => file::status_flags(fd),
        F_SETFL => file::set_status_flags(fd, number).map(|()| 0),
        // SAFETY: the caller's contract.
        F_GETLK | F_SETLK | F_SETLKW => unsafe { record_lock(fd, command, argument.cast()) },
        _ => file::check(fd).and(Err(Errno::EINVAL)),
    })
}

/// Record locks are between processes, and there is one: every lock is granted,
/// and nobody else holds any.
///
/// # Safety
/// `lock` is null or points to a `struct flock`.
unsafe fn record_lock(fd: c_int, command: c_int, lock: *mut Flock) -> Result<c_int> {
    let access = file::status_flags(fd)? & abi::O_ACCMODE;
    // SAFETY: the caller's contract.
    let lock = unsafe { lock.as_mut() }.ok_or(Errno::EFAULT)?;
    let whence_is_known = (0..=2).contains(&lock.l_whence);
    if !whence_is_known || !(F_RDLCK..=F_UNLCK).contains(&lock.l_type) {
        return Err(Errno::EINVAL);
    }
    let refused = match lock.l_type {
        F_RDLCK => access == O_WRONLY,
        F_WRLCK => access == abi::O_RDONLY,
        _ => false,
    };
    match command {
        F_GETLK => lock.l_type = F_UNLCK,
        _ if refused => return Err(Errno::EBADF),
        _ => {}
    }
    Ok(0)
}

/// Advice changes nothing for files in memory; answers the error number.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_fadvise(fd: c_int, _offset: i64, _len: i64, advice: c_int) -> c_int {
    match file::status_of(fd) {
        Err(error) => error.raw(),
        Ok(status) if status.st_mode & abi::S_IFMT == abi::S_IFIFO => Errno::ESPIPE.raw(),
        Ok(_) if !(0..=5).contains(&advice) => Errno::EINVAL.raw(),
        Ok(_) => 0,
    }
}

/// As POSIX `posix_fallocate`; answers the error number.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_fallocate(fd: c_int, offset: i64, len: i64) -> c_int {
    fallocate(fd, offset, len).map_or_else(Errno::raw, |()| 0)
}

fn fallocate(fd: c_int, offset: i64, len: i64) -> Result<()> {
    let status = file::status_of(fd)?;
    if offset < 0 || len <= 0 {
        return Err(Errno::EINVAL);
    }
    let end = offset.checked_add(len).ok_or(Errno::EFBIG)?;
    if file::status_flags(fd)? & abi::O_ACCMODE == abi::O_RDONLY {
        return Err(Errno::EBADF);
    }
    match status.st_mode & abi::S_IFMT {
        abi::S_IFREG if status.st_size >= end => Ok(()),
        abi::S_IFREG => file::resize_of(fd, end),
        abi::S_IFIFO => Err(Errno::ESPIPE),
        _ => Err(Errno::ENODEV),
    }
}
