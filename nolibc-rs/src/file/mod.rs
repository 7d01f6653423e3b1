//! File descriptors and the files behind them.
//!
//! 0, 1 and 2 are the console. `/` and `/dev` are fixed, `/tmp` lives in
//! memory: its files and directories take what they need from the heap, and
//! `ENOSPC` says that it is full. The caller is the superuser: permissions are
//! kept and shown, and stop nobody, except that what has no `x` bit cannot be
//! executed. Times are those of the wall clock; reading does not change them.
//!
//! Every OCaml program links most of this, so it is kept small: helpers with several
//! callers are never inlined.
//!
//! Who waits for another thread (a pipe to be filled, a lock to be given up) looks again
//! whenever something of that kind has changed.
#![forbid(unsafe_code)]

pub mod abi;
mod console;
mod content;
mod descriptor;
mod names;
mod path;
mod pipe;
mod properties;
mod table;
mod transfer;
mod tree;
mod wait;

pub use console::discard as discard_console_input;
pub use descriptor::{
    LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, check, close, close_on_exec, directory_entry, dup, dup_to,
    is_console, is_open, lock, map, pipe, readable_bytes, seek, set_close_on_exec,
    set_status_flags, shown_in, status_flags, sync, tell, unmap,
};
pub use names::{
    link, make_directory, make_fifo, open, open_at, read_link, remove, remove_directory, rename,
    symlink, unlink,
};
pub use properties::{
    Owner, Times, access, change_directory, change_directory_to, change_mode, change_mode_of,
    change_owner, change_owner_of, real_path, resize, resize_of, set_times, set_times_of,
    set_umask, status, status_of, working_directory,
};
pub use transfer::{read, read_at, write, write_at, write_console};
pub use wait::poll;

use abi::{O_ACCMODE, O_RDWR, O_WRONLY, OPEN_MAX};
use table::Table;
use tree::{NodeId, Tree};

use crate::delivery;
use crate::errno::{Errno, Result};
use crate::platform::Nanoseconds;
use crate::sync::{Guard, Lock};
use crate::thread::cancel;
use crate::thread::link::Queue;
use crate::thread::scheduler::{self, State, Wake};

/// An open file description: what `dup` shares.
struct Open {
    node: NodeId,
    flags: i32,
    /// Of the next byte, or in a directory of the next name.
    offset: u64,
    /// Descriptors that refer to it; 0 if it is free.
    descriptors: u32,
    /// `LOCK_SH`, `LOCK_EX` or 0, as `flock` set it.
    lock: u8,
}

impl Open {
    const fn new(node: NodeId, flags: i32) -> Self {
        Self {
            node,
            flags,
            offset: 0,
            descriptors: 0,
            lock: 0,
        }
    }

    fn reads(&self) -> bool {
        self.flags & O_ACCMODE != O_WRONLY
    }

    fn writes(&self) -> bool {
        self.flags & O_ACCMODE != 0
    }
}

impl table::Entry for Open {
    const FREE: Self = Self::new(NodeId::ROOT, 0);

    fn is_free(&self) -> bool {
        self.descriptors == 0
    }
}

/// What a descriptor refers to.
#[derive(Clone, Copy)]
struct Descriptor {
    /// The number of the open file description, plus one; 0 if it is free.
    open: u16,
    close_on_exec: bool,
}

impl table::Entry for Descriptor {
    const FREE: Self = Self {
        open: 0,
        close_on_exec: false,
    };

    fn is_free(&self) -> bool {
        self.open == 0
    }
}

/// Everything about files.
struct Files {
    tree: Tree,
    opens: Table<Open, 1>,
    descriptors: Table<Descriptor, 8>,
    working_directory: NodeId,
    umask: u32,
}

impl Files {
    const fn at_boot() -> Self {
        let mut console = Open::new(NodeId::CONSOLE, O_RDWR);
        console.descriptors = 3;
        let open = Descriptor {
            open: 1,
            close_on_exec: false,
        };
        let free = <Descriptor as table::Entry>::FREE;
        Self {
            tree: Tree::new(),
            opens: Table::new([console]),
            descriptors: Table::new([open, open, open, free, free, free, free, free]),
            working_directory: NodeId::ROOT,
            umask: 0o022,
        }
    }

    /// The number of the open file description behind `fd`.
    fn number(&self, fd: i32) -> Result<usize> {
        let fd = usize::try_from(fd).map_err(|_| Errno::EBADF)?;
        let descriptor = self.descriptors.get(fd).ok_or(Errno::EBADF)?;
        Ok(usize::from(descriptor.open) - 1)
    }

    #[inline(never)]
    fn open(&self, fd: i32) -> Result<&Open> {
        self.opens.get(self.number(fd)?).ok_or(Errno::EBADF)
    }

    #[inline(never)]
    fn open_mut(&mut self, fd: i32) -> Result<&mut Open> {
        let number = self.number(fd)?;
        self.opens.get_mut(number).ok_or(Errno::EBADF)
    }

    /// Make `fd` refer to `open`, which it is counted by already.
    fn refer(&mut self, fd: usize, open: usize, close_on_exec: bool) {
        let open = open as u16 + 1;
        let descriptor = Descriptor {
            open,
            close_on_exec,
        };
        self.descriptors.replace(fd, descriptor);
    }

    /// A new descriptor on `node`.
    fn open_node(&mut self, node: NodeId, flags: i32) -> Result<i32> {
        let fd = self.descriptors.vacancy(0, OPEN_MAX)?;
        let open = self.opens.vacancy(0, OPEN_MAX)?;
        let kept = flags & !(abi::O_CREAT | abi::O_EXCL | abi::O_TRUNC | abi::O_CLOEXEC);
        let mut new = Open::new(node, kept);
        new.descriptors = 1;
        if let Ok(file) = self.tree.node_mut(node)
            && let tree::Kind::Pipe(pipe) = &mut file.kind
        {
            pipe.open(new.reads(), new.writes());
        }
        self.opens.replace(open, new);
        self.refer(fd, open, flags & abi::O_CLOEXEC != 0);
        self.tree.hold(node);
        Ok(fd as i32)
    }
}

static FILES: Lock<Files> = Lock::new(Files::at_boot());

// One copy of the lock's loop: there are fifty callers, and none is hot.
#[inline(never)]
fn files() -> Guard<'static, Files> {
    FILES.lock()
}

/// Those who wait until a pipe, a FIFO or a lock changes.
static WAITERS: Queue = Queue::new();

/// Wake who waits until a pipe, a FIFO or a lock changes.
fn changed() {
    scheduler::wake_all(&WAITERS, |_| {});
}

/// Wait until something has changed since `files` was locked, or until the deadline.
/// A cancellation point.
///
/// # Errors
/// `EINTR`: a signal is to be delivered.
fn wait(files: Guard<'_, Files>, until_ns: Option<Nanoseconds>, what: &'static str) -> Result<()> {
    let waited = wait_with(files, until_ns, what);
    cancel::test();
    waited
}

/// As [`wait`], and `EINTR` also when the thread is to be cancelled, which is left to the caller.
#[inline(never)]
fn wait_with(
    files: Guard<'_, Files>,
    until_ns: Option<Nanoseconds>,
    what: &'static str,
) -> Result<()> {
    let waiting = scheduler::prepare(Some(&WAITERS), until_ns, State::Interruptible, what);
    drop(files);
    match waiting.block() {
        Wake::Interrupted if delivery::is_wanted() => Err(Errno::EINTR),
        _ => Ok(()),
    }
}
