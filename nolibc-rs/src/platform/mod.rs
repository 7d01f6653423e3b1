//! The machine, as the library sees it: the only module that calls `solo5.h`
//! and `machine.h`. Its twin over `std` lets everything above it run in
//! ordinary host tests.

#[cfg(feature = "export")]
#[path = "solo5.rs"]
mod imp;
#[cfg(not(feature = "export"))]
#[path = "host.rs"]
mod imp;

#[cfg(not(feature = "export"))]
pub mod fake;

pub use imp::*;

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Nanoseconds: since some fixed moment (monotonic) or since 1970 (wall).
pub type Nanoseconds = u64;

/// What [`lookup`] finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mapped {
    /// Where the memory is; none: nothing is mapped.
    pub at: Option<usize>,
    /// For how many bytes that is so, and goes on in order.
    pub len_bytes: usize,
    /// The permissions, with the numbers of `mmap`.
    pub protection: u32,
}

static IDLE_NS: AtomicU64 = AtomicU64::new(0);

/// Halt until `deadline` on the monotonic clock or until a device is ready, and
/// count the time. Answers the set of devices that are.
pub fn idle(deadline: Nanoseconds) -> u64 {
    let before = clock_monotonic();
    let ready = imp::idle(deadline);
    IDLE_NS.fetch_add(clock_monotonic().saturating_sub(before), Relaxed);
    ready
}

/// For how long the machine has been halted in [`idle`].
pub fn idle_time() -> Nanoseconds {
    IDLE_NS.load(Relaxed)
}
