//! `<stdlib.h>`: exit, abort, atexit.

use core::ffi::{c_int, c_void};

use crate::c::result::{set_errno, zero_or_minus_one};
use crate::errno::Errno;
use crate::process::{self, Handler};
use crate::report;
use crate::signal;

/// End the program: exit handlers, destructors, streams, machine.
///
/// Source: C11 7.22.4.4.
///
/// # Safety
/// As C says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn exit(status: c_int) -> ! {
    process::exit(status)
}

/// End the program at once.
///
/// Source: C11 7.22.4.5.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Exit(status: c_int) -> ! {
    process::end(status)
}

/// End the program after the handlers of [`at_quick_exit`].
///
/// Source: C11 7.22.4.7.
///
/// # Safety
/// As C says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn quick_exit(status: c_int) -> ! {
    process::quick_exit(status)
}

const SIGABRT: c_int = 6;

/// End the program with a report and status 255, after the handler of `SIGABRT` if there is one.
///
/// Source: C11 7.22.4.1.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
#[unsafe(naked)]
pub unsafe extern "C" fn abort() -> ! {
    // The caller's address, for the report.
    core::arch::naked_asm!("mov rdi, [rsp]", "jmp {}", sym abort_from)
}

extern "C" fn abort_from(caller: usize) -> ! {
    if signal::action(SIGABRT, None).is_ok_and(|action| action.handler > signal::IGNORE) {
        signal::set_mask(signal::mask() & !signal::bit(SIGABRT));
        crate::c::signal::send(SIGABRT);
    }
    report::die_at("abort() was called", caller)
}

/// C11's `atexit` answers nonzero on failure.
fn register(kept: crate::errno::Result<()>) -> c_int {
    zero_or_minus_one(kept)
}

/// Have `function` called by [`exit`], the last one registered first.
///
/// Source: C11 7.22.4.2.
///
/// # Errors
/// -1, and `ENOMEM`: no room. `EINVAL`: `function` is null.
///
/// # Safety
/// `function` may be called at the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn atexit(function: Option<unsafe extern "C" fn()>) -> c_int {
    let function = function.ok_or(Errno::EINVAL);
    register(function.and_then(|function| process::at_exit(Handler::Plain(function))))
}

/// As [`atexit`], with the status and an argument.
///
/// Source: glibc on_exit(3).
///
/// # Safety
/// As [`atexit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn on_exit(
    function: Option<unsafe extern "C" fn(c_int, *mut c_void)>,
    argument: *mut c_void,
) -> c_int {
    let function = function.ok_or(Errno::EINVAL);
    register(
        function.and_then(|function| process::at_exit(Handler::WithStatus(function, argument))),
    )
}

/// As [`atexit`], with an argument; a C++ compiler registers destructors so.
///
/// Source: Itanium C++ ABI 3.3.6.3.
///
/// # Safety
/// As [`atexit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __cxa_atexit(
    function: Option<unsafe extern "C" fn(*mut c_void)>,
    argument: *mut c_void,
    _object: *mut c_void,
) -> c_int {
    let function = function.ok_or(Errno::EINVAL);
    register(
        function.and_then(|function| process::at_exit(Handler::WithArgument(function, argument))),
    )
}

/// Have `function` called by [`quick_exit`].
///
/// Source: C11 7.22.4.3.
///
/// # Safety
/// As [`atexit`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn at_quick_exit(function: Option<unsafe extern "C" fn()>) -> c_int {
    let function = function.ok_or(Errno::EINVAL);
    register(function.and_then(|function| process::at_quick_exit(Handler::Plain(function))))
}

/// There is no shell: 0 when asked for one, else -1 and `ENOSYS`.
///
/// Source: C11 7.22.4.8.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn system(command: *const core::ffi::c_char) -> c_int {
    if command.is_null() {
        return 0;
    }
    set_errno(Errno::ENOSYS);
    -1
}
