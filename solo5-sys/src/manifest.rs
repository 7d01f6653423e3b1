//! The application manifest, and who took which of its devices.
//!
//! A device's handle is its index in the manifest. A tender fills in what it
//! attached; what it wrote is copied and checked whenever it is used.
//!
//! Source: Solo5 0.12.1 `include/mft_abi.h`, manifest version 1; 0.7.2's is the
//! same.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};

use crate::abi::{BlockInfo, Handle, HandleSet, NAME_SIZE, NetInfo};
use crate::machine::Error;

/// `MFT_VERSION`
const VERSION: u32 = 1;
/// `MFT_MAX_ENTRIES`: as many as a set of handles has bits.
pub const MAX_ENTRIES: usize = 64;

/// `mft_type_t`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// `MFT_DEV_BLOCK_BASIC`
    Block = 1,
    /// `MFT_DEV_NET_BASIC`
    Net = 2,
}

/// A device of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its index there.
    pub index: usize,
    /// How many of its kind come before it.
    pub nth: usize,
}

/// `SOLO5_NET_HLEN`
pub const HEADER_LEN: usize = 14;

/// The front of `struct mft`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Header {
    version: u32,
    entries: u32,
}

/// `struct mft_entry`
#[repr(C)]
#[derive(Clone, Copy)]
struct Entry {
    name: [u8; NAME_SIZE],
    kind: u32,
    /// The size of a block device, or the address and mtu of a network.
    properties: [u8; 16],
    /// The host's descriptor, where the tender is a process.
    host: u64,
    attached: u8,
    padding: [u8; 7],
}

const _: () = {
    assert!(size_of::<Header>() == 8);
    assert!(size_of::<Entry>() == 104);
    assert!(offset_of!(Entry, kind) == 68);
    assert!(offset_of!(Entry, properties) == 72);
    assert!(offset_of!(Entry, host) == 88);
    assert!(offset_of!(Entry, attached) == 96);
};

/// Bytes of the longest manifest.
pub const MAX_SIZE: usize = size_of::<Header>() + MAX_ENTRIES * size_of::<Entry>();

/// A network device.
#[derive(Clone, Copy, Debug)]
pub struct Net {
    /// The host's descriptor.
    pub host: c_int,
    /// What the program is told.
    pub info: NetInfo,
}

impl Net {
    /// Whether `frame` can be sent.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it has no header, or is too long.
    pub fn check_frame(&self, frame: &[u8]) -> Result<(), Error> {
        check_frame(self.info.mtu, frame)
    }

    /// Whether any frame fits into `buffer`.
    ///
    /// # Errors
    /// [`Error::Invalid`]: not every one.
    pub fn check_buffer(&self, buffer: &[u8]) -> Result<(), Error> {
        check_buffer(self.info.mtu, buffer)
    }
}

/// Whether `frame` can be sent to a device of this mtu.
///
/// # Errors
/// [`Error::Invalid`]: it has no header, or is too long.
pub fn check_frame(mtu: usize, frame: &[u8]) -> Result<(), Error> {
    if (HEADER_LEN..=mtu + HEADER_LEN).contains(&frame.len()) {
        Ok(())
    } else {
        Err(Error::Invalid)
    }
}

/// Whether any frame of a device of this mtu fits into `buffer`.
///
/// # Errors
/// [`Error::Invalid`]: not every one.
pub fn check_buffer(mtu: usize, buffer: &[u8]) -> Result<(), Error> {
    if buffer.len() < mtu + HEADER_LEN {
        return Err(Error::Invalid);
    }
    Ok(())
}

/// A block device.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The host's descriptor.
    pub host: c_int,
    /// What the program is told.
    pub info: BlockInfo,
}

impl Block {
    /// Whether `len` bytes at `offset` are one block of the device.
    ///
    /// # Errors
    /// [`Error::Invalid`]: they are not.
    pub fn check(&self, offset: u64, len: usize) -> Result<(), Error> {
        check_block(&self.info, offset, len)
    }
}

/// Whether `len` bytes at `offset` are one block of such a device.
///
/// # Errors
/// [`Error::Invalid`]: they are not.
pub fn check_block(info: &BlockInfo, offset: u64, len: usize) -> Result<(), Error> {
    let BlockInfo {
        capacity,
        block_size,
    } = *info;
    let last = capacity.checked_sub(block_size).ok_or(Error::Invalid)?;
    let aligned = offset.checked_rem(block_size) == Some(0);
    if len as u64 != block_size || offset > last || !aligned {
        return Err(Error::Invalid);
    }
    Ok(())
}

