//! File descriptors and the files behind them.

use crate::errno::{Errno, Result};

/// Read into `bytes`; 0 is end of file.
///
/// # Errors
/// As POSIX `read`.
pub fn read(fd: i32, _bytes: &mut [u8]) -> Result<usize> {
    if fd == 0 { Ok(0) } else { Err(Errno::EBADF) }
}

/// Write `bytes`, possibly fewer than all.
///
/// # Errors
/// As POSIX `write`.
pub fn write(fd: i32, bytes: &[u8]) -> Result<usize> {
    if !(1..=2).contains(&fd) {
        return Err(Errno::EBADF);
    }
    crate::platform::console_write(bytes);
    Ok(bytes.len())
}

/// Move the offset of a descriptor.
///
/// # Errors
/// As POSIX `lseek`; `ESPIPE` on the console.
pub fn seek(fd: i32, _offset: i64, _whence: i32) -> Result<i64> {
    if (0..=2).contains(&fd) {
        Err(Errno::ESPIPE)
    } else {
        Err(Errno::EBADF)
    }
}

/// Open `path`.
///
/// # Errors
/// As POSIX `open`.
pub fn open(_path: &[u8], _flags: i32, _mode: u32) -> Result<i32> {
    Err(Errno::ENOENT)
}

/// Close a descriptor.
///
/// # Errors
/// `EBADF`: `fd` is not open.
pub fn close(_fd: i32) -> Result<()> {
    Err(Errno::EBADF)
}
