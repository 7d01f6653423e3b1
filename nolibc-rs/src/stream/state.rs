//! What a stream holds, and what can be done with it.

use core::ops::Range;

use super::{BUFFER_LEN, Backing, Mode, Storage, Written, flush_console};
use crate::buffer::Buffer;
use crate::errno::{Errno, Result};
use crate::format::Sink;

/// When output leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Buffering {
    /// When the buffer is full.
    Full,
    /// With each line.
    Line,
    /// At once.
    None,
}

/// What the buffer is for at the moment.
#[derive(Clone, Copy)]
enum Phase {
    Idle,
    /// Bytes from `at` to `end` are still to be read.
    Reading {
        at: usize,
        end: usize,
    },
    /// The first `len` bytes are still to be written.
    Writing {
        len: usize,
    },
}

/// `SEEK_SET`
pub(super) const FROM_START: i32 = 0;
/// `SEEK_CUR`
pub(super) const FROM_HERE: i32 = 1;
const PUSHED: usize = 8;

/// A stream's state.
pub struct State {
    backing: Backing,
    mode: Mode,
    buffering: Buffering,
    storage: Storage,
    phase: Phase,
    /// Pushed back by `ungetc`, the last one first to be read.
    pushed: [u8; PUSHED],
    pushed_len: usize,
    end_of_file: bool,
    error: bool,
}

impl State {
    pub(super) const fn new(backing: Backing, mode: Mode, buffering: Buffering) -> Self {
        Self {
            backing,
            mode,
            buffering,
            storage: Storage::None,
            phase: Phase::Idle,
            pushed: [0; PUSHED],
            pushed_len: 0,
            end_of_file: false,
            error: false,
        }
    }

    /// Closed and not opened again.
    pub fn is_closed(&self) -> bool {
        matches!(self.backing, Backing::Closed)
    }

    /// Output waits in the buffer.
    pub fn is_writing(&self) -> bool {
        matches!(self.phase, Phase::Writing { .. })
    }

    /// The end-of-file indicator.
    pub fn end_of_file(&self) -> bool {
        self.end_of_file
    }

    /// The error indicator.
    pub fn error(&self) -> bool {
        self.error
    }

    /// `clearerr`
    pub fn clear_indicators(&mut self) {
        self.end_of_file = false;
        self.error = false;
    }

    /// The descriptor.
    ///
    /// # Errors
    /// `EBADF`: there is none.
    pub fn descriptor(&self) -> Result<i32> {
        match self.backing {
            Backing::Descriptor(fd) => Ok(fd),
            _ => Err(Errno::EBADF),
        }
    }

