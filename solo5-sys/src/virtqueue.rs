//! Split virtqueues, the driver's side, for buffers that stay where they are.
//!
//! A queue has slots, each a chain of as many descriptors, written once; a slot
//! is handed to the device and comes back. What the device writes is checked: it
//! can give back only what it has, and a length it tells is the caller's to check.
//! A queue whose device has lied is broken for good.
//!
//! Source: Virtual I/O Device (VIRTIO) 1.2, 2.7; the layout is that of 2.7.2,
//! which all versions take.

use core::mem::size_of;
use core::sync::atomic::{AtomicU16, Ordering, fence};

/// The device said what cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// `struct virtq_desc`
#[repr(C)]
#[derive(Clone, Copy)]
struct Descriptor {
    address: u64,
    len: u32,
    flags: u16,
    next: u16,
}

/// `VIRTQ_DESC_F_NEXT`
const NEXT: u16 = 1;
/// `VIRTQ_DESC_F_WRITE`: the device writes to the buffer.
pub const WRITE: u16 = 2;
/// `VIRTQ_AVAIL_F_NO_INTERRUPT`, `VIRTQ_USED_F_NO_NOTIFY`
const NO_SIGNAL: u16 = 1;
/// The most slots of a queue.
pub const SLOTS_MAX: usize = 256;

const PAGE: usize = 4096;
const fn available_at(size: u16) -> usize {
    size as usize * size_of::<Descriptor>()
}

const fn used_at(size: u16) -> usize {
    (available_at(size) + 2 * (3 + size as usize)).next_multiple_of(PAGE)
}

/// Bytes of a queue of `size` descriptors; they begin with a page.
pub const fn bytes(size: u16) -> usize {
    (used_at(size) + 6 + 8 * size as usize).next_multiple_of(PAGE)
}

/// A queue.
pub struct Queue {
    start: *mut u8,
    size: u16,
    /// Descriptors of a slot.
    parts: u16,
    slots: u16,
    /// Slots that the device has.
    away: [u64; SLOTS_MAX / 64],
    /// How many slots have been handed over, of how many of them the device can
    /// know, and of how many it was notified.
    next: u16,
    published: u16,
    notified: u16,
    /// How many have come back.
    seen: u16,
    /// `VIRTIO_F_EVENT_IDX` was negotiated.
    events: bool,
    broken: bool,
}

// SAFETY: the memory belongs to the queue.
unsafe impl Send for Queue {}

impl Queue {
    /// A queue of `size` descriptors, a power of two, at `start`, with as many
    /// slots of `parts` descriptors as that makes, but at most `most`.
    ///
    /// # Safety
    /// There are [`bytes`] at `start`, a multiple of the page size, that nobody uses
    /// but the device.
    pub unsafe fn new(start: *mut u8, size: u16, parts: u16, most: usize, events: bool) -> Self {
        // SAFETY: by this function's contract.
        unsafe { start.write_bytes(0, bytes(size)) };
        let most = most.min(SLOTS_MAX) as u16;
        Self {
            start,
            size,
            parts,
            slots: (size / parts).min(most),
            away: [0; SLOTS_MAX / 64],
            next: 0,
            published: 0,
            notified: 0,
            seen: 0,
            events,
            broken: false,
        }
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.slots.into()
    }

    /// Descriptors of a slot.
    pub fn parts(&self) -> u16 {
        self.parts
    }

    /// Where the descriptors, the available ring and the used ring are.
    pub fn addresses(&self) -> [u64; 3] {
        let start = self.start.expose_provenance();
        [0, available_at(self.size), used_at(self.size)].map(|offset| (start + offset) as u64)
    }

    /// The 16-bit word at `offset`, which the device reads or writes too.
    fn word(&self, offset: usize) -> &AtomicU16 {
        debug_assert!(offset.is_multiple_of(2) && offset < bytes(self.size));
        // SAFETY: inside the queue's memory, by the offsets of this module.
        unsafe { AtomicU16::from_ptr(self.start.add(offset).cast()) }
    }

    /// `flags` and `idx` of the available ring, and what follows the ring.
    fn available_flags(&self) -> &AtomicU16 {
        self.word(available_at(self.size))
    }

    fn available_index(&self) -> &AtomicU16 {
        self.word(available_at(self.size) + 2)
    }

    fn used_event(&self) -> &AtomicU16 {
        self.word(available_at(self.size) + 4 + 2 * usize::from(self.size))
    }

    fn used_flags(&self) -> &AtomicU16 {
        self.word(used_at(self.size))
    }

    fn used_index(&self) -> u16 {
        self.word(used_at(self.size) + 2).load(Ordering::Acquire)
    }

    fn available_event(&self) -> &AtomicU16 {
        self.word(used_at(self.size) + 4 + 8 * usize::from(self.size))
    }

