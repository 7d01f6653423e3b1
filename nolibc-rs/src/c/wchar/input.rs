//! Wide input.

use core::ffi::c_int;
use core::ptr::null_mut;

use super::output::narrow;
use super::{WEOF, Wide, string};
use crate::arch::VaList;
use crate::c::result::set_errno;
use crate::c::stdio::{borrow, eof, scan::answer};
use crate::errno::Result;
use crate::multibyte;
use crate::scan::Source;
use crate::stream::{STDIN, Stream};
use crate::varargs::VarTargets;

fn or_weof(result: Result<Option<u8>>) -> Wide {
    match result {
        Ok(byte) => byte.map_or(WEOF, multibyte::decode),
        Err(error) => {
            set_errno(error);
            WEOF
        }
    }
}

/// `fgetwc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgetwc(stream: *mut Stream) -> Wide {
    // SAFETY: the caller's contract.
    or_weof(unsafe { borrow(stream) }.lock().get())
}

/// `getwc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getwc(stream: *mut Stream) -> Wide {
    // SAFETY: the caller's contract.
    or_weof(unsafe { borrow(stream) }.lock().get())
}

/// `getwchar`
#[unsafe(no_mangle)]
pub extern "C" fn getwchar() -> Wide {
    or_weof(STDIN.lock().get())
}

/// `ungetwc`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ungetwc(wide: Wide, stream: *mut Stream) -> Wide {
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    or_weof(multibyte::encode(wide).and_then(|byte| stream.unget(byte).map(|()| Some(byte))))
}

/// `fgetws`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fgetws(line: *mut Wide, len: c_int, stream: *mut Stream) -> *mut Wide {
    let Ok(len @ 1..) = usize::try_from(len) else {
        return null_mut();
    };
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    let mut count = 0;
    while count + 1 < len {
        let wide = or_weof(stream.get());
        if wide == WEOF {
            if count == 0 || stream.error() {
                return null_mut();
            }
            break;
        }
        // SAFETY: `count` is less than `len`.
        unsafe { line.add(count).write(wide) };
        count += 1;
        if wide == Wide::from(b'\n') {
            break;
        }
    }
    // SAFETY: `count` is less than `len`.
    unsafe { line.add(count).write(0) };
    line
}

/// A wide string; a character that is no byte ends it.
struct Text(*const Wide);

impl Source for Text {
    fn next(&mut self) -> Option<u8> {
        // SAFETY: the terminator has not been passed.
        let byte = multibyte::encode(unsafe { self.0.read() }).ok();
        let byte = byte.filter(|&byte| byte != 0)?;
        // SAFETY: the terminator follows yet.
        self.0 = unsafe { self.0.add(1) };
        Some(byte)
    }

    fn back(&mut self, _byte: u8) {
        // SAFETY: `next` was called before.
        self.0 = unsafe { self.0.sub(1) };
    }
}

unsafe fn read(source: &mut dyn Source, format: *const Wide, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    let (format, mut targets) = unsafe { (string(format), VarTargets::new(&mut *list)) };
    match narrow(format) {
        Ok(format) => answer(crate::scan::scan(source, &format, &mut targets)),
        Err(error) => eof(error),
    }
}

/// `vfwscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vfwscanf(
    stream: *mut Stream,
    format: *const Wide,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract.
    unsafe { read(&mut *stream, format, list) }
}

/// `vwscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vwscanf(format: *const Wide, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { read(&mut *STDIN.lock(), format, list) }
}

/// `vswscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vswscanf(
    text: *const Wide,
    format: *const Wide,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { read(&mut Text(text), format, list) }
}
