//! The image's thread-local variables (x86-64 psABI, TLS variant II): those of a thread stand
//! right before its thread pointer.

use core::cell::UnsafeCell;

use super::{MAIN, Thread};
use crate::arch::image::{self, TlsImage};
use crate::errno::Result;
use crate::tcb::Tcb;

unsafe extern "C" {
    /// The canary of C code; the backend has set it before the program starts.
    static __stack_chk_guard: usize;
}

/// The image's variables, the bytes from a thread pointer down to the first of them, and the
/// alignment of thread pointers.
pub(super) fn layout() -> (TlsImage, usize, usize) {
    let image = image::tls();
    let len = image.thread_pointer.saturating_sub(image.start);
    // The linker has rounded the length up to the alignment of the segment, so
    // its lowest set bit is that alignment or more.
    let align = match len {
        0 => 64,
        _ => (1usize << len.trailing_zeros().min(12)).max(64),
    };
    (image, len, align)
}

/// Write the block at a thread pointer, and the variables before it.
///
/// # Safety
/// There is room for both at `pointer`, which is aligned as [`layout`] says, and nobody uses it.
pub(super) unsafe fn fill(pointer: usize, thread: *mut Thread) {
    let (image, len, _) = layout();
    let tcb = core::ptr::with_exposed_provenance_mut::<Tcb>(pointer);
    let initial = core::ptr::with_exposed_provenance::<u8>(image.start);
    let initialised = image.initialised_len.min(len);
    // SAFETY: the caller's contract; the image has that many initialised bytes.
    unsafe {
        let variables = tcb.cast::<u8>().sub(len);
        variables.copy_from_nonoverlapping(initial, initialised);
        variables.add(initialised).write_bytes(0, len - initialised);
        tcb.write(Tcb::new(tcb, __stack_chk_guard, thread));
    }
}

/// The block of the first thread while there is no memory for its variables.
struct Early(UnsafeCell<Tcb>);

// SAFETY: used by the first thread alone, while it is the only one.
unsafe impl Sync for Early {}

static EARLY: Early = Early(UnsafeCell::new(Tcb::empty()));

/// Give the first thread a thread pointer, so that it can be asked who it is.
pub fn begin() {
    let pointer = EARLY.0.get();
    // SAFETY: the thread that starts the program is the only one.
    unsafe { pointer.write(Tcb::new(pointer, __stack_chk_guard, main())) };
    crate::platform::set_tls_base(pointer.expose_provenance());
}

fn main() -> *mut Thread {
    (&raw const MAIN).cast_mut()
}

/// Give the first thread its variables.
///
/// # Errors
/// `ENOMEM`: no room.
pub fn give_to_main() -> Result<()> {
    let (_, len, align) = layout();
    let before = len.next_multiple_of(align);
    let block = crate::heap::alloc(before + size_of::<Tcb>(), align)?;
    let pointer = block.as_ptr().expose_provenance() + before;
    // SAFETY: a new block, long enough.
    unsafe { fill(pointer, main()) };
    MAIN.tcb
        .store(pointer, core::sync::atomic::Ordering::Relaxed);
    crate::platform::set_tls_base(pointer);
    Ok(())
}
