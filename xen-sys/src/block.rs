//! Block devices: virtual disks that a back end in another domain serves.
//!
//! Every request moves one block through a page
//! that the back end may use as long as it serves the device; so what the program reads
//! and writes is its own memory, and the back end sees nothing else. Several threads
//! have a request under way each: nobody waits while he has the disk to himself.
//!
//! A back end that answers nonsense has broken the device, until it closes. One that
//! closes, or is replaced, is waited for, and the next one is asked for all that was
//! not served.
//!
//! Source: Xen 4.17, `xen/include/public/io/blkif.h`.

use solo5_sys::Machine;
use solo5_sys::abi::{BlockInfo, Handle};
use solo5_sys::core::tick::Held;
use solo5_sys::machine::{Errno, Error};
use solo5_sys::manifest::Kind;

use crate::abi::PAGE;
use crate::event::Port;
use crate::front::{Broken, Front, Page};
use crate::grant::Access;
use crate::halt::Round;
use crate::handles::Handles;
use crate::link::{CONNECTED, INIT_WAIT, INITIALISED, Link, Phase, STEPS, Step};
use crate::machine::Xen;
use crate::place::{self, Owned};
use crate::requests::{REQUESTS, Requests};
use crate::sharing;
use crate::store::Client;
use crate::text::Text;
use crate::toolstack;
use crate::vbd::{self, Operation, READ_ONLY, SECTOR};

/// The most disks.
pub const DEVICES: usize = 4;
/// How long a request may take, in nanoseconds: that includes the wait for another
/// back end.
const PATIENCE: u64 = 30_000_000_000;
/// Bytes of a block.
const BLOCK: usize = SECTOR as usize;

/// A disk in use.
struct Disk {
    link: Link,
    requests: Requests,
    /// The number of the virtual device.
    number: u64,
    ring_grant: u32,
    grants: [u32; REQUESTS],
    port: Port,
    sectors: u64,
    read_only: bool,
    broken: bool,
}

struct Slot {
    ring: Page,
    data: [Page; REQUESTS],
    disk: Owned<Disk>,
}

static SLOTS: [Slot; DEVICES] = [const {
    Slot {
        ring: Page::new(),
        data: [const { Page::new() }; REQUESTS],
        disk: Owned::new(),
    }
}; DEVICES];

static HANDLES: Handles<DEVICES> = Handles::new(0);

/// `solo5_block_acquire`
///
/// # Errors
/// [`Error::Invalid`]: there is no such disk, or it is taken. [`Error::Unspecified`]:
/// no xenstore, no room for another disk, or the back end does not come up.
pub fn acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
    let found = toolstack::with(|store| toolstack::find(store, Kind::Block, name, vbd::number_of));
    let found = found.map_err(|errno| match errno {
        Errno::ENOENT | Errno::EINVAL => Error::Invalid,
        _ => Error::Unspecified,
    })?;
    let number = found.number;
    let make = |nth: usize| {
        let slot = SLOTS.get(nth).ok_or(Error::Invalid)?;
        let handle = HANDLES.choose(nth, found.index, found.entries)?;
        let new = toolstack::with(|store| Disk::new(store, slot, nth as u32, number));
        let disk = new.map_err(|_| Error::Unspecified)?;
        let info = BlockInfo {
            capacity: disk.sectors * SECTOR,
            block_size: SECTOR,
        };
        HANDLES.give(nth, handle);
        Ok((disk, (handle, info)))
    };
    let disks = SLOTS.iter().map(|slot| &slot.disk);
    place::occupy(disks, |disk| disk.number == number, make)
}

type Store = Client<toolstack::Page>;

