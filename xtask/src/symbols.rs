//! `cargo xtask symbols`

use std::process::ExitCode;

/// Check the archive's global symbols against exports.txt.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
