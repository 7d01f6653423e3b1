//! `cargo xtask bench malloc|text|math|bytes`: measurements in one process on this machine.
//!
//! The program is the workspace `nolibc-rs/bench`. It is linked with the `libnolibc.a` that
//! users get and with musl's `libc.a`, their symbols renamed to `nolibc_*` and `musl_*`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::doctor::Purpose;
use crate::{paths, setup, sh, sysroot};

/// Against what other libraries do on this machine.
#[derive(clap::Args)]
pub struct Options {
    /// See that all works; the figures are worth little.
    #[arg(long)]
    quick: bool,
    /// Count instructions, with valgrind, instead of taking times.
    #[arg(long)]
    instructions: bool,
    /// Let glibc use all that the processor has, not just the SSE2 that every guest has.
    #[arg(long)]
    native: bool,
    /// Only rows whose name has TEXT in it.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// The same, and against any other library.
#[derive(clap::Args)]
pub struct RivalOptions {
    #[command(flatten)]
    common: Options,
    /// A shared library with functions of the same names, measured as "rival".
    #[arg(long, value_name = "FILE")]
    rival: Option<PathBuf>,
}

/// Against other allocators on this machine, in a fixed arena.
#[derive(clap::Args)]
pub struct MallocOptions {
    #[command(flatten)]
    common: Options,
    /// Only times (with --instructions: instructions), least arenas, bytes lost, refused
    /// requests, worst operations.
    #[arg(long, value_parser = ["time", "space", "loss", "refused", "worst"])]
    part: Option<String>,
    /// Only these allocators, with commas between.
    #[arg(long, value_name = "NAMES")]
    allocators: Option<String>,
    /// Turn what `nolibc-rs/bench/recorder` wrote into a trace, and do no more.
    #[arg(long, num_args = 2, value_names = ["RECORDING", "TRACE"])]
    convert: Option<Vec<PathBuf>>,
}

/// Run `bench malloc`.
pub fn malloc(options: &MallocOptions) -> Result<ExitCode> {
    let mut words: Vec<OsString> = Vec::new();
    if let Some(part) = &options.part {
        words.extend(["--part".into(), part.into()]);
    }
    if let Some(names) = &options.allocators {
        words.extend(["--allocators".into(), names.into()]);
    }
    if let Some(files) = &options.convert {
        words.push("--convert".into());
        words.extend(files.iter().map(|file| file.into()));
    }
    run("malloc", &options.common, words)
}

/// Run `bench text` and `bench math`.
pub fn with_rival(subject: &str, options: &RivalOptions) -> Result<ExitCode> {
    let mut words: Vec<OsString> = Vec::new();
    if let Some(rival) = &options.rival {
        // A bare name would be looked for among the system's libraries.
        let rival = fs::canonicalize(rival).with_context(|| rival.display().to_string())?;
        words.extend(["--rival".into(), rival.into()]);
    }
    run(subject, &options.common, words)
}

/// Run `bench bytes`.
pub fn bytes(options: &Options) -> Result<ExitCode> {
    run("bytes", options, Vec::new())
}

fn run(subject: &str, options: &Options, words: Vec<OsString>) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Sysroot, Purpose::Bench])?;
    let program = build()?;
    let mut command = Command::new(program);
    command.arg(subject).args(words);
    for (word, is_given) in [
        ("--quick", options.quick),
        ("--instructions", options.instructions),
        ("--native", options.native),
    ] {
        if is_given {
            command.arg(word);
        }
    }
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    let status = command.status().context("cannot start the benchmarks")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Build the program and what it is linked with.
fn build() -> Result<PathBuf> {
    let lib = sysroot::ensure()?.join("lib/libnolibc.a");
    let out = paths::out().join("bench/host");
    let archives = out.join("lib");
    fs::create_dir_all(&archives)?;
    rename(&lib, "nolibc_", &archives.join("libnolibc_renamed.a"), &[])?;
    // Its errno lies in its own block at the thread pointer; the program brings another.
    let omitted = ["__errno_location.lo"];
    let musl = archives.join("libmusl_renamed.a");
    rename(&musl_archive()?, "musl_", &musl, &omitted)?;
    sh::step("the benchmarks");
    let words = ["build", "--release", "--locked", "--quiet"];
    sh::run(cargo(&words).env("NOLIBC_BENCH_ARCHIVES", &archives))?;
    Ok(target().join("x86_64-unknown-linux-gnu/release/nolibc-bench"))
}

/// Check formatting and code.
pub fn check() -> Result<()> {
    sh::run(&mut cargo(&["fmt", "--check"]))?;
    let clippy = ["clippy", "--all-targets", "--locked", "--quiet"];
    sh::run(cargo(&clippy).args(["--", "-D", "warnings"]))
}

fn target() -> PathBuf {
    paths::out().join("bench/host/target")
}

/// cargo in the benchmarks' workspace.
fn cargo(words: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(paths::root().join("nolibc-rs/bench"))
        .args(words)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
}

/// Debian's `libc.a` of musl.
fn musl_archive() -> Result<PathBuf> {
    let path = Path::new("/usr/lib/x86_64-linux-musl/libc.a");
    fs::metadata(path).with_context(|| format!("no {}: package musl-dev", path.display()))?;
    Ok(path.to_path_buf())
}

/// Copy an archive, all symbols renamed, without the members in `omitted`.
fn rename(archive: &Path, prefix: &str, output: &Path, omitted: &[&str]) -> Result<()> {
    let draft = output.with_extension("draft");
    let mut objcopy = Command::new("objcopy");
    objcopy.arg(format!("--prefix-symbols={prefix}"));
    sh::run(objcopy.arg(archive).arg(&draft))?;
    if !omitted.is_empty() {
        sh::run(Command::new("ar").arg("d").arg(&draft).args(omitted))?;
    }
    // Left alone if nothing changed, so that nothing is linked again for it.
    if fs::read(output).ok() != Some(fs::read(&draft)?) {
        fs::rename(&draft, output)?;
    }
    Ok(())
}
