//! A PC without a tender: QEMU (`pc`, `q35`, `microvm`), other machines that
//! load PVH images, and GRUB by multiboot.
//!
//! Serial console in and out, clocks, sleeping by interrupt, power-off. The exit
//! status n (0 to 255) leaves as one byte through QEMU's `isa-debugcon` at port
//! 0xe9, where there is one, and then through `isa-debug-exit` at port 0x501:
//! QEMU ends with 2 * min(n, 127) + 1. Without them the machine is powered off
//! by ACPI, and the status is lost.

mod apic;
mod block;
mod clock;
mod cpus;
mod devices;
mod lock;
mod mmio;
mod net;
mod pci;
mod physical;
mod power;
mod rtc;
mod serial;
mod timer;
mod transport;

use core::ffi::{c_char, c_int};
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

use self::physical::Physical;
use crate::abi::{self, BlockInfo, Frame, Handle, HandleSet, NetInfo, Range, TickHandler, Time};
use crate::core::{Core, Shared, cpu, cpus as core_cpus, layout, tables, tick};
use crate::firmware::{Memory, acpi, loader};
use crate::machine::{Errno, Error, Machine, die};
use crate::patience::{End, Patience};
use crate::{abi_notes, export_core, guard, note};

abi_notes!(note::TARGET_VIRTIO, 1);
export_core!(Virtio);

/// The most ranges of RAM besides the heap.
const RANGES: usize = 8;

/// What the one top-level entry in use covers: RAM above it is not used.
const REACH: u64 = 512 << 30;

/// RAM besides the heap; written once, at the start.
static MORE: Shared<([Range; RANGES], usize)> =
    Shared::new(([Range { start: 0, len: 0 }; RANGES], 0));

/// The program has asked for input when there was none: the next input ends a
/// wait, once.
static INPUT_AWAITED: AtomicBool = AtomicBool::new(false);

/// The machine.
pub struct Virtio;

impl Core for Virtio {
    fn flush_others() {
        cpus::flush_others();
    }
}

// SAFETY: `exit` loops if the machine stays on; `memory` answers ranges that
// `core_main` had mapped, from the loader's map, above the heap;
// `console_read` counts what it wrote.
unsafe impl Machine for Virtio {
    const FEATURES: u64 = abi::MACHINE_FAULT
        | abi::MACHINE_MEMORY
        | abi::MACHINE_INPUT
        | abi::MACHINE_PAGES
        | abi::MACHINE_TICK
        | abi::MACHINE_SMP;

    fn console_write(bytes: &[u8]) {
        serial::write(bytes);
    }

    fn exit(status: c_int) -> ! {
        const DEBUG_CONSOLE: u16 = 0xe9;
        const DEBUG_EXIT: u16 = 0x501;
        let status = status as u8;
        Self::cpu_stop_others();
        // SAFETY: the first device shows what it is and only takes bytes; the
        // second one ends the machine. Elsewhere nothing is at either port.
        unsafe {
            if cpu::in8(DEBUG_CONSOLE) == 0xe9 {
                cpu::out8(DEBUG_CONSOLE, status);
            }
            cpu::out8(DEBUG_EXIT, status.min(127));
        }
        power::off();
        // The host may take its time.
        for _ in 0..10 {
            halt(0, 50_000_000);
        }
        serial::write(b"Solo5: Halted\n");
        loop {
            halt(0, Time::MAX);
        }
    }

    fn clock_monotonic() -> Time {
        clock::monotonic()
    }

    fn clock_wall() -> Time {
        clock::wall()
    }

