//! glibc's functions by address, so that a call is as short as one to an archive's:
//! no stub of the dynamic linker lies between.

use std::ffi::{CString, c_char, c_void};
use std::os::unix::process::CommandExt;

use crate::Result;

/// The address of a function of libc or libm.
///
/// # Errors
/// There is none of this name.
pub fn function(name: &str) -> Result<*mut c_void> {
    let symbol = CString::new(name)?;
    for library in [c"libc.so.6", c"libm.so.6"] {
        // SAFETY: both are strings; the libraries are part of every process here.
        let address = unsafe {
            let handle = libc::dlopen(library.as_ptr().cast::<c_char>(), libc::RTLD_LAZY);
            if handle.is_null() {
                continue;
            }
            libc::dlsym(handle, symbol.as_ptr())
        };
        if !address.is_null() {
            return Ok(address);
        }
    }
    Err(format!("glibc has no {name}").into())
}

const TUNABLES: &str = "GLIBC_TUNABLES";
/// All that glibc 2.36 chooses its functions by and that is beyond SSE2, but for `rep movsb`.
const SSE2_ONLY: &str = "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-AVX512F,\
    -AVX512VL,-AVX512BW,-AVX512CD,-AVX512DQ,-BMI1,-BMI2,-LZCNT,-MOVBE,-POPCNT,-FMA,-FMA4,\
    -SSE3,-SSSE3,-SSE4_1,-SSE4_2";

/// Whether glibc may use what a Solo5 guest does not have.
pub fn is_limited() -> bool {
    std::env::var(TUNABLES).is_ok_and(|value| value == SSE2_ONLY)
}

/// Start this program anew with glibc limited to SSE2, unless it is.
///
/// # Errors
/// The program cannot be started.
pub fn limit() -> Result<()> {
    if is_limited() {
        return Ok(());
    }
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1));
    Err(command.env(TUNABLES, SSE2_ONLY).exec().into())
}
