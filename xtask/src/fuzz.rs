//! `cargo xtask fuzz NAME`: look for inputs that break a rule, under AddressSanitizer.
//!
//! The targets are those of `nolibc-rs/fuzz` and `xen-sys/fuzz`. What was learnt is kept beside everything else that is
//! built, in `fuzz/corpus/NAME`, so the next run goes on from there; an input that fails is written to
//! `fuzz/artifacts/NAME` and named.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{paths, sh};

/// Where targets are.
const CRATES: [&str; 2] = ["nolibc-rs/fuzz", "xen-sys/fuzz"];

/// Fuzz a part of the library or of a backend.
#[derive(clap::Args)]
pub struct Options {
    /// The target: a file in nolibc-rs/fuzz/fuzz_targets or xen-sys/fuzz/fuzz_targets.
    name: String,
    /// How long to look.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Run this input alone, as a failure has left it.
    #[arg(long, value_name = "FILE", conflicts_with = "seconds")]
    input: Option<std::path::PathBuf>,
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let file = format!("fuzz_targets/{}.rs", options.name);
    let crates = CRATES.map(|name| paths::root().join(name));
    let found = crates
        .iter()
        .find(|directory| directory.join(&file).is_file());
    let Some(crate_dir) = found else {
        bail!(
            "no target {}: there is no {file} in {}",
            options.name,
            CRATES.join(" or ")
        );
    };
    if sh::which("cargo-fuzz").is_none() {
        bail!("cargo-fuzz is not installed: cargo install cargo-fuzz");
    }
    let out = paths::out().join("fuzz");
    let corpus = out.join("corpus").join(&options.name);
    let artifacts = out.join("artifacts").join(&options.name);
    fs::create_dir_all(&corpus).context("cannot create the corpus")?;
    fs::create_dir_all(&artifacts).context("cannot create a place for failures")?;
    let mut cargo = Command::new("cargo");
    if has_nightly() {
        // The proxy of rustup, not the cargo that runs this program.
        cargo.arg("+nightly").env_remove("RUSTUP_TOOLCHAIN");
        cargo.env_remove("CARGO").env_remove("RUSTC");
    } else {
        // Sanitizers are unstable, and in every compiler.
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    cargo
        .args(["fuzz", "run", "--fuzz-dir"])
        .arg(crate_dir)
        .arg("--target-dir")
        .arg(out.join("target"))
        .arg(&options.name);
    match &options.input {
        Some(input) => cargo.arg(input).arg("--"),
        None => cargo
            .arg(&corpus)
            .arg("--")
            .arg(format!("-max_total_time={}", options.seconds))
            .arg("-max_len=8192"),
    };
    cargo
        .arg("-print_final_stats=1")
        .arg(format!("-artifact_prefix={}/", artifacts.display()));
    let status = cargo
        .current_dir(paths::root())
        .status()
        .context("cannot start cargo fuzz")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether rustup has a nightly toolchain.
fn has_nightly() -> bool {
    let mut rustup = Command::new("rustup");
    sh::output(rustup.args(["toolchain", "list"])).is_ok_and(|list| list.contains("nightly"))
}
