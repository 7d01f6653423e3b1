//! Reading the machine's console. Bytes come as the machine delivers them: no
//! echo, no editing. A machine without console input is at the end of file.

use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::sync::Lock;
use crate::thread::scheduler::Wake;
use crate::thread::{cancel, devices};

/// Where the console cannot wake an idle CPU it is asked so often.
pub const ASK_AGAIN_AFTER: Nanoseconds = 10_000_000;

/// What was read to see whether there is something to read.
struct Ahead {
    bytes: [u8; 64],
    start: u8,
    end: u8,
    ended: bool,
}

static AHEAD: Lock<Ahead> = Lock::new(Ahead {
    bytes: [0; 64],
    start: 0,
    end: 0,
    ended: false,
});

impl Ahead {
    /// Bytes that can be read without waiting; `None` at the end of the input.
    fn available(&mut self) -> Option<usize> {
        if self.start == self.end && !self.ended {
            let read = platform::console_read(&mut self.bytes);
            self.ended = matches!(read, Ok(0)) || read.is_err_and(|error| error != Errno::EAGAIN);
            self.start = 0;
            self.end = read.unwrap_or(0).min(64) as u8;
        }
        match self.end - self.start {
            0 if self.ended => None,
            count => Some(count.into()),
        }
    }
}

/// Bytes that can be read without waiting; `None` at the end of the input.
pub fn available() -> Option<usize> {
    AHEAD.lock().available()
}

/// Read what there is, up to the size of `bytes`, without waiting.
fn take(bytes: &mut [u8]) -> Result<usize> {
    let mut ahead = AHEAD.lock();
    let Some(available) = ahead.available() else {
        return Ok(0);
    };
    let count = available.min(bytes.len());
    let start = usize::from(ahead.start);
    let from = ahead.bytes.get(start..start + count);
    if let (Some(to), Some(from)) = (bytes.get_mut(..count), from) {
        to.copy_from_slice(from);
    }
    ahead.start += count as u8;
    if count == 0 {
        Err(Errno::EAGAIN)
    } else {
        Ok(count)
    }
}

/// Read at least one byte; 0 at the end of the input.
///
/// # Errors
/// `EAGAIN`: nothing there, and the caller does not `wait`. `EINTR`: a signal is to be delivered.
pub fn read(bytes: &mut [u8], wait: bool) -> Result<usize> {
    if bytes.is_empty() {
        return Ok(0);
    }
    loop {
        match take(bytes) {
            Err(Errno::EAGAIN) if wait => {}
            answer => return answer,
        }
        let wake = devices::wait_for_input(platform::clock_monotonic() + ASK_AGAIN_AFTER);
        cancel::test();
        if wake == Wake::Interrupted {
            return Err(Errno::EINTR);
        }
    }
}

/// Forget what was typed and not read.
pub fn discard() {
    let mut ahead = AHEAD.lock();
    while ahead.available().is_some_and(|count| count != 0) {
        ahead.start = ahead.end;
    }
}
