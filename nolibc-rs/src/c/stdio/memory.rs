//! Streams over memory.

use core::ffi::{c_char, c_void};
use core::ptr::{NonNull, null_mut};

use super::block::lend;
use super::open::or_null;
use crate::buffer::{Buffer, Owned};
use crate::c::cstr;
use crate::errno::{Errno, Result};
use crate::stream::{Backing, Device, MemoryFile, Mode, Storage, Stream};

/// `realloc` for a C string's block.
///
/// # Safety
/// `block` is null or a block of the heap's.
pub(super) unsafe fn grow(block: *mut c_char, len: usize) -> Result<*mut c_char> {
    let new = match NonNull::new(block.cast::<u8>()) {
        None => crate::heap::alloc(len, 16)?,
        // SAFETY: the caller's contract.
        Some(old) => unsafe { crate::heap::realloc(old, len)? },
    };
    Ok(new.as_ptr().cast())
}

/// `fmemopen`; a null `buffer` asks for memory that the stream owns.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fmemopen(
    buffer: *mut c_void,
    len: usize,
    mode: *const c_char,
) -> *mut Stream {
    // SAFETY: the caller's contract.
    let (text, storage) = unsafe { (cstr::bytes(mode), lend(buffer.cast(), len)) };
    let open = |text: &[u8]| {
        let mode = Mode::parse(text)?;
        let storage = match storage {
            _ if len == 0 => return Err(Errno::EINVAL),
            Storage::None => Storage::Own(Buffer::new(len)?),
            storage => storage,
        };
        let file = MemoryFile::new(storage, mode, text.contains(&b'b'));
        Stream::open(Backing::Device(Owned::device(file)?), mode)
    };
    or_null(text.and_then(open))
}

/// The file behind `open_memstream`: a block that grows, and where the program
/// wants to see it and its length.
struct Growing {
    text: *mut *mut c_char,
    len: *mut usize,
    /// Bytes in the block, but for the terminator.
    room: usize,
    at: usize,
    end: usize,
}

// SAFETY: POSIX leaves the two places to the stream until it is closed.
unsafe impl Send for Growing {}

impl Growing {
    fn publish(&mut self) {
        // SAFETY: the contract of `open_memstream`.
        unsafe { self.len.write(self.at.min(self.end)) };
    }
}

impl Device for Growing {
    fn read(&mut self, _bytes: &mut [u8]) -> Result<usize> {
        Err(Errno::EBADF)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let after = self.at.checked_add(bytes.len()).ok_or(Errno::ENOMEM)?;
        // SAFETY: the contract of `open_memstream`; the block is the heap's and
        // has `room` bytes and one more.
        unsafe {
            if after > self.room {
                let room = after.max(self.room * 2);
                *self.text = grow(*self.text, room + 1)?;
                self.room = room;
            }
            let block = (*self.text).cast::<u8>();
            if self.at > self.end {
                block.add(self.end).write_bytes(0, self.at - self.end);
            }
            block
                .add(self.at)
                .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
            self.at = after;
            if after > self.end {
                self.end = after;
                block.add(after).write(0);
            }
        }
        self.publish();
        Ok(bytes.len())
    }

    fn seek(&mut self, offset: i64, whence: i32) -> Result<i64> {
        let base = match whence {
            0 => 0,
            1 => self.at,
            _ => self.end,
        };
        let place = (base as i64).checked_add(offset).ok_or(Errno::EOVERFLOW)?;
        self.at = usize::try_from(place).map_err(|_| Errno::EINVAL)?;
        self.publish();
        Ok(place)
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }
}

/// `open_memstream`
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open_memstream(text: *mut *mut c_char, len: *mut usize) -> *mut Stream {
    if text.is_null() || len.is_null() {
        return or_null(Err(Errno::EINVAL));
    }
    let open = || {
        // SAFETY: null asks for a new block.
        let block = unsafe { grow(null_mut(), 128) }?;
        // SAFETY: the caller's contract.
        unsafe {
            block.write(0);
            text.write(block);
            len.write(0);
        }
        let file = Growing {
            text,
            len,
            room: 127,
            at: 0,
            end: 0,
        };
        Stream::open(Backing::Device(Owned::device(file)?), Mode::standard(false))
    };
    or_null(open())
}
