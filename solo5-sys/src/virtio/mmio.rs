//! Virtio devices in memory, where QEMU's `microvm` has them; their interrupts
//! come by I/O APICs.
//!
//! Source: VIRTIO 1.2, 4.2.2; Intel 82093AA data sheet (I/O APIC); QEMU,
//! `docs/system/i386/microvm.rst` and its interrupts: 5 to 12 without ACPI, with
//! it 16 to 23, or 24 to 47 on a second I/O APIC.

use super::apic;
use super::physical::Physical;
use super::transport::{Registers, Transport};
use crate::core::cpu;

const START: u64 = 0xfeb0_0000;
const SIZE: u64 = 0x200;
const COUNT: u64 = 24;

/// The vector of their interrupts, of the second interrupt controller's, which
/// has no such line in use.
const VECTOR: u32 = 46;

/// Call `what` for each device: its type, and how to reach it.
pub fn find(
    physical: &mut Physical,
    mut reach: impl FnMut(&mut Physical, u64, usize) -> Option<Registers>,
    mut what: impl FnMut(&mut Physical, u16, Transport),
) {
    const MAGIC: u32 = u32::from_le_bytes(*b"virt");
    for index in 0..COUNT {
        let start = START + index * SIZE;
        let Some(registers) = reach(physical, start, SIZE as usize) else {
            return;
        };
        if registers.read::<u32>(0) != MAGIC {
            return;
        }
        let legacy = match registers.read::<u32>(4) {
            1 => true,
            2 => false,
            _ => continue,
        };
        let kind = registers.read::<u32>(8);
        if matches!(kind, 1 | 2) {
            what(physical, kind as u16, Transport::Memory(registers, legacy));
        }
    }
}

/// Have the I/O APICs pass on all interrupts that may be those of devices.
/// Whether there is one.
pub fn connect(physical: &mut Physical) -> bool {
    if !cpu::has_apic() {
        return false;
    }
    // The first ones are the board's own.
    let first = connect_one(physical, 0xfec0_0000, 5);
    connect_one(physical, 0xfec1_0000, 0) || first
}

fn connect_one(physical: &mut Physical, base: u64, from: u32) -> bool {
    /// The real-time clock's, which only the controllers of old pass on.
    const CLOCK: u32 = 8;
    let destination = u32::from(apic::identifier(physical)) << 24;
    // SAFETY: selects a register.
    unsafe { physical.write_register(base, 1) };
    let version = physical.read_register(base + 0x10).unwrap_or(u32::MAX);
    let last = version >> 16 & 0xff;
    if !matches!(version & 0xff, 0x11..=0x30) || last > 239 {
        return false;
    }
    for pin in (from..=last).filter(|&pin| pin != CLOCK) {
        for (register, value) in [(0x11, destination), (0x10, VECTOR)] {
            // SAFETY: an edge becomes an interrupt which has its entry in the IDT.
            unsafe {
                physical.write_register(base, register + 2 * pin);
                physical.write_register(base + 0x10, value);
            }
        }
    }
    true
}
