//! `cargo xtask sysroot`

use std::process::ExitCode;

/// Build the headers, libnolibc.a, the backends and the compiler wrappers.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
