//! Reading and writing.

use super::abi::{O_APPEND, O_NONBLOCK};
use super::tree::{Device, Kind, NodeId};
use super::{Files, changed, console, files, wait};
use crate::entropy;
use crate::errno::{Errno, Result};
use crate::platform::{self, Mode};
use crate::thread::cancel;
use crate::thread::mutex::{self, Mutex};

impl Files {
    /// Whether some descriptor can read (or write) the pipe `node`.
    #[inline(never)]
    fn has_end(&self, node: NodeId, writing: bool) -> bool {
        let end = self.opens.position(|open| {
            open.node == node && if writing { open.writes() } else { open.reads() }
        });
        end.is_some()
    }

    /// Whether a reader of the pipe `node` can hope for more.
    pub(super) fn has_writer(&self, node: NodeId) -> bool {
        self.has_end(node, true)
    }

    /// Whether what goes into the pipe `node` can come out.
    pub(super) fn has_reader(&self, node: NodeId) -> bool {
        self.has_end(node, false)
    }

    fn read_node(&mut self, fd: i32, at: Option<u64>, bytes: &mut [u8]) -> Result<usize> {
        let open = self.open(fd)?;
        let (node, offset) = (open.node, at.unwrap_or(open.offset));
        let writer = self.has_writer(node);
        let Ok(file) = self.tree.node_mut(node) else {
            return Err(Errno::EISDIR);
        };
        let count = match &mut file.kind {
            Kind::File(content) => content.read(offset, bytes),
            Kind::Pipe(_) if at.is_some() => return Err(Errno::ESPIPE),
            Kind::Pipe(pipe) if pipe.len() == 0 && writer && !bytes.is_empty() => {
                return Err(Errno::EAGAIN);
            }
            Kind::Pipe(pipe) => pipe.read(bytes),
            _ => return Err(Errno::EISDIR),
        };
        if at.is_none() {
            self.open_mut(fd)?.offset += count as u64;
        }
        Ok(count)
    }

    fn write_node(&mut self, fd: i32, at: Option<u64>, bytes: &[u8]) -> Result<usize> {
        let open = self.open(fd)?;
        let append = open.flags & O_APPEND != 0;
        let (node, offset) = (open.node, at.unwrap_or(open.offset));
        let reader = self.has_reader(node);
        let file = self.tree.node_mut(node)?;
        let (start, count) = match &mut file.kind {
            Kind::File(content) => {
                let start = if append { content.len() as u64 } else { offset };
                (start, content.write(start, bytes)?)
            }
            Kind::Pipe(_) if at.is_some() => return Err(Errno::ESPIPE),
            Kind::Pipe(_) if !reader => return Err(Errno::EPIPE),
            Kind::Pipe(_) if bytes.is_empty() => (0, 0),
            Kind::Pipe(pipe) => (offset, pipe.write(bytes)?),
            _ => return Err(Errno::EISDIR),
        };
        if count != 0 {
            file.touch();
        }
        if at.is_none() {
            self.open_mut(fd)?.offset = start + count as u64;
        }
        Ok(count)
    }
}

fn read_device(device: Device, bytes: &mut [u8], wait: bool) -> Result<usize> {
    match device {
        Device::Console => return console::read(bytes, wait),
        Device::Null => return Ok(0),
        Device::Zero | Device::Full => bytes.fill(0),
        // It was there when the device was opened.
        Device::Random => entropy::fill(bytes).map_err(|_| Errno::EIO)?,
    }
    Ok(bytes.len())
}

/// Write all of `bytes` to the console: one thread after the other, however long it takes.
pub fn write_console(bytes: &[u8]) {
    static CONSOLE: Mutex = Mutex::new(mutex::Kind::Normal);
    // Where nobody takes the CPU from a thread, no other comes in between.
    let others = platform::mode() != Mode::Alone;
    if others {
        let _ = CONSOLE.lock(None);
    }
    platform::console_write(bytes);
    if others {
        let _ = CONSOLE.unlock();
    }
}

fn write_device(device: Device, bytes: &[u8]) -> Result<usize> {
    match device {
        Device::Console => write_console(bytes),
        Device::Full if !bytes.is_empty() => return Err(Errno::ENOSPC),
        _ => {}
    }
    Ok(bytes.len())
}

