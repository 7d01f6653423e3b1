//! Network devices, by hypercalls.

use core::ffi::c_int;

use super::call::{self, NetRead, NetWrite, borrow, lend};
use crate::abi::{self, Handle};
use crate::machine::Error;
use crate::manifest::Net;

/// What the tender answers as an error of ours.
fn check(result: c_int) -> Result<(), Error> {
    const AGAIN: c_int = Error::Again.raw();
    const INVALID: c_int = Error::Invalid.raw();
    match result {
        abi::OK => Ok(()),
        AGAIN => Err(Error::Again),
        INVALID => Err(Error::Invalid),
        _ => Err(Error::Unspecified),
    }
}

/// Send one frame.
///
/// # Errors
/// [`Error::Invalid`]: the size; or what the tender says.
pub fn write(handle: Handle, net: &Net, frame: &[u8]) -> Result<(), Error> {
    net.check_frame(frame)?;
    let call = lend(frame, |data| {
        call::make(NetWrite {
            handle,
            data,
            len: frame.len(),
            result: -1,
        })
    })?;
    check(call.result)
}

/// Receive one frame and answer its size.
///
/// # Errors
/// [`Error::Again`]: none is there; [`Error::Invalid`]: the size; or what the
/// tender says.
pub fn read(handle: Handle, net: &Net, buffer: &mut [u8]) -> Result<usize, Error> {
    net.check_buffer(buffer)?;
    let room = buffer.len();
    let call = borrow(buffer, |data| {
        call::make(NetRead {
            handle,
            data,
            len: room,
            result: -1,
        })
    })?;
    check(call.result)?;
    if call.len > room {
        return Err(Error::Unspecified);
    }
    Ok(call.len)
}
