//! Network devices: by the tender's ring if it offers one, else by hypercalls.
//!
//! Frames are sent by the ring as long as they fit into its buffers. They are received
//! by it while the tender's thread looks by itself; to wake that takes longer than a
//! hypercall.

use core::ffi::c_int;
use core::hint::spin_loop;

use super::call::{self, NetRead, NetWrite, borrow, lend};
use crate::abi::{self, Handle};
use crate::core::{Shared, cpu};
use crate::machine::Error;
use crate::manifest::Net;
use crate::ring::{self, Broken, Ring};

/// The most frames under way, and the longest of them in bytes.
const SLOTS: usize = 64;
const SLOT: usize = 2048;

static RING: Shared<Option<Ring>> = Shared::new(None);
static BUFFERS: Shared<[[u8; SLOT]; SLOTS]> = Shared::new([[0; SLOT]; SLOTS]);

/// Use the ring at `start`.
///
/// # Safety
/// As [`Ring::new`]; to be called once, before the program starts.
pub unsafe fn set_ring(start: *mut u8) {
    // SAFETY: by this function's contract.
    unsafe { *RING.get() = Some(Ring::new(start)) };
}

fn ring() -> Option<&'static mut Ring> {
    // SAFETY: one CPU runs, nothing preempts a call, and no call is inside another one.
    unsafe { (*RING.get()).as_mut() }
}

/// Wait until at most `most` entries are under way.
fn wait(ring: &mut Ring, most: usize) -> Result<(), Error> {
    while ring.under_way()? as usize > most {
        spin_loop();
    }
    Ok(())
}

fn kick() {
    /// `HVT_RING_KICK_PIO_BASE`
    const PORT: u16 = 0x600;
    // SAFETY: wakes the tender's thread, which looks at the ring.
    unsafe { cpu::out32(PORT, 0) };
}

/// Wait for frames that are under way: the tender's thread ends with the program.
pub fn finish() {
    if let Some(ring) = ring() {
        // One that is broken cannot be waited for.
        let _ = wait(ring, 0);
    }
}

impl From<Broken> for Error {
    fn from(_: Broken) -> Self {
        Self::Unspecified
    }
}

fn write_by_ring(ring: &mut Ring, handle: Handle, frame: &[u8]) -> Result<(), Error> {
    wait(ring, SLOTS - 1)?;
    let slot = ring.next() as usize % SLOTS;
    let buffer = BUFFERS.get().cast::<[u8; SLOT]>().wrapping_add(slot);
    let data = buffer.cast::<u8>();
    // SAFETY: the frame fits, and whoever had this buffer is done: less than `SLOTS`
    // entries are under way.
    unsafe { data.copy_from_nonoverlapping(frame.as_ptr(), frame.len()) };
    let data = data.expose_provenance() as u64;
    if ring.hand_over(ring::WRITE, handle, data, frame.len()) {
        kick();
    }
    Ok(())
}

fn read_by_ring(ring: &mut Ring, handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
    let room = buffer.len();
    let (result, len) = borrow(buffer, |data| {
        let id = ring.next();
        if ring.hand_over(ring::READ, handle, data, room) {
            kick();
        }
        loop {
            if let Some(answer) = ring.answer(id)? {
                return Ok::<_, Error>(answer);
            }
            spin_loop();
        }
    })??;
    check(result)?;
    if len > room {
        return Err(Error::Unspecified);
    }
    Ok(len)
}

/// What the tender answers as an error of ours.
fn check(result: c_int) -> Result<(), Error> {
    const AGAIN: c_int = Error::Again.raw();
    const INVALID: c_int = Error::Invalid.raw();
    match result {
        abi::OK => Ok(()),
        AGAIN => Err(Error::Again),
        INVALID => Err(Error::Invalid),
        _ => Err(Error::Unspecified),
    }
}

/// Send one frame.
///
/// # Errors
/// [`Error::Invalid`]: the size; or what the tender says.
pub fn write(handle: Handle, net: &Net, frame: &[u8]) -> Result<(), Error> {
    net.check_frame(frame)?;
    if let Some(ring) = ring() {
        if frame.len() <= SLOT {
            return write_by_ring(ring, handle, frame);
        }
        // It must not overtake others.
        wait(ring, 0)?;
    }
    let call = lend(frame, |data| {
        call::make(NetWrite {
            handle,
            data,
            len: frame.len(),
            result: -1,
        })
    })?;
    check(call.result)
}

/// Receive one frame and answer its size.
///
/// # Errors
/// [`Error::Again`]: none is there; [`Error::Invalid`]: the size; or what the
/// tender says.
pub fn read(handle: Handle, net: &Net, buffer: &mut [u8]) -> Result<usize, Error> {
    net.check_buffer(buffer)?;
    if let Some(ring) = ring()
        && ring.is_awake()
    {
        wait(ring, SLOTS - 1)?;
        return read_by_ring(ring, handle, buffer);
    }
    let room = buffer.len();
    let call = borrow(buffer, |data| {
        call::make(NetRead {
            handle,
            data,
            len: room,
            result: -1,
        })
    })?;
    check(call.result)?;
    if call.len > room {
        return Err(Error::Unspecified);
    }
    Ok(call.len)
}
