//! How long a wait looks at the networks again and again before the processor halts.
//!
//! To halt, to be woken and to go on takes longer than what lies between a frame and
//! the one that answers it: interrupts go through the host, and for each the
//! controllers and the device are accessed. So a wait that a frame ended soon after
//! the processor had halted makes the next ones look for longer, and one that was long
//! makes them look for less, down to not at all: who is idle halts.
//!
//! Where frames come in bulk it is better to halt too: meanwhile more of them gather,
//! which takes everybody on their way fewer turns. That shows once the processor has
//! halted, so it does now and then.
//!
//! Source: Linux, Documentation/virt/guest-halt-polling.rst (the limits, and that they
//! double).

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::abi::Time;

/// The shortest and the longest time, nanoseconds.
const SHORTEST: Time = 50_000;
const LONGEST: Time = 200_000;
/// So many frames have gathered.
const BULK: u32 = 3;
/// After so many waits in which looking was enough, one halts.
const TRIAL: u32 = 64;

/// What waits have learnt.
pub struct Patience {
    time: AtomicU64,
    /// Waits that had a frame at once, since the last other one.
    at_once: AtomicU32,
    /// Others in which looking was enough, since the last in which it was not.
    enough: AtomicU32,
    /// The last other one halted.
    halted: AtomicBool,
}

/// How a wait for a frame ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// One was there already.
    AtOnce,
    /// Looking was enough.
    Looked,
    /// The processor halted; so many nanoseconds after the wait began there was a frame.
    Halted(Time),
    /// The time was over.
    Over,
}

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

impl Patience {
    /// None, until it pays.
    pub const fn new() -> Self {
        Self {
            time: AtomicU64::new(0),
            at_once: AtomicU32::new(0),
            enough: AtomicU32::new(0),
            halted: AtomicBool::new(false),
        }
    }

    /// How long to look before halting, nanoseconds, where no frame was there at once.
    pub fn time(&self) -> Time {
        let gathered = self.at_once.swap(0, Ordering::Relaxed) >= BULK;
        if gathered && self.halted.load(Ordering::Relaxed) {
            self.time.store(0, Ordering::Relaxed);
        }
        if self.enough.load(Ordering::Relaxed) >= TRIAL {
            return 0;
        }
        self.time.load(Ordering::Relaxed)
    }

    /// Learn from a wait.
    pub fn learn(&self, end: End) {
        match end {
            End::AtOnce => {
                self.at_once.fetch_add(1, Ordering::Relaxed);
            }
            End::Looked => {
                self.enough.fetch_add(1, Ordering::Relaxed);
                self.halted.store(false, Ordering::Relaxed);
            }
            End::Halted(waited) => {
                self.enough.store(0, Ordering::Relaxed);
                self.halted.store(true, Ordering::Relaxed);
                if waited > LONGEST {
                    return self.look_less();
                }
                let time = self.time.load(Ordering::Relaxed);
                let more = (2 * time).clamp(SHORTEST, LONGEST);
                self.time.store(more, Ordering::Relaxed);
            }
            End::Over => self.look_less(),
        }
    }

    fn look_less(&self) {
        let time = self.time.load(Ordering::Relaxed);
        let less = if time > SHORTEST { time / 2 } else { 0 };
        self.time.store(less, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_waits_make_it_longer_and_long_ones_shorter() {
        let patience = Patience::new();
        let mut learn = |waited| {
            patience.learn(End::Halted(waited));
            patience.time()
        };
        let longer = [50_000, 100_000, 200_000, 200_000];
        assert_eq!([1_000; 4].map(&mut learn), longer);
        assert_eq!([5_000_000; 4].map(&mut learn), [100_000, 50_000, 0, 0]);
        assert_eq!(learn(LONGEST), SHORTEST);
    }

    #[test]
    fn bulk_halts() {
        let patience = Patience::new();
        for round in 0..10 {
            assert_eq!(patience.time(), 0, "{round}");
            patience.learn(End::Halted(1_000));
            (0..BULK).for_each(|_| patience.learn(End::AtOnce));
        }
        // One at a time again.
        assert_eq!(patience.time(), 0);
        patience.learn(End::Halted(1_000));
        assert_eq!(patience.time(), SHORTEST);
    }

    #[test]
    fn bulk_is_noticed_while_looking_is_enough() {
        let patience = Patience::new();
        patience.learn(End::Halted(1_000));
        for _ in 0..TRIAL {
            assert_eq!(patience.time(), SHORTEST);
            patience.learn(End::Looked);
        }
        assert_eq!(patience.time(), 0);
        patience.learn(End::Halted(1_000));
        assert_eq!(patience.time(), 2 * SHORTEST);
    }

    #[test]
    fn who_sleeps_for_short_times_halts() {
        let patience = Patience::new();
        patience.learn(End::Over);
        assert_eq!(patience.time(), 0);
        patience.learn(End::Halted(1_000));
        for _ in 0..2 {
            patience.learn(End::Over);
        }
        assert_eq!(patience.time(), 0);
    }
}
