//! Threads and what they wait on.
//!
//! There is one thread of control so far. A wait that nothing could ever
//! end therefore ends the program with a report.

use core::ffi::c_int;

use crate::arch::setjmp::Context;
use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::report;

/// A thread of control.
pub struct Thread {}

/// Sleep until `deadline_ns` on the monotonic clock.
pub fn sleep_until(deadline_ns: Nanoseconds) {
    while platform::clock_monotonic() < deadline_ns {
        platform::idle(deadline_ns);
    }
}

/// Complete a context that `sigsetjmp` has filled: 0, always.
pub extern "C" fn save_signal_mask(context: &mut Context, save_mask: c_int) -> c_int {
    context.mask_saved = u64::from(save_mask != 0);
    0
}

/// Put back the mask that a context holds, if it holds one.
pub fn restore_signal_mask(_context: &Context) {}

/// The bytes from the thread pointer of a new thread down to its first variable.
#[cfg(feature = "export")]
fn tls_layout() -> (crate::arch::image::TlsImage, usize, usize) {
    let image = crate::arch::image::tls();
    let len = image.thread_pointer.saturating_sub(image.start);
    // The linker has rounded the length up to the alignment of the segment, so
    // its lowest set bit is that alignment or more.
    let align = (1usize << len.trailing_zeros().min(12)).max(64);
    (image, len, align)
}

/// Make a thread pointer block with the image's thread-local variables before it.
///
/// # Errors
/// `ENOMEM`: no room.
#[cfg(feature = "export")]
pub fn make_tls() -> Result<*mut crate::tcb::Tcb> {
    use crate::tcb::Tcb;
    let (image, len, align) = tls_layout();
    let before = len.next_multiple_of(align);
    let block = crate::heap::alloc_zeroed(before + size_of::<Tcb>(), align)?;
    let tcb = block.as_ptr().wrapping_add(before).cast::<Tcb>();
    let initial = core::ptr::with_exposed_provenance::<u8>(image.start);
    // SAFETY: the block has `before` bytes before the thread pointer, `len` of
    // which mirror the image from its start; `initialised_len` is at most `len`.
    unsafe {
        tcb.cast::<u8>()
            .sub(len)
            .copy_from_nonoverlapping(initial, image.initialised_len.min(len));
        (*tcb).this = tcb;
    }
    Ok(tcb)
}

/// End the program: the thread waits for `what`, and nothing can wake it.
pub fn deadlock(what: &str) -> ! {
    let mut report = report::Report::new("deadlock: the only thread waits for ");
    report.text(what);
    report.end()
}

/// There is no second thread to be had.
///
/// # Errors
/// Always `EAGAIN`.
pub fn create() -> Result<()> {
    Err(Errno::EAGAIN)
}
