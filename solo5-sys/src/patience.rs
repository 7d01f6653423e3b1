//! How long a wait looks at the networks again and again before the processor halts.
//!
//! To halt, to be woken and to go on may take longer than what lies between a frame and
//! the one that answers it: so a wait that a frame ended soon after the processor had
//! halted makes the next ones look for longer, and one that was long makes them look for
//! less, down to not at all: who is idle halts.
//!
//! But whoever answers may need the processor that looks, and where frames come in bulk
//! more of them gather during a halt, which takes everybody on their way fewer turns.
//! So now and then some waits do the other thing, and what takes less time from the
//! beginning of a wait to that of the next one is what the others do.
//!
//! Source: Linux, Documentation/virt/guest-halt-polling.rst (the limits, and that they
//! double).

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

use crate::abi::Time;

/// The shortest and the longest time, nanoseconds.
const SHORTEST: Time = 50_000;
const LONGEST: Time = 200_000;
/// So many waits try what the others do not do, and after so many others: that doubles
/// while the others were right.
const TRIAL: u32 = 16;
const OFTEN: u32 = 128;
const SELDOM: u32 = 2048;
/// The part of a mean that a new value is.
const WEIGHT: u64 = 4;

/// What waits have learnt.
pub struct Patience {
    /// How long those look that do.
    time: AtomicU64,
    /// When the last wait began; 0: there was none, or no time to look.
    began: AtomicU64,
    /// It was one that looks.
    looked: AtomicBool,
    /// From one beginning to the next, of those that halt and of those that look, in the
    /// mean, nanoseconds; 0: not known.
    means: [AtomicU64; 2],
    /// What waits do that try nothing: they look.
    looks: AtomicBool,
    /// They try something, or not, and so many more of them do.
    tries: AtomicBool,
    left: AtomicU32,
    /// How many there were since the last trial.
    apart: AtomicU32,
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
            began: AtomicU64::new(0),
            looked: AtomicBool::new(false),
            means: [const { AtomicU64::new(0) }; 2],
            looks: AtomicBool::new(true),
            tries: AtomicBool::new(false),
            left: AtomicU32::new(TRIAL),
            apart: AtomicU32::new(OFTEN),
        }
    }

    /// A wait begins; how long to look before halting, nanoseconds.
    pub fn begin(&self, now: Time) -> Time {
        let time = self.time.load(Relaxed);
        // Who is idle tells nothing about halting.
        let began = self.began.swap(if time > 0 { now } else { 0 }, Relaxed);
        if began != 0 {
            self.account(now.saturating_sub(began));
        }
        let looks = time > 0 && self.next_looks();
        self.looked.store(looks, Relaxed);
        if looks { time } else { 0 }
    }

    /// Whether the next wait looks.
    fn next_looks(&self) -> bool {
        let left = self.left.load(Relaxed);
        if left == 0 {
            let tried = self.tries.fetch_xor(true, Relaxed);
            let next = if tried { self.judge() } else { TRIAL };
            self.left.store(next, Relaxed);
        } else {
            self.left.store(left - 1, Relaxed);
        }
        self.looks.load(Relaxed) != self.tries.load(Relaxed)
    }

    /// A trial is over; how many waits there are to be before the next one.
    fn judge(&self) -> u32 {
        let [halt, look] = self.means.each_ref().map(|mean| mean.load(Relaxed));
        let looks = look < halt;
        let right = self.looks.swap(looks, Relaxed) == looks;
        let apart = if right {
            SELDOM.min(2 * self.apart.load(Relaxed))
        } else {
            OFTEN
        };
        self.apart.store(apart, Relaxed);
        apart
    }

    /// So long it was from the last beginning to this one.
    fn account(&self, spent: Time) {
        let mean = &self.means[usize::from(self.looked.load(Relaxed))];
        let old = mean.load(Relaxed);
        // Pauses of whoever sends, and of this machine, are no reason for anything.
        let spent = spent.min(if old == 0 { LONGEST } else { 2 * old });
        let new = old - old / WEIGHT + spent / WEIGHT;
        mean.store(if old == 0 { spent } else { new }.max(WEIGHT), Relaxed);
    }

    /// The processor halted; so many nanoseconds after the wait began there was a frame.
    pub fn halted(&self, waited: Time) {
        if waited > LONGEST {
            return self.over();
        }
        let more = (2 * self.time.load(Relaxed)).clamp(SHORTEST, LONGEST);
        self.time.store(more, Relaxed);
    }

    /// There was no frame before the wait was over.
    pub fn over(&self) {
        let time = self.time.load(Relaxed);
        let less = if time > SHORTEST { time / 2 } else { 0 };
        self.time.store(less, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a thousand waits, after four thousand, how many look, if it takes so long from
    /// one to the next one where they halt and where they look.
    fn looking(patience: &Patience, halt: Time, look: Time) -> usize {
        let mut now = 1;
        let mut looks = 0;
        for number in 0..5000 {
            let time = patience.begin(now);
            looks += usize::from(time > 0 && number >= 4000);
            now += if time > 0 { look } else { halt };
            if time == 0 {
                patience.halted(halt);
            }
        }
        looks
    }

    #[test]
    fn short_waits_make_it_longer_and_long_ones_shorter() {
        let patience = Patience::new();
        let time = || patience.time.load(Relaxed);
        let halted = |waited| {
            patience.halted(waited);
            time()
        };
        let longer = [50_000, 100_000, 200_000, 200_000];
        assert_eq!([1_000; 4].map(halted), longer);
        assert_eq!([5_000_000; 4].map(halted), [100_000, 50_000, 0, 0]);
        assert_eq!(halted(LONGEST), SHORTEST);
        patience.over();
        assert_eq!(time(), 0);
    }

    #[test]
    fn what_takes_less_time_is_done() {
        let patience = Patience::new();
        assert!(looking(&patience, 50_000, 10_000) > 900);
        assert!(looking(&patience, 5_000, 10_000) < 100);
        assert!(looking(&patience, 50_000, 10_000) > 900);
    }

    #[test]
    fn pauses_change_nothing() {
        let patience = Patience::new();
        looking(&patience, 50_000, 10_000);
        let mean = || patience.means[1].load(Relaxed);
        let before = mean();
        patience.looked.store(true, Relaxed);
        patience.account(1_000_000_000);
        assert!((before..before + before / 2).contains(&mean()));
    }

    #[test]
    fn who_is_idle_halts() {
        let patience = Patience::new();
        looking(&patience, 50_000, 10_000);
        for _ in 0..3 {
            patience.halted(5_000_000);
        }
        let means = patience.means.each_ref().map(|mean| mean.load(Relaxed));
        assert!((1..10_000).all(|second| patience.begin(second * 1_000_000_000) == 0));
        let after = patience.means.each_ref().map(|mean| mean.load(Relaxed));
        assert!(
            means
                .iter()
                .zip(after)
                .all(|(mean, after)| after < 2 * mean)
        );
    }
}
