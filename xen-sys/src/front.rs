//! The front end of a ring of requests and responses, which share its slots.
//!
//! The back end writes the responses and one index. The index is copied once and may
//! not run ahead of what was asked; a ring where it did is broken for good, since
//! nobody can tell what of it means something.
//!
//! Source: Xen 4.17, `xen/include/public/io/ring.h`.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU32, fence};

/// Words of a page.
pub const WORDS: usize = 1024;
/// Where the slots begin.
const SLOTS: usize = 16;
/// The indexes in front.
const REQUEST_PUT: usize = 0;
const REQUEST_EVENT: usize = 1;
const RESPONSE_PUT: usize = 2;
const RESPONSE_EVENT: usize = 3;

/// A page that the other side has, too.
#[repr(C, align(4096))]
#[derive(Debug)]
pub struct Page(pub [AtomicU32; WORDS]);

impl Page {
    /// Zeros.
    #[expect(clippy::new_without_default, reason = "made once, in a static")]
    pub const fn new() -> Self {
        Self([const { AtomicU32::new(0) }; WORDS])
    }

    /// Put `bytes` at its front, and zeros up to the next word.
    pub fn put(&self, bytes: &[u8]) {
        for (place, bytes) in self.0.iter().zip(bytes.chunks(4)) {
            let mut word = [0; 4];
            let pairs = word.iter_mut().zip(bytes);
            pairs.for_each(|(to, from)| *to = *from);
            place.store(u32::from_le_bytes(word), Relaxed);
        }
    }

    /// Copy what lies from `start` on.
    pub fn get(&self, start: usize, bytes: &mut [u8]) {
        let word = |at: usize| self.0.get(at / 4).map_or(0, |word| word.load(Relaxed));
        let head = start.wrapping_neg() % 4;
        let (head, rest) = bytes.split_at_mut(head.min(bytes.len()));
        let first = word(start).to_le_bytes();
        let pairs = head.iter_mut().zip(first.iter().skip(start % 4));
        pairs.for_each(|(to, from)| *to = *from);
        let places = (start + head.len()..).step_by(4);
        for (at, to) in places.zip(rest.chunks_mut(4)) {
            let pairs = to.iter_mut().zip(word(at).to_le_bytes());
            pairs.for_each(|(to, from)| *to = from);
        }
    }
}

/// The other side broke the ring's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// This side of a ring.
#[derive(Debug)]
pub struct Front {
    /// Words of a slot.
    slot: usize,
    asked: u32,
    answered: u32,
    broken: bool,
}

impl Front {
    /// A ring with slots of `slot` words, in a page that [`begin`](Self::begin) made.
    pub const fn new(slot: usize) -> Self {
        Self {
            slot,
            asked: 0,
            answered: 0,
            broken: false,
        }
    }

    /// How many slots there are: a power of two.
    pub const fn slots(&self) -> usize {
        let fit = (WORDS - SLOTS) / self.slot;
        1 << fit.ilog2()
    }

    /// Make `page` a ring without requests.
    pub fn begin(page: &Page) {
        for word in &page.0 {
            word.store(0, Relaxed);
        }
        for index in [REQUEST_EVENT, RESPONSE_EVENT] {
            page.0[index].store(1, Relaxed);
        }
    }

    fn place(&self, index: u32) -> usize {
        SLOTS + index as usize % self.slots() * self.slot
    }

    /// Ask; false: no slot is free. The caller then notifies the other side.
    pub fn ask(&mut self, page: &Page, request: &[u32]) -> bool {
        let there_is_room = self.write(page, request);
        self.publish(page);
        there_is_room
    }

    /// Write a request that the other side sees with the next [`publish`](Self::publish); false: no
    /// slot is free.
    pub fn write(&mut self, page: &Page, request: &[u32]) -> bool {
        let used = self.asked.wrapping_sub(self.answered) as usize;
        if used >= self.slots() || request.len() > self.slot {
            return false;
        }
        let words = page.0.iter().skip(self.place(self.asked));
        for (place, word) in words.zip(request) {
            place.store(*word, Relaxed);
        }
        self.asked = self.asked.wrapping_add(1);
        true
    }

    /// Let the other side see what was written.
    pub fn publish(&self, page: &Page) {
        page.0[REQUEST_PUT].store(self.asked, Release);
    }

    /// Whether the other side wants to hear that there are requests, of which it was
    /// told up to the number `told`; how many there are now.
    pub fn news(&self, page: &Page, told: u32) -> (bool, u32) {
        // It looks at the index after it has said what it waits for.
        fence(core::sync::atomic::Ordering::SeqCst);
        let wanted = self.asked.wrapping_sub(page.0[REQUEST_EVENT].load(Relaxed));
        (wanted < self.asked.wrapping_sub(told), self.asked)
    }

    /// Whether a response can be copied; else have the next one notified. One that
    /// breaks the rules is for [`answer`](Self::answer) to find.
    pub fn is_answered(&self, page: &Page) -> bool {
        if page.0[RESPONSE_PUT].load(Acquire) != self.answered {
            return true;
        }
        let next = self.answered.wrapping_add(1);
        page.0[RESPONSE_EVENT].store(next, Relaxed);
        // One that came before the other side saw that is not notified.
        fence(core::sync::atomic::Ordering::SeqCst);
        page.0[RESPONSE_PUT].load(Acquire) != self.answered
    }

