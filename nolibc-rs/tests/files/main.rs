//! The tree against the host's kernel: the same calls below a fresh directory of
//! the host and below `/tmp` here must answer the same, error for error.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nolibc::file::abi::*;
use nolibc::file::*;
use nolibc::vector::storage;
use nolibc::{Errno, Result};
use proptest::prelude::*;

mod host;

/// There is one tree, so one test at a time uses it.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Take everything out of `/tmp`, and close all but the console.
fn clear() {
    for fd in 3..OPEN_MAX as i32 {
        let _ = close(fd);
    }
    change_directory(b"/").unwrap();
    set_umask(0o022);
    empty(b"/tmp");
}

fn names(path: &[u8]) -> Vec<Vec<u8>> {
    let fd = open(path, O_DIRECTORY, 0).unwrap();
    let mut found = Vec::new();
    let mut name = [0; NAME_MAX];
    while let Some((_, _, len, _)) = directory_entry(fd, &mut name).unwrap() {
        found.push(name[..len].to_vec());
    }
    close(fd).unwrap();
    found.retain(|name| name != b"." && name != b"..");
    found
}

fn empty(path: &[u8]) {
    for name in names(path) {
        let whole = [path, b"/", &name].concat();
        if unlink(AT_FDCWD, &whole) == Err(Errno::EISDIR) {
            empty(&whole);
            remove_directory(AT_FDCWD, &whole).unwrap();
        }
    }
}

/// One call; paths are relative to the root of the comparison.
#[derive(Clone, Debug)]
enum Call {
    Open(String, i32, u32),
    Close(usize),
    Read(usize, usize),
    Write(usize, Vec<u8>),
    ReadAt(usize, usize, u64),
    WriteAt(usize, Vec<u8>, u64),
    Seek(usize, i64, i32),
    ResizeOf(usize, i64),
    Dup(usize),
    Resize(String, i64),
    MakeDirectory(String),
    MakeFifo(String),
    Unlink(String),
    RemoveDirectory(String),
    Rename(String, String),
    Link(String, String),
    Symlink(String, String),
    ReadLink(String),
    Status(String, bool),
    Access(String, i32),
    ChangeMode(String, u32),
    ChangeDirectory(String),
    List(String),
}

/// Names that collide often, and some that are hard.
fn path() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => "[abc]",
        1 => Just(".".to_string()),
        2 => Just("..".to_string()),
        1 => Just(String::new()),
        1 => Just("x".repeat(255)),
        1 => Just("x".repeat(256)),
    ];
    let parts = proptest::collection::vec(part, 1..4);
    (parts, proptest::bool::weighted(0.1)).prop_map(|(parts, slash)| {
        let mut path = parts.join("/");
        if slash {
            path.push('/');
        }
        // Both sides must stay inside; an absolute path would leave.
        path.trim_start_matches('/').to_string()
    })
}

