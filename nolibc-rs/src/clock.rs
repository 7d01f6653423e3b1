//! The clocks of C and POSIX, over the two of the machine.
//!
//! There is one process, and nothing else runs on the machine: its CPU time is the
//! time since the start less the time it slept.
#![forbid(unsafe_code)]

use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::thread::{self, run_time};

/// Nanoseconds in a second.
pub const SECOND: u64 = 1_000_000_000;
/// What `sysconf(_SC_CLK_TCK)` answers, the unit of `times`.
pub const TICKS_PER_SECOND: u64 = 100;

/// A clock that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// Time since 1970.
    Wall,
    /// Time since some fixed moment, never set.
    Monotonic,
    /// Time for which the program has run.
    Cpu,
    /// Time for which the calling thread has.
    Thread,
    /// Time for which another thread has, as it was when the clock was looked up.
    OtherThread(Nanoseconds),
}

impl Clock {
    /// The clock with one of Linux's numbers. The coarse ones are the fine ones
    /// here, and so are those that say whether sleep of the machine counts.
    ///
    /// # Errors
    /// `EINVAL`: there is none.
    pub fn from_id(id: i32) -> Result<Self> {
        match id {
            0 | 5 => Ok(Self::Wall),
            1 | 4 | 6 | 7 => Ok(Self::Monotonic),
            2 => Ok(Self::Cpu),
            3 => Ok(Self::Thread),
            ..0 if run_time::is_mine(id) => Ok(Self::Thread),
            ..0 => run_time::of_clock(id).map(Self::OtherThread),
            _ => Err(Errno::EINVAL),
        }
    }

    /// What it says.
    pub fn now(self) -> Nanoseconds {
        match self {
            Self::Wall => platform::clock_wall(),
            Self::Monotonic => platform::clock_monotonic(),
            Self::Cpu => platform::busy_time(),
            Self::Thread => run_time::mine(),
            Self::OtherThread(now_ns) => now_ns,
        }
    }

    /// Sleep until it says `time`; at once where that is past.
    ///
    /// # Errors
    /// `EINVAL`: the calling thread's own time does not pass in sleep. `EOPNOTSUPP`: nobody waits
    /// for other CPU time. `EINTR`: a signal is to be delivered.
    pub fn sleep_until(self, time: Nanoseconds) -> Result<()> {
        match self {
            Self::Thread => return Err(Errno::EINVAL),
            Self::Cpu | Self::OtherThread(_) => return Err(Errno::EOPNOTSUPP),
            Self::Wall | Self::Monotonic => {}
        }
        let left = time.saturating_sub(self.now());
        thread::sleep_until(platform::clock_monotonic().saturating_add(left))
    }
}

/// Nanoseconds from the two parts of a `struct timespec`.
///
/// # Errors
/// `EINVAL`: a negative count of seconds, or nanoseconds that are not those of a
/// second.
pub fn nanoseconds(seconds: i64, nanoseconds: i64) -> Result<Nanoseconds> {
    let seconds = u64::try_from(seconds).map_err(|_| Errno::EINVAL)?;
    let rest = u64::try_from(nanoseconds).map_err(|_| Errno::EINVAL)?;
    if rest >= SECOND {
        return Err(Errno::EINVAL);
    }
    Ok(seconds.saturating_mul(SECOND).saturating_add(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_linuxs() {
        assert_eq!(Clock::from_id(libc::CLOCK_REALTIME), Ok(Clock::Wall));
        assert_eq!(Clock::from_id(libc::CLOCK_MONOTONIC), Ok(Clock::Monotonic));
        assert_eq!(Clock::from_id(libc::CLOCK_BOOTTIME), Ok(Clock::Monotonic));
        assert_eq!(
            Clock::from_id(libc::CLOCK_PROCESS_CPUTIME_ID),
            Ok(Clock::Cpu)
        );
        assert_eq!(
            Clock::from_id(libc::CLOCK_THREAD_CPUTIME_ID),
            Ok(Clock::Thread)
        );
        for none in [-1, 8, 100, i32::MIN] {
            assert_eq!(Clock::from_id(none), Err(Errno::EINVAL));
        }
    }

    #[test]
    fn sleeping_takes_time_but_no_cpu_time() {
        platform::start();
        let (wall, cpu) = (Clock::Monotonic.now(), Clock::Cpu.now());
        assert_eq!(Clock::Monotonic.sleep_until(wall + 30_000_000), Ok(()));
        let slept = Clock::Monotonic.now() - wall;
        assert!(slept >= 30_000_000, "{slept} ns");
        let used = Clock::Cpu.now() - cpu;
        assert!(used < 20_000_000, "{used} ns of CPU time");
        assert_eq!(Clock::Wall.sleep_until(0), Ok(()), "the past needs no wait");
        assert_eq!(Clock::Cpu.sleep_until(u64::MAX), Err(Errno::EOPNOTSUPP));
    }

    #[test]
    fn durations_are_checked() {
        assert_eq!(nanoseconds(2, 5), Ok(2_000_000_005));
        assert_eq!(nanoseconds(i64::MAX, 999_999_999), Ok(u64::MAX));
        for (seconds, rest) in [(-1, 0), (0, -1), (0, 1_000_000_000)] {
            assert_eq!(nanoseconds(seconds, rest), Err(Errno::EINVAL));
        }
    }
}
