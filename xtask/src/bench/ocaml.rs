//! `cargo xtask bench ocaml`: OCaml programs under spt against the same programs on Linux with
//! glibc, compiled by the compilers of one version with the same flags.
//!
//! Rounds alternate between the two; the ratio is the median of the rounds' ratios. Time is the
//! processor's in the whole process, start, tender and kernel included, so that other programs'
//! turns do not count. Each program prints a checksum.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Request, tender_command};

use crate::doctor::Purpose;
use crate::images::{Language, Program, Workshop};
use crate::{machines, ocaml, paths, setup, sh, tenders};

/// OCaml programs under spt against Linux.
#[derive(clap::Args)]
pub struct Options {
    /// The version of OCaml.
    #[arg(long, value_name = "VERSION")]
    ocaml: Option<String>,
    /// See that all works: one round.
    #[arg(long)]
    quick: bool,
    /// How often each program runs on each side.
    #[arg(long, value_name = "N", default_value_t = 7)]
    rounds: usize,
    /// Only programs whose name has TEXT in it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

/// What every program begins with.
const SHARED: [&str; 2] = ["bench_clock.c", "bench.ml"];
/// What both compilers are told.
const FLAGS: [&str; 2] = ["-inline", "100"];
/// The bounds of the mean and of each program.
const MEAN_MAX: f64 = 1.00;
const EACH_MAX: f64 = 1.10;

/// Run the command.
pub fn main(options: &Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Sysroot, Purpose::Ocaml, Purpose::Tenders])?;
    let rounds = if options.quick {
        1
    } else {
        options.rounds.max(1)
    };
    let tender = tenders::ensure("spt")?;
    let backend = machines::backend("spt", Some(&tender));
    let workshop = Workshop::new(paths::out().join("bench"))?;
    let mut programs = Vec::new();
    for name in names(&options.only)? {
        let linux = linux_program(&workshop, &name, options)?;
        let image = workshop.image(&program(&name, options), &backend)?;
        programs.push((name, linux, image));
    }
    println!(
        "{:<18} {:>9} {:>9} {:>7} quartiles   sums",
        "ms", "Linux", "spt", "ratio"
    );
    let mut ratios = Vec::new();
    let mut agree = true;
    for (name, linux, image) in programs {
        sh::step(&name);
        let pairs = (0..rounds).map(|round| pair(round, &tender.path, &linux, &image));
        let pairs = pairs.collect::<Result<Vec<_>>>()?;
        let same = pairs.iter().all(|pair| pair.linux.sum == pair.spt.sum);
        agree &= same;
        ratios.push(print(&name, &pairs, same));
    }
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    let worst = ratios.iter().copied().fold(f64::NAN, f64::max);
    println!(
        "geometric mean of {} ratios: {mean:.3}, at most {MEAN_MAX:.2}: {}",
        ratios.len(),
        verdict(mean <= MEAN_MAX)
    );
    println!(
        "worst ratio: {worst:.3}, at most {EACH_MAX:.2}: {}",
        verdict(worst <= EACH_MAX)
    );
    println!("checksums: {}", if agree { "all agree" } else { "DIFFER" });
    // One round says nothing about time.
    let kept = options.quick || (mean <= MEAN_MAX && worst <= EACH_MAX);
    Ok(if agree && kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn verdict(good: bool) -> &'static str {
    if good { "kept" } else { "NOT KEPT" }
}

fn directory() -> PathBuf {
    paths::root().join("tests-qemu/guests/bench")
}

/// The programs: every source but what they share.
fn names(only: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".ml")
            && stem != "bench"
            && stem.contains(only)
        {
            names.push(stem.to_string());
        }
    }
    ensure!(!names.is_empty(), "no program has `{only}` in its name");
    names.sort();
    Ok(names)
}

fn sources(name: &str) -> Vec<PathBuf> {
    let own = format!("{name}.ml");
    let files = SHARED.into_iter().chain([own.as_str()]);
    files.map(|file| directory().join(file)).collect()
}

fn program(name: &str, options: &Options) -> Program {
    Program {
        sources: sources(name),
        language: Language::OCaml,
        libraries: Vec::new(),
        flags: FLAGS.map(Into::into).into(),
        bytecode: false,
        ocaml: options.ocaml.clone(),
        name: format!("bench-{name}"),
    }
}

