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
#[cfg(not(feature = "export"))]
pub mod fake_cpus;

pub use imp::*;

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

/// Who may take the CPU from the code that runs, or run beside it. It never goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Mode {
    /// Nobody.
    Alone = 0,
    /// A tick.
    Ticks = 1,
    /// A tick, and other CPUs run.
    Several = 2,
}

/// How long CPUs have run the program: the sum of the moments at which they began, wrapping, and
/// how many do now.
static BUSY: crate::sync::Lock<(Nanoseconds, u64)> = crate::sync::Lock::new((0, 1));

/// The program starts now, on one CPU.
pub fn start() {
    *BUSY.lock() = (clock_monotonic(), 1);
}

/// The calling CPU begins to run the program, or ends to.
pub fn set_busy(busy: bool) {
    let mut sum = BUSY.lock();
    let now_ns = clock_monotonic();
    *sum = if busy {
        (sum.0.wrapping_add(now_ns), sum.1 + 1)
    } else {
        (sum.0.wrapping_sub(now_ns), sum.1 - 1)
    };
}

/// For how long CPUs have run the program, all together.
pub fn busy_time() -> Nanoseconds {
    let sum = BUSY.lock();
    (sum.1.wrapping_mul(clock_monotonic())).wrapping_sub(sum.0)
}

/// The set of devices that are ready.
pub fn poll() -> u64 {
    imp::idle(0)
}

/// Halt until `deadline` on the monotonic clock or until a device is ready. Answers the set of
/// devices that are. Nobody takes the calling thread's place.
pub fn idle(deadline: Nanoseconds) -> u64 {
    set_busy(false);
    let ready = imp::idle(deadline);
    set_busy(true);
    ready
}
