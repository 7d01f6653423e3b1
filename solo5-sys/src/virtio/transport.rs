//! How a virtio device is set up, notified and acknowledged: by PCI, legacy or
//! modern, or by registers in memory, legacy or modern.
//!
//! Source: Virtual I/O Device (VIRTIO) 1.2, 3.1 (initialisation), 4.1.4 and
//! 4.1.5 (PCI), 4.1.4.8 (legacy), 4.2.2 and 4.2.4 (memory).

use super::physical::Physical;
use crate::core::cpu;
use crate::core::layout::PAGE;
use crate::virtqueue::{self, Queue};

const ACKNOWLEDGE: u8 = 1;
const DRIVER: u8 = 2;
const DRIVER_OK: u8 = 4;
const FEATURES_OK: u8 = 8;
const FAILED: u8 = 128;

/// `VIRTIO_F_ANY_LAYOUT`: what is legacy takes header and data as one.
pub const ANY_LAYOUT: u64 = 1 << 27;
/// `VIRTIO_F_EVENT_IDX`
pub const EVENT_IDX: u64 = 1 << 29;
/// `VIRTIO_F_VERSION_1`
pub const VERSION_1: u64 = 1 << 32;

/// The longest queue that is asked for, and the longest that is taken from a
/// device which does not ask.
const SIZE_WANTED: u16 = 256;
const SIZE_MAX: u16 = 1024;

/// Registers of a device in memory.
#[derive(Clone, Copy)]
pub struct Registers {
    start: usize,
    len: usize,
}

impl Registers {
    /// The `len` bytes at `start`.
    ///
    /// # Safety
    /// They are registers of a device and stay mapped as long as they are used;
    /// what the device does when they are written is sound.
    pub const unsafe fn new(start: usize, len: usize) -> Self {
        Self { start, len }
    }

    /// Where they begin.
    pub const fn start(self) -> usize {
        self.start
    }

    fn at<T>(self, offset: usize) -> Option<*mut T> {
        let inside = offset.checked_add(size_of::<T>())? <= self.len;
        let register = core::ptr::with_exposed_provenance_mut::<T>(self.start + offset);
        (inside && register.is_aligned()).then_some(register)
    }

    /// Read a register; nothing is there beyond the end.
    pub fn read<T: Copy + Default>(self, offset: usize) -> T {
        match self.at::<T>(offset) {
            // SAFETY: a register, by the contract of `new`.
            Some(register) => unsafe { register.read_volatile() },
            None => T::default(),
        }
    }

    /// Write a register.
    pub fn write<T: Copy>(self, offset: usize, value: T) {
        if let Some(register) = self.at::<T>(offset) {
            // SAFETY: as above.
            unsafe { register.write_volatile(value) };
        }
    }
}

/// The ways.
#[derive(Clone, Copy)]
pub enum Transport {
    /// PCI, modern.
    Modern {
        /// The four structures of a device.
        common: Registers,
        notify: Registers,
        multiplier: u32,
        status: Registers,
        config: Registers,
    },
    /// PCI, legacy: ports.
    Ports(u16),
    /// Memory; whether it is legacy.
    Memory(Registers, bool),
}

/// What notifies a device of a queue.
#[derive(Clone, Copy)]
pub enum Bell {
    /// 16 bits of memory.
    Word(Registers, u16),
    /// 16 bits at a port.
    Port(u16, u16),
    /// 32 bits of memory.
    Long(Registers, u32),
}

impl Bell {
    /// Notify the device.
    pub fn ring(self) {
        match self {
            Bell::Word(registers, queue) => registers.write(0, queue),
            // SAFETY: the device then looks at its queue, which is in order.
            Bell::Port(port, queue) => unsafe { cpu::out16(port, queue) },
            Bell::Long(registers, queue) => registers.write(0, queue),
        }
    }

    /// The page that it needs.
    pub fn page(self) -> Option<usize> {
        match self {
            Bell::Word(registers, _) | Bell::Long(registers, _) => Some(registers.start()),
            Bell::Port(..) => None,
        }
    }
}

