//! `cargo xtask install` and `uninstall`: the toolchain in a directory of the
//! user's, where findlib and dune find it.
//!
//! | below DIR | what |
//! |---|---|
//! | `bin/` | `nolibc-env`; links to the C tools, and to OCaml for this machine |
//! | `lib/findlib.conf`, `lib/findlib.conf.d/` | the toolchains `nolibc` and, if asked for, `solo5` |
//! | `nolibc-sysroot/{bin,include,lib}` | the sysroot; libraries that are built for it go to its `lib` |
//! | `nolibc-sysroot/{cross,host}` | OCaml for unikernels and for this machine |
//! | `nolibc-sysroot/parts` | the names of all these files, by part, for `uninstall` |
//!
//! The name of the sysroot is what `dune install` expects of a toolchain `nolibc`. Tools
//! find the rest relative to themselves. The text files that cannot do without
//! a name (findlib's, three of OCaml's) are listed in `nolibc-sysroot/parts/*.named`, and
//! `nolibc-env` renames them where DIR was moved.

mod findlib;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::doctor::Purpose;
use crate::{ocaml, paths, setup, sh, sysroot, tenders};
use tree::Tree;

/// Where the names of installed files are, relative to the prefix.
const PARTS: &str = "nolibc-sysroot/parts";

/// Install the toolchain: C tools, OCaml, findlib's toolchain `nolibc`.
#[derive(clap::Args)]
pub struct Options {
    /// The directory to install into; it can be moved later.
    #[arg(long, value_name = "DIR")]
    prefix: PathBuf,
    /// The version of OCaml.
    #[arg(long = "ocaml", value_name = "VERSION")]
    version: Option<String>,
    /// A toolchain `solo5` too, in the place of ocaml-solo5's.
    #[arg(long)]
    solo5: bool,
    /// Only these parts; package managers have each in a package of its own.
    #[arg(long = "part", value_name = "PART")]
    parts: Vec<Part>,
}

/// What can be installed alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Headers, libraries, backends and C tools.
    Sysroot,
    /// OCaml for unikernels, findlib's toolchain `nolibc`.
    Ocaml,
    /// OCaml for this machine, unless the PATH has it.
    Host,
    /// Solo5's tenders, unless the PATH has them.
    Tenders,
    /// Findlib's toolchain `solo5`, and C tools of ocaml-solo5's names.
    Solo5,
    /// `nolibc-env` and what it needs: findlib's own configuration.
    Env,
}

impl Options {
    /// Everything, into `prefix`.
    pub fn all(prefix: &Path) -> Options {
        Options {
            prefix: prefix.to_path_buf(),
            version: None,
            solo5: true,
            parts: Vec::new(),
        }
    }

    /// The parts, in the order in which they are installed.
    fn parts(&self) -> Vec<Part> {
        let parts = Part::value_variants().iter().copied();
        let is_wanted = |part: &Part| match part {
            Part::Solo5 if self.solo5 => true,
            Part::Solo5 => self.parts.contains(part),
            _ => self.parts.is_empty() || self.parts.contains(part),
        };
        parts.filter(is_wanted).collect()
    }
}

/// Remove what `install` put there, and nothing else.
#[derive(clap::Args)]
pub struct Removal {
    /// The directory that was installed into.
    #[arg(long, value_name = "DIR")]
    prefix: PathBuf,
}

