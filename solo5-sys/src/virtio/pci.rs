//! Virtio devices on PCI, in the order of their addresses.
//!
//! Source: PCI Local Bus 3.0, 3.2.2.3.2 (ports), 6.1 and 6.2 (configuration
//! space), 6.7 (capabilities); PCI-to-PCI Bridge 1.2, 3.2.5 (bus numbers); VIRTIO
//! 1.2, 4.1.2 (identifiers), 4.1.4 (capabilities), 4.1.4.8 (legacy).

use super::physical::Physical;
use super::transport::{Registers, Transport};
use crate::core::cpu;

const ADDRESS: u16 = 0xcf8;
const DATA: u16 = 0xcfc;
const NOTHING: u32 = u32::MAX;

const COMMAND: u8 = 0x04;
const BARS: u8 = 0x10;
const CAPABILITIES: u8 = 0x34;
const INTERRUPT: u8 = 0x3c;

/// A function: bus, device and function number, as the port has them.
#[derive(Clone, Copy)]
struct Function(u32);

/// A device that was found.
pub struct Found {
    /// Its type (VIRTIO 1.2, 5).
    pub kind: u16,
    /// How to reach it.
    pub transport: Transport,
    /// The line of the interrupt controllers that its interrupts come by.
    pub line: Option<u8>,
}

impl Function {
    fn read(self, register: u8) -> u32 {
        // SAFETY: reading configuration space changes nothing.
        unsafe {
            cpu::out32(ADDRESS, 1 << 31 | self.0 << 8 | u32::from(register & 0xfc));
            cpu::in32(DATA)
        }
    }

    fn write(self, register: u8, value: u32) {
        // SAFETY: what is written here lets the device have memory and queues,
        // which it is told of later.
        unsafe {
            cpu::out32(ADDRESS, 1 << 31 | self.0 << 8 | u32::from(register & 0xfc));
            cpu::out32(DATA, value);
        }
    }

    fn byte(self, register: u8) -> u8 {
        (self.read(register) >> (8 * (register & 3))) as u8
    }

    /// The memory behind base address register `index`; `None`: none is, or ports.
    fn memory(self, index: u8) -> Option<u64> {
        if index > 5 {
            return None;
        }
        let low = self.read(BARS + 4 * index);
        let high = match low & 7 {
            0 => 0,
            4 if index < 5 => self.read(BARS + 4 * index + 4),
            _ => return None,
        };
        let address = u64::from(high) << 32 | u64::from(low & !0xf);
        (address != 0).then_some(address)
    }

    /// The transport that its capabilities describe.
    fn modern(self, reach: &mut impl FnMut(u64, usize) -> Option<Registers>) -> Option<Transport> {
        const LIST: u32 = 1 << 20;
        const VENDOR: u8 = 9;
        // As many as fit.
        const MOST: usize = 48;
        if self.read(COMMAND) & LIST == 0 {
            return None;
        }
        let mut parts: [Option<Registers>; 4] = [None; 4];
        let mut multiplier = 0;
        let mut at = self.byte(CAPABILITIES) & 0xfc;
        for _ in 0..MOST {
            if at < 0x40 {
                break;
            }
            let head = self.read(at).to_le_bytes();
            let kind = usize::from(head[3]);
            if head[0] == VENDOR && at <= 0xec && (1..=4).contains(&kind) {
                let bar = self.byte(at + 4);
                let (offset, len) = (self.read(at + 8), self.read(at + 12));
                let place = parts.get_mut(kind - 1)?;
                if place.is_none()
                    && let Some(start) = self.memory(bar)
                {
                    let start = start.checked_add(offset.into())?;
                    *place = reach(start, len.min(1 << 20) as usize);
                    if kind == 2 {
                        multiplier = self.read(at + 16);
                    }
                }
            }
            at = head[1] & 0xfc;
        }
        let [Some(common), Some(notify), Some(status), Some(config)] = parts else {
            return None;
        };
        Some(Transport::Modern {
            common,
            notify,
            multiplier,
            status,
            config,
        })
    }

    /// The ports of a legacy device.
    fn ports(self) -> Option<Transport> {
        let bar = self.read(BARS);
        let base = u16::try_from(bar & !3).ok()?;
        // With room for the configuration behind.
        (bar & 1 == 1 && (1..0xff00).contains(&base)).then_some(Transport::Ports(base))
    }

    fn line(self) -> Option<u8> {
        let [line, pin, ..] = self.read(INTERRUPT).to_le_bytes();
        // Those that a PC has for devices; 14 means another thing here.
        let usable = matches!(line, 3 | 5..=7 | 9..=12 | 15);
        (pin != 0 && usable).then_some(line)
    }
}

/// Whether there is a PCI bus.
pub fn is_there() -> bool {
    let first = Function(0).read(0);
    first != NOTHING && first != 0
}

/// Call `what` for each virtio device. `reach` maps registers.
pub fn find(
    physical: &mut Physical,
    mut reach: impl FnMut(&mut Physical, u64, usize) -> Option<Registers>,
    mut what: impl FnMut(&mut Physical, Found),
) {
    /// Buses that are looked at, in the order in which bridges name them.
    const BUSES: usize = 32;
    let mut buses = [0u8; BUSES];
    let mut count = 1;
    let mut index = 0;
    while index < count {
        let bus = buses.get(index).copied().unwrap_or(0);
        index += 1;
        for device in 0..32 {
            let first = Function(u32::from(bus) << 8 | device << 3);
            if first.read(0) == NOTHING {
                continue;
            }
            let functions = if first.byte(0x0e) & 0x80 != 0 { 8 } else { 1 };
            for function in 0..functions {
                let function = Function(first.0 | function);
                if function.read(0) == NOTHING {
                    continue;
                }
                if function.byte(0x0e) & 0x7f == 1 {
                    let behind = function.byte(0x19);
                    let known = buses.iter().take(count).any(|&known| known == behind);
                    if let Some(place) = buses.get_mut(count).filter(|_| !known) {
                        *place = behind;
                        count += 1;
                    }
                    continue;
                }
                let found = virtio(function, &mut |address, len| reach(physical, address, len));
                if let Some(found) = found {
                    what(physical, found);
                }
            }
        }
    }
}

/// The virtio device that `function` is.
fn virtio(
    function: Function,
    reach: &mut impl FnMut(u64, usize) -> Option<Registers>,
) -> Option<Found> {
    const VENDOR: u32 = 0x1af4;
    let (vendor, device) = (function.read(0) & 0xffff, (function.read(0) >> 16) as u16);
    let kind = match device {
        0x1040..0x1080 => device - 0x1040,
        0x1000 => 1,
        0x1001 => 2,
        _ => return None,
    };
    if vendor != VENDOR || !matches!(kind, 1 | 2) {
        return None;
    }
    // Ports, memory and reading and writing memory by itself; interrupts by line.
    const ON: u32 = 7;
    const NO_LINE: u32 = 1 << 10;
    let command = function.read(COMMAND) & 0xffff;
    function.write(COMMAND, (command | ON) & !NO_LINE);
    let legacy = (device < 0x1040).then(|| function.ports()).flatten();
    Some(Found {
        kind,
        transport: function.modern(reach).or(legacy)?,
        line: function.line(),
    })
}
