//! The console: the ring that the toolstack gives a domain; else Xen's own, which
//! dom0 may use; else port 0xe9, which Xen puts into its log.
//!
//! So dom0, and a domain that dies before it has found its ring, are heard too.

use core::ptr;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32};

use solo5_sys::core::{cpu, tables};
use solo5_sys::machine::Errno;

use crate::abi::{Console, HVM_PARAM_CONSOLE_EVTCHN, HVM_PARAM_CONSOLE_PFN, PAGE, VIRQ_CONSOLE};
use crate::{event, hypercall};

/// Xen's debug console.
const PORT: u16 = 0xe9;
/// The byte that ends the input on a line that has no other end.
const END: u8 = 4;

/// Null: there is no ring.
static RING: AtomicPtr<Console> = AtomicPtr::new(ptr::null_mut());
/// The event channel of the ring, or of Xen's own console; 0: none.
static CHANNEL: AtomicU32 = AtomicU32::new(0);
/// The end of the input has been read.
static ENDED: AtomicBool = AtomicBool::new(false);

fn ring() -> Option<&'static Console> {
    // SAFETY: null, or the ring's page, which stays mapped.
    unsafe { RING.load(Relaxed).as_ref() }
}

/// Find the console. Answers the address of its page, which must stay mapped.
///
/// # Safety
/// To be called once. As [`tables::reach`] of `free`.
pub unsafe fn initialise(free: &mut usize) -> Option<usize> {
    let number = |index| hypercall::get_param(index).unwrap_or(0);
    let page = (number(HVM_PARAM_CONSOLE_PFN) as usize).checked_mul(PAGE)?;
    let port = number(HVM_PARAM_CONSOLE_EVTCHN) as u32;
    let (page, port) = if page == 0 || page >= 1 << 32 {
        (None, hypercall::bind_virq(VIRQ_CONSOLE, 0).unwrap_or(0))
    } else {
        // SAFETY: by this function's contract.
        unsafe { tables::reach(free, page, page + PAGE) };
        RING.store(ptr::with_exposed_provenance_mut(page), Relaxed);
        (Some(page), port)
    };
    CHANNEL.store(port, Relaxed);
    if port != 0 {
        // One that Xen refuses only wakes nobody.
        let _ = hypercall::unmask(port);
    }
    page
}

/// Find its channel, once the domain is a new one; the page is in its place.
pub fn resume() {
    if ring().is_some() {
        let port = hypercall::get_param(HVM_PARAM_CONSOLE_EVTCHN).unwrap_or(0) as u32;
        CHANNEL.store(port, Relaxed);
        // One that Xen refuses only wakes nobody.
        let _ = hypercall::unmask(port);
    }
}

/// Write all of `bytes`, however long whoever reads them takes.
pub fn write(mut bytes: &[u8]) {
    let Some(ring) = ring() else {
        return write_without_ring(bytes);
    };
    while !bytes.is_empty() {
        let count = ring.output().put(bytes);
        notify();
        bytes = bytes.get(count..).unwrap_or_default();
        if count == 0 {
            hypercall::r#yield();
        }
    }
}

fn notify() {
    // It fails only without a channel, and then nobody reads.
    let _ = hypercall::send(CHANNEL.load(Relaxed));
}

fn write_without_ring(bytes: &[u8]) {
    if bytes.is_empty() || hypercall::console_write(bytes).is_ok() {
        return;
    }
    write_to_port(bytes);
}

/// Write where there may be no Xen.
fn write_to_port(bytes: &[u8]) {
    for byte in bytes {
        // SAFETY: Xen, or QEMU, shows what is written there.
        unsafe { cpu::out8(PORT, *byte) };
    }
}

/// Write where there is no Xen: to that port, and to the first serial port, as it was left.
pub fn write_without_xen(bytes: &[u8]) {
    const COM1: u16 = 0x3f8;
    write_to_port(bytes);
    for byte in bytes {
        // SAFETY: a serial port, or nothing.
        unsafe { cpu::out8(COM1, *byte) };
    }
}

/// Wait until what was written is read, but not for ever.
pub fn drain() {
    /// Rounds of letting others run.
    const PATIENCE: u32 = 100_000;
    let Some(ring) = ring() else { return };
    for _ in 0..PATIENCE {
        if ring.output().is_empty() {
            break;
        }
        hypercall::r#yield();
    }
}

/// Whether input came since the last [`read`]. What comes after this ends a halt.
pub fn has_input() -> bool {
    match ring() {
        Some(ring) => {
            event::take(CHANNEL.load(Relaxed));
            !ring.input().is_empty()
        }
        None => event::is_pending(CHANNEL.load(Relaxed)),
    }
}

/// Read what was typed; 0 is the end.
///
/// # Errors
/// [`Errno::EAGAIN`]: nothing yet.
pub fn read(buffer: &mut [u8]) -> Result<usize, Errno> {
    if buffer.is_empty() || ENDED.load(Relaxed) {
        return Ok(0);
    }
    event::take(CHANNEL.load(Relaxed));
    let count = match ring() {
        Some(ring) => {
            let count = ring.input().take(buffer);
            notify();
            count
        }
        None => hypercall::console_read(buffer)?,
    };
    let bytes = buffer.get(..count).unwrap_or_default();
    if let Some(end) = bytes.iter().position(|&byte| byte == END) {
        ENDED.store(true, Relaxed);
        return Ok(end);
    }
    if count == 0 {
        Err(Errno::EAGAIN)
    } else {
        Ok(count)
    }
}
