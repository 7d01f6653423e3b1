//! Which devices there are. The manifest's first network is the first network
//! device that is found, and so on; the same goes for block devices. They are
//! looked for only if the manifest has any, and the order is that of addresses:
//! on PCI bus, device and function, else the place in memory.
//!
//! A program that takes no device is linked without any of this: taking one refers
//! to [`FINDER`], which stands in a list that the start goes through ([`look`]), and
//! what a wait needs is in [`WATCH`] once there are devices.

use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

use super::block::Block;
use super::lock::Lock;
use super::net::Net;
use super::physical::Physical;
use super::transport::{Registers, Transport};
use super::{Virtio, block, mmio, pci, timer};
use crate::abi::{BlockInfo, Handle, HandleSet, NetInfo};
use crate::core::layout::{self, PAGE};
use crate::core::{Shared, cpus};
use crate::log::{self, Level};
use crate::machine::Error;
use crate::manifest::{self, Kind};

/// The most of each kind.
const MOST: usize = 16;
/// The most pages of registers.
const PAGES: usize = 3 * MOST + 2 * MOST + 2;
/// Registers above this are not mapped.
const REACH: u64 = 512 << 30;

static MANIFEST: manifest::Devices = manifest::Devices::new();
static NETS: [Lock<Option<Net>>; MOST] = [const { Lock::new(None) }; MOST];
static BLOCKS: [Lock<Option<Block>>; MOST] = [const { Lock::new(None) }; MOST];

/// Networks that were taken, by their place.
static STARTED: AtomicU32 = AtomicU32::new(0);
/// An interrupt comes with each network's frames.
static INTERRUPTS: AtomicBool = AtomicBool::new(true);

/// Pages of registers, and how many; written at the start.
static REGISTERS: Shared<([usize; PAGES], usize)> = Shared::new(([0; PAGES], 0));

/// What a wait needs to know of devices.
pub struct Watch {
    /// The handles of networks that have a frame.
    pub ready: fn() -> HandleSet,
    /// Have an interrupt end the halt that follows; false: a frame is there already.
    pub prepare_halt: fn() -> bool,
    /// Whether a halt has to be short, because no interrupt will end it.
    pub must_look: fn() -> bool,
}

static WATCH: AtomicPtr<Watch> = AtomicPtr::new(ptr::null_mut());

/// What a wait needs to know; `None`: there are no devices.
pub fn watch() -> Option<&'static Watch> {
    // SAFETY: null, or a static.
    unsafe { WATCH.load(Ordering::Relaxed).as_ref() }
}

/// What [`find`] is.
type Finder = unsafe fn(&mut Physical, &[(u64, u64)]);

#[unsafe(link_section = ".core.finders")]
static FINDER: Finder = find;

/// Set up the devices that the manifest names, if the program takes any.
///
/// # Safety
/// To be called once, before the program starts.
pub unsafe fn look(physical: &mut Physical, ram: &[(u64, u64)]) {
    let start = ptr::with_exposed_provenance::<Finder>(layout::finders());
    let count = (layout::finders_end() - layout::finders()) / size_of::<Finder>();
    for index in 0..count {
        // SAFETY: the linker script's list; the rest is this function's contract.
        unsafe { start.add(index).read()(physical, ram) };
    }
}

/// Set up the devices that the manifest names.
///
/// # Safety
/// To be called once, before the program starts.
unsafe fn find(physical: &mut Physical, ram: &[(u64, u64)]) {
    let (start, end) = (layout::manifest(), layout::manifest_end());
    // SAFETY: the image's own note.
    unsafe { MANIFEST.set_note(ptr::with_exposed_provenance(start), end - start) };
    let wanted = MANIFEST.counts();
    if wanted == (0, 0) {
        return;
    }
    let reach = |physical: &mut Physical, address: u64, len: usize| {
        let end = address.checked_add(len as u64)?;
        let is_ram = |&(from, to): &(u64, u64)| address < to && end > from;
        if end > REACH || ram.iter().any(is_ram) {
            return None;
        }
        let start = physical.reach(address, len)?;
        // SAFETY: just mapped, and no RAM; the page is mapped later on as well.
        Some(unsafe { Registers::new(start, len) })
    };
    static ALL: Watch = Watch {
        ready,
        prepare_halt,
        must_look,
    };
    // Hidden from the compiler, which would refer to these functions elsewhere.
    let all = core::hint::black_box(&raw const ALL).cast_mut();
    WATCH.store(all, Ordering::Relaxed);
    let mut found = (0, 0);
    let mut add = |physical: &mut Physical, kind, transport: Transport| {
        let done = match kind {
            1 if found.0 < wanted.0.min(MOST) => {
                found.0 += 1;
                net(found.0 - 1, transport, physical)
            }
            2 if found.1 < wanted.1.min(MOST) => {
                found.1 += 1;
                block(found.1 - 1, transport, physical)
            }
            _ => true,
        };
        if !done {
            transport.fail();
            log::line::<Virtio>(Level::Warn, "a virtio device cannot be used");
        }
    };
    if pci::is_there() {
        pci::find(physical, reach, |physical, found| {
            match found.line {
                Some(line) => timer::open(line),
                None if found.kind == 1 => INTERRUPTS.store(false, Ordering::Relaxed),
                None => {}
            }
            add(physical, found.kind, found.transport);
        });
    } else {
        mmio::find(physical, reach, add);
        INTERRUPTS.store(mmio::connect(physical), Ordering::Relaxed);
    }
    log::number::<Virtio>(Level::Info, "network devices: ", found.0 as u64);
    log::number::<Virtio>(Level::Info, "block devices: ", found.1 as u64);
}

