//! Block devices, by hypercalls.

use super::call::{self, BlockRead, BlockWrite, borrow, lend};
use crate::abi::{self, Handle};
use crate::machine::Error;
use crate::manifest::Block;

/// Write one block.
///
/// # Errors
/// [`Error::Invalid`]: offset or size; [`Error::Unspecified`]: the tender could
/// not do it.
pub fn write(handle: Handle, device: &Block, offset: u64, block: &[u8]) -> Result<(), Error> {
    let len = block.len();
    device.check(offset, len)?;
    let call = lend(block, |data| {
        call::make(BlockWrite {
            handle,
            offset,
            data,
            len,
            result: -1,
        })
    })?;
    done(call.result == abi::OK)
}

/// Read one block.
///
/// # Errors
/// As [`write`].
pub fn read(handle: Handle, device: &Block, offset: u64, block: &mut [u8]) -> Result<(), Error> {
    let len = block.len();
    device.check(offset, len)?;
    let call = borrow(block, |data| {
        call::make(BlockRead {
            handle,
            offset,
            data,
            len,
            result: -1,
        })
    })?;
    done(call.result == abi::OK && call.len == len)
}

fn done(whole: bool) -> Result<(), Error> {
    if whole {
        Ok(())
    } else {
        Err(Error::Unspecified)
    }
}
