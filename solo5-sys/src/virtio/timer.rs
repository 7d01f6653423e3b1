//! The interval timer (8254) and the interrupt controllers (8259A): sleeping,
//! and measuring the time stamp counter.
//!
//! Interrupts reach the processor only inside [`halt`]; one that arrives
//! before stays pending in the controller and ends it at once.
//!
//! Sources: Intel 8254 and 8259A data sheets; Intel SDM volume 3A, 11.4.3 and
//! 11.5.1 (local APIC).

use core::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use super::physical::Physical;
use crate::abi::Time;
use crate::core::cpu::{self, in8, out8};
use crate::scale::SECOND;

const COUNTER_0: u16 = 0x40;
const MODE: u16 = 0x43;
const TIMER_HZ: u64 = 1_193_182;
/// Both bytes of a count of mode 0, written and as part of the status.
const MODE_0: u8 = 0x30;
/// In the status: the counter has reached 0.
const EXPIRED: u8 = 1 << 7;

const PIC_1: u16 = 0x20;
const PIC_2: u16 = 0xa0;
/// The lines that pass from the start: timer (0) and serial port (4).
const OPEN: u32 = 1 << 0 | 1 << 4;
/// The second controller.
const CASCADE: u32 = 1 << 2;

/// The masks of both controllers; ring 0 masks a device's line when its interrupt
/// comes, because it stays up until the device is told.
#[unsafe(no_mangle)]
static core_masks: AtomicU32 = AtomicU32::new(!OPEN & 0xffff);
/// The lines whose interrupts came since this was last looked at.
#[unsafe(no_mangle)]
static core_lines: AtomicU32 = AtomicU32::new(0);
/// The lines of devices.
static DEVICES: AtomicU32 = AtomicU32::new(0);

unsafe extern "C" {
    fn core_wait();
}

/// The local APIC's registers: spurious vector with its enable bit, and the pin
/// that the controllers are wired to.
const APIC_SPURIOUS: u64 = 0xfee0_00f0;
const APIC_LINT0: u64 = 0xfee0_0350;

/// Move the controllers' interrupts behind the exceptions, and let through
/// those in [`OPEN`].
pub fn initialise() {
    // SAFETY: the vectors 32 to 47 have their entries in the IDT, and no
    // interrupt is taken before `halt`.
    unsafe {
        for (port, vector, cascade) in [(PIC_1, 32, 1 << 2), (PIC_2, 40, 2)] {
            out8(port, 0x11);
            out8(port + 1, vector);
            out8(port + 1, cascade);
            out8(port + 1, 1);
        }
    }
    write_masks();
}

/// Only the first processor writes them, here with ticks held off and in ring 0, or one would
/// write what another has changed meanwhile, and a line that is to be open would stay masked. An
/// interrupt meanwhile masks a line, which is then open here: it comes once more and is masked again.
fn write_masks() {
    let [low, high, ..] = core_masks.load(Ordering::Acquire).to_le_bytes();
    // SAFETY: every line has its entry in the IDT.
    unsafe {
        out8(PIC_1 + 1, low);
        out8(PIC_2 + 1, high);
    }
}

/// Let through the interrupts of a device's line.
pub fn open(line: u8) {
    let line = 1 << (line & 15);
    DEVICES.fetch_or(line, Ordering::Relaxed);
    core_masks.fetch_and(!CASCADE, Ordering::Relaxed);
    unmask(line);
}

/// The lines besides the timer's and the serial port's whose interrupts came since
/// this was asked last.
pub fn take_lines() -> u32 {
    core_lines.fetch_and(OPEN, Ordering::AcqRel) & !OPEN
}

/// Let through those of `lines` that are devices', after ring 0 has masked them. Called on the
/// first processor, where ticks are held off.
pub fn unmask(lines: u32) {
    let lines = lines & DEVICES.load(Ordering::Relaxed);
    if lines != 0 {
        core_masks.fetch_and(!lines, Ordering::AcqRel);
        write_masks();
    }
}

/// Have the local APIC pass on the controllers' interrupts: a PC's firmware has
/// done that, qboot has not. The APIC is enabled first, because KVM keeps the
/// pins of a disabled one masked.
pub fn connect(physical: &mut Physical) {
    if cpu::has_apic() {
        // SAFETY: the processor has these registers; a spurious interrupt
        // would arrive at vector 47, which has its entry in the IDT.
        unsafe {
            physical.write_register(APIC_SPURIOUS, 0x12f);
            physical.write_register(APIC_LINT0, 0x700);
        }
    }
}