/// The manifest in use.
pub struct Devices {
    entries: AtomicPtr<Entry>,
    count: AtomicUsize,
    taken: AtomicU64,
}

impl Devices {
    /// No device at all.
    pub const fn new() -> Self {
        Self {
            entries: AtomicPtr::new(ptr::null_mut()),
            count: AtomicUsize::new(0),
            taken: AtomicU64::new(0),
        }
    }

    /// Use the manifest at `start`, of at most `len` bytes. One that is none is
    /// left alone.
    ///
    /// # Safety
    /// The bytes can be read from now on, as long as the machine runs.
    pub unsafe fn set(&self, start: *const u8, len: usize) {
        let Some(room) = len.checked_sub(size_of::<Header>()) else {
            return;
        };
        // SAFETY: `len` bytes can be read, and so many are a header's.
        let header = unsafe { start.cast::<Header>().read_unaligned() };
        let count = header.entries as usize;
        if header.version != VERSION || count > MAX_ENTRIES.min(room / size_of::<Entry>()) {
            return;
        }
        let entries = start.wrapping_add(size_of::<Header>()).cast_mut().cast();
        self.entries.store(entries, Ordering::Relaxed);
        self.count.store(count, Ordering::Relaxed);
    }

    /// Use the manifest of the note at `start`, of `len` bytes, as it lies in an image.
    ///
    /// # Safety
    /// As [`set`](Self::set).
    pub unsafe fn set_note(&self, start: *const u8, len: usize) {
        // The note's own, and what aligns the manifest.
        const HEADER: usize = 24;
        // SAFETY: this function's contract.
        unsafe { self.set(start.wrapping_add(HEADER), len.saturating_sub(HEADER)) };
    }

    fn entry(&self, index: usize) -> Option<Entry> {
        if index >= self.count.load(Ordering::Relaxed) {
            return None;
        }
        let entries = self.entries.load(Ordering::Relaxed);
        // SAFETY: `set` has seen that so many entries can be read.
        Some(unsafe { entries.wrapping_add(index).read_unaligned() })
    }

    /// The device of this kind that is called `name`.
    pub fn find(&self, kind: Kind, name: &[u8]) -> Option<Place> {
        let mut nth = 0;
        for index in 0..self.count.load(Ordering::Relaxed) {
            let entry = self.entry(index)?;
            if entry.kind != kind as u32 {
                continue;
            }
            let len = entry.name.iter().position(|&byte| byte == 0)?;
            if entry.name.get(..len) == Some(name) {
                return Some(Place { index, nth });
            }
            nth += 1;
        }
        None
    }

