//! Getting, pushing back and putting characters and lines.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use super::{borrow, eof, or_eof};
use crate::c::cstr;
use crate::c::result::{or_minus_one, set_errno};
use crate::errno::{Errno, Result};
use crate::stream::{STDIN, STDOUT, State, Stream};

fn put(stream: &Stream, byte: c_int) -> c_int {
    let byte = byte as u8;
    let result = stream.lock().write(&[byte]);
    or_eof(result.map(|()| Some(byte)))
}

/// `fgetc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgetc(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_eof(unsafe { borrow(stream) }.lock().get())
}

/// `getc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getc(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_eof(unsafe { borrow(stream) }.lock().get())
}

/// `getc_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getc_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_eof(unsafe { borrow(stream) }.lock().get())
}

/// `fgetc_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgetc_unlocked(stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    or_eof(unsafe { borrow(stream) }.lock().get())
}

/// `getchar`
#[unsafe(no_mangle)]
pub extern "C" fn getchar() -> c_int {
    or_eof(STDIN.lock().get())
}

/// `getchar_unlocked`
#[unsafe(no_mangle)]
pub extern "C" fn getchar_unlocked() -> c_int {
    or_eof(STDIN.lock().get())
}

/// `fputc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputc(byte: c_int, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, byte)
}

/// `putc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn putc(byte: c_int, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, byte)
}

/// `putc_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn putc_unlocked(byte: c_int, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, byte)
}

/// `fputc_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputc_unlocked(byte: c_int, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, byte)
}

/// `putchar`
#[unsafe(no_mangle)]
pub extern "C" fn putchar(byte: c_int) -> c_int {
    put(&STDOUT, byte)
}

/// `putchar_unlocked`
#[unsafe(no_mangle)]
pub extern "C" fn putchar_unlocked(byte: c_int) -> c_int {
    put(&STDOUT, byte)
}

/// `ungetc`; eight bytes can be pushed back.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ungetc(byte: c_int, stream: *mut Stream) -> c_int {
    if byte == super::EOF {
        return super::EOF;
    }
    // SAFETY: the caller's contract.
    let result = unsafe { borrow(stream) }.lock().unget(byte as u8);
    or_eof(result.map(|()| Some(byte as u8)))
}

/// `fputs`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputs(text: *const c_char, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    let (text, stream) = unsafe { (cstr::bytes(text), borrow(stream)) };
    match text.and_then(|text| stream.lock().write(text)) {
        Ok(()) => 1,
        Err(error) => eof(error),
    }
}

/// `fputs_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputs_unlocked(text: *const c_char, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    let (text, stream) = unsafe { (cstr::bytes(text), borrow(stream)) };
    match text.and_then(|text| stream.lock().write(text)) {
        Ok(()) => 1,
        Err(error) => eof(error),
    }
}

/// `puts`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn puts(text: *const c_char) -> c_int {
    // SAFETY: the caller's contract.
    let text = unsafe { cstr::bytes(text) };
    let mut out = STDOUT.lock();
    let result = text
        .and_then(|text| out.write(text))
        .and_then(|()| out.write(b"\n"));
    drop(out);
    match result {
        Ok(()) => 1,
        Err(error) => eof(error),
    }
}

/// Copy a line into `len` bytes at `line`, terminated; answers whether there
/// was any byte.
unsafe fn get_line(state: &mut State, line: *mut u8, len: usize) -> Result<bool> {
    let mut filled = 0;
    while filled + 1 < len {
        let held = state.peek()?;
        if held.is_empty() {
            break;
        }
        let room = held.get(..len - 1 - filled).unwrap_or(held);
        let newline = room.iter().position(|&byte| byte == b'\n');
        let count = newline.map_or(room.len(), |at| at + 1);
        // SAFETY: `count` more bytes fit before the last one.
        unsafe {
            line.add(filled)
                .copy_from_nonoverlapping(room.as_ptr(), count)
        };
        state.consume(count);
        filled += count;
        if newline.is_some() {
            break;
        }
    }
    // SAFETY: `filled` is less than `len`.
    unsafe { line.add(filled).write(0) };
    Ok(filled > 0 || len == 1)
}

/// `fgets`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgets(line: *mut c_char, len: c_int, stream: *mut Stream) -> *mut c_char {
    let (Ok(len @ 1..), false) = (usize::try_from(len), line.is_null()) else {
        set_errno(Errno::EINVAL);
        return null_mut();
    };
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract: `line` has `len` bytes.
    match unsafe { get_line(&mut stream, line.cast(), len) } {
        Ok(true) => line,
        Ok(false) => null_mut(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// `fgets_unlocked`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgets_unlocked(
    line: *mut c_char,
    len: c_int,
    stream: *mut Stream,
) -> *mut c_char {
    let (Ok(len @ 1..), false) = (usize::try_from(len), line.is_null()) else {
        set_errno(Errno::EINVAL);
        return null_mut();
    };
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract: `line` has `len` bytes.
    match unsafe { get_line(&mut stream, line.cast(), len) } {
        Ok(true) => line,
        Ok(false) => null_mut(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// Append everything through `delimiter` to the block `*line` of `*room`
/// bytes, which grows; answers the length, `None` at the end.
unsafe fn get_delimited(
    line: *mut *mut c_char,
    room: *mut usize,
    delimiter: u8,
    stream: &Stream,
) -> Result<Option<usize>> {
    if line.is_null() || room.is_null() {
        return Err(Errno::EINVAL);
    }
    let mut state = stream.lock();
    let mut len = 0;
    loop {
        let held = state.peek()?;
        let found = held.iter().position(|&byte| byte == delimiter);
        let count = found.map_or(held.len(), |at| at + 1);
        // SAFETY: the caller's contract: a block of malloc's, or null, and its size.
        unsafe {
            if (*line).is_null() || *room < len + count + 1 {
                let wanted = (len + count + 1).max(120).max(len * 2);
                *line = super::memory::grow(*line, wanted)?;
                *room = wanted;
            }
            (*line)
                .add(len)
                .cast::<u8>()
                .copy_from_nonoverlapping(held.as_ptr(), count);
            len += count;
            (*line).add(len).write(0);
        }
        state.consume(count);
        if found.is_some() || count == 0 {
            return Ok((len > 0).then_some(len));
        }
    }
}

/// `getdelim`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getdelim(
    line: *mut *mut c_char,
    room: *mut usize,
    delimiter: c_int,
    stream: *mut Stream,
) -> isize {
    // SAFETY: the caller's contract.
    match unsafe { get_delimited(line, room, delimiter as u8, borrow(stream)) } {
        Ok(Some(len)) => len as isize,
        Ok(None) => -1,
        Err(error) => or_minus_one(Err::<isize, _>(error)),
    }
}

/// `getline`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getline(
    line: *mut *mut c_char,
    room: *mut usize,
    stream: *mut Stream,
) -> isize {
    // SAFETY: the caller's contract.
    match unsafe { get_delimited(line, room, b'\n', borrow(stream)) } {
        Ok(Some(len)) => len as isize,
        Ok(None) => -1,
        Err(error) => or_minus_one(Err::<isize, _>(error)),
    }
}
