//! Pipes: bytes between two ends.

use super::abi::PIPE_BUF;
use crate::errno::{Errno, Result};
use crate::vector::Vector;

/// A pipe holds at most so many bytes.
const CAPACITY: usize = 65536;

/// The bytes written and not yet read.
pub struct Pipe {
    bytes: Vector<u8>,
    /// Bytes at the front that were read already.
    read: usize,
    /// How often it was opened for reading and for writing: who waits for the other end must see
    /// one that came and went.
    opened: [usize; 2],
}

impl Pipe {
    /// An empty pipe.
    pub const fn new() -> Self {
        Self {
            bytes: Vector::new(),
            read: 0,
            opened: [0; 2],
        }
    }

    /// How often it was opened for reading, or for writing.
    pub fn opened(&self, writing: bool) -> usize {
        self.opened[usize::from(writing)]
    }

    /// Count an opening.
    pub fn open(&mut self, reads: bool, writes: bool) {
        self.opened[0] += usize::from(reads);
        self.opened[1] += usize::from(writes);
    }

    /// How many bytes can be read.
    pub fn len(&self) -> usize {
        self.bytes.len() - self.read
    }

    /// How many bytes can be written.
    pub fn room(&self) -> usize {
        CAPACITY - self.len()
    }

    /// Take bytes out, as many as there are.
    pub fn read(&mut self, bytes: &mut [u8]) -> usize {
        let there = self.bytes.get(self.read..).unwrap_or_default();
        let count = bytes.len().min(there.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), there.get(..count)) {
            to.copy_from_slice(from);
        }
        self.read += count;
        if self.read >= self.bytes.len() / 2 {
            self.bytes.consume(self.read);
            self.read = 0;
        }
        count
    }

    /// Put in as many bytes as there is room for; up to `PIPE_BUF` bytes go in
    /// together or not at all.
    ///
    /// # Errors
    /// `EAGAIN`: no room now. `ENOMEM`: no memory.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let room = self.room();
        if room == 0 || (bytes.len() <= PIPE_BUF && bytes.len() > room) {
            return Err(Errno::EAGAIN);
        }
        let part = bytes.get(..room).unwrap_or(bytes);
        self.bytes.append(part)?;
        Ok(part.len())
    }
}
