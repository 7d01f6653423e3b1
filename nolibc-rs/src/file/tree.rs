//! The tree of files: `/` and `/dev` are fixed, `/tmp` and all below it lives
//! in memory.

use core::ops::Range;

use super::abi::{NAME_MAX, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, Stat, Timespec};
use super::content::Content;
use super::pipe::Pipe;
use super::table::{self, Table};
use crate::errno::{Errno, Result};
use crate::platform;
use crate::vector::Vector;

/// The number of a file in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(u32);

impl NodeId {
    /// `/`.
    pub const ROOT: Self = Self(0);
    const DEV: Self = Self(1);
    /// The console, which descriptors 0, 1 and 2 are.
    pub const CONSOLE: Self = Self(2);
    /// `/tmp`, the first that is not fixed.
    pub const TMP: Self = Self(FIXED.len() as u32);
}

/// What a device does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// The machine's console.
    Console,
    /// Swallows everything, gives nothing.
    Null,
    /// Gives zeroes.
    Zero,
    /// Gives zeroes; has no space left.
    Full,
    /// Gives random bytes.
    Random,
}

/// A file that is always there and never changes.
enum Fixed {
    Directory(&'static [(&'static str, NodeId)]),
    /// With the minor and major number that Linux gives it.
    Device(Device, u64, u64),
}

static FIXED: [Fixed; 9] = [
    Fixed::Directory(&[("dev", NodeId::DEV), ("tmp", NodeId::TMP)]),
    Fixed::Directory(&[
        ("console", NodeId::CONSOLE),
        ("tty", NodeId(3)),
        ("null", NodeId(4)),
        ("zero", NodeId(5)),
        ("full", NodeId(6)),
        ("random", NodeId(7)),
        ("urandom", NodeId(8)),
    ]),
    Fixed::Device(Device::Console, 5, 1),
    Fixed::Device(Device::Console, 5, 0),
    Fixed::Device(Device::Null, 1, 3),
    Fixed::Device(Device::Zero, 1, 5),
    Fixed::Device(Device::Full, 1, 7),
    Fixed::Device(Device::Random, 1, 8),
    Fixed::Device(Device::Random, 1, 9),
];

/// A name in a directory.
pub struct Entry {
    name: Vector<u8>,
    node: NodeId,
    /// Where `readdir` finds it; grows in the order of creation, so that
    /// removing entries does not move others past a reader.
    position: u64,
}

/// What a file below `/tmp` is.
pub enum Kind {
    /// No file has this number.
    Free,
    /// A regular file.
    File(Content),
    /// A directory.
    Directory {
        /// The directory it is in.
        parent: NodeId,
        /// Its names, by position.
        entries: Vector<Entry>,
        /// The position of the next name.
        next: u64,
    },
    /// A symbolic link to this path.
    Link(Vector<u8>),
    /// A pipe, which may have no name.
    Pipe(Pipe),
}

impl Kind {
    /// An empty directory in `parent`.
    pub const fn directory(parent: NodeId) -> Self {
        Self::Directory {
            parent,
            entries: Vector::new(),
            next: FIRST_POSITION,
        }
    }
}

/// `readdir` gives "." and ".." the positions 0 and 1.
const FIRST_POSITION: u64 = 2;

/// A file below `/tmp`.
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Names it has; a directory's "." and its children's ".." count.
    pub links: u32,
    /// Open files, mappings and working directories that hold it.
    pub users: u32,
    /// Permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Last read, as far as `utimes` set it: reading does not.
    pub accessed: i64,
    /// Last write.
    pub modified: i64,
    /// Last change of content or properties.
    pub changed: i64,
}

impl Node {
    const fn new(kind: Kind, mode: u32, now: i64) -> Self {
        Self {
            kind,
            links: 0,
            users: 0,
            mode,
            uid: 0,
            gid: 0,
            accessed: now,
            modified: now,
            changed: now,
        }
    }

