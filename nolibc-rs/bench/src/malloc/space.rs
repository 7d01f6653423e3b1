//! Space: the smallest arena, what is lost beside each block, what fragmentation refuses.

use std::time::Duration;

use super::allocator::Allocator;
use super::child::{Arena, fork};
use super::replay::Replay;
use super::workload::{Random, Workload};
use super::{MAX, names};
use crate::Result;
use crate::table::Table;

/// For one try.
const LIMIT: Duration = Duration::from_secs(10);

/// Whether a workload runs in an arena of this length; none if it takes too long.
fn runs(
    arena: &Arena,
    allocator: &Allocator,
    workload: &Workload,
    len: usize,
) -> Result<Option<bool>> {
    let child = fork(LIMIT, || {
        if !arena.start(allocator, len) {
            return [1];
        }
        // SAFETY: just started.
        [unsafe { Replay::new(allocator, workload).run(MAX).failed }]
    })?;
    // One that dies for lack of memory does not run in it either.
    Ok(Some(child == Some([0])))
}

/// The smallest arena in which a workload runs, as a multiple of the most bytes that are live.
fn least(arena: &Arena, allocator: &Allocator, workload: &Workload) -> Result<Option<f64>> {
    const MOST: usize = 4;
    let (mut low, mut high) = (workload.peak_bytes, MOST * workload.peak_bytes);
    let step = (workload.peak_bytes / 1000).max(4096);
    if runs(arena, allocator, workload, high)? != Some(true) {
        return Ok(None);
    }
    while high - low > step {
        let middle = (low + high) / 2 / 4096 * 4096;
        if runs(arena, allocator, workload, middle)? == Some(true) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Some(high as f64 / workload.peak_bytes as f64))
}

/// Print the smallest arenas.
pub fn print_least(allocators: &[Allocator], workloads: &[Workload]) -> Result<()> {
    let table = Table::new("least arena / peak live", &names(allocators));
    let most = workloads.iter().map(|workload| workload.peak_bytes).max();
    let arena = Arena::new(4 * most.unwrap_or(0) + (1 << 20))?;
    for workload in workloads {
        let mut cells = Vec::new();
        for allocator in allocators {
            let least = least(&arena, allocator, workload)?;
            cells.push(least.map_or("-".into(), |least| format!("{least:.3}")));
        }
        let mib = workload.peak_bytes as f64 / f64::from(1 << 20);
        table.row(&format!("{} ({mib:.1} MiB)", workload.name), cells);
    }
    println!("(-: not in 4 times the peak, or not in {LIMIT:?})");
    Ok(())
}

/// Alignment and length of the blocks that fill an arena.
const FILLS: [(usize, usize); 20] = [
    (16, 16),
    (16, 24),
    (16, 32),
    (16, 48),
    (16, 64),
    (16, 100),
    (16, 256),
    (16, 520),
    (16, 1040),
    (16, 1514),
    (16, 2048),
    (16, 3000),
    (16, 4096),
    (16, 9000),
    (16, 20_000),
    (16, 65_536),
    (4096, 2048),
    (4096, 4096),
    (4096, 32_768),
    (4096, 65_536),
];
const FILLED_BYTES: usize = 64 << 20;

/// How many blocks there is room for.
fn fill(arena: &Arena, allocator: &Allocator, align: usize, len: usize) -> [u64; 1] {
    if !arena.start(allocator, FILLED_BYTES) {
        return [0];
    }
    // SAFETY: just started.
    let allocate = || unsafe {
        match align {
            16 => (allocator.allocate)(len),
            _ => (allocator.align)(align, len),
        }
    };
    let blocks = std::iter::repeat_with(allocate).take(FILLED_BYTES);
    [blocks.take_while(|block| !block.is_null()).count() as u64]
}

/// Print what is lost beside blocks of one length.
pub fn print_loss(allocators: &[Allocator], is_quick: bool) -> Result<()> {
    let table = Table::new("lost, % (align, length)", &names(allocators));
    let arena = Arena::new(FILLED_BYTES)?;
    for (align, len) in FILLS.into_iter().step_by(if is_quick { 4 } else { 1 }) {
        let mut cells = Vec::new();
        for allocator in allocators {
            let child = fork(LIMIT, || fill(&arena, allocator, align, len))?;
            let lost = |count: u64| FILLED_BYTES as f64 / (count as f64 * len as f64) - 1.0;
            let cell = child.filter(|[count]| *count > 0);
            cells.push(cell.map_or("-".into(), |[count]| format!("{:.1}", 100.0 * lost(count))));
        }
        table.row(&format!("{align}, {len}"), cells);
    }
    println!("(64 MiB filled with blocks of one length; -: not in {LIMIT:?})");
    Ok(())
}

/// Blocks of 1 KiB to 1 MiB; before each as many random ones are freed as keep what is live
/// at `percent` of the arena. Answers how many were refused and how many were asked for.
fn refused(arena: &Arena, allocator: &Allocator, percent: usize, ops: usize) -> [u64; 2] {
    if !arena.start(allocator, FILLED_BYTES) {
        return [0, 0];
    }
    let mut random = Random::new(7);
    let mut blocks = Vec::new();
    let (mut live_bytes, mut refused, mut asked, mut done) = (0, 0, 0, 0);
    while done < ops {
        let len = random.length(1 << 10, 1 << 20) as usize;
        while live_bytes + len > FILLED_BYTES / 100 * percent {
            let (block, len) = blocks.swap_remove(random.below(blocks.len()));
            // SAFETY: live, and not used again.
            unsafe { (allocator.free)(block) };
            live_bytes -= len;
            done += 1;
        }
        // SAFETY: started above.
        let block = unsafe { (allocator.allocate)(len) };
        if block.is_null() {
            refused += 1;
        } else {
            blocks.push((block, len));
            live_bytes += len;
        }
        asked += 1;
        done += 1;
    }
    [refused, asked]
}

/// Print the share of refused allocations when so much is live.
pub fn print_refused(allocators: &[Allocator], is_quick: bool) -> Result<()> {
    let table = Table::new("refused, % (live share)", &names(allocators));
    let arena = Arena::new(FILLED_BYTES)?;
    let ops = if is_quick { 100_000 } else { 1_000_000 };
    for percent in [50, 60, 70, 75, 80, 85, 90, 95] {
        let mut cells = Vec::new();
        for allocator in allocators {
            let child = fork(6 * LIMIT, || refused(&arena, allocator, percent, ops))?;
            let share = |[refused, asked]: [u64; 2]| 100.0 * refused as f64 / asked as f64;
            let cell = child.filter(|[_, asked]| *asked > 0).map(share);
            cells.push(cell.map_or("-".into(), |share| format!("{share:.4}")));
        }
        table.row(&format!("{percent} %"), cells);
    }
    println!("(64 MiB, blocks of 1 KiB to 1 MiB, {ops} operations, random ones freed)");
    Ok(())
}
