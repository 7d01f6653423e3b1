//! `cargo xtask ocaml`

use std::process::ExitCode;

/// Build the OCaml cross compiler.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> anyhow::Result<ExitCode> {
    anyhow::bail!("not written yet")
}
