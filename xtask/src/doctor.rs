//! `cargo xtask doctor`

use std::process::ExitCode;

/// Say what this machine lacks and which package brings it.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
