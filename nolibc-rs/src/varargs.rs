//! C's variable arguments, as `printf` and `scanf` take them.

use core::ffi::c_void;
use core::ptr::NonNull;

use crate::arch::VaList;
use crate::arch::search::strnlen;
use crate::decimal::Extended;
use crate::errno::{Errno, Result};
use crate::format;
use crate::heap;
use crate::multibyte;
use crate::scan::{Targets, TextKind};

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
    fn word(&mut self) -> u64 {
        // SAFETY: by the contract of `new`.
        unsafe { self.list.word() }
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
        if start.is_null() {
            return None;
        }
        // SAFETY: by the contract of `new`, `%s` got a string, or as many bytes
        // as it may take.
        Some(unsafe {
            let len = strnlen(start.cast(), limit);
            core::slice::from_raw_parts(start.cast(), len)
        })
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

/// The pointers behind a `va_list`, as `scanf` takes them.
pub struct VarTargets<'v> {
    args: VarArgs<'v>,
    kind: TextKind,
    /// Where the text goes: the program's memory or a block of ours.
    text: *mut u8,
    /// `m`: the pointer that gets the block.
    owner: *mut *mut u8,
    len: usize,
    /// `m`: the block's size.
    room: usize,
}

impl<'v> VarTargets<'v> {
    /// Take pointers from `list`.
    ///
    /// # Safety
    /// As [`VarArgs::new`]; text targets have room for what is read.
    pub unsafe fn new(list: &'v mut VaList) -> Self {
        Self {
            // SAFETY: passed on.
            args: unsafe { VarArgs::new(list) },
            kind: TextKind {
                wide: false,
                allocate: false,
                terminate: true,
            },
            text: core::ptr::null_mut(),
            owner: core::ptr::null_mut(),
            len: 0,
            room: 0,
        }
    }

    /// Make room for one more element in a block of ours.
    fn grow(&mut self, size: usize) -> Result<()> {
        let wanted = (self.len + 1) * size;
        if !self.kind.allocate || wanted <= self.room {
            return Ok(());
        }
        let wanted = wanted.max(32).max(self.room * 2);
        let block = match NonNull::new(self.text) {
            None => heap::alloc(wanted, 16)?,
            // SAFETY: this block came from there.
            Some(block) => unsafe { heap::realloc(block, wanted)? },
        };
        self.text = block.as_ptr();
        self.room = wanted;
        Ok(())
    }

    fn push(&mut self, wide: u32, byte: u8) -> Result<()> {
        let size = if self.kind.wide { 4 } else { 1 };
        self.grow(size)?;
        // SAFETY: `grow` made room, or by the contract of `new` there is.
        unsafe {
            if self.kind.wide {
                self.text.cast::<u32>().add(self.len).write_unaligned(wide);
            } else {
                self.text.add(self.len).write(byte);
            }
        }
        self.len += 1;
        Ok(())
    }
}

impl Targets for VarTargets<'_> {
    fn integer(&mut self, size: usize, value: i64) {
        format::Args::store(&mut self.args, size, value);
    }

    fn float(&mut self, value: f32) {
        // SAFETY: by the contract of `new`, a pointer to one.
        unsafe { self.args.address().cast::<f32>().write_unaligned(value) }
    }

    fn double(&mut self, value: f64) {
        // SAFETY: by the contract of `new`, a pointer to one.
        unsafe { self.args.address().cast::<f64>().write_unaligned(value) }
    }

    fn long_double(&mut self, value: Extended) {
        let place = self.args.address().cast::<u8>();
        let source = core::ptr::from_ref(&value).cast::<u8>();
        // SAFETY: by the contract of `new`, a pointer to one; its padding is
        // left alone.
        unsafe { place.copy_from_nonoverlapping(source, 10) }
    }

    fn begin(&mut self, kind: TextKind) {
        let address = self.args.address().cast::<u8>();
        self.kind = kind;
        self.len = 0;
        self.room = 0;
        if kind.allocate {
            self.owner = address.cast();
            self.text = core::ptr::null_mut();
        } else {
            self.text = address;
        }
    }

    fn put(&mut self, byte: u8) -> Result<()> {
        self.push(multibyte::decode(byte), byte)
    }

    fn end(&mut self, complete: bool) -> Result<()> {
        let ended = if complete && self.kind.terminate {
            self.push(0, 0)
        } else {
            Ok(())
        };
        if !self.kind.allocate {
            return ended;
        }
        let mut block = self.text;
        if !complete || ended.is_err() {
            if let Some(block) = NonNull::new(block) {
                // SAFETY: it came from the heap, and only we know it.
                unsafe { heap::free(block) };
            }
            block = core::ptr::null_mut();
        }
        // SAFETY: by the contract of `new`, a pointer to a pointer.
        unsafe { self.owner.write(block) };
        ended
    }
}
