use super::*;
use std::boxed::Box;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::vec;
use std::vec::Vec;

const SEND: [u32; SENDING] = [30; SENDING];

fn pages() -> Box<[Page; SENDING]> {
    Box::new([const { Page::new() }; SENDING])
}

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

    /// The middle word of each request.
    fn flags(&self) -> Vec<u32> {
        let places = (0..self.taken as usize).map(|index| 16 + index * self.slot + 1);
        places
            .map(|place| self.ring.0[place].load(Relaxed))
            .collect()
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
    let pages = pages();
    let send = |outbox: &mut Outbox, back: &Back, len| {
        assert!(outbox.send(&back.ring, &pages, &SEND, &vec![len as u8; len]));
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
    assert!(!outbox.send(&back.ring, &pages, &SEND, &[0; 64]));
}

#[test]
fn a_long_frame_takes_pages() {
    let (mut outbox, mut back) = (Outbox::new(), Back::new(SEND_SLOT));
    let pages = pages();
    let frame: Vec<u8> = (0..2 * PAGE + 100).map(|at| (at % 251) as u8).collect();
    let len = (frame.len() as u32) << 16;
    let page = (PAGE as u32) << 16;
    assert!(outbox.send(&back.ring, &pages, &SEND, &[1; 60]));
    assert!(outbox.send(&back.ring, &pages, &SEND, &frame));
    let asked = [60 << 16, len | 1, page | 2, 100 << 16 | 3];
    assert_eq!(back.asked(), asked);
    assert_eq!(back.flags(), [0, 4 << 16, 4 << 16, 0]);
    let mut there = vec![0; frame.len()];
    for (page, part) in pages[1..].iter().zip(there.chunks_mut(PAGE)) {
        page.get(0, part);
    }
    assert_eq!(there, frame);
    // More than a frame may be; and what there are no pages for.
    assert!(!outbox.send(&back.ring, &pages, &SEND, &vec![0; PARTS * PAGE + 1]));
    assert!(outbox.send(&back.ring, &pages, &SEND, &frame));
    assert!(!outbox.send(&back.ring, &pages, &SEND, &frame));
    assert!(outbox.send(&back.ring, &pages, &SEND, &[2; 60]));
    // The first frame's page is free, but the last ones are sent when it goes.
    assert!(back.asked().len() == 4);
    back.answer(&[0]);
    back.answer(&[2]);
    outbox.collect(&back.ring).unwrap();
    assert!(outbox.send(&back.ring, &pages, &SEND, &[3; 61]));
    let mut back = Back::new(SEND_SLOT);
    outbox.renew(&back.ring, &SEND);
    let asked = [len | 4, page | 5, 100 << 16 | 6, 60 << 16 | 7, 61 << 16];
    assert_eq!(back.asked(), asked);
    assert_eq!(back.flags(), [4 << 16, 4 << 16, 0, 0, 0]);
    // The one that was sent in part is gone, and its pages are free.
    assert!(outbox.send(&back.ring, &pages, &SEND, &frame));
}

#[test]
fn what_was_not_to_be_sent_breaks_the_ring() {
    for id in [1, 8, 0xffff] {
        let (mut outbox, mut back) = (Outbox::new(), Back::new(SEND_SLOT));
        assert!(outbox.send(&back.ring, &pages(), &SEND, &[1; 60]));
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
        goes_on: false,
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

#[test]
fn answers_without_end_are_looked_at_in_pieces() {
    let mut back = Back::new(RECEIVE_SLOT);
    let mut inbox = inbox(&mut back);
    // As many as there were requests, none of them a frame.
    for id in 0..RECEIVING as u32 {
        back.answer(&[id, 0xffff << 16]);
    }
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!(back.asked().len(), RECEIVING);
    // And one more of those that were offered again: it is for the next look.
    back.answer(&[0, 60 << 16]);
    assert!(inbox.has_frame(&back.ring));
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!(inbox.read().map(|part| part.page), Some(0));
}

/// Responses: the page, its bytes, and whether the frame goes on.
fn respond(back: &mut Back, parts: &[(u32, u32, bool)]) {
    for &(id, len, goes_on) in parts {
        back.answer(&[id, len << 16 | if goes_on { 4 } else { 0 }]);
    }
}

#[test]
fn a_frame_of_parts_comes_whole() {
    let mut back = Back::new(RECEIVE_SLOT);
    let mut inbox = inbox(&mut back);
    respond(
        &mut back,
        &[(3, 60, false), (4, 4096, true), (9, 4096, true)],
    );
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    let read = |inbox: &mut Inbox| inbox.read().map(|part| (part.page, part.len, part.goes_on));
    assert_eq!(read(&mut inbox), Some((3, 60, false)));
    assert!(inbox.is_empty());
    assert_eq!(read(&mut inbox), None);
    respond(&mut back, &[(1, 70, false)]);
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    let parts = [(4, 4096, true), (9, 4096, true), (1, 70, false)];
    assert_eq!(parts.map(Some), [(); 3].map(|()| read(&mut inbox)));
    assert!(back.asked().is_empty());
}

#[test]
fn a_frame_that_is_bad_in_part_is_none() {
    let ends = [
        vec![(2, 0, false)],
        vec![(2, 0, true), (5, 9, false)],
        vec![
            (2, 4096, true),
            (3, 1, true),
            (4, 1, true),
            (5, 4096, true),
            (6, 1, true),
            (7, 1, true),
            (9, 1, false),
        ],
    ];
    for end in ends {
        let mut back = Back::new(RECEIVE_SLOT);
        let mut inbox = inbox(&mut back);
        respond(&mut back, &[(0, 100, true), (1, 100, true)]);
        respond(&mut back, &end);
        inbox.collect(&back.ring, &RECEIVE).unwrap();
        assert!(inbox.is_empty());
        assert_eq!(back.asked().len(), 2 + end.len());
        respond(&mut back, &[(8, 60, false)]);
        inbox.collect(&back.ring, &RECEIVE).unwrap();
        assert_eq!(inbox.read().map(|part| part.page), Some(8));
    }
}

#[test]
fn a_frame_without_an_end_leaves_pages_for_others() {
    let mut back = Back::new(RECEIVE_SLOT);
    let mut inbox = inbox(&mut back);
    let parts: Vec<_> = (0..RECEIVING as u32).map(|id| (id, 9, true)).collect();
    respond(&mut back, &parts);
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!(back.asked().len(), RECEIVING - COMING_PARTS);
    // What was not whole is not kept for the next back end.
    let mut back = Back::new(RECEIVE_SLOT);
    inbox.renew(&back.ring, &RECEIVE);
    assert_eq!(back.asked().len(), RECEIVING);
    respond(&mut back, &[(2, 60, false)]);
    inbox.collect(&back.ring, &RECEIVE).unwrap();
    assert_eq!(inbox.read().map(|part| part.page), Some(2));
}
