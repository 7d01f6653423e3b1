//! The mode argument of `fopen`.

use crate::errno::{Errno, Result};

/// How a stream is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode {
    /// Input is allowed.
    pub readable: bool,
    /// Output is allowed.
    pub writable: bool,
    kind: u8,
    exclusive: bool,
    close_on_exec: bool,
}

impl Mode {
    /// Of a standard stream.
    pub const fn standard(readable: bool) -> Self {
        Self {
            readable,
            writable: !readable,
            kind: if readable { b'r' } else { b'w' },
            exclusive: false,
            close_on_exec: false,
        }
    }

    /// Read `r`, `w` or `a` and what follows it.
    ///
    /// # Errors
    /// `EINVAL`: it begins with none of these.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let (&kind, rest) = text.split_first().ok_or(Errno::EINVAL)?;
        if !matches!(kind, b'r' | b'w' | b'a') {
            return Err(Errno::EINVAL);
        }
        // What follows a comma (glibc's `ccs=`) is not ours.
        let end = rest
            .iter()
            .position(|&byte| byte == b',')
            .unwrap_or(rest.len());
        let has = |letter| rest.iter().take(end).any(|&byte| byte == letter);
        let update = has(b'+');
        Ok(Self {
            readable: kind == b'r' || update,
            writable: kind != b'r' || update,
            kind,
            exclusive: has(b'x'),
            close_on_exec: has(b'e'),
        })
    }

    /// Whether everything is written at the end.
    pub fn appends(self) -> bool {
        self.kind == b'a'
    }

    /// Whether the file becomes empty.
    pub fn truncates(self) -> bool {
        self.kind == b'w'
    }

    /// The flags for `open`, with the values of Linux on x86_64.
    pub fn flags(self) -> i32 {
        let access = match (self.readable, self.writable) {
            (true, true) => 2,
            (false, _) => 1,
            _ => 0,
        };
        let (create, exclusive, truncate, append, close_on_exec) =
            (0o100, 0o200, 0o1000, 0o2000, 0o2_000_000);
        access
            | match self.kind {
                b'w' => create | truncate,
                b'a' => create | append,
                _ => 0,
            }
            | if self.exclusive { exclusive } else { 0 }
            | if self.close_on_exec { close_on_exec } else { 0 }
    }
}
