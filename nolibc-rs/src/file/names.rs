//! Names: opening, making, linking, renaming and removing files.

use super::abi::{
    self, O_ACCMODE, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC,
    O_WRONLY, PATH_MAX, PERMISSIONS,
};
use super::content::Content;
use super::path::{Last, Place};
use super::pipe::Pipe;
use super::tree::{Device, Kind, NodeId};
use super::{Files, changed, files, wait_with};
use crate::entropy;
use crate::errno::{Errno, Result};
use crate::thread::cancel;
use crate::vector::Vector;

impl Files {
    /// The directory in which a relative `path` starts.
    fn start(&self, at: i32, path: &[u8]) -> Result<NodeId> {
        if at == abi::AT_FDCWD || path.first() == Some(&b'/') {
            return Ok(self.working_directory);
        }
        let node = self.open(at)?.node;
        if self.tree.is_directory(node) {
            Ok(node)
        } else {
            Err(Errno::ENOTDIR)
        }
    }

    pub(super) fn walk<'a>(&'a self, at: i32, path: &'a [u8], last: Last) -> Result<Place<'a>> {
        self.tree.walk(self.start(at, path)?, path, last)
    }

    #[inline(never)]
    pub(super) fn find(&self, at: i32, path: &[u8], last: Last) -> Result<NodeId> {
        self.walk(at, path, last)?.existing()
    }

    /// Make a file named `path`.
    fn make(&mut self, at: i32, path: &[u8], kind: Kind, mode: u32) -> Result<NodeId> {
        let directory = matches!(kind, Kind::Directory { .. });
        let place = self.walk(at, without_slashes(path), Last::Keep)?;
        if place.node.is_some() {
            return Err(Errno::EEXIST);
        }
        if path.ends_with(b"/") && !directory {
            return Err(Errno::ENOENT);
        }
        let (directory, name) = (place.directory, Name::new(place.name));
        self.make_at(directory, &name, kind, mode)
    }

    fn make_at(&mut self, above: NodeId, name: &Name, kind: Kind, mode: u32) -> Result<NodeId> {
        self.tree.node_mut(above)?;
        let name = Vector::copy_of(name.bytes()).map_err(|_| Errno::ENOSPC)?;
        let node = self.tree.create(kind, mode & PERMISSIONS & !self.umask)?;
        let attached = self.tree.attach(above, name, node);
        if attached.is_err() {
            self.tree.free_if_unused(node);
        }
        attached.map(|()| node)
    }

    fn open_path(&mut self, at: i32, path: &[u8], flags: i32, mode: u32) -> Result<i32> {
        // So that a full table is noticed before a file is made or cut.
        self.descriptors.vacancy(0, abi::OPEN_MAX)?;
        self.opens.vacancy(0, abi::OPEN_MAX)?;
        let create = flags & O_CREAT != 0;
        let exclusive = create && flags & O_EXCL != 0;
        let keep = exclusive || flags & O_NOFOLLOW != 0;
        let last = if keep { Last::Keep } else { Last::Follow };
        let place = self.walk(at, path, last)?;
        let node = match place.node {
            Some(_) if exclusive => return Err(Errno::EEXIST),
            Some(_) => place.existing()?,
            None if !create => return Err(Errno::ENOENT),
            None if place.slash => return Err(Errno::EISDIR),
            None => {
                let (above, name) = (place.directory, Name::new(place.name));
                let node = self.make_at(above, &name, Kind::File(Content::new()), mode)?;
                return self.open_node(node, flags);
            }
        };
        self.prepare(node, flags)?;
        self.open_node(node, flags)
    }