fn call() -> impl Strategy<Value = Call> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..6000);
    let fd = || 0..6usize;
    let small = || prop_oneof![0..20i64, 4090..4100i64, -5..0i64];
    let flags = (
        0..3i32,
        proptest::sample::subsequence(
            vec![O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW],
            0..4,
        ),
    );
    let flags = flags.prop_map(|(access, others)| {
        // A FIFO must not block either side.
        let all = others
            .into_iter()
            .fold(access | O_NONBLOCK, |all, flag| all | flag);
        // Older kernels make a file where POSIX has an error.
        if all & O_CREAT != 0 {
            all & !O_DIRECTORY
        } else {
            all
        }
    });
    prop_oneof![
        4 => (path(), flags, 0..0o1000u32).prop_map(|(p, f, m)| Call::Open(p, f, m | 0o600)),
        2 => fd().prop_map(Call::Close),
        2 => (fd(), 0..5000usize).prop_map(|(fd, n)| Call::Read(fd, n)),
        3 => (fd(), bytes()).prop_map(|(fd, b)| Call::Write(fd, b)),
        1 => (fd(), 0..5000usize, 0..9000u64).prop_map(|(fd, n, o)| Call::ReadAt(fd, n, o)),
        1 => (fd(), bytes(), 0..9000u64).prop_map(|(fd, b, o)| Call::WriteAt(fd, b, o)),
        2 => (fd(), small(), 0..3i32).prop_map(|(fd, o, w)| Call::Seek(fd, o, w)),
        1 => (fd(), small()).prop_map(|(fd, n)| Call::ResizeOf(fd, n)),
        1 => fd().prop_map(Call::Dup),
        1 => (path(), small()).prop_map(|(p, n)| Call::Resize(p, n)),
        4 => path().prop_map(Call::MakeDirectory),
        1 => path().prop_map(Call::MakeFifo),
        2 => path().prop_map(Call::Unlink),
        2 => path().prop_map(Call::RemoveDirectory),
        4 => (path(), path()).prop_map(|(a, b)| Call::Rename(a, b)),
        2 => (path(), path()).prop_map(|(a, b)| Call::Link(a, b)),
        2 => (path(), path()).prop_map(|(a, b)| Call::Symlink(a, b)),
        1 => path().prop_map(Call::ReadLink),
        2 => (path(), any::<bool>()).prop_map(|(p, f)| Call::Status(p, f)),
        1 => (path(), 0..9i32).prop_map(|(p, m)| Call::Access(p, m)),
        1 => (path(), 0..0o1000u32).prop_map(|(p, m)| Call::ChangeMode(p, m | 0o700)),
        1 => "[abc](/[abc])?".prop_map(Call::ChangeDirectory),
        2 => path().prop_map(Call::List),
    ]
}

/// What a call answers, in a form that both sides share.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Failed(Errno),
    Done(i64),
    Bytes(Vec<u8>),
    /// Mode, links, size.
    Status(u32, u64, i64),
    Names(Vec<Vec<u8>>),
}

fn answer<T>(result: Result<T>, good: impl FnOnce(T) -> Answer) -> Answer {
    result.map_or_else(Answer::Failed, good)
}

fn done<T: TryInto<i64>>(result: Result<T>) -> Answer {
    answer(result, |value| Answer::Done(value.try_into().unwrap_or(-1)))
}

/// This side: the descriptors it has opened.
struct Ours {
    fds: Vec<i32>,
}

/// A directory's size and its links depend on the file system.
fn status_answer(mode: u32, links: u64, size: i64) -> Answer {
    match mode & S_IFMT {
        S_IFDIR => Answer::Status(mode, 0, 0),
        _ => Answer::Status(mode, links, size),
    }
}

impl Ours {
    fn fd(&self, index: usize) -> i32 {
        self.fds.get(index).copied().unwrap_or(-1)
    }

    fn opened(&mut self, fd: Result<i32>) -> Answer {
        answer(fd, |fd| {
            self.fds.push(fd);
            Answer::Done(0)
        })
    }

