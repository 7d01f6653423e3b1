//! What is behind a stream, and the memory of its buffer.

use crate::buffer::{Buffer, Owned};
use crate::errno::{Errno, Result};
use crate::file;

/// Something other than a descriptor behind a stream.
pub trait Device: Send {
    /// As [`file::read`].
    ///
    /// # Errors
    /// Its own.
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize>;
    /// As [`file::write`].
    ///
    /// # Errors
    /// Its own.
    fn write(&mut self, bytes: &[u8]) -> Result<usize>;
    /// As [`file::seek`].
    ///
    /// # Errors
    /// Its own.
    fn seek(&mut self, offset: i64, whence: i32) -> Result<i64>;
    /// The stream is closed; the device is not used again.
    ///
    /// # Errors
    /// Its own.
    fn close(&mut self) -> Result<()>;
}

/// What is behind a stream.
pub enum Backing {
    /// Nothing any more.
    Closed,
    /// A file descriptor.
    Descriptor(i32),
    /// Something else.
    Device(Owned<dyn Device>),
}

impl Backing {
    pub(super) fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        match self {
            Self::Closed => Err(Errno::EBADF),
            Self::Descriptor(fd) => file::read(*fd, bytes),
            Self::Device(device) => device.read(bytes),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Closed => Err(Errno::EBADF),
            Self::Descriptor(fd) => file::write(*fd, bytes),
            Self::Device(device) => device.write(bytes),
        }
    }

    /// Write `bytes`; answers how many were, and what stopped it.
    pub(super) fn write_all(&mut self, bytes: &[u8]) -> Written {
        let mut done = 0;
        while let Some(left) = bytes.get(done..)
            && !left.is_empty()
        {
            match self.write(left) {
                Ok(0) => return (done, Err(Errno::EIO)),
                Ok(count) => done += count,
                Err(error) => return (done, Err(error)),
            }
        }
        (done, Ok(()))
    }

    pub(super) fn seek(&mut self, offset: i64, whence: i32) -> Result<i64> {
        match self {
            Self::Closed => Err(Errno::EBADF),
            Self::Descriptor(fd) => file::seek(*fd, offset, whence),
            Self::Device(device) => device.seek(offset, whence),
        }
    }

    pub(super) fn close(&mut self) -> Result<()> {
        match core::mem::replace(self, Self::Closed) {
            Self::Closed => Err(Errno::EBADF),
            Self::Descriptor(fd) => file::close(fd),
            Self::Device(mut device) => device.close(),
        }
    }
}

/// How many bytes were written, and what kept the others.
pub type Written = (usize, Result<()>);

/// The memory of a buffer.
pub enum Storage {
    /// None yet.
    None,
    /// Made here.
    Own(Buffer),
    /// The program's, by `setvbuf`.
    Lent(&'static mut [u8]),
}

impl Storage {
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        match self {
            Self::None => &mut [],
            Self::Own(buffer) => buffer,
            Self::Lent(bytes) => bytes,
        }
    }
}
