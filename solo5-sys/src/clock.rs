//! A host's clock, mostly read without asking the host.
//!
//! Where a reading costs a call of the host, this adds to the last reading what
//! a cycle counter has advanced since, at a rate measured over at least 10 ms,
//! and never for longer than [`WINDOW_CYCLES`] (0.35 ms at 3 GHz).
//!
//! Guarantees: a reading is never below an earlier one. It differs from the
//! host's clock by the rate's error over the window: below 1 us (700 ppm when
//! the rate was measured across two slow calls, 500 ppm by the host's own
//! adjustments). On a host whose counters disagree between CPUs although the
//! CPU calls them invariant, a difference beyond the window is noticed, and one
//! within it bounds the error.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::abi::Time;

/// For how many cycles a reading of the host's clock is extrapolated.
const WINDOW_CYCLES: u64 = 1 << 20;
/// A call that took longer was interrupted and measures nothing.
const SLOW_CYCLES: u64 = 1 << 14;
/// The rate is measured over at least this long.
const CALIBRATION_NS: u64 = 10_000_000;
/// A span longer than this may hold a suspension of the host.
const CALIBRATION_MAX_NS: u64 = 1_000_000_000;

/// Where time comes from.
pub trait Source {
    /// The CPU's cycle counter.
    fn cycles(&self) -> u64;
    /// The host's monotonic clock.
    fn host(&self) -> Time;
    /// Whether the counter runs at one rate in all power states. Asked once for
    /// each time a rate is found.
    fn is_invariant(&self) -> bool;
}

/// A moment on both clocks.
struct Moment {
    cycles: AtomicU64,
    time: AtomicU64,
}

impl Moment {
    const fn new() -> Self {
        Self {
            cycles: AtomicU64::new(0),
            time: AtomicU64::new(0),
        }
    }

    fn set(&self, cycles: u64, time: Time) {
        self.cycles.store(cycles, Relaxed);
        self.time.store(time, Relaxed);
    }
}

/// The clock. For one CPU, outside interrupts: the fields are atomic only
/// because statics must be.
pub struct Clock {
    /// The last reading of the host's clock.
    base: Moment,
    /// Where the running measurement of the rate began.
    origin: Moment,
    /// Nanoseconds per cycle times 2^32; 0 while unknown.
    rate: AtomicU64,
    /// The latest answer.
    latest: AtomicU64,
}

impl Clock {
    /// A clock that knows nothing yet.
    #[expect(clippy::new_without_default, reason = "made once, in a static")]
    pub const fn new() -> Self {
        Self {
            base: Moment::new(),
            origin: Moment::new(),
            rate: AtomicU64::new(0),
            latest: AtomicU64::new(0),
        }
    }

    /// The time; never goes back.
    pub fn read(&self, source: &impl Source) -> Time {
        let rate = self.rate.load(Relaxed);
        if rate != 0 {
            let elapsed = source.cycles().wrapping_sub(self.base.cycles.load(Relaxed));
            if elapsed < WINDOW_CYCLES {
                return self.later(self.base.time.load(Relaxed) + ((elapsed * rate) >> 32));
            }
        }
        self.ask(source)
    }

    /// The time, from the host.
    pub fn ask(&self, source: &impl Source) -> Time {
        let before = source.cycles();
        let time = source.host();
        let after = source.cycles();
        if after.wrapping_sub(before) < SLOW_CYCLES {
            self.base.set(after, time);
            self.calibrate(after, time, source);
        }
        self.later(time)
    }

    /// `time`, or the latest answer if that was later.
    fn later(&self, time: Time) -> Time {
        let time = time.max(self.latest.load(Relaxed));
        self.latest.store(time, Relaxed);
        time
    }

    fn calibrate(&self, cycles: u64, time: Time, source: &impl Source) {
        let span_ns = time.wrapping_sub(self.origin.time.load(Relaxed));
        if span_ns < CALIBRATION_NS {
            return;
        }
        if span_ns < CALIBRATION_MAX_NS {
            let span_cycles = cycles.wrapping_sub(self.origin.cycles.load(Relaxed));
            let known = self.rate.load(Relaxed);
            let rate = match rate(span_ns, span_cycles) {
                Some(rate) if known == 0 && source.is_invariant() => rate,
                Some(rate) if rate.abs_diff(known) <= known / 100 => rate,
                // Not to be relied on, for now at least.
                _ => 0,
            };
            self.rate.store(rate, Relaxed);
        }
        self.origin.set(cycles, time);
    }
}