    fn run(&mut self, call: &Call) -> Answer {
        let at = AT_FDCWD;
        match call {
            Call::Open(path, flags, mode) => {
                let fd = open(path.as_bytes(), *flags, *mode);
                self.opened(fd)
            }
            Call::Close(fd) if *fd < self.fds.len() => {
                done(close(self.fds.remove(*fd)).map(|()| 0))
            }
            Call::Close(_) => done(close(-1).map(|()| 0)),
            Call::Read(fd, len) => {
                let mut bytes = vec![0; *len];
                answer(read(self.fd(*fd), &mut bytes), |n| {
                    Answer::Bytes(bytes[..n].to_vec())
                })
            }
            Call::ReadAt(fd, len, offset) => {
                let mut bytes = vec![0; *len];
                let count = read_at(self.fd(*fd), &mut bytes, *offset);
                answer(count, |n| Answer::Bytes(bytes[..n].to_vec()))
            }
            Call::Write(fd, bytes) => done(write(self.fd(*fd), bytes)),
            Call::WriteAt(fd, bytes, offset) => done(write_at(self.fd(*fd), bytes, *offset)),
            Call::Seek(fd, offset, whence) => done(seek(self.fd(*fd), *offset, *whence)),
            Call::ResizeOf(fd, len) => done(resize_of(self.fd(*fd), *len).map(|()| 0)),
            Call::Dup(fd) => {
                let fd = dup(self.fd(*fd), 0, false);
                self.opened(fd)
            }
            Call::Resize(path, len) => done(resize(path.as_bytes(), *len).map(|()| 0)),
            Call::MakeDirectory(path) => {
                done(make_directory(at, path.as_bytes(), 0o777).map(|()| 0))
            }
            Call::MakeFifo(path) => done(make_fifo(at, path.as_bytes(), 0o666).map(|()| 0)),
            Call::Unlink(path) => done(unlink(at, path.as_bytes()).map(|()| 0)),
            Call::RemoveDirectory(path) => done(remove_directory(at, path.as_bytes()).map(|()| 0)),
            Call::Rename(old, new) => {
                done(rename((at, old.as_bytes()), (at, new.as_bytes())).map(|()| 0))
            }
            Call::Link(old, new) => {
                done(link((at, old.as_bytes()), (at, new.as_bytes()), false).map(|()| 0))
            }
            Call::Symlink(target, path) => {
                done(symlink(target.as_bytes(), at, path.as_bytes()).map(|()| 0))
            }
            Call::ReadLink(path) => {
                let mut bytes = [0; 4096];
                let len = read_link(at, path.as_bytes(), &mut bytes);
                answer(len, |len| Answer::Bytes(bytes[..len].to_vec()))
            }
            Call::Status(path, follow) => answer(status(at, path.as_bytes(), *follow), |status| {
                status_answer(status.st_mode, status.st_nlink, status.st_size)
            }),
            Call::Access(path, mode) => done(access(at, path.as_bytes(), *mode, true).map(|()| 0)),
            Call::ChangeMode(path, mode) => {
                done(change_mode(at, path.as_bytes(), *mode).map(|()| 0))
            }
            Call::ChangeDirectory(path) => done(change_directory(path.as_bytes()).map(|()| 0)),
            Call::List(path) => {
                let fd = open(path.as_bytes(), O_DIRECTORY, 0);
                answer(fd, |fd| {
                    close(fd).unwrap();
                    let mut found = names(path.as_bytes());
                    found.sort();
                    Answer::Names(found)
                })
            }
        }
    }
}

/// The host's side: descriptors, and the working directory as a descriptor, since
/// the process has other tests in it.
struct Host {
    fds: Vec<i32>,
    directory: i32,
}

fn c(path: &str) -> CString {
    CString::new(path).unwrap()
}

fn checked(value: i64) -> Result<i64> {
    if value == -1 {
        let error = std::io::Error::last_os_error().raw_os_error().unwrap();
        return Err(Errno::from_raw(error));
    }
    Ok(value)
}

impl Host {
    fn fd(&self, index: usize) -> i32 {
        self.fds.get(index).copied().unwrap_or(-1)
    }

    fn opened(&mut self, fd: Result<i64>) -> Answer {
        answer(fd, |fd| {
            self.fds.push(fd as i32);
            Answer::Done(0)
        })
    }

    fn raw_open(&self, path: &str, flags: i32, mode: u32) -> Result<i64> {
        checked(host::openat(self.directory, &c(path), flags, mode))
    }

    /// Why nothing is found at `path`.
    fn fault(&self, path: &str) -> Option<Errno> {
        checked(host::fstatat(self.directory, &c(path), true).0).err()
    }