    fn wait(deadline: Time) -> HandleSet {
        /// Below this, programming the timer takes longer than the wait.
        const SHORT: Time = 20_000;
        /// Networks without interrupts are looked at so often.
        const LOOK: Time = 1_000_000;
        static PATIENCE: Patience = Patience::new();
        let devices = devices::watch();
        // When this began, and how long to look.
        let mut began = None;
        let mut halted = false;
        loop {
            let ready = devices.map_or(0, |devices| (devices.ready)());
            if ready != 0 && !halted {
                PATIENCE.learn(began.map_or(End::AtOnce, |_| End::Looked));
                return ready;
            }
            let now = clock::monotonic();
            let (start, patience) = *began.get_or_insert_with(|| (now, PATIENCE.time()));
            let left = deadline.saturating_sub(now);
            if ready != 0 {
                PATIENCE.learn(End::Halted(now - start));
                return ready;
            }
            if left == 0 {
                PATIENCE.learn(End::Over);
                return 0;
            }
            if core_cpus::is_woken::<Self>() {
                return 0;
            }
            // Without a pause, for which an emulator leaves what it runs.
            if devices.is_some() && now - start < patience {
                continue;
            }
            if INPUT_AWAITED.load(Ordering::Relaxed) && serial::has_input() {
                INPUT_AWAITED.store(false, Ordering::Relaxed);
                return 0;
            }
            if left < SHORT || devices.is_some_and(|devices| !(devices.prepare_halt)()) {
                core::hint::spin_loop();
                continue;
            }
            let look = devices.is_some_and(|devices| (devices.must_look)());
            halt(now, if look { left.min(LOOK) } else { left });
            halted = true;
        }
    }

    unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
        // SAFETY: by this function's contract.
        unsafe { cpu::set_tls_base(base) }
    }

    fn net_acquire(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        devices::take_net(name)
    }

    fn net_write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
        devices::with_net(handle, |net| net.write(frame))
    }

    fn net_read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
        devices::with_net(handle, |net| net.read(buffer))
    }

    fn block_acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        devices::take_block(name)
    }

    fn block_write(handle: Handle, offset: u64, data: &[u8]) -> Result<(), Error> {
        devices::write_block(handle, offset, data)
    }

    fn block_read(handle: Handle, offset: u64, data: &mut [u8]) -> Result<(), Error> {
        devices::read_block(handle, offset, data)
    }

    fn memory(ranges: &mut [Range]) -> usize {
        // SAFETY: written once, before the program started.
        let (more, count) = unsafe { &*MORE.get() };
        for (to, from) in ranges.iter_mut().zip(more.iter().take(*count)) {
            *to = *from;
        }
        *count
    }

    crate::core_pages!();

    unsafe fn tick(period: Time, handler: Option<TickHandler>) -> Result<(), Errno> {
        if !apic::is_there() {
            return Err(Errno::ENOSYS);
        }
        if period == 0 {
            apic::tick(0);
            return Ok(());
        }
        tick::set_handler(handler.ok_or(Errno::EINVAL)?);
        apic::tick(period);
        // SAFETY: by this function's contract.
        unsafe { tick::allow() };
        Ok(())
    }

    crate::core_cpus!();

    fn frame_size() -> usize {
        tick::frame_size()
    }

    unsafe fn resume(frame: *mut Frame) -> ! {
        // SAFETY: by this function's contract.
        unsafe { tick::resume(frame) }
    }

    fn console_read(buffer: &mut [u8]) -> Result<usize, Errno> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = serial::read(buffer);
        INPUT_AWAITED.store(read == Some(0), Ordering::Relaxed);
        match read {
            Some(0) => Err(Errno::EAGAIN),
            Some(count) => Ok(count),
            None => Ok(0),
        }
    }
}

/// Halt from `now` for `duration` or until another interrupt; it may be shorter.
fn halt(now: Time, duration: Time) {
    // The timer's interrupt goes to the first processor.
    if Virtio::cpu_id() == 0 {
        timer::halt(now, duration);
    } else {
        apic::halt(duration);
    }
}

