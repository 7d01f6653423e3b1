//! Who runs a workload: the library that users link, glibc, musl, and a rival.
//!
//! A rival is any shared library with functions of the same names (`--rival FILE`), such as
//! openlibm, or another libc made into one.

use std::ffi::{CString, OsStr, c_void};
use std::os::unix::ffi::OsStrExt;

use crate::{Result, glibc};

/// A shared library, loaded for the life of the program.
#[derive(Clone, Copy)]
pub struct Rival(*mut c_void);

impl Rival {
    /// Load a library.
    ///
    /// # Errors
    /// The dynamic linker's.
    pub fn load(file: &OsStr) -> Result<Self> {
        let name = CString::new(file.as_bytes())?;
        // SAFETY: a string; what the library's constructors do is the user's choice.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if !handle.is_null() {
            return Ok(Self(handle));
        }
        // SAFETY: `dlopen` has just failed, so there is a message.
        let why = unsafe { std::ffi::CStr::from_ptr(libc::dlerror()) };
        Err(why.to_string_lossy().into())
    }

    /// A function of the library's own; those of glibc, which it may depend on, are none.
    fn function(self, name: &str) -> Option<*mut c_void> {
        let symbol = CString::new(name).ok()?;
        // SAFETY: a loaded library and a string.
        let address = unsafe { libc::dlsym(self.0, symbol.as_ptr()) };
        let is_own = !address.is_null() && glibc::function(name).ok() != Some(address);
        is_own.then_some(address)
    }
}

/// The contenders of a function: ours, glibc's, musl's, and the rival's if it has one.
///
/// # Errors
/// glibc has none of this name.
///
/// # Safety
/// `F` is the type of a pointer to the C function called `name`.
pub unsafe fn contenders<F: Copy>(
    name: &str,
    ours: F,
    musl: F,
    rival: Option<Rival>,
) -> Result<Vec<(&'static str, F)>> {
    const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
    // SAFETY: of a pointer's size, and the caller says of which type.
    let typed = |address: *mut c_void| unsafe { std::mem::transmute_copy::<_, F>(&address) };
    let mut list = vec![
        ("nolibc", ours),
        ("glibc", typed(glibc::function(name)?)),
        ("musl", musl),
    ];
    let rival = rival.and_then(|rival| rival.function(name));
    list.extend(rival.map(|address| ("rival", typed(address))));
    Ok(list)
}