impl Transport {
    fn is_legacy(self) -> bool {
        matches!(self, Transport::Ports(_) | Transport::Memory(_, true))
    }

    fn status(self) -> u8 {
        match self {
            Transport::Modern { common, .. } => common.read(20),
            // SAFETY: reading a status changes nothing.
            Transport::Ports(base) => unsafe { cpu::in8(base + 18) },
            Transport::Memory(base, _) => base.read::<u32>(0x70) as u8,
        }
    }

    fn set_status(self, status: u8) {
        match self {
            Transport::Modern { common, .. } => common.write(20, status),
            // SAFETY: the device begins or ends to use its queues, which are in order.
            Transport::Ports(base) => unsafe { cpu::out8(base + 18, status) },
            Transport::Memory(base, _) => base.write(0x70, u32::from(status)),
        }
    }

    fn features(self) -> u64 {
        let halves = [0u32, 1].map(|half| match self {
            Transport::Modern { common, .. } => {
                common.write(0, half);
                common.read::<u32>(4)
            }
            // SAFETY: reading changes nothing.
            Transport::Ports(base) if half == 0 => unsafe { cpu::in32(base) },
            Transport::Ports(_) => 0,
            Transport::Memory(base, _) => {
                base.write(0x14, half);
                base.read::<u32>(0x10)
            }
        });
        u64::from(halves[0]) | u64::from(halves[1]) << 32
    }

    fn set_features(self, features: u64) {
        for half in [0u32, 1] {
            let value = (features >> (32 * half)) as u32;
            match self {
                Transport::Modern { common, .. } => {
                    common.write(8, half);
                    common.write(12, value);
                }
                // SAFETY: the device keeps to what it offered.
                Transport::Ports(base) if half == 0 => unsafe { cpu::out32(base + 4, value) },
                Transport::Ports(_) => {}
                Transport::Memory(base, _) => {
                    base.write(0x24, half);
                    base.write(0x20, value);
                }
            }
        }
    }

    /// Reset the device and agree on features, of those that are `wanted`; answers
    /// them. `None`: the device does not agree.
    pub fn begin(self, wanted: u64) -> Option<u64> {
        // Far more readings than a reset takes.
        const PATIENCE: u32 = 100_000;
        self.set_status(0);
        (0..PATIENCE).find(|_| self.status() == 0)?;
        self.set_status(ACKNOWLEDGE);
        self.set_status(ACKNOWLEDGE | DRIVER);
        let both = self.features() & wanted;
        if self.is_legacy() {
            let both = both & u64::from(u32::MAX);
            self.set_features(both);
            return Some(both);
        }
        self.set_features(both);
        let agreed = ACKNOWLEDGE | DRIVER | FEATURES_OK;
        self.set_status(agreed);
        (both & VERSION_1 != 0 && self.status() == agreed).then_some(both)
    }

    /// The device may use its queues.
    pub fn go(self) {
        let legacy = self.is_legacy();
        let agreed = if legacy { 0 } else { FEATURES_OK };
        self.set_status(ACKNOWLEDGE | DRIVER | agreed | DRIVER_OK);
    }

    /// The driver gives up.
    pub fn fail(self) {
        self.set_status(FAILED);
    }

    fn select(self, queue: u16) {
        match self {
            Transport::Modern { common, .. } => common.write(22, queue),
            // SAFETY: selects, and does nothing else.
            Transport::Ports(base) => unsafe { cpu::out16(base + 14, queue) },
            Transport::Memory(base, _) => base.write(0x30, u32::from(queue)),
        }
    }

