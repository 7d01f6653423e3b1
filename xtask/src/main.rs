//! `cargo xtask <command>`: everything that is built, run and tested here.

mod bench;
mod debian;
mod devices;
mod doctor;
mod ecosystem;
mod fuzz;
mod headers;
mod image;
mod images;
mod install;
mod machines;
mod new;
mod ocaml;
mod ocaml_threads;

mod opam;
mod paths;
mod progress;
mod qemu_test;
mod recursion;
mod run;
mod setup;
mod sh;
mod symbols;
mod sysroot;
mod tenders;
mod test;
mod tidy;
mod toolchain;
mod upstream;

use clap::{Parser, Subcommand};

/// Build, run and test OCaml 5 unikernels on nolibc-rs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// Show the output of every command that is run.
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Doctor(doctor::Options),
    Setup(setup::Options),
    Ocaml(ocaml::Options),
    Sysroot(sysroot::Options),
    Tenders(tenders::Options),
    Install(install::Options),
    Uninstall(install::Removal),
    New(new::Options),
    Run(run::Options),
    Test(test::Options),
    QemuTest(qemu_test::Options),
    Upstream(upstream::Options),
    Symbols(symbols::Options),
    Headers(headers::Options),
    Tidy(tidy::Options),
    Bench(bench::Options),
    Fuzz(fuzz::Options),
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    sh::set_verbose(arguments.verbose);
    let result = match arguments.command {
        Command::Doctor(options) => doctor::main(options),
        Command::Setup(options) => setup::main(options),
        Command::Ocaml(options) => ocaml::main(options),
        Command::Sysroot(options) => sysroot::main(options),
        Command::Tenders(options) => tenders::main(options),
        Command::Install(options) => install::main(options),
        Command::Uninstall(options) => install::uninstall(options),
        Command::New(options) => new::main(options),
        Command::Run(options) => run::main(options),
        Command::Test(options) => test::main(options),
        Command::QemuTest(options) => qemu_test::main(options),
        Command::Upstream(options) => upstream::main(options),
        Command::Symbols(options) => symbols::main(options),
        Command::Headers(options) => headers::main(options),
        Command::Tidy(options) => tidy::main(options),
        Command::Bench(options) => bench::main(options),
        Command::Fuzz(options) => fuzz::main(options),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}{}", paths::full_disk());
            std::process::ExitCode::FAILURE
        }
    }
}
