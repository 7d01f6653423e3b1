//! What a front end of a disk has asked for and not seen through: so much that a back
//! end that comes after another one can be asked again.
//!
//! A request has a page, which stays its own until somebody has taken its end, or, when
//! nobody waits any more, until the back end has served it.

use crate::front::{Broken, Front, Page};
use crate::vbd::{self, Operation};

/// The most requests under way.
pub const REQUESTS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    /// Its page is being filled.
    Taken,
    /// The back end has it; somebody waits for it, or nobody.
    Away(bool),
    /// It was served: well or not.
    Served(bool),
}

#[derive(Clone, Copy, Debug)]
struct Request {
    state: State,
    operation: Operation,
    sector: u64,
    id: u64,
}

/// The requests of a disk.
#[derive(Debug)]
pub struct Requests {
    front: Front,
    requests: [Request; REQUESTS],
    next: u64,
}

impl Requests {
    /// None, over a ring that has begun.
    #[expect(
        clippy::new_without_default,
        reason = "made where a device is connected"
    )]
    pub const fn new() -> Self {
        let request = Request {
            state: State::Free,
            operation: Operation::Read,
            sector: 0,
            id: 0,
        };
        Self {
            front: Front::new(vbd::SLOT),
            requests: [request; REQUESTS],
            next: 1,
        }
    }

    /// A page for a request; `None`: all are in use.
    pub fn take(&mut self) -> Option<usize> {
        let mut all = self.requests.iter_mut().enumerate();
        let (index, request) = all.find(|(_, request)| request.state == State::Free)?;
        request.state = State::Taken;
        Some(index)
    }

    /// Ask for the block at `sector`, in the page `index` that was taken, of which
    /// `grants` says how the back end calls it. The caller notifies it.
    pub fn ask(
        &mut self,
        ring: &Page,
        grants: &[u32; REQUESTS],
        index: usize,
        operation: Operation,
        sector: u64,
    ) {
        let id = self.next;
        if let Some(request) = self.requests.get_mut(index) {
            *request = Request {
                state: State::Away(true),
                operation,
                sector,
                id,
            };
            self.next = id.wrapping_add(1);
            put(&mut self.front, ring, grants, index, request);
        }
    }

    /// See what was served.
    ///
    /// # Errors
    /// [`Broken`]: something that was not asked for.
    pub fn collect(&mut self, ring: &Page) -> Result<(), Broken> {
        let mut response = [0; 4];
        while self.front.answer(ring, &mut response)? {
            let mut served = self.requests.iter_mut().filter_map(|request| {
                let State::Away(awaited) = request.state else {
                    return None;
                };
                let well = vbd::served(response, request.operation, request.id)?;
                Some((request, awaited, well))
            });
            let (request, awaited, well) = served.next().ok_or(Broken)?;
            request.state = match awaited {
                true => State::Served(well),
                false => State::Free,
            };
        }
        Ok(())
    }

    /// The end of a request, if it has come: its page is still the caller's, until
    /// [`give_back`](Self::give_back).
    pub fn end(&self, index: usize) -> Option<bool> {
        match self.requests.get(index)?.state {
            State::Served(well) => Some(well),
            _ => None,
        }
    }

    /// What was read may not be in the pages any more: it is asked for again.
    pub fn doubt(&mut self) {
        for request in &mut self.requests {
            if request.state == State::Served(true) && request.operation == Operation::Read {
                request.state = State::Away(true);
            }
        }
    }

    /// The page is no more needed; if the back end has it, once that has served it.
    pub fn give_back(&mut self, index: usize) {
        if let Some(request) = self.requests.get_mut(index) {
            request.state = match request.state {
                State::Away(_) => State::Away(false),
                _ => State::Free,
            };
        }
    }

    /// Ask another back end, in a ring that has begun, for all that was not served.
    /// The order is the one in which it was asked for. What nobody waits for, and only
    /// reads, is forgotten.
    pub fn renew(&mut self, ring: &Page, grants: &[u32; REQUESTS]) {
        self.front = Front::new(vbd::SLOT);
        for request in &mut self.requests {
            if request.state == State::Away(false) && request.operation == Operation::Read {
                request.state = State::Free;
            }
        }
        let mut after = 0;
        loop {
            let all = self.requests.iter().enumerate();
            let away = all.filter(|(_, request)| {
                matches!(request.state, State::Away(_)) && request.id > after
            });
            let Some((index, request)) = away.min_by_key(|(_, request)| request.id) else {
                return;
            };
            after = request.id;
            put(&mut self.front, ring, grants, index, request);
        }
    }
}

