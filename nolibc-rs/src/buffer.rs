//! Memory from [`heap`](crate::heap) with an owner, so that what uses it needs
//! no unsafe code.

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use crate::errno::{Errno, Result};
use crate::heap;
use crate::stream::Device;

/// Bytes on the heap, given back when dropped.
pub struct Buffer {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the block belongs to this value alone.
unsafe impl Send for Buffer {}

impl Buffer {
    /// `len` zeros.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn new(len: usize) -> Result<Self> {
        if len > isize::MAX as usize {
            return Err(Errno::ENOMEM);
        }
        let start = heap::alloc(len.max(1), 16)?;
        // SAFETY: the block was just allocated with this length.
        unsafe { start.write_bytes(0, len) };
        Ok(Self { start, len })
    }

    /// Give up ownership; the block is then `free`'s to give back.
    pub fn into_raw(self) -> NonNull<u8> {
        let start = self.start;
        core::mem::forget(self);
        start
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: initialised by `new`, and owned.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and borrowed exclusively.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: `new` got it from there, and it is not used again.
        unsafe { heap::free(self.start) }
    }
}

/// Up to `N` bytes, gathered in place.
pub struct Gathered<const N: usize> {
    bytes: [MaybeUninit<u8>; N],
    len: usize,
}

impl<const N: usize> Default for Gathered<N> {
    /// None yet.
    #[inline]
    fn default() -> Self {
        Self {
            bytes: [MaybeUninit::uninit(); N],
            len: 0,
        }
    }
}

impl<const N: usize> Gathered<N> {
    /// Add `more`; false: nothing is done, because there is no room.
    #[inline]
    pub fn push(&mut self, more: &[u8]) -> bool {
        let end = self.len + more.len();
        let Some(place) = self.bytes.get_mut(self.len..end) else {
            return false;
        };
        place.write_copy_of_slice(more);
        self.len = end;
        true
    }

    /// Those that were added.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `push` has written as many.
        unsafe { core::slice::from_raw_parts(self.bytes.as_ptr().cast(), self.len) }
    }

    /// Forget them.
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

/// A value on the heap, dropped and given back with its owner.
pub struct Owned<T: ?Sized>(NonNull<T>);

// SAFETY: the value belongs to its owner alone.
unsafe impl<T: ?Sized + Send> Send for Owned<T> {}

impl Owned<dyn Device> {
    /// Put `device` on the heap.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn device<T: Device + 'static>(device: T) -> Result<Self> {
        let place: NonNull<T> = NonNull::from(leak(device)?);
        Ok(Self(place))
    }
}

impl<T: ?Sized> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: made from a live value, and owned.
        unsafe { self.0.as_ref() }
    }
}

impl<T: ?Sized> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and borrowed exclusively.
        unsafe { self.0.as_mut() }
    }
}

impl<T: ?Sized> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: `leak` put it there, and it is not used again.
        unsafe {
            self.0.drop_in_place();
            heap::free(self.0.cast());
        }
    }
}

/// Put `value` on the heap for ever.
///
/// # Errors
/// `ENOMEM`: no room.
pub fn leak<T>(value: T) -> Result<&'static mut T> {
    let start = heap::alloc(size_of::<T>().max(1), align_of::<T>().max(16))?;
    let place = start.cast::<MaybeUninit<T>>();
    // SAFETY: the block has the size and alignment of `T` and nobody else
    // knows it.
    Ok(unsafe { (*place.as_ptr()).write(value) })
}