/// Run `install`.
pub fn main(options: Options) -> Result<ExitCode> {
    let prefix = prepare(&options.prefix)?;
    setup::ensure(&[Purpose::Sysroot, Purpose::Ocaml])?;
    let parts = options.parts();
    for part in &parts {
        let value = part.to_possible_value();
        let name = value.as_ref().map_or("", |value| value.get_name());
        sh::step(format!("installing {name} into {}", prefix.display()));
        remove(&prefix, name)?;
        let mut tree = Tree::new(&prefix, name)?;
        let installed = fill(&mut tree, *part, options.version.as_deref());
        // Even of half an installation, so that it can be removed.
        tree.write_lists()?;
        installed?;
    }
    println!("Installed: {}", prefix.display());
    if parts.contains(&Part::Env) {
        println!(
            "In each shell that uses it: eval \"$({}/bin/nolibc-env)\"",
            prefix.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The prefix, absolute.
fn prepare(prefix: &Path) -> Result<PathBuf> {
    fs::create_dir_all(prefix).with_context(|| format!("cannot create {}", prefix.display()))?;
    let prefix = fs::canonicalize(prefix)?;
    let name = prefix.to_str().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_./+@%-".contains(letter);
    ensure!(
        !name.is_empty() && name.chars().all(plain),
        "--prefix {}: findlib and make take letters, digits and _./+@%- in a name only",
        prefix.display()
    );
    ensure!(
        !paths::out().starts_with(&prefix),
        "--prefix {}: everything is built below it; give a directory of its own",
        prefix.display()
    );
    Ok(prefix)
}

fn fill(tree: &mut Tree, part: Part, version: Option<&str>) -> Result<()> {
    match part {
        Part::Sysroot => sysroot(tree),
        Part::Ocaml => {
            let cross = ocaml::ensure(version)?.prefix;
            tree.ocaml(&cross, "nolibc-sysroot/cross")?;
            main_object(tree, &cross)?;
            findlib::toolchain(tree, "nolibc")
        }
        Part::Host => match ocaml::own_host(&ocaml::ensure(version)?)? {
            Some(host) => self::host(tree, &host),
            None => Ok(()),
        },
        Part::Tenders => tenders(tree),
        Part::Solo5 => {
            for tool in tools()? {
                let name = tool.replace(sysroot::PREFIX, "x86_64-solo5-ocaml");
                tree.link(
                    &format!("bin/{name}"),
                    &format!("../nolibc-sysroot/bin/{tool}"),
                )?;
            }
            // Where `dune install` has libraries of this toolchain.
            tree.link("solo5-sysroot", "nolibc-sysroot")?;
            findlib::toolchain(tree, "solo5")
        }
        Part::Env => {
            findlib::configuration(tree)?;
            tree.script("bin/nolibc-env", include_str!("wrappers/env.sh"))?;
            let name = format!("{}\n", tree.prefix().display());
            tree.write("nolibc-sysroot/prefix", name.as_bytes())
        }
    }
}

/// `main` for programs that come as one object.
fn main_object(tree: &mut Tree, cross: &Path) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let source = directory.path().join("main.c");
    let object = directory.path().join("main.o");
    fs::write(&source, include_str!("wrappers/main.c"))?;
    let mut compiler = Command::new(sysroot::tool("gcc"));
    compiler.args(["-O2", "-Wall", "-Werror", "-c", "-I"]);
    compiler
        .arg(cross.join("lib/ocaml"))
        .arg(&source)
        .arg("-o")
        .arg(&object);
    sh::run(&mut compiler)?;
    tree.copy_file(&object, "nolibc-sysroot/cross/lib/main.o")
}

/// The name of the program that links for several machines.
const LINK: &str = "link";

/// A program that Solo5 has too.
const ELFTOOL: &str = "solo5-elftool";

/// The C tools.
fn tools() -> Result<Vec<String>> {
    let files = sysroot::files(&sysroot::ensure()?.join("bin"))?;
    let mut names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        // A tool of Solo5's own name belongs to the tenders.
        .filter(|name| name != ELFTOOL)
        .collect();
    names.push(format!("{}-{LINK}", sysroot::PREFIX));
    Ok(names)
}

fn sysroot(tree: &mut Tree) -> Result<()> {
    let sysroot = sysroot::ensure()?;
    for part in ["include", "lib", "bin"] {
        tree.copy(&sysroot.join(part), &format!("nolibc-sysroot/{part}"))?;
    }
    let link = format!("nolibc-sysroot/bin/{}-{LINK}", sysroot::PREFIX);
    tree.script(&link, include_str!("wrappers/link.sh"))?;
    for tool in tools()? {
        tree.link(
            &format!("bin/{tool}"),
            &format!("../nolibc-sysroot/bin/{tool}"),
        )?;
    }
    Ok(())
}

fn host(tree: &mut Tree, host: &Path) -> Result<()> {
    for tool in tree.ocaml(host, findlib::HOST)? {
        tree.link(
            &format!("bin/{tool}"),
            &format!("../{}/bin/{tool}", findlib::HOST),
        )?;
    }
    tree.old_places(&format!("{}/lib/ocaml", findlib::HOST))
}

fn tenders(tree: &mut Tree) -> Result<()> {
    let tool = format!("../nolibc-sysroot/bin/{ELFTOOL}");
    tree.link(&format!("bin/{ELFTOOL}"), &tool)?;
    for name in ["spt", "hvt"] {
        let tender = tenders::ensure(name)?;
        if tender.path.starts_with(paths::out()) {
            tree.copy_file(&tender.path, &format!("bin/solo5-{name}"))?;
        }
        // A machine's plain name means images that this tender takes.
        let abi = format!("{name}-abi{}.o", tender.abi);
        tree.link(&format!("nolibc-sysroot/lib/nolibc/{name}.o"), &abi)?;
    }
    Ok(())
}

/// Run `uninstall`.
pub fn uninstall(options: Removal) -> Result<ExitCode> {
    let prefix = fs::canonicalize(&options.prefix)
        .with_context(|| format!("there is no {}", options.prefix.display()))?;
    let lists = sysroot::files(&prefix.join(PARTS)).unwrap_or_default();
    let names = lists
        .iter()
        .filter_map(|file| file.to_str()?.strip_suffix(".files"));
    let parts: Vec<&str> = names.collect();
    ensure!(
        !parts.is_empty(),
        "nothing is installed in {}: there is no list in {PARTS}",
        prefix.display()
    );
    for part in parts {
        remove(&prefix, part)?;
    }
    println!("Removed from {}.", prefix.display());
    Ok(ExitCode::SUCCESS)
}

/// The removal of what is in `prefix`.
pub fn removal(prefix: &Path) -> Removal {
    Removal {
        prefix: prefix.to_path_buf(),
    }
}

/// Remove the files of a part, and the directories that are empty then.
fn remove(prefix: &Path, part: &str) -> Result<()> {
    let list = prefix.join(PARTS).join(format!("{part}.files"));
    let Ok(names) = fs::read_to_string(&list) else {
        return Ok(());
    };
    let mut directories = std::collections::BTreeSet::new();
    for name in names.lines() {
        let below = Path::new(name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        ensure!(
            below,
            "{} names `{name}`, which is not below it",
            list.display()
        );
        match fs::remove_file(prefix.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {name}"));
            }
            _ => {}
        }
        let parents = Path::new(name).ancestors().skip(1);
        directories.extend(
            parents
                .filter(|path| !path.as_os_str().is_empty())
                .map(Path::to_path_buf),
        );
    }
    // The deepest first. What others put there stays.
    for directory in directories.iter().rev() {
        match fs::remove_dir(prefix.join(directory)) {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            other => other.with_context(|| format!("cannot remove {}", directory.display()))?,
        }
    }
    Ok(())
}
