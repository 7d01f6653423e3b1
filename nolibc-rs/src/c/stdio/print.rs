//! The `printf` family. The variadic members are in `csrc/variadic/printf.c`.

use core::ffi::{c_char, c_int};
use core::hint::select_unpredictable;
use core::ptr::null_mut;

use super::{borrow, fail};
use crate::arch::VaList;
use crate::arch::search::strlen;
use crate::c::result::{or_minus_one, set_errno};
use crate::errno::{Errno, Result};
use crate::format::{self, Short, Sign, Sink, Staged};
use crate::stream::{STDOUT, Stream};
use crate::varargs::VarArgs;

/// Format to `sink` and answer the length.
///
/// # Safety
/// `format` is a string and `list` holds the arguments it asks for.
#[inline(always)]
unsafe fn print(sink: &mut dyn Sink, format: *const c_char, list: *mut VaList) -> Result<c_int> {
    if format.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: the caller's contract.
    let format = unsafe { core::slice::from_raw_parts(format.cast(), strlen(format)) };
    // SAFETY: the caller's contract.
    let mut args = unsafe { VarArgs::new(&mut *list) };
    format::format(sink, format, &mut args)
}

/// The same for a sink to which many small pieces are expensive.
///
/// # Safety
/// As [`print`].
unsafe fn print_staged(
    sink: &mut dyn Sink,
    format: *const c_char,
    list: *mut VaList,
) -> Result<c_int> {
    let mut staged = Staged::new(sink);
    // SAFETY: the caller's contract.
    let result = unsafe { print(&mut staged, format, list) };
    staged.flush()?;
    result
}

/// The length, or -1 with `errno` and what else an error does.
pub(in crate::c) fn length(result: Result<c_int>) -> c_int {
    result.unwrap_or_else(|error| {
        fail(error);
        -1
    })
}

/// Memory of the caller's; what does not fit is dropped.
struct Text {
    next: *mut u8,
    room: usize,
}

/// Write a short text by way of memory.
#[inline(never)]
fn write_pieces(sink: &mut Text, sign: Sign, text: Short) -> Result<()> {
    let bytes = text.bytes();
    sink.write(sign.text())?;
    sink.write(bytes.get(..text.len).unwrap_or(&bytes))
}

impl Sink for Text {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let count = bytes.len().min(self.room);
        let place = self.next;
        self.room -= count;
        // SAFETY: `room` bytes at `next` are the caller's.
        unsafe {
            self.next = place.add(count);
            place.copy_from_nonoverlapping(bytes.as_ptr(), count);
        }
        Ok(())
    }

    fn write_short(&mut self, sign: Sign, text: Short) -> Result<()> {
        let (width, len) = (sign.width(), text.len);
        if width + len > self.room || !(8..=24).contains(&len) {
            return write_pieces(self, sign, text);
        }
        let [first, second] = [text.low as u64, (text.low >> 64) as u64];
        // Which words the last 8 bytes lie in, and from where on; the one before them is
        // stored as well. Whether there are more than 16 bytes no CPU foresees.
        let is_long = len > 16;
        let select = |long: u64, short| select_unpredictable(is_long, long, short);
        let before = select(second, first);
        let start = 8 * usize::from(is_long);
        let last = u128::from(select(text.high, second)) << 64 | u128::from(before);
        let last = (last >> (8 * (len - 8 - start))) as u64;
        // SAFETY: as above, for the sign and `len` bytes, which are 8 at least; where there is
        // no sign its place is the first byte's.
        unsafe {
            self.next.write(sign.byte());
            let place = self.next.add(width);
            self.next = place.add(len);
            place.cast::<u64>().write_unaligned(first);
            place.add(start).cast::<u64>().write_unaligned(before);
            self.next.sub(8).cast::<u64>().write_unaligned(last);
        }
        self.room -= width + len;
        Ok(())
    }

    fn fill(&mut self, byte: u8, count: usize) -> Result<()> {
        let count = count.min(self.room);
        // SAFETY: as above.
        unsafe {
            self.next.write_bytes(byte, count);
            self.next = self.next.add(count);
        }
        self.room -= count;
        Ok(())
    }
}

/// A descriptor without a buffer.
struct Descriptor(c_int);

impl Sink for Descriptor {
    fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let count = crate::file::write(self.0, bytes)?;
            if count == 0 {
                return Err(Errno::EIO);
            }
            bytes = bytes.get(count..).unwrap_or_default();
        }
        Ok(())
    }
}

/// `vsnprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vsnprintf(
    text: *mut c_char,
    len: usize,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    let mut sink = Text {
        next: text.cast(),
        room: len.saturating_sub(1),
    };
    // SAFETY: the caller's contract.
    let result = or_minus_one(unsafe { print(&mut sink, format, list) });
    if len > 0 {
        // SAFETY: a byte was left for the terminator.
        unsafe { sink.next.write(0) };
    }
    result
}

/// `vsprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vsprintf(
    text: *mut c_char,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract: there is room for all of it.
    unsafe { vsnprintf(text, usize::MAX, format, list) }
}

/// `vfprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vfprintf(
    stream: *mut Stream,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    let mut stream = unsafe { borrow(stream) }.lock();
    // SAFETY: the caller's contract.
    let result = unsafe { print_staged(&mut *stream, format, list) };
    drop(stream);
    length(result)
}

/// `vprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vprintf(format: *const c_char, list: *mut VaList) -> c_int {
    // SAFETY: the caller's contract.
    let result = unsafe { print_staged(&mut *STDOUT.lock(), format, list) };
    length(result)
}

/// `vdprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vdprintf(
    descriptor: c_int,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract.
    length(unsafe { print_staged(&mut Descriptor(descriptor), format, list) })
}

/// `vasprintf`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vasprintf(
    text: *mut *mut c_char,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: the caller's contract; the copy is what `va_copy` makes.
    let mut copy = unsafe { *list };
    // SAFETY: nothing is written where the length is 0.
    let len = unsafe { vsnprintf(null_mut(), 0, format, &mut copy) };
    let Ok(room) = usize::try_from(i64::from(len) + 1) else {
        return -1;
    };
    if room == 0 {
        return -1;
    }
    match crate::heap::alloc(room, 16) {
        // SAFETY: the block has room for the text and its end.
        Ok(block) => unsafe {
            *text = block.as_ptr().cast();
            vsnprintf(*text, room, format, list)
        },
        Err(_) => {
            set_errno(Errno::ENOMEM);
            -1
        }
    }
}
