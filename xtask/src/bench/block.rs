//! `cargo xtask bench block`: a program that reads and writes blocks
//! (`tests-qemu/guests/bench/block.c`), with our backends and with Solo5's own
//! bindings. `solo5.h` takes one block at a time, so what a block takes is round trip
//! and throughput at once.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tests_qemu::machine::{Machine, Request};
use tests_qemu::peer::{self, Attached};

use super::beside;
use crate::{paths, sh, sysroot, upstream};

/// Bytes of the device: 16,384 blocks.
const SIZE: usize = 8 << 20;

/// What is measured, for each block.
const ROWS: [&str; 3] = [
    "read, an order of chance",
    "read in order",
    "written in order",
];

/// Run the command.
pub fn main(options: &beside::Options) -> Result<ExitCode> {
    beside::compare(
        options,
        ROWS,
        |side| {
            let object = paths::out().join("upstream/bench_block.o");
            sh::run(
                Command::new(sysroot::tool("gcc"))
                    .args(["-O2", "-Wall", "-Wextra", "-Werror", "-c"])
                    .arg(paths::root().join("tests-qemu/guests/bench/block.c"))
                    .arg("-o")
                    .arg(&object),
            )?;
            let backend = side.machine.backend();
            let theirs = object.with_extension(format!("solo5-{backend}"));
            upstream::link(side.tree, backend, &object, &theirs)?;
            Ok([theirs, side.ours("bench_block", &[object])?])
        },
        |machine, [theirs, ours], round| {
            // Each goes first in every other round.
            Ok(vec![if round % 2 == 0 {
                let theirs = measure(machine, theirs)?;
                [theirs, measure(machine, ours)?]
            } else {
                let ours = measure(machine, ours)?;
                [measure(machine, theirs)?, ours]
            }])
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// One run: microseconds for each block, for each row.
fn measure(machine: &dyn Machine, image: &Path) -> Result<[f64; 3]> {
    let attached = Attached {
        blocks: vec![("storage".to_string(), SIZE)],
        ..Attached::default()
    };
    let request = Request {
        timeout: Duration::from_secs(300),
        ..Request::default()
    };
    let (start, first) = (Instant::now(), cycles());
    let boot = peer::boot(machine, image, request, &attached)?;
    let hz = (cycles() - first) as f64 / start.elapsed().as_secs_f64();
    beside::check(&boot)?;
    // Solo5's bindings print lines of their own.
    let mut lines = boot.console.lines().filter_map(|line| {
        let (count, cycles) = line.trim().split_once(' ')?;
        Some(cycles.parse::<f64>().ok()? / count.parse::<f64>().ok()?)
    });
    let mut times = [0.0; 3];
    for time in &mut times {
        let cycles = lines.next().context("the guest printed less")?;
        *time = cycles / hz * 1e6;
    }
    Ok(times)
}

/// The time stamp counter, which guests have too: under QEMU's emulator it runs as
/// fast as the host's.
fn cycles() -> u64 {
    // SAFETY: every processor of this architecture has it.
    unsafe { core::arch::x86_64::_rdtsc() }
}
