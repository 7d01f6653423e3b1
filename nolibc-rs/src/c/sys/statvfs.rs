//! `<sys/statvfs.h>`

use core::ffi::{c_char, c_int, c_ulong};

use crate::c::result::zero_or_minus_one;
use crate::c::unistd::system::memory_pages;
use crate::c::{cstr, slice};
use crate::errno::Result;
use crate::file;
use crate::file::abi::{AT_FDCWD, NAME_MAX, Stat};

/// `struct statvfs`.
#[repr(C)]
pub struct Statvfs {
    f_bsize: c_ulong,
    f_frsize: c_ulong,
    f_blocks: u64,
    f_bfree: u64,
    f_bavail: u64,
    f_files: u64,
    f_ffree: u64,
    f_favail: u64,
    f_fsid: c_ulong,
    f_flag: c_ulong,
    f_namemax: c_ulong,
    reserved: [c_int; 6],
}

const _: () = assert!(size_of::<Statvfs>() == 112);

const ST_RDONLY: c_ulong = 1;

/// The file system of a file: the fixed one, or the one in memory, which shares
/// all of it with the program.
fn describe(status: Stat) -> Statvfs {
    let fixed = status.st_dev == 1;
    let (total, free) = if fixed { (0, 0) } else { memory_pages() };
    Statvfs {
        f_bsize: 4096,
        f_frsize: 4096,
        f_blocks: total as u64,
        f_bfree: free as u64,
        f_bavail: free as u64,
        f_files: total as u64,
        f_ffree: free as u64,
        f_favail: free as u64,
        f_fsid: status.st_dev,
        f_flag: if fixed { ST_RDONLY } else { 0 },
        f_namemax: NAME_MAX as c_ulong,
        reserved: [0; 6],
    }
}

/// # Safety
/// `to` is null or points to room.
unsafe fn answer(status: Result<Stat>, to: *mut Statvfs) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(status.and_then(|status| unsafe { slice::store(to, describe(status)) }))
}

/// As POSIX `statvfs`.
///
/// # Safety
/// As POSIX says: `path` is a string, `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn statvfs(path: *const c_char, status: *mut Statvfs) -> c_int {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    let found = path.and_then(|path| file::status(AT_FDCWD, path, true));
    // SAFETY: the caller's contract.
    unsafe { answer(found, status) }
}

/// As POSIX `fstatvfs`.
///
/// # Safety
/// As POSIX says: `status` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstatvfs(fd: c_int, status: *mut Statvfs) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { answer(file::status_of(fd), status) }
}
