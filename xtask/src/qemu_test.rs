//! `cargo xtask qemu-test`: builds the guests and boots them on every machine.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use tests_qemu::guest::{self, Build, Guest};
use tests_qemu::machine::Machine;
use tests_qemu::suite::{self, AllowedSkip, Suite, Tally};

use crate::doctor::Purpose;
use crate::images::{Language, Program, Workshop};
use crate::machines::{self, Fleet};
use crate::{images, paths, setup};

/// Boot the guests on every machine.
#[derive(clap::Args)]
pub struct Options {
    /// Run only tests whose name (`spt::hello`) contains one of these.
    filters: Vec<String>,
    /// Only these machines: spt, hvt, hvt-nested, virtio, virtio-smp, virtio-kvm, xen, xen-smp,
    /// xen-domain.
    #[arg(short, long = "backend", value_name = "NAME")]
    backends: Vec<String>,
    /// The version of OCaml for the OCaml guests; several: each guest with each.
    #[arg(long = "ocaml", value_name = "VERSION")]
    versions: Vec<String>,
    /// Only guests in this language.
    #[arg(long, value_parser = ["c", "ocaml"])]
    language: Option<String>,
    /// How many tests run at a time.
    #[arg(short, long, value_name = "N", default_value_t = default_jobs())]
    jobs: usize,
    /// Print the names of the tests and run none.
    #[arg(long)]
    list: bool,
}

/// How many guests run at a time unless the user says otherwise.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(4)
}

impl Options {
    /// Everything, with these versions of OCaml.
    pub fn all(versions: &[&str]) -> Options {
        Options {
            filters: Vec::new(),
            backends: Vec::new(),
            versions: versions.iter().map(ToString::to_string).collect(),
            language: None,
            jobs: default_jobs(),
            list: false,
        }
    }
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let list = options.list;
    let tally = run(options)?;
    if !list {
        println!("{tally}");
    }
    Ok(if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Run the tests; the caller prints the tally.
pub fn run(options: Options) -> Result<Tally> {
    for backend in &options.backends {
        machines::check_name(backend)?;
    }
    let guests = guests(&options)?;
    if !options.list {
        setup::ensure(&[Purpose::Sysroot, Purpose::Qemu, Purpose::Tenders])?;
    }
    paths::create_out()?;
    let wanted = |name: &str| {
        options.backends.is_empty() || options.backends.iter().any(|backend| backend == name)
    };
    let fleet = Fleet::find(&wanted, options.list);
    let allowed = paths::root().join("tests-qemu/allowed-skips.txt");
    let allowed = std::fs::read_to_string(&allowed)
        .with_context(|| format!("cannot read {}", allowed.display()))?;
    let workshop = if options.list {
        None
    } else {
        Some(Workshop::new(images::guests())?)
    };
    let build = |guest: &Guest, build: &Build, machine: &dyn Machine| -> Result<PathBuf> {
        let workshop = workshop.as_ref().context("nothing is built for a list")?;
        workshop.image(&program(guest, build), &fleet.backend(machine))
    };
    let suite = Suite {
        guests,
        hello: suite::hello(&paths::root())?,
        entries: fleet.entries(),
        filters: options.filters,
        allowed_skips: AllowedSkip::parse_list(&allowed)?,
        build: &build,
        judge: &suite::judge,
        jobs: options.jobs,
    };
    if options.list {
        for name in suite.names() {
            println!("{name}");
        }
        return Ok(Tally::default());
    }
    Ok(suite.run()?.tally)
}

/// The guests; those in OCaml once for each version, the first version's
/// without its number.
fn guests(options: &Options) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for mut guest in Guest::all(&suite::guests_directory(&paths::root()))? {
        let is_c = guest.build.language == guest::Language::C;
        if options
            .language
            .as_deref()
            .is_some_and(|language| (language == "c") != is_c)
        {
            continue;
        }
        if is_c {
            guests.push(guest);
            continue;
        }
        if let Some(others) = options.versions.get(1..) {
            guests.extend(others.iter().map(|version| guest.with_ocaml(version)));
        }
        guest.build.ocaml = options.versions.first().cloned();
        guests.push(guest);
    }
    Ok(guests)
}

/// What an image of a guest is made of.
pub fn program(guest: &Guest, build: &Build) -> Program {
    let mut flags: Vec<_> = build.flags.iter().map(Into::into).collect();
    let language = match build.language {
        guest::Language::C => {
            // A guest that the compiler warns about tests something else than
            // it seems to.
            flags.insert(0, "-Werror".into());
            Language::C
        }
        guest::Language::OCaml => Language::OCaml,
    };
    Program {
        sources: vec![build.source.clone()],
        language,
        libraries: build.libraries.clone(),
        flags,
        bytecode: build.bytecode,
        ocaml: build.ocaml.clone(),
        name: guest.name.clone(),
    }
}
