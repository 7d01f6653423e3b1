//! `cargo xtask run`

use std::process::ExitCode;

/// Compile, link and boot a program.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
