//! Block devices: virtual disks that a back end in another domain serves.
//!
//! A disk is named by the key `name` of its directory in xenstore, or else by its
//! virtual device, `xvda` to `xvdz`. Every request moves one block through a page
//! that the back end may use as long as the device lives; so what the program reads
//! and writes is its own memory, and the back end sees nothing else. A back end that
//! answers nonsense, or not in time, has broken the device for good.
//!
//! Source: Xen 4.17, `xen/include/public/io/blkif.h`.

use core::sync::atomic::Ordering::Relaxed;

use solo5_sys::Machine;
use solo5_sys::abi::{BlockInfo, Handle};
use solo5_sys::machine::{Errno, Error};

use crate::abi::PAGE;
use crate::front::{Front, Page};
use crate::grant::Access;
use crate::machine::{self, Xen};
use crate::place::{Owned, Place};
use crate::store::Client;
use crate::text::Text;
use crate::toolstack::{self, Backend, CONNECTED, INIT_WAIT, INITIALISED};
use crate::vbd::{self, Operation, READ_ONLY, SECTOR, SLOT};
use crate::{event, hypercall, sharing};

/// The most disks.
const DEVICES: usize = 4;
/// How long a request may take, in nanoseconds.
const PATIENCE: u64 = 30_000_000_000;
/// Bytes of a block.
const BLOCK: usize = SECTOR as usize;

/// A disk in use.
struct Disk {
    front: Front,
    /// The number of the virtual device.
    number: u64,
    grant: u32,
    port: u32,
    sectors: u64,
    read_only: bool,
    broken: bool,
    next: u64,
}

struct Slot {
    ring: Page,
    data: Page,
    disk: Owned<Disk>,
}

static SLOTS: [Slot; DEVICES] = [const {
    Slot {
        ring: Page::new(),
        data: Page::new(),
        disk: Owned::new(),
    }
}; DEVICES];

/// `solo5_block_acquire`
///
/// # Errors
/// [`Error::Invalid`]: there is no such disk, or it is taken. [`Error::Unspecified`]:
/// no xenstore, no room for another disk, or the back end does not come up.
pub fn acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
    let found = toolstack::with(|store| toolstack::find(store, b"vbd", name, vbd::number_of));
    let number = found.map_err(|errno| match errno {
        Errno::ENOENT | Errno::EINVAL => Error::Invalid,
        _ => Error::Unspecified,
    })?;
    for slot in &SLOTS {
        let same = |disk: &Disk| disk.number == number;
        if slot
            .disk
            .with(PATIENCE, |disk| Ok(disk.as_ref().is_some_and(same)))?
        {
            return Err(Error::Invalid);
        }
    }
    for (handle, slot) in SLOTS.iter().enumerate() {
        let taken = slot.disk.with(PATIENCE, |place| {
            if place.as_ref().is_some() {
                return Ok(None);
            }
            let connected = toolstack::with(|store| connect(store, slot, handle as u32, number));
            let disk = connected.map_err(|_| Error::Unspecified)?;
            let info = BlockInfo {
                capacity: disk.sectors * SECTOR,
                block_size: SECTOR,
            };
            *place = Place::Taken(disk);
            Ok(Some(info))
        })?;
        if let Some(info) = taken {
            return Ok((handle as Handle, info));
        }
    }
    Err(Error::Unspecified)
}

type Store = Client<toolstack::Page>;

