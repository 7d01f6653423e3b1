//! `cargo xtask tidy`

use std::process::ExitCode;

/// Check the project's own rules.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
