//! The local APIC: its timer, which ticks, and interrupts from one processor to another.
//!
//! Source: Intel SDM volume 3A, 11.4.6 (identifier), 11.5.1 (local vectors), 11.5.4 (timer), 11.6.1
//! (interrupt command register), 11.9 (spurious vector).

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::clock;
use super::physical::Physical;
use crate::abi::Time;
use crate::core::cpu;
use crate::core::cpus::{self, MOST};

unsafe extern "C" {
    fn core_wait();
}

/// Where its registers are unless somebody moves them.
pub const REGISTERS: usize = 0xfee0_0000;
const IDENTIFIER: usize = 0x20;
const SPURIOUS: usize = 0xf0;
const COMMAND: usize = 0x300;
const COMMAND_TO: usize = 0x310;
const TIMER_VECTOR: usize = 0x320;
const TIMER_START: usize = 0x380;
const TIMER_NOW: usize = 0x390;
const TIMER_DIVIDER: usize = 0x3e0;

/// The vector of a tick: its entry is `core_tick`.
pub const TICK: u32 = 48;
const PERIODIC: u32 = 1 << 17;
const MASKED: u32 = 1 << 16;
/// Counts as fast as the bus.
const DIVIDE_BY_1: u32 = 0b1011;

fn register(offset: usize) -> *mut u32 {
    core::ptr::with_exposed_provenance_mut(REGISTERS + offset)
}

fn write(offset: usize, value: u32) {
    // SAFETY: the program's tables map the page, and these are registers of the
    // timer, whose interrupt has its entry in the IDT.
    unsafe { register(offset).write_volatile(value) };
}

fn read(offset: usize) -> u32 {
    // SAFETY: as above.
    unsafe { register(offset).read_volatile() }
}

/// Whether there is a timer to tick.
pub fn is_there() -> bool {
    cpu::has_apic()
}

/// How far the timer counts in a millisecond; measured once, which takes two.
fn count_per_ms() -> u32 {
    const WINDOW: Time = 2_000_000;
    static KNOWN: AtomicU32 = AtomicU32::new(0);
    let known = KNOWN.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    write(TIMER_VECTOR, TICK | MASKED);
    write(TIMER_DIVIDER, DIVIDE_BY_1);
    write(TIMER_START, u32::MAX);
    let start = clock::monotonic();
    let first = read(TIMER_NOW);
    while clock::monotonic() - start < WINDOW {
        core::hint::spin_loop();
    }
    let counted = u64::from(first - read(TIMER_NOW));
    let took = (clock::monotonic() - start).max(1);
    write(TIMER_START, 0);
    let count = (counted * 1_000_000 / took).clamp(1, u64::from(u32::MAX)) as u32;
    KNOWN.store(count, Ordering::Relaxed);
    count
}

/// By processor: from one tick to the next; 0: it does not tick.
static PERIODS: [AtomicU64; MOST] = [const { AtomicU64::new(0) }; MOST];

fn start_timer(time: Time, periodic: u32) {
    let count = u128::from(count_per_ms()) * u128::from(time) / 1_000_000;
    write(TIMER_VECTOR, TICK | periodic);
    write(TIMER_START, count.clamp(1, u128::from(u32::MAX)) as u32);
}

/// Have the calling processor tick every `period`; 0: no more.
pub fn tick(period: Time) {
    if let Some(place) = PERIODS.get(cpus::index::<super::Virtio>()) {
        place.store(period, Ordering::Relaxed);
    }
    if period == 0 {
        write(TIMER_START, 0);
    } else {
        start_timer(period, PERIODIC);
    }
}

/// Halt for `time`, as far as the timer counts, or until another interrupt.
pub fn halt(time: Time) {
    let period = PERIODS.get(cpus::index::<super::Virtio>());
    let period = period.map_or(0, |period| period.load(Ordering::Relaxed));
    start_timer(time.min(1 << 32), 0);
    // SAFETY: the interrupt that ends it has its entry in the IDT.
    unsafe { core_wait() };
    tick(period);
}

/// Have the calling processor, which is not the first one, take interrupts.
pub fn enable() {
    write(SPURIOUS, 0x12f);
    write(TIMER_DIVIDER, DIVIDE_BY_1);
}

/// The identifier of the calling processor.
pub fn own_identifier() -> u8 {
    (read(IDENTIFIER) >> 24) as u8
}

/// The identifier of the processor that boots, before there are page tables for it.
pub fn identifier(physical: &mut Physical) -> u8 {
    let word = physical.read_register((REGISTERS + IDENTIFIER) as u64);
    word.map_or(0, |word| (word >> 24) as u8)
}

/// Send an interrupt to the processor with this identifier, or to whom the command names.
pub fn send(identifier: u8, command: u32) {
    const PENDING: u32 = 1 << 12;
    write(COMMAND_TO, u32::from(identifier) << 24);
    write(COMMAND, command);
    while read(COMMAND) & PENDING != 0 {
        core::hint::spin_loop();
    }
}
