//! The start, and solo5-sys's trait.

use core::ffi::{c_char, c_int};
use core::ptr;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU32};

use solo5_sys::abi::{
    self, BlockInfo, Frame, Handle, HandleSet, NetInfo, Range, TickHandler, Time,
};
use solo5_sys::core::{Core, Shared, cpu, cpus, layout, tables, tick};
use solo5_sys::firmware::Memory;
use solo5_sys::guard;
use solo5_sys::machine::{Errno, Error, Machine, die};
use solo5_sys::scale::Monotonic;

use crate::halt::{self, Round};
use crate::{
    block, clock, event, gather, memory, mirage, net, power, smp, suspend, terminal, toolstack,
};

/// The most ranges of RAM besides the heap.
const RANGES: usize = 8;

/// What the one top-level entry in use covers: what lies above it is not used.
pub const REACH: u64 = 512 << 30;

/// RAM besides the heap, and a place for what is mapped like it; written once, at the
/// start.
static MORE: Shared<([Range; RANGES + 1], usize)> =
    Shared::new(([Range { start: 0, len: 0 }; RANGES + 1], 0));

/// Ring 0 found Xen, and has a page to call it by.
#[unsafe(no_mangle)]
static core_on_xen: AtomicU32 = AtomicU32::new(0);

/// The register by which Xen is told the page, for ring 0.
#[unsafe(no_mangle)]
static core_page_register: AtomicU32 = AtomicU32::new(0);

/// The program has asked for input when there was none: the next input ends a
/// wait, once.
static INPUT_AWAITED: AtomicBool = AtomicBool::new(false);

static CLOCK: Monotonic = Monotonic::new();

unsafe extern "C" {
    /// By which Xen is called.
    static core_hypercall_page: u8;
}

/// The machine.
pub struct Xen;

impl Xen {
    /// Nanoseconds since Xen started, or those of another processor's view of it.
    pub fn system_time() -> Time {
        // A thread that is moved meanwhile would take one CPU's counter for another one's.
        loop {
            let number = cpus::index::<Self>();
            let time = clock::system_time(&smp::info(number).time, cpu::cycles);
            if cpus::index::<Self>() == number {
                return time;
            }
        }
    }
}

impl Core for Xen {
    fn flush_others() {
        smp::flush_others();
    }
}

// SAFETY: `exit` loops if Xen refuses to end the domain; `memory` answers ranges
// that `core_main` had mapped, from Xen's map, above the heap; `console_read`
// counts what it wrote.
unsafe impl Machine for Xen {
    const FEATURES: u64 = abi::MACHINE_FAULT
        | abi::MACHINE_MEMORY
        | abi::MACHINE_INPUT
        | abi::MACHINE_PAGES
        | abi::MACHINE_TICK
        | abi::MACHINE_SMP;

    fn console_write(bytes: &[u8]) {
        terminal::write(bytes);
    }

    fn exit(status: c_int) -> ! {
        // Before the others stop: one may be in the middle of a request.
        let store = toolstack::Last::take();
        Self::cpu_stop_others();
        terminal::drain();
        if let Some(store) = store {
            store.leave(status as u8);
        }
        power::off(status)
    }

    fn clock_monotonic() -> Time {
        let time = suspend::in_one_era(|| suspend::from_system(Self::system_time()));
        CLOCK.advance(time)
    }

    fn clock_wall() -> Time {
        suspend::in_one_era(|| {
            let zero = clock::date_at_zero(&memory::shared_info().wc);
            zero.wrapping_add(suspend::to_system(Self::clock_monotonic()))
        })
    }

    fn wait(deadline: Time) -> HandleSet {
        loop {
            let round = Round::begin();
            let ready = net::ready_handles();
            let is_asked = power::is_asked();
            let is_over = Self::clock_monotonic() >= deadline || cpus::is_woken::<Self>();
            if ready != 0 || is_asked || is_over {
                return ready;
            }
            if INPUT_AWAITED.load(Relaxed) && terminal::has_input() {
                INPUT_AWAITED.store(false, Relaxed);
                return 0;
            }
            round.halt(deadline.min(suspend::wanted_at()));
        }
    }

    unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
        // SAFETY: by this function's contract.
        unsafe { cpu::set_tls_base(base) }
    }

    fn net_acquire(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        net::acquire(name)
    }

    fn net_write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
        net::write(handle, frame)
    }

    fn net_read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
        net::read(handle, buffer)
    }

    fn block_acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        block::acquire(name)
    }

    fn block_write(handle: Handle, offset: u64, data: &[u8]) -> Result<(), Error> {
        block::write(handle, offset, data)
    }

    fn block_read(handle: Handle, offset: u64, data: &mut [u8]) -> Result<(), Error> {
        block::read(handle, offset, data)
    }

    fn memory(ranges: &mut [Range]) -> usize {
        // SAFETY: written once, before the program started.
        let (more, count) = unsafe { &*MORE.get() };
        for (to, from) in ranges.iter_mut().zip(more.iter().take(*count)) {
            *to = *from;
        }
        *count
    }

    solo5_sys::core_pages!();
    solo5_sys::core_cpus!();

    unsafe fn tick(period: Time, handler: Option<TickHandler>) -> Result<(), Errno> {
        /// Xen has no shorter period.
        const LEAST: Time = 1_000_000;
        let cpu = cpus::index::<Self>();
        if period == 0 {
            return halt::set_tick(cpu, 0);
        }
        gather::set_handler(handler.ok_or(Errno::EINVAL)?);
        halt::set_tick(cpu, period.max(LEAST))?;
        // SAFETY: by this function's contract.
        unsafe { tick::allow() };
        Ok(())
    }

    fn shutdown_requested() -> bool {
        power::take_request()
    }

    fn frame_size() -> usize {
        tick::frame_size()
    }

    unsafe fn resume(frame: *mut Frame) -> ! {
        // SAFETY: by this function's contract.
        unsafe { tick::resume(frame) }
    }

    fn console_read(buffer: &mut [u8]) -> Result<usize, Errno> {
        let read = terminal::read(buffer);
        INPUT_AWAITED.store(read == Err(Errno::EAGAIN), Relaxed);
        read
    }
}

/// Ring 3 begins here, on the fault stack and the bootstrap tables.
#[unsafe(no_mangle)]
extern "C" fn core_main(info: u64, magic: u32) -> ! {
    if core_on_xen.load(Relaxed) == 0 {
        terminal::write_without_xen(b"Solo5: ABORT: This image is for Xen, which is not there\n");
        loop {
            core::hint::spin_loop();
        }
    }
    guard::initialise();
    mirage::initialise();
    // SAFETY: called once, first of all.
    if unsafe { memory::share() }.is_err() {
        die::<Xen>("Xen does not share its page");
    }
    // SAFETY: called once; the page was just shared, and interrupts are off.
    if unsafe { event::initialise() }.is_err() {
        die::<Xen>("Xen gives no event channel for the timer");
    }
    let line = copy_line(info, magic);
    let image = (layout::IMAGE_START as u64, layout::image_end() as u64);
    let ram = memory::ram();
    let memory_end = { ram.as_ref().ok() }.and_then(|ram| ram.end_of(image.0, image.1));
    let memory_end = memory_end.map(|end| end.min(REACH) as usize & !(layout::PAGE - 1));
    let mut free = line.addr() + line_size(line);
    // SAFETY: called once, with the bootstrap tables loaded; RAM follows the image.
    let records = unsafe { smp::find(&mut free, memory_end.unwrap_or(0)) };
    let kept_end = free;
    // SAFETY: called once, with the bootstrap tables loaded; RAM follows the image.
    let console = unsafe { terminal::initialise(&mut free) };
    // SAFETY: likewise.
    let store = unsafe { toolstack::initialise(&mut free) };
    let Ok(ram) = ram else {
        die::<Xen>("Xen gives no memory map");
    };
    let Some(memory_end) = memory_end else {
        die::<Xen>("Xen's memory map has no RAM where the image lies");
    };
    // SAFETY: called once, before the program.
    let more = unsafe { remember(ram.ranges(), memory_end) };
    let page = (&raw const core_hypercall_page).addr();
    let plan = tables::Plan {
        kept_end,
        memory_end,
        readable: (0, 0),
        code: (page, page + layout::PAGE),
        registers: &[],
        records,
        shared: [console, store].map(|page| page.map_or((0, 0), |at| (at, at + layout::PAGE))),
        more,
    };
    // SAFETY: called once; the line is terminated and in memory that is kept.
    unsafe { solo5_sys::core::start::<Xen>(line, &plan) }
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
        if let (true, Some(place)) = (*count < RANGES, more.get_mut(*count)) {
            *place = Range {
                start,
                len: end - start,
            };
            *count += 1;
        }
    }
    let ends = ram.iter().map(|&(_, end)| end);
    let ram_end = ends.fold(memory_end as u64, u64::max);
    // Mapped like RAM, but it is none.
    let mut mapped = *count;
    if let (Some(place), Some(area)) = (more.get_mut(*count), mirage::area(ram_end)) {
        *place = area;
        mapped += 1;
    }
    more.get(..mapped).unwrap_or_default()
}

