//! Blocks of bytes, and the state of a stream.

use core::ffi::{c_char, c_int, c_void};

use super::{borrow, eof, fail};
use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::errno::Errno;
use crate::stream::{BUFFER_LEN, Buffering, Storage, Stream};

/// The bytes to move, if there are any and a place for them.
fn transfer(block: *const c_void, size: usize, count: usize) -> Option<usize> {
    let len = size
        .checked_mul(count)
        .filter(|&len| isize::try_from(len).is_ok());
    match len {
        Some(0) => None,
        Some(len) if !block.is_null() => Some(len),
        _ => {
            set_errno(Errno::EFAULT);
            None
        }
    }
}

/// `fread`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fread(
    block: *mut c_void,
    size: usize,
    count: usize,
    stream: *mut Stream,
) -> usize {
    let Some(len) = transfer(block, size, count) else {
        return 0;
    };
    // SAFETY: the caller's contract: `len` bytes, which are about to be written.
    let bytes = unsafe { core::slice::from_raw_parts_mut(block.cast(), len) };
    // SAFETY: the caller's contract.
    let (done, result) = unsafe { borrow(stream) }.lock().read(bytes);
    if let Err(error) = result {
        set_errno(error);
    }
    done / size
}

/// `fread_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fread_unlocked(
    block: *mut c_void,
    size: usize,
    count: usize,
    stream: *mut Stream,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { fread(block, size, count, stream) }
}

/// `fwrite`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fwrite(
    block: *const c_void,
    size: usize,
    count: usize,
    stream: *mut Stream,
) -> usize {
    let Some(len) = transfer(block, size, count) else {
        return 0;
    };
    // SAFETY: the caller's contract.
    let (bytes, stream) = unsafe {
        (
            core::slice::from_raw_parts(block.cast(), len),
            borrow(stream),
        )
    };
    let (done, result) = stream.lock().write_counted(bytes);
    if let Err(error) = result {
        fail(error);
    }
    done / size
}

/// `fwrite_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fwrite_unlocked(
    block: *const c_void,
    size: usize,
    count: usize,
    stream: *mut Stream,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { fwrite(block, size, count, stream) }
}

/// `fflush`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fflush(stream: *mut Stream) -> c_int {
    let result = if stream.is_null() {
        crate::stream::flush_every()
    } else {
        // SAFETY: the caller's contract.
        unsafe { borrow(stream) }.lock().flush()
    };
    result.map_or_else(eof, |()| 0)
}

/// `fflush_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fflush_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fflush(stream) }
}

/// `feof`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn feof(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().end_of_file().into()
}

/// `feof_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn feof_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().end_of_file().into()
}

/// `ferror`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferror(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().error().into()
}

/// `ferror_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ferror_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().error().into()
}

/// `clearerr`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clearerr(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().clear_indicators();
}

/// `fileno`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fileno(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { borrow(stream) }.lock().descriptor())
}

/// `clearerr_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clearerr_unlocked(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.lock().clear_indicators();
}

/// `fileno_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fileno_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_minus_one(unsafe { borrow(stream) }.lock().descriptor())
}

/// A buffer of the program's.
///
/// # Safety
/// `len` bytes at `buffer` are the stream's until it is closed or gets another
/// buffer, as C says of `setvbuf`.
pub(super) unsafe fn lend(buffer: *mut c_char, len: usize) -> Storage {
    if buffer.is_null() || len == 0 || len > isize::MAX as usize {
        return Storage::None;
    }
    // SAFETY: the caller's contract; C programs read no byte that was not
    // written, and neither does a stream.
    Storage::Lent(unsafe { core::slice::from_raw_parts_mut(buffer.cast(), len) })
}

/// `setvbuf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setvbuf(
    stream: *mut Stream,
    buffer: *mut c_char,
    mode: c_int,
    len: usize,
) -> c_int {
    let (buffering, storage) = match mode {
        // SAFETY: the caller's contract.
        0 => (Buffering::Full, unsafe { lend(buffer, len) }),
        // SAFETY: the caller's contract.
        1 => (Buffering::Line, unsafe { lend(buffer, len) }),
        2 => (Buffering::None, Storage::None),
        _ => return zero_or_minus_one(Err(Errno::EINVAL)),
    };
    // SAFETY: the caller's contract.
    zero_or_minus_one(
        unsafe { borrow(stream) }
            .lock()
            .set_buffering(buffering, storage),
    )
}

/// `setbuffer` (BSD)
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setbuffer(stream: *mut Stream, buffer: *mut c_char, len: usize) {
    let mode = if buffer.is_null() { 2 } else { 0 };
    // SAFETY: the caller's contract.
    unsafe { setvbuf(stream, buffer, mode, len) };
}

/// `setbuf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setbuf(stream: *mut Stream, buffer: *mut c_char) {
    // SAFETY: the caller's contract.
    unsafe { setbuffer(stream, buffer, BUFFER_LEN) };
}

/// `setlinebuf` (BSD)
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setlinebuf(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    unsafe { setvbuf(stream, core::ptr::null_mut(), 1, 0) };
}

/// `flockfile`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flockfile(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.hold();
}

/// `ftrylockfile`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftrylockfile(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    (!unsafe { borrow(stream) }.try_hold()).into()
}

/// `funlockfile`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn funlockfile(stream: *mut Stream) {
    // SAFETY: the caller's contract.
    unsafe { borrow(stream) }.release();
}
