//! Xenstore's protocol, the client's side: requests and answers over two rings.
//!
//! One request at a time. Whatever the daemon, or what pretends to be it, answers:
//! lengths are bounded, an answer to something else or an index out of bounds ends the connection for good, and
//! a wait ends when the transport says so.
//!
//! Source: Xen 4.17, `xen/include/public/io/xs_wire.h` and docs/misc/xenstore.txt.

use solo5_sys::machine::Errno;

use crate::abi::{STORE_PAYLOAD, StoreMessage};
use crate::ring::Ring;

/// Kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// The names below a path.
    Directory = 1,
    /// The value at a path.
    Read = 2,
    /// Have events of a path come.
    Watch = 4,
    /// Have them come no more.
    Unwatch = 5,
    /// Begin a transaction.
    TransactionStart = 6,
    /// End one.
    TransactionEnd = 7,
    /// Set the value at a path.
    Write = 11,
    /// Make a path, without a value.
    Make = 12,
    /// Remove a path and what is below.
    Remove = 13,
    /// Something at a watched path changed.
    WatchEvent = 15,
    /// An error's name, in answer to anything.
    Error = 16,
}

/// How the rings are reached.
pub trait Transport {
    /// Where requests go.
    fn requests(&self) -> Ring<'_>;
    /// Where answers come from.
    fn answers(&self) -> Ring<'_>;
    /// Tell the daemon that an index has moved.
    fn notify(&self);
    /// Wait until an index may have moved; false: long enough.
    fn wait(&self) -> bool;
}

/// A connection.
pub struct Client<T> {
    transport: T,
    next: u32,
    broken: bool,
    /// By watch: whether an event came.
    events: u64,
    /// By watch: whether there ever was one.
    watched: u64,
}

/// The most watches: their tokens are numbers below this.
pub const WATCHES: u32 = 64;

const HEADER: usize = size_of::<StoreMessage>();

impl<T: Transport> Client<T> {
    /// A connection over `transport`.
    pub const fn new(transport: T) -> Self {
        Self {
            transport,
            next: 1,
            broken: false,
            events: 0,
            watched: 0,
        }
    }

    fn fail<R>(&mut self) -> Result<R, Errno> {
        self.broken = true;
        Err(Errno::EIO)
    }

    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Errno> {
        while !bytes.is_empty() {
            if !self.transport.requests().is_sound() {
                return self.fail();
            }
            let count = self.transport.requests().put(bytes);
            bytes = bytes.get(count..).unwrap_or_default();
            if count == 0 && !self.transport.wait() {
                return self.fail();
            }
            self.transport.notify();
        }
        Ok(())
    }

    fn receive(&mut self, mut buffer: &mut [u8]) -> Result<(), Errno> {
        while !buffer.is_empty() {
            if !self.transport.answers().is_sound() {
                return self.fail();
            }
            let count = self.transport.answers().take(buffer);
            if count == 0 {
                if !self.transport.wait() {
                    return self.fail();
                }
                continue;
            }
            self.transport.notify();
            buffer = buffer.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Receive `len` bytes, of which `buffer` keeps the first.
    fn receive_into(&mut self, len: usize, buffer: &mut [u8]) -> Result<(), Errno> {
        let kept = len.min(buffer.len());
        self.receive(buffer.get_mut(..kept).unwrap_or_default())?;
        let mut left = len - kept;
        let mut rest = [0; 64];
        while left > 0 {
            let count = left.min(rest.len());
            self.receive(rest.get_mut(..count).unwrap_or_default())?;
            left -= count;
        }
        Ok(())
    }

    /// Send a request whose payload is `parts` in a row, and receive the answer's
    /// payload, of which `answer` keeps as much as it can; answers how long it is.
    ///
    /// # Errors
    /// The daemon's own; [`Errno::EINVAL`]: the payload is too long; [`Errno::EIO`]:
    /// nothing came, or nonsense, now or earlier.
    pub fn request(
        &mut self,
        kind: Kind,
        transaction: u32,
        parts: &[&[u8]],
        answer: &mut [u8],
    ) -> Result<usize, Errno> {
        if self.broken {
            return Err(Errno::EIO);
        }
        let len: usize = parts.iter().map(|part| part.len()).sum();
        if len > STORE_PAYLOAD {
            return Err(Errno::EINVAL);
        }
        let request = StoreMessage {
            kind: kind as u32,
            request: self.next,
            transaction,
            len: len as u32,
        };
        self.next = self.next.wrapping_add(1);
        self.send(&request.bytes())?;
        for part in parts {
            self.send(part)?;
        }
        loop {
            let mut header = [0; HEADER];
            self.receive(&mut header)?;
            let header = StoreMessage::from_bytes(header);
            let len = header.len as usize;
            if len > STORE_PAYLOAD {
                return self.fail();
            }
            if header.kind == Kind::WatchEvent as u32 {
                self.take_event(len)?;
            } else if header.request != request.request {
                return self.fail();
            } else if header.kind == Kind::Error as u32 {
                let mut name = [0; 16];
                self.receive_into(len, &mut name)?;
                return Err(error(name.get(..len.min(16)).unwrap_or_default()));
            } else if header.kind == kind as u32 {
                self.receive_into(len, answer)?;
                return Ok(len);
            } else {
                return self.fail();
            }
        }
    }

    /// An event: the path, and the token of the watch, both terminated.
    fn take_event(&mut self, len: usize) -> Result<(), Errno> {
        let mut payload = [0; STORE_PAYLOAD];
        let payload = payload.get_mut(..len).unwrap_or_default();
        self.receive(payload)?;
        let mut strings = payload.split(|&byte| byte == 0);
        let token = strings.nth(1).and_then(number);
        if let Some(token) = token.filter(|&token| token < WATCHES.into()) {
            self.events |= 1 << token;
        }
        Ok(())
    }

    /// The value at `path`, of which `buffer` keeps as much as it can.
    ///
    /// # Errors
    /// As [`request`](Self::request), and [`Errno::EINVAL`]: `buffer` is too short.
    pub fn read<'a>(&mut self, path: &[u8], buffer: &'a mut [u8]) -> Result<&'a [u8], Errno> {
        let len = self.request(Kind::Read, 0, &[path, b"\0"], buffer)?;
        let value: &'a [u8] = buffer;
        value.get(..len).ok_or(Errno::EINVAL)
    }

