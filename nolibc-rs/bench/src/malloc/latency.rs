//! The worst single operation.
//!
//! Seven processes run the same operations on the same addresses. The minimum for each
//! operation leaves what the allocator does in it and drops what the system did meanwhile.

use std::arch::x86_64::_rdtsc;
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use super::allocator::Allocator;
use super::child::{Arena, fork};
use super::replay::Replay;
use super::workload::Workload;
use crate::Result;
use crate::table::{Table, number};

const RUNS: usize = 7;
/// The first operations find caches and branch predictors empty.
const SKIPPED: usize = 100;
const LIMIT: Duration = Duration::from_secs(30);

/// Ticks of each operation, shared with children.
struct Ticks {
    memory: *mut u32,
    len: usize,
}

impl Ticks {
    fn new(len: usize) -> Result<Self> {
        // SAFETY: new memory.
        let memory = unsafe {
            libc::mmap(
                null_mut(),
                len * size_of::<u32>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS | libc::MAP_POPULATE,
                -1,
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err("no memory for the times".into());
        }
        let ticks = Self {
            memory: memory.cast(),
            len,
        };
        ticks.get().fill(u32::MAX);
        Ok(ticks)
    }

    #[expect(clippy::mut_from_ref, reason = "one process at a time uses it")]
    fn get(&self) -> &mut [u32] {
        // SAFETY: mapped with that length; parent and children take turns.
        unsafe { std::slice::from_raw_parts_mut(self.memory, self.len) }
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        // SAFETY: mapped in `new`.
        unsafe { libc::munmap(self.memory.cast(), self.len * size_of::<u32>()) };
    }
}

fn now() -> u64 {
    // SAFETY: every x86-64 has the counter; the fence keeps what was measured before it.
    unsafe {
        std::arch::x86_64::_mm_lfence();
        _rdtsc()
    }
}

/// Nanoseconds for a tick.
fn tick_ns() -> f64 {
    let (start, ticks) = (Instant::now(), now());
    while start.elapsed() < Duration::from_millis(20) {}
    start.elapsed().as_nanos() as f64 / (now() - ticks) as f64
}

fn run(
    arena: &Arena,
    allocator: &Allocator,
    workload: &Workload,
    ticks: &Ticks,
    len: usize,
) -> [u64; 1] {
    // All code and all memory is there before: a page fault is the system's.
    // SAFETY: changes nothing but that; without the right to it the figures are worse.
    unsafe { libc::mlockall(libc::MCL_CURRENT | libc::MCL_FUTURE) };
    if !arena.start(allocator, len) {
        return [1];
    }
    let mut replay = Replay::new(allocator, workload);
    for (op, least) in workload.ops.iter().zip(ticks.get()) {
        let start = now();
        // SAFETY: just started.
        unsafe { replay.step(op) };
        *least = (*least).min((now() - start).try_into().unwrap_or(u32::MAX));
    }
    [0]
}

/// Print quantiles of the time of an operation for one workload, in an arena of `len` bytes.
pub fn print(allocators: &[Allocator], workload: &Workload, len: usize) -> Result<()> {
    let columns = ["p50", "p99", "p99.9", "p99.99", "max", "of op"];
    let table = Table::new(&format!("{}: ns", workload.name), &columns);
    let arena = Arena::new(len)?;
    let tick_ns = tick_ns();
    // What an empty measurement takes.
    let own = (0..10_000).map(|_| {
        let start = now();
        now() - start
    });
    let own = own.min().unwrap_or(0) as f64;
    for allocator in allocators {
        let ticks = Ticks::new(workload.ops.len())?;
        let mut done = 0;
        for _ in 0..RUNS {
            let child = fork(LIMIT, || run(&arena, allocator, workload, &ticks, len))?;
            done += usize::from(child == Some([0]));
        }
        if done < RUNS {
            table.row(allocator.name, columns.map(|_| "-".to_string()));
            continue;
        }
        let taken = ticks.get().iter().enumerate().skip(SKIPPED);
        let mut taken: Vec<(u32, usize)> = taken.map(|(at, ticks)| (*ticks, at)).collect();
        taken.sort_unstable();
        let ns = |part: f64| {
            let at = (part * (taken.len() - 1) as f64) as usize;
            (f64::from(taken[at].0) - own) * tick_ns
        };
        let mut cells: Vec<_> = [0.5, 0.99, 0.999, 0.9999, 1.0]
            .map(|p| number(ns(p)))
            .into();
        let worst = taken.last().map(|(_, at)| workload.ops[*at]);
        cells.extend(worst.map(|op| format!("{:?} {}", op.kind, op.len_bytes)));
        table.row(allocator.name, cells);
    }
    println!("(minimum of {RUNS} identical runs for each operation; {LIMIT:?} at most for a run)");
    Ok(())
}
