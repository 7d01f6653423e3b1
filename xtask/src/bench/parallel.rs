//! `cargo xtask bench parallel`: how much faster two domains are than one on a machine with two
//! processors, beside the same program in a small Linux on the same machine: QEMU, which emulates
//! each processor in a thread of its own.
//!
//! Rounds alternate between the two; a speed-up is the time of one domain by the time of two, and
//! the ratio is the median of the rounds' ratios.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Virtio, small_linux};

use crate::doctor::Purpose;
use crate::images::{Language, Program, Workshop};
use crate::{ocaml, paths, setup, sh};

/// What two domains are worth beside Linux.
#[derive(clap::Args)]
pub struct Options {
    /// The version of OCaml.
    #[arg(long, value_name = "VERSION")]
    ocaml: Option<String>,
    /// See that all works: one round.
    #[arg(long)]
    quick: bool,
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 9)]
    rounds: usize,
}

/// The least that the ratio of speed-ups may be.
const LEAST: f64 = 0.9;
/// Processor time in a second of two domains, at the least: both processors run OCaml.
const USED_LEAST: f64 = 1.2;

/// What a program says of one kind of work, in seconds.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    name: String,
    one: f64,
    two: f64,
    used: f64,
}

impl Line {
    fn speed_up(&self) -> f64 {
        self.one / self.two
    }
}

/// What ran at once on each side.
struct Round {
    linux: Vec<Line>,
    ours: Vec<Line>,
}

/// Run the command.
pub fn main(options: &Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Sysroot, Purpose::Ocaml])?;
    let rounds = if options.quick {
        1
    } else {
        options.rounds.max(1)
    };
    let workshop = Workshop::new(paths::out().join("bench"))?;
    let image = workshop.image(&program(options), "virtio")?;
    let directory = paths::out().join("bench/linux/parallel");
    let init = linux_program(&workshop, &directory, options)?;
    let (kernel, archive) = small_linux(&paths::out().join("nested"), &init)?;
    let initramfs = directory.join("initramfs");
    fs::write(&initramfs, archive)?;

    let on_linux = || {
        let mut command = qemu();
        command.arg("-kernel").arg(&kernel);
        command.arg("-initrd").arg(&initramfs);
        run(command.args(["-append", "console=ttyS0 quiet panic=-1"]))
    };
    let ours = || run(qemu().arg("-kernel").arg(&image));
    let mut all = Vec::new();
    for round in 0..rounds {
        sh::step(format!("round {}", round + 1));
        all.push(if round.is_multiple_of(2) {
            let linux = on_linux()?;
            Round {
                linux,
                ours: ours()?,
            }
        } else {
            let ours = ours()?;
            Round {
                linux: on_linux()?,
                ours,
            }
        });
    }
    let kept = report(&all)?;
    // One round says nothing about time.
    Ok(if kept || options.quick {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Print a row for each kind of work; whether all are as they should be.
fn report(rounds: &[Round]) -> Result<bool> {
    println!(
        "{:<10} {:>8} {:>8} {:>9} {:>9} {:>7} {:>6}",
        "speed-up", "Linux", "ours", "one, ms", "Linux's", "ratio", "used"
    );
    let first = rounds.first().context("no round")?;
    let mut kept = true;
    for (row, line) in first.ours.iter().enumerate() {
        let median = |value: &dyn Fn(&Line, &Line) -> f64| {
            let lines = rounds
                .iter()
                .map(|round| value(&round.linux[row], &round.ours[row]));
            let mut values: Vec<f64> = lines.collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let ratio = median(&|linux, ours| ours.speed_up() / linux.speed_up());
        let used = median(&|_, ours| ours.used / ours.two);
        let good = ratio >= LEAST && used >= USED_LEAST;
        kept &= good;
        println!(
            "{:<10} {:>8.2} {:>8.2} {:>9.0} {:>9.0} {ratio:>7.2} {used:>6.2} {}",
            line.name,
            median(&|linux, _| linux.speed_up()),
            median(&|_, ours| ours.speed_up()),
            median(&|_, ours| ours.one * 1e3),
            median(&|linux, _| linux.one * 1e3),
            if good { "kept" } else { "NOT KEPT" },
        );
    }
    println!("bounds: ratio at least {LEAST}, processors used at least {USED_LEAST}");
    Ok(kept)
}

fn source() -> PathBuf {
    paths::root().join("tests-qemu/guests/bench/parallel/parallel.ml")
}

fn program(options: &Options) -> Program {
    Program {
        sources: vec![source()],
        language: Language::OCaml,
        libraries: vec!["unix".into()],
        flags: Vec::new(),
        bytecode: false,
        ocaml: options.ocaml.clone(),
        name: "bench-parallel".into(),
    }
}

/// The same program for Linux, with its libraries in it.
fn linux_program(workshop: &Workshop, directory: &Path, options: &Options) -> Result<PathBuf> {
    let cross = workshop.ocaml(options.ocaml.as_deref())?;
    let compiler = ocaml::host_compiler(&cross)?;
    fs::create_dir_all(directory)?;
    fs::copy(source(), directory.join("parallel.ml"))?;
    let output = directory.join("parallel.linux");
    let mut command = Command::new(&compiler);
    command
        .current_dir(directory)
        .args(["-g", "-I", "+unix", "unix.cmxa", "parallel.ml"])
        .args(["-ccopt", "-static", "-o"])
        .arg(&output);
    let mut path = vec![compiler.parent().unwrap_or(Path::new("/")).to_path_buf()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    sh::run(command.env("PATH", std::env::join_paths(path)?))?;
    Ok(output)
}

/// The machine of both sides.
fn qemu() -> Command {
    let mut command = Command::new("qemu-system-x86_64");
    command
        .args(Virtio::SMP.arguments())
        .args(["-m", "512M", "-serial", "stdio"]);
    command
}

/// Run a machine; what its program says.
fn run(command: &mut Command) -> Result<Vec<Line>> {
    // However a machine ends, what counts is that all lines are there.
    let output = command.output().context("cannot start QEMU")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<Line> = text.lines().filter_map(parse).collect();
    let good = lines.iter().all(|line| line.two > 0.0 && line.one > 0.0);
    ensure!(
        lines.len() == WORKS && good,
        "{} of {WORKS} lines in:\n{text}",
        lines.len()
    );
    Ok(lines)
}

/// How many kinds of work there are.
const WORKS: usize = 5;

fn parse(line: &str) -> Option<Line> {
    let mut words = line.strip_prefix("BENCH ")?.split(' ');
    let name = words.next()?.to_string();
    let mut number = |key: &str| -> Option<f64> {
        let word = words.next()?.strip_prefix(key)?.strip_prefix('=')?;
        word.trim().parse().ok()
    };
    Some(Line {
        name,
        one: number("one")?,
        two: number("two")?,
        used: number("used")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let line = parse("BENCH sort one=2.5 two=1.25 used=2.4\r").unwrap();
        assert_eq!(line.name, "sort");
        assert_eq!((line.speed_up(), line.used), (2.0, 2.4));
        assert_eq!(parse("BENCH sort one=2.5 two=x used=2.4"), None);
        assert_eq!(parse("noise"), None);
    }
}
