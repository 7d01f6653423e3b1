//! `<assert.h>`

use core::ffi::c_char;

use crate::c::cstr::bytes;
use crate::report::Report;

fn fail(text: *const c_char, file: *const c_char, line: usize, function: *const c_char) -> ! {
    let mut report = Report::new("assertion failed: ");
    // SAFETY: the compiler's own strings, or null.
    let part = |part| unsafe { bytes(part) }.unwrap_or(b"?");
    report.bytes(part(text));
    report.text(", ");
    report.bytes(part(file));
    report.text(":");
    report.decimal(line);
    if !function.is_null() {
        report.text(" (");
        report.bytes(part(function));
        report.text(")");
    }
    report.end()
}

/// What `assert` calls; the names and order of glibc's.
///
/// # Safety
/// The pointers are strings, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __assert_fail(
    text: *const c_char,
    file: *const c_char,
    line: u32,
    function: *const c_char,
) -> ! {
    fail(text, file, line as usize, function)
}

/// What stubs compiled against ocaml-solo5's `assert.h` call.
///
/// # Safety
/// The pointers are strings, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _assert_fail(
    file: *const c_char,
    line: *const c_char,
    text: *const c_char,
) -> ! {
    let mut report = Report::new("assertion failed: ");
    // SAFETY: the compiler's own strings, or null.
    let part = |part| unsafe { bytes(part) }.unwrap_or(b"?");
    report.bytes(part(text));
    report.text(", ");
    report.bytes(part(file));
    report.text(":");
    report.bytes(part(line));
    report.end()
}
