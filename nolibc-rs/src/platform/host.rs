//! The platform over `std`, for host tests.

use std::io::{Read, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub use super::fake::{give_tables, lookup, map_pages, protect_pages, unmap_pages, window};
use super::{Mode, Nanoseconds};
use crate::errno::{Errno, Result};
use crate::thread::Thread;
use crate::thread::cpu::Cpu;

static SCHEDULER: std::sync::OnceLock<fn()> = std::sync::OnceLock::new();

/// Have `scheduler` called at each lock that is taken or waited for, so that a test decides
/// which thread goes on. Once for a process.
pub fn set_scheduler(scheduler: fn()) {
    let _ = SCHEDULER.set(scheduler);
}

/// Threads of the host run at the same time.
#[inline(always)]
pub fn mode() -> Mode {
    Mode::Several
}

/// Nothing ticks on the host.
#[inline(always)]
pub fn hold() -> bool {
    false
}

/// See [`hold`].
#[inline(always)]
pub fn release(_held: bool) {}

/// Where a hostile scheduler may let another thread go on.
pub fn switch_point() {
    if let Some(scheduler) = SCHEDULER.get() {
        scheduler();
    }
}

/// What waits for another thread calls this over and over.
pub fn relax() {
    switch_point();
    std::hint::spin_loop();
}

/// Write all of `bytes` to standard output.
pub fn console_write(bytes: &[u8]) {
    let _ = std::io::stdout().write_all(bytes);
}

/// Write `bytes` to standard error.
pub fn console_panic(bytes: &[u8]) {
    let _ = std::io::stderr().write_all(bytes);
}

/// Read from standard input; this twin waits.
///
/// # Errors
/// `EIO`: the host's read failed.
pub fn console_read(bytes: &mut [u8]) -> Result<usize> {
    std::io::stdin().read(bytes).map_err(|_| Errno::EIO)
}

/// The host twin has no entropy of its own.
///
/// # Errors
/// Always `ENOSYS`.
pub fn entropy(_bytes: &mut [u8]) -> Result<usize> {
    Err(Errno::ENOSYS)
}

/// Time since some fixed moment; never goes back.
pub fn clock_monotonic() -> Nanoseconds {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as Nanoseconds
}

/// Time since 1970-01-01 00:00 UTC.
pub fn clock_wall() -> Nanoseconds {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_nanos() as Nanoseconds)
}

/// Sleep until `deadline` on the monotonic clock. There are no devices.
pub fn idle(deadline: Nanoseconds) -> u64 {
    std::thread::sleep(Duration::from_nanos(
        deadline.saturating_sub(clock_monotonic()),
    ));
    0
}

/// Have `thread` be the calling thread from now on: on the host's own thread pointer, whose
/// block has a place for it.
pub fn enter(thread: &'static Thread, _cpu: &'static Cpu) {
    // SAFETY: the host's block is live, and its own library does not use this word.
    unsafe { (*crate::tcb::current()).thread = (&raw const *thread).cast_mut() };
}

/// End the process.
pub fn exit(status: i32) -> ! {
    std::process::exit(status)
}

/// End the process with status 255.
pub fn abort() -> ! {
    std::process::exit(255)
}

/// Tests run on one CPU.
pub fn cpu_count() -> usize {
    1
}

/// See [`cpu_count`].
pub fn cpu_wake(_cpu: usize) {}

/// See [`cpu_count`].
pub fn stop_others() {}

/// The bytes that a tick needs for each thread: nothing ticks here.
pub fn frame_bytes() -> usize {
    0
}
