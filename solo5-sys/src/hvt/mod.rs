//! The guest side of `solo5-hvt`.
//!
//! The tender maps the image, puts its boot information at 0x10000 and answers
//! hypercalls, each a 32-bit write of a structure's address to a port. All
//! guest memory lies below 4 GiB, so an address fits.
//!
//! ABI version 1 (tenders 0.7) and 2 (0.8 and newer) differ, for what is used
//! here, in the version number of the note only: the first five words of the
//! boot information and the hypercalls 1 to 8 are the same. Version 2 appends
//! the fields of the shared network ring.
//!
//! Source: Solo5 `include/hvt_abi.h`, 0.7.2 and 0.12.1.

use core::ffi::{c_char, c_int, c_uint};
use core::mem::{offset_of, size_of};
use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::abi::{self, FaultHandler, HandleSet, Mapped, Time};
use crate::core::{Shared, cpu, fault, layout, pages, tables};
use crate::machine::{Errno, Error, Machine, die};
use crate::scale::{Monotonic, Scale};
use crate::{abi_notes, guard, note};

abi_notes!(note::TARGET_HVT, note::VERSION);

/// `struct hvt_boot_info`, the part that both versions have.
#[repr(C)]
struct BootInfo {
    memory_size: u64,
    kernel_end: u64,
    cycles_per_second: u64,
    command_line: u64,
    manifest: u64,
}

/// Where the tenders put it, followed by the manifest (at most 64 entries of
/// 104 bytes) and the command line (8192 bytes).
const BOOT_INFO: usize = 0x10000;
const BOOT_INFO_END: usize = 0x20000;

/// The hypercalls in use.
#[derive(Clone, Copy)]
#[repr(u16)]
enum Hypercall {
    WallTime = 1,
    Puts = 2,
    Poll = 3,
    Halt = 8,
}

const PORT: u16 = 0x500;

#[repr(C)]
struct WallTime {
    nanoseconds: u64,
}

#[repr(C)]
struct Puts {
    data: u64,
    len: u64,
}

#[repr(C)]
struct Poll {
    timeout: u64,
    ready: u64,
    result: c_int,
}

#[repr(C)]
struct Halt {
    cookie: u64,
    status: c_int,
}

const _: () = {
    assert!(size_of::<BootInfo>() == 40);
    assert!(size_of::<Puts>() == 16);
    assert!(offset_of!(Poll, result) == 16);
    assert!(offset_of!(Halt, status) == 8);
};

/// Have the tender act on `argument`.
///
/// # Safety
/// `T` is the structure of `call`, and memory it points to is valid for it.
unsafe fn hypercall<T>(call: Hypercall, argument: &mut T) {
    let address = ptr::from_mut(argument).expose_provenance();
    // SAFETY: the tender reads and writes what the structure says, by this
    // function's contract; guest memory ends below 4 GiB, so the address fits.
    unsafe { cpu::out32(PORT + call as u16, address as u32) };
}

/// How the tender's counter runs; written once, at the start.
static SCALE: Shared<Scale> = Shared::new(Scale::from_hz(1));
static STARTED: AtomicU64 = AtomicU64::new(0);
static CLOCK: Monotonic = Monotonic::new();

/// The machine under `solo5-hvt`.
pub struct Hvt;

impl Hvt {
    /// There is one processor.
    pub const fn flush_others() {}
}

// SAFETY: `exit` loops should the tender come back; no further memory, no
// input and no entropy is offered.
unsafe impl Machine for Hvt {
    const FEATURES: u64 = abi::MACHINE_FAULT | abi::MACHINE_ZEROED | abi::MACHINE_PAGES;

    fn console_write(bytes: &[u8]) {
        let mut puts = Puts {
            data: bytes.as_ptr().expose_provenance() as u64,
            len: bytes.len() as u64,
        };
        // SAFETY: a live slice.
        unsafe { hypercall(Hypercall::Puts, &mut puts) };
    }

    fn exit(status: c_int) -> ! {
        let mut halt = Halt {
            cookie: fault::trap_frame().unwrap_or(0) as u64,
            status,
        };
        loop {
            // SAFETY: the cookie is null or points to 512 bytes of ours.
            unsafe { hypercall(Hypercall::Halt, &mut halt) };
        }
    }

    fn clock_monotonic() -> Time {
        // SAFETY: written once, before the program started.
        let scale = unsafe { *SCALE.get() };
        CLOCK.advance(scale.between(STARTED.load(Ordering::Relaxed), cpu::cycles()))
    }

    fn clock_wall() -> Time {
        let mut time = WallTime { nanoseconds: 0 };
        // SAFETY: the tender writes the structure.
        unsafe { hypercall(Hypercall::WallTime, &mut time) };
        time.nanoseconds
    }

    fn wait(deadline: Time) -> HandleSet {
        // The tender's timer may be early by our clock, which runs at another
        // rate than the host's (adjusted) one.
        loop {
            let mut poll = Poll {
                timeout: deadline.saturating_sub(Self::clock_monotonic()),
                ready: 0,
                result: 0,
            };
            // SAFETY: the tender writes the structure.
            unsafe { hypercall(Hypercall::Poll, &mut poll) };
            if poll.ready != 0 || Self::clock_monotonic() >= deadline {
                return poll.ready;
            }
        }
    }

    unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
        // SAFETY: by this function's contract.
        unsafe { cpu::set_tls_base(base) }
    }

    fn window() -> Result<(usize, usize), Errno> {
        Ok(pages::window())
    }

    unsafe fn map(va: usize, pa: u64, len: usize, prot: c_uint) -> Result<(), Errno> {
        // SAFETY: by this function's contract.
        unsafe { pages::map(va, pa, len, prot) }
    }

    unsafe fn unmap(va: usize, len: usize) -> Result<(), Errno> {
        // SAFETY: by this function's contract.
        unsafe { pages::unmap(va, len) }
    }

    unsafe fn protect(va: usize, len: usize, prot: c_uint) -> Result<(), Errno> {
        // SAFETY: by this function's contract.
        unsafe { pages::protect(va, len, prot) }
    }

    unsafe fn tables(pa: u64, len: usize) -> Result<(), Errno> {
        // SAFETY: by this function's contract.
        unsafe { pages::tables(pa, len) }
    }

    fn lookup(va: usize, max: usize) -> Result<Mapped, Errno> {
        pages::lookup(va, max)
    }

    unsafe fn on_fault(handler: Option<FaultHandler>) -> Result<(), Errno> {
        // SAFETY: by this function's contract.
        unsafe { fault::set_handler(handler) };
        Ok(())
    }
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
    let plan = tables::Plan {
        kept_end: layout::image_end(),
        memory_end: info.memory_size as usize,
        readable: (BOOT_INFO, BOOT_INFO_END),
        registers: [None; 2],
        more: &[],
    };
    // SAFETY: called once; the line is the tender's, terminated, in the range
    // that stays readable.
    unsafe { crate::core::start(ptr::with_exposed_provenance::<c_char>(line), &plan) }
}
