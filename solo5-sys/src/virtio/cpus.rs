//! The other processors, which the firmware lists and the local APIC reaches.
//!
//! Source: Intel SDM volume 3A, 9.4 (MP initialisation), 11.6.1 (interrupt command register).

use core::ptr;
use core::sync::atomic::{AtomicU8, AtomicU32, Ordering, fence};

use super::physical::Physical;
use super::{apic, clock};
use crate::abi::Time;
use crate::core::cpus::{self, MOST, Reach, Records};
use crate::core::{cpu, layout};
use crate::firmware::processors::{self, Identifiers};
use crate::machine::Errno;

unsafe extern "C" {
    static core_trampoline: u8;
    static core_trampoline_end: u8;
    /// By APIC identifier: the number; 0: none.
    static mut core_apic_index: [u8; 256];
}

/// By number: the APIC identifier.
static IDENTIFIERS: [AtomicU8; MOST] = [const { AtomicU8::new(0) }; MOST];

/// By APIC identifier: the number.
static NUMBERS: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];

/// Other processors run: one that halts forgets what it remembers of page tables.
#[unsafe(no_mangle)]
static core_several: AtomicU32 = AtomicU32::new(0);

/// How many of them have done what [`flush_others`] asks for.
#[unsafe(no_mangle)]
static core_flushed: AtomicU32 = AtomicU32::new(0);

/// The page below 1 MiB with the trampoline: no firmware and no loader leaves anything in it
/// that is needed later.
const PAGE_BELOW: usize = 0x8000;

const INIT: u32 = 0x4500;
const STARTUP: u32 = 0x4600;
const NON_MASKABLE: u32 = 0x4400;
const FIXED: u32 = 0x4000;

/// The vector that flushes: its entry is `core_flush`.
const FLUSH: u32 = 49;

/// Find the processors, and write what they need behind the image. `root` is where ACPI begins,
/// or 0; `end` the end of the memory that may be used, `ram` what there is.
pub fn find(physical: &mut Physical, root: u64, ram: &[(u64, u64)], end: usize) -> Records {
    const BELOW: (u64, u64) = (PAGE_BELOW as u64, (PAGE_BELOW + layout::PAGE) as u64);
    if !apic::is_there() || !clock::is_shared() {
        return Records::NONE;
    }
    let mut identifiers = Identifiers::new(apic::identifier(physical));
    processors::find(physical, root, &mut identifiers);
    let others = identifiers.others();
    let start = physical.free().next_multiple_of(layout::PAGE);
    let is_ram = |range: &(u64, u64)| range.0 <= BELOW.0 && BELOW.1 <= range.1;
    if others.is_empty()
        || !ram.iter().any(is_ram)
        || !Records::fit(start, others.len(), end)
        || physical.reach(BELOW.0, layout::PAGE).is_none()
    {
        return Records::NONE;
    }
    for (number, &identifier) in identifiers.all().iter().enumerate() {
        if let (Some(place), Some(by_identifier)) = (
            IDENTIFIERS.get(number),
            NUMBERS.get(usize::from(identifier)),
        ) {
            place.store(identifier, Ordering::Relaxed);
            by_identifier.store(number as u8, Ordering::Relaxed);
        }
    }
    physical.keep(start + Records::size(others.len()) - physical.free());
    // SAFETY: called once, before the final tables; records and page are RAM that nobody uses,
    // and the trampoline's symbols are around it.
    unsafe {
        for (index, &identifier) in others.iter().enumerate() {
            core_apic_index[usize::from(identifier)] = index as u8 + 1;
        }
        let len = (&raw const core_trampoline_end).addr() - (&raw const core_trampoline).addr();
        ptr::with_exposed_provenance_mut::<u8>(PAGE_BELOW)
            .copy_from_nonoverlapping(&raw const core_trampoline, len);
        Records::write(start, others.len(), |_| 0)
    }
}

fn send(number: usize, command: u32) {
    let identifier = IDENTIFIERS
        .get(number)
        .map_or(0, |identifier| identifier.load(Ordering::Relaxed));
    apic::send(identifier, command);
}

fn delay(time: Time) {
    let start = clock::monotonic();
    while clock::monotonic() - start < time {
        core::hint::spin_loop();
    }
}

impl Reach for super::Virtio {
    fn number() -> usize {
        let number = NUMBERS.get(usize::from(apic::own_identifier()));
        usize::from(number.map_or(0, |number| number.load(Ordering::Relaxed)))
    }

    fn start(number: usize) -> Result<(), Errno> {
        // Found once, before two could look for it.
        let _ = clock::wall();
        send(number, INIT);
        // What processors of before 2000 take; a virtual one takes none.
        delay(if cpu::is_virtual() { 0 } else { 10_000_000 });
        Self::start_again(number);
        Ok(())
    }

    fn start_again(number: usize) {
        send(number, STARTUP | (PAGE_BELOW / layout::PAGE) as u32);
    }

    fn arrive() {
        apic::enable();
        core_several.store(1, Ordering::Relaxed);
    }

    fn interrupt(number: usize) {
        send(number, FIXED | apic::TICK);
    }

    fn stop(number: usize) {
        send(number, NON_MASKABLE);
    }
}

/// Whether a processor halts, and so forgets by itself before it goes on.
fn is_halted(number: usize) -> bool {
    // SAFETY: every processor's record stays where it is.
    unsafe { (*cpus::open(number)).halted.load(Ordering::Relaxed) != 0 }
}

/// Have all other processors forget what they remember of page tables.
pub fn flush_others() {
    let others = cpus::others::<super::Virtio>();
    if others == 0 || cpus::is_stopping() {
        return;
    }
    core_flushed.store(0, Ordering::Relaxed);
    // The tables are written before anybody is seen to halt.
    fence(Ordering::SeqCst);
    let mut asked = 0;
    cpus::each(others, |number| {
        if !is_halted(number) {
            send(number, FIXED | FLUSH);
            asked += 1;
        }
    });
    while core_flushed.load(Ordering::Acquire) < asked {
        if cpus::is_stopping() {
            return;
        }
        core::hint::spin_loop();
    }
}

/// Where a processor besides the first one comes to ring 3.
#[unsafe(no_mangle)]
extern "C" fn core_cpu_main(number: u32) -> ! {
    cpus::arrive::<super::Virtio>(number)
}