/// Ring 3 begins here, on the fault stack and the bootstrap tables.
#[unsafe(no_mangle)]
extern "C" fn core_main(info: u64, magic: u32) -> ! {
    serial::initialise();
    timer::initialise();
    guard::initialise();

    // SAFETY: the bootstrap tables are loaded until `start`, and nothing but
    // RAM follows the image: the loader was told how long it is.
    let mut physical = unsafe { Physical::new(layout::image_end()) };
    let Some(loaded) = loader::read(&mut physical, info, magic) else {
        die::<Virtio>("The loader gave no memory map (PVH or multiboot expected)");
    };
    let image = (layout::IMAGE_START as u64, layout::image_end() as u64);
    let Some(memory_end) = loaded.ram.end_of(image.0, image.1) else {
        die::<Virtio>("The loader's memory map has no RAM where the image lies");
    };
    let memory_end = memory_end.min(REACH) as usize & !(layout::PAGE - 1);
    physical.set_end(memory_end);
    let line = copy_line(&mut physical, loaded.line, loaded.named);
    let records = cpus::find(&mut physical, loaded.acpi, loaded.ram.ranges(), memory_end);
    // SAFETY: called once, before the program.
    unsafe { devices::look(&mut physical, loaded.ram.ranges()) };
    let kept_end = physical.free();
    timer::connect(&mut physical);
    let switch = acpi::find(&mut physical, loaded.acpi);
    // SAFETY: called once, before the program.
    let power = unsafe { power::initialise(switch) };
    let local = apic::is_there().then_some(apic::REGISTERS);
    // SAFETY: called once, before the program.
    let more = unsafe { remember(loaded.ram.ranges(), memory_end) };
    let plan = tables::Plan {
        kept_end,
        memory_end,
        readable: (0, 0),
        code: (0, 0),
        // SAFETY: called once, after the devices were found.
        registers: unsafe { devices::registers(&[power, local]) },
        records,
        shared: [(0, 0); 2],
        more,
    };
    // SAFETY: called once; the line is terminated and in memory that is kept.
    unsafe { crate::core::start::<Virtio>(line, &plan) }
}

/// Keep in [`MORE`] the RAM above `memory_end`, in whole chunks.
///
/// # Safety
/// To be called once, before the program starts.
unsafe fn remember(ram: &[(u64, u64)], memory_end: usize) -> &'static [Range] {
    const CHUNK: u64 = layout::CHUNK as u64;
    // SAFETY: nobody else reads or writes it yet.
    let (more, count) = unsafe { &mut *MORE.get() };
    for &(start, end) in ram {
        let start = start.next_multiple_of(CHUNK);
        let end = end.min(REACH) & !(CHUNK - 1);
        if start < memory_end as u64 || end <= start {
            continue;
        }
        if let Some(place) = more.get_mut(*count) {
            *place = Range {
                start,
                len: end - start,
            };
            *count += 1;
        }
    }
    more.get(..*count).unwrap_or_default()
}

/// Copy the command line behind the image, where it is kept.
fn copy_line(physical: &mut Physical, line: u64, named: bool) -> *const c_char {
    const LONGEST: usize = 32 << 10;
    // Mapped as a whole beforehand, because that may move the free memory.
    let _ = physical.reach(line, LONGEST + 1);
    let start = physical.free();
    let copy = ptr::with_exposed_provenance_mut::<u8>(start);
    let mut len = 0;
    // The image's own name ends with the first space.
    let mut skipping = named;
    for address in line.. {
        let byte = match physical.bytes(address) {
            Some([byte]) if line != 0 => byte,
            _ => 0,
        };
        if skipping && byte != 0 {
            skipping = byte != b' ';
            continue;
        }
        if len == LONGEST {
            die::<Virtio>("The command line is longer than 32 KiB");
        }
        // SAFETY: unused RAM behind the image; a line that lies there itself is
        // read before it is overwritten, since the copy never runs ahead.
        unsafe { copy.add(len).write(byte) };
        len += 1;
        if byte == 0 {
            break;
        }
    }
    physical.keep(len);
    copy.cast()
}
