//! The byte primitives that compiled code calls, local to each backend.
//!
//! A backend must not use the C library's: the boot code of some runs before
//! the CPU may touch vector registers, and an application may bring a `memcpy`
//! of its own. String instructions keep them small, and no compiler turns one
//! into a call of itself.

use core::arch::asm;
use core::ffi::c_int;

/// `memcpy`
///
/// # Safety
/// As the C standard says.
pub unsafe fn copy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: copies `len` bytes upwards, which the caller's contract allows;
    // the ABI keeps the direction flag clear.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") len => _,
            inout("rdi") to => _,
            inout("rsi") from => _,
            options(nostack, preserves_flags)
        );
    }
    to
}

/// `memmove`
///
/// # Safety
/// As the C standard says.
pub unsafe fn copy_overlapping(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    let distance = (to as usize).wrapping_sub(from as usize);
    if distance >= len {
        // SAFETY: the contract is the same, and upwards no byte is overwritten
        // before it is read.
        return unsafe { copy(to, from, len) };
    }
    // SAFETY: copies the same bytes downwards, from the last one, and clears
    // the direction flag again; `len` is not 0 here.
    unsafe {
        asm!(
            "std",
            "rep movsb",
            "cld",
            inout("rcx") len => _,
            inout("rdi") to.wrapping_add(len).wrapping_sub(1) => _,
            inout("rsi") from.wrapping_add(len).wrapping_sub(1) => _,
            options(nostack)
        );
    }
    to
}

/// `memset`
///
/// # Safety
/// As the C standard says.
pub unsafe fn fill(to: *mut u8, byte: c_int, len: usize) -> *mut u8 {
    // SAFETY: writes `len` bytes, which the caller's contract allows.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") len => _,
            inout("rdi") to => _,
            in("al") byte as u8,
            options(nostack, preserves_flags)
        );
    }
    to
}

/// `memcmp`, which serves as `bcmp`
///
/// # Safety
/// As the C standard says.
pub unsafe fn compare(left: *const u8, right: *const u8, len: usize) -> c_int {
    for index in 0..len {
        // SAFETY: `index` is below `len`, within both by the caller's contract.
        let (a, b) = unsafe { (left.add(index).read(), right.add(index).read()) };
        if a != b {
            return c_int::from(a) - c_int::from(b);
        }
    }
    0
}

/// `strlen`
///
/// # Safety
/// As the C standard says.
pub unsafe fn length(string: *const u8) -> usize {
    let left: usize;
    // SAFETY: reads up to the terminator, which the caller's contract puts
    // there; the ABI keeps the direction flag clear.
    unsafe {
        asm!(
            "repne scasb",
            inout("rcx") usize::MAX => left,
            inout("rdi") string => _,
            in("al") 0u8,
            options(nostack, readonly)
        );
    }
    usize::MAX - left - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_like_the_standard_library() {
        for (from, to, len) in [
            (0, 3, 9),
            (3, 0, 9),
            (2, 2, 5),
            (0, 8, 8),
            (8, 0, 8),
            (1, 2, 0),
        ] {
            let mut ours: [u8; 20] = core::array::from_fn(|index| index as u8);
            let mut theirs = ours;
            theirs.copy_within(from..from + len, to);
            let start = ours.as_mut_ptr();
            // SAFETY: both ranges lie within the array.
            unsafe { copy_overlapping(start.add(to), start.add(from), len) };
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn copies_fills_and_compares() {
        let mut bytes = [1u8; 9];
        // SAFETY: the lengths are the arrays' own or less.
        unsafe {
            fill(bytes.as_mut_ptr().add(1), 0x1ff, 7);
            assert_eq!(bytes, [1, 255, 255, 255, 255, 255, 255, 255, 1]);
            copy(bytes.as_mut_ptr(), [7u8, 8].as_ptr(), 2);
            assert_eq!(bytes[..3], [7, 8, 255]);
            assert!(compare([1u8, 200].as_ptr(), [1u8, 3].as_ptr(), 2) > 0);
            assert!(compare([1u8, 2].as_ptr(), [1u8, 3].as_ptr(), 2) < 0);
            assert_eq!(compare([1u8, 2].as_ptr(), [1u8, 3].as_ptr(), 1), 0);
            assert_eq!(length(c"".as_ptr().cast()), 0);
            assert_eq!(length(c"abc".as_ptr().cast()), 3);
        }
    }
}
