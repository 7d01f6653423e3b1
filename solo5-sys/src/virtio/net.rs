//! Virtio network devices. Frames are copied from and to buffers of the machine's
//! own, which the device knows; it reaches no memory of the program.
//!
//! Source: VIRTIO 1.2, 5.1.3 (features), 5.1.4 (configuration), 5.1.6 (header).

use super::physical::Physical;
use super::transport::{ANY_LAYOUT, Bell, EVENT_IDX, Transport, VERSION_1};
use crate::abi::NetInfo;
use crate::core::layout::PAGE;
use crate::machine::Error;
use crate::manifest::{HEADER_LEN, check_buffer, check_frame};
use crate::virtqueue::{Broken, Queue, WRITE};

/// `VIRTIO_NET_F_MTU`
const MTU_TOLD: u64 = 1 << 3;
/// `VIRTIO_NET_F_MAC`
const MAC: u64 = 1 << 5;

/// The most buffers of a queue, and the most bytes of all of them.
const BUFFERS: usize = 128;
const BYTES: usize = BUFFERS * stride(MTU);
/// What is assumed where the device tells no mtu, and the most that is used.
const MTU: u16 = 1500;
const MTU_MAX: u16 = 9000;
/// Bytes of `struct virtio_net_hdr`: with `num_buffers`, and of a legacy device.
const PACKET: usize = 12;
const PACKET_LEGACY: usize = 10;

/// Bytes of a buffer: header, and a frame with a VLAN's tag.
const fn stride(mtu: u16) -> usize {
    const TAG: usize = 4;
    (PACKET + HEADER_LEN + TAG + mtu as usize).next_multiple_of(512)
}

/// A queue with its buffers.
struct Ring {
    queue: Queue,
    bell: Bell,
    buffers: *mut u8,
    /// Bytes of a buffer.
    stride: usize,
}

// SAFETY: the memory belongs to the ring.
unsafe impl Send for Ring {}

impl Ring {
    fn buffer(&self, slot: usize) -> *mut u8 {
        self.buffers.wrapping_add(slot * self.stride)
    }

    fn tell(&mut self) {
        if self.queue.publish() {
            self.bell.ring();
        }
    }

    /// As [`Queue::is_to_be_notified`] says.
    fn tell_again(&mut self) {
        if self.queue.is_to_be_notified() {
            self.bell.ring();
        }
    }
}

/// A network device.
pub struct Net {
    transport: Transport,
    received: Ring,
    sent: Ring,
    /// Bytes of the header before a frame.
    packet: usize,
    /// What the program is told.
    pub info: NetInfo,
}

impl Net {
    /// Set a device up; it receives nothing yet. `None`: it is not as it should be,
    /// or memory is short.
    pub fn new(transport: Transport, physical: &mut Physical) -> Option<Self> {
        let wanted = MAC | MTU_TOLD | ANY_LAYOUT | EVENT_IDX | VERSION_1;
        let features = transport.begin(wanted)?;
        if features & MAC == 0 {
            return None;
        }
        let modern = features & VERSION_1 != 0;
        let packet = if modern { PACKET } else { PACKET_LEGACY };
        // Else the header is a part of its own.
        let whole = modern || features & ANY_LAYOUT != 0;
        let events = features & EVENT_IDX != 0;
        let mtu = match u16::from_le_bytes(transport.config(10)) {
            mtu if features & MTU_TOLD != 0 && mtu >= 68 => mtu.min(MTU_MAX),
            _ => MTU,
        };
        let mut ring = |index, flags| {
            let layout = (whole, packet, stride(mtu));
            ring(transport, physical, index, layout, flags, events)
        };
        let received = ring(0, WRITE)?;
        let sent = ring(1, 0)?;
        let mut net = Self {
            transport,
            received,
            sent,
            packet,
            info: NetInfo {
                mac_address: transport.config(0),
                mtu: mtu.into(),
            },
        };
        net.received.queue.want_none();
        net.sent.queue.want_none();
        transport.go();
        Some(net)
    }

    /// Begin to receive.
    pub fn start(&mut self) {
        for slot in 0..self.received.queue.slots() {
            self.received.queue.hand_over(slot);
        }
        self.received.tell();
    }

    /// The pages of registers in use from now on.
    pub fn pages(&self) -> [Option<usize>; 3] {
        [
            self.transport.page(),
            self.received.bell.page(),
            self.sent.bell.page(),
        ]
    }

