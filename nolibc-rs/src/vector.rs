//! A growable array over the heap that refuses instead of ending the program:
//! whatever has to allocate answers `ENOMEM`, and the array is as it was.

use core::marker::PhantomData;
use core::mem::{align_of, size_of};
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};
use core::slice;

use crate::errno::{Errno, Result};

/// A growable array.
pub struct Vector<T> {
    start: NonNull<T>,
    len: usize,
    capacity: usize,
    owns: PhantomData<T>,
}

// SAFETY: a `Vector` owns its elements and its block as a `T` owns itself.
unsafe impl<T: Send> Send for Vector<T> {}

impl<T> Vector<T> {
    /// An empty array, which owns no memory.
    pub const fn new() -> Self {
        const { assert!(size_of::<T>() != 0) };
        Self {
            start: NonNull::dangling(),
            len: 0,
            capacity: 0,
            owns: PhantomData,
        }
    }

    /// How many elements fit without moving.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Make room for `additional` elements, and for some more if there is room.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn reserve(&mut self, additional: usize) -> Result<()> {
        let needed = self.len.checked_add(additional).ok_or(Errno::ENOMEM)?;
        if needed <= self.capacity {
            return Ok(());
        }
        let generous = needed.max(self.capacity + self.capacity / 2).max(4);
        if self.move_to(generous).is_ok() {
            return Ok(());
        }
        self.move_to(needed)
    }

    /// Move to a block of exactly `capacity` elements, not fewer than there are.
    #[inline(never)]
    fn move_to(&mut self, capacity: usize) -> Result<()> {
        let len_bytes = capacity.checked_mul(size_of::<T>()).ok_or(Errno::ENOMEM)?;
        let block = storage::alloc(len_bytes, align_of::<T>())?.cast::<T>();
        // SAFETY: the new block holds `capacity >= len` elements, the old one
        // holds `len`; they are different allocations.
        unsafe { ptr::copy_nonoverlapping(self.start.as_ptr(), block.as_ptr(), self.len) };
        self.give_back_block();
        self.start = block;
        self.capacity = capacity;
        Ok(())
    }

    fn give_back_block(&mut self) {
        if self.capacity != 0 {
            // SAFETY: a non-zero capacity says that `start` came from
            // `storage::alloc` with this size; the caller replaces it at once.
            unsafe {
                storage::free(
                    self.start.cast(),
                    self.capacity * size_of::<T>(),
                    align_of::<T>(),
                );
            }
        }
    }

    /// Give back what `len` elements do not need; best effort.
    pub fn shrink(&mut self) {
        if self.len == 0 {
            self.give_back_block();
            self.start = NonNull::dangling();
            self.capacity = 0;
        } else if self.len < self.capacity {
            // A refusal leaves the larger block in place, which is harmless.
            let _ = self.move_to(self.len);
        }
    }

    /// Append `value`.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn push(&mut self, value: T) -> Result<()> {
        self.insert(self.len, value)
    }

    /// Put `value` before the element at `index`, or at the end.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn insert(&mut self, index: usize, value: T) -> Result<()> {
        self.reserve(1)?;
        let index = index.min(self.len);
        // SAFETY: `index <= len < capacity`, so source and destination of the
        // move lie inside the block, and the slot at `index` is then free.
        unsafe {
            let slot = self.start.as_ptr().add(index);
            ptr::copy(slot, slot.add(1), self.len - index);
            slot.write(value);
        }
        self.len += 1;
        Ok(())
    }

    /// Take out the element at `index`; later ones move down.
    pub fn remove(&mut self, index: usize) -> Option<T> {
        if index >= self.len {
            return None;
        }
        self.len -= 1;
        // SAFETY: `index` was below the old length, so the slot holds a value,
        // which is moved out before its successors are moved over it.
        unsafe {
            let slot = self.start.as_ptr().add(index);
            let value = slot.read();
            ptr::copy(slot.add(1), slot, self.len - index);
            Some(value)
        }
    }

    /// Drop the elements from `len` on.
    pub fn truncate(&mut self, len: usize) {
        while self.len > len {
            drop(self.remove(self.len - 1));
        }
    }
}

impl Vector<u8> {
    /// A copy of `bytes`.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    #[inline(never)]
    pub fn copy_of(bytes: &[u8]) -> Result<Self> {
        let mut copy = Self::new();
        if !bytes.is_empty() {
            copy.move_to(bytes.len())?;
        }
        copy.append(bytes)?;
        Ok(copy)
    }

    /// Append `bytes`.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.reserve(bytes.len())?;
        // SAFETY: `reserve` made room for them behind the last element.
        unsafe {
            let end = self.start.as_ptr().add(self.len);
            ptr::copy_nonoverlapping(bytes.as_ptr(), end, bytes.len());
        }
        self.len += bytes.len();
        Ok(())
    }

    /// Drop the first `count` bytes, or all.
    pub fn consume(&mut self, count: usize) {
        let count = count.min(self.len);
        self.copy_within(count.., 0);
        self.len -= count;
    }
}

/// A page of bytes.
#[repr(C, align(4096))]
pub struct Page([u8; 4096]);

/// Bytes in a [`Page`].
pub const PAGE_BYTES: usize = size_of::<Page>();

