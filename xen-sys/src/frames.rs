//! The frames on their way between a front end of a network and its back end: so much
//! that a back end that comes after another one can be given again what that one did
//! not say it had sent.

use crate::abi::PAGE;
use crate::front::{Broken, Front, Page};
use crate::vif::{self, RECEIVE_SLOT, SEND_SLOT};

/// Frames on their way out.
pub const SENDING: usize = 8;
/// Pages for frames that come in.
pub const RECEIVING: usize = 24;

/// Frames on their way out, a page each.
#[derive(Debug)]
pub struct Outbox {
    front: Front,
    /// Up to which request the back end was told.
    told: u32,
    /// By page: the frame's number, above 0, and its bytes; 0: the page is free.
    away: [(u64, u16); SENDING],
    next: u64,
}

impl Outbox {
    /// None, over a ring that has begun.
    #[expect(
        clippy::new_without_default,
        reason = "made where a device is connected"
    )]
    pub const fn new() -> Self {
        Self {
            front: Front::new(SEND_SLOT),
            told: 0,
            away: [(0, 0); SENDING],
            next: 1,
        }
    }

    /// A page for a frame; `None`: all are on their way.
    pub fn free(&self) -> Option<usize> {
        self.away.iter().position(|(number, _)| *number == 0)
    }

    /// Send the frame of `len` bytes that lies in the free page `index`.
    pub fn send(&mut self, ring: &Page, grants: &[u32; SENDING], index: usize, len: u16) {
        if let (Some(away), Some(grant)) = (self.away.get_mut(index), grants.get(index)) {
            *away = (self.next, len);
            self.next += 1;
            // There are more slots than pages.
            self.front.ask(ring, &vif::send(index as u16, *grant, len));
        }
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
            let away = away.filter(|(number, _)| *number != 0).ok_or(Broken)?;
            *away = (0, 0);
        }
        Ok(())
    }

    /// Whether the back end wants to hear of what was sent since this was asked.
    pub fn is_to_be_told(&mut self, ring: &Page) -> bool {
        let (wanted, told) = self.front.news(ring, self.told);
        self.told = told;
        wanted
    }

    /// Send again, in a ring that has begun, what was not sent, in its order.
    pub fn renew(&mut self, ring: &Page, grants: &[u32; SENDING]) {
        self.front = Front::new(SEND_SLOT);
        self.told = 0;
        let mut after = 0;
        loop {
            let left = (0..).zip(&self.away).zip(grants);
            let left = left.filter(|((_, away), _)| away.0 > after);
            let Some(((index, away), grant)) = left.min_by_key(|((_, away), _)| away.0) else {
                return;
            };
            after = away.0;
            self.front.ask(ring, &vif::send(index, *grant, away.1));
        }
    }
}

/// A frame that came: the page it lies in, where it begins and its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The page.
    pub page: u16,
    /// Its first byte there.
    pub start: u16,
    /// Its bytes.
    pub len: u16,
}

/// Frames that came, and pages for more.
#[derive(Debug)]
pub struct Inbox {
    front: Front,
    told: u32,
    /// Pages that the back end may write, as bits.
    away: u32,
    /// What came and was not read, from the oldest on.
    arrived: [Arrived; RECEIVING],
    first: usize,
    count: usize,
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
        };
        Self {
            front: Front::new(RECEIVE_SLOT),
            told: 0,
            away: 0,
            arrived: [NONE; RECEIVING],
            first: 0,
            count: 0,
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

    /// See what came.
    ///
    /// # Errors
    /// [`Broken`]: something for which there was no page.
    pub fn collect(&mut self, ring: &Page, grants: &[u32; RECEIVING]) -> Result<(), Broken> {
        let mut response = [0; RECEIVE_SLOT];
        while self.front.answer(ring, &mut response)? {
            let received = vif::received(response, PAGE);
            let bit = 1u32.checked_shl(received.id.into()).unwrap_or(0);
            if self.away & bit == 0 {
                return Err(Broken);
            }
            self.away &= !bit;
            let Some((start, len)) = received.frame else {
                self.offer(ring, grants, received.id);
                continue;
            };
            // Every page has come at most once.
            let place = (self.first + self.count) % RECEIVING;
            if let Some(place) = self.arrived.get_mut(place) {
                *place = Arrived {
                    page: received.id,
                    start: start as u16,
                    len: len as u16,
                };
                self.count += 1;
            }
        }
        Ok(())
    }

    /// Whether something came, or broke the rules; else have the next frame notified.
    pub fn has_frame(&self, ring: &Page) -> bool {
        self.count > 0 || self.front.is_answered(ring)
    }

    /// Whether something came that was not read.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The oldest frame that was not read; its page is then to be offered again.
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
