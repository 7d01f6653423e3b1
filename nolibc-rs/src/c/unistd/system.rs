//! Limits and names of the system.

use core::ffi::{c_char, c_int, c_long};

use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::c::slice;
use crate::errno::{Errno, Result};
use crate::file::abi::{NAME_MAX, OPEN_MAX, PATH_MAX, PIPE_BUF};
use crate::sync::Lock;

const PAGE_BYTES: c_long = 4096;
const POSIX_VERSION: c_long = 200_809;

/// What `sysconf` answers; `None`: no limit, or not offered. The numbers are
/// those of `<unistd.h>`.
fn system_limit(name: c_int) -> Result<Option<c_long>> {
    let value = match name {
        0 => 131_072,                       // ARG_MAX
        1 => 0,                             // CHILD_MAX
        2 => 100,                           // CLK_TCK
        3 => 0,                             // NGROUPS_MAX
        4 => OPEN_MAX as c_long,            // OPEN_MAX
        5 => 16,                            // STREAM_MAX
        6 => 6,                             // TZNAME_MAX
        11 | 14..=16 | 29 => POSIX_VERSION, // TIMERS SYNCHRONIZED_IO FSYNC MAPPED_FILES VERSION
        30 => PAGE_BYTES,                   // PAGESIZE
        21 => POSIX_VERSION,                // SEMAPHORES
        33 => c_int::MAX.into(),            // SEM_VALUE_MAX
        43 => 2048,                         // LINE_MAX
        44 => 255,                          // RE_DUP_MAX
        60 => super::super::sys::uio::IOV_MAX as c_long,
        67 | 68 | 77 | 78 => POSIX_VERSION, // THREADS and attributes of their stacks
        69 | 70 => 1024,                    // GETGR_R_SIZE_MAX GETPW_R_SIZE_MAX
        71 => 256,                          // LOGIN_NAME_MAX
        72 => 32,                           // TTY_NAME_MAX
        73 => 4,                            // THREAD_DESTRUCTOR_ITERATIONS
        74 => 128,                          // THREAD_KEYS_MAX
        75 => 16384,                        // THREAD_STACK_MIN
        83 => crate::platform::cpu_count() as c_long, // NPROCESSORS_CONF
        84 => crate::thread::cpu::count() as c_long, // NPROCESSORS_ONLN
        85 => memory_pages().0,             // PHYS_PAGES
        86 => memory_pages().1,             // AVPHYS_PAGES
        138 | 139 => POSIX_VERSION,         // CPUTIME THREAD_CPUTIME
        133 | 137 | 149 | 153 | 154 | 164 => POSIX_VERSION, // BARRIERS CLOCK_SELECTION MONOTONIC_CLOCK READER_WRITER_LOCKS SPIN_LOCKS TIMEOUTS
        173 => 40,                                          // SYMLOOP_MAX
        180 => HOST_NAME_MAX as c_long,                     // HOST_NAME_MAX
        190 => 64,                                          // LEVEL1_DCACHE_LINESIZE
        7..=256 => return Ok(None),
        _ => return Err(Errno::EINVAL),
    };
    Ok(Some(value))
}

/// Pages in all, and free ones.
pub(crate) fn memory_pages() -> (c_long, c_long) {
    crate::heap::with(|heap| {
        let all = heap.pages.total_units() / crate::pages::PAGE_UNITS;
        let free = heap.pages.free_bytes() / crate::pages::PAGE_BYTES;
        (c_long::from(all), free as c_long)
    })
}

/// As POSIX `sysconf`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sysconf(name: c_int) -> c_long {
    or_minus_one(system_limit(name).map(|limit| limit.unwrap_or(-1)))
}

/// What `pathconf` answers; the numbers are those of `<unistd.h>`.
pub(super) fn path_limit(name: c_int) -> Result<c_long> {
    match name {
        0 => Ok(c_int::MAX.into()),       // LINK_MAX
        3 => Ok(NAME_MAX as c_long),      // NAME_MAX
        4 => Ok(PATH_MAX as c_long),      // PATH_MAX
        5 => Ok(PIPE_BUF as c_long),      // PIPE_BUF
        6 | 7 => Ok(1),                   // CHOWN_RESTRICTED NO_TRUNC
        8 => Ok(0),                       // VDISABLE
        13 => Ok(64),                     // FILESIZEBITS
        14..=18 => Ok(PAGE_BYTES),        // REC_*, ALLOC_SIZE_MIN
        19 => Ok(PATH_MAX as c_long - 1), // SYMLINK_MAX
        20 => Ok(1),                      // 2_SYMLINKS
        1 | 2 | 9..=12 => Ok(-1),
        _ => Err(Errno::EINVAL),
    }
}

/// 4096.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getpagesize() -> c_int {
    PAGE_BYTES as c_int
}

/// How many descriptors there can be.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getdtablesize() -> c_int {
    OPEN_MAX as c_int
}

/// As POSIX `confstr`; only `_CS_PATH` has a value, and it is empty: no program
/// can be started.
///
/// # Safety
/// As POSIX says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn confstr(name: c_int, buffer: *mut c_char, len: usize) -> usize {
    if name != 0 {
        set_errno(Errno::EINVAL);
        return 0;
    }
    if !buffer.is_null() && len != 0 {
        // SAFETY: not null, and room for a byte by the caller's contract.
        unsafe { buffer.write(0) };
    }
    1
}

const HOST_NAME_MAX: usize = 64;

/// The host's name and its length; a length of 0 means the name at boot.
static HOST_NAME: Lock<([u8; HOST_NAME_MAX], usize)> = Lock::new(([0; HOST_NAME_MAX], 0));

/// Call `use_name` with the name of this machine.
pub(crate) fn with_host_name<T>(use_name: impl FnOnce(&[u8]) -> T) -> T {
    let name = HOST_NAME.lock();
    match name.0.get(..name.1) {
        None | Some([]) => use_name(b"localhost"),
        Some(name) => use_name(name),
    }
}

/// The name that `sethostname` set, "localhost" before; `ENAMETOOLONG` if it does
/// not fit.
///
/// # Safety
/// As POSIX says: `name` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostname(name: *mut c_char, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    let stored = with_host_name(|text| unsafe { slice::store_string(name, len, text) });
    zero_or_minus_one(stored.map_err(|error| match error {
        Errno::ERANGE => Errno::ENAMETOOLONG,
        other => other,
    }))
}

/// As Linux `sethostname`: at most 64 bytes.
///
/// # Safety
/// As Linux says: `name` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sethostname(name: *const c_char, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes(name.cast(), len) };
    zero_or_minus_one(bytes.and_then(|bytes| {
        let mut name = HOST_NAME.lock();
        let room = name.0.get_mut(..bytes.len()).ok_or(Errno::EINVAL)?;
        room.copy_from_slice(bytes);
        name.1 = bytes.len();
        Ok(())
    }))
}

/// 0: nobody gave this machine a number.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostid() -> c_long {
    0
}

/// As POSIX `getentropy`: random bytes of the CPU or the machine, never weak ones.
///
/// # Errors
/// -1, and `errno` is `EIO`: `len` is above 256, or the source failed; `ENOSYS`:
/// there is no source; `EFAULT`: null.
///
/// # Safety
/// As POSIX says: `buffer` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getentropy(buffer: *mut core::ffi::c_void, len: usize) -> c_int {
    if len > 256 {
        return zero_or_minus_one(Err(Errno::EIO));
    }
    // SAFETY: the caller's contract.
    let bytes = unsafe { slice::bytes_mut(buffer, len) };
    zero_or_minus_one(bytes.and_then(crate::entropy::fill))
}
