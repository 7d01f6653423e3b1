//! Block devices: each is a descriptor of the host, of a file or a disk. The
//! tender's filter lets through whole blocks inside the device and nothing else.

use super::sys;
use crate::machine::Error;
use crate::manifest::Block;

/// Write one block.
///
/// # Errors
/// [`Error::Invalid`]: offset or size; [`Error::Unspecified`]: the host could
/// not do it, or not all of it.
pub fn write(device: &Block, offset: u64, block: &[u8]) -> Result<(), Error> {
    device.check(offset, block.len())?;
    whole(block.len(), || sys::pwrite(device.host, block, offset))
}

/// Read one block.
///
/// # Errors
/// As [`write`].
pub fn read(device: &Block, offset: u64, block: &mut [u8]) -> Result<(), Error> {
    device.check(offset, block.len())?;
    whole(block.len(), || sys::pread(device.host, block, offset))
}

fn whole(len: usize, mut transfer: impl FnMut() -> isize) -> Result<(), Error> {
    loop {
        match transfer() {
            sys::EINTR => {}
            moved if moved == len as isize => return Ok(()),
            _ => return Err(Error::Unspecified),
        }
    }
}
