//! Physical memory during the start, while the bootstrap tables are in use.
//!
//! The loader's and the firmware's structures, and registers of devices, may lie
//! anywhere below 512 GiB; [`Physical::bytes`] maps what it is asked for.

use crate::core::{layout, tables};
use crate::firmware::Memory;

/// Access to what lies below 512 GiB; exists only before the final tables are loaded.
pub struct Physical {
    /// First free byte behind the image; tables made here are not kept.
    free: usize,
    /// End of the RAM behind the image.
    end: usize,
}

impl Physical {
    /// Use the memory from `free` on for tables.
    ///
    /// # Safety
    /// The bootstrap tables are loaded, and stay so while this lives. The RAM
    /// from `free` on is unused, 64 KiB at least.
    pub const unsafe fn new(free: usize) -> Self {
        Self { free, end: free }
    }

    /// First free byte now.
    pub const fn free(&self) -> usize {
        self.free
    }

    /// There is RAM up to `end`.
    pub fn set_end(&mut self, end: usize) {
        self.end = end.min(layout::BOOTSTRAP_END);
    }

    /// Keep `len` bytes, from a page's start; `None`: so much is not left.
    pub fn take(&mut self, len: usize) -> Option<*mut u8> {
        let start = self.free.next_multiple_of(layout::PAGE);
        let end = start.checked_add(len)?;
        if end > self.end {
            return None;
        }
        self.free = end;
        Some(core::ptr::with_exposed_provenance_mut(start))
    }

    /// Keep what was written to the first `len` free bytes.
    pub const fn keep(&mut self, len: usize) {
        self.free += len;
    }

    /// Write a device's 32-bit register.
    ///
    /// # Safety
    /// There is such a register, and what the device then does is sound.
    pub unsafe fn write_register(&mut self, address: u64, value: u32) {
        if let Some(address) = self.reach(address, 4) {
            let register = core::ptr::with_exposed_provenance_mut::<u32>(address);
            // SAFETY: mapped by `reach`; the rest is this function's contract.
            unsafe { register.write_volatile(value) };
        }
    }

    /// A device's 32-bit register.
    pub fn read_register(&mut self, address: u64) -> Option<u32> {
        let address = self.reach(address, 4)?;
        let register = core::ptr::with_exposed_provenance::<u32>(address);
        // SAFETY: mapped by `reach`; physical memory, of whatever kind, can be read.
        Some(unsafe { register.read_volatile() })
    }

    /// Map the `len` bytes at `address` and answer it, if it is not null and they
    /// lie below 512 GiB. (QEMU puts tables into the first page.)
    #[inline(never)]
    pub fn reach(&mut self, address: u64, len: usize) -> Option<usize> {
        let start = usize::try_from(address).ok()?;
        let end = start.checked_add(len)?;
        if start == 0 || end > 512 << 30 {
            return None;
        }
        // SAFETY: the bootstrap tables are loaded and `free` is unused, by the
        // contract of `new`.
        unsafe { tables::reach(&mut self.free, start, end) };
        Some(start)
    }
}

impl Memory for Physical {
    fn bytes<const N: usize>(&mut self, address: u64) -> Option<[u8; N]> {
        let address = self.reach(address, N)?;
        let mut copy = [0; N];
        for (index, place) in copy.iter_mut().enumerate() {
            let byte = core::ptr::with_exposed_provenance::<u8>(address + index);
            // SAFETY: mapped by `reach`; physical memory, of whatever kind, can
            // be read.
            *place = unsafe { byte.read_volatile() };
        }
        Some(copy)
    }
}