fn net(place: usize, transport: Transport, physical: &mut Physical) -> bool {
    let made = Net::new(transport, physical);
    let pages = made.as_ref().map_or([None; 3], Net::pages);
    // SAFETY: before the program starts.
    unsafe { keep(&pages) };
    let is_there = made.is_some();
    if let Some(lock) = NETS.get(place) {
        *lock.lock() = made;
    }
    is_there
}

fn block(place: usize, transport: Transport, physical: &mut Physical) -> bool {
    let made = Block::new(transport, physical);
    let pages = made.as_ref().map_or([None; 2], Block::pages);
    // SAFETY: before the program starts.
    unsafe { keep(&pages) };
    let is_there = made.is_some();
    if let Some(lock) = BLOCKS.get(place) {
        *lock.lock() = made;
    }
    is_there
}

/// Have pages of registers mapped for the program.
///
/// # Safety
/// Only before the program starts.
unsafe fn keep(pages: &[Option<usize>]) {
    // SAFETY: by this function's contract nobody else is at it.
    let (kept, count) = unsafe { &mut *REGISTERS.get() };
    for page in pages.iter().flatten().map(|address| address & !(PAGE - 1)) {
        if kept.iter().take(*count).any(|&known| known == page) {
            continue;
        }
        if let Some(place) = kept.get_mut(*count) {
            *place = page;
            *count += 1;
        }
    }
}

/// The pages of registers that the program writes, with `more`.
///
/// # Safety
/// To be called once, after [`find`] and before the program starts.
pub unsafe fn registers(more: &[Option<usize>]) -> &'static [usize] {
    // SAFETY: by this function's contract.
    unsafe {
        keep(more);
        let (kept, count) = &*REGISTERS.get();
        kept.get(..*count).unwrap_or_default()
    }
}

/// `solo5_net_acquire`
pub fn take_net(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
    // So that it is linked.
    core::hint::black_box(&raw const FINDER);
    let place = MANIFEST.find(Kind::Net, name).ok_or(Error::Invalid)?;
    let lock = NETS.get(place.nth).ok_or(Error::Unspecified)?;
    let mut net = lock.lock();
    let net = net.as_mut().ok_or(Error::Unspecified)?;
    let handle = MANIFEST.take(place.index)?;
    net.start();
    STARTED.fetch_or(1 << place.nth, Ordering::Relaxed);
    Ok((handle, net.info))
}

/// `solo5_block_acquire`
pub fn take_block(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
    core::hint::black_box(&raw const FINDER);
    let place = MANIFEST.find(Kind::Block, name).ok_or(Error::Invalid)?;
    let lock = BLOCKS.get(place.nth).ok_or(Error::Unspecified)?;
    let info = lock.lock().as_ref().ok_or(Error::Unspecified)?.info;
    Ok((MANIFEST.take(place.index)?, info))
}

/// Use the network device behind a handle.
///
/// # Errors
/// [`Error::Invalid`]: none is; or those of `what`.
pub fn with_net<R>(
    handle: Handle,
    what: impl FnOnce(&mut Net) -> Result<R, Error>,
) -> Result<R, Error> {
    let nth = MANIFEST.nth(Kind::Net, handle)?;
    let lock = NETS.get(nth).ok_or(Error::Invalid)?;
    what(lock.lock().as_mut().ok_or(Error::Invalid)?)
}

/// The block device behind a handle.
///
/// # Errors
/// [`Error::Invalid`]: none is.
pub fn block_device(handle: Handle) -> Result<&'static Lock<Option<Block>>, Error> {
    let nth = MANIFEST.nth(Kind::Block, handle)?;
    BLOCKS.get(nth).ok_or(Error::Invalid)
}

/// Call `what` with each network that was taken, and its place.
fn each_started(mut what: impl FnMut(usize, &mut Net)) {
    let mut left = STARTED.load(Ordering::Relaxed);
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        left &= left - 1;
        if let Some(lock) = NETS.get(place)
            && let Some(net) = lock.lock().as_mut()
        {
            what(place, net);
        }
    }
}

/// The handles of networks that have a frame.
fn ready() -> HandleSet {
    let mut places = 0u64;
    each_started(|place, net| {
        if net.is_ready() {
            net.want_none();
            places |= 1 << place;
        }
    });
    if places == 0 {
        return 0;
    }
    MANIFEST.handles(Kind::Net, places)
}

/// Have an interrupt end the halt that follows; false: a frame is there already.
fn prepare_halt() -> bool {
    // What has come is taken back first: one that comes later is a new one. The lines are the
    // first processor's, to which they come; another one that halts looks again soon by itself.
    let lines = match cpus::index::<Virtio>() {
        0 => timer::take_lines(),
        _ => 0,
    };
    if lines != 0 {
        // A line may be several devices', and a device may have other news.
        for lock in &NETS {
            if let Some(net) = lock.lock().as_ref() {
                net.acknowledge();
            }
        }
        for lock in &BLOCKS {
            if let Some(block) = lock.lock().as_ref() {
                block.acknowledge();
            }
        }
        timer::unmask(lines);
    }
    let mut nothing = true;
    each_started(|_, net| nothing &= net.want_interrupt());
    nothing
}

/// Whether a halt has to be short, because no interrupt will end it.
fn must_look() -> bool {
    STARTED.load(Ordering::Relaxed) != 0 && !INTERRUPTS.load(Ordering::Relaxed)
}

/// `solo5_block_write`
///
/// # Errors
/// As [`block::write`].
pub fn write_block(handle: Handle, offset: u64, data: &[u8]) -> Result<(), Error> {
    block::write(block_device(handle)?, offset, data)
}

/// `solo5_block_read`
///
/// # Errors
/// As [`block::read`].
pub fn read_block(handle: Handle, offset: u64, data: &mut [u8]) -> Result<(), Error> {
    block::read(block_device(handle)?, offset, data)
}