    fn run(&mut self, call: &Call) -> Answer {
        let at = self.directory;
        match call {
            Call::Open(path, flags, mode) => {
                let fd = self.raw_open(path, *flags, *mode);
                self.opened(fd)
            }
            Call::Close(fd) if *fd < self.fds.len() => {
                done(checked(host::close(self.fds.remove(*fd))))
            }
            Call::Close(_) => done(checked(host::close(-1))),
            Call::Read(fd, len) => {
                let mut bytes = vec![0; *len];
                let count = checked(host::read(self.fd(*fd), &mut bytes));
                answer(count, |n| Answer::Bytes(bytes[..n as usize].to_vec()))
            }
            Call::ReadAt(fd, len, offset) => {
                let mut bytes = vec![0; *len];
                let count = checked(host::pread(self.fd(*fd), &mut bytes, *offset));
                answer(count, |n| Answer::Bytes(bytes[..n as usize].to_vec()))
            }
            Call::Write(fd, bytes) => done(checked(host::write(self.fd(*fd), bytes))),
            Call::WriteAt(fd, bytes, offset) => {
                done(checked(host::pwrite(self.fd(*fd), bytes, *offset)))
            }
            Call::Seek(fd, offset, whence) => {
                done(checked(host::lseek(self.fd(*fd), *offset, *whence)))
            }
            Call::ResizeOf(fd, len) => done(checked(host::ftruncate(self.fd(*fd), *len))),
            Call::Dup(fd) => {
                let fd = checked(host::dup(self.fd(*fd)));
                self.opened(fd)
            }
            Call::Resize(path, len) => done(checked(host::truncate(at, &c(path), *len))),
            Call::MakeDirectory(path) => done(checked(host::mkdirat(at, &c(path), 0o777))),
            Call::MakeFifo(path) => done(checked(host::mkfifoat(at, &c(path), 0o666))),
            Call::Unlink(path) => done(checked(host::unlinkat(at, &c(path), 0))),
            Call::RemoveDirectory(path) => {
                done(checked(host::unlinkat(at, &c(path), AT_REMOVEDIR)))
            }
            Call::Rename(old, new) => done(checked(host::renameat(at, &c(old), &c(new)))),
            Call::Link(old, new) => done(checked(host::linkat(at, &c(old), &c(new)))),
            Call::Symlink(target, path) => done(checked(host::symlinkat(at, &c(target), &c(path)))),
            Call::ReadLink(path) => {
                let mut bytes = [0; 4096];
                let len = checked(host::readlinkat(at, &c(path), &mut bytes));
                answer(len, |len| Answer::Bytes(bytes[..len as usize].to_vec()))
            }
            Call::Status(path, follow) => {
                let status = host::fstatat(at, &c(path), *follow);
                answer(checked(status.0).map(|_| status.1), |status| {
                    status_answer(status.st_mode, status.st_nlink, status.st_size)
                })
            }
            Call::Access(path, mode) => done(checked(host::faccessat(at, &c(path), *mode))),
            Call::ChangeMode(path, mode) => done(checked(host::fchmodat(at, &c(path), *mode))),
            Call::ChangeDirectory(path) => {
                let fd = self.raw_open(path, O_DIRECTORY | host::O_PATH, 0);
                answer(fd, |fd| {
                    host::close(core::mem::replace(&mut self.directory, fd as i32));
                    Answer::Done(0)
                })
            }
            Call::List(path) => {
                let fd = self.raw_open(path, O_DIRECTORY, 0);
                answer(fd, |fd| {
                    let path = format!("/proc/self/fd/{fd}");
                    let mut found: Vec<_> = std::fs::read_dir(path)
                        .unwrap()
                        .map(|entry| entry.unwrap().file_name().as_bytes().to_vec())
                        .collect();
                    found.sort();
                    host::close(fd as i32);
                    Answer::Names(found)
                })
            }
        }
    }
}

/// Where the two sides may differ; `host` has run the call.
fn agrees(host: &Host, call: &Call, ours: &Answer, theirs: &Answer) -> bool {
    use Answer::Failed;
    if ours == theirs {
        return true;
    }
    match (call, ours, theirs) {
        // Seeking in a directory: its offsets are the file system's own business.
        (Call::Seek(..), Answer::Done(_), _) => true,
        // Two things are wrong, and POSIX does not say which is told.
        (Call::Rename(..), Failed(_), Failed(_)) => true,
        (Call::Link(..) | Call::Symlink(..), Failed(Errno::ENOENT), Failed(Errno::EEXIST)) => true,
        (Call::WriteAt(..), Failed(Errno::EBADF), Failed(Errno::ESPIPE)) => true,
        // Where O_CREAT meets a slash behind the last name, be it in the target of a
        // link, Linux does not look at the name. POSIX has what is wrong with it.
        (Call::Open(path, flags, _), Failed(error), Failed(Errno::EISDIR)) => {
            flags & O_CREAT != 0 && (*error == Errno::EEXIST || host.fault(path) == Some(*error))
        }
        (Call::Unlink(path) | Call::RemoveDirectory(path), Failed(_), Failed(_)) => {
            path.ends_with('/')
        }
        _ => false,
    }
}

