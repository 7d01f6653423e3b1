//! `cargo xtask bench`: measurements, each beside its bound.

mod boot;
mod map;

use std::process::ExitCode;

use anyhow::Result;

/// Measure.
#[derive(clap::Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Boot(boot::Options),
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    match options.what {
        What::Boot(options) => boot::main(options),
    }
}
