//! The guest side of `solo5-hvt`.
//!
//! The tender maps the image, puts its boot information at 0x10000 and answers
//! hypercalls (see [`call`]).
//!
//! ABI version 1 (tenders 0.7) and 2 (0.8 and newer) differ, for what is used
//! here, in the version number of the note only: the first five words of the
//! boot information and the hypercalls 1 to 8 are the same. Tenders from 0.11 on
//! append the fields of the shared network ring ([`crate::ring`]).
//!
//! Source: Solo5 `include/hvt_abi.h`, 0.7.2 and 0.12.1.

mod block;
mod call;
mod net;

use core::ffi::{c_char, c_int};
use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering};

use self::call::{Halt, Poll, Puts, WallTime, lend};
use crate::abi::{self, BlockInfo, Handle, HandleSet, NetInfo, Time};
use crate::core::cpus::Records;
use crate::core::{Core, Shared, cpu, fault, layout, tables};
use crate::machine::{Error, Machine, die};
use crate::manifest::{self, Devices};
use crate::scale::{Monotonic, Scale};
use crate::{abi_notes, export_core, guard, note, ring};

abi_notes!(note::TARGET_HVT, note::VERSION);
export_core!(Hvt);

/// `struct hvt_boot_info`, the part that both versions have.
#[repr(C)]
struct BootInfo {
    memory_size: u64,
    kernel_end: u64,
    cycles_per_second: u64,
    command_line: u64,
    manifest: u64,
}

/// What tenders from 0.11 on append; the manifest follows in any case.
#[repr(C)]
struct Offer {
    host_features: u32,
    guest_features: u32,
    ring: u64,
}

/// Where the tenders put it, followed by the manifest (at most 64 entries of
/// 104 bytes) and the command line (8192 bytes).
const BOOT_INFO: usize = 0x10000;
const BOOT_INFO_END: usize = 0x20000;

/// How the tender's counter runs; written once, at the start.
static SCALE: Shared<Scale> = Shared::new(Scale::from_hz(1));
static STARTED: AtomicU64 = AtomicU64::new(0);
static CLOCK: Monotonic = Monotonic::new();

/// What the tender attached.
static DEVICES: Devices = Devices::new();

/// The machine under `solo5-hvt`.
pub struct Hvt;

impl Core for Hvt {}

// SAFETY: `exit` loops should the tender come back; no further memory, no
// input and no entropy is offered; `net::read` checks the length that it answers.
unsafe impl Machine for Hvt {
    const FEATURES: u64 = abi::MACHINE_FAULT | abi::MACHINE_ZEROED | abi::MACHINE_PAGES;

    fn console_write(bytes: &[u8]) {
        for part in bytes.chunks(call::LONGEST) {
            // Never too long to be copied.
            let _ = lend(part, |data| {
                call::make(Puts {
                    data,
                    len: part.len(),
                })
            });
        }
    }

    fn exit(status: c_int) -> ! {
        net::finish();
        loop {
            call::make(Halt {
                cookie: fault::trap_frame().unwrap_or(0) as u64,
                status,
            });
        }
    }

    fn clock_monotonic() -> Time {
        // SAFETY: written once, before the program started.
        let scale = unsafe { *SCALE.get() };
        CLOCK.advance(scale.between(STARTED.load(Ordering::Relaxed), cpu::cycles()))
    }

    fn clock_wall() -> Time {
        call::make(WallTime { nanoseconds: 0 }).nanoseconds
    }

    fn wait(deadline: Time) -> HandleSet {
        // The tender's timer may be early by our clock, which runs at another
        // rate than the host's (adjusted) one.
        loop {
            let poll = call::make(Poll {
                timeout: deadline.saturating_sub(Self::clock_monotonic()),
                ready: 0,
                result: 0,
            });
            if poll.ready != 0 || Self::clock_monotonic() >= deadline {
                return poll.ready;
            }
        }
    }

    unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
        // SAFETY: by this function's contract.
        unsafe { cpu::set_tls_base(base) }
    }

    fn net_acquire(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        DEVICES.take_net(name)
    }

    fn net_write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
        net::write(handle, &DEVICES.net(handle)?, frame)
    }

    fn net_read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
        net::read(handle, &DEVICES.net(handle)?, buffer)
    }

    fn block_acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        DEVICES.take_block(name)
    }

    fn block_write(handle: Handle, offset: u64, block: &[u8]) -> Result<(), Error> {
        block::write(handle, &DEVICES.block(handle)?, offset, block)
    }

    fn block_read(handle: Handle, offset: u64, block: &mut [u8]) -> Result<(), Error> {
        block::read(handle, &DEVICES.block(handle)?, offset, block)
    }

    crate::core_pages!();
}

/// Ring 3 begins here, on the fault stack and the bootstrap tables.
#[unsafe(no_mangle)]
extern "C" fn core_main(info: *const BootInfo) -> ! {
    // SAFETY: the tender's boot information, mapped by the bootstrap tables.
    let info = unsafe { info.read() };
    STARTED.store(cpu::cycles(), Ordering::Relaxed);
    // SAFETY: no clock has been read yet.
    unsafe { SCALE.get().write(Scale::from_hz(info.cycles_per_second)) };
    guard::initialise();

    let line = info.command_line as usize;
    if info.memory_size > 1 << 32 || !(BOOT_INFO..BOOT_INFO_END).contains(&line) {
        die::<Hvt>("The tender's boot information is not that of Solo5 0.7 to 0.12");
    }
    let manifest = info.manifest as usize;
    if (BOOT_INFO..BOOT_INFO_END).contains(&manifest) {
        let len = (BOOT_INFO_END - manifest).min(manifest::MAX_SIZE);
        // SAFETY: in the range that stays readable.
        unsafe { DEVICES.set(ptr::with_exposed_provenance(manifest), len) };
    }
    let memory_end = info.memory_size as usize & !(layout::PAGE - 1);
    let ring = ring_offered(manifest, memory_end);
    if let Some((start, _)) = ring {
        // SAFETY: called once; the tender's, zero, and mapped from `start` on.
        unsafe { net::set_ring(ptr::with_exposed_provenance_mut(start)) };
    }
    let plan = tables::Plan {
        kept_end: layout::image_end(),
        memory_end,
        readable: (BOOT_INFO, BOOT_INFO_END),
        code: (0, 0),
        registers: &[],
        records: Records::NONE,
        shared: [ring.unwrap_or((0, 0)), (0, 0)],
        more: &[],
    };
    // SAFETY: called once; the line is the tender's, terminated, in the range
    // that stays readable.
    unsafe { crate::core::start::<Hvt>(ptr::with_exposed_provenance::<c_char>(line), &plan) }
}

/// Where the ring for networks is, if the tender offers one: in pages of its own behind
/// the memory.
fn ring_offered(manifest: usize, memory_end: usize) -> Option<(usize, usize)> {
    /// `HVT_FEATURE_RING_IO`
    const RING: u32 = 1 << 0;
    let offer = BOOT_INFO + size_of::<BootInfo>();
    if !(offer + size_of::<Offer>()..BOOT_INFO_END).contains(&manifest) {
        return None;
    }
    // SAFETY: before the manifest, so it is the tender's boot information.
    let offer = unsafe { ptr::with_exposed_provenance::<Offer>(offer).read() };
    let start = usize::try_from(offer.ring).ok()?;
    let end = start.checked_add(ring::BYTES)?;
    let apart = start >= memory_end && end <= 1 << 32 && start.is_multiple_of(layout::PAGE);
    (offer.host_features & RING != 0 && apart).then_some((start, end))
}
