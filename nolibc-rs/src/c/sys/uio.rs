//! `<sys/uio.h>`

use core::ffi::{c_int, c_void};

use crate::c::result::or_minus_one;
use crate::c::slice;
use crate::c::unistd::descriptors::or_pipe_signal;
use crate::errno::{Errno, Result};
use crate::file;

/// One call takes at most so many.
pub const IOV_MAX: usize = 1024;

/// `struct iovec`.
#[repr(C)]
pub struct Iovec {
    iov_base: *mut c_void,
    iov_len: usize,
}

/// Apply `step` to one piece after the other, with the offset in all of them,
/// until one is not done completely; an error counts only at the start.
///
/// # Safety
/// `vectors` is null or points to `count` of them.
unsafe fn each(
    vectors: *const Iovec,
    count: c_int,
    mut step: impl FnMut(&Iovec, u64) -> Result<usize>,
) -> Result<usize> {
    // SAFETY: the caller's contract.
    let vectors = unsafe { slice::objects(vectors, count) }?;
    let total = vectors
        .iter()
        .try_fold(0usize, |sum, vector| sum.checked_add(vector.iov_len));
    let fits = total.is_some_and(|total| isize::try_from(total).is_ok());
    if vectors.is_empty() || vectors.len() > IOV_MAX || !fits {
        return Err(Errno::EINVAL);
    }
    let mut done = 0;
    for vector in vectors {
        match step(vector, done as u64) {
            Ok(count) => {
                done += count;
                if count < vector.iov_len {
                    break;
                }
            }
            Err(error) if done == 0 => return Err(error),
            Err(_) => break,
        }
    }
    Ok(done)
}

fn offset(at: i64, done: u64) -> Result<u64> {
    let at = u64::try_from(at).map_err(|_| Errno::EINVAL)?;
    at.checked_add(done).ok_or(Errno::EINVAL)
}

/// As POSIX `readv`.
///
/// # Safety
/// As POSIX says: `vectors` has `count` entries, each with its room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readv(fd: c_int, vectors: *const Iovec, count: c_int) -> isize {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe {
        each(vectors, count, |vector, done| {
            // What came with the first piece must not wait for the second.
            if done != 0 && file::readable_bytes(fd) == Ok(0) {
                return Ok(0);
            }
            file::read(fd, slice::bytes_mut(vector.iov_base, vector.iov_len)?)
        })
    })
}

/// As POSIX `writev`.
///
/// # Safety
/// As POSIX says: `vectors` has `count` entries, each with its bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(fd: c_int, vectors: *const Iovec, count: c_int) -> isize {
    // SAFETY: the caller's contract.
    or_pipe_signal(unsafe {
        each(vectors, count, |vector, _| {
            file::write(fd, slice::bytes(vector.iov_base, vector.iov_len)?)
        })
    })
}

/// As Linux `preadv`.
///
/// # Safety
/// As [`readv`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn preadv(fd: c_int, vectors: *const Iovec, count: c_int, at: i64) -> isize {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe {
        each(vectors, count, |vector, done| {
            let bytes = slice::bytes_mut(vector.iov_base, vector.iov_len)?;
            file::read_at(fd, bytes, offset(at, done)?)
        })
    })
}

/// As Linux `pwritev`.
///
/// # Safety
/// As [`writev`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwritev(fd: c_int, vectors: *const Iovec, count: c_int, at: i64) -> isize {
    // SAFETY: the caller's contract.
    or_pipe_signal(unsafe {
        each(vectors, count, |vector, done| {
            let bytes = slice::bytes(vector.iov_base, vector.iov_len)?;
            file::write_at(fd, bytes, offset(at, done)?)
        })
    })
}
