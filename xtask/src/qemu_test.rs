//! `cargo xtask qemu-test`

use std::process::ExitCode;

/// Boot the guests on every machine.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