/// There are more slots than requests.
fn put(front: &mut Front, ring: &Page, grants: &[u32; REQUESTS], index: usize, request: &Request) {
    let grant = grants.get(index).copied().unwrap_or_default();
    front.ask(
        ring,
        &vbd::request(request.operation, request.id, request.sector, grant, 1),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::boxed::Box;
    use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
    use std::vec::Vec;

    const GRANTS: [u32; REQUESTS] = [20, 21, 22, 23, 24, 25, 26, 27];

    /// A back end: what it was asked, `(id, operation, sector, grant)`.
    struct Back {
        ring: Box<Page>,
        taken: u32,
        served: u32,
    }

    impl Back {
        fn new() -> Self {
            let ring = Box::new(Page::new());
            Front::begin(&ring);
            Back {
                ring,
                taken: 0,
                served: 0,
            }
        }

        fn slot(index: u32) -> usize {
            16 + index as usize % 32 * vbd::SLOT
        }

        fn asked(&mut self) -> Vec<(u64, u32, u64, u32)> {
            let mut asked = Vec::new();
            while self.taken != self.ring.0[0].load(Acquire) {
                let slot = Self::slot(self.taken);
                let word = |at: usize| self.ring.0[slot + at].load(Relaxed);
                asked.push((word(2).into(), word(0) & 0xff, word(4).into(), word(6)));
                self.taken += 1;
            }
            asked
        }

        fn serve(&mut self, id: u64, operation: u32, status: i16) {
            let slot = Self::slot(self.served);
            let words = [
                id as u32,
                (id >> 32) as u32,
                operation | u32::from(status as u16) << 16,
            ];
            for (at, word) in words.into_iter().enumerate() {
                self.ring.0[slot + at].store(word, Relaxed);
            }
            self.served += 1;
            self.ring.0[2].store(self.served, Release);
        }
    }

    fn ask(requests: &mut Requests, back: &Back, operation: Operation, sector: u64) -> usize {
        let index = requests.take().unwrap();
        requests.ask(&back.ring, &GRANTS, index, operation, sector);
        index
    }

    #[test]
    fn several_are_under_way_and_end_in_any_order() {
        let (mut requests, mut back) = (Requests::new(), Back::new());
        let first = ask(&mut requests, &back, Operation::Read, 7);
        let second = ask(&mut requests, &back, Operation::Write, 9);
        assert_eq!(back.asked(), [(1, 0, 7, 20), (2, 1, 9, 21)]);
        assert_eq!(requests.end(first), None);
        back.serve(2, 1, -1);
        requests.collect(&back.ring).unwrap();
        assert_eq!(
            (requests.end(first), requests.end(second)),
            (None, Some(false))
        );
        back.serve(1, 0, 0);
        requests.collect(&back.ring).unwrap();
        assert_eq!(requests.end(first), Some(true));
        for index in [first, second] {
            requests.give_back(index);
            assert_eq!(requests.end(index), None);
        }
        let all: Vec<_> = std::iter::from_fn(|| requests.take()).collect();
        assert_eq!(all.len(), REQUESTS);
    }

    #[test]
    fn a_page_that_is_away_stays_away() {
        let (mut requests, mut back) = (Requests::new(), Back::new());
        let index = ask(&mut requests, &back, Operation::Read, 7);
        requests.give_back(index);
        while let Some(other) = requests.take() {
            assert_ne!(other, index);
        }
        back.serve(1, 0, 0);
        requests.collect(&back.ring).unwrap();
        assert_eq!(requests.take(), Some(index));
    }

    #[test]
    fn another_back_end_is_asked_for_what_is_left() {
        let (mut requests, mut back) = (Requests::new(), Back::new());
        let indexes = [
            (Operation::Write, 3),
            (Operation::Read, 4),
            (Operation::Write, 5),
        ]
        .map(|(operation, sector)| ask(&mut requests, &back, operation, sector));
        back.serve(2, 0, 0);
        requests.collect(&back.ring).unwrap();
        requests.give_back(indexes[1]);
        // In the first one's place, but after the others.
        ask(&mut requests, &back, Operation::Write, 6);
        let forgotten = ask(&mut requests, &back, Operation::Read, 8);
        requests.give_back(forgotten);
        requests.give_back(indexes[2]);

        let mut back = Back::new();
        requests.renew(&back.ring, &GRANTS.map(|grant| grant + 100));
        let asked = [(1, 1, 3, 120), (3, 1, 5, 122), (4, 1, 6, 121)];
        assert_eq!(back.asked(), asked);
        for (id, operation, ..) in asked {
            back.serve(id, operation, 0);
        }
        requests.collect(&back.ring).unwrap();
        assert_eq!(requests.end(indexes[0]), Some(true));
        assert_eq!(requests.end(indexes[1]), Some(true));
        // Nobody waited for it any more.
        assert_eq!(requests.take(), Some(indexes[2]));
    }

    #[test]
    fn what_is_doubted_is_read_again_and_not_written_again() {
        let (mut requests, mut back) = (Requests::new(), Back::new());
        let [read, failed, written] = [
            (Operation::Read, 3),
            (Operation::Read, 4),
            (Operation::Write, 5),
        ]
        .map(|(operation, sector)| ask(&mut requests, &back, operation, sector));
        back.serve(1, 0, 0);
        back.serve(2, 0, -1);
        back.serve(3, 1, 0);
        requests.collect(&back.ring).unwrap();
        requests.doubt();
        assert_eq!(requests.end(read), None);
        assert_eq!(requests.end(failed), Some(false));
        assert_eq!(requests.end(written), Some(true));

        let mut back = Back::new();
        requests.renew(&back.ring, &GRANTS);
        assert_eq!(back.asked(), [(1, 0, 3, 20)]);
        back.serve(1, 0, 0);
        requests.collect(&back.ring).unwrap();
        assert_eq!(requests.end(read), Some(true));
    }

    #[test]
    fn what_was_not_asked_for_breaks_the_ring() {
        for (id, operation) in [(2, 0), (0, 0), (1, 1), (1 << 32 | 1, 0)] {
            let (mut requests, mut back) = (Requests::new(), Back::new());
            ask(&mut requests, &back, Operation::Read, 7);
            back.serve(id, operation, 0);
            assert_eq!(requests.collect(&back.ring), Err(Broken));
        }
        // Served twice.
        let (mut requests, mut back) = (Requests::new(), Back::new());
        ask(&mut requests, &back, Operation::Read, 7);
        ask(&mut requests, &back, Operation::Read, 8);
        back.serve(1, 0, 0);
        back.serve(1, 0, 0);
        assert_eq!(requests.collect(&back.ring), Err(Broken));
    }
}
