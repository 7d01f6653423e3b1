//! Solo5's tenders, `solo5-hvt` and `solo5-spt`: those on the PATH, or else
//! built from the sources of Solo5 0.7.2.
//!
//! The Rust package `solo5-sys` 0.1.0 holds that whole tree. It is called
//! `solo5-upstream` here, because a crate of this workspace has its name. Only
//! its files are wanted: a manifest outside the workspace depends on it, cargo
//! fetches it and checks its content against the lock file below, and nothing
//! builds it, so that its build script never runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::doctor::Purpose;
use crate::{paths, setup, sh};

/// The release that the package holds.
pub const VERSION: &str = "0.7.2";

const MANIFEST: &str = r#"# Fetched, never built.
[package]
name = "tender-sources"
version = "0.0.0"
edition = "2024"

[lib]
path = "empty.rs"

[dependencies]
solo5-upstream = { package = "solo5-sys", version = "=0.1.0" }

# What its own code and build script would want, and nobody here does.
[patch.crates-io]
bindgen = { path = "bindgen" }
cty = { path = "cty" }

[workspace]
"#;

const LOCK: &str = r#"version = 4

[[package]]
name = "bindgen"
version = "0.53.1"

[[package]]
name = "cty"
version = "0.2.0"

[[package]]
name = "solo5-sys"
version = "0.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "ab8c8ad38eac848299598f8ed117d460ac935833364fb2782e2863da397c4500"
dependencies = [
 "bindgen",
 "cty",
]

[[package]]
name = "tender-sources"
version = "0.0.0"
dependencies = [
 "solo5-sys",
]
"#;

/// Find or build Solo5's tenders, and say which.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    for name in ["hvt", "spt"] {
        let tender = ensure(name)?;
        let (path, version) = (tender.path.display(), tender.version);
        println!("{path}: version {version}, ABI {}", tender.abi);
    }
    Ok(ExitCode::SUCCESS)
}

/// A tender.
#[derive(Clone, Debug)]
pub struct Tender {
    /// The program.
    pub path: PathBuf,
    /// What it calls its version.
    pub version: String,
    /// The version of the ABI that its images have.
    pub abi: u32,
}

/// The tender `solo5-<name>`, built if there is none.
pub fn ensure(name: &str) -> Result<Tender> {
    let program = format!("solo5-{name}");
    let path = match sh::which(&program) {
        Some(path) => path,
        None => {
            let built = paths::tenders().join(VERSION).join(&program);
            if !built.is_file() {
                build()
                    .with_context(|| format!("{program} is not on the PATH and cannot be built"))?;
            }
            built
        }
    };
    ask(path)
}

/// Ask a tender what it is.
pub fn ask(path: PathBuf) -> Result<Tender> {
    let output = Command::new(&path).arg("--version").output();
    let output = output.with_context(|| format!("cannot start {}", path.display()))?;
    // Solo5 0.7 and newer print it on standard error.
    let text = [output.stdout, output.stderr].concat();
    let Some((version, abi)) = parse(&String::from_utf8_lossy(&text)) else {
        bail!(
            "{} is no tender of Solo5 0.7 or newer: it does not name its ABI version",
            path.display()
        );
    };
    Ok(Tender { path, version, abi })
}

/// The version and the ABI version in what `--version` prints.
fn parse(text: &str) -> Option<(String, u32)> {
    let mut words = text.split_whitespace();
    words.find(|word| *word == "version")?;
    let version = words.next()?.to_owned();
    words.find(|word| *word == "ABI")?;
    let abi = words.nth(1)?.parse().ok()?;
    Some((version, abi))
}

fn build() -> Result<()> {
    setup::ensure(&[Purpose::Tenders])?;
    sh::step(format!("tenders: Solo5 {VERSION}"));
    let source = fetch()?;
    let tree = paths::tenders().join("build");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    copy(&source, &tree)?;
    name_version(&tree, VERSION)?;
    sh::run(Command::new("./configure.sh").current_dir(&tree))?;
    let make = || {
        let mut make = Command::new("make");
        make.current_dir(&tree).arg(jobs());
        make
    };
    sh::run(make().arg("gen-version-h"))?;
    sh::run(
        make()
            .args(["-C", "tenders"])
            .arg(format!("TOPDIR={}", tree.display())),
    )?;
    let output = paths::tenders().join(VERSION);
    fs::create_dir_all(&output)?;
    for name in ["hvt", "spt"] {
        let program = format!("solo5-{name}");
        let built = tree.join("tenders").join(name).join(&program);
        if !built.is_file() {
            bail!(
                "Solo5's configure.sh left out {program}: see {}",
                tree.join("Makeconf").display()
            );
        }
        // In one step: another xtask may be looking.
        fs::rename(built, output.join(program))?;
    }
    fs::remove_dir_all(&tree)?;
    Ok(())
}

/// Tell a tree its version, where there is no git tree that would.
pub fn name_version(tree: &Path, version: &str) -> Result<()> {
    let text = format!("#define SOLO5_VERSION \"v{version}\"\n");
    write(&tree.join("include/version.h.distrib"), &text)
}

/// How many jobs `make` may run.
pub fn jobs() -> String {
    let count = std::thread::available_parallelism().map_or(1, |count| count.get());
    format!("-j{count}")
}

/// Have cargo fetch the sources; answers the directory of the tree.
pub fn fetch() -> Result<PathBuf> {
    let project = paths::tenders().join("sources");
    write(&project.join("Cargo.toml"), MANIFEST)?;
    write(&project.join("Cargo.lock"), LOCK)?;
    write(&project.join("empty.rs"), "")?;
    for (name, version) in [("bindgen", "0.53.1"), ("cty", "0.2.0")] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
        write(&project.join(name).join("Cargo.toml"), &manifest)?;
        write(&project.join(name).join("src/lib.rs"), "")?;
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Away from the workspace's own configuration and target directory.
    cargo.current_dir(&project).env_remove("CARGO_TARGET_DIR");
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_str(&sh::output(&mut cargo)?)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|package| package["name"] == "solo5-sys")
        .find_map(|package| package["manifest_path"].as_str());
    let manifest = Path::new(manifest.context("cargo does not say where solo5-sys 0.1.0 is")?);
    let tree = manifest.with_file_name("solo5");
    if !tree.join("configure.sh").is_file() {
        bail!("there is no Solo5 tree in {}", tree.display());
    }
    Ok(tree)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Copy a directory; cargo's own copy stays as it is.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)
                .with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tender_says_what_it_is() {
        let text = "solo5-spt tender, version v0.12.1-7-g469c1a8\nABI version 2\n";
        assert_eq!(parse(text), Some(("v0.12.1-7-g469c1a8".to_owned(), 2)));
        assert_eq!(parse("usage: solo5-spt [ CORE OPTIONS ]"), None);
        assert_eq!(parse("version 1\nABI version none"), None);
    }
}
