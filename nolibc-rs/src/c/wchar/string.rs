//! Wide strings.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;

use super::memory::{order, signed};
use super::{Wide, bounded, string};
use crate::c::result::set_errno;

/// Copy `source` and a terminator; answers where that is.
unsafe fn append(target: *mut Wide, source: &[Wide]) -> *mut Wide {
    // SAFETY: the caller's contract: there is room.
    unsafe {
        target.copy_from_nonoverlapping(source.as_ptr(), source.len());
        let end = target.add(source.len());
        end.write(0);
        end
    }
}

fn position(start: *const Wide, found: Option<usize>) -> *mut Wide {
    found.map_or(null_mut(), |at| start.wrapping_add(at).cast_mut())
}

fn lower(wide: &Wide) -> i32 {
    match *wide {
        wide @ 0x41..=0x5a => wide as i32 + 0x20,
        wide => wide as i32,
    }
}

/// `wcslen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcslen(text: *const Wide) -> usize {
    // SAFETY: the caller's contract.
    unsafe { string(text) }.len()
}

/// `wcsnlen`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsnlen(text: *const Wide, limit: usize) -> usize {
    // SAFETY: the caller's contract.
    unsafe { bounded(text, limit) }.len()
}

/// `wcscpy`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscpy(target: *mut Wide, source: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { append(target, string(source)) };
    target
}

/// `wcpcpy`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcpcpy(target: *mut Wide, source: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { append(target, string(source)) }
}

/// `wcpncpy`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcpncpy(target: *mut Wide, source: *const Wide, len: usize) -> *mut Wide {
    // SAFETY: the caller's contract.
    let source = unsafe { bounded(source, len) };
    for index in 0..len {
        let wide = source.get(index).copied().unwrap_or(0);
        // SAFETY: the caller's contract: `target` has `len` elements.
        unsafe { target.add(index).write(wide) };
    }
    target.wrapping_add(source.len())
}

/// `wcsncpy`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsncpy(target: *mut Wide, source: *const Wide, len: usize) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { wcpncpy(target, source, len) };
    target
}

/// `wcscat`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscat(target: *mut Wide, source: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { append(target.add(string(target).len()), string(source)) };
    target
}

/// `wcsncat`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsncat(target: *mut Wide, source: *const Wide, len: usize) -> *mut Wide {
    // SAFETY: the caller's contract.
    unsafe { append(target.add(string(target).len()), bounded(source, len)) };
    target
}

/// `wcsdup`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsdup(text: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    let text = unsafe { string(text) };
    match crate::heap::alloc((text.len() + 1) * size_of::<Wide>(), 16) {
        Ok(block) => {
            let copy = block.as_ptr().cast();
            // SAFETY: the block has this length.
            unsafe { append(copy, text) };
            copy
        }
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// `wcscmp`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscmp(a: *const Wide, b: *const Wide) -> c_int {
    // SAFETY: the caller's contract.
    let (a, b) = unsafe { (string(a), string(b)) };
    order(a.iter().map(signed).cmp(b.iter().map(signed)))
}

/// `wcsncmp`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsncmp(a: *const Wide, b: *const Wide, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    let (a, b) = unsafe { (bounded(a, len), bounded(b, len)) };
    order(a.iter().map(signed).cmp(b.iter().map(signed)))
}

/// `wcscasecmp`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscasecmp(a: *const Wide, b: *const Wide) -> c_int {
    // SAFETY: the caller's contract.
    let (a, b) = unsafe { (string(a), string(b)) };
    order(a.iter().map(lower).cmp(b.iter().map(lower)))
}

/// `wcsncasecmp`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsncasecmp(a: *const Wide, b: *const Wide, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    let (a, b) = unsafe { (bounded(a, len), bounded(b, len)) };
    order(a.iter().map(lower).cmp(b.iter().map(lower)))
}

/// `wcscoll`: the "C" locale orders by number.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscoll(a: *const Wide, b: *const Wide) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { wcscmp(a, b) }
}

/// `wcscoll_l`; every locale is "C".
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscoll_l(a: *const Wide, b: *const Wide, _locale: *mut c_void) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { wcscmp(a, b) }
}

/// `wcsxfrm`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsxfrm(target: *mut Wide, source: *const Wide, len: usize) -> usize {
    // SAFETY: the caller's contract.
    let source = unsafe { string(source) };
    if source.len() < len {
        // SAFETY: it fits.
        unsafe { append(target, source) };
    }
    source.len()
}

/// `wcschr`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcschr(text: *const Wide, wide: Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    let elements = unsafe { string(text) };
    let mut all = elements.iter().chain(&[0]);
    position(text, all.position(|&element| element == wide))
}

/// `wcsrchr`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsrchr(text: *const Wide, wide: Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    let elements = unsafe { string(text) };
    let found = match wide {
        0 => Some(elements.len()),
        wide => elements.iter().rposition(|&element| element == wide),
    };
    position(text, found)
}

/// `wcsspn`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsspn(text: *const Wide, set: *const Wide) -> usize {
    // SAFETY: the caller's contract.
    let (text, set) = unsafe { (string(text), string(set)) };
    text.iter().take_while(|wide| set.contains(wide)).count()
}

/// `wcscspn`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcscspn(text: *const Wide, set: *const Wide) -> usize {
    // SAFETY: the caller's contract.
    let (text, set) = unsafe { (string(text), string(set)) };
    text.iter().take_while(|wide| !set.contains(wide)).count()
}

/// `wcspbrk`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcspbrk(text: *const Wide, set: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    let (elements, set) = unsafe { (string(text), string(set)) };
    position(text, elements.iter().position(|wide| set.contains(wide)))
}

/// `wcsstr`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcsstr(text: *const Wide, part: *const Wide) -> *mut Wide {
    // SAFETY: the caller's contract.
    let (elements, part) = unsafe { (string(text), string(part)) };
    let found = match part.len() {
        0 => Some(0),
        len => elements.windows(len).position(|window| window == part),
    };
    position(text, found)
}

/// `wcstok`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcstok(
    text: *mut Wide,
    delimiters: *const Wide,
    state: *mut *mut Wide,
) -> *mut Wide {
    // SAFETY: the caller's contract.
    let (start, set) = unsafe {
        (
            if text.is_null() { *state } else { text },
            string(delimiters),
        )
    };
    if start.is_null() {
        return null_mut();
    }
    // SAFETY: the caller's contract.
    let elements = unsafe { string(start) };
    let skip = elements
        .iter()
        .take_while(|wide| set.contains(wide))
        .count();
    let len = elements
        .iter()
        .skip(skip)
        .take_while(|wide| !set.contains(wide))
        .count();
    let ended = skip + len == elements.len();
    // SAFETY: inside of the string, or its terminator.
    unsafe {
        let token = start.add(skip);
        let end = token.add(len);
        end.write(0);
        *state = if ended { null_mut() } else { end.add(1) };
        if len == 0 { null_mut() } else { token }
    }
}

/// `wcwidth`: printable ASCII takes one column, other characters none that are
/// known.
#[unsafe(no_mangle)]
pub extern "C" fn wcwidth(wide: Wide) -> c_int {
    match wide {
        0 => 0,
        0x20..=0x7e => 1,
        _ => -1,
    }
}

/// `wcswidth`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wcswidth(text: *const Wide, len: usize) -> c_int {
    // SAFETY: the caller's contract.
    let text = unsafe { bounded(text, len) };
    if text.iter().any(|&wide| wcwidth(wide) < 0) {
        return -1;
    }
    c_int::try_from(text.len()).unwrap_or(c_int::MAX)
}
