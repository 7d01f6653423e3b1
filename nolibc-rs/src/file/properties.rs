//! What is known about files, and setting it; the working directory.

use super::abi::{self, PERMISSIONS, R_OK, Stat, W_OK, X_OK};
use super::path::Last;
use super::tree::{Kind, Node, NodeId, now};
use super::{Files, files};
use crate::errno::{Errno, Result};

/// An owner and a group; `u32::MAX` leaves one as it is.
#[derive(Clone, Copy)]
pub struct Owner {
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// Times in nanoseconds since 1970; `None` leaves one as it is.
#[derive(Clone, Copy)]
pub struct Times {
    /// Last read.
    pub accessed: Option<i64>,
    /// Last write.
    pub modified: Option<i64>,
}

impl Files {
    /// A file below `/tmp` for what changes its properties.
    fn change(&mut self, id: NodeId) -> Result<&mut Node> {
        let node = self.tree.node_mut(id)?;
        node.changed = now();
        Ok(node)
    }
}

/// What is known about a file; with `follow` a symbolic link means its target.
///
/// # Errors
/// Those of following a path.
pub fn status(at: i32, path: &[u8], follow: bool) -> Result<Stat> {
    let files = files();
    let last = if follow { Last::Follow } else { Last::Keep };
    let node = files.find(at, path, last)?;
    Ok(files.tree.status(node))
}

/// What is known about an open file.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn status_of(fd: i32) -> Result<Stat> {
    let files = files();
    Ok(files.tree.status(files.open(fd)?.node))
}

/// Whether the caller may do what `mode` says.
///
/// # Errors
/// `EINVAL`: no such `mode`. `EROFS`: a fixed directory is to be written.
/// `EACCES`: nobody may execute it. Those of following a path.
pub fn access(at: i32, path: &[u8], mode: i32, follow: bool) -> Result<()> {
    if mode & !(R_OK | W_OK | X_OK) != 0 {
        return Err(Errno::EINVAL);
    }
    let status = status(at, path, follow)?;
    let directory = status.st_mode & abi::S_IFMT == abi::S_IFDIR;
    if mode & W_OK != 0 && status.st_dev == 1 && directory {
        return Err(Errno::EROFS);
    }
    if mode & X_OK != 0 && !directory && status.st_mode & 0o111 == 0 {
        return Err(Errno::EACCES);
    }
    Ok(())
}

fn set_mode(files: &mut Files, node: NodeId, mode: u32) -> Result<()> {
    files.change(node)?.mode = mode & PERMISSIONS;
    Ok(())
}

/// Set permissions.
///
/// # Errors
/// `EROFS`: a fixed file. Those of following a path.
pub fn change_mode(at: i32, path: &[u8], mode: u32) -> Result<()> {
    let mut files = files();
    let node = files.find(at, path, Last::Follow)?;
    set_mode(&mut files, node, mode)
}

/// Set the permissions of an open file.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EROFS`: a fixed file.
pub fn change_mode_of(fd: i32, mode: u32) -> Result<()> {
    let mut files = files();
    let node = files.open(fd)?.node;
    set_mode(&mut files, node, mode)
}

fn set_owner(files: &mut Files, id: NodeId, owner: Owner) -> Result<()> {
    let node = files.change(id)?;
    if owner.uid != u32::MAX {
        node.uid = owner.uid;
    }
    if owner.gid != u32::MAX {
        node.gid = owner.gid;
    }
    Ok(())
}

/// Set owner and group; with `follow` a symbolic link means its target.
///
/// # Errors
/// `EROFS`: a fixed file. Those of following a path.
pub fn change_owner(at: i32, path: &[u8], owner: Owner, follow: bool) -> Result<()> {
    let mut files = files();
    let last = if follow { Last::Follow } else { Last::Keep };
    let node = files.find(at, path, last)?;
    set_owner(&mut files, node, owner)
}

/// Set the owner and group of an open file.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EROFS`: a fixed file.
pub fn change_owner_of(fd: i32, owner: Owner) -> Result<()> {
    let mut files = files();
    let node = files.open(fd)?.node;
    set_owner(&mut files, node, owner)
}

fn set_node_times(files: &mut Files, id: NodeId, times: Times) -> Result<()> {
    let node = files.change(id)?;
    node.accessed = times.accessed.unwrap_or(node.accessed);
    node.modified = times.modified.unwrap_or(node.modified);
    Ok(())
}

/// Set the times of a file; with `follow` a symbolic link means its target.
///
/// # Errors
/// `EROFS`: a fixed file. Those of following a path.
pub fn set_times(at: i32, path: &[u8], times: Times, follow: bool) -> Result<()> {
    let mut files = files();
    let last = if follow { Last::Follow } else { Last::Keep };
    let node = files.find(at, path, last)?;
    set_node_times(&mut files, node, times)
}

