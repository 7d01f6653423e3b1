//! The machine, as the library sees it: the only module that calls `solo5.h`
//! and `machine.h`. Its twin over `std` lets everything above it run in
//! ordinary host tests.

#[cfg(feature = "export")]
#[path = "solo5.rs"]
mod imp;
#[cfg(not(feature = "export"))]
#[path = "host.rs"]
mod imp;

pub use imp::*;

/// Nanoseconds: since some fixed moment (monotonic) or since 1970 (wall).
pub type Nanoseconds = u64;