/// Run the calls on both sides; an error says where they differ.
fn compare(calls: &[Call]) -> std::result::Result<(), String> {
    let _alone = alone();
    clear();
    let root = host::TemporaryDirectory::new();
    change_directory(b"/tmp").unwrap();
    for _ in 0..host::DEPTH {
        make_directory(AT_FDCWD, b"r", 0o755).unwrap();
        change_directory(b"r").unwrap();
    }
    let mut ours = Ours { fds: Vec::new() };
    let mut theirs = Host {
        fds: Vec::new(),
        directory: root.open(),
    };
    let mut outcome = Ok(());
    for call in calls {
        // What is found from a working directory that was removed POSIX leaves
        // open: above it ours has the root, the kernel what was there once.
        if working_directory(&mut [0; 4096]).is_err() {
            break;
        }
        let (mine, other) = (ours.run(call), theirs.run(call));
        if !agrees(&theirs, call, &mine, &other) {
            outcome = Err(format!("{call:?}: {mine:?}, the kernel {other:?}"));
            break;
        }
    }
    for fd in theirs.fds {
        host::close(fd);
    }
    host::close(theirs.directory);
    clear();
    outcome
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answers_as_the_kernel(calls in proptest::collection::vec(call(), 1..60)) {
        let compared = compare(&calls);
        prop_assert!(compared.is_ok(), "{compared:?}");
    }
}

/// A link before a slash: a name that is given or taken away is the link's own.
#[test]
fn links_before_slashes_as_in_the_kernel() {
    let long = "x".repeat(256);
    for target in ["b", "a", ".", "none", &long] {
        for (old, new) in [
            ("a", "c/"),
            ("c/", "d"),
            ("c", "d/"),
            ("c/", "a/"),
            ("a/", "d/"),
        ] {
            let calls = [
                Call::MakeDirectory("a".into()),
                Call::MakeDirectory("b".into()),
                Call::Symlink(target.into(), "c".into()),
                Call::Rename(old.into(), new.into()),
                Call::List(".".into()),
            ];
            assert_eq!(compare(&calls), Ok(()), "{calls:?}");
        }
        let calls = [
            Call::MakeDirectory("a".into()),
            Call::Symlink(target.into(), "c".into()),
            Call::RemoveDirectory("c/".into()),
            Call::List(".".into()),
        ];
        assert_eq!(compare(&calls), Ok(()), "{calls:?}");
    }
}

/// `O_CREAT` and a slash at the end, also that of a link's target.
#[test]
fn creates_nothing_before_slashes() {
    let targets = ["file/", "d/", "b/", "none/", "none/a/", "file/a/"].map(String::from);
    for target in [targets.as_slice(), &["x".repeat(256) + "/"]].concat() {
        for other in [O_RDONLY, O_WRONLY, O_NOFOLLOW, O_EXCL] {
            let calls = [
                Call::Open("file".into(), O_CREAT, 0o600),
                Call::MakeDirectory("d".into()),
                Call::Symlink("b".into(), "b".into()),
                Call::Symlink(target.clone(), "a".into()),
                Call::Open("a".into(), O_CREAT | other, 0o600),
                Call::Open(target.clone(), O_CREAT | other, 0o600),
                Call::List(".".into()),
            ];
            assert_eq!(compare(&calls), Ok(()), "{calls:?}");
        }
    }
}

/// POSIX leaves it open, Linux cuts a file that is opened for reading, too.
#[test]
fn cuts_files_opened_for_reading() {
    for flags in [O_RDONLY, O_NOFOLLOW, O_CREAT, O_CREAT | O_EXCL] {
        let calls = [
            Call::Open("a".into(), O_CREAT | O_WRONLY, 0o600),
            Call::Write(0, vec![1; 3]),
            Call::Open("a".into(), flags | O_TRUNC, 0o600),
            Call::Status("a".into(), true),
            Call::Read(1, 9),
        ];
        assert_eq!(compare(&calls), Ok(()), "{calls:?}");
    }
}

