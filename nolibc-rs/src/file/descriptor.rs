//! What can be asked of and done to a descriptor, reading and writing apart.

use core::ops::Range;
use core::ptr::NonNull;

use super::abi::{
    O_APPEND, O_CLOEXEC, O_NONBLOCK, O_WRONLY, OPEN_MAX, SEEK_CUR, SEEK_END, SEEK_SET,
};
use super::tree::{Device, Kind};
use super::{Descriptor, Files, changed, console, files, table, wait};
use crate::errno::{Errno, Result};
use crate::thread::cancel;

impl Files {
    /// Make `fd` free.
    pub(super) fn close(&mut self, fd: i32) -> Result<()> {
        let number = self.number(fd)?;
        self.descriptors
            .replace(fd as usize, <Descriptor as table::Entry>::FREE);
        if let Some(open) = self.opens.get_mut(number) {
            open.descriptors -= 1;
            if open.descriptors == 0 {
                let node = open.node;
                self.tree.release(node);
            }
        }
        Ok(())
    }
}

/// Close a descriptor. A cancellation point.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn close(fd: i32) -> Result<()> {
    cancel::test();
    files().close(fd)?;
    changed();
    Ok(())
}

/// Whether `fd` is open.
pub fn is_open(fd: i32) -> bool {
    check(fd).is_ok()
}

/// Fail if `fd` is not open.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn check(fd: i32) -> Result<()> {
    files().open(fd).map(drop)
}

/// Whether `fd` is the console.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn is_console(fd: i32) -> Result<bool> {
    let files = files();
    Ok(files.tree.device(files.open(fd)?.node) == Some(Device::Console))
}

/// The lowest free descriptor from `from` on becomes a copy of `fd`.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EINVAL`: no descriptor is as high as `from`.
/// `EMFILE`: all are taken.
pub fn dup(fd: i32, from: i32, close_on_exec: bool) -> Result<i32> {
    let mut files = files();
    let open = files.number(fd)?;
    let from = usize::try_from(from).map_err(|_| Errno::EINVAL)?;
    if from >= OPEN_MAX {
        return Err(Errno::EINVAL);
    }
    let new = files.descriptors.vacancy(from, OPEN_MAX)?;
    files.open_mut(fd)?.descriptors += 1;
    files.refer(new, open, close_on_exec);
    Ok(new as i32)
}

/// `new` becomes a copy of `fd`; what it was is closed.
///
/// # Errors
/// `EBADF`: `fd` is not open, or no descriptor is as high as `new`.
pub fn dup_to(fd: i32, new: i32, close_on_exec: bool) -> Result<i32> {
    let mut files = files();
    let open = files.number(fd)?;
    let number = usize::try_from(new).ok().filter(|new| *new < OPEN_MAX);
    let number = number.ok_or(Errno::EBADF)?;
    if new == fd {
        return Ok(new);
    }
    if files.close(new).is_err() {
        // It was free, so it is the first vacancy from there on.
        files.descriptors.vacancy(number, OPEN_MAX)?;
    }
    files.open_mut(fd)?.descriptors += 1;
    files.refer(number, open, close_on_exec);
    drop(files);
    changed();
    Ok(new)
}

/// A pipe: its reading and its writing end.
///
/// # Errors
/// `EMFILE`: too few descriptors are free. `ENFILE`: no memory.
pub fn pipe(flags: i32) -> Result<(i32, i32)> {
    if flags & !(O_CLOEXEC | O_NONBLOCK) != 0 {
        return Err(Errno::EINVAL);
    }
    let mut files = files();
    let pipe = files
        .tree
        .create(Kind::Pipe(super::pipe::Pipe::new()), 0o600);
    let pipe = pipe.map_err(|_| Errno::ENFILE)?;
    let read = files.open_node(pipe, flags);
    let write = files.open_node(pipe, flags | O_WRONLY);
    match (read, write) {
        (Ok(read), Ok(write)) => Ok((read, write)),
        (Ok(read), Err(error)) => {
            files.close(read)?;
            Err(error)
        }
        (Err(error), _) => {
            files.tree.free_if_unused(pipe);
            Err(error)
        }
    }
}

