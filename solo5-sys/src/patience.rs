//! How long a wait looks at the networks again and again before the processor halts.
//!
//! To halt, to be woken and to go on takes longer than what lies between a frame and
//! the one that answers it: interrupts go through the host, and for each the
//! controllers and the device are accessed. So a wait that a frame ended soon after
//! the processor had halted makes the next ones look for longer, and one that was long
//! makes them look for less, down to not at all: who is idle halts.
//!
//! Source: Linux, Documentation/virt/guest-halt-polling.rst (the limits, and that they
//! double).

use core::sync::atomic::{AtomicU64, Ordering};

use crate::abi::Time;

/// The shortest and the longest time, nanoseconds.
const SHORTEST: Time = 50_000;
const LONGEST: Time = 200_000;

/// The time that waits look for now.
pub struct Patience(AtomicU64);

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

impl Patience {
    /// None, until it pays.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// How long to look before halting, nanoseconds.
    pub fn time(&self) -> Time {
        self.0.load(Ordering::Relaxed)
    }

    /// Learn from a wait in which the processor halted, and which took `waited`
    /// nanoseconds.
    pub fn learn(&self, waited: Time) {
        let time = self.time();
        let next = if waited <= LONGEST {
            (2 * time).clamp(SHORTEST, LONGEST)
        } else if time > SHORTEST {
            time / 2
        } else {
            0
        };
        self.0.store(next, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_waits_make_it_longer_and_long_ones_shorter() {
        let patience = Patience::new();
        let mut learn = |waited| {
            patience.learn(waited);
            patience.time()
        };
        assert_eq!(
            [1_000; 4].map(&mut learn),
            [50_000, 100_000, 200_000, 200_000]
        );
        assert_eq!([5_000_000; 4].map(&mut learn), [100_000, 50_000, 0, 0]);
        assert_eq!(learn(LONGEST), SHORTEST);
    }
}
