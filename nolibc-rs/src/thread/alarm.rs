//! The one timer of the process (POSIX.1-2024 `setitimer(ITIMER_REAL)`, `alarm`): `SIGALRM` is
//! sent at the first switching point, or by an idle CPU, after its time.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{scheduler, tick};
use crate::platform::{self, Nanoseconds};
use crate::signal;

const NEVER: u64 = u64::MAX;
static DEADLINE: AtomicU64 = AtomicU64::new(NEVER);
static INTERVAL: AtomicU64 = AtomicU64::new(0);

/// What a timer is set to, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Setting {
    /// From now; 0: it is not set.
    pub rest_ns: Nanoseconds,
    /// From each time to the next; 0: there is one only.
    pub interval_ns: Nanoseconds,
}

/// When `SIGALRM` is to be sent; `u64::MAX`: never.
pub(super) fn deadline() -> Nanoseconds {
    DEADLINE.load(Relaxed)
}

/// What the timer is set to.
pub fn get() -> Setting {
    let deadline_ns = DEADLINE.load(Relaxed);
    let rest_ns = match deadline_ns {
        NEVER => 0,
        // One that is due is still set.
        _ => deadline_ns
            .saturating_sub(platform::clock_monotonic())
            .max(1),
    };
    Setting {
        rest_ns,
        interval_ns: INTERVAL.load(Relaxed),
    }
}

/// Set the timer; answers what it was set to.
pub fn set(new: Setting) -> Setting {
    let old = get();
    let deadline_ns = match new.rest_ns {
        0 => NEVER,
        rest_ns => platform::clock_monotonic()
            .saturating_add(rest_ns)
            .min(NEVER - 1),
    };
    DEADLINE.store(deadline_ns, Relaxed);
    INTERVAL.store(new.interval_ns, Relaxed);
    scheduler::attend(scheduler::ALARM, deadline_ns != NEVER);
    scheduler::watch_until(deadline_ns);
    // A thread that waits for the signal does not wait for who runs and calls nothing.
    tick::begin();
    old
}

/// Send `SIGALRM` if its time has come.
pub(super) fn look() {
    let deadline_ns = DEADLINE.load(Relaxed);
    if deadline_ns == NEVER {
        return;
    }
    let now_ns = platform::clock_monotonic();
    if now_ns < deadline_ns {
        return;
    }
    let next_ns = match INTERVAL.load(Relaxed) {
        0 => NEVER,
        // Times that nobody saw are not sent one by one.
        interval_ns => deadline_ns
            .saturating_add(interval_ns.saturating_mul((now_ns - deadline_ns) / interval_ns + 1)),
    };
    let mine = DEADLINE.compare_exchange(deadline_ns, next_ns, Relaxed, Relaxed);
    if mine.is_err() {
        // Another CPU sends it, or it was set anew.
        return;
    }
    scheduler::attend(scheduler::ALARM, next_ns != NEVER);
    // The number is a signal's.
    let _ = signal::send(signal::SIGALRM);
}