/// Start counter 0 at `ticks`, in mode 0: at 0 it raises interrupt 0, once, and
/// counts on from 0xffff.
fn start(ticks: u16) {
    let [low, high] = ticks.to_le_bytes();
    // SAFETY: the interrupt waits for `halt`; its entry in the IDT
    // acknowledges it.
    unsafe {
        out8(MODE, MODE_0);
        out8(COUNTER_0, low);
        out8(COUNTER_0, high);
    }
}

/// The status of counter 0: its mode, and [`EXPIRED`].
fn status() -> u8 {
    // SAFETY: latching and reading a status changes nothing else.
    unsafe {
        out8(MODE, 0xe2);
        in8(COUNTER_0)
    }
}

/// Whether the timer, which has been started, and the controller that passes its
/// interrupt on are there. Asked once.
fn can_wake() -> bool {
    static KNOWN: AtomicU8 = AtomicU8::new(0);
    const YES: u8 = 1;
    const NO: u8 = 2;
    if KNOWN.load(Ordering::Relaxed) == 0 {
        // SAFETY: reading the mask changes nothing. The keyboard's line is closed.
        let open = unsafe { in8(PIC_1 + 1) } & 0b10011 == 0b10;
        let works = open && status() & 0x3f == MODE_0;
        KNOWN.store(if works { YES } else { NO }, Ordering::Relaxed);
    }
    KNOWN.load(Ordering::Relaxed) == YES
}

/// Halt from `now` for `duration`, at most about 55 ms, or until the serial port has
/// received a byte or another interrupt comes. It may be shorter. Comes back at once
/// where nothing would end it.
pub fn halt(now: Time, duration: Time) {
    /// When the timer runs out, should it run.
    static ARMED: AtomicU64 = AtomicU64::new(0);
    const TIMER: u32 = 1 << 0;
    let end = now.saturating_add(duration);
    // One that fires too early costs a turn; to start it again for every frame costs
    // three accesses each, which the host may have to wake a thread for.
    let ran_out = core_lines.fetch_and(!TIMER, Ordering::AcqRel) & TIMER != 0;
    let armed = ARMED.load(Ordering::Relaxed);
    if ran_out || armed <= now || armed > end {
        let ticks = (duration.min(1 << 32) * TIMER_HZ / SECOND).clamp(1, 0xffff) as u16;
        start(ticks);
        let time = u64::from(ticks) * SECOND / TIMER_HZ;
        ARMED.store(now.saturating_add(time), Ordering::Relaxed);
    }
    if can_wake() {
        // SAFETY: the interrupt that ends it has its entry in the IDT.
        unsafe { core_wait() };
    }
}

/// Measure the time stamp counter, in ticks a second; takes 10 ms. `None` where
/// there is no timer.
///
/// A busy host may stop the machine for longer than the counter runs, 55 ms:
/// then it is measured again.
pub fn measure_cycles() -> Option<u64> {
    const ATTEMPTS: u32 = 50;
    const WINDOW: u16 = (TIMER_HZ / 100) as u16;
    // Far more readings than a window takes.
    const PATIENCE: u32 = 1_000_000;
    for _ in 0..ATTEMPTS {
        start(0xffff);
        let (first, first_cycles) = sample();
        (0..PATIENCE).find(|_| first.wrapping_sub(sample_once().0) >= WINDOW)?;
        let (last, last_cycles) = sample();
        if status() & EXPIRED == 0 {
            let ticks = u64::from(first.wrapping_sub(last));
            return Some((last_cycles - first_cycles) * TIMER_HZ / ticks.max(1));
        }
    }
    None
}

/// Counter 0 and the time stamp counter at one moment: of four readings the
/// one that took the shortest time.
fn sample() -> (u16, u64) {
    let mut best = sample_once();
    for _ in 0..3 {
        let next = sample_once();
        if next.2 < best.2 {
            best = next;
        }
    }
    (best.0, best.1)
}

/// One reading, and how many cycles it took to take it.
fn sample_once() -> (u16, u64, u64) {
    // SAFETY: latching and reading a counter changes nothing else.
    let (before, after, count) = unsafe {
        let before = cpu::cycles();
        out8(MODE, 0);
        let after = cpu::cycles();
        let low = in8(COUNTER_0);
        (before, after, u16::from_le_bytes([low, in8(COUNTER_0)]))
    };
    (count, before + (after - before) / 2, after - before)
}
