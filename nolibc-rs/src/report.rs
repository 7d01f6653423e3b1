//! The report a dying program prints, without allocating.

use crate::platform;

/// Print `reason` and end the machine with status 255.
pub fn die(reason: &str) -> ! {
    platform::console_panic(b"nolibc: ");
    platform::console_panic(reason.as_bytes());
    platform::console_panic(b"\n");
    platform::abort()
}

#[cfg(feature = "export")]
#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    die("internal error")
}
