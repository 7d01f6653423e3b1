//! `cargo xtask test`: everything that can be checked, from nothing. What CI runs.
//!
//! The checks go on after a failure, so that one run shows all; the boot tests
//! come last, and their tally is the last line. `cargo xtask test ocaml-threads` runs
//! OCaml's own tests of threads, `cargo xtask test opam` the packages for opam and `cargo xtask
//! test ecosystem` other people's libraries, which take longer than CI has; `cargo xtask test toolchain` the step of that name alone.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::doctor::Purpose;
use crate::{
    bench, ecosystem, headers, ocaml, ocaml_threads, opam, paths, qemu_test, setup, sh, symbols,
    sysroot, tidy, toolchain, upstream,
};

/// Run every test, or those of one subject.
#[derive(clap::Args)]
pub struct Options {
    #[command(subcommand)]
    subject: Option<Subject>,
}

#[derive(clap::Subcommand)]
enum Subject {
    OcamlThreads(ocaml_threads::Options),
    Toolchain(toolchain::Options),
    Opam(opam::Options),
    Ecosystem(ecosystem::Options),
}

/// The version whose sources are always to be had.
const STABLE: &str = "5.3.0";

struct Steps {
    done: Vec<(String, Duration, Result<()>)>,
}

impl Steps {
    /// Run one step; its failure is kept for the end.
    fn run(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        sh::step(name);
        let start = Instant::now();
        let result = step();
        if let Err(error) = &result {
            eprintln!("FAILED: {name}: {error:#}");
        }
        self.done.push((name.to_string(), start.elapsed(), result));
    }

    /// One line for each step; whether all went well.
    fn print(&self) -> bool {
        println!("steps:");
        for (name, time, result) in &self.done {
            let mark = if result.is_ok() { "ok" } else { "FAILED" };
            println!("  {mark:<7} {name} ({:.1} s)", time.as_secs_f64());
        }
        self.done.iter().all(|(_, _, result)| result.is_ok())
    }
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    match options.subject {
        Some(Subject::OcamlThreads(options)) => return ocaml_threads::main(options),
        Some(Subject::Toolchain(options)) => return toolchain::main(options),
        Some(Subject::Opam(options)) => return opam::main(options),
        Some(Subject::Ecosystem(options)) => return ecosystem::main(options),
        None => {}
    }
    setup::ensure(&Purpose::OF_TESTS)?;
    let mut steps = Steps { done: Vec::new() };
    steps.run("formatting", || cargo(&["fmt", "--all", "--check"]));
    steps.run("clippy", clippy);
    steps.run("benchmarks compile", bench::check);
    steps.run("tests on the host", host_tests);
    steps.run("heap-small", || {
        let test = ["test", "--quiet", "--package", "nolibc-rs"];
        let words = ["--features", "heap-small", "--test", "heap_small"];
        cargo(&[&test[..], &words[..]].concat())
    });
    steps.run("tidy", || succeeds(tidy::main(tidy::Options::default())));
    steps.run("sysroot", || sysroot::ensure().map(drop));
    steps.run("symbols", || {
        succeeds(symbols::main(symbols::Options::default()))
    });
    steps.run("headers", || {
        succeeds(headers::main(headers::Options::default()))
    });
    steps.run("upstream's objects", || {
        succeeds(upstream::main(upstream::Options::default()))
    });
    let mut versions = Vec::new();
    for version in ocaml::versions() {
        steps.run(&format!("OCaml {version}"), || {
            if can_be_had(version)? {
                ocaml::ensure(Some(version))?;
                versions.push(version);
            }
            Ok(())
        });
    }
    steps.run("installed toolchain", || {
        succeeds(toolchain::main(toolchain::Options::default()))
    });
    let mut tally = None;
    steps.run("boot tests", || {
        tally = Some(qemu_test::run(qemu_test::Options::all(&versions))?);
        Ok(())
    });
    let all_well = steps.print();
    for version in ocaml::versions().filter(|version| !versions.contains(version)) {
        println!("NOT TESTED: OCaml {version}");
    }
    let tally = tally.context("the boot tests did not run")?;
    println!("{tally}");
    Ok(if all_well && tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether the sources are here; the stable version's must be.
fn can_be_had(version: &str) -> Result<bool> {
    let Some(reasons) = ocaml::unavailable(version)? else {
        return Ok(true);
    };
    if version == STABLE {
        bail!("{reasons}");
    }
    eprintln!("*** OCaml {version} CANNOT BE HAD AND IS NOT TESTED: {reasons}");
    Ok(false)
}

/// With one seed for the property tests unless another is given, so that two runs
/// see the same; plain `cargo test` goes on looking.
fn host_tests() -> Result<()> {
    const SEED: &str = "PROPTEST_RNG_SEED";
    let mut command = Command::new("cargo");
    command.args(["test", "--workspace", "--quiet"]);
    command.current_dir(paths::root());
    if std::env::var_os(SEED).is_none() {
        command.env(SEED, "1");
    }
    sh::run(&mut command)
}

fn clippy() -> Result<()> {
    cargo(&["clippy", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    let unikernel = |package: &str, feature: &str| {
        cargo(&[
            "clippy",
            "--quiet",
            "--package",
            package,
            "--features",
            feature,
            "--lib",
            "--profile",
            "unikernel",
            "--",
            "-D",
            "warnings",
        ])
    };
    unikernel("nolibc-rs", "export")?;
    for backend in ["hvt", "spt", "virtio", "stub"] {
        unikernel("solo5-sys", backend)?;
    }
    unikernel("xen-sys", "xen")?;
    Ok(())
}

fn cargo(words: &[&str]) -> Result<()> {
    sh::run(Command::new("cargo").args(words).current_dir(paths::root()))
}

/// Another command's result as a step's. Not a process of its own: `cargo test`
/// may just have built this program anew.
fn succeeds(command: Result<ExitCode>) -> Result<()> {
    if command? != ExitCode::SUCCESS {
        bail!("see above");
    }
    Ok(())
}
