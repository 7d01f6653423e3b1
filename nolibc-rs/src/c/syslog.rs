//! `<syslog.h>`: messages go to the console, as lines "NAME: MESSAGE". The
//! variadic entry points are in csrc/variadic/syslog.c.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null;
use core::sync::atomic::{AtomicI32, AtomicPtr, Ordering};

use crate::c::slice;
use crate::file;

/// The name that `openlog` was given, which POSIX leaves in the program's memory.
static NAME: AtomicPtr<c_char> = AtomicPtr::new(null::<c_char>().cast_mut());

/// The levels that are printed.
static MASK: AtomicI32 = AtomicI32::new(0xff);

/// As POSIX `openlog`; options and facility change nothing on a console.
///
/// # Safety
/// As POSIX says: `name` is null or a string that stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn openlog(name: *const c_char, _options: c_int, _facility: c_int) {
    NAME.store(name.cast_mut(), Ordering::Relaxed);
}

/// As POSIX `closelog`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn closelog() {
    NAME.store(null::<c_char>().cast_mut(), Ordering::Relaxed);
}

/// As POSIX `setlogmask`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setlogmask(mask: c_int) -> c_int {
    if mask == 0 {
        return MASK.load(Ordering::Relaxed);
    }
    MASK.swap(mask, Ordering::Relaxed)
}

/// Print one message: the first of `len` characters of it, as `vsnprintf` put
/// them into a buffer of 1024 bytes.
///
/// # Safety
/// `line` points to that buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_syslog(priority: c_int, line: *const c_char, len: c_int) {
    let level = priority & 7;
    if MASK.load(Ordering::Relaxed) & 1 << level == 0 {
        return;
    }
    let len = usize::try_from(len).unwrap_or(0).min(1023);
    // SAFETY: the caller's contract.
    let line = unsafe { slice::bytes(line.cast(), len) }.unwrap_or_default();
    let name = NAME.load(Ordering::Relaxed);
    if !name.is_null() {
        // SAFETY: `openlog` was given a string that stays.
        file::write_console(unsafe { CStr::from_ptr(name) }.to_bytes());
        file::write_console(b": ");
    }
    file::write_console(line.strip_suffix(b"\n").unwrap_or(line));
    file::write_console(b"\n");
}
