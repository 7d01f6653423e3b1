//! `cargo xtask bench malloc`: allocators in a fixed arena.

mod allocator;
mod child;
mod crates;
mod headed;
mod latency;
mod replay;
mod space;
mod steps;
mod time;
mod trace;
mod workload;

use std::time::Duration;

use crate::{Options, Result, glibc};
use allocator::Allocator;
use workload::Workload;

/// The arena in which times are taken.
const ARENA_BYTES: usize = 256 << 20;
/// Without a limit.
const MAX: Duration = Duration::from_secs(3600);
/// The parts, in the order in which they are printed.
const PARTS: [&str; 5] = ["time", "space", "loss", "refused", "worst"];

/// Run what the command line asks for.
pub fn run(options: &Options) -> Result<()> {
    if let Some([from, to]) = &options.convert {
        std::fs::write(to, trace::convert(&std::fs::read(from)?)?)?;
        return Ok(());
    }
    let allocators = allocators(&options.allocators)?;
    if let Some([name, workload, _]) = &options.region {
        let allocator = allocators.iter().find(|allocator| allocator.name == *name);
        let workloads = workloads(workload)?;
        let workload = workloads.iter().find(|one| one.name == *workload);
        return time::region(
            allocator.ok_or("no such allocator")?,
            workload.ok_or("no such workload")?,
        );
    }
    glibc::limit()?;
    let workloads = workloads(&options.only)?;
    let parts = PARTS
        .iter()
        .filter(|part| options.part.is_empty() || options.part == **part);
    for part in parts.take(if options.instructions { 1 } else { PARTS.len() }) {
        match *part {
            "time" => time::print(&allocators, &workloads, options)?,
            "space" => {
                let mut chosen = workloads.clone();
                chosen.retain(|workload| is_spacious(workload, options));
                space::print_least(&confined(&allocators), &chosen)?;
            }
            "loss" => space::print_loss(&confined(&allocators), options.quick)?,
            "refused" => space::print_refused(&confined(&allocators), options.quick)?,
            _ => print_worst(&allocators, &workloads, options)?,
        }
        println!();
    }
    Ok(())
}

/// Those that are named, or all; ours is the first.
fn allocators(names: &str) -> Result<Vec<Allocator>> {
    let mut allocators = allocator::all()?;
    if names.is_empty() {
        return Ok(allocators);
    }
    for name in names.split(',') {
        if !allocators.iter().any(|allocator| allocator.name == name) {
            return Err(format!("no allocator is named {name}").into());
        }
    }
    allocators.retain(|a| names.split(',').any(|name| a.name == name));
    Ok(allocators)
}

/// Whether it is worth knowing how much room a workload needs.
fn is_spacious(workload: &Workload, options: &Options) -> bool {
    match options.quick && options.only.is_empty() {
        true => workload.name.starts_with("tr:") && !workload.is_mapped,
        false => !["tight", "lifo", "fifo"]
            .iter()
            .any(|name| workload.name.starts_with(name)),
    }
}

/// Those whose name, or whose name with real mappings, has `text` in it.
fn workloads(text: &str) -> Result<Vec<Workload>> {
    let base = text.strip_suffix(workload::MAPPED).unwrap_or(text);
    let is_wanted = |name: &str| name.contains(base);
    let mut workloads = workload::synthetic(is_wanted);
    workloads.extend(trace::all(is_wanted)?);
    let has_maps = |w: &&Workload| w.ops.iter().any(|op| op.kind == workload::Kind::Map);
    let mapped = workloads.iter().filter(has_maps).map(Workload::mapped);
    let mapped: Vec<Workload> = mapped.collect();
    workloads.extend(mapped);
    workloads.retain(|workload| workload.name.contains(text));
    Ok(workloads)
}

fn names(allocators: &[Allocator]) -> Vec<&'static str> {
    allocators.iter().map(|allocator| allocator.name).collect()
}

/// Those that can be held to an arena.
fn confined(allocators: &[Allocator]) -> Vec<Allocator> {
    let is_it = |a: &&Allocator| a.is_confined && a.name != "none";
    allocators.iter().filter(is_it).copied().collect()
}

fn print_worst(allocators: &[Allocator], workloads: &[Workload], options: &Options) -> Result<()> {
    const LEN: usize = 64 << 20;
    let is_short = options.quick || options.instructions;
    let ops = if is_short { 30_000 } else { 300_000 };
    let print = match options.instructions {
        true => steps::print,
        false => latency::print,
    };
    let allocators: Vec<Allocator> = allocators
        .iter()
        .filter(|a| a.name != "linked_list")
        .copied()
        .collect();
    for workload in workloads {
        let is_chosen = workload.is_runtime_like || workload.name == "rand10k";
        if is_chosen && !(is_short && options.only.is_empty() && workload.name != "packets") {
            print(&allocators, workload, 4 * workload.peak_bytes)?;
        }
    }
    print(&allocators, &workload::fragmenting(LEN, 75, ops), LEN)
}
