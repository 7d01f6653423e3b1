//! The platform over `std`, for host tests.

use std::ffi::c_void;
use std::io::{Read, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub use super::fake::{give_tables, lookup, map_pages, protect_pages, unmap_pages, window};
use super::{Mode, Nanoseconds, fake_cpus};
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

/// Hold off ticks, once more, until [`release`]; false: there are none.
pub fn hold() -> bool {
    let ticks = fake_cpus::is_there();
    if ticks {
        crate::tcb::hold();
    }
    ticks
}

/// Hold them off once less, and make up for one that came meanwhile.
pub fn release(held: bool) {
    if held && fake_cpus::is_there() && crate::tcb::release() {
        crate::thread::tick::make_up();
    }
}

/// Where a hostile scheduler may let another thread go on, or another CPU.
pub fn switch_point() {
    fake_cpus::chance();
    if let Some(scheduler) = SCHEDULER.get() {
        scheduler();
    }
}

/// What waits for another thread calls this over and over.
pub fn relax() {
    fake_cpus::relax();
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
    fake_cpus::chance();
    if let Some(now_ns) = fake_cpus::clock() {
        return now_ns;
    }
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as Nanoseconds
}

/// Time since 1970-01-01 00:00 UTC.
pub fn clock_wall() -> Nanoseconds {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_nanos() as Nanoseconds)
}

/// Sleep until `deadline` on the monotonic clock. There are no devices but a simulated one.
pub fn idle(deadline: Nanoseconds) -> u64 {
    if fake_cpus::is_there() {
        return fake_cpus::idle(deadline);
    }
    std::thread::sleep(Duration::from_nanos(
        deadline.saturating_sub(clock_monotonic()),
    ));
    0
}

/// Nobody asks the host twin to end.
pub fn shutdown_requested() -> bool {
    false
}

/// Have `thread` be the calling thread from now on: on the host's own thread pointer, whose
/// block has a place for it.
pub fn enter(thread: &'static Thread, cpu: &'static Cpu) {
    if fake_cpus::is_there() {
        let block = std::ptr::with_exposed_provenance::<crate::tcb::Tcb>(thread.tcb());
        // SAFETY: a thread's block lives as long as it.
        unsafe { (*block).enter(cpu) };
        fake_cpus::set_block(thread.tcb());
        return fake_cpus::chance();
    }
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

/// How many CPUs there are: one, unless they are simulated.
pub fn cpu_count() -> usize {
    fake_cpus::cpu_count()
}

/// What a CPU runs, with its argument.
pub type CpuMain = unsafe extern "C" fn(*const c_void) -> !;

/// There are always several on the host.
///
/// # Safety
/// None is needed.
pub unsafe fn be_several() {}

/// Have a simulated CPU call `function`.
///
/// # Safety
/// As `machine.h` says.
pub unsafe fn cpu_start(cpu: usize, function: CpuMain, stack_top: usize, tls: usize) -> bool {
    fake_cpus::cpu_start(cpu, function, stack_top, tls)
}

/// End a simulated CPU's [`idle`].
pub fn cpu_wake(cpu: usize) {
    fake_cpus::cpu_wake(cpu);
    fake_cpus::chance();
}

/// The process ends as a whole.
pub fn stop_others() {}

/// What a tick calls with the frame of the thread that it interrupted.
pub type TickHandler = unsafe extern "C" fn(*mut u8) -> *mut u8;

/// Have the simulated CPU call `handler` every `period_ns`; 0: no more. Whether it does.
///
/// # Safety
/// As `machine.h` says.
pub unsafe fn tick(period_ns: Nanoseconds, handler: TickHandler) -> bool {
    fake_cpus::tick(period_ns, handler)
}

/// The bytes that a tick needs for each thread; 0: nothing ticks.
pub fn frame_bytes() -> usize {
    fake_cpus::frame_bytes()
}

/// Go on with what a tick interrupted.
///
/// # Safety
/// As `machine.h` says.
pub unsafe fn resume(frame: *mut u8) -> ! {
    // SAFETY: the caller's contract.
    unsafe { fake_cpus::resume(frame) }
}
