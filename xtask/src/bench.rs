//! `cargo xtask bench`: measurements, each beside its bound.

mod beside;
mod block;
mod boot;
mod host;
mod map;
mod net;
mod ocaml;
mod parallel;
mod threads;
mod xen;

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
    Ocaml(ocaml::Options),
    Threads(threads::Options),
    Parallel(parallel::Options),
    /// Networks: round trips and throughput beside Solo5's own bindings.
    Net(beside::Options),
    /// Block devices: the same.
    Block(beside::Options),
    /// Domains of Xen: events, pages, blocks and pings beside a Linux.
    Xen(xen::Options),
    /// Allocators.
    Malloc(host::MallocOptions),
    /// Formatting and parsing.
    Text(host::RivalOptions),
    /// The functions of `<math.h>`.
    Math(host::RivalOptions),
    /// The functions of `<string.h>`.
    Bytes(host::Options),
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    match options.what {
        What::Boot(options) => boot::main(options),
        What::Ocaml(options) => ocaml::main(&options),
        What::Threads(options) => threads::main(&options),
        What::Parallel(options) => parallel::main(&options),
        What::Net(options) => net::main(&options),
        What::Block(options) => block::main(&options),
        What::Xen(options) => xen::main(&options),
        What::Malloc(options) => host::malloc(&options),
        What::Text(options) => host::with_rival("text", &options),
        What::Math(options) => host::with_rival("math", &options),
        What::Bytes(options) => host::bytes(&options),
    }
}

/// Check the formatting and the code of the benchmarks, which are a workspace of their own.
pub fn check() -> Result<()> {
    host::check()
}
