//! The console's rings, which another domain reads and writes.
//!
//! Each side owns one index of a ring; the other one's is copied once and
//! bounded, so that whatever it says at most bytes of the ring are lost or read
//! twice.
//!
//! Source: Xen 4.17, `xen/include/public/io/console.h`.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::abi::{CONSOLE_IN, CONSOLE_OUT, Console};

impl Console {
    /// Put as much of `bytes` as there is room for; answers how many.
    pub fn put(&self, bytes: &[u8]) -> usize {
        let made = self.out_prod.load(Relaxed);
        let used = made.wrapping_sub(self.out_cons.load(Acquire)) as usize;
        let room = CONSOLE_OUT.saturating_sub(used).min(bytes.len());
        for (index, byte) in bytes.iter().take(room).enumerate() {
            let place = (made as usize).wrapping_add(index) % CONSOLE_OUT;
            if let Some(place) = self.output.get(place) {
                place.store(*byte, Relaxed);
            }
        }
        self.out_prod.store(made.wrapping_add(room as u32), Release);
        room
    }

    /// Take what there is into `buffer`; answers how many bytes.
    pub fn take(&self, buffer: &mut [u8]) -> usize {
        let taken = self.in_cons.load(Relaxed);
        let there = self.in_prod.load(Acquire).wrapping_sub(taken) as usize;
        let count = there.min(CONSOLE_IN).min(buffer.len());
        for (index, place) in buffer.iter_mut().take(count).enumerate() {
            let at = (taken as usize).wrapping_add(index) % CONSOLE_IN;
            *place = self.input.get(at).map_or(0, |byte| byte.load(Relaxed));
        }
        self.in_cons
            .store(taken.wrapping_add(count as u32), Release);
        count
    }

    /// Whether the other side has taken all that was put.
    pub fn is_drained(&self) -> bool {
        self.out_cons.load(Acquire) == self.out_prod.load(Relaxed)
    }

    /// Whether there is something to take.
    pub fn has_input(&self) -> bool {
        self.in_prod.load(Acquire) != self.in_cons.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::boxed::Box;

    fn ring() -> Box<Console> {
        // SAFETY: atomic integers, for which all zeros are a value.
        unsafe { Box::new_zeroed().assume_init() }
    }

    #[test]
    fn what_is_put_can_be_taken_by_the_other_side() {
        let ring = ring();
        for start in [0, 1500, u32::MAX - 20] {
            ring.out_prod.store(start, Relaxed);
            ring.out_cons.store(start, Relaxed);
            assert_eq!(ring.put(&[7; 3000]), CONSOLE_OUT);
            assert_eq!(ring.put(b"x"), 0);
            ring.out_cons.store(start.wrapping_add(10), Relaxed);
            assert_eq!(ring.put(b"0123456789abc"), 10);
            assert_eq!(
                ring.output[start as usize % CONSOLE_OUT].load(Relaxed),
                b'0'
            );
        }
    }

    #[test]
    fn input_wraps() {
        let ring = ring();
        ring.in_cons.store(u32::MAX, Relaxed);
        ring.in_prod.store(2, Relaxed);
        for (place, byte) in [(1023, b'a'), (0, b'b'), (1, b'c')] {
            ring.input[place].store(byte, Relaxed);
        }
        let mut buffer = [0; 2];
        assert!(ring.has_input());
        assert_eq!((ring.take(&mut buffer), &buffer), (2, b"ab"));
        assert_eq!((ring.take(&mut buffer), buffer[0]), (1, b'c'));
        assert_eq!(ring.take(&mut buffer), 0);
        assert!(!ring.has_input());
    }

    #[test]
    fn a_hostile_index_is_bounded() {
        let ring = ring();
        for index in [1, 5000, u32::MAX, 1 << 31] {
            // Consumed more than was made: no room is invented.
            ring.out_prod.store(0, Relaxed);
            ring.out_cons.store(index, Relaxed);
            assert!(ring.put(&[1; 9000]) <= CONSOLE_OUT);
            ring.in_cons.store(0, Relaxed);
            ring.in_prod.store(index, Relaxed);
            assert!(ring.take(&mut [0; 9000]) <= CONSOLE_IN);
        }
    }
}