/// The flag `FD_CLOEXEC`.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn close_on_exec(fd: i32) -> Result<bool> {
    let fd = usize::try_from(fd).map_err(|_| Errno::EBADF)?;
    let files = files();
    let descriptor = files.descriptors.get(fd).ok_or(Errno::EBADF)?;
    Ok(descriptor.close_on_exec)
}

/// Set the flag `FD_CLOEXEC`.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn set_close_on_exec(fd: i32, on: bool) -> Result<()> {
    let fd = usize::try_from(fd).map_err(|_| Errno::EBADF)?;
    let mut files = files();
    let descriptor = files.descriptors.get_mut(fd).ok_or(Errno::EBADF)?;
    descriptor.close_on_exec = on;
    Ok(())
}

/// Access mode and status flags, as `F_GETFL`.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn status_flags(fd: i32) -> Result<i32> {
    Ok(files().open(fd)?.flags)
}

/// Set `O_APPEND` and `O_NONBLOCK`, as `F_SETFL`; other bits stay as they are.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn set_status_flags(fd: i32, flags: i32) -> Result<()> {
    let mut files = files();
    let open = files.open_mut(fd)?;
    let settable = O_APPEND | O_NONBLOCK;
    open.flags = open.flags & !settable | flags & settable;
    Ok(())
}

/// Move the offset of a descriptor.
///
/// # Errors
/// `EBADF`: `fd` is not open. `ESPIPE`: the console or a pipe. `EINVAL`: bad
/// `whence`, or before the start. `EOVERFLOW`: not a number of 63 bits.
pub fn seek(fd: i32, offset: i64, whence: i32) -> Result<i64> {
    let mut files = files();
    let open = files.open(fd)?;
    let end = match (files.tree.device(open.node), files.tree.node(open.node)) {
        (Some(Device::Console), _) => return Err(Errno::ESPIPE),
        // The position in other devices means nothing.
        (Some(_), _) => return Ok(0),
        (_, Some(node)) => match &node.kind {
            Kind::Pipe(_) => return Err(Errno::ESPIPE),
            Kind::File(content) => content.len() as i64,
            _ => 0,
        },
        _ => 0,
    };
    let base = match whence {
        SEEK_SET => 0,
        SEEK_CUR => open.offset as i64,
        SEEK_END => end,
        _ => return Err(Errno::EINVAL),
    };
    let new = base.checked_add(offset).ok_or(Errno::EOVERFLOW)?;
    let open = files.open_mut(fd)?;
    open.offset = u64::try_from(new).map_err(|_| Errno::EINVAL)?;
    Ok(new)
}

/// How many bytes can be read without waiting, as `FIONREAD`.
///
/// # Errors
/// `EBADF`: `fd` is not open. `ENOTTY`: a directory or a device that has no end.
pub fn readable_bytes(fd: i32) -> Result<usize> {
    let files = files();
    let open = files.open(fd)?;
    match (files.tree.device(open.node), files.tree.node(open.node)) {
        (Some(Device::Console), _) => Ok(console::available().unwrap_or(0)),
        (_, Some(node)) => match &node.kind {
            Kind::Pipe(pipe) => Ok(pipe.len()),
            Kind::File(content) => Ok(content.len().saturating_sub(open.offset as usize)),
            _ => Err(Errno::ENOTTY),
        },
        _ => Err(Errno::ENOTTY),
    }
}

/// Nothing to do: files live in memory and the console does not buffer. A cancellation point.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EINVAL`: it is a device or a pipe.
pub fn sync(fd: i32) -> Result<()> {
    cancel::test();
    let files = files();
    let node = files.open(fd)?.node;
    let pipe = matches!(files.tree.node(node), Some(node) if matches!(node.kind, Kind::Pipe(_)));
    if pipe || files.tree.device(node).is_some() {
        return Err(Errno::EINVAL);
    }
    Ok(())
}

