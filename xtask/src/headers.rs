//! `cargo xtask headers`

use std::process::ExitCode;

/// Check the C headers: alone, in every dialect, and against the Rust side.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
