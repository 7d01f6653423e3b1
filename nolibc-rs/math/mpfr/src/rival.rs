//! Functions of the same names in a shared library.

use std::ffi::{CString, c_char, c_int, c_void};
use std::mem::transmute;

use crate::functions::{Entry, Function};

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

const RTLD_NOW: c_int = 2;

/// A call of the rival.
pub type Call = Box<dyn Fn([f64; 3]) -> f64>;

/// The library's function for an entry, if it has one.
pub fn find(file: &str, entry: &Entry) -> Option<Call> {
    let file = CString::new(file).ok()?;
    let name = CString::new(entry.name.as_str()).ok()?;
    // SAFETY: C strings.
    let symbol = unsafe { dlsym(dlopen(file.as_ptr(), RTLD_NOW), name.as_ptr()) };
    if symbol.is_null() {
        return None;
    }
    // SAFETY: the name is one of <math.h>, whose prototypes these are.
    unsafe {
        Some(match entry.function {
            Function::D1(_) => {
                let f: extern "C" fn(f64) -> f64 = transmute(symbol);
                Box::new(move |[x, ..]| f(x))
            }
            Function::D2(_) => {
                let f: extern "C" fn(f64, f64) -> f64 = transmute(symbol);
                Box::new(move |[x, y, _]| f(x, y))
            }
            Function::D3(_) => {
                let f: extern "C" fn(f64, f64, f64) -> f64 = transmute(symbol);
                Box::new(move |[x, y, z]| f(x, y, z))
            }
            Function::F1(_) => {
                let f: extern "C" fn(f32) -> f32 = transmute(symbol);
                Box::new(move |[x, ..]| f(x as f32).into())
            }
            Function::F2(_) => {
                let f: extern "C" fn(f32, f32) -> f32 = transmute(symbol);
                Box::new(move |[x, y, _]| f(x as f32, y as f32).into())
            }
            Function::F3(_) => {
                let f: extern "C" fn(f32, f32, f32) -> f32 = transmute(symbol);
                Box::new(move |[x, y, z]| f(x as f32, y as f32, z as f32).into())
            }
        })
    }
}