/// The name in the directory `fd` at its offset, which moves on: the name goes
/// to `buffer`; the answer is the file's number, type bits, the name's length
/// and the next offset.
///
/// # Errors
/// `EBADF`: `fd` is not open. `ENOTDIR`: it is not a directory.
pub fn directory_entry(fd: i32, buffer: &mut [u8]) -> Result<Option<(u64, u32, usize, u64)>> {
    let mut files = files();
    let open = files.open(fd)?;
    let Some(listed) = files.tree.list(open.node, open.offset)? else {
        return Ok(None);
    };
    let len = listed.name.len();
    let room = buffer.get_mut(..len).ok_or(Errno::EOVERFLOW)?;
    room.copy_from_slice(listed.name);
    let next = listed.next;
    let status = files.tree.status(listed.node);
    files.open_mut(fd)?.offset = next;
    Ok(Some((
        status.st_ino,
        status.st_mode & super::abi::S_IFMT,
        len,
        next,
    )))
}

/// The offset of a descriptor; in a directory, where the next name is.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn tell(fd: i32) -> Result<u64> {
    Ok(files().open(fd)?.offset)
}

/// `flock`: a lock that others may share.
pub const LOCK_SH: i32 = 1;
/// `flock`: a lock for one.
pub const LOCK_EX: i32 = 2;
/// `flock`: fail instead of waiting.
pub const LOCK_NB: i32 = 4;
/// `flock`: give up the lock.
pub const LOCK_UN: i32 = 8;

/// Lock the file behind `fd` against other open file descriptions, as `flock`.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EINVAL`: no such operation. `EWOULDBLOCK`: another
/// has it, and the caller does not wait. `EINTR`: a signal is to be delivered.
pub fn lock(fd: i32, operation: i32) -> Result<()> {
    let wanted = operation & !LOCK_NB;
    loop {
        let mut files = files();
        let node = files.open(fd)?.node;
        if !matches!(wanted, LOCK_SH | LOCK_EX | LOCK_UN) {
            return Err(Errno::EINVAL);
        }
        // What the caller has itself is no hindrance: it becomes what is wanted.
        let mine = core::mem::take(&mut files.open_mut(fd)?.lock);
        let conflict = files.opens.position(|open| {
            let held = i32::from(open.lock);
            open.node == node && (held == LOCK_EX || held == LOCK_SH && wanted == LOCK_EX)
        });
        files.open_mut(fd)?.lock = mine;
        if wanted == LOCK_UN || conflict.is_none() {
            files.open_mut(fd)?.lock = if wanted == LOCK_UN { 0 } else { wanted as u8 };
            break;
        }
        if operation & LOCK_NB != 0 {
            return Err(Errno::EWOULDBLOCK);
        }
        wait(files, None, "a file lock that nobody gives up (flock)")?;
    }
    changed();
    Ok(())
}

/// The address of `len` bytes of the file behind `fd` from `offset` on, shared
/// with everyone who reads and writes it. They stay there, whatever happens to
/// the file, until [`unmap`].
///
/// # Errors
/// `EBADF`: `fd` is not open. `EACCES`: it is not open for reading, or `writable`
/// and not open for writing. `ENODEV`: it is not a regular file. `EINVAL`:
/// `offset` is not at a page. `ENXIO`: beyond the file's last page.
pub fn map(fd: i32, offset: u64, len: usize, writable: bool) -> Result<NonNull<u8>> {
    let mut files = files();
    let open = files.open(fd)?;
    let allowed = open.reads() && (open.writes() || !writable);
    let node = open.node;
    let Ok(file) = files.tree.node_mut(node) else {
        return Err(Errno::ENODEV);
    };
    let Kind::File(content) = &mut file.kind else {
        return Err(Errno::ENODEV);
    };
    if !allowed {
        return Err(Errno::EACCES);
    }
    let was_mapped = content.is_mapped();
    let address = content.map(offset, len)?;
    if content.is_mapped() && !was_mapped {
        files.tree.hold(node);
    }
    Ok(address)
}

/// The first addresses in `within` at which [`map`] shows a file.
pub fn shown_in(within: &Range<usize>) -> Option<Range<usize>> {
    files().tree.shown_in(within).map(|(_, shown)| shown)
}

/// Take away what [`map`] shows in `gone`; the rest of it is left alone.
pub fn unmap(mut gone: Range<usize>) {
    let mut files = files();
    while let Some((id, shown)) = files.tree.shown_in(&gone) {
        gone.start = shown.end;
        if let Ok(node) = files.tree.node_mut(id)
            && let Kind::File(content) = &mut node.kind
        {
            content.unmap(&shown);
            if !content.is_mapped() {
                files.tree.release(id);
            }
        }
    }
}
