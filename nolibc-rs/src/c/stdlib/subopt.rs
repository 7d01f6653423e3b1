//! `<stdlib.h>`: getsubopt.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;

/// As POSIX `getsubopt`: cut the first of the words between commas off `*option`,
/// and answer its index in `keys`, -1 if it is not there.
///
/// # Safety
/// As POSIX says: `*option` is a string that may be changed, `keys` are strings and
/// a null, `value` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getsubopt(
    option: *mut *mut c_char,
    keys: *const *mut c_char,
    value: *mut *mut c_char,
) -> c_int {
    // SAFETY: the caller's contract; what is cut is inside the string.
    unsafe {
        let word = *option;
        let text = CStr::from_ptr(word).to_bytes();
        let end = text.iter().position(|byte| *byte == b',');
        let len = end.unwrap_or(text.len());
        if end.is_some() {
            word.add(len).write(0);
        }
        *option = word.add(len + usize::from(end.is_some()));
        let text = CStr::from_ptr(word).to_bytes();
        let equals = text.iter().position(|byte| *byte == b'=');
        let name = text.get(..equals.unwrap_or(len)).unwrap_or(text);
        *value = word;
        let mut index = 0;
        while !(*keys.add(index)).is_null() {
            if CStr::from_ptr(*keys.add(index)).to_bytes() == name {
                *value = equals.map_or(null_mut(), |equals| word.add(equals + 1));
                return index as c_int;
            }
            index += 1;
        }
        -1
    }
}
