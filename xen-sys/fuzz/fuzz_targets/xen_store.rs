//! A xenstore daemon that answers whatever the input says, moves its indexes as it
//! likes, and falls silent when the input ends. No answer may be longer than its
//! buffer, a broken connection stays broken, and everything ends.
#![no_main]

use std::cell::RefCell;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU8, AtomicU32};

use libfuzzer_sys::fuzz_target;
use xen_sys::link::{Link, Phase, Step};
use xen_sys::ring::Ring;
use xen_sys::store::{Client, Kind, Transport};

struct Daemon<'a> {
    requests: [AtomicU8; 1024],
    answers: [AtomicU8; 1024],
    indexes: [AtomicU32; 4],
    script: RefCell<&'a [u8]>,
}

impl Daemon<'_> {
    fn next(&self) -> Option<u8> {
        let mut script = self.script.borrow_mut();
        let (&first, rest) = script.split_first()?;
        *script = rest;
        Some(first)
    }
}

impl Transport for &Daemon<'_> {
    fn requests(&self) -> Ring<'_> {
        Ring {
            bytes: &self.requests,
            taken: &self.indexes[0],
            put: &self.indexes[1],
        }
    }

    fn answers(&self) -> Ring<'_> {
        Ring {
            bytes: &self.answers,
            taken: &self.indexes[2],
            put: &self.indexes[3],
        }
    }

    fn notify(&self) {}

    /// One step of the script: a command, and what it takes.
    fn wait(&self) -> bool {
        let Some(command) = self.next() else {
            return false;
        };
        match command {
            // Take requests, as many as they are.
            0..64 => _ = self.requests().take(&mut [0; 1024]),
            // Answer bytes.
            64..192 => {
                for _ in 0..command - 63 {
                    let Some(byte) = self.next() else { break };
                    self.answers().put(&[byte]);
                }
            }
            // Put an index anywhere: the daemon's own, or the client's.
            _ => {
                let bytes = [0; 4].map(|_| self.next().unwrap_or(0));
                let index = &self.indexes[usize::from(command) % 4];
                index.store(u32::from_le_bytes(bytes), Relaxed);
            }
        }
        true
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((plan, script)) = input.split_at_checked(8) else {
        return;
    };
    let daemon = Daemon {
        requests: [const { AtomicU8::new(0) }; 1024],
        answers: [const { AtomicU8::new(0) }; 1024],
        indexes: [const { AtomicU32::new(0) }; 4],
        script: RefCell::new(script),
    };
    let mut client = Client::new(&daemon);
    let mut buffer = [0; 300];
    let mut link: Option<Link> = None;
    for step in plan {
        match step % 8 {
            0 => {
                let len = client.read(b"a/path", &mut buffer).map(<[u8]>::len);
                assert!(len.unwrap_or(0) <= 300);
            }
            1 => _ = client.read_number(b"a"),
            2 => _ = client.write(b"a", &[b'x'; 200]),
            3 => _ = client.watch(b"a", u32::from(step / 8)),
            4 => _ = client.await_change(u32::from(step / 8)),
            5 => link = Link::find(&mut client, b"device/vif/0", 5).ok().or(link),
            6 => {
                if let Some(link) = &mut link
                    && client.has_news()
                {
                    match link.step(&mut client) {
                        Ok(Step::Ready) => link.phase = Phase::Offered,
                        Ok(Step::Answered) if step & 8 == 0 => link.phase = Phase::Connected,
                        Ok(Step::Answered) => _ = link.give_up(&mut client),
                        _ => {}
                    }
                }
            }
            _ => {
                let len = client.request(Kind::Directory, 0, &[b"a\0"], &mut buffer);
                assert!(len.unwrap_or(0) <= 4096);
            }
        }
    }
});
