//! From a path to a file (POSIX.1-2024 4.16, pathname resolution).

use super::abi::{PATH_MAX, SYMLOOP_MAX};
use super::tree::{NodeId, Tree};
use crate::errno::{Errno, Result};

/// Where a path leads.
pub struct Place<'a> {
    /// The directory in which the last name is.
    pub directory: NodeId,
    /// The last name, empty for the root; may be "." or "..".
    pub name: &'a [u8],
    /// The file, if there is one.
    pub node: Option<NodeId>,
    /// Whether slashes follow the last name, so that it means a directory.
    pub slash: bool,
    /// Whether they follow what is something else.
    pub no_directory: bool,
}

impl Place<'_> {
    /// The file.
    ///
    /// # Errors
    /// `ENOENT`: there is none. `ENOTDIR`: slashes follow what is no directory.
    pub fn existing(&self) -> Result<NodeId> {
        if self.no_directory {
            return Err(Errno::ENOTDIR);
        }
        self.node.ok_or(Errno::ENOENT)
    }

    /// Whether the last name can be given and taken away.
    pub fn is_named(&self) -> bool {
        !matches!(self.name, b"" | b"." | b"..")
    }
}

/// Whether to follow a symbolic link in the last name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// Go on at its target.
    Follow,
    /// The link itself is meant.
    Keep,
}

/// Split off the first name; both parts may be empty.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let start = path.iter().position(|byte| *byte != b'/');
    let path = path.get(start.unwrap_or(path.len())..).unwrap_or_default();
    let end = path.iter().position(|byte| *byte == b'/');
    path.split_at_checked(end.unwrap_or(path.len()))
        .unwrap_or((path, b""))
}

impl Tree {
    /// Follow `path` from the directory `from`.
    ///
    /// # Errors
    /// `ENOENT`: a directory on the way does not exist, or the path is empty.
    /// `ENOTDIR`: something on the way is no directory.
    /// `ENAMETOOLONG`, `ELOOP`: too long, too many symbolic links.
    pub fn walk<'a>(&'a self, from: NodeId, path: &'a [u8], last: Last) -> Result<Place<'a>> {
        if path.len() >= PATH_MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        let mut links_left = SYMLOOP_MAX;
        self.walk_on(from, path, last, &mut links_left)
    }

    /// The depth of the recursion is the number of links, so it is bounded.
    fn walk_on<'a>(
        &'a self,
        from: NodeId,
        path: &'a [u8],
        follow: Last,
        links_left: &mut u32,
    ) -> Result<Place<'a>> {
        let start = match path.first() {
            None => return Err(Errno::ENOENT),
            Some(b'/') => NodeId::ROOT,
            Some(_) => from,
        };
        let mut place = Place {
            directory: start,
            name: b"",
            node: Some(start),
            slash: false,
            no_directory: false,
        };
        let mut rest = path;
        loop {
            let (name, tail) = split(rest);
            if name.is_empty() {
                return Ok(place);
            }
            rest = tail;
            let directory = place.existing()?;
            let node = self.lookup(directory, name)?;
            let last = split(tail).0.is_empty();
            let slash = last && !tail.is_empty();
            place = Place {
                directory,
                name,
                node,
                slash,
                no_directory: false,
            };
            let Some(node) = node else { continue };
            if let Some(target) = self.link_target(node) {
                if last && !slash && follow == Last::Keep {
                    return Ok(place);
                }
                *links_left = links_left.checked_sub(1).ok_or(Errno::ELOOP)?;
                place = self.walk_on(directory, target, Last::Follow, links_left)?;
                place.slash |= slash;
            }
            let is_file = place.node.is_some_and(|node| !self.is_directory(node));
            place.no_directory |= place.slash && is_file;
        }
    }

    /// Write the absolute path of a directory at the end of `buffer`, and answer
    /// where it starts.
    ///
    /// # Errors
    /// `ENOENT`: it was removed. `ERANGE`: `buffer` is too small.
    pub fn absolute(&self, directory: NodeId, buffer: &mut [u8]) -> Result<usize> {
        let mut start = buffer.len();
        let mut prepend = |bytes: &[u8]| {
            start = start.checked_sub(bytes.len()).ok_or(Errno::ERANGE)?;
            let room = buffer.get_mut(start..start + bytes.len());
            room.ok_or(Errno::ERANGE)?.copy_from_slice(bytes);
            Ok(start)
        };
        if directory == NodeId::ROOT {
            return prepend(b"/");
        }
        let mut at = directory;
        while at != NodeId::ROOT {
            prepend(self.name_of(at).ok_or(Errno::ENOENT)?)?;
            prepend(b"/")?;
            at = self.parent(at)?;
        }
        prepend(b"")
    }

    /// Whether `directory` is `other` or lies above it.
    pub fn is_above(&self, directory: NodeId, other: NodeId) -> bool {
        let mut at = other;
        while at != directory {
            match self.parent(at) {
                Ok(parent) if parent != at => at = parent,
                _ => return false,
            }
        }
        true
    }
}
