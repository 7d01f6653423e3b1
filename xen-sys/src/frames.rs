//! The frames on their way between a front end of a network and its back end: so much
//! that a back end that comes after another one can be given again what that one did
//! not say it had sent.

use crate::abi::PAGE;
use crate::front::{Broken, Front, Page};
use crate::vif::{self, RECEIVE_SLOT, SEND_SLOT};

/// Pages for frames on their way out.
pub const SENDING: usize = 8;
/// Pages for frames that come in.
pub const RECEIVING: usize = 24;
/// The most pages that a frame takes on its way out.
pub const PARTS: usize = 3;
/// The same of one that comes: a back end may begin new pages as it likes.
pub const COMING_PARTS: usize = 8;

/// What a page on its way out has of a frame.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The frame's number; 0: the page is free.
    frame: u64,
    /// Which one of its pages this is, and how many there are.
    nth: u8,
    parts: u8,
    /// The size that the request names.
    len: u16,
}

/// Frames on their way out.
#[derive(Debug)]
pub struct Outbox {
    front: Front,
    /// Up to which request the back end was told.
    told: u32,
    /// By page.
    away: [Part; SENDING],
    next: u64,
}

impl Outbox {
    /// None, over a ring that has begun.
    #[expect(
        clippy::new_without_default,
        reason = "made where a device is connected"
    )]
    pub const fn new() -> Self {
        const FREE: Part = Part {
            frame: 0,
            nth: 0,
            parts: 0,
            len: 0,
        };
        Self {
            front: Front::new(SEND_SLOT),
            told: 0,
            away: [FREE; SENDING],
            next: 1,
        }
    }

    /// Send a frame of at most [`PARTS`] pages, which is copied to `pages`; false: too few of
    /// them are free.
    pub fn send(
        &mut self,
        ring: &Page,
        pages: &[Page; SENDING],
        grants: &[u32; SENDING],
        frame: &[u8],
    ) -> bool {
        let parts = frame.len().div_ceil(PAGE);
        let free = self.away.iter().filter(|part| part.frame == 0).count();
        if parts > free.min(PARTS) {
            return false;
        }
        let mut rest = (0..).zip(frame.chunks(PAGE));
        let places = (0..).zip(&mut self.away).zip(pages).zip(grants);
        for (((id, away), page), grant) in places.filter(|(((_, part), _), _)| part.frame == 0) {
            let Some((nth, bytes)) = rest.next() else {
                break;
            };
            page.put(bytes);
            let len = if nth == 0 { frame.len() } else { bytes.len() };
            *away = Part {
                frame: self.next,
                nth,
                parts: parts as u8,
                len: len as u16,
            };
            // There are more slots than pages.
            self.front.write(ring, &away.request(id, *grant));
        }
        // A back end that saw a part without the next one would give up the interface.
        self.front.publish(ring);
        self.next += 1;
        true
    }

    /// See what was sent.
    ///
    /// # Errors
    /// [`Broken`]: something that was not to be.
    pub fn collect(&mut self, ring: &Page) -> Result<(), Broken> {
        let mut response = [0];
        while self.front.answer(ring, &mut response)? {
            let (id, _) = vif::sent(response[0]);
            let away = self.away.get_mut(usize::from(id));
            let away = away.filter(|part| part.frame != 0).ok_or(Broken)?;
            away.frame = 0;
        }
        Ok(())
    }

    /// Whether the back end wants to hear of what was sent since this was asked.
    pub fn is_to_be_told(&mut self, ring: &Page) -> bool {
        let (wanted, told) = self.front.news(ring, self.told);
        self.told = told;
        wanted
    }

    /// Send again, in a ring that has begun, what was not sent, in its order. Of a frame that was sent
    /// in part the rest is nothing.
    pub fn renew(&mut self, ring: &Page, grants: &[u32; SENDING]) {
        self.front = Front::new(SEND_SLOT);
        self.told = 0;
        let there = self.away;
        for part in &mut self.away {
            let others = there.iter().filter(|other| other.frame == part.frame);
            if others.count() < part.parts.into() {
                part.frame = 0;
            }
        }
        let mut after = (0, u8::MAX);
        loop {
            let left = (0..).zip(&self.away).zip(grants);
            let left = left.filter(|((_, part), _)| (part.frame, part.nth) > after);
            let Some(((id, part), grant)) =
                left.min_by_key(|((_, part), _)| (part.frame, part.nth))
            else {
                return;
            };
            after = (part.frame, part.nth);
            self.front.ask(ring, &part.request(id, *grant));
        }
    }
}

impl Part {
    fn request(&self, id: u16, grant: u32) -> [u32; SEND_SLOT] {
        vif::send(id, grant, self.len, self.nth + 1 < self.parts)
    }
}

/// A part of a frame that came: the page it lies in, where it begins and its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The page.
    pub page: u16,
    /// Its first byte there.
    pub start: u16,
    /// Its bytes.
    pub len: u16,
    /// Whether the frame goes on in the next part.
    pub goes_on: bool,
}

