//! Files by their names.

use core::ffi::{c_char, c_int, c_long};
use core::ptr::null_mut;

use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::c::{cstr, slice};
use crate::errno::{Errno, Result};
use crate::file::abi::{AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW};
use crate::file::{self, Owner};
use crate::heap;

/// `EINVAL` if `flags` has other bits than `known`.
pub(crate) fn check_flags(flags: c_int, known: c_int) -> Result<()> {
    if flags & !known == 0 {
        Ok(())
    } else {
        Err(Errno::EINVAL)
    }
}

/// As POSIX `unlink`; a directory answers `EISDIR`, as on Linux.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| file::unlink(AT_FDCWD, path)))
}

/// As POSIX `unlinkat`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlinkat(directory: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| match flags {
        0 => file::unlink(directory, path),
        AT_REMOVEDIR => file::remove_directory(directory, path),
        _ => Err(Errno::EINVAL),
    }))
}

/// As POSIX `rmdir`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rmdir(path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| file::remove_directory(AT_FDCWD, path)))
}

/// As POSIX `chdir`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chdir(path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { cstr::bytes(path) }.and_then(file::change_directory))
}

/// As POSIX `fchdir`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchdir(fd: c_int) -> c_int {
    zero_or_minus_one(file::change_directory_to(fd))
}

/// As POSIX `getcwd`; with a null `buffer` the answer is a new block of `len`
/// bytes, or of 4096 if `len` is 0.
///
/// # Safety
/// As POSIX says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getcwd(buffer: *mut c_char, len: usize) -> *mut c_char {
    // SAFETY: the caller's contract.
    match unsafe { working_directory(buffer, len) } {
        Ok(path) => path,
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// # Safety
/// As [`getcwd`].
unsafe fn working_directory(buffer: *mut c_char, len: usize) -> Result<*mut c_char> {
    if !buffer.is_null() {
        // SAFETY: the caller's contract.
        unsafe { fill_working_directory(buffer, len) }?;
        return Ok(buffer);
    }
    let len = if len == 0 { 4096 } else { len };
    let block = heap::alloc(len, 16)?;
    // SAFETY: the block has `len` bytes.
    let filled = unsafe { fill_working_directory(block.as_ptr().cast(), len) };
    if filled.is_err() {
        // SAFETY: the block came from `alloc` and nobody else has it.
        unsafe { heap::free(block) };
    }
    filled.map(|()| block.as_ptr().cast())
}

/// # Safety
/// `buffer` has room for `len` bytes.
unsafe fn fill_working_directory(buffer: *mut c_char, len: usize) -> Result<()> {
    if len == 0 {
        return Err(Errno::EINVAL);
    }
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes_mut(buffer.cast(), len) }?;
    let (terminator, room) = bytes.split_last_mut().ok_or(Errno::ERANGE)?;
    *terminator = 0;
    let start = file::working_directory(room)?;
    bytes.copy_within(start.., 0);
    Ok(())
}

/// As POSIX `access`, for a superuser.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn access(path: *const c_char, mode: c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { faccessat(AT_FDCWD, path, mode, 0) }
}

/// As POSIX `faccessat`, for a superuser.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn faccessat(
    directory: c_int,
    path: *const c_char,
    mode: c_int,
    flags: c_int,
) -> c_int {
    // Effective and real user are the same, so `AT_EACCESS` changes nothing.
    let at_eaccess = AT_REMOVEDIR;
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| {
        check_flags(flags, at_eaccess | AT_SYMLINK_NOFOLLOW)?;
        file::access(directory, path, mode, flags & AT_SYMLINK_NOFOLLOW == 0)
    }))
}

/// As POSIX `truncate`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn truncate(path: *const c_char, len: i64) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| file::resize(path, len)))
}

/// As POSIX `link`; a symbolic link is itself linked.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn link(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { linkat(AT_FDCWD, from, AT_FDCWD, to, 0) }
}

/// As POSIX `linkat`.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn linkat(
    from_directory: c_int,
    from: *const c_char,
    to_directory: c_int,
    to: *const c_char,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let (from, to) = unsafe { (cstr::bytes(from), cstr::bytes(to)) };
    zero_or_minus_one(from.and_then(|from| {
        check_flags(flags, AT_SYMLINK_FOLLOW)?;
        file::link((from_directory, from), (to_directory, to?), flags != 0)
    }))
}

/// As POSIX `symlink`.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn symlink(target: *const c_char, path: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { symlinkat(target, AT_FDCWD, path) }
}

/// As POSIX `symlinkat`.
///
/// # Safety
/// As POSIX says: both are strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn symlinkat(
    target: *const c_char,
    directory: c_int,
    path: *const c_char,
) -> c_int {
    // SAFETY: the caller's contract.
    let (target, path) = unsafe { (cstr::bytes(target), cstr::bytes(path)) };
    zero_or_minus_one(target.and_then(|target| file::symlink(target, directory, path?)))
}

/// As POSIX `readlink`.
///
/// # Safety
/// As POSIX says: `path` is a string, `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readlink(path: *const c_char, buffer: *mut c_char, len: usize) -> isize {
    // SAFETY: the caller's contract.
    unsafe { readlinkat(AT_FDCWD, path, buffer, len) }
}

/// As POSIX `readlinkat`.
///
/// # Safety
/// As POSIX says: `path` is a string, `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readlinkat(
    directory: c_int,
    path: *const c_char,
    buffer: *mut c_char,
    len: usize,
) -> isize {
    // SAFETY: the caller's contract.
    let (path, room) = unsafe { (cstr::bytes(path), slice::bytes_mut(buffer.cast(), len)) };
    or_minus_one(path.and_then(|path| match room? {
        [] => Err(Errno::EINVAL),
        room => file::read_link(directory, path, room),
    }))
}

/// As POSIX `chown`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chown(path: *const c_char, owner: u32, group: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fchownat(AT_FDCWD, path, owner, group, 0) }
}

/// As POSIX `lchown`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lchown(path: *const c_char, owner: u32, group: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW) }
}

/// As POSIX `fchownat`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchownat(
    directory: c_int,
    path: *const c_char,
    owner: u32,
    group: u32,
    flags: c_int,
) -> c_int {
    let owner = Owner {
        uid: owner,
        gid: group,
    };
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    zero_or_minus_one(path.and_then(|path| {
        check_flags(flags, AT_SYMLINK_NOFOLLOW)?;
        file::change_owner(directory, path, owner, flags == 0)
    }))
}

/// As POSIX `fchown`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fchown(fd: c_int, owner: u32, group: u32) -> c_int {
    zero_or_minus_one(file::change_owner_of(
        fd,
        Owner {
            uid: owner,
            gid: group,
        },
    ))
}

/// As POSIX `pathconf`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pathconf(path: *const c_char, name: c_int) -> c_long {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    let status = path.and_then(|path| file::status(AT_FDCWD, path, true));
    or_minus_one(status.and_then(|_| super::system::path_limit(name)))
}
