//! For how long a thread has run (POSIX.1-2024 `CLOCK_THREAD_CPUTIME_ID`).
//!
//! A change of threads costs no look at the clock until somebody asks for this. So time is counted
//! from the first question on, to whatever thread; before that, the first thread's as long as
//! it is the only one there ever was.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::cpu::{self, BOOT, Cpu, here};
use super::scheduler::SCHEDULER;
use super::{MAIN, Thread, current, registry};
use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::sync::Held;

/// Bits of a thread's number that stand in the number of its clock, which is negative.
const NUMBER_BITS: u32 = 31;

/// Count from now on, on every CPU when this comes back.
fn count() {
    if BOOT.since_ns.load(Acquire) != 0 {
        return;
    }
    let before_ns = match registry::is_new() {
        true => platform::busy_time(),
        false => 0,
    };
    let scheduler = SCHEDULER.lock();
    let now_ns = platform::clock_monotonic().max(1);
    if BOOT.since_ns.load(Relaxed) == 0 {
        MAIN.turn.ran_ns.store(before_ns, Relaxed);
        for cpu in cpu::all() {
            if !core::ptr::eq(cpu, &BOOT) {
                cpu.since_ns.store(now_ns, Relaxed);
            }
        }
        // The last one, by which others know.
        BOOT.since_ns.store(now_ns, Release);
    }
    drop(scheduler);
}

/// Nanoseconds since the running thread went on, on a CPU on which time is counted.
fn since(cpu: &Cpu, now_ns: Nanoseconds) -> Nanoseconds {
    now_ns.saturating_sub(cpu.since_ns.load(Relaxed))
}

/// A CPU, on which time is counted, leaves a thread for another one.
pub(super) fn leave(cpu: &Cpu, thread: &Thread) {
    let now_ns = platform::clock_monotonic();
    let ran = &thread.turn.ran_ns;
    ran.store(ran.load(Relaxed) + since(cpu, now_ns), Relaxed);
    cpu.since_ns.store(now_ns, Relaxed);
}

/// [`platform::idle`], which is not time that the thread has run. Nobody takes its place.
pub(super) fn idle(deadline_ns: Nanoseconds) -> u64 {
    // A program that never called `_nolibc_init` has no thread pointer, by which this CPU
    // is found, and may call `solo5_yield`.
    if BOOT.since_ns.load(Relaxed) == 0 {
        return platform::idle(deadline_ns);
    }
    let cpu = here();
    if cpu.since_ns.load(Relaxed) == 0 {
        return platform::idle(deadline_ns);
    }
    let start_ns = platform::clock_monotonic();
    let ready = platform::idle(deadline_ns);
    let slept_ns = platform::clock_monotonic() - start_ns;
    cpu.since_ns
        .store(cpu.since_ns.load(Relaxed) + slept_ns, Relaxed);
    ready
}

/// A CPU joins: what runs on it is counted if others are. `join` has the others see it.
pub(super) fn begin(cpu: &'static Cpu, join: impl FnOnce(&'static Cpu)) {
    let _scheduler = SCHEDULER.lock();
    if BOOT.since_ns.load(Relaxed) != 0 {
        let now_ns = platform::clock_monotonic();
        cpu.since_ns.store(now_ns, Relaxed);
    }
    join(cpu);
}

/// How long the calling thread has run.
pub fn mine() -> Nanoseconds {
    count();
    let _held = Held::new();
    let now_ns = platform::clock_monotonic();
    current().turn.ran_ns.load(Relaxed) + since(here(), now_ns)
}

/// The number of a thread's clock.
///
/// # Errors
/// `ESRCH`: there is no such thread.
pub fn clock_of(id: usize) -> Result<i32> {
    registry::with_id(id, |_| ())?;
    count();
    Ok(number_of(id))
}

fn number_of(id: usize) -> i32 {
    !(id & ((1 << NUMBER_BITS) - 1)) as i32
}

/// Whether it is the calling thread's clock that has this number.
pub fn is_mine(clock: i32) -> bool {
    number_of(current().id()) == clock
}

/// How long the thread has run whose clock has this number. A thread that is gone leaves it to
/// another one in the end: a number has no more bits.
///
/// # Errors
/// `EINVAL`: it is no thread's now.
pub fn of_clock(clock: i32) -> Result<Nanoseconds> {
    count();
    let number = usize::try_from(!clock).map_err(|_| Errno::EINVAL)?;
    let time = registry::with_low_bits(number, NUMBER_BITS, |thread| {
        let _scheduler = SCHEDULER.lock();
        let turn = &thread.turn;
        let now_ns = platform::clock_monotonic();
        let rest_ns = match turn.is_on_cpu() {
            true => since(cpu::by_index(turn.cpu()), now_ns),
            false => 0,
        };
        turn.ran_ns.load(Relaxed) + rest_ns
    });
    time.map_err(|_| Errno::EINVAL)
}