    /// How many entries there are: the first one is no device.
    pub fn entries(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// How many network devices and block devices there are.
    pub fn counts(&self) -> (usize, usize) {
        let count = |kind| self.places(kind).count();
        (count(Kind::Net), count(Kind::Block))
    }

    /// The indices of the devices of this kind.
    fn places(&self, kind: Kind) -> impl Iterator<Item = usize> {
        let is_kind = move |index: &usize| {
            let entry = self.entry(*index);
            entry.is_some_and(|entry| entry.kind == kind as u32)
        };
        (0..self.count.load(Ordering::Relaxed)).filter(is_kind)
    }

    /// How many devices of its kind come before the one behind a handle.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it was never given out for one.
    pub fn nth(&self, kind: Kind, handle: Handle) -> Result<usize, Error> {
        let index = self.index(handle)?;
        let nth = self.places(kind).position(|place| place == index);
        nth.ok_or(Error::Invalid)
    }

    /// The handles of those devices of this kind whose [`nth`](Devices::nth) is a
    /// bit of `places`.
    pub fn handles(&self, kind: Kind, places: u64) -> HandleSet {
        let chosen = self.places(kind).enumerate();
        let chosen = chosen.filter(|(nth, _)| places >> nth & 1 != 0);
        chosen.fold(0, |set, (_, index)| set | 1 << index)
    }

    /// Take the device at `index`.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it is taken.
    pub fn take(&self, index: usize) -> Result<Handle, Error> {
        let bit = 1 << index;
        if self.taken.fetch_or(bit, Ordering::Relaxed) & bit != 0 {
            return Err(Error::Invalid);
        }
        Ok(index as Handle)
    }

    /// The index of the entry behind a handle that was given out.
    fn index(&self, handle: Handle) -> Result<usize, Error> {
        let bit = u32::try_from(handle).ok().and_then(|n| 1u64.checked_shl(n));
        match bit {
            Some(bit) if self.taken.load(Ordering::Relaxed) & bit != 0 => Ok(handle as usize),
            _ => Err(Error::Invalid),
        }
    }

    /// Take the network device called `name`, if the tender attached it.
    ///
    /// # Errors
    /// [`Error::Invalid`]: there is none, or it is taken; [`Error::Unspecified`]:
    /// it is not attached.
    pub fn take_net(&self, name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        let index = self.find(Kind::Net, name).ok_or(Error::Invalid)?.index;
        let net = self.entry(index).and_then(Entry::net);
        let net = net.ok_or(Error::Unspecified)?;
        Ok((self.take(index)?, net.info))
    }

    /// Take the block device called `name`, if the tender attached it.
    ///
    /// # Errors
    /// As [`take_net`](Devices::take_net).
    pub fn take_block(&self, name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        let index = self.find(Kind::Block, name).ok_or(Error::Invalid)?.index;
        let block = self.entry(index).and_then(Entry::block);
        let block = block.ok_or(Error::Unspecified)?;
        Ok((self.take(index)?, block.info))
    }

    /// The network device behind a handle.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it was never given out for one.
    pub fn net(&self, handle: Handle) -> Result<Net, Error> {
        let entry = self.entry(self.index(handle)?);
        entry.and_then(Entry::net).ok_or(Error::Invalid)
    }

    /// The block device behind a handle.
    ///
    /// # Errors
    /// [`Error::Invalid`]: it was never given out for one.
    pub fn block(&self, handle: Handle) -> Result<Block, Error> {
        let entry = self.entry(self.index(handle)?);
        entry.and_then(Entry::block).ok_or(Error::Invalid)
    }
}

impl Default for Devices {
    fn default() -> Self {
        Self::new()
    }
}

impl Entry {
    fn net(self) -> Option<Net> {
        let [a, b, c, d, e, f, low, high, ..] = self.properties;
        (self.kind == Kind::Net as u32 && self.attached == 1).then_some(Net {
            host: self.host as c_int,
            info: NetInfo {
                mac_address: [a, b, c, d, e, f],
                mtu: u16::from_le_bytes([low, high]).into(),
            },
        })
    }

