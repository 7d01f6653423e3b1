//! `<stdio.h>`
//!
//! `FILE` is [`Stream`]. Every function locks its stream, the `_unlocked` ones
//! too: a lock that the thread has already costs next to nothing.

pub mod block;
pub mod character;
pub mod memory;
pub mod name;
pub mod open;
pub mod position;
pub mod print;
pub mod scan;

use core::ffi::c_int;

use super::result::set_errno;
use super::signal::{self, SIGPIPE};
use crate::errno::{Errno, Result};
use crate::stream::{CLOSED, STDERR, STDIN, STDOUT, Stream};

/// `stdin`
#[unsafe(no_mangle)]
pub static stdin: &Stream = &STDIN;
/// `stdout`
#[unsafe(no_mangle)]
pub static stdout: &Stream = &STDOUT;
/// `stderr`
#[unsafe(no_mangle)]
pub static stderr: &Stream = &STDERR;

/// `EOF`
pub const EOF: c_int = -1;

/// The stream behind a `FILE *`; one that is closed for null.
///
/// # Safety
/// `stream` is null or came from a function of this library.
pub(in crate::c) unsafe fn borrow(stream: *mut Stream) -> &'static Stream {
    // SAFETY: streams are never freed.
    unsafe { stream.as_ref() }.unwrap_or(&CLOSED)
}

/// The value, or `EOF` with `errno`; `EOF` alone for `None`.
pub(super) fn or_eof(result: Result<Option<u8>>) -> c_int {
    match result {
        Ok(Some(byte)) => byte.into(),
        Ok(None) => EOF,
        Err(error) => eof(error),
    }
}

/// `EOF`, with `errno`.
pub(in crate::c) fn eof(error: Errno) -> c_int {
    fail(error);
    EOF
}

/// Set `errno`; a pipe that nobody reads sends `SIGPIPE` before, as `write` does.
///
/// To be called without the stream's lock, since a handler may run.
pub(in crate::c) fn fail(error: Errno) {
    if error == Errno::EPIPE {
        signal::send(SIGPIPE);
    }
    set_errno(error);
}
