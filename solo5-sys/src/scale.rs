//! Counter ticks to nanoseconds.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::abi::Time;

/// Nanoseconds of a second.
pub const SECOND: u64 = 1_000_000_000;

/// A factor with 32 bits behind the point. Its error, below 2^-32 nanoseconds a
/// tick, is less than one second in a century at 1 GHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u64);

impl Scale {
    /// The scale of a counter that makes `hz` ticks a second; 0 counts as 1.
    pub const fn from_hz(hz: u64) -> Self {
        let hz = if hz == 0 { 1 } else { hz };
        Self(((SECOND as u128) << 32).div_ceil(hz as u128) as u64)
    }

    /// Nanoseconds of `ticks`.
    pub const fn nanoseconds(self, ticks: u64) -> Time {
        ((ticks as u128 * self.0 as u128) >> 32) as Time
    }

    /// Nanoseconds from reading `start` of the counter to reading `now`; 0 if the
    /// counter went back, as one does that another processor keeps.
    pub const fn between(self, start: u64, now: u64) -> Time {
        let ticks = now.wrapping_sub(start);
        if ticks >> 63 != 0 {
            0
        } else {
            self.nanoseconds(ticks)
        }
    }
}

/// A clock that never goes back, whatever its source does.
pub struct Monotonic(AtomicU64);

impl Monotonic {
    /// At zero.
    #[expect(clippy::new_without_default, reason = "made once, in a static")]
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// The later of `now` and all that was answered before.
    pub fn advance(&self, now: Time) -> Time {
        self.0.fetch_max(now, Ordering::Relaxed).max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales() {
        assert_eq!(Scale::from_hz(SECOND).nanoseconds(12345), 12345);
        let scale = Scale::from_hz(2_600_000_000);
        let day = 2_600_000_000 * 86_400;
        let error = scale.nanoseconds(day).abs_diff(86_400 * SECOND);
        assert!(error < 100_000, "{error} ns a day");
        // 2^64 ticks do not overflow on the way.
        assert!(scale.nanoseconds(u64::MAX) > 7_000_000_000 * SECOND);
        assert_eq!(Scale::from_hz(0).nanoseconds(0), 0);
    }

    #[test]
    fn a_counter_that_goes_back_is_no_jump_ahead() {
        let scale = Scale::from_hz(SECOND);
        assert_eq!(scale.between(1000, 1500), 500);
        assert_eq!(scale.between(1000, 999), 0);
        assert_eq!(scale.between(u64::MAX - 9, 10), 20);
    }

    #[test]
    fn never_goes_back() {
        let clock = Monotonic::new();
        assert_eq!(clock.advance(5), 5);
        assert_eq!(clock.advance(3), 5);
        assert_eq!(clock.advance(9), 9);
    }
}