/// Every allocation refused in turn: each call fails with an errno or works, nothing
/// is left half done, and nothing is lost.
#[test]
fn survives_refused_memory() {
    let _alone = alone();
    clear();
    let work = || -> Result<()> {
        make_directory(AT_FDCWD, b"/tmp/d", 0o755)?;
        let fd = open(b"/tmp/d/f", O_RDWR | O_CREAT, 0o600)?;
        let written = write(fd, &[7; 10_000]);
        let copy = dup(fd, 20, false);
        close(fd)?;
        if let Ok(copy) = copy {
            close(copy)?;
        }
        written?;
        symlink(b"f", AT_FDCWD, b"/tmp/d/s")?;
        rename(
            (AT_FDCWD, b"/tmp/d/s"),
            (AT_FDCWD, b"/tmp/d/a longer name than before"),
        )?;
        link((AT_FDCWD, b"/tmp/d/f"), (AT_FDCWD, b"/tmp/d/g"), false)?;
        let (reader, writer) = pipe(0)?;
        let written = write(writer, b"abc");
        close(reader)?;
        close(writer)?;
        written.map(drop)
    };
    // Tables that only grow are as large as they get.
    work().unwrap();
    clear();
    let before = storage::live_bytes();
    let mut refused = 0;
    for count in 0.. {
        storage::refuse_after(Some(count));
        let answer = work();
        storage::refuse_after(None);
        let names_there = names(b"/tmp");
        clear();
        assert!(names_there.len() <= 1);
        assert!(
            storage::live_bytes() <= before,
            "something was lost after {count}"
        );
        match answer {
            Ok(()) => break,
            Err(error) => {
                assert!(
                    matches!(error, Errno::ENOSPC | Errno::ENOMEM | Errno::ENFILE),
                    "{error:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused >= 5, "only {refused} allocations");
}

#[test]
fn refused_rename_keeps_both() {
    let _alone = alone();
    clear();
    for name in [&b"/tmp/a"[..], b"/tmp/b"] {
        let fd = open(name, O_WRONLY | O_CREAT, 0o600).unwrap();
        write(fd, name).unwrap();
        close(fd).unwrap();
    }
    storage::refuse_after(Some(0));
    let answer = rename((AT_FDCWD, b"/tmp/a"), (AT_FDCWD, b"/tmp/b"));
    storage::refuse_after(None);
    assert_eq!(answer, Err(Errno::ENOSPC));
    for name in [&b"/tmp/a"[..], b"/tmp/b"] {
        let fd = open(name, O_RDONLY, 0).unwrap();
        let mut bytes = [0; 16];
        let count = read(fd, &mut bytes).unwrap();
        assert_eq!(&bytes[..count], name);
    }
    clear();
}

#[test]
fn mapped_pages_stay() {
    let _alone = alone();
    clear();
    let fd = open(b"/tmp/m", O_RDWR | O_CREAT, 0o600).unwrap();
    resize_of(fd, 8192).unwrap();
    let address = map(fd, 0, 8192, true).unwrap().addr().get();
    // In place or not at all.
    let grown = write_at(fd, &[1; 1 << 20], 0);
    assert!(grown.is_ok());
    assert_eq!(map(fd, 0, 4096, false).unwrap().addr().get(), address);
    resize_of(fd, 0).unwrap();
    close(fd).unwrap();
    unlink(AT_FDCWD, b"/tmp/m").unwrap();
    let end = address + 8192;
    assert_eq!(shown_in(&(address + 4096..end)), Some(address + 4096..end));
    assert_eq!(shown_in(&(address - 1..usize::MAX)), Some(address..end));
    // From before the mapping to far beyond it, or a part of it.
    unmap(address - 4096..usize::MAX);
    assert_eq!(shown_in(&(0..end)), Some(address..address + 4096));
    unmap(address - 4096..address);
    unmap(address + 1..address + 1);
    unmap(address + 4096..end);
    assert_eq!(shown_in(&(0..end)), Some(address..address + 4096));
    unmap(address..address + 4096);
    assert_eq!(shown_in(&(0..usize::MAX)), None);
}