    /// Make queue `index`, with memory behind the image, of slots of `parts`
    /// descriptors, `most` at most. `None`: the device has none, or no memory is left.
    pub fn queue(
        self,
        physical: &mut Physical,
        index: u16,
        parts: u16,
        most: usize,
        events: bool,
    ) -> Option<(Queue, Bell)> {
        self.select(index);
        let offered = match self {
            Transport::Modern { common, .. } => common.read::<u16>(24),
            // SAFETY: reading changes nothing.
            Transport::Ports(base) => unsafe { cpu::in16(base + 12) },
            Transport::Memory(base, _) => base.read::<u32>(0x34).min(0x8000) as u16,
        };
        // A legacy device at ports does not ask.
        let fixed = matches!(self, Transport::Ports(_));
        let size = if fixed {
            offered
        } else {
            offered.min(SIZE_WANTED)
        };
        if !size.is_power_of_two() || !(parts..=SIZE_MAX).contains(&size) {
            return None;
        }
        let memory = physical.take(virtqueue::bytes(size))?;
        // SAFETY: new memory, of whole pages.
        let queue = unsafe { Queue::new(memory, size, parts, most, events) };
        let bell = self.enable(index, size, queue.addresses())?;
        Some((queue, bell))
    }

    fn enable(self, index: u16, size: u16, addresses: [u64; 3]) -> Option<Bell> {
        let page = u32::try_from(addresses[0] / PAGE as u64).ok()?;
        match self {
            Transport::Modern {
                common,
                notify,
                multiplier,
                ..
            } => {
                common.write(24, size);
                for (offset, address) in [32, 40, 48].into_iter().zip(addresses) {
                    common.write(offset, address as u32);
                    common.write(offset + 4, (address >> 32) as u32);
                }
                let offset = usize::from(common.read::<u16>(30)) * multiplier as usize;
                common.write(28, 1u16);
                notify.at::<u16>(offset)?;
                // SAFETY: two bytes of the registers, as was just seen.
                let word = unsafe { Registers::new(notify.start() + offset, 2) };
                Some(Bell::Word(word, index))
            }
            Transport::Ports(base) => {
                // SAFETY: the queue there is in order, and the device waits to be
                // told to go.
                unsafe { cpu::out32(base + 8, page) };
                Some(Bell::Port(base + 16, index))
            }
            Transport::Memory(base, legacy) => {
                base.write(0x38, u32::from(size));
                if legacy {
                    base.write(0x28, PAGE as u32);
                    base.write(0x3c, PAGE as u32);
                    base.write(0x40, page);
                } else {
                    for (offset, address) in [0x80, 0x90, 0xa0].into_iter().zip(addresses) {
                        base.write(offset, address as u32);
                        base.write(offset + 4, (address >> 32) as u32);
                    }
                    base.write(0x44, 1u32);
                }
                base.at::<u32>(0x50)?;
                // SAFETY: a register, as was just seen.
                let long = unsafe { Registers::new(base.start() + 0x50, 4) };
                Some(Bell::Long(long, index.into()))
            }
        }
    }

    /// Bytes of the device's own configuration.
    pub fn config<const N: usize>(self, offset: usize) -> [u8; N] {
        core::array::from_fn(|index| {
            let offset = offset + index;
            match self {
                Transport::Modern { config, .. } => config.read(offset),
                // SAFETY: reading changes nothing. No MSI-X is on, so they begin there.
                Transport::Ports(base) => unsafe { cpu::in8(base + 20 + offset as u16) },
                Transport::Memory(base, _) => base.read(0x100 + offset),
            }
        })
    }

    /// Tell the device that its interrupt has been seen.
    pub fn acknowledge(self) {
        match self {
            Transport::Modern { status, .. } => {
                status.read::<u8>(0);
            }
            Transport::Ports(base) => {
                // SAFETY: reading takes the interrupt back.
                unsafe { cpu::in8(base + 19) };
            }
            Transport::Memory(base, _) => base.write(0x64, base.read::<u32>(0x60)),
        }
    }

    /// The page that this needs.
    pub fn page(self) -> Option<usize> {
        match self {
            Transport::Modern { status, .. } => Some(status.start()),
            Transport::Ports(_) => None,
            Transport::Memory(base, _) => Some(base.start()),
        }
    }
}