    /// Check that the existing `node` can be opened, and cut it if asked.
    fn prepare(&mut self, node: NodeId, flags: i32) -> Result<()> {
        let access = flags & O_ACCMODE;
        if self.tree.is_directory(node) {
            let refused = access != O_RDONLY || flags & (O_CREAT | O_TRUNC) != 0;
            return if refused { Err(Errno::EISDIR) } else { Ok(()) };
        }
        if flags & O_DIRECTORY != 0 {
            return Err(Errno::ENOTDIR);
        }
        if self.tree.device(node) == Some(Device::Random) {
            entropy::fill(&mut [0]).map_err(|_| Errno::ENXIO)?;
        }
        let Ok(file) = self.tree.node_mut(node) else {
            return Ok(());
        };
        match &mut file.kind {
            Kind::Link(_) => Err(Errno::ELOOP),
            Kind::File(content) if flags & O_TRUNC != 0 => {
                content.resize(0)?;
                file.touch();
                Ok(())
            }
            Kind::Pipe(_) if access == O_WRONLY && flags & O_NONBLOCK != 0 => {
                if self.has_reader(node) {
                    Ok(())
                } else {
                    Err(Errno::ENXIO)
                }
            }
            _ => Ok(()),
        }
    }

    /// For a FIFO that was opened as `fd` and waits for its other end: how often that was opened.
    fn misses(&self, fd: i32) -> Result<Option<usize>> {
        let open = self.open(fd)?;
        let kind = self.tree.node(open.node).map(|node| &node.kind);
        let Some(Kind::Pipe(pipe)) = kind else {
            return Ok(None);
        };
        let met = open.flags & O_NONBLOCK != 0
            || (open.reads() || self.has_reader(open.node))
                && (open.writes() || self.has_writer(open.node));
        Ok((!met).then_some(pipe.opened(open.reads())))
    }

    /// Take a name away.
    fn unlink(&mut self, at: i32, path: &[u8], directory: bool) -> Result<()> {
        // As in Linux, a link's name is its own even before a slash.
        let path = if directory {
            without_slashes(path)
        } else {
            path
        };
        let place = self.walk(at, path, Last::Keep)?;
        let node = place.existing()?;
        if !directory && self.tree.is_directory(node) {
            return Err(Errno::EISDIR);
        }
        if directory {
            let refusal = match place.name {
                b"" => Some(Errno::EBUSY),
                b"." => Some(Errno::EINVAL),
                b".." => Some(Errno::ENOTEMPTY),
                _ if !self.tree.is_directory(node) => Some(Errno::ENOTDIR),
                _ if self.tree.node(node).is_none() || node == NodeId::TMP => Some(Errno::EROFS),
                _ if !self.tree.is_empty(node) => Some(Errno::ENOTEMPTY),
                _ => None,
            };
            refusal.map_or(Ok(()), Err)?;
        }
        let above = place.directory;
        let name = Name::new(place.name);
        self.tree.detach(above, name.bytes())
    }

    /// Check a `rename`: the file, its directory, the new directory, and what the
    /// new name means so far. `None`: nothing to do. After `slash` only a directory
    /// will do.
    #[inline(never)]
    fn check_rename(
        &self,
        old: &Place<'_>,
        new: &Place<'_>,
        slash: bool,
    ) -> Result<Option<(NodeId, Option<NodeId>)>> {
        let node = old.existing()?;
        if !old.is_named() || !new.is_named() {
            return Err(Errno::EBUSY);
        }
        let directory = self.tree.is_directory(node);
        if slash && !directory {
            return Err(Errno::ENOTDIR);
        }
        if new.node == Some(node) {
            return Ok(None);
        }
        if self.tree.node(old.directory).is_none() || self.tree.node(new.directory).is_none() {
            return Err(Errno::EROFS);
        }
        if directory && self.tree.is_above(node, new.directory) {
            return Err(Errno::EINVAL);
        }
        if let Some(target) = new.node {
            match (directory, self.tree.is_directory(target)) {
                (true, false) => return Err(Errno::ENOTDIR),
                (false, true) => return Err(Errno::EISDIR),
                (true, true) if !self.tree.is_empty(target) => return Err(Errno::ENOTEMPTY),
                _ => {}
            }
        }
        Ok(Some((node, new.node)))
    }

