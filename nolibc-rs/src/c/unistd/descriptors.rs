//! Descriptors: reading, writing, copying, closing them.

use core::ffi::{c_char, c_int, c_long, c_void};
use core::ptr::null_mut;

use crate::c::result::{or_minus_one, point, set_errno, zero_or_minus_one};
use crate::c::signal::SIGPIPE;
use crate::c::{signal, slice};
use crate::delivery::restart;
use crate::errno::{Errno, Result};
use crate::file::{self, abi};
use crate::thread::cancel;

/// As POSIX `read`.
///
/// # Safety
/// As POSIX says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, len: usize) -> isize {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes_mut(buffer, len) };
    let read = or_minus_one(bytes.and_then(|bytes| restart(|| file::read(fd, bytes))));
    point();
    read
}

/// A write to a pipe without readers sends `SIGPIPE`.
pub(crate) fn or_pipe_signal(written: Result<usize>) -> isize {
    if written == Err(Errno::EPIPE) {
        signal::send(SIGPIPE);
    }
    or_minus_one(written)
}

/// As POSIX `write`.
///
/// # Safety
/// As POSIX says: `buffer` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, len: usize) -> isize {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes(buffer, len) };
    let written = or_pipe_signal(bytes.and_then(|bytes| restart(|| file::write(fd, bytes))));
    point();
    written
}

fn offset(offset: i64) -> Result<u64> {
    u64::try_from(offset).map_err(|_| Errno::EINVAL)
}

/// As POSIX `pread`.
///
/// # Safety
/// As POSIX says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pread(fd: c_int, buffer: *mut c_void, len: usize, at: i64) -> isize {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes_mut(buffer, len) };
    or_minus_one(bytes.and_then(|bytes| file::read_at(fd, bytes, offset(at)?)))
}

/// As POSIX `pwrite`.
///
/// # Safety
/// As POSIX says: `buffer` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(fd: c_int, buffer: *const c_void, len: usize, at: i64) -> isize {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes(buffer, len) };
    or_pipe_signal(bytes.and_then(|bytes| file::write_at(fd, bytes, offset(at)?)))
}

/// As POSIX `close`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(fd: c_int) -> c_int {
    zero_or_minus_one(file::close(fd))
}

/// As POSIX `lseek`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lseek(fd: c_int, offset: i64, whence: c_int) -> i64 {
    or_minus_one(file::seek(fd, offset, whence))
}

/// As POSIX `dup`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup(fd: c_int) -> c_int {
    or_minus_one(file::dup(fd, 0, false))
}

/// As POSIX `dup2`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup2(fd: c_int, new_fd: c_int) -> c_int {
    or_minus_one(file::dup_to(fd, new_fd, false))
}

/// As POSIX `dup3`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup3(fd: c_int, new_fd: c_int, flags: c_int) -> c_int {
    if fd == new_fd || flags & !abi::O_CLOEXEC != 0 {
        return or_minus_one(Err::<c_int, _>(Errno::EINVAL));
    }
    or_minus_one(file::dup_to(fd, new_fd, flags != 0))
}

/// As POSIX `pipe2`. Reading an empty pipe or writing a full one without `O_NONBLOCK`, with no
/// thread left to change that, ends the machine with a report.
///
/// # Safety
/// As POSIX says: `fds` has room for two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pipe2(fds: *mut c_int, flags: c_int) -> c_int {
    if fds.is_null() {
        return zero_or_minus_one(Err(Errno::EFAULT));
    }
    let ends = file::pipe(flags);
    // SAFETY: not null, and room for two by the caller's contract.
    zero_or_minus_one(ends.map(|(read, write)| unsafe {
        fds.cast::<[c_int; 2]>().write([read, write]);
    }))
}

/// As POSIX `pipe`; see [`pipe2`].
///
/// # Safety
/// As POSIX says: `fds` has room for two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pipe(fds: *mut c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { pipe2(fds, 0) }
}

/// As POSIX `fsync`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    zero_or_minus_one(file::sync(fd))
}

/// As POSIX `fdatasync`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    zero_or_minus_one(file::sync(fd))
}

/// As POSIX `sync`: files live in memory, so there is nothing to do.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sync() {}

/// As POSIX `ftruncate`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate(fd: c_int, len: i64) -> c_int {
    zero_or_minus_one(file::resize_of(fd, len))
}

/// 1 for the console; else 0 and `errno`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn isatty(fd: c_int) -> c_int {
    match file::is_console(fd) {
        Ok(true) => return 1,
        Ok(false) => set_errno(Errno::ENOTTY),
        Err(error) => set_errno(error),
    }
    0
}

const CONSOLE_NAME: &core::ffi::CStr = c"/dev/console";

/// "/dev/console", or null and `errno`.
///
/// # Safety
/// None beyond the C ABI; the text must not be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ttyname(fd: c_int) -> *mut c_char {
    // SAFETY: it has no requirements.
    if unsafe { isatty(fd) } == 1 {
        CONSOLE_NAME.as_ptr().cast_mut()
    } else {
        null_mut()
    }
}

/// As POSIX `ttyname_r`; answers the error number.
///
/// # Safety
/// As POSIX says: `name` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ttyname_r(fd: c_int, name: *mut c_char, len: usize) -> c_int {
    let stored = match file::is_console(fd) {
        // SAFETY: the caller's contract.
        Ok(true) => unsafe { slice::store_string(name, len, CONSOLE_NAME.to_bytes()) },
        Ok(false) => Err(Errno::ENOTTY),
        Err(error) => Err(error),
    };
    stored.map_or_else(Errno::raw, |()| 0)
}

const F_ULOCK: c_int = 0;
const F_LOCK: c_int = 1;
const F_TLOCK: c_int = 2;
const F_TEST: c_int = 3;

/// As POSIX `lockf`, a cancellation point: record locks are between processes, and there is one, so
/// every lock is granted.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lockf(fd: c_int, command: c_int, _len: i64) -> c_int {
    cancel::test();
    let flags = file::status_flags(fd);
    zero_or_minus_one(flags.and_then(|flags| match command {
        F_LOCK | F_TLOCK if flags & abi::O_ACCMODE == 0 => Err(Errno::EBADF),
        F_ULOCK..=F_TEST => Ok(()),
        _ => Err(Errno::EINVAL),
    }))
}

/// As POSIX `fpathconf`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fpathconf(fd: c_int, name: c_int) -> c_long {
    let limit = file::check(fd).and_then(|()| super::system::path_limit(name));
    or_minus_one(limit)
}
