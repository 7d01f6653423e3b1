//! `cargo xtask bench net`: Solo5's test program for networks, which answers pings,
//! with our backends and with Solo5's own bindings.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use tests_qemu::lab;
use tests_qemu::machine::{Machine, Request};
use tests_qemu::peer::{self, Attached};

use super::beside;

/// The guest ends with this many.
const PINGS: u32 = 100_000;
const ONE_BY_ONE: u32 = 5_000;
const SHORT: u32 = 60_000;
const LONG: u32 = 20_000;
/// Bytes that fill a frame.
const LONG_BYTES: usize = 1472;

/// What is measured, for each ping.
const ROWS: [&str; 3] = ["one at a time", "16 at a time", "16 at a time, 1472 bytes"];

/// Run the command.
pub fn main(options: &beside::Options) -> Result<ExitCode> {
    if let Some(reason) = lab::missing() {
        bail!("{reason}");
    }
    beside::compare(
        options,
        ROWS,
        |side| {
            let directory = side.tree.join("tests/test_net");
            let objects = ["test_net.o", "manifest.o"].map(|name| directory.join(name));
            let theirs = directory.join(format!("test_net.{}", side.machine.backend()));
            Ok([theirs, side.ours("bench_net", &objects)?])
        },
        measure,
    )?;
    Ok(ExitCode::SUCCESS)
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
    beside::check(&boot)?;
    Ok(times.map(|exchange| {
        let answered = f64::from(exchange.answered.max(1));
        exchange.time.as_secs_f64() * 1e6 / answered
    }))
}
