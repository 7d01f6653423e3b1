//! `<fenv.h>`

use core::ffi::{c_int, c_ushort};

use crate::arch::environment::{self, ALL, Environment, ROUNDING};

/// `FE_DFL_ENV`.
const DEFAULT: *const Environment = core::ptr::without_provenance(usize::MAX);

/// Forget that exceptions were raised.
///
/// Source: C11 7.6.2.1.
#[unsafe(no_mangle)]
pub extern "C" fn feclearexcept(exceptions: c_int) -> c_int {
    environment::clear(exceptions as u32);
    0
}

/// Which of some exceptions were raised, for [`fesetexceptflag`].
///
/// Source: C11 7.6.2.2.
///
/// # Safety
/// `flags` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fegetexceptflag(flags: *mut c_ushort, exceptions: c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { *flags = environment::raised(exceptions as u32) as c_ushort };
    0
}

/// Mark exceptions as raised.
///
/// Source: C11 7.6.2.3. An exception that is not masked does not trap here.
#[unsafe(no_mangle)]
pub extern "C" fn feraiseexcept(exceptions: c_int) -> c_int {
    environment::raise(exceptions as u32);
    0
}

/// Set the state of some exceptions as [`fegetexceptflag`] saved it.
///
/// Source: C11 7.6.2.4.
///
/// # Safety
/// `flags` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fesetexceptflag(flags: *const c_ushort, exceptions: c_int) -> c_int {
    // SAFETY: the caller's contract.
    let saved = u32::from(unsafe { *flags });
    environment::clear(exceptions as u32);
    environment::raise(saved & exceptions as u32);
    0
}

/// Which of some exceptions were raised.
///
/// Source: C11 7.6.2.5.
#[unsafe(no_mangle)]
pub extern "C" fn fetestexcept(exceptions: c_int) -> c_int {
    environment::raised(exceptions as u32) as c_int
}

/// The rounding mode.
///
/// Source: C11 7.6.3.1.
#[unsafe(no_mangle)]
pub extern "C" fn fegetround() -> c_int {
    environment::rounding() as c_int
}

/// Set the rounding mode; answers 1, and does nothing, for what is none.
///
/// Source: C11 7.6.3.2.
#[unsafe(no_mangle)]
pub extern "C" fn fesetround(mode: c_int) -> c_int {
    if mode as u32 & !ROUNDING != 0 {
        return 1;
    }
    environment::set_rounding(mode as u32);
    0
}

/// Save the environment.
///
/// Source: C11 7.6.4.1.
///
/// # Safety
/// `saved` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fegetenv(saved: *mut Environment) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { saved.write_unaligned(Environment::current()) };
    0
}

/// Save the environment, clear all exceptions and let none trap.
///
/// Source: C11 7.6.4.2.
///
/// # Safety
/// `saved` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn feholdexcept(saved: *mut Environment) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { fegetenv(saved) };
    environment::clear(ALL);
    environment::mask_all();
    0
}

/// Put a saved environment, or the default one, in force.
///
/// Source: C11 7.6.4.3.
///
/// # Safety
/// `saved` is `FE_DFL_ENV` or was filled by [`fegetenv`] or [`feholdexcept`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fesetenv(saved: *const Environment) -> c_int {
    if saved == DEFAULT {
        Environment::set_default();
    } else {
        // SAFETY: the caller's contract.
        unsafe { saved.read_unaligned() }.set();
    }
    0
}

/// [`fesetenv`], but what is raised now stays raised.
///
/// Source: C11 7.6.4.4.
///
/// # Safety
/// As [`fesetenv`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn feupdateenv(saved: *const Environment) -> c_int {
    let raised = environment::raised(ALL);
    // SAFETY: the caller's contract.
    unsafe { fesetenv(saved) };
    environment::raise(raised);
    0
}