impl Disk {
    /// Connect the disk `number`, with the pages of `slot`.
    fn new(store: &mut Store, slot: &'static Slot, watch: u32, number: u64) -> Result<Self, Errno> {
        let mut front = Text::new(b"device/vbd/");
        let link = Link::find(store, front.number(number).bytes(), watch)?;
        link.await_state(store, &[INIT_WAIT, INITIALISED, CONNECTED])?;
        let mut disk = Self {
            link,
            requests: Requests::new(),
            number,
            ring_grant: 0,
            grants: [0; REQUESTS],
            port: Port::NONE,
            sectors: 0,
            read_only: false,
            broken: false,
        };
        let offered = disk.offer(store, slot);
        let answered = offered.and_then(|()| disk.link.await_state(store, &[CONNECTED]));
        let connected = answered.and_then(|()| disk.connect(store, slot));
        let connected = match disk.broken {
            true => Err(Errno::EIO),
            false => connected,
        };
        if connected.is_err() {
            // What comes next finds that it failed, or fails likewise.
            let _ = disk.link.give_up(store);
            disk.take_back();
        }
        connected.map(|()| disk)
    }

    /// Tell a back end that waits for it what it is given.
    fn offer(&mut self, store: &mut Store, slot: &'static Slot) -> Result<(), Errno> {
        let domain = self.link.domain;
        Front::begin(&slot.ring);
        self.ring_grant = sharing::permit(domain, &slot.ring, Access::Write)?;
        for (grant, page) in self.grants.iter_mut().zip(&slot.data) {
            *grant = sharing::permit(domain, page, Access::Write)?;
        }
        self.port = Port::offer(domain)?;
        self.link.say(store, b"ring-ref", self.ring_grant.into())?;
        let port = self.port.number().into();
        self.link.say(store, b"event-channel", port)?;
        // The pages are always the same ones: they can stay mapped.
        self.link.say(store, b"feature-persistent", 1)?;
        store.write(self.link.key(b"protocol").bytes(), b"x86_64-abi")?;
        self.link.say(store, b"state", INITIALISED)?;
        self.link.phase = Phase::Offered;
        Ok(())
    }

    /// Be served by a back end that is connected; one by which the disk cannot be served
    /// has broken it.
    fn connect(&mut self, store: &mut Store, slot: &Slot) -> Result<(), Errno> {
        let sectors = self.link.ask(store, b"sectors")?;
        let info = self.link.ask(store, b"info")?;
        let sector_size = self.link.ask(store, b"sector-size")?;
        // The program was told how long the disk is.
        self.broken =
            sector_size != SECTOR || sectors > u64::MAX / SECTOR || sectors < self.sectors;
        self.link.phase = Phase::Connected;
        if self.broken {
            return Ok(());
        }
        if self.sectors == 0 {
            self.sectors = sectors;
        }
        self.read_only = info & READ_ONLY != 0;
        self.link.say(store, b"state", CONNECTED)?;
        self.requests.renew(&slot.ring, &self.grants);
        self.notify();
        Ok(())
    }

    /// Take back what the back end was given. What it has written to pages when the domain was
    /// written down may not have been written down with them.
    fn take_back(&mut self) {
        if self.port.is_stale() {
            self.requests.doubt();
        }
        sharing::revoke(&self.grants);
        sharing::revoke(&[core::mem::take(&mut self.ring_grant)]);
        self.grants = [0; REQUESTS];
        self.port.close();
    }

    /// See what was served, and whether the back end is still the same.
    fn look(&mut self, slot: &'static Slot) {
        self.port.take();
        if toolstack::has_news() {
            // What fails is tried again when something changes.
            let _ = toolstack::try_with(|store| self.follow(store, slot));
        }
        if self.link.phase == Phase::Connected {
            self.collect(slot);
        }
    }

    fn collect(&mut self, slot: &Slot) {
        // No suspension comes in between.
        let _held = Held::new();
        if self.port.is_stale() {
            return;
        }
        self.broken |= self.requests.collect(&slot.ring) == Err(Broken);
    }

    /// Take the steps that the back end causes.
    fn follow(&mut self, store: &mut Store, slot: &'static Slot) -> Result<(), Errno> {
        for _ in 0..STEPS {
            let served = self.link.phase == Phase::Connected;
            let done = match self.link.step(store)? {
                Step::Nothing => return Ok(()),
                Step::Lost => {
                    if served {
                        self.collect(slot);
                    }
                    // What it broke, the next one has not.
                    self.broken = false;
                    Ok(())
                }
                Step::Gone => {
                    self.take_back();
                    Ok(())
                }
                Step::Ready => self.offer(store, slot),
                Step::Answered => self.connect(store, slot),
            };
            if done.is_err() {
                self.link.give_up(store)?;
            }
        }
        Ok(())
    }

