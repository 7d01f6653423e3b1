//! Back ends of a disk and of a network that write anything into the pages they share, and
//! are replaced at any moment. What a program has taken is its own, a part of a frame lies within its
//! page and comes from one that the back end had, a frame that can be read is whole, and a new
//! back end is asked for all that is not answered.
#![no_main]

use std::sync::atomic::Ordering::Relaxed;

use libfuzzer_sys::fuzz_target;
use xen_sys::abi::PAGE;
use xen_sys::frames::{COMING_PARTS, Inbox, Outbox, PARTS, RECEIVING, SENDING};
use xen_sys::front::{Front, Page, WORDS};
use xen_sys::requests::{REQUESTS, Requests};
use xen_sys::vbd::Operation;

fn ring() -> Page {
    let page = Page::new();
    Front::begin(&page);
    page
}

/// How many requests lie in a ring.
fn asked(page: &Page) -> u32 {
    page.0[0].load(Relaxed)
}

fuzz_target!(|input: &[u8]| {
    let rings = [ring(), ring(), ring()];
    let [disk, send, receive] = &rings;
    let pages = [const { Page::new() }; SENDING];
    let (mut requests, mut outbox, mut inbox) = (Requests::new(), Outbox::new(), Inbox::new());
    inbox.renew(receive, &[3; RECEIVING]);
    // Requests that somebody waits for.
    let mut waited = [false; REQUESTS];
    let mut unread = [false; RECEIVING];
    for step in input.chunks_exact(6) {
        let value = u32::from_le_bytes([step[2], step[3], step[4], step[5]]);
        let index = usize::from(step[1]) % REQUESTS;
        match step[0] % 16 {
            0 | 1 => {
                if let Some(taken) = requests.take() {
                    assert!(!std::mem::replace(&mut waited[taken], true));
                    let operation = [Operation::Read, Operation::Write][index % 2];
                    requests.ask(disk, &[1; REQUESTS], taken, operation, value.into());
                }
            }
            2 => _ = requests.collect(disk),
            3 => {
                if waited[index] && requests.end(index).is_some() {
                    waited[index] = false;
                    requests.give_back(index);
                }
            }
            4 => {
                if waited[index] && step[1] & 128 != 0 {
                    waited[index] = false;
                    requests.give_back(index);
                }
            }
            5 => {
                Front::begin(disk);
                requests.renew(disk, &[2; REQUESTS]);
                let unserved =
                    (0..REQUESTS).filter(|at| waited[*at] && requests.end(*at).is_none());
                assert!(asked(disk) as usize >= unserved.count());
                assert!(asked(disk) as usize <= REQUESTS);
            }
            6 => {
                let frame = vec![step[1]; value as usize % (PARTS * PAGE + 2)];
                let before = asked(send);
                let sent = outbox.send(send, &pages, &[1; SENDING], &frame);
                let parts = if sent { frame.len().div_ceil(PAGE) } else { 0 };
                assert_eq!(asked(send) - before, parts as u32);
                assert!(parts <= PARTS);
            }
            7 => _ = outbox.collect(send),
            8 => {
                Front::begin(send);
                outbox.renew(send, &[2; SENDING]);
                assert!(asked(send) as usize <= SENDING);
                _ = outbox.is_to_be_told(send);
            }
            9 => _ = inbox.collect(receive, &[3; RECEIVING]),
            10 => {
                let mut parts = 0;
                while let Some(arrived) = inbox.read() {
                    let page = usize::from(arrived.page);
                    assert!(!unread[page]);
                    assert!(arrived.start + arrived.len <= 4096 && arrived.len > 0);
                    unread[page] = true;
                    parts += 1;
                    assert!(parts <= COMING_PARTS);
                    if !arrived.goes_on {
                        break;
                    }
                    assert!(!inbox.is_empty(), "a frame without an end");
                }
            }
            11 => {
                let page = usize::from(step[1]) % RECEIVING;
                if std::mem::replace(&mut unread[page], false) {
                    inbox.offer(receive, &[3; RECEIVING], page as u16);
                }
            }
            12 => {
                Front::begin(receive);
                inbox.renew(receive, &[4; RECEIVING]);
                unread = [false; RECEIVING];
                assert!(asked(receive) as usize <= RECEIVING);
            }
            // An index, mostly a small step away, or any word.
            13 | 14 => {
                let ring = &rings[usize::from(step[1]) % 3];
                ring.0[2].fetch_add(value % 4, Relaxed);
            }
            _ => {
                let ring = &rings[usize::from(step[1]) % 3];
                // The request's own index is the front end's to write; a back end
                // that writes it changes what it sees itself.
                let at = (value as usize % (WORDS - 1)) + 1;
                ring.0[at].store(value.rotate_left(16), Relaxed);
            }
        }
    }
});
