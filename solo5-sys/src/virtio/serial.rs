//! The first serial port (16550), polled: the console.
//!
//! Bytes pass unchanged, line ends included.
//!
//! Source: National Semiconductor PC16550D data sheet.

use core::arch::asm;
use core::sync::atomic::{AtomicU16, Ordering};

use crate::core::cpu::{in8, out8};

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

/// Bytes that the transmitter takes once it is empty.
const FIFO_SIZE: usize = 16;
/// How often the status is read before a byte counts as lost: at 115,200 baud
/// 16 bytes take 1.4 ms, and one read of a real port about a microsecond.
const PATIENCE: u32 = 1_000_000;

/// A byte that was there before the FIFOs were, plus [`EARLY_HELD`].
static EARLY: AtomicU16 = AtomicU16::new(0);
const EARLY_HELD: u16 = 1 << 8;

/// Set up the port: 115,200 baud, 8N1, FIFOs, and an interrupt for each byte
/// received, which only ends a halt. What has been typed already is kept.
pub fn initialise() {
    // SAFETY: the port moves bytes over a wire, whatever is written to it.
    unsafe {
        out8(LINE, 0x80);
        out8(DATA, 1);
        out8(INTERRUPTS, 0);
        out8(LINE, 3);
        // Turning the FIFOs on empties the receiver.
        if in8(FIFO) & FIFO_ON != FIFO_ON {
            if has_input() {
                EARLY.store(EARLY_HELD | u16::from(in8(DATA)), Ordering::Relaxed);
            }
            out8(FIFO, 1);
        }
        out8(MODEM, 0xb);
        out8(INTERRUPTS, 1);
    }
}

fn status() -> u8 {
    // SAFETY: reading the status clears error bits only.
    unsafe { in8(STATUS) }
}

/// Write `bytes`; what the port does not take is lost.
pub fn write(bytes: &[u8]) {
    for part in bytes.chunks(FIFO_SIZE) {
        let ready = (0..PATIENCE).find_map(|_| {
            let status = status();
            (status & TRANSMIT_EMPTY != 0).then_some(status)
        });
        if ready.is_none_or(|status| status == ABSENT) {
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
    EARLY.load(Ordering::Relaxed) != 0 || status & RECEIVED != 0 && status != ABSENT
}

/// Read what has been received; answers how many bytes.
pub fn read(buffer: &mut [u8]) -> usize {
    let mut count = 0;
    for place in buffer {
        if !has_input() {
            break;
        }
        let early = EARLY.swap(0, Ordering::Relaxed);
        *place = if early != 0 {
            early as u8
        } else {
            // SAFETY: reading takes the byte out of the port, nothing else.
            unsafe { in8(DATA) }
        };
        count += 1;
    }
    count
}
