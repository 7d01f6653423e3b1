//! Time and instructions for each operation.

use std::time::Duration;

use super::allocator::Allocator;
use super::child::{Arena, fork};
use super::replay::Replay;
use super::workload::Workload;
use super::{ARENA_BYTES, MAX, names};
use crate::measure::{self, geometric_mean, median};
use crate::table::{Table, number};
use crate::{Options, Result};

/// After this a slow allocator has done enough.
const LIMIT: Duration = Duration::from_secs(2);
/// The same when figures are not the point.
const QUICK_LIMIT: Duration = Duration::from_millis(100);

/// Runs that are shorter than this together are repeated: one of a third of a millisecond tells little.
const LEAST_NS: u64 = 50_000_000;

/// What one process found: picoseconds for each operation, operations without memory, and
/// whether it had to stop early.
fn once(
    arena: &Arena,
    allocator: &Allocator,
    workload: &Workload,
    (runs, limit): (usize, Duration),
) -> [u64; 3] {
    let len_bytes = (4 * workload.peak_bytes + (32 << 20)).min(ARENA_BYTES);
    // The first run, which does not count, touches most of what is used later.
    arena.touch(2 * workload.peak_bytes);
    if !arena.start(allocator, len_bytes) {
        return [0, 1, 0];
    }
    let mut replay = Replay::new(allocator, workload);
    // SAFETY: started above.
    let mut run = || unsafe { replay.run(limit) };
    let first = run();
    let picoseconds = |ns: u64, done: u64| ns * 1000 / done.max(1);
    if first.done < workload.ops.len() as u64 {
        return [picoseconds(first.ns, first.done), first.failed, 1];
    }
    let runs = match limit == QUICK_LIMIT {
        true => runs,
        false => runs.max((LEAST_NS / first.ns.max(1)) as usize),
    };
    let outcomes: Vec<_> = (0..runs).map(|_| run()).collect();
    let times = outcomes.iter().map(|o| picoseconds(o.ns, o.done) as f64);
    let failed = outcomes.iter().map(|outcome| outcome.failed).sum();
    [median(times.collect()) as u64, failed, 0]
}

/// Nanoseconds for each operation of a workload, by allocator, and a mark where one failed or
/// was stopped.
fn times(
    allocators: &[Allocator],
    workload: &Workload,
    options: &Options,
) -> Result<Vec<(f64, &'static str)>> {
    let (rounds, effort) = match options.quick {
        true => (1, (1, QUICK_LIMIT)),
        false => (5, (3, LIMIT)),
    };
    let arena = Arena::new(ARENA_BYTES)?;
    let mut found = vec![(Vec::new(), ""); allocators.len()];
    for round in 0..rounds {
        for turn in 0..allocators.len() {
            let at = (round + turn) % allocators.len();
            if found[at].1 == "*" {
                continue;
            }
            let child = fork(4 * LIMIT, || {
                once(&arena, &allocators[at], workload, effort)
            })?;
            match child {
                None => found[at].1 = "!",
                Some([picoseconds, failed, stopped]) => {
                    found[at].0.push(picoseconds as f64 / 1e3);
                    found[at].1 = match (failed, stopped) {
                        (_, 1) => "*",
                        (0, _) => "",
                        _ => "!",
                    };
                }
            }
        }
    }
    let medians = found.into_iter().map(|(times, mark)| (median(times), mark));
    Ok(medians.collect())
}

/// Instructions for each operation.
fn counts(allocators: &[Allocator], workload: &Workload) -> Result<Vec<(f64, &'static str)>> {
    let count = |allocator: &Allocator| {
        let words = [
            "malloc",
            measure::REGION,
            allocator.name,
            &workload.name,
            "1",
        ];
        let counted = measure::instructions(&words.map(String::from))?;
        Ok((counted as f64 / workload.ops.len() as f64, ""))
    };
    allocators.iter().map(count).collect()
}

/// Print nanoseconds or instructions for each operation.
pub fn print(allocators: &[Allocator], workloads: &[Workload], options: &Options) -> Result<()> {
    let title = if options.instructions {
        "instructions/op"
    } else {
        "ns/op"
    };
    let table = Table::new(title, &names(allocators));
    // It is known to be slow; under callgrind it would take hours.
    let skip = |name: &str| options.instructions && name == "linked_list";
    let kept: Vec<Allocator> = allocators
        .iter()
        .filter(|a| !skip(a.name))
        .copied()
        .collect();
    let mut rows = Vec::new();
    for workload in workloads {
        let found = if options.instructions {
            counts(&kept, workload)?
        } else {
            times(&kept, workload, options)?
        };
        let cell = |name: &str| {
            let at = kept.iter().position(|allocator| allocator.name == name)?;
            Some(format!("{}{}", number(found[at].0), found[at].1))
        };
        let cells = allocators
            .iter()
            .map(|a| cell(a.name).unwrap_or("-".into()));
        table.row(&workload.name, cells);
        rows.push((workload, found));
    }
    println!("(*: stopped early; !: some operations failed)");
    type Choice = fn(&Workload) -> bool;
    let means: [(&str, Choice); 2] = [
        ("x ours, all but realloc", |w| {
            w.name != "realloc" && !w.is_mapped
        }),
        ("x ours, runtime-like", |w| w.is_runtime_like),
    ];
    let none = kept.iter().position(|allocator| allocator.name == "none");
    for (title, counts) in means {
        let ratio = |at: usize| {
            let chosen = rows.iter().filter(|(workload, _)| counts(workload));
            let net = |found: &[(f64, &str)], at: usize| {
                // The harness's own instructions are known exactly, its time is not.
                let own = none
                    .filter(|_| options.instructions)
                    .map_or(0.0, |at| found[at].0);
                found[at].0 - own
            };
            geometric_mean(chosen.map(|(_, found)| net(found, at) / net(found, 0)))
        };
        let cell = |name: &str| {
            let at = kept.iter().position(|allocator| allocator.name == name)?;
            Some(format!("{:.2}", ratio(at)))
        };
        table.row(
            title,
            allocators
                .iter()
                .map(|a| cell(a.name).unwrap_or("-".into())),
        );
    }
    Ok(())
}

/// Run one workload once, for callgrind, after it has run once.
pub fn region(allocator: &Allocator, workload: &Workload) -> Result<()> {
    let arena = Arena::new(ARENA_BYTES)?;
    if !arena.start(allocator, ARENA_BYTES) {
        return Err("the allocator does not start".into());
    }
    let mut replay = Replay::new(allocator, workload);
    let mut run = |_| {
        // SAFETY: started above.
        unsafe { replay.run(MAX) };
    };
    run(1);
    measure::nolibc_bench_region(&mut run, 1);
    Ok(())
}
