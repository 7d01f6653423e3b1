//! `<dlfcn.h>`: a unikernel is one image; there is nothing to load.

use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};

/// Whether `dlerror` has something to say.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Null: see [`dlerror`].
///
/// # Safety
/// None: no argument is looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlopen(_path: *const c_char, _mode: c_int) -> *mut c_void {
    FAILED.store(true, Ordering::Relaxed);
    null_mut()
}

/// Null: see [`dlerror`].
///
/// # Safety
/// None: no argument is looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlsym(_handle: *mut c_void, _name: *const c_char) -> *mut c_void {
    FAILED.store(true, Ordering::Relaxed);
    null_mut()
}

/// -1: there is no handle that it could close.
///
/// # Safety
/// None: no argument is looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlclose(_handle: *mut c_void) -> c_int {
    FAILED.store(true, Ordering::Relaxed);
    -1
}

/// Why the last call failed; null if none did since the last `dlerror`.
///
/// # Safety
/// None beyond the C ABI; the text must not be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlerror() -> *mut c_char {
    if FAILED.swap(false, Ordering::Relaxed) {
        c"dynamic loading is not possible in a unikernel"
            .as_ptr()
            .cast_mut()
    } else {
        null_mut()
    }
}