impl Vector<Page> {
    /// Append pages of zeroes until there are `pages`.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn grow_zeroed(&mut self, pages: usize) -> Result<()> {
        let additional = pages.saturating_sub(self.len);
        self.reserve(additional)?;
        // SAFETY: `reserve` made room for them behind the last element, and
        // zeroes are a valid `Page`.
        unsafe { ptr::write_bytes(self.start.as_ptr().add(self.len), 0, additional) };
        self.len += additional;
        Ok(())
    }

    /// All bytes of all pages.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the pages lie behind each other and have no padding.
        unsafe { slice::from_raw_parts(self.start.as_ptr().cast(), self.len * PAGE_BYTES) }
    }

    /// All bytes of all pages.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and `self` is borrowed exclusively.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr().cast(), self.len * PAGE_BYTES) }
    }

    /// Where the pages are, for as long as the array does not grow beyond its
    /// capacity.
    pub fn address(&self) -> NonNull<u8> {
        self.start.cast()
    }
}

impl<T> Default for Vector<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for Vector<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` elements of the block are initialised.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl<T> DerefMut for Vector<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`, and `self` is borrowed exclusively.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl<T> Drop for Vector<T> {
    fn drop(&mut self) {
        self.truncate(0);
        self.give_back_block();
    }
}

#[cfg(feature = "export")]
mod storage {
    use core::ptr::NonNull;

    pub use crate::heap::alloc;

    /// # Safety
    /// As [`crate::heap::free`].
    pub unsafe fn free(block: NonNull<u8>, _len_bytes: usize, _align: usize) {
        // SAFETY: the caller's contract.
        unsafe { crate::heap::free(block) }
    }
}

/// Host tests: the host's allocator, made hostile. Freed memory is filled, and
/// the nth allocation of a thread is refused when a test asks for that.
#[cfg(not(feature = "export"))]
pub mod storage {
    use core::ptr::NonNull;
    use std::alloc::Layout;
    use std::cell::Cell;

    use crate::errno::{Errno, Result};

    thread_local! {
        static BEFORE_REFUSAL: Cell<Option<usize>> = const { Cell::new(None) };
        static LIVE_BYTES: Cell<isize> = const { Cell::new(0) };
    }

    /// Let `count` allocations of this thread succeed and refuse those after.
    pub fn refuse_after(count: Option<usize>) {
        BEFORE_REFUSAL.set(count);
    }

    /// Bytes that this thread has allocated and not given back.
    pub fn live_bytes() -> isize {
        LIVE_BYTES.get()
    }

    pub(super) fn alloc(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
        match BEFORE_REFUSAL.get() {
            Some(0) => return Err(Errno::ENOMEM),
            Some(count) => BEFORE_REFUSAL.set(Some(count - 1)),
            None => {}
        }
        let layout = Layout::from_size_align(len_bytes, align).map_err(|_| Errno::ENOMEM)?;
        if len_bytes == 0 || len_bytes > 1 << 30 {
            return Err(Errno::ENOMEM);
        }
        LIVE_BYTES.set(LIVE_BYTES.get() + len_bytes as isize);
        // SAFETY: the size is not zero.
        NonNull::new(unsafe { std::alloc::alloc(layout) }).ok_or(Errno::ENOMEM)
    }

    /// # Safety
    /// `block` came from [`alloc`] with the same size and alignment.
    pub(super) unsafe fn free(block: NonNull<u8>, len_bytes: usize, align: usize) {
        LIVE_BYTES.set(LIVE_BYTES.get() - len_bytes as isize);
        // SAFETY: the caller's contract; the layout was valid in `alloc`.
        unsafe {
            block.as_ptr().write_bytes(0xdd, len_bytes);
            std::alloc::dealloc(
                block.as_ptr(),
                Layout::from_size_align_unchecked(len_bytes, align),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaves_like_vec() {
        let mut ours = Vector::new();
        let mut model = Vec::new();
        let mut seed = 1u32;
        for step in 0..2000u32 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let index = (seed >> 16) as usize % (model.len() + 1);
            if seed >> 30 != 0 {
                ours.insert(index, Box::new(step)).unwrap();
                model.insert(index, Box::new(step));
            } else {
                let expected = (index < model.len()).then(|| model.remove(index));
                assert_eq!(ours.remove(index), expected);
            }
            assert_eq!(&ours[..], &model[..]);
        }
    }

    #[test]
    fn refusal_changes_nothing() {
        let mut bytes = Vector::copy_of(b"abc").unwrap();
        storage::refuse_after(Some(0));
        assert_eq!(bytes.append(b"defgh"), Err(Errno::ENOMEM));
        assert_eq!(bytes.push(0), Err(Errno::ENOMEM));
        storage::refuse_after(None);
        assert_eq!(&bytes[..], b"abc");
        assert_eq!(bytes.reserve(usize::MAX), Err(Errno::ENOMEM));
    }

    #[test]
    fn gives_everything_back() {
        let before = storage::live_bytes();
        let mut pages = Vector::<Page>::new();
        pages.grow_zeroed(3).unwrap();
        assert_eq!(pages.address().as_ptr() as usize % PAGE_BYTES, 0);
        assert!(pages.bytes().iter().all(|byte| *byte == 0));
        pages.bytes_mut()[4096] = 7;
        pages.truncate(2);
        pages.shrink();
        assert_eq!(pages.capacity(), 2);
        assert_eq!(pages.bytes()[4096], 7);
        let mut bytes = Vector::copy_of(b"abcdef").unwrap();
        bytes.consume(4);
        assert_eq!(&bytes[..], b"ef");
        drop((pages, bytes));
        assert_eq!(storage::live_bytes(), before);
    }
}