    fn rename(&mut self, old: (i32, &[u8]), new: (i32, &[u8])) -> Result<()> {
        // As in Linux, names of links are the links' even before a slash.
        let slash = old.1.ends_with(b"/") || new.1.ends_with(b"/");
        let from = self.walk(old.0, without_slashes(old.1), Last::Keep)?;
        let to = self.walk(new.0, without_slashes(new.1), Last::Keep)?;
        let Some((node, target)) = self.check_rename(&from, &to, slash)? else {
            return Ok(());
        };
        let (above, name) = (from.directory, Name::new(from.name));
        let new_name = Vector::copy_of(to.name).map_err(|_| Errno::ENOSPC)?;
        let new_above = to.directory;
        self.tree.reserve_name(new_above)?;
        if target.is_some() {
            self.tree.detach(new_above, &new_name)?;
        }
        self.tree.hold(node);
        let moved = self.tree.detach(above, name.bytes());
        let moved = moved.and_then(|()| self.tree.attach(new_above, new_name, node));
        self.tree.release(node);
        moved
    }
}

/// `path` without the slashes at its end, for what makes or takes a name: a symbolic
/// link there is not followed even before a slash.
fn without_slashes(path: &[u8]) -> &[u8] {
    let last = path.iter().rposition(|byte| *byte != b'/');
    last.and_then(|last| path.get(..=last)).unwrap_or(path)
}

/// A copy of the last name of a path, free of the tree that it may lie in.
struct Name {
    bytes: [u8; abi::NAME_MAX],
    len: usize,
}

