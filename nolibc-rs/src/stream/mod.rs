//! Buffered streams: what `FILE` is (C11 7.21, POSIX.1-2024 2.5).
//!
//! A stream that is closed stays in the list of all streams and is opened again
//! by a later `fopen`: a program that uses a closed stream gets `EBADF`, never
//! another object's memory, and there are as many streams as the heap has room
//! for.
#![forbid(unsafe_code)]

mod backing;
mod hold;
mod memory;
mod mode;
mod state;

use crate::buffer;
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{O_ACCMODE, O_APPEND, O_RDONLY, O_WRONLY};
use crate::sync::Lock;

pub use backing::{Backing, Device, Storage, Written};
pub use hold::Guard;
pub use memory::MemoryFile;
pub use mode::Mode;
pub use state::{Buffering, State};

/// What `BUFSIZ` is, and the size of the buffers made here.
pub const BUFFER_LEN: usize = 1024;

/// A stream: what `FILE` is.
pub struct Stream {
    hold: hold::Hold,
    state: Lock<State>,
    next: Option<&'static Stream>,
}

/// `stdin`
pub static STDIN: Stream = Stream::standard(0, true, Buffering::Line);
/// `stdout`: line-buffered, since it is the console.
pub static STDOUT: Stream = Stream::standard(1, false, Buffering::Line);
/// `stderr`
pub static STDERR: Stream = Stream::standard(2, false, Buffering::None);

/// What a null pointer is taken for: nothing can be done with it.
pub static CLOSED: Stream = Stream::with(Backing::Closed, false, Buffering::None);

/// All other streams, the newest first.
static OTHERS: Lock<Option<&'static Stream>> = Lock::new(None);

impl Stream {
    const fn standard(descriptor: i32, readable: bool, buffering: Buffering) -> Self {
        Self::with(Backing::Descriptor(descriptor), readable, buffering)
    }

    const fn with(backing: Backing, readable: bool, buffering: Buffering) -> Self {
        let mode = Mode::standard(readable);
        Self {
            hold: hold::Hold::new(),
            state: Lock::new(State::new(backing, mode, buffering)),
            next: None,
        }
    }

    /// A stream over `backing`.
    ///
    /// # Errors
    /// `ENOMEM`: no room for another stream.
    pub fn open(backing: Backing, mode: Mode) -> Result<&'static Self> {
        let mut state = State::new(backing, mode, Buffering::Full);
        let mut others = OTHERS.lock();
        let mut next = *others;
        while let Some(stream) = next {
            if stream.become_if_closed(&mut state) {
                return Ok(stream);
            }
            next = stream.next;
        }
        let stream: &'static Self = buffer::leak(Self {
            hold: hold::Hold::new(),
            state: Lock::new(state),
            next: *others,
        })?;
        *others = Some(stream);
        Ok(stream)
    }

    /// Be what `new` says, if the stream is closed and nobody is in it.
    fn become_if_closed(&self, new: &mut State) -> bool {
        if !self.hold.try_enter() {
            return false;
        }
        let closed = self.state.try_lock().filter(|old| old.is_closed());
        let becomes = closed.map(|mut old| core::mem::swap(&mut *old, new));
        // Whoever waited for the closed one finds another.
        self.hold.leave();
        becomes.is_some()
    }

    /// Open the file `path`.
    ///
    /// # Errors
    /// As [`file::open`] and [`Stream::open`].
    pub fn open_path(path: &[u8], mode: Mode) -> Result<&'static Self> {
        let descriptor = file::open(path, mode.flags(), 0o666)?;
        let stream = Self::open(Backing::Descriptor(descriptor), mode);
        if stream.is_err() {
            let _ = file::close(descriptor);
        }
        stream
    }

    /// A stream over an open descriptor, which appends if `mode` says so.
    ///
    /// # Errors
    /// `EBADF`: it is not open. `EINVAL`: it is not open for what the mode
    /// allows. As [`Stream::open`].
    pub fn open_descriptor(descriptor: i32, mode: Mode) -> Result<&'static Self> {
        let flags = file::status_flags(descriptor)?;
        let access = flags & O_ACCMODE;
        if (mode.readable && access == O_WRONLY) || (mode.writable && access == O_RDONLY) {
            return Err(Errno::EINVAL);
        }
        if mode.appends() {
            file::set_status_flags(descriptor, flags | O_APPEND)?;
        }
        Self::open(Backing::Descriptor(descriptor), mode)
    }

    /// `freopen`: the file `path` behind this stream. The old one is closed
    /// whatever comes, and how that went is not told (C11 7.21.5.4).
    ///
    /// # Errors
    /// As [`file::open`]; the stream is then closed.
    pub fn reopen(&self, path: &[u8], mode: Mode) -> Result<()> {
        let mut state = self.lock();
        let _ = state.flush();
        let _ = state.shut();
        let descriptor = file::open(path, mode.flags(), 0o666)?;
        state.reopen(Backing::Descriptor(descriptor), mode);
        Ok(())
    }

    /// Keep every other thread out until the guard is dropped. A thread may do
    /// so again while it does so already.
    pub fn lock(&self) -> Guard<'_> {
        Guard::new(hold::Out::after_entering(&self.hold), self.state.lock())
    }

    /// As [`Stream::lock`], if nobody is in the middle of something with the stream.
    fn try_lock(&self) -> Option<Guard<'_>> {
        let out = self.hold.try_enter().then(|| hold::Out::of(&self.hold))?;
        Some(Guard::new(out, self.state.try_lock()?))
    }

    /// `flockfile`
    pub fn hold(&self) {
        self.hold.enter();
    }

    /// `ftrylockfile`: whether it worked.
    pub fn try_hold(&self) -> bool {
        self.hold.try_enter()
    }

    /// `funlockfile`
    pub fn release(&self) {
        self.hold.leave();
    }

    /// Flush, close and forget the file.
    ///
    /// # Errors
    /// What flushing or closing answers; the stream is closed anyway.
    pub fn close(&self) -> Result<()> {
        // In, whether or not there are other threads: who holds the stream leaves it below.
        self.hold.enter();
        let mut state = Guard::new(hold::Out::of(&self.hold), self.state.lock());
        if state.is_closed() {
            return Err(Errno::EBADF);
        }
        let flushed = state.flush();
        let closed = state.shut();
        // However often the thread is in: the next one to open the stream shall get in.
        self.hold.be_in_once();
        flushed.and(closed)
    }
}

fn all() -> impl Iterator<Item = &'static Stream> {
    let newest = *OTHERS.lock();
    let others = core::iter::successors(newest, |stream| stream.next);
    [&STDIN, &STDOUT, &STDERR].into_iter().chain(others)
}

/// `fflush(NULL)`: write out what all output streams hold.
///
/// # Errors
/// The first one met; the others are flushed all the same.
pub fn flush_every() -> Result<()> {
    let mut result = Ok(());
    for stream in all() {
        let mut state = stream.lock();
        if state.is_writing() {
            result = result.and(state.flush());
        }
    }
    result
}

/// Write out the buffers of all output streams, as `exit` does. A stream that
/// is busy is left alone: whoever is in it will not come back, unless it does so
/// at once, from another CPU.
pub fn flush_all() {
    for stream in all() {
        if let Some(mut state) = stream.state.lock_soon() {
            // At exit nobody is left to tell.
            let _ = state.flush();
        }
    }
}

/// What reading from the console does first: show what was asked.
fn flush_console() {
    if let Some(mut state) = STDOUT.try_lock()
        && state.is_writing()
    {
        let _ = state.flush();
    }
}
