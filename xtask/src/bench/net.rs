//! `cargo xtask bench net`: Solo5's test program for networks, which answers pings,
//! with our backends and with Solo5's own bindings.
//!
//! Both guests run, each in a network of its own, and are pinged in turns of a few
//! milliseconds: what else the host does meets both.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use tests_qemu::lab;
use tests_qemu::machine::{Machine, Request};
use tests_qemu::peer::{self, Attached};

use super::beside::{self, Pair};

/// The guest ends with this many.
const PINGS: u32 = 100_000;
/// How often each guest is pinged in each way, after one turn that does not count.
const TURNS: usize = 50;

/// Pings, so many of them under way at a time.
#[derive(Clone, Copy)]
struct Burst {
    count: u32,
    window: u32,
    bytes: usize,
}

const ONE_BY_ONE: Burst = Burst {
    count: 250,
    window: 1,
    bytes: 56,
};
const SHORT: Burst = Burst {
    count: 1000,
    window: 16,
    bytes: 56,
};
/// They fill a frame.
const LONG: Burst = Burst {
    count: 500,
    window: 16,
    bytes: 1472,
};
const BURSTS: [Burst; 3] = [ONE_BY_ONE, SHORT, LONG];

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
        |machine, images, _| measure(machine, images),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// What goes to whoever pings a guest, and what comes back: microseconds for each ping.
struct Way {
    bursts: Sender<Burst>,
    times: Receiver<f64>,
}

/// Boot both and have them pinged in turns.
fn measure(machine: &dyn Machine, images: &[PathBuf; 2]) -> Result<Vec<Pair<3>>> {
    thread::scope(|scope| {
        let (ways, guests): (Vec<_>, Vec<_>) = images
            .iter()
            .map(|image| {
                let (bursts, orders) = mpsc::channel();
                let (answers, times) = mpsc::channel();
                let guest = scope.spawn(move || run(machine, image, orders, answers));
                (Way { bursts, times }, guest)
            })
            .unzip();
        let pairs: Vec<_> = (0..=TURNS)
            .map_while(|number| turn(&ways, number))
            .collect();
        // Now the guests are run to their ends, also where one has failed.
        drop(ways);
        for guest in guests {
            guest
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(pairs.into_iter().skip(1).collect())
    })
}

/// Each goes first in every other turn. `None`: one of them has failed.
fn turn(ways: &[Way], number: usize) -> Option<Pair<3>> {
    let mut pair = Pair::default();
    for (row, burst) in BURSTS.into_iter().enumerate() {
        for side in [number % 2, 1 - number % 2] {
            ways[side].bursts.send(burst).ok()?;
            pair[side][row] = ways[side].times.recv().ok()?;
        }
    }
    Some(pair)
}

/// Boot one and ping it as it is told, then to its end.
fn run(
    machine: &dyn Machine,
    image: &Path,
    bursts: Receiver<Burst>,
    times: Sender<f64>,
) -> Result<()> {
    let attached = Attached {
        nets: vec!["service0".to_string()],
        ..Attached::default()
    };
    let request = Request {
        cmdline: "limit".to_string(),
        timeout: Duration::from_secs(300),
        ..Request::default()
    };
    let (boot, ()) = peer::boot_beside(machine, image, request, &attached, move |_| {
        let guest = lab::guest(0);
        lab::await_ping(guest, Duration::from_secs(60))?;
        let mut answered = 1;
        for burst in bursts {
            let exchange = lab::ping(guest, burst.count, burst.window, burst.bytes)?;
            answered += exchange.answered;
            let each = exchange.time.as_secs_f64() * 1e6 / f64::from(exchange.answered.max(1));
            if times.send(each).is_err() {
                break;
            }
        }
        // The guest ends with the last of them, and answers no more.
        let _ = lab::ping(guest, PINGS.saturating_sub(answered), 16, 56);
        Ok(())
    })?;
    beside::check(&boot)
}