    /// `setvbuf`, before anything is read or written.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn set_buffering(&mut self, buffering: Buffering, storage: Storage) -> Result<()> {
        self.flush()?;
        self.phase = Phase::Idle;
        self.storage = storage;
        self.buffering = buffering;
        Ok(())
    }

    /// Something else behind the same stream.
    pub(super) fn reopen(&mut self, backing: Backing, mode: Mode) {
        *self = Self::new(backing, mode, self.buffering);
    }

    /// Close what is behind the stream.
    pub(super) fn shut(&mut self) -> Result<()> {
        self.phase = Phase::Idle;
        self.pushed_len = 0;
        self.storage = Storage::None;
        self.backing.close()
    }

    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        self.error |= result.is_err();
        result
    }

    /// Without room for a buffer the stream works without one.
    fn make_buffer(&mut self) {
        if matches!(self.storage, Storage::None) && self.buffering != Buffering::None {
            match Buffer::new(BUFFER_LEN) {
                Ok(buffer) => self.storage = Storage::Own(buffer),
                Err(_) => self.buffering = Buffering::None,
            }
        }
    }

    /// The next byte; `None` at the end.
    ///
    /// # Errors
    /// What reading answers; the error indicator is set.
    pub fn get(&mut self) -> Result<Option<u8>> {
        if let Some(left) = self.pushed_len.checked_sub(1) {
            self.pushed_len = left;
            return Ok(self.pushed.get(left).copied());
        }
        if let Phase::Reading { at, end } = self.phase
            && at < end
        {
            self.phase = Phase::Reading { at: at + 1, end };
            return Ok(self.storage.bytes().get(at).copied());
        }
        let mut one = [0];
        Ok((self.fill_buffer(&mut one)? != 0).then_some(one[0]))
    }

    /// With an empty buffer: read some bytes for the caller, at least one
    /// unless at the end, and fill the buffer on the way.
    fn fill_buffer(&mut self, bytes: &mut [u8]) -> Result<usize> {
        if !self.mode.readable {
            return self.note(Err(Errno::EBADF));
        }
        if self.is_writing() {
            self.flush()?;
        }
        if self.end_of_file || bytes.is_empty() {
            return Ok(0);
        }
        self.make_buffer();
        if self.buffering != Buffering::Full {
            flush_console();
        }
        let buffer = self.storage.bytes();
        if self.buffering == Buffering::None || bytes.len() >= buffer.len() {
            self.phase = Phase::Idle;
            let result = self.backing.read(bytes);
            let count = self.note(result)?;
            self.end_of_file = count == 0;
            return Ok(count);
        }
        let result = self.backing.read(buffer);
        let end = self.note(result)?;
        self.end_of_file = end == 0;
        self.phase = Phase::Reading { at: 0, end };
        Ok(self.take_buffered(bytes))
    }

    fn take_buffered(&mut self, bytes: &mut [u8]) -> usize {
        let Phase::Reading { at, end } = self.phase else {
            return 0;
        };
        let held = self.storage.bytes().get(at..end).unwrap_or_default();
        let count = held.len().min(bytes.len());
        for (place, byte) in bytes.iter_mut().zip(held) {
            *place = *byte;
        }
        self.phase = Phase::Reading {
            at: at + count,
            end,
        };
        count
    }

    /// Read until `bytes` are full or the end is reached; answers how many, and
    /// what stopped it.
    pub fn read(&mut self, bytes: &mut [u8]) -> (usize, Result<()>) {
        let mut done = 0;
        while let Some(left) = bytes.get_mut(done..)
            && !left.is_empty()
        {
            if self.pushed_len > 0 {
                if let (Ok(Some(byte)), Some(place)) = (self.get(), left.first_mut()) {
                    *place = byte;
                }
                done += 1;
                continue;
            }
            let buffered = self.take_buffered(left);
            if buffered > 0 {
                done += buffered;
                continue;
            }
            match self.fill_buffer(left) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) => return (done, Err(error)),
            }
        }
        (done, Ok(()))
    }

    /// The bytes that can be read without going to the file, at least one
    /// unless at the end; [`consume`](Self::consume) takes them.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn peek(&mut self) -> Result<&[u8]> {
        if let Some(last) = self.pushed_len.checked_sub(1) {
            return Ok(self.pushed.get(last..=last).unwrap_or_default());
        }
        if !matches!(self.phase, Phase::Reading { at, end } if at < end) {
            match self.get()? {
                None => return Ok(&[]),
                Some(byte) => {
                    // It goes back to where it came from, or else aside.
                    if let Phase::Reading { at, end } = self.phase
                        && at > 0
                    {
                        self.phase = Phase::Reading { at: at - 1, end };
                    } else {
                        self.unget(byte)?;
                        return self.peek();
                    }
                }
            }
        }
        let Phase::Reading { at, end } = self.phase else {
            return Ok(&[]);
        };
        Ok(self.storage.bytes().get(at..end).unwrap_or_default())
    }

    /// Take `count` of the bytes that `peek` showed.
    pub fn consume(&mut self, count: usize) {
        if self.pushed_len > 0 {
            self.pushed_len -= count.min(1);
        } else if let Phase::Reading { at, end } = self.phase {
            self.phase = Phase::Reading {
                at: end.min(at + count),
                end,
            };
        }
    }

    /// `ungetc`
    ///
    /// # Errors
    /// `ENOMEM`: as many as can be are pushed back already; `EBADF`: not an
    /// input stream.
    pub fn unget(&mut self, byte: u8) -> Result<()> {
        if !self.mode.readable {
            return Err(Errno::EBADF);
        }
        if self.is_writing() {
            self.flush()?;
        }
        let place = self.pushed.get_mut(self.pushed_len).ok_or(Errno::ENOMEM)?;
        *place = byte;
        self.pushed_len += 1;
        self.end_of_file = false;
        Ok(())
    }

    /// Write `bytes`; all of them, or an error.
    ///
    /// # Errors
    /// What writing answers; the error indicator is set.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_counted(bytes).1
    }

    /// Write `bytes`; answers how many are written or in the buffer, and what
    /// stopped it. The error indicator is set then.
    pub fn write_counted(&mut self, bytes: &[u8]) -> Written {
        let (done, result) = match self.begin_writing() {
            Ok(()) => self.write_buffered(bytes),
            Err(error) => (0, Err(error)),
        };
        (done, self.note(result))
    }

    fn begin_writing(&mut self) -> Result<()> {
        if !self.mode.writable || self.is_closed() {
            return Err(Errno::EBADF);
        }
        if !self.is_writing() {
            self.flush()?;
            self.make_buffer();
            self.phase = Phase::Writing { len: 0 };
        }
        Ok(())
    }

    fn write_buffered(&mut self, bytes: &[u8]) -> Written {
        match self.buffering {
            Buffering::None => self.backing.write_all(bytes),
            Buffering::Full => self.append(bytes),
            Buffering::Line => match last_line(bytes) {
                Some((lines, rest)) => self.write_lines(lines, rest),
                None => self.append(bytes),
            },
        }
    }

    fn write_lines(&mut self, lines: &[u8], rest: &[u8]) -> Written {
        if self.held() == 0 && rest.is_empty() {
            return self.write_at_once(lines);
        }
        let (mut done, mut result) = self.append(lines);
        if result.is_ok() {
            // What is in the buffer ends with bytes of these lines, or there is
            // nothing in it.
            let held = self.held();
            let drained;
            (drained, result) = self.drain();
            done -= done.min(held - drained - self.held());
        }
        if result.is_ok() {
            let (more, last) = self.append(rest);
            (done, result) = (done + more, last);
        }
        (done, result)
    }

    /// Write lines while the buffer is empty. What cannot be written is gone, unless it can be tried
    /// again.
    fn write_at_once(&mut self, lines: &[u8]) -> Written {
        let (done, result) = self.backing.write_all(lines);
        let kept = match result {
            Ok(()) => 0,
            Err(error) => self.keep(lines.get(done..).unwrap_or_default(), error),
        };
        (done + kept, result)
    }

    /// Keep what was not written, and may be later, if there is room; answers how much that is.
    #[cold]
    #[inline(never)]
    fn keep(&mut self, rest: &[u8], error: Errno) -> usize {
        if !matches!(error, Errno::EINTR | Errno::EAGAIN) {
            return 0;
        }
        let Some(place) = self.storage.bytes().get_mut(..rest.len()) else {
            return 0;
        };
        place.copy_from_slice(rest);
        self.phase = Phase::Writing { len: rest.len() };
        rest.len()
    }

    /// How much waits in the buffer.
    fn held(&self) -> usize {
        match self.phase {
            Phase::Writing { len } => len,
            _ => 0,
        }
    }

    fn append(&mut self, bytes: &[u8]) -> Written {
        let len = self.held();
        let end = len + bytes.len();
        if let Some(place) = self.storage.bytes().get_mut(len..end) {
            place.copy_from_slice(bytes);
            self.phase = Phase::Writing { len: end };
            return (bytes.len(), Ok(()));
        }
        if let (_, Err(error)) = self.drain() {
            return (0, Err(error));
        }
        if bytes.len() >= self.storage.bytes().len() {
            self.backing.write_all(bytes)
        } else {
            self.append(bytes)
        }
    }

    /// Write out the buffer. What cannot be written is gone, unless it can be tried again.
    fn drain(&mut self) -> Written {
        let Phase::Writing { len } = self.phase else {
            return (0, Ok(()));
        };
        self.phase = Phase::Writing { len: 0 };
        let bytes = self.storage.bytes().get(..len).unwrap_or_default();
        let (done, result) = self.backing.write_all(bytes);
        if result.is_err() {
            self.keep_rest(done..len, result);
        }
        (done, result)
    }

    /// What was not written, and may be later.
    #[cold]
    #[inline(never)]
    fn keep_rest(&mut self, rest: Range<usize>, result: Result<()>) {
        if matches!(result, Err(Errno::EINTR | Errno::EAGAIN)) {
            self.phase = Phase::Writing { len: rest.len() };
            self.storage.bytes().copy_within(rest, 0);
        }
    }

    /// `fflush`: write out output; give input that was read ahead back to the
    /// file where it can be positioned.
    ///
    /// # Errors
    /// What writing answers; the error indicator is set.
    pub fn flush(&mut self) -> Result<()> {
        match self.phase {
            Phase::Writing { .. } => {
                let (_, result) = self.drain();
                if matches!(self.phase, Phase::Writing { len: 0 }) {
                    self.phase = Phase::Idle;
                }
                self.note(result)
            }
            Phase::Reading { .. } => {
                let unread = self.unread();
                if unread == 0 || self.backing.seek(-unread, FROM_HERE).is_ok() {
                    self.phase = Phase::Idle;
                    self.pushed_len = 0;
                }
                Ok(())
            }
            Phase::Idle => Ok(()),
        }
    }

    /// How far the file is ahead of the program.
    fn unread(&self) -> i64 {
        let buffered = match self.phase {
            Phase::Reading { at, end } => end - at,
            _ => 0,
        };
        (buffered + self.pushed_len) as i64
    }

    /// `fseek`
    ///
    /// # Errors
    /// As [`file::seek`]; what writing out the buffer answers.
    pub fn seek(&mut self, offset: i64, whence: i32) -> Result<()> {
        if self.is_writing() {
            self.flush()?;
        }
        let ahead = if whence == FROM_HERE {
            self.unread()
        } else {
            0
        };
        let offset = offset.checked_sub(ahead).ok_or(Errno::EOVERFLOW)?;
        self.backing.seek(offset, whence)?;
        self.phase = Phase::Idle;
        self.pushed_len = 0;
        self.end_of_file = false;
        Ok(())
    }

    /// `rewind`
    ///
    /// # Errors
    /// As [`seek`](Self::seek).
    pub fn rewind(&mut self) -> Result<()> {
        let result = self.seek(0, FROM_START);
        self.error = false;
        result
    }

    /// `ftell`
    ///
    /// # Errors
    /// As [`file::seek`]; `EIO`: more was pushed back than was read.
    pub fn tell(&mut self) -> Result<i64> {
        if self.is_writing() {
            self.flush()?;
        }
        let place = self.backing.seek(0, FROM_HERE)? - self.unread();
        if place < 0 {
            return Err(Errno::EIO);
        }
        Ok(place)
    }
}

/// Whole lines, and what follows them.
fn last_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let newline = bytes.iter().rposition(|&byte| byte == b'\n')?;
    bytes.split_at_checked(newline + 1)
}

impl Sink for State {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Self::write(self, bytes)
    }
}