/// The same program for Linux, by the compiler that the cross compiler was built with.
fn linux_program(workshop: &Workshop, name: &str, options: &Options) -> Result<PathBuf> {
    let cross = workshop.ocaml(options.ocaml.as_deref())?;
    let compiler = ocaml::host_compiler(&cross)?;
    let directory = paths::out()
        .join("bench/linux")
        .join(cross.version)
        .join(name);
    fs::create_dir_all(&directory)?;
    let mut command = Command::new(&compiler);
    command.current_dir(&directory).arg("-g").args(FLAGS);
    for source in sources(name) {
        let file = source.file_name().context("a source without a name")?;
        fs::copy(&source, directory.join(file))?;
        command.arg(file);
    }
    // Its own programs come first on the PATH: it calls them by name.
    let mut path = vec![compiler.parent().unwrap_or(Path::new("/")).to_path_buf()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    command.env("PATH", std::env::join_paths(path)?);
    let output = directory.join(format!("{name}.linux"));
    sh::run(command.arg("-o").arg(&output))?;
    Ok(output)
}

/// What a program says of itself.
struct Run {
    ms: f64,
    sum: String,
}

/// One run on each side.
struct Pair {
    linux: Run,
    spt: Run,
}

/// One round; every other one begins with spt.
fn pair(round: usize, tender: &Path, linux: &Path, image: &Path) -> Result<Pair> {
    if round.is_multiple_of(2) {
        let linux = on_linux(linux)?;
        Ok(Pair {
            linux,
            spt: on_spt(tender, image)?,
        })
    } else {
        let spt = on_spt(tender, image)?;
        Ok(Pair {
            linux: on_linux(linux)?,
            spt,
        })
    }
}

fn on_linux(program: &Path) -> Result<Run> {
    run(Command::new(program).env_remove("OCAMLRUNPARAM"))
}

fn on_spt(tender: &Path, image: &Path) -> Result<Run> {
    let request = Request {
        mem_mib: 512,
        ..Request::default()
    };
    run(&mut tender_command(tender, image, &request))
}

/// Run a program to its end.
fn run(command: &mut Command) -> Result<Run> {
    let line = sh::line(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    let mut text = String::new();
    let mut console = child.stdout.take().context("no console")?;
    console.read_to_string(&mut text)?;
    // Linux adds up the time when it has ended, and forgets it when it is waited for.
    let fact = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id()));
    while !fact("stat")?.contains(") Z ") {
        std::thread::sleep(Duration::from_millis(1));
    }
    let facts = fact("schedstat");
    let status = child.wait()?;
    ensure!(status.success(), "`{line}`: {status}\n{text}");
    let ns = facts?
        .split(' ')
        .next()
        .and_then(|ns| ns.parse::<f64>().ok());
    Ok(Run {
        ms: ns.context("Linux does not say how long a program ran")? / 1e6,
        sum: sum(&text).with_context(|| format!("no checksum in {text:?}"))?,
    })
}

/// The checksum that a program printed.
fn sum(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("BENCH "))?;
    let mut words = line.split(' ');
    words
        .find_map(|word| word.strip_prefix("sum="))
        .map(str::to_string)
}

/// Print a program's line; answers its ratio.
fn print(name: &str, pairs: &[Pair], same: bool) -> f64 {
    let sorted = |value: fn(&Pair) -> f64| {
        let mut values: Vec<f64> = pairs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let at = |values: &[f64], quarter: usize| values[(values.len() - 1) * quarter / 4];
    let (linux, spt) = (sorted(|pair| pair.linux.ms), sorted(|pair| pair.spt.ms));
    let ratios = sorted(|pair| pair.spt.ms / pair.linux.ms);
    let ratio = at(&ratios, 2);
    println!(
        "{name:<18} {:>9.1} {:>9.1} {ratio:>7.3} {:.3}-{:.3} {}",
        at(&linux, 2),
        at(&spt, 2),
        at(&ratios, 1),
        at(&ratios, 3),
        if same { "agree" } else { "DIFFER" }
    );
    ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_prints_a_checksum() {
        let text = "noise\nBENCH libm us=1500 sum=1.2/3\n";
        assert_eq!(sum(text).as_deref(), Some("1.2/3"));
        assert_eq!(sum("BENCH libm us=1\nnothing\n"), None);
    }
}
