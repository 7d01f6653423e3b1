//! How the machine ends.
//!
//! A domain ends with a reason, of which the toolstack tells a crash from a
//! power-off. Where the program is dom0, Xen stops the whole machine, having
//! written out its console. Under QEMU the exit status n (0 to 255) leaves before
//! that as one byte through an `isa-debugcon` at port 0x5e9 (0xe9 is Xen's own),
//! and the machine is then reset, which ends QEMU with `-no-reboot`.

use core::ffi::c_int;

use solo5_sys::core::cpu;

use crate::abi::{SHUTDOWN_CRASH, SHUTDOWN_POWEROFF, SHUTDOWN_REBOOT};
use crate::hypercall;

const DEBUG_CONSOLE: u16 = 0x5e9;
/// What QEMU's device answers.
const THERE: u8 = 0xe9;
/// The status of a death with a report.
const DEATH: c_int = 255;

/// End the machine.
pub fn off(status: c_int) -> ! {
    // SAFETY: the device shows what it is and only takes bytes. A domain other
    // than dom0 reaches no device at all.
    let told = unsafe {
        let there = cpu::in8(DEBUG_CONSOLE) == THERE;
        if there {
            cpu::out8(DEBUG_CONSOLE, status as u8);
        }
        there
    };
    let reason = match status {
        _ if told => SHUTDOWN_REBOOT,
        DEATH => SHUTDOWN_CRASH,
        _ => SHUTDOWN_POWEROFF,
    };
    loop {
        hypercall::shutdown(reason);
    }
}
