//! Network devices: each is a descriptor of the host that never blocks.

use super::sys;
use crate::machine::Error;
use crate::manifest::Net;

/// Send one frame. One that the host has no room for is lost.
///
/// # Errors
/// [`Error::Invalid`]: the size; [`Error::Unspecified`]: the host refused it.
pub fn write(net: &Net, frame: &[u8]) -> Result<(), Error> {
    net.check_frame(frame)?;
    loop {
        match sys::write(net.host, frame) {
            sys::EINTR => {}
            sys::EAGAIN | sys::ENOBUFS => return Ok(()),
            written if written == frame.len() as isize => return Ok(()),
            _ => return Err(Error::Unspecified),
        }
    }
}

/// Receive one frame and answer its size.
///
/// # Errors
/// [`Error::Again`]: none is there; [`Error::Invalid`]: the size;
/// [`Error::Unspecified`]: the host failed.
pub fn read(net: &Net, buffer: &mut [u8]) -> Result<usize, Error> {
    net.check_buffer(buffer)?;
    loop {
        match sys::read(net.host, buffer) {
            sys::EINTR => {}
            0 | sys::EAGAIN => return Err(Error::Again),
            len => {
                let len = usize::try_from(len).map_err(|_| Error::Unspecified)?;
                return if len <= buffer.len() {
                    Ok(len)
                } else {
                    Err(Error::Unspecified)
                };
            }
        }
    }
}
