//! A tender that keeps the rules, and tenders that do not.

use super::*;

/// The tender's side: what it has taken and answered.
struct Tender {
    memory: Box<Memory>,
    head: u32,
    answers: u32,
}

#[repr(align(4096))]
struct Memory([u8; BYTES]);

fn pair() -> (Ring, Tender) {
    let mut memory = Box::new(Memory([0; BYTES]));
    // SAFETY: the box outlives the ring in every test, and is reached by raw pointers
    // and atomics alone.
    let ring = unsafe { Ring::new(memory.0.as_mut_ptr()) };
    let tender = Tender {
        memory,
        head: 0,
        answers: 0,
    };
    (ring, tender)
}

impl Tender {
    fn shared(&self) -> &Layout {
        // SAFETY: as long as a ring.
        unsafe { &*self.memory.0.as_ptr().cast() }
    }

    fn sleep(&self, asleep: bool) {
        let word = u32::from(asleep);
        self.shared().needs_kick.store(word, Ordering::SeqCst);
    }

    fn take(&mut self) -> Option<Entry> {
        if self.shared().entry_tail.load(Ordering::Acquire) == self.head {
            return None;
        }
        let index = self.head as usize % SIZE;
        self.head = self.head.wrapping_add(1);
        // SAFETY: inside the ring.
        let entry = unsafe { (&raw const self.shared().entries[index]).read_volatile() };
        self.done(self.head);
        Some(entry)
    }

    fn done(&self, head: u32) {
        self.shared().entry_head.store(head, Ordering::Release);
    }

    fn answer(&mut self, id: u32, result: i32, len: u32) {
        let place = (&raw const self.shared().commits[self.answers as usize % SIZE]).cast_mut();
        let commit = Commit {
            id,
            result,
            len,
            reserved: 0,
        };
        // SAFETY: inside the ring.
        unsafe { place.write_volatile(commit) };
        self.answers = self.answers.wrapping_add(1);
        self.shared()
            .commit_tail
            .store(self.answers, Ordering::Release);
    }
}

#[test]
fn frames_go_over_in_order_for_many_turns() {
    let (mut ring, mut tender) = pair();
    for number in 0..5 * SIZE as u32 {
        assert_eq!(ring.next(), number);
        assert!(!ring.hand_over(WRITE, 3, 0x1000 + u64::from(number), 60));
        assert_eq!(ring.under_way(), Ok(1));
        let entry = tender.take().unwrap();
        assert_eq!((entry.operation, entry.handle, entry.len), (WRITE, 3, 60));
        assert_eq!((entry.data, entry.id), (0x1000 + u64::from(number), number));
        assert_eq!(ring.under_way(), Ok(0));
        assert!(tender.take().is_none());
    }
}

#[test]
fn a_sleeping_thread_is_kicked() {
    let (mut ring, tender) = pair();
    tender.sleep(true);
    assert!(!ring.is_awake());
    assert!(ring.hand_over(WRITE, 0, 0, 14));
    tender.sleep(false);
    assert!(!ring.hand_over(WRITE, 0, 0, 14));
    assert_eq!(ring.under_way(), Ok(2));
}

#[test]
fn a_question_has_its_answer() {
    let (mut ring, mut tender) = pair();
    for turn in 0..3 * SIZE as u32 {
        ring.hand_over(WRITE, 0, 0, 14);
        let id = ring.next();
        ring.hand_over(READ, 1, 0x2000, 1514);
        assert_eq!(ring.answer(id), Ok(None));
        assert_eq!(tender.take().unwrap().operation, WRITE);
        assert_eq!(tender.take().unwrap().id, id);
        tender.answer(id, 1, turn);
        assert_eq!(ring.answer(id), Ok(Some((1, turn as usize))));
        assert_eq!(ring.answer(id), Ok(None));
        assert_eq!(ring.under_way(), Ok(0));
    }
}

#[test]
fn what_was_not_given_cannot_be_done() {
    for head in [3, u32::MAX, 1 << 31] {
        let (mut ring, tender) = pair();
        ring.hand_over(WRITE, 0, 0, 14);
        ring.hand_over(WRITE, 0, 0, 14);
        tender.done(head);
        assert_eq!(ring.under_way(), Err(Broken), "{head}");
        tender.done(1);
        assert_eq!(ring.under_way(), Err(Broken), "for good");
        assert_eq!(ring.answer(0), Err(Broken), "for good");
    }
}

#[test]
fn done_does_not_go_back() {
    let (mut ring, tender) = pair();
    (0..4).for_each(|_| assert!(!ring.hand_over(WRITE, 0, 0, 14)));
    tender.done(3);
    assert_eq!(ring.under_way(), Ok(1));
    tender.done(2);
    assert_eq!(ring.under_way(), Err(Broken));
}

#[test]
fn answers_to_what_was_not_asked_are_refused() {
    let (mut ring, mut tender) = pair();
    ring.hand_over(READ, 0, 0, 14);
    tender.answer(7, 0, 60);
    assert_eq!(ring.answer(0), Err(Broken));

    let (mut ring, mut tender) = pair();
    ring.hand_over(READ, 0, 0, 14);
    tender.answer(0, 0, 60);
    tender.answer(0, 0, 60);
    assert_eq!(ring.answer(0), Err(Broken));
    assert_eq!(ring.under_way(), Err(Broken), "for good");
}