    /// The number at `path`, decimal.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`Errno::EINVAL`]: it is no number.
    pub fn read_number(&mut self, path: &[u8]) -> Result<u64, Errno> {
        let mut buffer = [0; 20];
        number(self.read(path, &mut buffer)?).ok_or(Errno::EINVAL)
    }

    /// Set the value at `path`.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn write(&mut self, path: &[u8], value: &[u8]) -> Result<(), Errno> {
        self.request(Kind::Write, 0, &[path, b"\0", value], &mut [])?;
        Ok(())
    }

    /// Have events of `path`, and of what is below, come as those of `watch`. One
    /// comes at once.
    ///
    /// # Errors
    /// As [`request`](Self::request), and [`Errno::EINVAL`]: there is no such watch.
    pub fn watch(&mut self, path: &[u8], watch: u32) -> Result<(), Errno> {
        self.set_watch(Kind::Watch, path, watch)
    }

    /// Have events of `path` come no more as those of `watch`.
    ///
    /// # Errors
    /// As [`watch`](Self::watch), and [`Errno::ENOENT`]: they did not.
    pub fn unwatch(&mut self, path: &[u8], watch: u32) -> Result<(), Errno> {
        self.set_watch(Kind::Unwatch, path, watch)
    }

    fn set_watch(&mut self, kind: Kind, path: &[u8], watch: u32) -> Result<(), Errno> {
        if watch >= WATCHES {
            return Err(Errno::EINVAL);
        }
        self.watched |= 1 << watch;
        let mut digits = [0; 20];
        let token = solo5_sys::log::format(watch.into(), 10, &mut digits);
        self.request(kind, 0, &[path, b"\0", token, b"\0"], &mut [])?;
        Ok(())
    }

    /// Whether an event of `watch` came since this was asked; receives what there
    /// is.
    ///
    /// # Errors
    /// [`Errno::EIO`] as of [`request`](Self::request).
    pub fn changed(&mut self, watch: u32) -> Result<bool, Errno> {
        while !self.broken && !self.transport.answers().is_empty() {
            let mut header = [0; HEADER];
            self.receive(&mut header)?;
            let header = StoreMessage::from_bytes(header);
            // Nothing was asked, so nothing else can be answered.
            if header.kind != Kind::WatchEvent as u32 || header.len as usize > STORE_PAYLOAD {
                return self.fail();
            }
            self.take_event(header.len as usize)?;
        }
        let bit = 1 << (watch % WATCHES);
        let came = self.events & bit != 0;
        self.events &= !bit;
        Ok(came)
    }
}

impl<T: Transport> Client<T> {
    /// Whether an event came that nobody took.
    pub fn has_news(&self) -> bool {
        self.events != 0
    }

    /// As if an event of `watch` had come.
    pub fn note(&mut self, watch: u32) {
        self.events |= 1 << (watch % WATCHES);
    }

    /// As if an event of every watch had come.
    pub fn note_all(&mut self) {
        self.events = self.watched;
    }

    /// Wait for an event of `watch`.
    ///
    /// # Errors
    /// As [`changed`](Self::changed); [`Errno::EAGAIN`]: none came in time.
    pub fn await_change(&mut self, watch: u32) -> Result<(), Errno> {
        while !self.changed(watch)? {
            if self.broken {
                return Err(Errno::EIO);
            }
            if !self.transport.wait() {
                return Err(Errno::EAGAIN);
            }
        }
        Ok(())
    }
}

/// A decimal number without anything around it.
pub fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

/// The error that the daemon names.
fn error(name: &[u8]) -> Errno {
    const NAMES: [(&[u8], Errno); 8] = [
        (b"EINVAL", Errno::EINVAL),
        (b"EACCES", Errno(13)),
        (b"EEXIST", Errno::EEXIST),
        (b"ENOENT", Errno::ENOENT),
        (b"ENOMEM", Errno::ENOMEM),
        (b"EAGAIN", Errno::EAGAIN),
        (b"E2BIG", Errno(7)),
        (b"EPERM", Errno(1)),
    ];
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    let known = NAMES.iter().find(|(known, _)| *known == name);
    known.map_or(Errno::EIO, |(_, errno)| *errno)
}

#[cfg(test)]
mod tests;