impl Name {
    /// `name` is at most `NAME_MAX` long: it was looked up.
    #[inline(never)]
    fn new(name: &[u8]) -> Self {
        let mut bytes = [0; abi::NAME_MAX];
        let len = name.len().min(abi::NAME_MAX);
        if let (Some(to), Some(from)) = (bytes.get_mut(..len), name.get(..len)) {
            to.copy_from_slice(from);
        }
        Self { bytes, len }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Open `path`.
///
/// # Errors
/// As [`open_at`].
pub fn open(path: &[u8], flags: i32, mode: u32) -> Result<i32> {
    open_at(abi::AT_FDCWD, path, flags, mode)
}

/// Open `path`, which starts at the directory `at` if it is relative.
///
/// # Errors
/// As POSIX `openat`: `EEXIST EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENOENT
/// ENOSPC ENOTDIR ENXIO EROFS`; `ENOMEM`: no memory for the descriptor.
pub fn open_at(at: i32, path: &[u8], flags: i32, mode: u32) -> Result<i32> {
    if flags & O_ACCMODE == O_ACCMODE || flags & O_CREAT != 0 && flags & O_DIRECTORY != 0 {
        return Err(Errno::EINVAL);
    }
    cancel::test();
    let mut files = files();
    let fd = files.open_path(at, path, flags, mode)?;
    let missed = files.misses(fd)?;
    drop(files);
    changed();
    if let Some(opened) = missed {
        let met = meet(fd, opened);
        if met.is_err() {
            // It is open, and nobody has been told so.
            let _ = super::files().close(fd);
            changed();
            cancel::test();
        }
        met?;
    }
    Ok(fd)
}

/// Wait until a FIFO has its other end, which was opened so often before.
#[cold]
fn meet(fd: i32, opened: usize) -> Result<()> {
    loop {
        let files = files();
        match files.misses(fd)? {
            Some(now) if now == opened => {}
            _ => return Ok(()),
        }
        wait_with(files, None, "the other end of a FIFO (open)")?;
    }
}

/// Make a directory.
///
/// # Errors
/// `EEXIST ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EROFS`.
pub fn make_directory(at: i32, path: &[u8], mode: u32) -> Result<()> {
    let kind = Kind::directory(NodeId::ROOT);
    files().make(at, path, kind, mode).map(drop)
}

/// Make a FIFO.
///
/// # Errors
/// As [`make_directory`].
pub fn make_fifo(at: i32, path: &[u8], mode: u32) -> Result<()> {
    let kind = Kind::Pipe(Pipe::new());
    files().make(at, path, kind, mode).map(drop)
}

/// Make a symbolic link to `target`.
///
/// # Errors
/// As [`make_directory`]; `ENOENT`: `target` is empty.
pub fn symlink(target: &[u8], at: i32, path: &[u8]) -> Result<()> {
    if target.is_empty() {
        return Err(Errno::ENOENT);
    }
    if target.len() >= PATH_MAX {
        return Err(Errno::ENAMETOOLONG);
    }
    let target = Vector::copy_of(target).map_err(|_| Errno::ENOSPC)?;
    let mut files = files();
    let node = files.make(at, path, Kind::Link(target), 0o777)?;
    files.tree.node_mut(node)?.mode = 0o777;
    Ok(())
}

/// Copy the target of a symbolic link to `buffer`, as much as fits.
///
/// # Errors
/// `EINVAL`: not a symbolic link. Those of following a path.
pub fn read_link(at: i32, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let files = files();
    let node = files.find(at, path, Last::Keep)?;
    let target = files.tree.link_target(node).ok_or(Errno::EINVAL)?;
    let len = target.len().min(buffer.len());
    if let (Some(to), Some(from)) = (buffer.get_mut(..len), target.get(..len)) {
        to.copy_from_slice(from);
    }
    Ok(len)
}

/// Give a file another name; with `follow` a symbolic link means its target.
///
/// # Errors
/// `EEXIST EROFS ENOSPC` and those of following a path; `EPERM`: a directory;
/// `EXDEV`: a file outside `/tmp`.
pub fn link(old: (i32, &[u8]), new: (i32, &[u8]), follow: bool) -> Result<()> {
    let mut files = files();
    let last = if follow { Last::Follow } else { Last::Keep };
    let node = files.find(old.0, old.1, last)?;
    let place = files.walk(new.0, without_slashes(new.1), Last::Keep)?;
    if place.node.is_some() {
        return Err(Errno::EEXIST);
    }
    if new.1.ends_with(b"/") {
        return Err(Errno::ENOENT);
    }
    if files.tree.is_directory(node) {
        return Err(Errno::EPERM);
    }
    let directory = place.directory;
    let name = Vector::copy_of(place.name).map_err(|_| Errno::ENOSPC)?;
    files.tree.node_mut(directory)?;
    files.tree.node_mut(node).map_err(|_| Errno::EXDEV)?;
    files.tree.attach(directory, name, node)
}

/// Take away a name that is not a directory's.
///
/// # Errors
/// `EISDIR EROFS` and those of following a path.
pub fn unlink(at: i32, path: &[u8]) -> Result<()> {
    files().unlink(at, path, false)
}

/// Remove an empty directory.
///
/// # Errors
/// `ENOTDIR ENOTEMPTY EROFS` and those of following a path; `EINVAL`: its name is
/// "."; `EBUSY`: the root.
pub fn remove_directory(at: i32, path: &[u8]) -> Result<()> {
    files().unlink(at, path, true)
}

/// Take away a name, whatever it is, as C's `remove`.
///
/// # Errors
/// As [`unlink`] and [`remove_directory`].
pub fn remove(path: &[u8]) -> Result<()> {
    match unlink(abi::AT_FDCWD, path) {
        Err(Errno::EISDIR) => remove_directory(abi::AT_FDCWD, path),
        answer => answer,
    }
}

/// Give a file another name; what had that name loses it.
///
/// # Errors
/// `EBUSY EINVAL EISDIR ENOSPC ENOTDIR ENOTEMPTY EROFS` and those of following a
/// path.
pub fn rename(old: (i32, &[u8]), new: (i32, &[u8])) -> Result<()> {
    files().rename(old, new)
}
