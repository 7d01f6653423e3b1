//! The host's libc: -1 and `errno`, as C has it.

use super::*;

pub const O_PATH: i32 = libc::O_PATH;

pub fn openat(at: i32, path: &CString, flags: i32, mode: u32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::openat(at, path.as_ptr(), flags | libc::O_CLOEXEC, mode) }.into()
}

pub fn close(fd: i32) -> i64 {
    // SAFETY: the test's own descriptor, or -1.
    unsafe { libc::close(fd) }.into()
}

pub fn read(fd: i32, bytes: &mut [u8]) -> i64 {
    // SAFETY: room for so many bytes.
    unsafe { libc::read(fd, bytes.as_mut_ptr().cast(), bytes.len()) as i64 }
}

pub fn pread(fd: i32, bytes: &mut [u8], offset: u64) -> i64 {
    let len = bytes.len();
    // SAFETY: room for so many bytes.
    unsafe { libc::pread(fd, bytes.as_mut_ptr().cast(), len, offset as i64) as i64 }
}

pub fn write(fd: i32, bytes: &[u8]) -> i64 {
    // SAFETY: so many bytes.
    unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) as i64 }
}

pub fn pwrite(fd: i32, bytes: &[u8], offset: u64) -> i64 {
    // SAFETY: so many bytes.
    unsafe { libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset as i64) as i64 }
}

pub fn lseek(fd: i32, offset: i64, whence: i32) -> i64 {
    // SAFETY: it has no requirements.
    unsafe { libc::lseek(fd, offset, whence) }
}

pub fn ftruncate(fd: i32, len: i64) -> i64 {
    // SAFETY: it has no requirements.
    unsafe { libc::ftruncate(fd, len) }.into()
}

pub fn dup(fd: i32) -> i64 {
    // SAFETY: it has no requirements.
    unsafe { libc::dup(fd) }.into()
}

/// Where the descriptor `at` is, and `path` there.
fn below(at: i32, path: &CString) -> CString {
    let path = path.to_str().unwrap();
    // An empty path stays one: it is an error.
    let whole = if path.is_empty() {
        String::new()
    } else {
        format!("/proc/self/fd/{at}/{path}")
    };
    CString::new(whole).unwrap()
}

pub fn truncate(at: i32, path: &CString, len: i64) -> i64 {
    // SAFETY: a string.
    unsafe { libc::truncate(below(at, path).as_ptr(), len) }.into()
}

pub fn mkdirat(at: i32, path: &CString, mode: u32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::mkdirat(at, path.as_ptr(), mode) }.into()
}

pub fn mkfifoat(at: i32, path: &CString, mode: u32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::mkfifoat(at, path.as_ptr(), mode) }.into()
}

pub fn unlinkat(at: i32, path: &CString, flags: i32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::unlinkat(at, path.as_ptr(), flags) }.into()
}

pub fn renameat(at: i32, old: &CString, new: &CString) -> i64 {
    // SAFETY: strings.
    unsafe { libc::renameat(at, old.as_ptr(), at, new.as_ptr()) }.into()
}

pub fn linkat(at: i32, old: &CString, new: &CString) -> i64 {
    // SAFETY: strings.
    unsafe { libc::linkat(at, old.as_ptr(), at, new.as_ptr(), 0) }.into()
}

pub fn symlinkat(at: i32, target: &CString, path: &CString) -> i64 {
    // SAFETY: strings.
    unsafe { libc::symlinkat(target.as_ptr(), at, path.as_ptr()) }.into()
}

pub fn readlinkat(at: i32, path: &CString, bytes: &mut [u8]) -> i64 {
    let (to, len) = (bytes.as_mut_ptr(), bytes.len());
    // SAFETY: a string, and room for so many bytes.
    unsafe { libc::readlinkat(at, path.as_ptr(), to.cast(), len) as i64 }
}

pub fn fstatat(at: i32, path: &CString, follow: bool) -> (i64, libc::stat) {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: a string, and room for the answer, for which zeroes are valid.
    unsafe {
        let mut status = std::mem::zeroed();
        let done = libc::fstatat(at, path.as_ptr(), &mut status, flags);
        (done.into(), status)
    }
}

pub fn faccessat(at: i32, path: &CString, mode: i32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::faccessat(at, path.as_ptr(), mode, 0) }.into()
}

pub fn fchmodat(at: i32, path: &CString, mode: u32) -> i64 {
    // SAFETY: a string.
    unsafe { libc::fchmodat(at, path.as_ptr(), mode, 0) }.into()
}

/// So deep below it the comparison happens that no path of a test, with its
/// "..", leads out.
pub const DEPTH: usize = 24;

/// A directory that goes away with its owner.
pub struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    pub fn new() -> Self {
        let shared = Path::new("/dev/shm");
        let base = if shared.is_dir() {
            shared.into()
        } else {
            std::env::temp_dir()
        };
        let path = base.join(format!("nolibc-files-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("r/".repeat(DEPTH))).unwrap();
        // SAFETY: it has no requirements.
        unsafe { libc::umask(0o022) };
        Self(path)
    }

    pub fn open(&self) -> i32 {
        let inner = self.0.join("r/".repeat(DEPTH));
        let path = CString::new(inner.as_os_str().as_bytes()).unwrap();
        let fd = openat(libc::AT_FDCWD, &path, O_DIRECTORY | O_PATH, 0);
        assert!(fd >= 0);
        fd as i32
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}
