//! The other processors, which the firmware lists and the local APIC reaches.
//!
//! Source: Intel SDM volume 3A, 9.4 (MP initialisation), 11.6.1 (interrupt command register).

use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use super::physical::Physical;
use super::{apic, clock};
use crate::abi::Time;
use crate::core::cpus::{self, MOST, Reach, Records};
use crate::core::{cpu, layout};
use crate::firmware::processors::{self, Identifiers};

/// By number: the APIC identifier.
static IDENTIFIERS: [AtomicU8; MOST] = [const { AtomicU8::new(0) }; MOST];

/// By APIC identifier: the number.
static NUMBERS: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];

/// By number: whether a wait is to end.
static WOKEN: [AtomicBool; MOST] = [const { AtomicBool::new(false) }; MOST];

const INIT: u32 = 0x4500;
const STARTUP: u32 = 0x4600;
const NON_MASKABLE: u32 = 0x4400;
const FIXED: u32 = 0x4000;

/// The vector that flushes: its entry is `core_flush`.
const FLUSH: u32 = 49;

/// Find the processors, and write what they need behind the image. `root` is where ACPI begins,
/// or 0; `end` the end of the memory that may be used, `ram` what there is.
pub fn find(physical: &mut Physical, root: u64, ram: &[(u64, u64)], end: usize) -> Records {
    /// A page that no firmware and no loader leaves anything in that is needed later.
    const PAGE_BELOW: u64 = 0x8000;
    /// What a program needs at the least besides.
    const REST: usize = 1 << 20;
    const PAGE: u64 = layout::PAGE as u64;
    if !apic::is_there() || !clock::is_shared() {
        return Records::NONE;
    }
    let mut identifiers = Identifiers::new(apic::identifier(physical));
    processors::find(physical, root, &mut identifiers);
    let others = identifiers.others();
    let start = physical.free().next_multiple_of(layout::PAGE);
    let size = Records::size(others.len());
    let is_ram = |range: &(u64, u64)| range.0 <= PAGE_BELOW && PAGE_BELOW + PAGE <= range.1;
    let room = start + size + REST;
    if others.is_empty()
        || !ram.iter().any(is_ram)
        || room > end
        || room > layout::BOOTSTRAP_END
        || physical.reach(PAGE_BELOW, layout::PAGE).is_none()
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
    physical.keep(start + size - physical.free());
    // SAFETY: called once, before the final tables; both are RAM that nobody uses.
    unsafe { Records::write(start, others, PAGE_BELOW as usize) }
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

    fn start(number: usize, page: usize) {
        send(number, INIT);
        // What processors of before 2000 take; a virtual one takes none.
        delay(if cpu::is_virtual() { 0 } else { 10_000_000 });
        Self::start_again(number, page);
    }

    fn start_again(number: usize, page: usize) {
        send(number, STARTUP | (page / layout::PAGE) as u32);
    }

    fn arrive() {
        apic::enable();
    }

    fn flush(number: usize) {
        send(number, FIXED | FLUSH);
    }

    fn stop(number: usize) {
        send(number, NON_MASKABLE);
    }
}

/// The number of the calling processor.
pub fn number() -> usize {
    cpus::index::<super::Virtio>()
}

/// `machine_cpu_wake`
pub fn wake(number: usize) {
    if let Some(woken) = WOKEN.get(number)
        && !woken.swap(true, Ordering::AcqRel)
        && number != self::number()
        && number < cpus::count()
    {
        send(number, FIXED | apic::TICK);
    }
}

/// Whether somebody has called [`wake`] for the calling processor since this was asked.
pub fn is_woken() -> bool {
    let woken = WOKEN.get(number());
    woken.is_some_and(|woken| woken.load(Ordering::Relaxed) && woken.swap(false, Ordering::AcqRel))
}

/// Where a processor besides the first one comes to ring 3.
#[unsafe(no_mangle)]
extern "C" fn core_cpu_main(number: u32) -> ! {
    cpus::arrive::<super::Virtio>(number)
}