    /// Copy a response, if one came; else have the next one notified.
    ///
    /// # Errors
    /// [`Broken`]: there are more responses than requests.
    pub fn answer(&mut self, page: &Page, response: &mut [u32]) -> Result<bool, Broken> {
        if !self.is_answered(page) {
            return Ok(false);
        }
        let there = page.0[RESPONSE_PUT].load(Acquire);
        let count = there.wrapping_sub(self.answered);
        if self.broken || count > self.asked.wrapping_sub(self.answered) {
            self.broken = true;
            return Err(Broken);
        }
        if count == 0 {
            return Ok(false);
        }
        let words = page.0.iter().skip(self.place(self.answered));
        for (to, word) in response.iter_mut().zip(words) {
            *to = word.load(Relaxed);
        }
        self.answered = self.answered.wrapping_add(1);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::boxed::Box;
    use std::vec;
    use std::vec::Vec;

    /// What a back end does: answers request `index` with its first word plus one.
    fn serve(page: &Page, front: &Front, index: u32) {
        let place = front.place(index);
        let asked = page.0[place].load(Relaxed);
        page.0[place].store(asked + 1, Relaxed);
        page.0[RESPONSE_PUT].store(index.wrapping_add(1), Relaxed);
    }

    fn ring(slot: usize, start: u32) -> (Box<Page>, Front) {
        let page = Box::new(Page::new());
        Front::begin(&page);
        page.0[RESPONSE_PUT].store(start, Relaxed);
        let mut front = Front::new(slot);
        (front.asked, front.answered) = (start, start);
        (page, front)
    }

    #[test]
    fn bytes_lie_in_order() {
        let page = Page::new();
        page.put(&[1, 2, 3, 4, 5]);
        assert_eq!(page.0[0].load(Relaxed), 0x0403_0201);
        let mut bytes = [9; 6];
        page.get(1, &mut bytes);
        assert_eq!(bytes, [2, 3, 4, 5, 0, 0]);
        let pattern: Vec<u8> = (0..4096).map(|at| (at * 7 % 251) as u8).collect();
        page.put(&pattern);
        for (start, len) in [
            (0, 4096),
            (1, 1),
            (2, 1),
            (3, 9),
            (5, 2),
            (4090, 6),
            (4095, 1),
        ] {
            let mut bytes = vec![0; len];
            page.get(start, &mut bytes);
            assert_eq!(bytes, pattern[start..start + len]);
        }
    }

    #[test]
    fn slots_are_as_many_as_xen_counts() {
        for (words, slots) in [(28, 32), (3, 256), (2, 256), (4, 128)] {
            assert_eq!(Front::new(words).slots(), slots);
        }
    }

    #[test]
    fn requests_are_answered_in_order() {
        for start in [0, u32::MAX - 3] {
            let (page, mut front) = ring(28, start);
            let mut response = [0; 4];
            for turn in 0..100u32 {
                let index = start.wrapping_add(turn);
                assert_eq!(front.answer(&page, &mut response), Ok(false));
                assert!(front.ask(&page, &[turn; 28]));
                assert_eq!(page.0[REQUEST_PUT].load(Relaxed), index.wrapping_add(1));
                assert_eq!(front.answer(&page, &mut response), Ok(false));
                assert_eq!(page.0[RESPONSE_EVENT].load(Relaxed), index.wrapping_add(1));
                serve(&page, &front, index);
                assert_eq!(front.answer(&page, &mut response), Ok(true));
                assert_eq!(response, [turn + 1, turn, turn, turn]);
            }
        }
    }

    #[test]
    fn the_other_side_is_told_when_it_wants_to_hear() {
        let (page, mut front) = ring(28, 0);
        assert!(front.ask(&page, &[1]));
        assert_eq!(front.news(&page, 0), (true, 1));
        assert!(front.ask(&page, &[1]));
        // It has not said that it waits again.
        assert_eq!(front.news(&page, 1), (false, 2));
        page.0[REQUEST_EVENT].store(3, Relaxed);
        assert!(front.ask(&page, &[1]));
        assert_eq!(front.news(&page, 2), (true, 3));
        assert!(!front.is_answered(&page));
        serve(&page, &front, 0);
        assert!(front.is_answered(&page));
    }

    #[test]
    fn what_is_written_is_seen_at_once_when_it_is_published() {
        let (page, mut front) = ring(3, 0);
        assert!(front.write(&page, &[1]) && front.write(&page, &[2]));
        assert_eq!(page.0[REQUEST_PUT].load(Relaxed), 0);
        front.publish(&page);
        assert_eq!(page.0[REQUEST_PUT].load(Relaxed), 2);
    }

    #[test]
    fn a_full_ring_takes_no_more() {
        let (page, mut front) = ring(28, 0);
        for _ in 0..32 {
            assert!(front.ask(&page, &[1]));
        }
        assert!(!front.ask(&page, &[1]));
        assert!(!ring(2, 0).1.ask(&page, &[1, 2, 3]));
    }

    #[test]
    fn answers_that_nobody_asked_for_break_the_ring() {
        for ahead in [2, 33, 1 << 31, u32::MAX] {
            let (page, mut front) = ring(28, 7);
            assert!(front.ask(&page, &[1]));
            page.0[RESPONSE_PUT].store(7u32.wrapping_add(ahead), Relaxed);
            assert_eq!(front.answer(&page, &mut [0; 4]), Err(Broken));
            // For good.
            page.0[RESPONSE_PUT].store(8, Relaxed);
            assert_eq!(front.answer(&page, &mut [0; 4]), Err(Broken));
        }
    }
}
