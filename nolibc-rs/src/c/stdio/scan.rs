//! The `scanf` family. The variadic members are in `csrc/variadic/scanf.c`.

use core::ffi::{c_char, c_int};
use core::ptr::null_mut;

use super::{EOF, borrow, eof};
use crate::arch::VaList;
use crate::c::cstr;
use crate::c::result::set_errno;
use crate::c::stdlib::number::{strtod, strtof};
use crate::errno::Result;
use crate::scan::{self, Outcome, Source};
use crate::stream::{STDIN, State, Stream};
use crate::varargs::VarTargets;

/// A string, whose end is found by reading it.
struct Text(*const u8);

impl Source for Text {
    fn next(&mut self) -> Option<u8> {
        // SAFETY: the terminator has not been passed.
        let byte = unsafe { self.0.read() };
        if byte == 0 {
            return None;
        }
        // SAFETY: the terminator follows yet.
        self.0 = unsafe { self.0.add(1) };
        Some(byte)
    }

    fn back(&mut self, _byte: u8) {
        // SAFETY: `next` was called before.
        self.0 = unsafe { self.0.sub(1) };
    }

    fn number(&self, single: bool) -> Option<(f64, usize, u8)> {
        let start = self.0.cast();
        let mut end = null_mut();
        // SAFETY: it is a string, and `end` a place in it.
        unsafe {
            let value = match single {
                true => strtof(start, &raw mut end).into(),
                false => strtod(start, &raw mut end),
            };
            Some((value, end.addr() - start.addr(), *end as u8))
        }
    }

    fn skip(&mut self, count: usize) {
        // SAFETY: `number` saw that many.
        self.0 = unsafe { self.0.add(count) };
    }
}

impl Source for State {
    fn next(&mut self) -> Option<u8> {
        self.get().unwrap_or_else(|error| {
            set_errno(error);
            None
        })
    }

    fn back(&mut self, byte: u8) {
        // It was just taken, so that there is room for it.
        let _ = self.unget(byte);
    }
}

/// What the scanf functions answer.
pub(in crate::c) fn answer(result: Result<Outcome>) -> c_int {
    match result {
        Ok(outcome) if outcome.input_failure && outcome.stored == 0 => EOF,
        Ok(outcome) => c_int::try_from(outcome.stored).unwrap_or(c_int::MAX),
        Err(error) => eof(error),
    }
}

/// Read from `source`.
///
/// # Safety
/// `format` is a string and `list` holds the pointers it asks for.
unsafe fn read(source: &mut dyn Source, format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    let (format, mut targets) = unsafe { (cstr::bytes(format), VarTargets::new(&mut *list)) };
    answer(format.and_then(|format| scan::scan(source, format, &mut targets)))
}

/// `vsscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vsscanf(
    text: *const c_char,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { read(&mut Text(text.cast()), format, list) }
}

/// `vfscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vfscanf(
    stream: *mut Stream,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract.
    unsafe { read(&mut *stream, format, list) }
}

/// `vscanf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vscanf(format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { read(&mut *STDIN.lock(), format, list) }
}
