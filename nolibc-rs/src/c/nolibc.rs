//! What no standard names: the entry points that a machine or an application calls.

use core::ffi::{c_char, c_int};

use crate::c::cstr::bytes;
use crate::environ::List;
use crate::process;

/// Get the library ready: memory, the first thread, constructors. An application that brings its
/// own `solo5_app_main` calls this first, with what it was given. The
/// environment is empty but for `OCAMLRUNPARAM`, which says how many domains there is
/// room for, and `OCAML_RUNTIME_EVENTS_DIR`, which is `/tmp`; [`_nolibc_init_cmdline`] may add to it.
///
/// # Safety
/// Called once, before any other function, with memory that nobody else uses,
/// except that the stack may lie at its end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _nolibc_init(heap_start: usize, heap_size: usize) {
    // SAFETY: the caller's contract.
    unsafe { process::init(heap_start, heap_size) };
    process::set_environment(&[]);
    process::construct();
}

/// Add the assignments at the start of a command line to the environment.
///
/// # Safety
/// After [`_nolibc_init`]; `cmdline` is a string, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _nolibc_init_cmdline(cmdline: *const c_char) {
    // SAFETY: the caller's contract.
    let line = unsafe { bytes(cmdline) }.unwrap_or_default();
    process::set_environment(line);
}

/// Give each block that is allocated from now on guards, as `NOLIBC_MALLOC=check` does: for programs
/// that get no environment.
///
/// # Safety
/// After [`_nolibc_init`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _nolibc_malloc_check() {
    crate::heap::checked::start();
}

/// Look at the guards of all blocks now; damage ends the program with a report.
///
/// # Safety
/// After [`_nolibc_init`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _nolibc_malloc_verify() {
    crate::heap::checked::verify();
}

/// What the default `solo5_app_main` calls: get ready, run the program, exit.
///
/// # Safety
/// As [`_nolibc_init`]; `cmdline` is a string, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _nolibc_start(
    cmdline: *const c_char,
    heap_start: usize,
    heap_size: usize,
    program: unsafe extern "C" fn(c_int, List, List) -> c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let line = unsafe { bytes(cmdline) }.unwrap_or_default();
    // SAFETY: the caller's contract.
    unsafe { process::init(heap_start, heap_size) };
    let (argc, argv) = process::set_environment(line);
    process::construct();
    let envp = crate::environ::environ.load(core::sync::atomic::Ordering::Relaxed);
    // SAFETY: `main` of a C program.
    process::exit(unsafe { program(argc, argv, envp) })
}

/// What a program gets that calls `solo5_yield` and was linked with `--wrap=solo5_yield`, as our
/// compiler wrapper does it: the calling thread waits, and others run meanwhile. As `solo5.h`
/// says, until `deadline` or until a device is ready, or for less if a signal is handled.
///
/// # Safety
/// `ready` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap_solo5_yield(deadline: u64, ready: *mut u64) {
    let set = crate::thread::devices::wait(deadline);
    crate::delivery::deliver_if_due();
    // SAFETY: the caller's contract.
    if let Some(ready) = unsafe { ready.as_mut() } {
        *ready = set;
    }
}
