//! `cargo xtask bench threads`: what threads cost under spt beside Linux with glibc: the same
//! program, on one processor each.
//!
//! Rounds alternate between the two; times are medians, and the ratio is the median of the
//! rounds' ratios.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Request, tender_command};

use crate::doctor::Purpose;
use crate::images::{Language, Program, Workshop};
use crate::{machines, paths, setup, sh, tenders};

/// What threads cost under spt beside Linux.
#[derive(clap::Args)]
pub struct Options {
    /// See that all works: one round.
    #[arg(long)]
    quick: bool,
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 9)]
    rounds: usize,
}

/// The times of one round, on Linux and under spt.
type Times = (Vec<f64>, Vec<f64>);

/// What is measured, how, and the most that the ratio may be.
const ROWS: [(&str, &str, f64); 9] = [
    ("mutex-one-thread", "lock and unlock, one thread", 1.0),
    (
        "mutex-two-threads",
        "lock and unlock, another thread waits",
        1.0,
    ),
    (
        "specific-one-thread",
        "getspecific and setspecific, one thread",
        f64::INFINITY,
    ),
    (
        "specific-two-threads",
        "the same, another thread waits",
        f64::INFINITY,
    ),
    (
        "yield",
        "sched_yield of two threads: two switches",
        f64::INFINITY,
    ),
    (
        "semaphore",
        "ping-pong by two semaphores: two switches",
        0.5,
    ),
    ("condition", "ping-pong by a condition: two switches", 0.5),
    (
        "contended",
        "lock and unlock of two threads, given up inside",
        f64::INFINITY,
    ),
    ("create-join", "create and join", f64::INFINITY),
];

/// Run the command.
pub fn main(options: &Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Sysroot, Purpose::Tenders])?;
    let rounds = if options.quick {
        1
    } else {
        options.rounds.max(1)
    };
    let tender = tenders::ensure("spt")?;
    let backend = machines::backend("spt", Some(&tender));
    let workshop = Workshop::new(paths::out().join("bench"))?;
    let image = workshop.image(&program(), &backend)?;
    let linux = linux_program()?;
    let mut times = Vec::new();
    for round in 0..rounds {
        sh::step(format!("round {}", round + 1));
        let on_linux = || run(Command::new("taskset").args(["-c", "0"]).arg(&linux));
        let on_spt = || run(&mut pinned(&tender.path, &image));
        times.push(if round.is_multiple_of(2) {
            let linux = on_linux()?;
            (linux, on_spt()?)
        } else {
            let spt = on_spt()?;
            (on_linux()?, spt)
        });
    }
    println!("{:<48} {:>8} {:>8} {:>7}", "ns", "Linux", "spt", "ratio");
    let mut kept = true;
    for (row, (_, what, most)) in ROWS.iter().enumerate() {
        let median = |value: &dyn Fn(&Times) -> f64| {
            let mut values: Vec<f64> = times.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let ratio = median(&|(linux, spt)| spt[row] / linux[row]);
        let verdict = match ratio <= *most {
            _ if most.is_infinite() => String::new(),
            true => format!("at most {most:.1}: kept"),
            false => format!("at most {most:.1}: NOT KEPT"),
        };
        kept &= ratio <= *most;
        println!(
            "{what:<48} {:>8.1} {:>8.1} {ratio:>7.3} {verdict}",
            median(&|(linux, _)| linux[row]),
            median(&|(_, spt)| spt[row]),
        );
    }
    // One round says nothing about time.
    Ok(if kept || options.quick {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn source() -> PathBuf {
    paths::root().join("tests-qemu/guests/bench/threads.c")
}

fn program() -> Program {
    Program {
        sources: vec![source()],
        language: Language::C,
        libraries: Vec::new(),
        flags: vec!["-O2".into()],
        bytecode: false,
        ocaml: None,
        name: "bench-threads".into(),
    }
}

fn linux_program() -> Result<PathBuf> {
    let directory = paths::out().join("bench/linux");
    fs::create_dir_all(&directory)?;
    let output = directory.join("threads.linux");
    let mut compiler = Command::new("gcc");
    compiler.args(["-O2", "-pthread"]).arg(source());
    sh::run(compiler.arg("-o").arg(&output))?;
    Ok(output)
}

/// The tender, on the processor that Linux's program runs on.
fn pinned(tender: &Path, image: &Path) -> Command {
    let plain = tender_command(tender, image, &Request::default());
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(plain.get_program());
    command.args(plain.get_args());
    command
}

/// Run a program; the times that it prints, in the order of the rows.
fn run(command: &mut Command) -> Result<Vec<f64>> {
    let text = sh::output(command)?;
    let times = ROWS.iter().map(|(name, ..)| {
        time(&text, name).with_context(|| format!("no time for {name} in {text:?}"))
    });
    let times = times.collect::<Result<Vec<_>>>()?;
    ensure!(
        times.iter().all(|time| *time > 0.0),
        "a time of 0 in {text:?}"
    );
    Ok(times)
}

fn time(text: &str, name: &str) -> Option<f64> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("BENCH "));
    let (_, time) = lines
        .filter_map(|line| line.split_once(" ns="))
        .find(|(found, _)| *found == name)?;
    time.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_prints_times() {
        let text = "noise\nBENCH yield ns=12.5\nBENCH yield-not ns=3\n";
        assert_eq!(time(text, "yield"), Some(12.5));
        assert_eq!(time(text, "none"), None);
    }
}
