//! C's variable arguments, as `printf` and `scanf` take them.

use core::ffi::c_void;

use crate::arch::VaList;
use crate::decimal::Extended;
use crate::errno::Errno;
use crate::format;

/// The arguments behind a `va_list`.
pub struct VarArgs<'v> {
    list: &'v mut VaList,
}

impl<'v> VarArgs<'v> {
    /// Take arguments from `list`.
    ///
    /// # Safety
    /// `list` was started for a call whose remaining arguments are those that
    /// the format asks for, their pointers valid as C says.
    pub unsafe fn new(list: &'v mut VaList) -> Self {
        Self { list }
    }

    /// The next argument, a pointer.
    pub fn address(&mut self) -> *mut c_void {
        // SAFETY: by the contract of `new`.
        let word = unsafe { self.list.word() };
        core::ptr::with_exposed_provenance_mut(word as usize)
    }
}

/// Elements before the terminator, at most `limit`.
///
/// # Safety
/// `start` points to `limit` elements or to a terminated string.
unsafe fn until_zero<'a, T: PartialEq + Default>(start: *const T, limit: usize) -> &'a [T] {
    let mut len = 0;
    // SAFETY: nothing beyond the terminator or the limit is looked at.
    while len < limit && unsafe { &*start.add(len) } != &T::default() {
        len += 1;
    }
    // SAFETY: these elements have just been read.
    unsafe { core::slice::from_raw_parts(start, len) }
}

impl<'a> format::Args<'a> for VarArgs<'_> {
    fn int(&mut self) -> i32 {
        // SAFETY: by the contract of `new`.
        unsafe { self.list.word() as i32 }
    }

    fn long(&mut self) -> i64 {
        // SAFETY: by the contract of `new`.
        unsafe { self.list.word() as i64 }
    }

    fn double(&mut self) -> f64 {
        // SAFETY: by the contract of `new`.
        unsafe { self.list.double() }
    }

    fn long_double(&mut self) -> Extended {
        // SAFETY: by the contract of `new`.
        let (mantissa, sign_exponent) = unsafe { self.list.long_double() };
        Extended {
            mantissa,
            sign_exponent,
        }
    }

    fn pointer(&mut self) -> usize {
        self.address() as usize
    }

    fn string(&mut self, limit: usize) -> Option<&'a [u8]> {
        let start = self.address();
        // SAFETY: by the contract of `new`, `%s` got a string.
        (!start.is_null()).then(|| unsafe { until_zero(start.cast(), limit) })
    }

    fn wide_string(&mut self, limit: usize) -> Option<&'a [u32]> {
        let start = self.address();
        // SAFETY: by the contract of `new`, `%ls` got a wide string.
        (!start.is_null()).then(|| unsafe { until_zero(start.cast(), limit) })
    }

    fn store(&mut self, size: usize, count: i64) {
        let place = self.address().cast::<u8>();
        let bytes = count.to_le_bytes();
        // SAFETY: by the contract of `new`, `%n` got a pointer to an integer of
        // this size, at most 8.
        unsafe { place.copy_from_nonoverlapping(bytes.as_ptr(), size.min(bytes.len())) }
    }

    fn error_text(&mut self) -> &'static [u8] {
        // SAFETY: the block of the running thread is live.
        let number = unsafe { (*crate::tcb::current()).errno };
        Errno::from_raw(number)
            .message()
            .unwrap_or(c"Unknown error")
            .to_bytes()
    }

    fn rounding_mode(&self) -> u32 {
        crate::arch::rounding_mode()
    }
}
