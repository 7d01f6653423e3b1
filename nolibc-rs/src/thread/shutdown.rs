//! The host asks that the program ends (`machine.h`): `SIGTERM` for the process.

use crate::platform;
use crate::signal;

/// A CPU has waited: see whether the host has asked meanwhile.
pub(super) fn look() {
    if platform::shutdown_requested() {
        // The number is a signal's.
        let _ = signal::send(signal::SIGTERM);
    }
}
