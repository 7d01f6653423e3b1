//! `cargo xtask install` and `uninstall`: the toolchain in a directory of the
//! user's, where findlib and dune find it.
//!
//! | below DIR | what |
//! |---|---|
//! | `bin/` | `nolibc-env`; links to the C tools, and to OCaml for this machine |
//! | `lib/findlib.conf`, `lib/findlib.conf.d/` | the toolchains `nolibc` and, with `--solo5`, `solo5` |
//! | `nolibc/{bin,include,lib}` | the sysroot; libraries that are built for it go to `nolibc/lib` |
//! | `nolibc/cross`, `nolibc/host` | OCaml for unikernels and for this machine |
//! | `nolibc/files` | all of these, for `uninstall` |
//!
//! Tools find the rest relative to themselves. The text files that cannot do without
//! a name (findlib's, three of OCaml's) are listed in `nolibc/files-with-prefix`, and
//! `nolibc-env` renames them where DIR was moved.

mod findlib;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::doctor::Purpose;
use crate::{ocaml, paths, setup, sh, sysroot, tenders};
use tree::Tree;

/// Where the names of all installed files are, relative to the prefix.
const FILES: &str = "nolibc/files";

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
    /// Without OCaml for this machine and without tenders: those on the PATH are used.
    #[arg(long)]
    cross_only: bool,
}

impl Options {
    /// Everything, into `prefix`, with both toolchains.
    pub fn all(prefix: &Path) -> Options {
        Options {
            prefix: prefix.to_path_buf(),
            version: None,
            solo5: true,
            cross_only: false,
        }
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
    let sysroot = sysroot::ensure()?;
    let cross = ocaml::ensure(options.version.as_deref())?;
    let host = match options.cross_only {
        true => None,
        false => ocaml::own_host(&cross)?,
    };
    sh::step(format!("installing into {}", prefix.display()));
    if prefix.join(FILES).exists() {
        remove(&prefix)?;
    }
    let mut tree = Tree::new(&prefix)?;
    let installed = fill(
        &mut tree,
        &options,
        &sysroot,
        &cross.prefix,
        host.as_deref(),
    );
    // Even of half an installation, so that it can be removed.
    tree.write_lists()?;
    installed?;
    println!(
        "OCaml {}: {}\nIn each shell that uses it: eval \"$({}/bin/nolibc-env)\"",
        cross.version,
        prefix.display(),
        prefix.display()
    );
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

fn fill(
    tree: &mut Tree,
    options: &Options,
    sysroot: &Path,
    cross: &Path,
    host: Option<&Path>,
) -> Result<()> {
    for part in ["include", "lib", "bin"] {
        tree.copy(&sysroot.join(part), &format!("nolibc/{part}"))?;
    }
    let link = format!("{}-link", sysroot::PREFIX);
    let script = include_str!("wrappers/link.sh");
    tree.script(&format!("nolibc/bin/{link}"), script)?;
    for tool in sysroot::files(&tree.path("nolibc/bin"))? {
        let tool = tool.to_string_lossy().into_owned();
        tree.link(&format!("bin/{tool}"), &format!("../nolibc/bin/{tool}"))?;
        if options.solo5 {
            let name = tool.replace(sysroot::PREFIX, "x86_64-solo5-ocaml");
            tree.link(&format!("bin/{name}"), &format!("../nolibc/bin/{tool}"))?;
        }
    }
    tree.ocaml(cross, "nolibc/cross")?;
    if let Some(host) = host {
        for tool in tree.ocaml(host, "nolibc/host")? {
            tree.link(
                &format!("bin/{tool}"),
                &format!("../nolibc/host/bin/{tool}"),
            )?;
        }
    }
    if host.is_some() {
        tree.old_places("nolibc/host/lib/ocaml")?;
    }
    if !options.cross_only {
        for name in ["spt", "hvt"] {
            let tender = tenders::ensure(name)?;
            if tender.path.starts_with(paths::out()) {
                tree.copy_file(&tender.path, &format!("bin/solo5-{name}"))?;
            }
            // A machine's plain name means images that this tender takes.
            let abi = format!("{name}-abi{}.o", tender.abi);
            tree.link(&format!("nolibc/lib/nolibc/{name}.o"), &abi)?;
        }
    }
    findlib::write(tree, host.is_some(), options.solo5)?;
    tree.script("bin/nolibc-env", include_str!("wrappers/env.sh"))?;
    let name = format!("{}\n", tree.prefix().display());
    tree.write("nolibc/prefix", name.as_bytes())
}

/// Run `uninstall`.
pub fn uninstall(options: Removal) -> Result<ExitCode> {
    let prefix = fs::canonicalize(&options.prefix)
        .with_context(|| format!("there is no {}", options.prefix.display()))?;
    remove(&prefix)?;
    println!("Removed from {}.", prefix.display());
    Ok(ExitCode::SUCCESS)
}

/// The removal of what is in `prefix`.
pub fn removal(prefix: &Path) -> Removal {
    Removal {
        prefix: prefix.to_path_buf(),
    }
}

/// Remove the files that the list names, and the directories that are empty then.
fn remove(prefix: &Path) -> Result<()> {
    let list = prefix.join(FILES);
    let Ok(names) = fs::read_to_string(&list) else {
        bail!(
            "nothing is installed in {}: no {}",
            prefix.display(),
            list.display()
        );
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