    fn block(self) -> Option<Block> {
        let (capacity, rest) = self.properties.split_first_chunk()?;
        let info = BlockInfo {
            capacity: u64::from_le_bytes(*capacity),
            block_size: u16::from_le_bytes(*rest.first_chunk()?).into(),
        };
        let usable = info.block_size != 0 && info.capacity >= info.block_size;
        (self.kind == Kind::Block as u32 && self.attached == 1 && usable).then_some(Block {
            host: self.host as c_int,
            info,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NET: u32 = Kind::Net as u32;
    const BLOCK: u32 = Kind::Block as u32;

    fn entry(name: &str, kind: u32) -> Entry {
        let mut entry = Entry {
            name: [0; NAME_SIZE],
            kind,
            properties: [0; 16],
            host: 7,
            attached: 1,
            padding: [0; 7],
        };
        entry.name[..name.len()].copy_from_slice(name.as_bytes());
        if kind == NET {
            entry.properties[..8].copy_from_slice(&[2, 0, 0, 0, 0, 9, 0xdc, 5]);
        } else {
            entry.properties[..10].copy_from_slice(&[0, 8, 0, 0, 0, 0, 0, 0, 0, 2]);
        }
        entry
    }

    /// As it lies in memory, at an odd address.
    fn bytes(version: u32, count: u32, entries: &[Entry]) -> &'static [u8] {
        let mut bytes = vec![0u8];
        bytes.extend(version.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        for entry in entries {
            bytes.extend(entry.name);
            bytes.extend(entry.kind.to_le_bytes());
            bytes.extend(entry.properties);
            bytes.extend(entry.host.to_le_bytes());
            bytes.push(entry.attached);
            bytes.extend(entry.padding);
        }
        &Box::leak(bytes.into_boxed_slice())[1..]
    }

    fn devices(version: u32, count: u32, entries: &[Entry]) -> Devices {
        let devices = Devices::new();
        let bytes = bytes(version, count, entries);
        // SAFETY: leaked, so they stay.
        unsafe { devices.set(bytes.as_ptr(), bytes.len()) };
        devices
    }

    #[test]
    fn a_device_is_taken_once_and_by_its_name() {
        let first = entry("", 1 << 30);
        let devices = devices(1, 3, &[first, entry("net", NET), entry("disk", BLOCK)]);
        assert_eq!(devices.counts(), (1, 1));
        assert_eq!(devices.net(1).unwrap_err(), Error::Invalid);
        let (handle, info) = devices.take_net(b"net").unwrap();
        assert_eq!((handle, info.mtu), (1, 1500));
        assert_eq!(info.mac_address, [2, 0, 0, 0, 0, 9]);
        assert_eq!(devices.take_net(b"net").unwrap_err(), Error::Invalid);
        assert_eq!(devices.take_net(b"ne").unwrap_err(), Error::Invalid);
        assert_eq!(devices.take_net(b"disk").unwrap_err(), Error::Invalid);
        assert_eq!(devices.take_net(b"").unwrap_err(), Error::Invalid);
        assert_eq!(devices.net(1).unwrap().host, 7);
        assert_eq!(devices.block(1).unwrap_err(), Error::Invalid);
        for handle in [0, 2, 3, 63, 64, 65, 1 << 32 | 1, u64::MAX] {
            assert_eq!(devices.net(handle).unwrap_err(), Error::Invalid, "{handle}");
        }
        let (handle, info) = devices.take_block(b"disk").unwrap();
        assert_eq!((handle, info.capacity, info.block_size), (2, 2048, 512));
        assert_eq!(devices.nth(Kind::Block, 2), Ok(0));
        assert_eq!(devices.nth(Kind::Net, 2), Err(Error::Invalid));
        assert_eq!(devices.handles(Kind::Net, 0b11), 0b10);
    }

    #[test]
    fn what_is_no_manifest_has_no_devices() {
        let full = [entry("net", NET), entry("disk", BLOCK)];
        for (version, count) in [(0, 2), (2, 2), (1, 3), (1, 65), (1, u32::MAX)] {
            let devices = devices(version, count, &full);
            assert_eq!(devices.take_net(b"net").unwrap_err(), Error::Invalid);
        }
        let empty = Devices::new();
        // SAFETY: no byte is said to be readable.
        unsafe { empty.set(ptr::null(), 7) };
        assert_eq!(empty.counts(), (0, 0));
    }

    #[test]
    fn what_a_tender_left_out_is_not_there() {
        let mut loose = entry("net", NET);
        loose.attached = 0;
        let mut odd = entry("disk", BLOCK);
        odd.properties[8..10].fill(0);
        let mut small = entry("small", BLOCK);
        small.properties[..8].copy_from_slice(&511u64.to_le_bytes());
        let mut endless = entry("x", NET);
        endless.name.fill(b'x');
        let devices = devices(1, 4, &[loose, odd, small, endless]);
        assert_eq!(devices.take_net(b"net").unwrap_err(), Error::Unspecified);
        assert_eq!(devices.take_block(b"disk").unwrap_err(), Error::Unspecified);
        assert_eq!(
            devices.take_block(b"small").unwrap_err(),
            Error::Unspecified
        );
        assert_eq!(devices.take_net(&[b'x'; 68]).unwrap_err(), Error::Invalid);
    }

    #[test]
    fn sizes_and_offsets_are_checked() {
        let info = BlockInfo {
            capacity: 1300,
            block_size: 512,
        };
        assert_eq!(check_block(&info, 512, 512), Ok(()));
        for (offset, len) in [
            (0, 511),
            (0, 513),
            (0, 1024),
            (0, 0),
            (1, 512),
            (1024, 512),
            (u64::MAX - 511, 512),
        ] {
            let checked = check_block(&info, offset, len);
            assert_eq!(checked, Err(Error::Invalid), "{offset} {len}");
        }
        let bytes = [0; 1600];
        for len in [0, 13, 1515] {
            assert_eq!(check_frame(1500, &bytes[..len]), Err(Error::Invalid));
        }
        assert_eq!(check_frame(1500, &bytes[..14]), Ok(()));
        assert_eq!(check_frame(1500, &bytes[..1514]), Ok(()));
        assert_eq!(check_buffer(1500, &bytes[..1513]), Err(Error::Invalid));
        assert_eq!(check_buffer(1500, &bytes), Ok(()));
    }
}