    fn notify(&mut self) {
        self.broken |= self.port.send().is_err();
    }
}

/// Use the disk of `handle`.
fn on<R>(
    handle: Handle,
    action: impl FnOnce(&'static Slot, &mut Disk) -> Result<R, Error>,
) -> Result<R, Error> {
    let slot = HANDLES.nth(handle).and_then(|nth| SLOTS.get(nth));
    let slot = slot.ok_or(Error::Invalid)?;
    slot.disk.with(PATIENCE, |disk| {
        action(slot, disk.as_mut().ok_or(Error::Invalid)?)
    })
}

/// Try `action` until it answers something, or too long.
fn patiently<R>(
    handle: Handle,
    deadline: u64,
    mut action: impl FnMut(&'static Slot, &mut Disk) -> Result<Option<R>, Error>,
) -> Result<R, Error> {
    loop {
        let round = Round::begin();
        let answer = on(handle, |slot, disk| {
            disk.look(slot);
            match action(slot, disk)? {
                None if disk.broken => Err(Error::Unspecified),
                answer => Ok(answer),
            }
        })?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
        if Xen::clock_monotonic() >= deadline {
            return Err(Error::Unspecified);
        }
        round.pause(deadline);
    }
}

/// Move the block at `offset`, of `len` bytes: `fill` puts it into its page before, or
/// `fetch` takes it from there afterwards.
fn transfer(
    handle: Handle,
    offset: u64,
    len: usize,
    operation: Operation,
    fill: impl Fn(&Page),
    mut fetch: impl FnMut(&Page),
) -> Result<(), Error> {
    let sector = offset / SECTOR;
    on(handle, |_, disk| {
        if len != BLOCK || !offset.is_multiple_of(SECTOR) || sector >= disk.sectors {
            return Err(Error::Invalid);
        }
        if operation == Operation::Write && disk.read_only {
            return Err(Error::Unspecified);
        }
        Ok(())
    })?;
    let deadline = Xen::clock_monotonic() + PATIENCE;
    let index = patiently(handle, deadline, |slot, disk| {
        if disk.broken || disk.link.phase != Phase::Connected {
            return Ok(None);
        }
        let index = disk.requests.take();
        if let Some((index, page)) = index.and_then(|index| Some((index, slot.data.get(index)?))) {
            fill(page);
            let (ring, grants) = (&slot.ring, &disk.grants);
            disk.requests.ask(ring, grants, index, operation, sector);
            disk.notify();
        }
        Ok(index)
    })?;
    let end = patiently(handle, deadline, |slot, disk| {
        // No suspension comes in between.
        let _held = Held::new();
        if disk.port.is_stale() {
            return Ok(None);
        }
        let end = disk.requests.end(index);
        if let (Some(true), Some(page)) = (end, slot.data.get(index)) {
            fetch(page);
        }
        Ok(end)
    });
    on(handle, |_, disk| {
        disk.requests.give_back(index);
        Ok(())
    })?;
    match end? {
        true => Ok(()),
        false => Err(Error::Unspecified),
    }
}

/// `solo5_block_write`
///
/// # Errors
/// [`Error::Invalid`]: handle, offset or size. [`Error::Unspecified`]: the disk may
/// not be written, or the back end fails.
pub fn write(handle: Handle, offset: u64, block: &[u8]) -> Result<(), Error> {
    let fill = |page: &Page| page.put(block);
    transfer(handle, offset, block.len(), Operation::Write, fill, |_| {})
}

/// `solo5_block_read`
///
/// # Errors
/// As [`write`].
pub fn read(handle: Handle, offset: u64, block: &mut [u8]) -> Result<(), Error> {
    const _: () = assert!(BLOCK <= PAGE);
    let len = block.len();
    let fetch = |page: &Page| page.get(0, block);
    transfer(handle, offset, len, Operation::Read, |_| {}, fetch)
}
