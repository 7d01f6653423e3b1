//! The file behind `fmemopen`.

use super::{Device, Mode, Storage};
use crate::errno::{Errno, Result};

/// A file of fixed size in memory.
pub struct MemoryFile {
    storage: Storage,
    /// How much of it is the file's content.
    len: usize,
    at: usize,
    appends: bool,
    /// A terminator follows what is written.
    text: bool,
}

impl MemoryFile {
    /// A file in `storage`, which is the program's or was made for it.
    pub fn new(mut storage: Storage, mode: Mode, binary: bool) -> Self {
        let own = matches!(storage, Storage::Own(_));
        let bytes = storage.bytes();
        let end = bytes.iter().position(|&byte| byte == 0);
        let len = match (mode.truncates(), mode.appends()) {
            (true, _) => 0,
            (_, true) => end.unwrap_or(bytes.len()),
            _ if own => 0,
            _ => bytes.len(),
        };
        if mode.truncates()
            && let Some(first) = bytes.first_mut()
        {
            *first = 0;
        }
        Self {
            storage,
            len,
            at: if mode.appends() { len } else { 0 },
            appends: mode.appends(),
            text: mode.writable && !binary,
        }
    }
}

impl Device for MemoryFile {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        let held = self
            .storage
            .bytes()
            .get(self.at..self.len)
            .unwrap_or_default();
        let count = held.len().min(bytes.len());
        for (place, byte) in bytes.iter_mut().zip(held) {
            *place = *byte;
        }
        self.at += count;
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.appends {
            self.at = self.len;
        }
        let memory = self.storage.bytes();
        let room = memory.get_mut(self.at..).unwrap_or_default();
        let count = room.len().min(bytes.len());
        if count == 0 {
            return Err(Errno::ENOSPC);
        }
        for (place, byte) in room.iter_mut().zip(bytes) {
            *place = *byte;
        }
        self.at += count;
        if self.at > self.len {
            self.len = self.at;
            if self.text
                && let Some(place) = memory.get_mut(self.len)
            {
                *place = 0;
            }
        }
        Ok(count)
    }

    fn seek(&mut self, offset: i64, whence: i32) -> Result<i64> {
        let base = match whence {
            0 => 0,
            1 => self.at,
            _ => self.len,
        };
        let place = i64::try_from(base)
            .ok()
            .and_then(|base| base.checked_add(offset));
        let place = place.ok_or(Errno::EOVERFLOW)?;
        let at = usize::try_from(place).map_err(|_| Errno::EINVAL)?;
        if at > self.storage.bytes().len() {
            return Err(Errno::EINVAL);
        }
        self.at = at;
        Ok(place)
    }

    fn close(&mut self) -> Result<()> {
        Ok(())
    }
}
