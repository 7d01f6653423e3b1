//! Virtio block devices. Blocks are copied from and to buffers of the machine's
//! own. A request is waited for without the lock, so that other threads have
//! theirs under way meanwhile, and ticks come.
//!
//! Source: VIRTIO 1.2, 5.2.3 (features), 5.2.4 (configuration), 5.2.6 (requests).

use core::mem::offset_of;

use super::lock::Lock;
use super::physical::Physical;
use super::transport::{Bell, EVENT_IDX, Transport, VERSION_1};
use crate::abi::BlockInfo;
use crate::core::layout::PAGE;
use crate::machine::Error;
use crate::manifest::check_block;
use crate::virtqueue::{Queue, WRITE};

/// `VIRTIO_BLK_F_BLK_SIZE`
const BLOCK_SIZE: u64 = 1 << 6;
/// What capacity and position are counted in, bytes.
const SECTOR: u64 = 512;
/// The longest block.
const BLOCK_MAX: u32 = 4096;
/// The most requests under way.
const REQUESTS: usize = 8;

/// `VIRTIO_BLK_T_IN`, `VIRTIO_BLK_T_OUT`
const IN: u32 = 0;
const OUT: u32 = 1;
/// `VIRTIO_BLK_S_OK`, and what no device answers.
const OK: u8 = 0;
const NONE: u8 = 0xff;

/// `struct virtio_blk_req`, without the data.
#[repr(C)]
struct Request {
    kind: u32,
    reserved: u32,
    sector: u64,
    status: u8,
}

/// Where the data begins, after the request.
const DATA: usize = 32;
const _: () = assert!(size_of::<Request>() <= DATA);

/// A block device.
pub struct Block {
    transport: Transport,
    queue: Queue,
    bell: Bell,
    buffers: *mut u8,
    stride: usize,
    /// Requests that somebody waits for.
    taken: [bool; REQUESTS],
    /// What the program is told.
    pub info: BlockInfo,
}

// SAFETY: the memory belongs to the device's driver.
unsafe impl Send for Block {}

impl Block {
    /// Set a device up. `None`: it is not as it should be, or memory is short.
    pub fn new(transport: Transport, physical: &mut Physical) -> Option<Self> {
        const PARTS: u16 = 3;
        let features = transport.begin(BLOCK_SIZE | EVENT_IDX | VERSION_1)?;
        let events = features & EVENT_IDX != 0;
        let (queue, bell) = transport.queue(physical, 0, PARTS, REQUESTS, events)?;
        let block_size = match u32::from_le_bytes(transport.config(20)) {
            _ if features & BLOCK_SIZE == 0 => SECTOR as u32,
            size if size.is_power_of_two() && size >= SECTOR as u32 && size <= BLOCK_MAX => size,
            _ => return None,
        };
        let block_size = u64::from(block_size);
        let sectors = u64::from_le_bytes(transport.config(0));
        let capacity = sectors.checked_mul(SECTOR)? / block_size * block_size;
        let stride = DATA + block_size as usize;
        let len = (queue.slots() * stride).next_multiple_of(PAGE);
        let buffers = physical.take(len)?;
        // SAFETY: new memory of that length.
        unsafe { buffers.write_bytes(0, len) };
        let mut block = Self {
            transport,
            queue,
            bell,
            buffers,
            stride,
            taken: [false; REQUESTS],
            info: BlockInfo {
                capacity,
                block_size,
            },
        };
        block.queue.want_none();
        transport.go();
        Some(block)
    }

    /// The pages of registers in use from now on.
    pub fn pages(&self) -> [Option<usize>; 2] {
        [self.transport.page(), self.bell.page()]
    }

    /// Take an interrupt back.
    pub fn acknowledge(&self) {
        self.transport.acknowledge();
    }

    fn request(&self, slot: usize) -> *mut Request {
        self.buffers.wrapping_add(slot * self.stride).cast()
    }

    fn data(&self, slot: usize) -> *mut u8 {
        self.request(slot).cast::<u8>().wrapping_add(DATA)
    }

