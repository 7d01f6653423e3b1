//! `poll`: waiting until one of several descriptors is ready.

use super::abi::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDNORM, POLLWRNORM, PollFd};
use super::tree::{Device, Kind};
use super::{Files, console, files, wait};
use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::thread::cancel;
use crate::thread::devices;
use crate::thread::scheduler::Wake;

const READ: i16 = POLLIN | POLLRDNORM;
const WRITE: i16 = POLLOUT | POLLWRNORM;

impl Files {
    /// What there is on `fd`, and whether more may come from outside.
    fn events(&self, fd: i32) -> (i16, bool) {
        let Ok(open) = self.open(fd) else {
            return (POLLNVAL, false);
        };
        match self.tree.device(open.node) {
            Some(Device::Console) => match console::available() {
                Some(0) => return (WRITE, true),
                _ => return (READ | WRITE, false),
            },
            Some(_) => return (READ | WRITE, false),
            None => {}
        }
        let Some(Kind::Pipe(pipe)) = self.tree.node(open.node).map(|node| &node.kind) else {
            return (READ | WRITE, false);
        };
        let mut events = 0;
        if open.reads() {
            events |= if pipe.len() != 0 { READ } else { 0 };
            events |= if self.has_writer(open.node) {
                0
            } else {
                POLLHUP
            };
        }
        if open.writes() {
            events |= if pipe.room() != 0 { WRITE } else { 0 };
            events |= if self.has_reader(open.node) {
                0
            } else {
                POLLERR
            };
        }
        (events, false)
    }
}

/// Set `revents` of each; answer how many have some, and whether input from outside may
/// change that.
fn look(files: &Files, fds: &mut [PollFd]) -> (usize, bool) {
    let mut ready = 0;
    let mut hope = false;
    for entry in fds {
        entry.revents = 0;
        if entry.fd < 0 {
            continue;
        }
        let (events, more) = files.events(entry.fd);
        entry.revents = events & (entry.events | POLLERR | POLLHUP | POLLNVAL);
        ready += usize::from(entry.revents != 0);
        hope |= more && entry.events & READ != 0;
    }
    (ready, hope)
}

/// Wait until one of `fds` is ready or until `deadline`, and answer how many are;
/// `None` waits for ever. A cancellation point.
///
/// # Errors
/// `EINTR`: a signal is to be delivered.
pub fn poll(fds: &mut [PollFd], deadline: Option<Nanoseconds>) -> Result<usize> {
    cancel::test();
    loop {
        let files = files();
        let (ready, hope) = look(&files, fds);
        let now = platform::clock_monotonic();
        if ready != 0 || deadline.is_some_and(|deadline| now >= deadline) {
            return Ok(ready);
        }
        if !hope {
            wait(files, deadline, "events that nothing brings (poll)")?;
            continue;
        }
        // What other threads do is noticed as late as that, too.
        drop(files);
        let ask_again = now + console::ASK_AGAIN_AFTER;
        let until = deadline.map_or(ask_again, |deadline| deadline.min(ask_again));
        let wake = devices::wait_for_input(until);
        cancel::test();
        if wake == Wake::Interrupted {
            return Err(Errno::EINTR);
        }
    }
}
