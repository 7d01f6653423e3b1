//! What mirage-xen links against besides `solo5.h` and the page of hypercalls: names of
//! Solo5's binding for Xen, which has them for it alone.
//!
//! mirage-xen drives devices itself. It reads the shared page, takes events from there,
//! masks and unmasks channels, and halts by `sti; hlt`. A program that does so defines
//! `solo5__xen_evtchn_vector_handler`, in Solo5's binding what upcalls run. Ring 0
//! runs no code of the program's, so here the function is never called; that there is
//! one says that ring 0 leaves the selector of words to the program, steps over its
//! `cli` and `sti`, and halts at its `hlt` as at the gate (`entry.s`).
//!
//! Source: Solo5 0.12.1 `bindings/xen`, mirage-xen 9.0.0 `lib/bindings`.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use solo5_sys::abi::Range;

use crate::machine::REACH;
use crate::memory;

unsafe extern "C" {
    /// The handler that was linked, and the one that is no program's.
    static core_handlers: [usize; 2];
    /// Around an entry that is there if the program asks for the area.
    static core_area_wanted: u8;
    static core_area_wanted_end: u8;
}

/// The program takes events itself. Ring 0 knows it by this name.
#[unsafe(no_mangle)]
static core_program_takes_events: AtomicU32 = AtomicU32::new(0);

/// Bytes of the area for pages of other domains: twice what the grant table of
/// mirage-xen has entries for, and more.
const AREA_SIZE: u64 = 1 << 30;
/// It lies here or, where there is RAM, higher. A multiple of [`AREA_SIZE`].
const AREA_START: u64 = 4 << 30;

/// Kept by the linker if a function below is.
#[unsafe(link_section = ".bss.core_area")]
static WANTED: AtomicU32 = AtomicU32::new(0);

/// Have ring 0 know who takes events.
pub fn initialise() {
    // SAFETY: two words that nobody writes.
    let [linked, default] = unsafe { (&raw const core_handlers).read_volatile() };
    core_program_takes_events.store((linked != default).into(), Relaxed);
}

/// Whether the program takes events itself, and so drives what it has of Xen.
pub fn takes_events() -> bool {
    core_program_takes_events.load(Relaxed) != 0
}

/// Until when a halt of our own may last: in such a program it can miss an event, one
/// that comes where the flag is cleared.
pub fn latest(now: u64) -> u64 {
    const A_WHILE: u64 = 1_000_000;
    if takes_events() {
        now + A_WHILE
    } else {
        u64::MAX
    }
}

/// Before a halt of our own: what the program has not seen must not keep Xen from
/// raising the upcall.
pub fn take_selector() -> u64 {
    if !takes_events() {
        return 0;
    }
    let cpu = memory::boot_cpu();
    cpu.evtchn_upcall_pending.store(0, Relaxed);
    cpu.evtchn_pending_sel.swap(0, AcqRel)
}

/// After it: what the program is still to see.
pub fn put_selector(selector: u64) {
    if selector != 0 {
        let cpu = memory::boot_cpu();
        cpu.evtchn_pending_sel.fetch_or(selector, AcqRel);
        cpu.evtchn_upcall_pending.store(1, Release);
    }
}

/// Where pages of other domains can be mapped, address for address, above `ram_end`;
/// `None`: the program does not ask, or nothing is left there.
pub fn area(ram_end: u64) -> Option<Range> {
    let (start, end) = (&raw const core_area_wanted, &raw const core_area_wanted_end);
    if start.addr() == end.addr() {
        return None;
    }
    let start = ram_end.max(AREA_START).next_multiple_of(AREA_SIZE);
    if start > REACH - AREA_SIZE {
        return None;
    }
    AREA.store((start / AREA_SIZE) as u32, Relaxed);
    Some(Range {
        start,
        len: AREA_SIZE,
    })
}

/// Where it lies, in its own size; 0: there is none.
static AREA: AtomicU32 = AtomicU32::new(0);

/// `void solo5__xen_get_gntmap_area(uint64_t *addr, size_t *size)`: addresses, the same
/// for Xen and the program, at which pages of other domains can be mapped. What is not
/// mapped there is nobody's memory. Where there is none, both are 0.
///
/// # Safety
/// Both pointers can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn solo5__xen_get_gntmap_area(address: *mut u64, size: *mut usize) {
    let start = area_start();
    // SAFETY: this function's contract.
    unsafe {
        address.write(start.unwrap_or(0) as u64);
        size.write(start.map_or(0, |_| AREA_SIZE as usize));
    }
}

/// The start of that area, if there is one. A program that asks has it mapped.
pub fn area_start() -> Option<usize> {
    WANTED.store(1, Relaxed);
    match AREA.load(Relaxed) {
        0 => None,
        place => Some(place as usize * AREA_SIZE as usize),
    }
}