    /// Begin a request, if there is room for one: to write `block`, or to read.
    fn begin(&mut self, offset: u64, block: Option<&[u8]>) -> Result<Option<usize>, Error> {
        while self.queue.take()?.is_some() {}
        let mut slots = (0..self.queue.slots()).zip(self.taken.iter_mut());
        let Some((slot, taken)) = slots.find(|(_, taken)| !**taken) else {
            return Ok(None);
        };
        *taken = true;
        let (kind, flags) = if block.is_some() {
            (OUT, 0)
        } else {
            (IN, WRITE)
        };
        let request = self.request(slot);
        let data = self.data(slot);
        let start = request.expose_provenance() as u64;
        let status = start + offset_of!(Request, status) as u64;
        // SAFETY: the slot is not taken, so the device does not have it; its buffer
        // has room for a request and a block, and stays as long as the machine.
        unsafe {
            request.write(Request {
                kind,
                reserved: 0,
                sector: offset / SECTOR,
                status: NONE,
            });
            if let Some(block) = block {
                data.copy_from_nonoverlapping(block.as_ptr(), block.len());
            }
            let len = self.info.block_size as u32;
            self.queue.describe(slot, 0, start, 16, 0);
            let data = data.expose_provenance() as u64;
            self.queue.describe(slot, 1, data, len, flags);
            self.queue.describe(slot, 2, status, 1, WRITE);
        }
        self.queue.hand_over(slot);
        if self.queue.publish() {
            self.bell.ring();
        }
        Ok(Some(slot))
    }

    /// Whether the request in `slot` is through; what was read goes to `block`.
    fn end(&mut self, slot: usize, block: Option<&mut [u8]>) -> Result<bool, Error> {
        while self.queue.take()?.is_some() {}
        if self.queue.is_away(slot) {
            if self.queue.is_to_be_notified() {
                self.bell.ring();
            }
            return Ok(false);
        }
        // SAFETY: the device has given it back; a byte is read once.
        let status = unsafe {
            let request = self.request(slot).cast::<u8>();
            request.add(offset_of!(Request, status)).read_volatile()
        };
        if let (OK, Some(block)) = (status, block) {
            // SAFETY: a buffer has room for a block, whose size was checked.
            unsafe {
                let to = block.as_mut_ptr();
                to.copy_from_nonoverlapping(self.data(slot), block.len());
            }
        }
        if let Some(taken) = self.taken.get_mut(slot) {
            *taken = false;
        }
        if status == OK {
            Ok(true)
        } else {
            Err(Error::Unspecified)
        }
    }
}

/// The device behind the lock; there is one, or its handle would not be known.
fn with<R>(
    device: &Lock<Option<Block>>,
    what: impl FnOnce(&mut Block) -> Result<R, Error>,
) -> Result<R, Error> {
    what(device.lock().as_mut().ok_or(Error::Invalid)?)
}

/// Call `what` until it has an answer. Without a pause in between: an emulator leaves
/// what it runs for each, and takes a lock that the device wants.
fn wait<R>(mut what: impl FnMut() -> Result<Option<R>, Error>) -> Result<R, Error> {
    loop {
        if let Some(answer) = what()? {
            return Ok(answer);
        }
    }
}

/// Write one block.
///
/// # Errors
/// [`Error::Invalid`]: offset or size; [`Error::Unspecified`]: the device says so,
/// or is broken.
pub fn write(device: &Lock<Option<Block>>, offset: u64, block: &[u8]) -> Result<(), Error> {
    with(device, |device| {
        check_block(&device.info, offset, block.len())
    })?;
    let slot = wait(|| with(device, |device| device.begin(offset, Some(block))))?;
    wait(|| with(device, |device| Ok(device.end(slot, None)?.then_some(()))))
}

/// Read one block.
///
/// # Errors
/// As [`write`].
pub fn read(device: &Lock<Option<Block>>, offset: u64, block: &mut [u8]) -> Result<(), Error> {
    with(device, |device| {
        check_block(&device.info, offset, block.len())
    })?;
    let slot = wait(|| with(device, |device| device.begin(offset, None)))?;
    wait(|| {
        with(device, |device| {
            Ok(device.end(slot, Some(block))?.then_some(()))
        })
    })
}
