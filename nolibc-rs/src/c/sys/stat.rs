//! `<sys/stat.h>`

use core::ffi::{c_char, c_int};

use crate::c::result::zero_or_minus_one;
use crate::c::unistd::paths::check_flags;
use crate::c::{cstr, slice};
use crate::errno::{Errno, Result};
use crate::file::abi::{
    AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_EXCL, S_IFIFO, S_IFMT, S_IFREG, Stat, Timespec,
};
use crate::file::{self, Times};
use crate::platform;

/// As POSIX `fstatat`.
///
/// # Safety
/// As POSIX says: `path` is a string, `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstatat(
    directory: c_int,
    path: *const c_char,
    status: *mut Stat,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| {
        check_flags(flags, AT_SYMLINK_NOFOLLOW)?;
        let found = file::status(directory, path, flags == 0)?;
        // SAFETY: the caller's contract.
        unsafe { slice::store(status, found) }
    }))
}

/// As POSIX `stat`.
///
/// # Safety
/// As POSIX says: `path` is a string, `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stat(path: *const c_char, status: *mut Stat) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fstatat(AT_FDCWD, path, status, 0) }
}

/// As POSIX `lstat`.
///
/// # Safety
/// As POSIX says: `path` is a string, `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstat(path: *const c_char, status: *mut Stat) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW) }
}

/// As POSIX `fstat`.
///
/// # Safety
/// As POSIX says: `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstat(fd: c_int, status: *mut Stat) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(file::status_of(fd).and_then(|found| unsafe { slice::store(status, found) }))
}

/// As POSIX `mkdir`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { mkdirat(AT_FDCWD, path, mode) }
}

/// As POSIX `mkdirat`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdirat(directory: c_int, path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| file::make_directory(directory, path, mode)))
}

/// As POSIX `mkfifo`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkfifo(path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { mkfifoat(AT_FDCWD, path, mode) }
}

/// As POSIX `mkfifoat`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkfifoat(directory: c_int, path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| file::make_fifo(directory, path, mode)))
}

/// As POSIX `mknod`: regular files and FIFOs; `EPERM` for devices, which are
/// fixed.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mknod(path: *const c_char, mode: u32, _device: u64) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| match mode & S_IFMT {
        S_IFIFO => file::make_fifo(AT_FDCWD, path, mode),
        0 | S_IFREG => file::close(file::open(path, O_CREAT | O_EXCL, mode)?),
        _ => Err(Errno::EPERM),
    }))
}

/// As POSIX `umask`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn umask(mask: u32) -> u32 {
    file::set_umask(mask)
}

/// As POSIX `chmod`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chmod(path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fchmodat(AT_FDCWD, path, mode, 0) }
}

/// As POSIX `fchmod`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchmod(fd: c_int, mode: u32) -> c_int {
    zero_or_minus_one(file::change_mode_of(fd, mode))
}

/// As POSIX `fchmodat`; `EOPNOTSUPP` with `AT_SYMLINK_NOFOLLOW`: a link's mode is
/// fixed.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchmodat(
    directory: c_int,
    path: *const c_char,
    mode: u32,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| match flags {
        0 => file::change_mode(directory, path, mode),
        AT_SYMLINK_NOFOLLOW => Err(Errno::EOPNOTSUPP),
        _ => Err(Errno::EINVAL),
    }))
}

const UTIME_NOW: i64 = 0x3fff_ffff;
const UTIME_OMIT: i64 = 0x3fff_fffe;

/// Seconds and nanoseconds to nanoseconds; `EINVAL` for what is no time, or none
/// that 64 bits of nanoseconds can hold.
pub(crate) fn nanoseconds(seconds: i64, nanoseconds: i64) -> Result<i64> {
    if !(0..1_000_000_000).contains(&nanoseconds) {
        return Err(Errno::EINVAL);
    }
    let whole = seconds.checked_mul(1_000_000_000);
    whole
        .and_then(|whole| whole.checked_add(nanoseconds))
        .ok_or(Errno::EINVAL)
}

/// The wall clock for both.
pub(crate) fn times_now() -> Times {
    let now = Some(platform::clock_wall() as i64);
    Times {
        accessed: now,
        modified: now,
    }
}

/// The two times that `utimensat` is given; null means now.
///
/// # Safety
/// `times` is null or points to two.
unsafe fn times(times: *const Timespec) -> Result<Times> {
    // SAFETY: the caller's contract.
    let Some([accessed, modified]) = (unsafe { times.cast::<[Timespec; 2]>().as_ref() }) else {
        return Ok(times_now());
    };
    let one = |time: &Timespec| match time.tv_nsec {
        UTIME_OMIT => Ok(None),
        UTIME_NOW => Ok(Some(platform::clock_wall() as i64)),
        _ => nanoseconds(time.tv_sec, time.tv_nsec).map(Some),
    };
    Ok(Times {
        accessed: one(accessed)?,
        modified: one(modified)?,
    })
}

/// As POSIX `utimensat`.
///
/// # Safety
/// As POSIX says: `path` is a string, `new` is null or points to two times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn utimensat(
    directory: c_int,
    path: *const c_char,
    new: *const Timespec,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let (path, new) = unsafe { (cstr::bytes(path), times(new)) };
    zero_or_minus_one(path.and_then(|path| {
        check_flags(flags, AT_SYMLINK_NOFOLLOW)?;
        file::set_times(directory, path, new?, flags == 0)
    }))
}

/// As POSIX `futimens`.
///
/// # Safety
/// As POSIX says: `new` is null or points to two times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn futimens(fd: c_int, new: *const Timespec) -> c_int {
    // SAFETY: the caller's contract.
    let new = unsafe { times(new) };
    zero_or_minus_one(new.and_then(|new| file::set_times_of(fd, new)))
}
