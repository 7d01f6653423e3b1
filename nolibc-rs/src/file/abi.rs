//! Numbers and layouts of `<fcntl.h>`, `<sys/stat.h>`, `<poll.h>` and their
//! relatives: those of Linux on x86_64.

/// Open for reading only.
pub const O_RDONLY: i32 = 0;
/// Open for writing only.
pub const O_WRONLY: i32 = 1;
/// Open for reading and writing.
pub const O_RDWR: i32 = 2;
/// The bits that hold one of the three above.
pub const O_ACCMODE: i32 = 3;
/// Make the file if it does not exist.
pub const O_CREAT: i32 = 0o100;
/// With `O_CREAT`: fail if it exists.
pub const O_EXCL: i32 = 0o200;
/// Cut the file to nothing.
pub const O_TRUNC: i32 = 0o1000;
/// Each write goes to the end.
pub const O_APPEND: i32 = 0o2000;
/// Fail instead of waiting.
pub const O_NONBLOCK: i32 = 0o4000;
/// Fail unless it is a directory.
pub const O_DIRECTORY: i32 = 0o200000;
/// Fail if the last name is a symbolic link.
pub const O_NOFOLLOW: i32 = 0o400000;
/// Close in a program that replaces this one.
pub const O_CLOEXEC: i32 = 0o2000000;

/// The working directory, where a function takes a directory's descriptor.
pub const AT_FDCWD: i32 = -100;
/// Do not follow a symbolic link.
pub const AT_SYMLINK_NOFOLLOW: i32 = 0x100;
/// Follow a symbolic link.
pub const AT_SYMLINK_FOLLOW: i32 = 0x400;
/// `unlinkat` removes a directory; for `faccessat` the same bit is `AT_EACCESS`.
pub const AT_REMOVEDIR: i32 = 0x200;

/// From the start.
pub const SEEK_SET: i32 = 0;
/// From the offset.
pub const SEEK_CUR: i32 = 1;
/// From the end.
pub const SEEK_END: i32 = 2;

/// The bits of a mode that hold the type.
pub const S_IFMT: u32 = 0o170000;
/// A symbolic link.
pub const S_IFLNK: u32 = 0o120000;
/// A regular file.
pub const S_IFREG: u32 = 0o100000;
/// A directory.
pub const S_IFDIR: u32 = 0o040000;
/// A character device.
pub const S_IFCHR: u32 = 0o020000;
/// A pipe.
pub const S_IFIFO: u32 = 0o010000;
/// The bits of a mode that `chmod` sets.
pub const PERMISSIONS: u32 = 0o7777;

/// `access`: may it be executed?
pub const X_OK: i32 = 1;
/// `access`: may it be written?
pub const W_OK: i32 = 2;
/// `access`: may it be read?
pub const R_OK: i32 = 4;

/// A path has fewer bytes.
pub const PATH_MAX: usize = 4096;
/// A name has at most so many.
pub const NAME_MAX: usize = 255;
/// A file descriptor is below.
pub const OPEN_MAX: usize = 1024;
/// So many symbolic links in one path are too many.
pub const SYMLOOP_MAX: u32 = 40;
/// A write to a pipe up to so many bytes is not split.
pub const PIPE_BUF: usize = 4096;

/// `struct timespec`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timespec {
    /// Seconds.
    pub tv_sec: i64,
    /// Nanoseconds below a second.
    pub tv_nsec: i64,
}

impl Timespec {
    /// From nanoseconds since the epoch.
    pub fn from_nanoseconds(time: i64) -> Self {
        Self {
            tv_sec: time.div_euclid(1_000_000_000),
            tv_nsec: time.rem_euclid(1_000_000_000),
        }
    }
}

/// `struct stat`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// The file system.
    pub st_dev: u64,
    /// The file's number there.
    pub st_ino: u64,
    /// Names it has.
    pub st_nlink: u64,
    /// Type and permissions.
    pub st_mode: u32,
    /// Owner.
    pub st_uid: u32,
    /// Group.
    pub st_gid: u32,
    /// 0.
    pub reserved0: u32,
    /// Which device it is.
    pub st_rdev: u64,
    /// Bytes.
    pub st_size: i64,
    /// Bytes that are best moved at once.
    pub st_blksize: i64,
    /// Memory it takes, in units of 512 bytes.
    pub st_blocks: i64,
    /// Last read.
    pub st_atim: Timespec,
    /// Last write.
    pub st_mtim: Timespec,
    /// Last change of content or properties.
    pub st_ctim: Timespec,
    /// 0.
    pub reserved1: [i64; 3],
}

const _: () = {
    assert!(size_of::<Stat>() == 144);
    assert!(core::mem::offset_of!(Stat, st_size) == 48);
    assert!(core::mem::offset_of!(Stat, st_ctim) == 104);
};

/// `struct pollfd`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PollFd {
    /// The descriptor; a negative one is passed over.
    pub fd: i32,
    /// What is waited for.
    pub events: i16,
    /// What there is.
    pub revents: i16,
}

/// There is something to read.
pub const POLLIN: i16 = 0x001;
/// A write would not wait.
pub const POLLOUT: i16 = 0x004;
/// The reading end of the pipe is closed.
pub const POLLERR: i16 = 0x008;
/// The writing end of the pipe is closed.
pub const POLLHUP: i16 = 0x010;
/// The descriptor is not open.
pub const POLLNVAL: i16 = 0x020;
/// As `POLLIN` here.
pub const POLLRDNORM: i16 = 0x040;
/// As `POLLOUT` here.
pub const POLLWRNORM: i16 = 0x100;
