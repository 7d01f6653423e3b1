//! Time from the page that Xen shares with the domain.
//!
//! System time is nanoseconds since Xen started; the wall clock is that plus
//! the date at system time zero.
//!
//! Source: Xen 4.17, `xen/include/public/xen.h` at `struct vcpu_time_info` and
//! `struct shared_info`.

use core::sync::atomic::Ordering::{Acquire, Relaxed};
use core::sync::atomic::{AtomicU32, fence};

use solo5_sys::abi::Time;
use solo5_sys::scale::SECOND;

use crate::abi::{TimeInfo, WallClock};

/// Read with `read` what `version` guards, again until it did not change
/// meanwhile.
fn consistent<R>(version: &AtomicU32, read: impl Fn() -> R) -> R {
    loop {
        let before = version.load(Acquire);
        let value = read();
        fence(Acquire);
        if before & 1 == 0 && version.load(Relaxed) == before {
            return value;
        }
        core::hint::spin_loop();
    }
}

/// System time; `cycles` reads this CPU's cycle counter.
pub fn system_time(info: &TimeInfo, cycles: impl Fn() -> u64) -> Time {
    consistent(&info.version, || {
        let shift = info.tsc_shift.load(Relaxed) as i8;
        // A domain's counter begins at zero, and Xen may have taken the time before. One that
        // another processor keeps may be a little behind.
        let passed = cycles().wrapping_sub(info.tsc_timestamp.load(Relaxed)) as i64;
        let scaled = scale(
            passed.max(0) as u64,
            shift,
            info.tsc_to_system_mul.load(Relaxed),
        );
        info.system_time.load(Relaxed).wrapping_add(scaled)
    })
}

/// `cycles` times 2^`shift` times `mul` / 2^32.
fn scale(cycles: u64, shift: i8, mul: u32) -> u64 {
    let by = u32::from(shift.unsigned_abs());
    let cycles = if shift < 0 {
        cycles.checked_shr(by)
    } else {
        cycles.checked_shl(by)
    };
    ((u128::from(cycles.unwrap_or(0)) * u128::from(mul)) >> 32) as u64
}

/// The date at system time zero, nanoseconds since 1970-01-01 00:00 UTC.
pub fn date_at_zero(clock: &WallClock) -> Time {
    consistent(&clock.version, || {
        let high = u64::from(clock.sec_hi.load(Relaxed));
        let seconds = high << 32 | u64::from(clock.sec.load(Relaxed));
        seconds
            .wrapping_mul(SECOND)
            .wrapping_add(clock.nsec.load(Relaxed).into())
    })
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;

    #[test]
    fn scales() {
        // 2 GHz: half a nanosecond a cycle.
        assert_eq!(scale(2_000_000_000, 0, 1 << 31), SECOND);
        assert_eq!(scale(2_000_000_000, -1, u32::MAX), SECOND - 1);
        assert_eq!(scale(500_000_000, 1, u32::MAX), SECOND - 1);
        // 2^64 cycles do not overflow on the way, and nonsense is no panic.
        assert_eq!(scale(u64::MAX, 0, 1 << 31), u64::MAX >> 1);
        assert_eq!(scale(1, -128, 1), 0);
        assert_eq!(scale(u64::MAX, 127, u32::MAX), 0);
    }

    #[test]
    fn a_reading_across_a_change_is_taken_again() {
        let info = TimeInfo::default();
        info.tsc_to_system_mul.store(1 << 31, Relaxed);
        info.tsc_timestamp.store(1000, Relaxed);
        info.version.store(2, Relaxed);
        let calls = Cell::new(0);
        let cycles = || {
            calls.set(calls.get() + 1);
            // Xen writes while it is read for the first time.
            match calls.get() {
                1 => info.version.store(3, Relaxed),
                2 => {
                    info.system_time.store(7, Relaxed);
                    info.version.store(4, Relaxed);
                }
                _ => {}
            }
            3000
        };
        assert_eq!(system_time(&info, cycles), 1007);
        assert_eq!(calls.get(), 3);
        // A counter that is behind.
        assert_eq!(system_time(&info, || 10), 7);
    }

    #[test]
    fn a_time_from_before_the_counter_began_counts() {
        let info = TimeInfo::default();
        info.tsc_to_system_mul.store(1 << 31, Relaxed);
        info.tsc_timestamp.store(1000u64.wrapping_neg(), Relaxed);
        info.system_time.store(7, Relaxed);
        assert_eq!(system_time(&info, || 3000), 2007);
    }

    #[test]
    fn the_date_has_64_bits() {
        let clock = WallClock::default();
        clock.sec.store(5, Relaxed);
        clock.sec_hi.store(1, Relaxed);
        clock.nsec.store(9, Relaxed);
        assert_eq!(date_at_zero(&clock), ((1 << 32) + 5) * SECOND + 9);
    }
}
