//! Times until which a thread waits.

use core::ffi::c_int;

use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};

/// The clocks that deadlines can be on, with Linux's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Clock {
    /// `CLOCK_REALTIME`
    Wall = 0,
    /// `CLOCK_MONOTONIC`
    Monotonic = 1,
}

impl Clock {
    /// The clock with this number.
    ///
    /// # Errors
    /// `EINVAL`: there is none to wait on.
    pub fn from_raw(clock: c_int) -> Result<Self> {
        match clock {
            0 => Ok(Self::Wall),
            1 => Ok(Self::Monotonic),
            _ => Err(Errno::EINVAL),
        }
    }

    fn now_ns(self) -> Nanoseconds {
        match self {
            Self::Wall => platform::clock_wall(),
            Self::Monotonic => platform::clock_monotonic(),
        }
    }
}

/// A time on a clock, as `struct timespec` says it.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// Which clock.
    pub clock: Clock,
    /// Seconds on it.
    pub seconds: i64,
    /// Nanoseconds besides, less than a second.
    pub nanoseconds: i64,
}

impl Deadline {
    /// The same time on the monotonic clock.
    ///
    /// # Errors
    /// `EINVAL`: it is malformed.
    pub fn monotonic_ns(&self) -> Result<Nanoseconds> {
        if !(0..1_000_000_000).contains(&self.nanoseconds) {
            return Err(Errno::EINVAL);
        }
        let seconds = u64::try_from(self.seconds).unwrap_or(0);
        let until_ns = seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(self.nanoseconds as u64);
        if self.clock == Clock::Monotonic {
            return Ok(until_ns);
        }
        let rest_ns = until_ns.saturating_sub(self.clock.now_ns());
        Ok(platform::clock_monotonic().saturating_add(rest_ns))
    }
}
