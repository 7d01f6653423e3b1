use super::*;
use std::boxed::Box;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::vec::Vec;

const SEND: [u32; SENDING] = [30; SENDING];

/// A back end, of either ring.
struct Back {
    ring: Box<Page>,
    slot: usize,
    taken: u32,
    answered: u32,
}

impl Back {
    fn new(slot: usize) -> Self {
        let ring = Box::new(Page::new());
        Front::begin(&ring);
        Back {
            ring,
            slot,
            taken: 0,
            answered: 0,
        }
    }

    /// The last word of each new request.
    fn asked(&mut self) -> Vec<u32> {
        let mut asked = Vec::new();
        while self.taken != self.ring.0[0].load(Acquire) {
            let end = 16 + (self.taken as usize % 256 + 1) * self.slot;
            asked.push(self.ring.0[end - 1].load(Relaxed));
            self.taken += 1;
        }
        asked
    }

    fn answer(&mut self, words: &[u32]) {
        let start = 16 + self.answered as usize % 256 * self.slot;
        for (place, word) in self.ring.0[start..].iter().zip(words) {
            place.store(*word, Relaxed);
        }
        self.answered += 1;
        self.ring.0[2].store(self.answered, Release);
    }
}

#[test]
fn what_was_not_sent_is_sent_again_in_order() {
    let (mut outbox, mut back) = (Outbox::new(), Back::new(SEND_SLOT));
    let send = |outbox: &mut Outbox, back: &Back, len| {
        let index = outbox.free().unwrap();
        outbox.send(&back.ring, &SEND, index, len);
    };
    for len in [60, 61, 62] {
        send(&mut outbox, &back, len);
    }
    assert!(outbox.is_to_be_told(&back.ring));
    assert_eq!(back.asked(), [60 << 16, 61 << 16 | 1, 62 << 16 | 2]);
    back.answer(&[0]);
    outbox.collect(&back.ring).unwrap();
    // In the first one's page, and the last to go.
    send(&mut outbox, &back, 63);
    let mut back = Back::new(SEND_SLOT);
    outbox.renew(&back.ring, &SEND);
    assert!(outbox.is_to_be_told(&back.ring));
    assert_eq!(back.asked(), [61 << 16 | 1, 62 << 16 | 2, 63 << 16]);
    for id in [0, 2, 1] {
        back.answer(&[id]);
    }
    outbox.collect(&back.ring).unwrap();
    for _ in 0..SENDING {
        send(&mut outbox, &back, 64);
    }
    assert_eq!(outbox.free(), None);
}

#[test]
fn what_was_not_to_be_sent_breaks_the_ring() {
    for id in [1, 8, 0xffff] {
        let (mut outbox, mut back) = (Outbox::new(), Back::new(SEND_SLOT));
        outbox.send(&back.ring, &SEND, 0, 60);
        back.answer(&[id]);
        assert_eq!(outbox.collect(&back.ring), Err(Broken));
    }
}

const RECEIVE: [u32; RECEIVING] = [40; RECEIVING];

fn inbox(back: &mut Back) -> Inbox {
    let mut inbox = Inbox::new();
    inbox.renew(&back.ring, &RECEIVE);
    assert_eq!(back.asked().len(), RECEIVING);
    inbox
}

#[test]
fn frames_are_kept_when_the_back_end_goes() {
    let mut back = Back::new(RECEIVE_SLOT);
    let mut inbox = inbox(&mut back);
    assert!(!inbox.has_frame(&back.ring));
    for id in [5, 0, 23] {
        back.answer(&[id | 2 << 16, 60 << 16]);
    }
    // No frame: its page is offered again.
    back.answer(&[7, 0xffff << 16]);
    assert!(inbox.has_frame(&back.ring));
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!(back.asked(), [40]);
    let page = |inbox: &mut Inbox| inbox.read().map(|arrived| arrived.page);
    assert_eq!(page(&mut inbox), Some(5));
    let mut back = Back::new(RECEIVE_SLOT);
    inbox.renew(&back.ring, &RECEIVE);
    // All but the two that are unread.
    assert_eq!(back.asked().len(), RECEIVING - 2);
    let arrived = Arrived {
        page: 0,
        start: 2,
        len: 60,
    };
    assert_eq!(inbox.read(), Some(arrived));
    inbox.offer(&back.ring, &RECEIVE, 0);
    back.answer(&[0, 60 << 16]);
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!([page(&mut inbox), page(&mut inbox)], [Some(23), Some(0)]);
    assert_eq!(page(&mut inbox), None);
}

#[test]
fn frames_that_are_forgotten_leave_their_pages() {
    let mut back = Back::new(RECEIVE_SLOT);
    let mut inbox = inbox(&mut back);
    for id in [5, 0] {
        back.answer(&[id, 60 << 16]);
    }
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert!(!inbox.is_empty());
    inbox.forget();
    assert_eq!(inbox.read(), None);
    let mut back = Back::new(RECEIVE_SLOT);
    inbox.renew(&back.ring, &RECEIVE);
    assert_eq!(back.asked().len(), RECEIVING);
}

#[test]
fn frames_without_a_page_break_the_ring() {
    for ids in [[0, 0], [24, 1], [32, 1], [0xffff, 1]] {
        let mut back = Back::new(RECEIVE_SLOT);
        let mut inbox = inbox(&mut back);
        for id in ids {
            back.answer(&[id, 60 << 16]);
        }
        assert_eq!(inbox.collect(&back.ring, &RECEIVE), Err(Broken));
    }
}
