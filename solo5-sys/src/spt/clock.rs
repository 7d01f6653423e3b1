//! The host's monotonic clock, mostly without a system call.
//!
//! The guest cannot find the vDSO, so a reading of the clock costs a system
//! call (220 ns). Between two of them, this module adds what the time stamp
//! counter has advanced, at a rate measured over at least 10 ms, and never for
//! longer than [`WINDOW_CYCLES`] (0.35 ms at 3 GHz).
//!
//! Guarantees: a reading is never below an earlier one. It differs from the
//! host's clock by the rate's error over the window, below 1 us (700 ppm when
//! the rate was measured across two slow system calls, 500 ppm by the host's
//! own adjustments). On a host whose counters disagree between CPUs although
//! the CPU calls them invariant, a difference beyond the window is noticed and
//! one within it is the bound of the error.

use core::arch::x86_64::{__cpuid, _rdtsc};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::sys;
use crate::abi::Time;

/// For how many cycles a reading of the host's clock is extrapolated.
const WINDOW_CYCLES: u64 = 1 << 20;
/// A system call that took longer was interrupted and measures nothing.
const SLOW_CYCLES: u64 = 1 << 14;
/// The rate is measured over at least this long.
const CALIBRATION_NS: u64 = 10_000_000;
/// A span longer than this may hold a suspension of the host.
const CALIBRATION_MAX_NS: u64 = 1_000_000_000;

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

// There is one CPU and no interrupt: the statics are atomic only because
// statics must be.
/// The last reading of the host's clock.
static BASE: Moment = Moment::new();
/// Where the running measurement of the rate began.
static ORIGIN: Moment = Moment::new();
/// Nanoseconds per cycle times 2^32; 0 while unknown.
static RATE: AtomicU64 = AtomicU64::new(0);
/// The latest answer.
static LATEST: AtomicU64 = AtomicU64::new(0);

fn cycles() -> u64 {
    // SAFETY: the instruction has no precondition; the tender does not forbid
    // it, and the start code used it already.
    unsafe { _rdtsc() }
}

/// Time since the host's start; never goes back.
pub fn monotonic() -> Time {
    let rate = RATE.load(Relaxed);
    if rate != 0 {
        let elapsed = cycles().wrapping_sub(BASE.cycles.load(Relaxed));
        if elapsed < WINDOW_CYCLES {
            return later(BASE.time.load(Relaxed) + ((elapsed * rate) >> 32));
        }
    }
    refresh()
}

/// Ask the host.
pub fn refresh() -> Time {
    let before = cycles();
    let time = sys::clock_gettime(sys::CLOCK_MONOTONIC).nanoseconds();
    let after = cycles();
    if after.wrapping_sub(before) < SLOW_CYCLES {
        BASE.set(after, time);
        calibrate(after, time);
    }
    later(time)
}

/// `time`, or the latest answer if that was later.
fn later(time: Time) -> Time {
    let time = time.max(LATEST.load(Relaxed));
    LATEST.store(time, Relaxed);
    time
}

fn calibrate(cycles: u64, time: Time) {
    let span_ns = time.wrapping_sub(ORIGIN.time.load(Relaxed));
    if span_ns < CALIBRATION_NS {
        return;
    }
    if span_ns < CALIBRATION_MAX_NS {
        let span_cycles = cycles.wrapping_sub(ORIGIN.cycles.load(Relaxed));
        RATE.store(rate(span_ns, span_cycles, RATE.load(Relaxed)), Relaxed);
    }
    ORIGIN.set(cycles, time);
}

/// The rate over a span; 0 if the counter cannot be relied on: not invariant,
/// slower than 0.1 GHz or faster than 10, or off `known` by more than 1 %.
fn rate(span_ns: u64, span_cycles: u64, known: u64) -> u64 {
    if span_cycles < span_ns / 10 || span_cycles > span_ns * 10 {
        return 0;
    }
    // At most 2^30 ns, so the shift loses nothing.
    let Some(rate) = (span_ns << 32).checked_div(span_cycles) else {
        return 0;
    };
    if known == 0 && !invariant() || known != 0 && rate.abs_diff(known) > known / 100 {
        return 0;
    }
    rate
}

/// Whether the counter runs at one rate in all power states (CPUID 8000_0007h,
/// EDX bit 8).
fn invariant() -> bool {
    const LEAF: u32 = 0x8000_0007;
    __cpuid(0x8000_0000).eax >= LEAF && __cpuid(LEAF).edx & (1 << 8) != 0
}
