//! Wide output: every wide character is a byte, so that the engines for bytes
//! do the work. A stream has no orientation.

use core::ffi::c_int;

use super::{WEOF, Wide, string};
use crate::arch::VaList;
use crate::buffer::Buffer;
use crate::c::result::{or_minus_one, set_errno};
use crate::c::stdio::borrow;
use crate::c::stdio::print::length;
use crate::errno::{Errno, Result};
use crate::format::{self, Sink, Staged};
use crate::multibyte;
use crate::stream::{STDOUT, Stream};
use crate::varargs::VarArgs;

/// `wide` in bytes.
///
/// # Errors
/// `EILSEQ`: a character has none. `ENOMEM`: no room.
pub(super) fn narrow(wide: &[Wide]) -> Result<Buffer> {
    let mut bytes = Buffer::new(wide.len())?;
    for (place, wide) in bytes.iter_mut().zip(wide) {
        *place = multibyte::encode(*wide)?;
    }
    Ok(bytes)
}

fn put(stream: &Stream, wide: Wide) -> Wide {
    let result = multibyte::encode(wide).and_then(|byte| stream.lock().write(&[byte]));
    match result {
        Ok(()) => wide,
        Err(error) => {
            set_errno(error);
            WEOF
        }
    }
}

/// `fputwc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputwc(wide: Wide, stream: *mut Stream) -> Wide {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, wide)
}

/// `putwc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn putwc(wide: Wide, stream: *mut Stream) -> Wide {
    // SAFETY: the caller's contract.
    put(unsafe { borrow(stream) }, wide)
}

/// `putwchar`
#[unsafe(no_mangle)]
pub extern "C" fn putwchar(wide: Wide) -> Wide {
    put(&STDOUT, wide)
}

/// `fputws`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fputws(text: *const Wide, stream: *mut Stream) -> c_int {
    // SAFETY: the caller's contract.
    let (text, stream) = unsafe { (string(text), borrow(stream)) };
    let result = narrow(text).and_then(|bytes| stream.lock().write(&bytes));
    or_minus_one(result.map(|()| 1))
}

/// `fwide`: a stream takes wide characters and bytes alike, and has the orientation
/// that is asked for.
#[unsafe(no_mangle)]
pub extern "C" fn fwide(stream: *mut Stream, mode: c_int) -> c_int {
    let _ = stream;
    mode
}

/// Memory of the caller's, one wide character a byte.
struct Text {
    next: *mut Wide,
    room: usize,
}

impl Sink for Text {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        // Unlike snprintf, swprintf fails where the text does not fit.
        self.room = self.room.checked_sub(bytes.len()).ok_or(Errno::EOVERFLOW)?;
        for &byte in bytes {
            // SAFETY: `room` elements at `next` were the caller's.
            unsafe {
                self.next.write(multibyte::decode(byte));
                self.next = self.next.add(1);
            }
        }
        Ok(())
    }
}

unsafe fn print(sink: &mut dyn Sink, format: *const Wide, list: *mut VaList) -> Result<c_int> {
    // SAFETY: the caller's contract.
    let (format, mut args) = unsafe { (string(format), VarArgs::new(&mut *list)) };
    let mut staged = Staged::new(sink);
    let result = format::format(&mut staged, &narrow(format)?, &mut args);
    staged.flush()?;
    result
}

/// `vfwprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vfwprintf(
    stream: *mut Stream,
    format: *const Wide,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract.
    let result = unsafe { print(&mut *stream, format, list) };
    drop(stream);
    length(result)
}

/// `vwprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vwprintf(format: *const Wide, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    let result = unsafe { print(&mut *STDOUT.lock(), format, list) };
    length(result)
}

/// `vswprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vswprintf(
    text: *mut Wide,
    len: usize,
    format: *const Wide,
    list: *mut VaList,
) -> c_int {
    let Some(room) = len.checked_sub(1) else {
        return or_minus_one(Err::<c_int, _>(Errno::EOVERFLOW));
    };
    let mut sink = Text { next: text, room };
    // SAFETY: the caller's contract.
    let result = or_minus_one(unsafe { print(&mut sink, format, list) });
    // SAFETY: an element was left for the terminator.
    unsafe { sink.next.write(0) };
    result
}