/// Set the times of an open file.
///
/// # Errors
/// `EBADF`: `fd` is not open. `EROFS`: a fixed file.
pub fn set_times_of(fd: i32, times: Times) -> Result<()> {
    let mut files = files();
    let node = files.open(fd)?.node;
    set_node_times(&mut files, node, times)
}

fn resize_node(files: &mut Files, id: NodeId, len: u64) -> Result<()> {
    if files.tree.is_directory(id) {
        return Err(Errno::EISDIR);
    }
    let node = files.tree.node_mut(id).map_err(|_| Errno::EINVAL)?;
    let Kind::File(content) = &mut node.kind else {
        return Err(Errno::EINVAL);
    };
    content.resize(len)?;
    node.touch();
    Ok(())
}

/// Cut or extend a file to `len` bytes.
///
/// # Errors
/// `EINVAL`: `len` is negative, or not a regular file. `EISDIR`: a directory.
/// `ENOSPC`: memory is full. Those of following a path.
pub fn resize(path: &[u8], len: i64) -> Result<()> {
    let len = u64::try_from(len).map_err(|_| Errno::EINVAL)?;
    let mut files = files();
    let node = files.find(abi::AT_FDCWD, path, Last::Follow)?;
    resize_node(&mut files, node, len)
}

/// Cut or extend an open file to `len` bytes.
///
/// # Errors
/// As [`resize`]; `EBADF`: `fd` is not open; `EINVAL`: not for writing.
pub fn resize_of(fd: i32, len: i64) -> Result<()> {
    let len = u64::try_from(len).map_err(|_| Errno::EINVAL)?;
    let mut files = files();
    let open = files.open(fd)?;
    if !open.writes() {
        return Err(Errno::EINVAL);
    }
    let node = open.node;
    resize_node(&mut files, node, len)
}

fn go(files: &mut Files, node: NodeId) -> Result<()> {
    if !files.tree.is_directory(node) {
        return Err(Errno::ENOTDIR);
    }
    files.tree.hold(node);
    let left = core::mem::replace(&mut files.working_directory, node);
    files.tree.release(left);
    Ok(())
}

/// Change the working directory.
///
/// # Errors
/// `ENOTDIR`: not a directory. Those of following a path.
pub fn change_directory(path: &[u8]) -> Result<()> {
    let mut files = files();
    let node = files.find(abi::AT_FDCWD, path, Last::Follow)?;
    go(&mut files, node)
}

/// Change the working directory to an open one.
///
/// # Errors
/// `EBADF`: `fd` is not open. `ENOTDIR`: not a directory.
pub fn change_directory_to(fd: i32) -> Result<()> {
    let mut files = files();
    let node = files.open(fd)?.node;
    go(&mut files, node)
}

/// Write the path of the working directory at the end of `buffer` and answer
/// where it starts.
///
/// # Errors
/// `ENOENT`: it was removed. `ERANGE`: `buffer` is too small.
pub fn working_directory(buffer: &mut [u8]) -> Result<usize> {
    let files = files();
    files.tree.absolute(files.working_directory, buffer)
}

/// Write the absolute path of what `path` leads to, free of symbolic links, ".",
/// and "..", at the end of `buffer`, and answer where it starts.
///
/// # Errors
/// Those of following a path. `ENAMETOOLONG`: `buffer` is too small.
pub fn real_path(path: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let files = files();
    let place = files.walk(abi::AT_FDCWD, path, Last::Follow)?;
    let node = place.existing()?;
    let too_long = |error| {
        if error == Errno::ERANGE {
            Errno::ENAMETOOLONG
        } else {
            error
        }
    };
    if files.tree.is_directory(node) {
        return files.tree.absolute(node, buffer).map_err(too_long);
    }
    let start = buffer.len().checked_sub(place.name.len());
    let start = start.ok_or(Errno::ENAMETOOLONG)?;
    let (above, name) = buffer.split_at_mut(start);
    name.copy_from_slice(place.name);
    if place.directory == NodeId::ROOT {
        let slash = above.last_mut().ok_or(Errno::ENAMETOOLONG)?;
        *slash = b'/';
        return Ok(start - 1);
    }
    let (slash, above) = above.split_last_mut().ok_or(Errno::ENAMETOOLONG)?;
    *slash = b'/';
    files
        .tree
        .absolute(place.directory, above)
        .map_err(too_long)
}

/// Set the mask of permissions that new files do not get, and answer the old one.
pub fn set_umask(mask: u32) -> u32 {
    core::mem::replace(&mut files().umask, mask & 0o777)
}