/// Frames that came, and pages for more.
#[derive(Debug)]
pub struct Inbox {
    front: Front,
    told: u32,
    /// Pages that the back end may write, as bits.
    away: u32,
    /// What came and was not read, from the oldest on: `count` parts of whole frames, and then
    /// `begun` parts of one that is coming.
    arrived: [Arrived; RECEIVING],
    first: usize,
    count: usize,
    begun: usize,
    /// The frame that is coming is none.
    is_bad: bool,
}

impl Inbox {
    /// None, over a ring that has begun.
    #[expect(
        clippy::new_without_default,
        reason = "made where a device is connected"
    )]
    pub const fn new() -> Self {
        const NONE: Arrived = Arrived {
            page: 0,
            start: 0,
            len: 0,
            goes_on: false,
        };
        Self {
            front: Front::new(RECEIVE_SLOT),
            told: 0,
            away: 0,
            arrived: [NONE; RECEIVING],
            first: 0,
            count: 0,
            begun: 0,
            is_bad: false,
        }
    }

    /// Let the back end write to a page that is not away.
    pub fn offer(&mut self, ring: &Page, grants: &[u32; RECEIVING], page: u16) {
        let Some(grant) = grants.get(usize::from(page)) else {
            return;
        };
        // There are more slots than pages.
        if self.front.ask(ring, &vif::receive(page, *grant)) {
            self.away |= 1 << page;
        }
    }

    /// See what came, or some of it: a page that is offered again may come again at once.
    ///
    /// # Errors
    /// [`Broken`]: something for which there was no page.
    pub fn collect(&mut self, ring: &Page, grants: &[u32; RECEIVING]) -> Result<(), Broken> {
        let mut response = [0; RECEIVE_SLOT];
        for _ in 0..RECEIVING {
            if !self.front.answer(ring, &mut response)? {
                break;
            }
            let received = vif::received(response, PAGE);
            let bit = 1u32.checked_shl(received.id.into()).unwrap_or(0);
            if self.away & bit == 0 {
                return Err(Broken);
            }
            self.away &= !bit;
            let takes = self.begun < COMING_PARTS && !self.is_bad;
            let part = received.part.filter(|_| takes);
            if let Some((start, len)) = part {
                self.push(Arrived {
                    page: received.id,
                    start: start as u16,
                    len: len as u16,
                    goes_on: received.goes_on,
                });
            } else {
                self.is_bad = true;
                self.offer(ring, grants, received.id);
            }
            if !received.goes_on {
                self.end(ring, grants);
            }
        }
        Ok(())
    }

    /// Another part of the frame that is coming.
    fn push(&mut self, arrived: Arrived) {
        // Every page has come at most once.
        let place = (self.first + self.count + self.begun) % RECEIVING;
        if let Some(place) = self.arrived.get_mut(place) {
            *place = arrived;
            self.begun += 1;
        }
    }

    /// The frame that was coming is there, or was none.
    fn end(&mut self, ring: &Page, grants: &[u32; RECEIVING]) {
        let begun = core::mem::take(&mut self.begun);
        if !core::mem::take(&mut self.is_bad) {
            self.count += begun;
            return;
        }
        for nth in 0..begun {
            let place = (self.first + self.count + nth) % RECEIVING;
            if let Some(arrived) = self.arrived.get(place) {
                self.offer(ring, grants, arrived.page);
            }
        }
    }

    /// Whether something came, which may be no frame yet, or broke the rules; else have the next
    /// part notified.
    pub fn has_frame(&self, ring: &Page) -> bool {
        self.count > 0 || self.front.is_answered(ring)
    }

    /// Whether no frame came that was not read.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The next part of the oldest frame that was not read, all of which came; its page is then to
    /// be offered again.
    pub fn read(&mut self) -> Option<Arrived> {
        if self.count == 0 {
            return None;
        }
        let arrived = self.arrived.get(self.first).copied();
        self.first = (self.first + 1) % RECEIVING;
        self.count -= 1;
        arrived
    }

    /// What came may not be in the pages any more: it is lost.
    pub fn forget(&mut self) {
        self.count = 0;
    }

    /// Whether the back end wants to hear of the pages since this was asked.
    pub fn is_to_be_told(&mut self, ring: &Page) -> bool {
        let (wanted, told) = self.front.news(ring, self.told);
        self.told = told;
        wanted
    }

    /// Offer, in a ring that has begun, all pages in which there is no frame to read.
    pub fn renew(&mut self, ring: &Page, grants: &[u32; RECEIVING]) {
        self.front = Front::new(RECEIVE_SLOT);
        self.told = 0;
        self.away = 0;
        self.begun = 0;
        self.is_bad = false;
        let unread = (0..self.count)
            .filter_map(|nth| self.arrived.get((self.first + nth) % RECEIVING))
            .fold(0u32, |pages, arrived| pages | 1 << arrived.page);
        for page in (0..RECEIVING as u16).filter(|page| unread >> page & 1 == 0) {
            self.offer(ring, grants, page);
        }
    }
}

#[cfg(test)]
mod tests;
