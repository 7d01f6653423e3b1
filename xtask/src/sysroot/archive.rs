//! `libnolibc.a`: one object whose globals are those of `exports.txt`, and the
//! default definitions, each a member of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{paths, sh, symbols};

/// What cargo makes of nolibc-rs: the static library and the members that
/// others may replace.
pub struct Raw {
    /// With all of `core` in it, and every internal symbol global.
    pub library: PathBuf,
    /// One object for each default definition, named after it.
    pub defaults: Vec<PathBuf>,
}

/// Compile nolibc-rs.
pub fn compile() -> Result<Raw> {
    let (library, out) = super::compile("nolibc-rs", &super::features())?;
    let directory = out
        .context("nolibc-rs has no build script")?
        .join("defaults");
    let names = super::files(&directory)?;
    Ok(Raw {
        library,
        defaults: names.iter().map(|name| directory.join(name)).collect(),
    })
}

/// Build the archive.
pub fn build(output: &Path) -> Result<()> {
    let raw = compile()?;
    let list = symbols::list_file();
    let mut inputs: Vec<&Path> = raw.defaults.iter().map(PathBuf::as_path).collect();
    inputs.extend([raw.library.as_path(), &list]);
    let work = paths::out().join("work/nolibc");
    let draft = work.join("libnolibc.a");
    if !super::outdated(&draft, output, &inputs)? {
        return Ok(());
    }
    let exports = all_exports(&raw, &list)?;
    fs::create_dir_all(&work)?;
    let object = work.join("nolibc.o");
    super::relocatable(&raw.library, &exports, &object)?;
    let defined = symbols::nm(&object, "--defined-only")?;
    if let Some(missing) = exports.iter().find(|name| !defined.contains(*name)) {
        bail!("exports.txt names {missing}, which nolibc-rs does not define");
    }
    // Weak: a program that brings a `memcpy` of its own must not collide with
    // the one object that everything else comes from. Only what it defines: a
    // weak wish would not take the default out of the archive.
    let list = super::symbol_list(&object);
    let weaken = format!("--weaken-symbols={}", list.display());
    sh::run(Command::new("objcopy").arg(weaken).arg(&object))?;

    // `ar` would keep members that are no more.
    if draft.exists() {
        fs::remove_file(&draft)?;
    }
    sh::run(
        Command::new("ar")
            .arg("rcsD")
            .arg(&draft)
            .arg(&object)
            .args(&raw.defaults),
    )?;
    super::publish(&draft, output)
}

/// What stays global: the list, and what the list does not have yet, with a
/// warning; `xtask symbols` makes an error of that.
fn all_exports(raw: &Raw, list: &Path) -> Result<Vec<String>> {
    let mut exports = symbols::exports(list)?;
    let unlisted = symbols::unlisted(&raw.library, &exports)?;
    if !unlisted.is_empty() {
        sh::step(format!(
            "not in exports.txt (`cargo xtask symbols --update` adds them): {}",
            unlisted.join(" ")
        ));
        exports.extend(unlisted);
    }
    let defaults = raw
        .defaults
        .iter()
        .filter_map(|path| path.file_stem()?.to_str());
    let defaults: Vec<&str> = defaults.collect();
    exports.retain(|name| !defaults.contains(&name.as_str()));
    Ok(exports)
}