    /// Note that the content changes.
    pub fn touch(&mut self) {
        self.modified = now();
        self.changed = self.modified;
    }
}

impl table::Entry for Node {
    const FREE: Self = Self::new(Kind::Free, 0, 0);

    fn is_free(&self) -> bool {
        matches!(self.kind, Kind::Free)
    }
}

/// Nanoseconds since 1970.
pub fn now() -> i64 {
    platform::clock_wall() as i64
}

/// What a directory answers about one of its names.
pub struct Listed<'a> {
    /// The name.
    pub name: &'a [u8],
    /// The file.
    pub node: NodeId,
    /// Where the next name is.
    pub next: u64,
}

/// All files.
pub struct Tree {
    nodes: Table<Node, 1>,
}

impl Tree {
    /// The tree at boot.
    pub const fn new() -> Self {
        let mut tmp = Node::new(Kind::directory(NodeId::ROOT), 0o1777, 0);
        tmp.links = 2;
        Self {
            nodes: Table::new([tmp]),
        }
    }

    fn index(id: NodeId) -> Option<usize> {
        (id.0 as usize).checked_sub(FIXED.len())
    }

    /// A file below `/tmp`; `None` for a fixed one.
    #[inline(never)]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(Self::index(id)?)
    }

    /// A file below `/tmp`, to change it.
    ///
    /// # Errors
    /// `EROFS`: the file is fixed.
    #[inline(never)]
    pub fn node_mut(&mut self, id: NodeId) -> Result<&mut Node> {
        let node = Self::index(id).and_then(|index| self.nodes.get_mut(index));
        node.ok_or(Errno::EROFS)
    }

    /// Which device the file is.
    pub fn device(&self, id: NodeId) -> Option<Device> {
        match FIXED.get(id.0 as usize) {
            Some(Fixed::Device(device, ..)) => Some(*device),
            _ => None,
        }
    }

    /// Whether the file is a directory.
    pub fn is_directory(&self, id: NodeId) -> bool {
        self.parent(id).is_ok()
    }

    /// The directory above a directory.
    ///
    /// # Errors
    /// `ENOTDIR`: it is not a directory.
    #[inline(never)]
    pub fn parent(&self, id: NodeId) -> Result<NodeId> {
        match (FIXED.get(id.0 as usize), self.node(id)) {
            (Some(Fixed::Directory(_)), _) => Ok(NodeId::ROOT),
            (
                _,
                Some(Node {
                    kind: Kind::Directory { parent, .. },
                    ..
                }),
            ) => Ok(*parent),
            _ => Err(Errno::ENOTDIR),
        }
    }

    /// The target of a symbolic link.
    pub fn link_target(&self, id: NodeId) -> Option<&[u8]> {
        match self.node(id) {
            Some(Node {
                kind: Kind::Link(target),
                ..
            }) => Some(target),
            _ => None,
        }
    }

    /// The entry of a directory at `position` or behind it.
    ///
    /// # Errors
    /// `ENOTDIR`: it is not a directory.
    pub fn list(&self, id: NodeId, position: u64) -> Result<Option<Listed<'_>>> {
        let parent = self.parent(id)?;
        if position < FIRST_POSITION {
            let (name, node): (&[u8], _) = if position == 0 {
                (b".", id)
            } else {
                (b"..", parent)
            };
            let next = position + 1;
            return Ok(Some(Listed { name, node, next }));
        }
        if let Some(Fixed::Directory(entries)) = FIXED.get(id.0 as usize) {
            let entry = entries.get((position - FIRST_POSITION) as usize);
            return Ok(entry.map(|(name, node)| Listed {
                name: name.as_bytes(),
                node: *node,
                next: position + 1,
            }));
        }
        let entries = self.entries(id);
        let index = entries.partition_point(|entry| entry.position < position);
        Ok(entries.get(index).map(|entry| Listed {
            name: &entry.name,
            node: entry.node,
            next: entry.position + 1,
        }))
    }

    fn entries(&self, id: NodeId) -> &[Entry] {
        match self.node(id) {
            Some(Node {
                kind: Kind::Directory { entries, .. },
                ..
            }) => entries,
            _ => &[],
        }
    }

    /// Whether a directory has no names but "." and "..".
    pub fn is_empty(&self, id: NodeId) -> bool {
        matches!(self.list(id, FIRST_POSITION), Ok(None))
    }

    /// What `name` means in a directory.
    ///
    /// # Errors
    /// `ENOTDIR`: it is not a directory. `ENAMETOOLONG`: `name` is too long.
    #[inline(never)]
    pub fn lookup(&self, directory: NodeId, name: &[u8]) -> Result<Option<NodeId>> {
        let parent = self.parent(directory)?;
        if name.len() > NAME_MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        match name {
            b"." => return Ok(Some(directory)),
            b".." => return Ok(Some(parent)),
            _ => {}
        }
        if let Some(Fixed::Directory(entries)) = FIXED.get(directory.0 as usize) {
            let entry = entries.iter().find(|entry| entry.0.as_bytes() == name);
            return Ok(entry.map(|entry| entry.1));
        }
        let entries = self.entries(directory);
        let entry = entries.iter().find(|entry| *entry.name == *name);
        Ok(entry.map(|entry| entry.node))
    }

    /// The name of a directory in the one above it; `None` once it was removed.
    pub fn name_of(&self, id: NodeId) -> Option<&[u8]> {
        let parent = self.parent(id).ok()?;
        let mut position = FIRST_POSITION;
        while let Ok(Some(entry)) = self.list(parent, position) {
            if entry.node == id {
                return Some(entry.name);
            }
            position = entry.next;
        }
        None
    }

    /// Make a file without a name.
    ///
    /// # Errors
    /// `ENOSPC`: no memory.
    pub fn create(&mut self, kind: Kind, mode: u32) -> Result<NodeId> {
        let node = Node::new(kind, mode, now());
        let index = self.nodes.insert(node, u32::MAX as usize - FIXED.len());
        let index = index.map_err(|_| Errno::ENOSPC)?;
        Ok(NodeId((index + FIXED.len()) as u32))
    }

    /// Make sure that [`Self::attach`] finds memory in `directory` once.
    ///
    /// # Errors
    /// `EROFS`: the directory is fixed. `ENOENT`: it was removed. `ENOSPC`: no
    /// memory.
    #[inline(never)]
    pub fn reserve_name(&mut self, directory: NodeId) -> Result<()> {
        let above = self.node_mut(directory)?;
        if above.links == 0 {
            return Err(Errno::ENOENT);
        }
        match &mut above.kind {
            Kind::Directory { entries, .. } => entries.reserve(1).map_err(|_| Errno::ENOSPC),
            _ => Err(Errno::ENOTDIR),
        }
    }

    /// Give `node` the name `name` in `directory`, where it has no meaning yet.
    ///
    /// # Errors
    /// `EROFS`: the directory is fixed. `ENOENT`: it was removed. `ENOSPC`: no
    /// memory.
    pub fn attach(&mut self, directory: NodeId, name: Vector<u8>, node: NodeId) -> Result<()> {
        self.reserve_name(directory)?;
        let above = self.node_mut(directory)?;
        let Kind::Directory { entries, next, .. } = &mut above.kind else {
            return Err(Errno::ENOTDIR);
        };
        let position = *next;
        let entry = Entry {
            name,
            node,
            position,
        };
        entries.push(entry).map_err(|_| Errno::ENOSPC)?;
        *next += 1;
        above.touch();
        let below = self.node_mut(node)?;
        below.links += 1;
        below.changed = now();
        if let Kind::Directory { parent, .. } = &mut below.kind {
            *parent = directory;
            below.links = 2;
            self.node_mut(directory)?.links += 1;
        }
        Ok(())
    }

    /// Take `name` out of `directory`, and free the file if nothing holds it.
    ///
    /// # Errors
    /// `EROFS`: the directory is fixed. `ENOENT`: no such name.
    pub fn detach(&mut self, directory: NodeId, name: &[u8]) -> Result<()> {
        let above = self.node_mut(directory)?;
        let Kind::Directory { entries, .. } = &mut above.kind else {
            return Err(Errno::ENOTDIR);
        };
        let index = entries.iter().position(|entry| *entry.name == *name);
        let entry = index.and_then(|index| entries.remove(index));
        let node = entry.ok_or(Errno::ENOENT)?.node;
        above.touch();
        let below = self.node_mut(node)?;
        below.changed = now();
        if let Kind::Directory { parent, .. } = &mut below.kind {
            // Whoever still holds it finds the root above: the number of the
            // directory that was there may soon be another file's.
            *parent = NodeId::ROOT;
            below.links = 0;
            self.node_mut(directory)?.links -= 1;
        } else {
            below.links -= 1;
        }
        self.free_if_unused(node);
        Ok(())
    }

    /// Hold a file although it may lose its names.
    pub fn hold(&mut self, id: NodeId) {
        if let Ok(node) = self.node_mut(id) {
            node.users += 1;
        }
    }

    /// Stop holding a file, and free it if nothing else does.
    #[inline(never)]
    pub fn release(&mut self, id: NodeId) {
        if let Ok(node) = self.node_mut(id) {
            node.users -= 1;
            self.free_if_unused(id);
        }
    }

    /// Free a file that has no names and that nothing holds.
    pub fn free_if_unused(&mut self, id: NodeId) {
        if let (Some(index), Ok(node)) = (Self::index(id), self.node_mut(id))
            && node.links == 0
            && node.users == 0
        {
            drop(self.nodes.replace(index, table::Entry::FREE));
        }
    }

    /// The file that is shown first in `within`, and where.
    pub fn shown_in(&self, within: &Range<usize>) -> Option<(NodeId, Range<usize>)> {
        let shown = self.nodes.entries().filter_map(|(index, node)| {
            let Kind::File(content) = &node.kind else {
                return None;
            };
            let id = NodeId((index + FIXED.len()) as u32);
            Some((id, content.shown_in(within)?))
        });
        shown.min_by_key(|(_, shown)| shown.start)
    }

    /// What `stat` answers.
    pub fn status(&self, id: NodeId) -> Stat {
        let number = u64::from(id.0) + 1;
        let Some(node) = self.node(id) else {
            return fixed_status(id, number);
        };
        let (kind, size, memory) = match &node.kind {
            Kind::File(content) => (S_IFREG, content.len(), content.memory_bytes()),
            Kind::Link(target) => (S_IFLNK, target.len(), 0),
            Kind::Pipe(_) => (S_IFIFO, 0, 0),
            Kind::Directory { .. } | Kind::Free => (S_IFDIR, 0, 0),
        };
        Stat {
            st_dev: 2,
            st_ino: number,
            st_nlink: node.links.into(),
            st_mode: kind | node.mode,
            st_uid: node.uid,
            st_gid: node.gid,
            st_size: size as i64,
            st_blksize: 4096,
            st_blocks: (memory / 512) as i64,
            st_atim: Timespec::from_nanoseconds(node.accessed),
            st_mtim: Timespec::from_nanoseconds(node.modified),
            st_ctim: Timespec::from_nanoseconds(node.changed),
            ..Stat::default()
        }
    }
}

fn fixed_status(id: NodeId, number: u64) -> Stat {
    let (mode, links, device) = match FIXED.get(id.0 as usize) {
        Some(Fixed::Device(_, major, minor)) => (S_IFCHR | 0o666, 1, major << 8 | minor),
        _ if id == NodeId::ROOT => (S_IFDIR | 0o555, 4, 0),
        _ => (S_IFDIR | 0o555, 2, 0),
    };
    Stat {
        st_dev: 1,
        st_ino: number,
        st_nlink: links,
        st_mode: mode,
        st_rdev: device,
        st_blksize: 4096,
        ..Stat::default()
    }
}