    /// Send one frame. One that there is no room for is lost.
    ///
    /// # Errors
    /// [`Error::Invalid`]: the size; [`Error::Unspecified`]: the device is broken.
    pub fn write(&mut self, frame: &[u8]) -> Result<(), Error> {
        check_frame(self.info.mtu, frame)?;
        let sent = &mut self.sent;
        while sent.queue.take()?.is_some() {}
        let Some(slot) = sent.queue.free() else {
            sent.tell_again();
            return Ok(());
        };
        let buffer = sent.buffer(slot);
        // SAFETY: a buffer has room for a header, which stays zero, and the longest
        // frame; the device does not have this slot.
        unsafe {
            let place = buffer.add(self.packet);
            place.copy_from_nonoverlapping(frame.as_ptr(), frame.len());
            let (part, skipped) = sent.last_part(self.packet);
            let start = buffer.wrapping_add(skipped).expose_provenance() as u64;
            let len = self.packet - skipped + frame.len();
            sent.queue.describe(slot, part, start, len as u32, 0);
        }
        sent.queue.hand_over(slot);
        sent.tell();
        Ok(())
    }

    /// Receive one frame and answer its size.
    ///
    /// # Errors
    /// [`Error::Again`]: none is there; [`Error::Invalid`]: the size;
    /// [`Error::Unspecified`]: the device is broken.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        check_buffer(self.info.mtu, buffer)?;
        let received = &mut self.received;
        while let Some((slot, len)) = received.queue.take()? {
            let frame = len.checked_sub(self.packet);
            let frame = frame.filter(|&frame| frame >= HEADER_LEN && len <= received.stride);
            let copied = frame.and_then(|frame| buffer.get_mut(..frame)).map(|to| {
                // SAFETY: `len` bytes are in the buffer, and the device has given it
                // back. Should it write there all the same, the copy is a mixture.
                unsafe {
                    let from = received.buffer(slot).add(self.packet);
                    to.as_mut_ptr().copy_from_nonoverlapping(from, to.len());
                }
                to.len()
            });
            received.queue.hand_over(slot);
            received.tell();
            // What is too short or too long for a frame is lost.
            if let Some(len) = copied {
                return Ok(len);
            }
        }
        Err(Error::Again)
    }

    /// Whether a frame is there, or an error.
    pub fn is_ready(&mut self) -> bool {
        self.sent.tell_again();
        self.received.tell_again();
        self.received.queue.is_ready()
    }

    /// Ask for an interrupt at the next frame; false: one is there already.
    pub fn want_interrupt(&mut self) -> bool {
        self.received.queue.want_interrupt()
    }

    /// Ask for no interrupt.
    pub fn want_none(&mut self) {
        self.received.queue.want_none();
    }

    /// Take an interrupt back.
    pub fn acknowledge(&self) {
        self.transport.acknowledge();
    }
}

impl Ring {
    /// The part of a slot that a frame is in, and how many bytes of the buffer come
    /// before it.
    fn last_part(&self, packet: usize) -> (u16, usize) {
        match self.queue.parts() {
            1 => (0, 0),
            parts => (parts - 1, packet),
        }
    }
}

/// Make a ring whose buffers are all described: as one part, or the header and
/// the rest.
fn ring(
    transport: Transport,
    physical: &mut Physical,
    index: u16,
    (whole, packet, stride): (bool, usize, usize),
    flags: u16,
    events: bool,
) -> Option<Ring> {
    let parts = if whole { 1 } else { 2 };
    let (queue, bell) = transport.queue(physical, index, parts, BYTES / stride, events)?;
    let len = (queue.slots() * stride).next_multiple_of(PAGE);
    let buffers = physical.take(len)?;
    // SAFETY: new memory of that length.
    unsafe { buffers.write_bytes(0, len) };
    let mut ring = Ring {
        queue,
        bell,
        buffers,
        stride,
    };
    for slot in 0..ring.queue.slots() {
        let start = ring.buffer(slot).expose_provenance() as u64;
        let (part, skipped) = ring.last_part(packet);
        // SAFETY: the buffers stay as long as the machine.
        unsafe {
            if part > 0 {
                ring.queue.describe(slot, 0, start, packet as u32, flags);
            }
            let rest = (stride - skipped) as u32;
            let start = start + skipped as u64;
            ring.queue.describe(slot, part, start, rest, flags);
        }
    }
    Some(ring)
}

impl From<Broken> for Error {
    fn from(_: Broken) -> Self {
        Self::Unspecified
    }
}