fn read_from(fd: i32, at: Option<u64>, bytes: &mut [u8]) -> Result<usize> {
    cancel::test();
    loop {
        let mut files = files();
        let open = files.open(fd)?;
        if !open.reads() {
            return Err(Errno::EBADF);
        }
        let waits = open.flags & O_NONBLOCK == 0;
        if let Some(device) = files.tree.device(open.node) {
            drop(files);
            return match device {
                Device::Console if at.is_some() => Err(Errno::ESPIPE),
                _ => read_device(device, bytes, waits),
            };
        }
        let answer = files.read_node(fd, at, bytes);
        if answer != Err(Errno::EAGAIN) || !waits {
            drop(files);
            changed();
            return answer;
        }
        wait(files, None, "bytes from a pipe that nobody fills (read)")?;
    }
}

/// Write; fewer bytes may be written, but to a pipe only where the caller does not wait or is
/// interrupted.
fn write_to(fd: i32, at: Option<u64>, bytes: &[u8]) -> Result<usize> {
    cancel::test();
    let mut done = 0;
    loop {
        let rest = bytes.get(done..).unwrap_or_default();
        let mut files = files();
        let open = match files.open(fd) {
            // Closed by another thread meanwhile: what is in the pipe is written.
            Err(_) if done > 0 => return Ok(done),
            open => open?,
        };
        if !open.writes() {
            return Err(Errno::EBADF);
        }
        let waits = open.flags & O_NONBLOCK == 0;
        if let Some(device) = files.tree.device(open.node) {
            drop(files);
            return match device {
                Device::Console if at.is_some() => Err(Errno::ESPIPE),
                _ => write_device(device, rest),
            };
        }
        let is_pipe = matches!(
            files.tree.node(open.node).map(|node| &node.kind),
            Some(Kind::Pipe(_))
        );
        let stop = match files.write_node(fd, at, rest) {
            Ok(count) => {
                done += count;
                changed();
                !is_pipe || !waits || done >= bytes.len()
            }
            Err(Errno::EAGAIN) if waits => false,
            Err(error) if done == 0 => return Err(error),
            Err(_) => true,
        };
        if stop {
            return Ok(done);
        }
        if done > 0 {
            // Bytes that are in are not to be forgotten by who is cancelled.
            let _streams = cancel::Hold::new();
            if wait(files, None, ROOM).is_err() {
                return Ok(done);
            }
        } else {
            wait(files, None, ROOM)?;
        }
    }
}

const ROOM: &str = "room in a pipe that nobody empties (write)";

/// Read into `bytes`; 0 is end of file.
///
/// # Errors
/// `EBADF`: `fd` is not open for reading. `EISDIR`: a directory. `EAGAIN`:
/// nothing there, and `O_NONBLOCK`. `EIO`: the machine's entropy failed. `EINTR`: a signal is
/// to be delivered.
pub fn read(fd: i32, bytes: &mut [u8]) -> Result<usize> {
    read_from(fd, None, bytes)
}

/// Read from `offset` and leave the descriptor's own where it is.
///
/// # Errors
/// As [`read`]; `ESPIPE`: the console or a pipe.
pub fn read_at(fd: i32, bytes: &mut [u8], offset: u64) -> Result<usize> {
    read_from(fd, Some(offset), bytes)
}

/// Write `bytes`, possibly fewer than all.
///
/// # Errors
/// `EBADF`: `fd` is not open for writing. `ENOSPC`: memory is full. `EFBIG`:
/// beyond the largest offset. `EPIPE`: nobody can read it. `EAGAIN`: the pipe is
/// full, and `O_NONBLOCK`. `EINTR`: a signal is to be delivered.
pub fn write(fd: i32, bytes: &[u8]) -> Result<usize> {
    write_to(fd, None, bytes)
}

/// Write at `offset` and leave the descriptor's own where it is.
///
/// # Errors
/// As [`write`]; `ESPIPE`: the console or a pipe.
pub fn write_at(fd: i32, bytes: &[u8], offset: u64) -> Result<usize> {
    write_to(fd, Some(offset), bytes)
}
