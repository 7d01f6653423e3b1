//! `cargo xtask bench net`: Solo5's test program for networks, which answers pings,
//! linked with our backends and with Solo5's own bindings, under the same tender
//! or QEMU.
//!
//! Rounds alternate between the two; figures are medians, and the ratio is the
//! median of the rounds' ratios.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tests_qemu::lab;
use tests_qemu::machine::{Machine, Request, Spt, Status, Virtio};
use tests_qemu::peer::{self, Attached};

use crate::doctor::Purpose;
use crate::{paths, setup, sh, sysroot, tenders, upstream};

/// Networks: round trips and throughput beside Solo5's own bindings.
#[derive(clap::Args)]
pub struct Options {
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
}

/// The guest ends with this many.
const PINGS: u32 = 100_000;
const ONE_BY_ONE: u32 = 5_000;
const SHORT: u32 = 60_000;
const LONG: u32 = 20_000;
/// Bytes that fill a frame.
const LONG_BYTES: usize = 1472;

/// What is measured, in microseconds for each ping.
const ROWS: [&str; 3] = ["one at a time", "16 at a time", "16 at a time, 1472 bytes"];

/// The times of one round: with Solo5's bindings, and with ours.
type Round = ([f64; 3], [f64; 3]);

/// Run the command.
pub fn main(options: &Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Tenders, Purpose::Qemu])?;
    if let Some(reason) = lab::missing() {
        bail!("{reason}");
    }
    let tree = upstream::tree()?;
    sysroot::ensure()?;
    let spt = tenders::ask(tree.join("tenders/spt/solo5-spt"))?;
    let backend = format!("spt-abi{}", spt.abi);
    let spt = Spt { tender: spt.path };
    println!("microseconds for each ping: Solo5's bindings, ours, ratio (of the speed)");
    for (machine, backend) in [
        (&spt as &dyn Machine, backend.as_str()),
        (&Virtio::TCG, "virtio"),
    ] {
        compare(machine, backend, &tree, options.rounds.max(1))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn compare(machine: &dyn Machine, backend: &str, tree: &Path, rounds: usize) -> Result<()> {
    let directory = tree.join("tests/test_net");
    let theirs = directory.join(format!("test_net.{}", machine.backend()));
    let ours = ours(&directory, backend)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.push((measure(machine, &theirs)?, measure(machine, &ours)?));
    }
    println!("{}, {rounds} rounds:", machine.name());
    for (row, name) in ROWS.into_iter().enumerate() {
        let median = |value: &dyn Fn(&Round) -> f64| {
            let mut values: Vec<f64> = times.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        println!(
            "  {name:<26} {:>8.1} {:>8.1} {:>6.2}",
            median(&|round| round.0[row]),
            median(&|round| round.1[row]),
            median(&|round| round.0[row] / round.1[row]),
        );
    }
    Ok(())
}

fn ours(directory: &Path, backend: &str) -> Result<PathBuf> {
    let image = paths::out().join(format!("upstream/bench_net.{backend}"));
    sh::run(
        Command::new(sysroot::tool("gcc"))
            .args(["test_net.o", "manifest.o"].map(|name| directory.join(name)))
            .args(["-z", &format!("nolibc-backend={backend}"), "-o"])
            .arg(&image),
    )?;
    Ok(image)
}

/// One run: microseconds for each ping, for each row.
fn measure(machine: &dyn Machine, image: &Path) -> Result<[f64; 3]> {
    let attached = Attached {
        nets: vec!["service0".to_string()],
        ..Attached::default()
    };
    let request = Request {
        cmdline: "limit".to_string(),
        timeout: Duration::from_secs(300),
        ..Request::default()
    };
    let (boot, times) = peer::boot_beside(machine, image, request, &attached, |_| {
        let guest = lab::guest(0);
        lab::await_ping(guest, Duration::from_secs(60))?;
        let times = [
            lab::ping(guest, ONE_BY_ONE, 1, 56)?,
            lab::ping(guest, SHORT, 16, 56)?,
            lab::ping(guest, LONG, 16, LONG_BYTES)?,
        ];
        let rest = PINGS - ONE_BY_ONE - SHORT - LONG;
        // The guest ends with the last of them, and answers no more.
        let _ = lab::ping(guest, rest, 16, 56);
        Ok(times)
    })?;
    // Solo5's own guests power off on virtio, and no status is left.
    let ended = matches!(boot.status, Status::Exit(_));
    ensure!(
        ended && boot.console.contains("SUCCESS"),
        "{}; the console:\n{}",
        boot.status,
        boot.console
    );
    Ok(times.map(|exchange| {
        let answered = f64::from(exchange.answered.max(1));
        exchange.time.as_secs_f64() * 1e6 / answered
    }))
}
