//! The first serial port (16550), polled: the console.
//!
//! Bytes pass unchanged, line ends included.
//!
//! Source: National Semiconductor PC16550D data sheet.

use core::arch::asm;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::core::cpu::{self, in8, out8};

const DATA: u16 = 0x3f8;
const INTERRUPTS: u16 = DATA + 1;
/// Control when written, interrupt cause when read.
const FIFO: u16 = DATA + 2;
const FIFO_ON: u8 = 0xc0;
const LINE: u16 = DATA + 3;
const MODEM: u16 = DATA + 4;
const STATUS: u16 = DATA + 5;

const RECEIVED: u8 = 1;
const TRANSMIT_EMPTY: u8 = 1 << 5;
/// What a port without a device answers.
const ABSENT: u8 = 0xff;

/// Bytes that a FIFO takes.
const FIFO_SIZE: usize = 16;
/// For how long a transmitter that was never seen empty is waited for, in cycles,
/// some seconds: it may be no 16550.
const PATIENCE: u64 = 1 << 34;

/// The transmitter has been seen empty. From then on it is waited for as long as
/// it takes: QEMU's waits for whoever reads its output, and nothing may be lost.
static WORKS: AtomicBool = AtomicBool::new(false);
/// The transmitter has been given up; it is not waited for again until it
/// empties.
static STUCK: AtomicBool = AtomicBool::new(false);

/// Bytes that the transmitter takes once it is empty.
static ROOM: AtomicUsize = AtomicUsize::new(1);
/// The end of the input has been read.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Set up the port: 115,200 baud, 8N1, and an interrupt for each byte received,
/// which only ends a halt.
///
/// Turning the FIFOs on empties the receiver, and reading it beforehand lets
/// the next byte in. So they stay off where something has been typed already.
pub fn initialise() {
    // SAFETY: the port moves bytes over a wire, whatever is written to it.
    unsafe {
        out8(LINE, 0x80);
        out8(DATA, 1);
        out8(INTERRUPTS, 0);
        out8(LINE, 3);
        if in8(FIFO) & FIFO_ON != FIFO_ON && !has_input() {
            out8(FIFO, 1);
        }
        if in8(FIFO) & FIFO_ON == FIFO_ON {
            ROOM.store(FIFO_SIZE, Ordering::Relaxed);
        }
        out8(MODEM, 0xb);
        out8(INTERRUPTS, 1);
    }
}

fn status() -> u8 {
    // SAFETY: reading the status clears error bits only.
    unsafe { in8(STATUS) }
}

/// Wait until the transmitter is empty; false if there is none that works.
fn can_write() -> bool {
    let start = cpu::cycles();
    loop {
        let status = status();
        if status == ABSENT {
            return false;
        }
        if status & TRANSMIT_EMPTY != 0 {
            WORKS.store(true, Ordering::Relaxed);
            return true;
        }
        let waited = cpu::cycles().wrapping_sub(start);
        let hopeless = STUCK.load(Ordering::Relaxed) || waited > PATIENCE;
        if hopeless && !WORKS.load(Ordering::Relaxed) {
            STUCK.store(true, Ordering::Relaxed);
            return false;
        }
        core::hint::spin_loop();
    }
}

/// Write `bytes`. Where no port works they are lost.
pub fn write(bytes: &[u8]) {
    for part in bytes.chunks(ROOM.load(Ordering::Relaxed)) {
        if !can_write() {
            return;
        }
        // SAFETY: the port takes bytes; `part` is readable for its length.
        unsafe {
            asm!(
                "rep outsb",
                inout("rcx") part.len() => _,
                inout("rsi") part.as_ptr() => _,
                in("dx") DATA,
                options(readonly, nostack, preserves_flags)
            );
        }
    }
}

/// Whether a byte has been received.
pub fn has_input() -> bool {
    let status = status();
    status & RECEIVED != 0 && status != ABSENT
}

/// Read what has been received; answers how many bytes, or `None` at the end of
/// the input.
///
/// A wire has no end: as on a terminal, the byte 4 (Ctrl-D) says so. Whatever
/// follows is ignored.
pub fn read(buffer: &mut [u8]) -> Option<usize> {
    const END: u8 = 4;
    let mut count = 0;
    for place in buffer {
        if ENDED.load(Ordering::Relaxed) || !has_input() {
            break;
        }
        // SAFETY: reading takes the byte out of the port, nothing else.
        let byte = unsafe { in8(DATA) };
        if byte == END {
            ENDED.store(true, Ordering::Relaxed);
            break;
        }
        *place = byte;
        count += 1;
    }
    (count != 0 || !ENDED.load(Ordering::Relaxed)).then_some(count)
}
