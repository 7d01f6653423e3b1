//! Rings of bytes in shared memory: one side puts, the other takes, each with an
//! index of its own that runs freely.
//!
//! The other side's index is copied once and bounded, so that whatever it says, at
//! most bytes of the ring are lost or read twice. Our own is moved on only from where it was: a
//! domain that is restored in the middle of this finds the ring empty.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU8, AtomicU32};

/// A ring: its bytes, a power of two of them, and both indexes.
#[derive(Clone, Copy)]
pub struct Ring<'a> {
    /// The bytes.
    pub bytes: &'a [AtomicU8],
    /// How many were taken, modulo 2^32.
    pub taken: &'a AtomicU32,
    /// How many were put, modulo 2^32.
    pub put: &'a AtomicU32,
}

impl Ring<'_> {
    fn place(&self, start: u32, index: usize) -> Option<&AtomicU8> {
        let at = (start as usize).wrapping_add(index) % self.bytes.len().max(1);
        self.bytes.get(at)
    }

    /// Put as much of `bytes` as there is room for; answers how many. For the side
    /// that owns `put`.
    pub fn put(&self, bytes: &[u8]) -> usize {
        let start = self.put.load(Relaxed);
        let used = start.wrapping_sub(self.taken.load(Acquire)) as usize;
        let room = self.bytes.len().saturating_sub(used).min(bytes.len());
        for (index, byte) in bytes.iter().take(room).enumerate() {
            if let Some(place) = self.place(start, index) {
                place.store(*byte, Relaxed);
            }
        }
        let end = start.wrapping_add(room as u32);
        let moved = self.put.compare_exchange(start, end, Release, Relaxed);
        moved.map_or(0, |_| room)
    }

    /// Take what there is into `buffer`; answers how many bytes. For the side that
    /// owns `taken`.
    pub fn take(&self, buffer: &mut [u8]) -> usize {
        let start = self.taken.load(Relaxed);
        let there = self.put.load(Acquire).wrapping_sub(start) as usize;
        let count = there.min(self.bytes.len()).min(buffer.len());
        for (index, to) in buffer.iter_mut().take(count).enumerate() {
            *to = self
                .place(start, index)
                .map_or(0, |byte| byte.load(Relaxed));
        }
        let end = start.wrapping_add(count as u32);
        let moved = self.taken.compare_exchange(start, end, Release, Relaxed);
        moved.map_or(0, |_| count)
    }

    /// Whether no more is there than fits: else one side broke the rules.
    pub fn is_sound(&self) -> bool {
        let used = self
            .put
            .load(Acquire)
            .wrapping_sub(self.taken.load(Acquire));
        used as usize <= self.bytes.len()
    }

    /// Whether nothing is left to take.
    pub fn is_empty(&self) -> bool {
        self.put.load(Acquire) == self.taken.load(Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Memory {
        bytes: [AtomicU8; 64],
        taken: AtomicU32,
        put: AtomicU32,
    }

    impl Memory {
        fn at(start: u32) -> Self {
            Self {
                bytes: [const { AtomicU8::new(0) }; 64],
                taken: AtomicU32::new(start),
                put: AtomicU32::new(start),
            }
        }

        fn ring(&self) -> Ring<'_> {
            Ring {
                bytes: &self.bytes,
                taken: &self.taken,
                put: &self.put,
            }
        }
    }

    #[test]
    fn what_is_put_is_taken_in_order() {
        for start in [0, 50, u32::MAX - 20] {
            let memory = Memory::at(start);
            let ring = memory.ring();
            let bytes: [u8; 70] = core::array::from_fn(|index| index as u8);
            assert!(ring.is_empty() && ring.is_sound());
            assert_eq!(ring.put(&bytes), 64);
            assert!(ring.is_sound());
            assert_eq!(ring.put(b"x"), 0);
            let mut buffer = [0; 10];
            assert_eq!((ring.take(&mut buffer), &buffer[..]), (10, &bytes[..10]));
            assert_eq!(ring.put(&bytes[64..]), 6);
            let mut rest = [0; 99];
            assert_eq!((ring.take(&mut rest), &rest[..60]), (60, &bytes[10..]));
            assert!(ring.is_empty());
        }
    }

    #[test]
    fn a_hostile_index_is_bounded() {
        for index in [65, 5000, 1 << 30, 1 << 31] {
            let memory = Memory::at(0);
            memory.taken.store(index, Relaxed);
            assert!(!memory.ring().is_sound());
            assert!(memory.ring().put(&[1; 900]) <= 64);
            let memory = Memory::at(0);
            memory.put.store(index, Relaxed);
            assert!(memory.ring().take(&mut [0; 900]) <= 64);
        }
    }
}