/// What the bootstrap tables map.
struct Low;

impl Memory for Low {
    fn bytes<const N: usize>(&mut self, address: u64) -> Option<[u8; N]> {
        let start = usize::try_from(address).ok()?;
        if start == 0 || start.checked_add(N)? > layout::BOOTSTRAP_END {
            return None;
        }
        // SAFETY: mapped; physical memory, of whatever kind, can be read.
        Some(unsafe { ptr::with_exposed_provenance::<[u8; N]>(start).read_volatile() })
    }
}

/// Where the loader left the command line (0: none), and whether its first word
/// names the image.
///
/// Sources: Xen 4.17 `public/arch-x86/hvm/start_info.h`; Multiboot 0.6.96, 3.3.
fn find_line(info: u64, magic: u32) -> Option<(u64, bool)> {
    const PVH: u32 = 0x336e_c578;
    const MULTIBOOT: u32 = 0x2bad_b002;
    const HAS_LINE: u32 = 1 << 2;
    if Low.u32(info, 0)? == PVH {
        return Some((Low.u64(info, 24)?, false));
    }
    if magic != MULTIBOOT {
        return None;
    }
    match Low.u32(info, 0)? & HAS_LINE {
        0 => Some((0, false)),
        _ => Some((Low.u32(info, 16)?.into(), true)),
    }
}

/// Copy the command line behind the image, where it is kept.
fn copy_line(info: u64, magic: u32) -> *const c_char {
    const LONGEST: usize = 32 << 10;
    let Some((line, named)) = find_line(info, magic) else {
        die::<Xen>("The loader's information is missing (PVH or multiboot expected)");
    };
    let copy = ptr::with_exposed_provenance_mut::<u8>(layout::image_end());
    let mut len = 0;
    // The image's own name ends with the first space.
    let mut skipping = named;
    for address in line.. {
        let byte = match Low.bytes(address) {
            Some([byte]) => byte,
            None if line == 0 => 0,
            None => die::<Xen>("The command line lies above 128 MiB"),
        };
        if skipping && byte != 0 {
            skipping = byte != b' ';
            continue;
        }
        if len == LONGEST {
            die::<Xen>("The command line is longer than 32 KiB");
        }
        // SAFETY: unused RAM behind the image; a line that lies there itself is
        // read before it is overwritten, since the copy never runs ahead.
        unsafe { copy.add(len).write(byte) };
        len += 1;
        if byte == 0 {
            break;
        }
    }
    copy.cast()
}

/// Bytes of a line, its end included.
fn line_size(line: *const c_char) -> usize {
    // SAFETY: `copy_line` wrote it, with its end.
    unsafe { solo5_sys::bytes::length(line.cast()) + 1 }
}