    /// Set part `part` of a slot: `len` bytes of memory at `address`, with
    /// [`WRITE`] for the device to write.
    ///
    /// # Safety
    /// As long as the device lives, the memory is there for it, whenever it has
    /// the slot.
    pub unsafe fn describe(&mut self, slot: usize, part: u16, address: u64, len: u32, flags: u16) {
        if slot >= self.slots() || part >= self.parts {
            return;
        }
        let index = slot * usize::from(self.parts) + usize::from(part);
        let last = part + 1 == self.parts;
        let descriptor = Descriptor {
            address,
            len,
            flags: flags | if last { 0 } else { NEXT },
            next: if last { 0 } else { index as u16 + 1 },
        };
        // SAFETY: the index is below the queue's size, by the check above.
        unsafe {
            let table = self.start.cast::<Descriptor>();
            table.add(index).write_volatile(descriptor);
        }
    }

    fn place(slot: usize) -> (usize, u64) {
        (slot / 64, 1 << (slot % 64))
    }

    /// Whether the device has a slot.
    pub fn is_away(&self, slot: usize) -> bool {
        let (word, bit) = Self::place(slot);
        self.away.get(word).is_some_and(|word| word & bit != 0)
    }

    /// A slot that the device does not have.
    pub fn free(&self) -> Option<usize> {
        let slots = self.away.iter().enumerate();
        let mut free = slots.filter(|(_, word)| **word != u64::MAX);
        let (index, word) = free.next()?;
        let slot = index * 64 + word.trailing_ones() as usize;
        (slot < self.slots()).then_some(slot)
    }

    /// Hand a slot over; the device is told by [`publish`](Queue::publish).
    pub fn hand_over(&mut self, slot: usize) {
        if slot >= self.slots() || self.is_away(slot) {
            return;
        }
        let (word, bit) = Self::place(slot);
        if let Some(word) = self.away.get_mut(word) {
            *word |= bit;
        }
        let at = 4 + 2 * usize::from(self.next % self.size);
        let head = slot as u16 * self.parts;
        self.word(available_at(self.size) + at)
            .store(head, Ordering::Relaxed);
        self.next = self.next.wrapping_add(1);
    }

    /// Let the device know of what was handed over; whether it is to be notified.
    pub fn publish(&mut self) -> bool {
        if self.published == self.next {
            return false;
        }
        self.available_index().store(self.next, Ordering::Release);
        self.published = self.next;
        // The device looks at the index after it has said that it wants to be
        // notified.
        fence(Ordering::SeqCst);
        self.is_to_be_notified()
    }

    /// Whether the device is to be notified of what [`publish`](Queue::publish)
    /// let it know.
    ///
    /// That has the answer, where fences do what they should. QEMU up to 7.2 leaves
    /// them out when it emulates one processor, and then the device may have
    /// asked meanwhile: so whoever has nothing else to do asks again.
    pub fn is_to_be_notified(&mut self) -> bool {
        let (old, new) = (self.notified, self.published);
        let wanted = if self.events {
            crosses(self.available_event().load(Ordering::Relaxed), old, new)
        } else {
            old != new && self.used_flags().load(Ordering::Relaxed) & NO_SIGNAL == 0
        };
        if wanted {
            self.notified = new;
        }
        wanted
    }

    /// Whether something has come back, or the device has lied.
    pub fn is_ready(&self) -> bool {
        self.broken || self.used_index() != self.seen
    }

    /// Take back a slot, with the number of bytes that the device says it wrote.
    ///
    /// # Errors
    /// The device has lied, now or before.
    pub fn take(&mut self) -> Result<Option<(usize, usize)>, Broken> {
        if self.broken {
            return Err(Broken);
        }
        let pending = self.used_index().wrapping_sub(self.seen);
        if pending == 0 {
            return Ok(None);
        }
        let at = used_at(self.size) + 4 + 8 * usize::from(self.seen % self.size);
        // SAFETY: inside the used ring; the device may write it at any time, and
        // it is read once.
        let [head, len] = unsafe { self.start.add(at).cast::<[u32; 2]>().read_volatile() };
        let slot = (head / u32::from(self.parts)) as usize;
        let whole = head.is_multiple_of(self.parts.into()) && slot < self.slots();
        if pending > self.size || !whole || !self.is_away(slot) {
            self.broken = true;
            return Err(Broken);
        }
        let (word, bit) = Self::place(slot);
        if let Some(word) = self.away.get_mut(word) {
            *word &= !bit;
        }
        self.seen = self.seen.wrapping_add(1);
        Ok(Some((slot, len as usize)))
    }

    /// Ask for an interrupt when a slot comes back; false: one has already.
    pub fn want_interrupt(&mut self) -> bool {
        self.used_event().store(self.seen, Ordering::Relaxed);
        self.available_flags().store(0, Ordering::Relaxed);
        // The device looks at these after it has given a slot back.
        fence(Ordering::SeqCst);
        !self.is_ready()
    }

    /// Ask for no interrupt.
    pub fn want_none(&mut self) {
        if self.events {
            // What will have come back last, a whole turn from now.
            let far = self.seen.wrapping_sub(1);
            self.used_event().store(far, Ordering::Relaxed);
        } else {
            self.available_flags().store(NO_SIGNAL, Ordering::Relaxed);
        }
    }
}

/// Whether an index that went from `old` to `new` went past `event` (2.7.7.2).
fn crosses(event: u16, old: u16, new: u16) -> bool {
    new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
}

#[cfg(test)]
mod tests;
