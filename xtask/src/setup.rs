//! `cargo xtask setup`

use std::process::ExitCode;

/// Install what this machine lacks.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
