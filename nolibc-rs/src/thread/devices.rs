//! Threads that wait for what comes from outside: input of the console, and the devices that
//! the program itself drives (`solo5_yield`).
//!
//! Only an idle CPU waits for them; while threads run they are asked once in a while, and the
//! host whether the program is to end.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::link::Queue;
use super::scheduler::{self, SEVERAL, State, prepare};
use super::{alarm, cpu, current, run_time, shutdown};
use crate::platform::{self, Nanoseconds};
use crate::signal;

/// Devices are asked so often while threads run.
const ASK_AGAIN_AFTER: Nanoseconds = 1_000_000;
/// The same if no thread waits for them: the host alone.
const ASK_HOST_AFTER: Nanoseconds = 100_000_000;

/// Those in [`wait`].
static WAITERS: Queue = Queue::new();
/// Those in [`wait_for_input`].
static READERS: Queue = Queue::new();
static ASKED_AT: AtomicU64 = AtomicU64::new(0);

/// Whether something from outside can wake a thread.
pub(super) fn expected() -> bool {
    !WAITERS.is_empty() || !READERS.is_empty()
}

/// A CPU has waited, and these devices are ready.
pub(super) fn tell(ready: u64) {
    tell_waiters(ready);
    scheduler::wake_all(&READERS, |_| {});
}

fn tell_waiters(ready: u64) {
    if ready != 0 {
        scheduler::wake_all(&WAITERS, |thread| thread.devices.store(ready, Relaxed));
    }
}

/// Ask the devices, and the host, unless they were asked just now.
pub(super) fn look() {
    let after = match WAITERS.is_empty() {
        true => ASK_HOST_AFTER,
        false => ASK_AGAIN_AFTER,
    };
    let now_ns = platform::clock_monotonic();
    let asked_at = ASKED_AT.load(Relaxed);
    let mine = || ASKED_AT.compare_exchange(asked_at, now_ns, Relaxed, Relaxed);
    if now_ns >= asked_at.saturating_add(after) && mine().is_ok() {
        tell_waiters(platform::poll());
        shutdown::look();
    }
}

/// Wait until a device is ready or until the deadline, or for less if a signal comes; the set of
/// devices that are ready (`solo5.h`, `solo5_yield`).
pub fn wait(deadline_ns: Nanoseconds) -> u64 {
    if scheduler::attention() & SEVERAL == 0 && !cpu::several() {
        loop {
            let ready = run_time::idle(deadline_ns.min(alarm::deadline()));
            alarm::look();
            shutdown::look();
            if ready != 0
                || alarm::deadline() == u64::MAX
                || signal::is_due()
                || platform::clock_monotonic() >= deadline_ns
            {
                return ready;
            }
        }
    }
    let thread = current();
    thread.devices.store(0, Relaxed);
    ASKED_AT.store(0, Relaxed);
    let waiting = prepare(
        Some(&WAITERS),
        Some(deadline_ns),
        State::Signallable,
        "a device (solo5_yield)",
    );
    scheduler::watch_until(0);
    waiting.block();
    thread.devices.load(Relaxed)
}

/// Wait until input may have come to the console, or until the deadline.
pub fn wait_for_input(deadline_ns: Nanoseconds) -> scheduler::Wake {
    let waiting = prepare(
        Some(&READERS),
        Some(deadline_ns),
        State::Interruptible,
        "input (read)",
    );
    scheduler::watch_until(0);
    waiting.block()
}
