//! `cargo xtask bench xen`: what domains of Xen do with each other, as a unikernel and as a
//! Linux does it (`tests-qemu/guests/bench/xen`), under the same Xen and the same dom0.
//!
//! Two domains of the same program send events to and fro, and one copies pages of the other
//! one's; dom0 serves a disk of 1 MiB, and pings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result};
use tests_qemu::machine::{Machine, Request, XenDomain};

use super::beside::{self, Pair};
use crate::doctor::Purpose;
use crate::{machines, paths, setup, sh, sysroot};

/// How often.
#[derive(clap::Args)]
pub struct Options {
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// What is measured: the words of the program's lines, or of dom0's.
const ROWS: [&str; 6] = [
    "event to and fro",
    "page copied",
    "block read",
    "block written",
    "ping",
    "large ping, 8 at once",
];

/// What dom0 does beside the domains.
const BESIDE: &str = r#"peer
guest=/local/domain/$(xl domid guest)/data
until xenstore-exists $guest/serves; do sleep 0.1; done
until ping -c 1 -W 1 10.0.0.2 >/dev/null; do :; done
ping -q -A -c 1000 10.0.0.2 | sed -n 's,.*min/avg/max = [^/]*/\([^/]*\)/.*,\1,p' | awk '{ printf "BENCH ping ns=%.1f\n", $1 * 1e6 }'
now() { cut -d ' ' -f 1 /proc/uptime; }
start=$(now)
for i in 1 2 3 4 5 6 7 8; do ping -q -A -c 500 -s 1400 10.0.0.2 >/dev/null & done; wait
echo "$start $(now)" | awk '{ printf "BENCH large ping, 8 at once ns=%.1f\n", ($2 - $1) * 1e9 / 4000 }'
xenstore-write $guest/pinged 1"#;

/// Run the command.
pub fn main(options: &Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Sysroot, Purpose::Qemu])?;
    sysroot::ensure()?;
    let directory = paths::out().join("bench/xen");
    fs::create_dir_all(&directory)?;
    let machine = machines::xen_domain();
    let [linux, ours] = [linux(&machine, &directory)?, ours(&directory)?];
    let mut pairs: Vec<Pair<6>> = Vec::new();
    for round in 0..options.rounds {
        sh::step(format!("round {}", round + 1));
        // Each goes first in every other round.
        pairs.push(if round.is_multiple_of(2) {
            let linux = linux.measure(&machine)?;
            [linux, ours.measure(&machine)?]
        } else {
            let ours = ours.measure(&machine)?;
            [linux.measure(&machine)?, ours]
        });
    }
    println!("microseconds for each: Linux, ours, ratio of the speeds (its quartiles)");
    beside::print(machine.name(), &ROWS, &pairs);
    Ok(ExitCode::SUCCESS)
}

/// A program of both domains.
struct Side {
    image: PathBuf,
    ramdisk: Option<PathBuf>,
    cmdline: &'static str,
}

fn source(name: &str) -> PathBuf {
    paths::root().join("tests-qemu/guests/bench/xen").join(name)
}

fn linux(machine: &XenDomain, directory: &Path) -> Result<Side> {
    let init = directory.join("init");
    sh::run(
        Command::new("cc")
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-static"])
            .args([source("xen.c"), source("linux.c")])
            .arg("-o")
            .arg(&init),
    )?;
    let (image, archive) = machine.linux(&init)?;
    let ramdisk = directory.join("ramdisk");
    fs::write(&ramdisk, archive)?;
    Ok(Side {
        image,
        ramdisk: Some(ramdisk),
        cmdline: "console=hvc0 quiet panic=-1 -- first",
    })
}

fn ours(directory: &Path) -> Result<Side> {
    let image = directory.join("bench.xen");
    sh::run(
        Command::new(sysroot::tool("gcc"))
            .args(["-O2", "-Wall", "-Wextra", "-Werror"])
            .args([source("xen.c"), source("nolibc.c")])
            .args(["-z", "nolibc-backend=xen", "-o"])
            .arg(&image),
    )?;
    Ok(Side {
        image,
        ramdisk: None,
        cmdline: "-- first",
    })
}

impl Side {
    /// One run: microseconds for each, for each row.
    fn measure(&self, machine: &XenDomain) -> Result<[f64; 6]> {
        let devices = [
            "vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']",
            "disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']",
        ];
        let beside = BESIDE.lines().map(|line| format!("#dom0 {line}"));
        let request = Request {
            cmdline: self.cmdline.to_string(),
            mem_mib: 128,
            timeout: Duration::from_secs(300),
            xl: devices
                .map(str::to_string)
                .into_iter()
                .chain(beside)
                .collect(),
            ramdisk: self.ramdisk.clone(),
            ..Request::default()
        };
        let boot = machine.boot(&self.image, &request)?;
        beside::check(&boot)?;
        let time = |name: &str| {
            let mut lines = boot.console.lines();
            let nanoseconds = lines.find_map(|line| {
                let time = line.strip_prefix("BENCH ")?.strip_prefix(name)?;
                time.trim().strip_prefix("ns=")?.parse::<f64>().ok()
            });
            nanoseconds.with_context(|| format!("nothing says `{name}`:\n{}", boot.console))
        };
        let mut times = [0.0; 6];
        for (to, name) in times.iter_mut().zip(ROWS) {
            *to = time(name)? / 1e3;
        }
        Ok(times)
    }
}
