//! No machine: what an image is linked against when no backend was named.
//!
//! `configure` scripts link small programs to see what there is, and never run
//! them. Every call ends in an endless loop or fails.

use core::ffi::c_int;

use crate::abi::{HandleSet, Time};
use crate::machine::{Error, Machine};

/// The machine that is none.
pub struct Stub;

// SAFETY: `exit` loops for ever, and the others do nothing.
unsafe impl Machine for Stub {
    fn console_write(_bytes: &[u8]) {}

    fn exit(_status: c_int) -> ! {
        loop {
            core::hint::spin_loop();
        }
    }

    fn clock_monotonic() -> Time {
        Time::MAX
    }

    fn clock_wall() -> Time {
        Time::MAX
    }

    fn wait(_deadline: Time) -> HandleSet {
        0
    }

    unsafe fn set_tls_base(_base: usize) -> Result<(), Error> {
        Err(Error::Unspecified)
    }
}

/// The entry. The program is referred to, so that the link fails when there is
/// none, as it would with a real machine.
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    // SAFETY: nothing runs this image: its interpreter does not exist and no
    // tender takes an image without a note.
    unsafe { crate::start::run::<Stub>(c"".as_ptr(), crate::start::image_end(), usize::MAX) }
}

#[used]
#[unsafe(link_section = ".interp")]
static INTERPRETER: [u8; 24] = crate::note::INTERPRETER;