/// Connect the disk `number`, with the pages of `slot`.
fn connect(store: &mut Store, slot: &'static Slot, watch: u32, number: u64) -> Result<Disk, Errno> {
    let mut front = Text::new(b"device/vbd/");
    front.number(number);
    let backend = Backend::find(store, front.bytes(), watch)?;
    backend.await_state(store, &[INIT_WAIT, INITIALISED, CONNECTED])?;
    Front::begin(&slot.ring);
    let ring = sharing::permit(backend.domain, &slot.ring, Access::Write)?;
    let grant = sharing::permit(backend.domain, &slot.data, Access::Write)?;
    let port = hypercall::alloc_unbound(backend.domain)?;
    hypercall::unmask(port)?;
    let mut write = |key: &[u8], value: &[u8]| {
        let mut path = front;
        store.write(path.push(b"/").push(key).bytes(), value)
    };
    write(b"ring-ref", Text::new(b"").number(ring.into()).bytes())?;
    write(b"event-channel", Text::new(b"").number(port.into()).bytes())?;
    write(b"protocol", b"x86_64-abi")?;
    write(b"state", Text::new(b"").number(INITIALISED).bytes())?;
    backend.await_state(store, &[CONNECTED])?;
    let sectors = backend.number(store, b"/sectors")?;
    let info = backend.number(store, b"/info")?;
    if backend.number(store, b"/sector-size")? != SECTOR || sectors > u64::MAX / SECTOR {
        return Err(Errno::ENOSYS);
    }
    let mut path = front;
    let state = path.push(b"/state").bytes();
    store.write(state, Text::new(b"").number(CONNECTED).bytes())?;
    Ok(Disk {
        front: Front::new(SLOT),
        number,
        grant,
        port,
        sectors,
        read_only: info & READ_ONLY != 0,
        broken: false,
        next: 1,
    })
}

/// Check a request for the block at `offset`, of `len` bytes; `action` then runs it,
/// and moves the block before or after that.
fn transfer(
    handle: Handle,
    offset: u64,
    len: usize,
    operation: Operation,
    action: impl FnOnce(&Slot, &mut dyn FnMut() -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    let slot = usize::try_from(handle).ok().and_then(|at| SLOTS.get(at));
    let slot = slot.ok_or(Error::Invalid)?;
    slot.disk.with(PATIENCE, |disk| {
        let disk = disk.as_mut().ok_or(Error::Invalid)?;
        let sector = offset / SECTOR;
        if len != BLOCK || !offset.is_multiple_of(SECTOR) || sector >= disk.sectors {
            return Err(Error::Invalid);
        }
        if disk.broken || (operation == Operation::Write && disk.read_only) {
            return Err(Error::Unspecified);
        }
        action(slot, &mut || run(slot, disk, operation, sector))
    })
}

fn run(slot: &Slot, disk: &mut Disk, operation: Operation, sector: u64) -> Result<(), Error> {
    let id = disk.next;
    disk.next = id.wrapping_add(1);
    let request = vbd::request(operation, id, sector, disk.grant, 1);
    if !disk.front.ask(&slot.ring, &request) || hypercall::send(disk.port).is_err() {
        disk.broken = true;
        return Err(Error::Unspecified);
    }
    let deadline = Xen::clock_monotonic() + PATIENCE;
    loop {
        event::take(disk.port);
        let mut response = [0; 4];
        let served = match disk.front.answer(&slot.ring, &mut response) {
            Ok(false) if Xen::clock_monotonic() < deadline => {
                machine::halt_until(deadline);
                continue;
            }
            Ok(true) => vbd::served(response, operation, id),
            _ => None,
        };
        disk.broken = served.is_none();
        return if served == Some(true) {
            Ok(())
        } else {
            Err(Error::Unspecified)
        };
    }
}

/// `solo5_block_write`
///
/// # Errors
/// [`Error::Invalid`]: handle, offset or size. [`Error::Unspecified`]: the disk may
/// not be written, or the back end fails.
pub fn write(handle: Handle, offset: u64, block: &[u8]) -> Result<(), Error> {
    transfer(
        handle,
        offset,
        block.len(),
        Operation::Write,
        |slot, run| {
            for (place, word) in slot.data.0.iter().zip(block.chunks_exact(4)) {
                let word: [u8; 4] = word.try_into().unwrap_or_default();
                place.store(u32::from_le_bytes(word), Relaxed);
            }
            run()
        },
    )
}

/// `solo5_block_read`
///
/// # Errors
/// As [`write`].
pub fn read(handle: Handle, offset: u64, block: &mut [u8]) -> Result<(), Error> {
    const _: () = assert!(BLOCK <= PAGE);
    transfer(handle, offset, block.len(), Operation::Read, |slot, run| {
        run()?;
        for (place, word) in slot.data.0.iter().zip(block.chunks_exact_mut(4)) {
            word.copy_from_slice(&place.load(Relaxed).to_le_bytes());
        }
        Ok(())
    })
}