/// The rate over a span of at most [`CALIBRATION_MAX_NS`]; `None` for a counter
/// slower than 0.1 GHz or faster than 10.
fn rate(span_ns: u64, span_cycles: u64) -> Option<u64> {
    let plausible = span_cycles >= span_ns / 10 && span_cycles <= span_ns * 10;
    // At most 2^30 ns: the shift loses nothing.
    (span_ns << 32)
        .checked_div(span_cycles)
        .filter(|_| plausible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A host whose clocks are what a test says. Reading the counter costs 30
    /// cycles, asking the host `call_cycles`.
    struct Host {
        cycles: Cell<u64>,
        time_ps: Cell<u64>,
        ps_per_cycle: Cell<u64>,
        call_cycles: Cell<u64>,
        calls: Cell<u32>,
        invariant: bool,
    }

    impl Host {
        fn new() -> Self {
            Self {
                cycles: Cell::new(0x7fff_0000_0000_0000),
                time_ps: Cell::new(5_000_000_000_000_000),
                ps_per_cycle: Cell::new(333),
                call_cycles: Cell::new(600),
                calls: Cell::new(0),
                invariant: true,
            }
        }

        fn pass(&self, cycles: u64) {
            self.cycles.set(self.cycles.get().wrapping_add(cycles));
            self.time_ps
                .set(self.time_ps.get() + cycles * self.ps_per_cycle.get());
        }

        fn now(&self) -> Time {
            self.time_ps.get() / 1000
        }
    }

    impl Source for Host {
        fn cycles(&self) -> u64 {
            self.pass(30);
            self.cycles.get()
        }

        fn host(&self) -> Time {
            self.calls.set(self.calls.get() + 1);
            self.pass(self.call_cycles.get() / 2);
            let now = self.now();
            self.pass(self.call_cycles.get() / 2);
            now
        }

        fn is_invariant(&self) -> bool {
            self.invariant
        }
    }

    /// Read for `steps` steps of `cycles`; the greatest error in ns. Fails when
    /// the clock goes back.
    fn walk(clock: &Clock, host: &Host, steps: u32, cycles: u64) -> u64 {
        let mut last = clock.read(host);
        let mut error = 0;
        for _ in 0..steps {
            host.pass(cycles);
            let time = clock.read(host);
            assert!(time >= last, "went back from {last} to {time}");
            last = time;
            error = error.max(time.abs_diff(host.now()));
        }
        error
    }

    #[test]
    fn rarely_asks_and_is_right() {
        let (clock, host) = (Clock::new(), Host::new());
        walk(&clock, &host, 50_000, 1000);
        host.calls.set(0);
        assert!(walk(&clock, &host, 100_000, 1000) < 1000);
        assert!(host.calls.get() < 120, "{} calls", host.calls.get());
    }

    #[test]
    fn asks_always_where_the_counter_is_not_invariant() {
        let (clock, host) = (
            Clock::new(),
            Host {
                invariant: false,
                ..Host::new()
            },
        );
        assert!(walk(&clock, &host, 100_000, 1000) < 1000);
        assert!(host.calls.get() > 100_000);
    }

    #[test]
    fn a_counter_that_jumps_does_no_harm_beyond_the_window() {
        for jump in [
            -1_i64 << 60,
            -1 << 30,
            -1_000_000,
            -1000,
            1000,
            1_000_000,
            1 << 30,
            1 << 60,
        ] {
            let (clock, host) = (Clock::new(), Host::new());
            walk(&clock, &host, 100_000, 1000);
            host.cycles.set(host.cycles.get().wrapping_add_signed(jump));
            let window_ns = WINDOW_CYCLES / 3;
            assert!(
                walk(&clock, &host, 100_000, 1000) < window_ns + 1000,
                "jump {jump}"
            );
            // And it recovers.
            assert!(walk(&clock, &host, 100_000, 1000) < 1000, "jump {jump}");
        }
    }

    #[test]
    fn a_counter_that_changes_its_rate_is_noticed() {
        let (clock, host) = (Clock::new(), Host::new());
        walk(&clock, &host, 100_000, 1000);
        host.ps_per_cycle.set(1000);
        let window_ns = WINDOW_CYCLES;
        assert!(walk(&clock, &host, 100_000, 1000) < window_ns);
        assert!(walk(&clock, &host, 100_000, 1000) < 1000);
    }

    #[test]
    fn slow_calls_and_long_sleeps_measure_nothing_wrong() {
        let (clock, host) = (Clock::new(), Host::new());
        for round in 0..2000 {
            host.call_cycles
                .set(if round % 3 == 0 { 900_000 } else { 14_000 });
            let error = walk(&clock, &host, 20, 100_000);
            // Half of a slow call passes after the host looked at its clock.
            assert!(error < 160_000, "{error}");
            host.pass(7_000_000_000);
        }
        host.call_cycles.set(600);
        walk(&clock, &host, 100_000, 1000);
        assert!(walk(&clock, &host, 100_000, 1000) < 1000);
    }

    #[test]
    fn a_suspended_host_does_not_spoil_the_rate() {
        let (clock, host) = (Clock::new(), Host::new());
        walk(&clock, &host, 100_000, 1000);
        // The counter runs on, the host's clock stands.
        host.cycles.set(host.cycles.get() + (1 << 42));
        assert!(walk(&clock, &host, 100_000, 1000) < WINDOW_CYCLES / 3 + 1000);
        assert!(walk(&clock, &host, 100_000, 1000) < 1000);
    }
}
