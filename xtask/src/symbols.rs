//! `cargo xtask symbols`: `nolibc-rs/exports.txt` names every global symbol of
//! `libnolibc.a`, and each of them exists.
//!
//! The list is grouped by the header that declares the function: a line
//! `<header.h>` or `[subject]` opens a group, `#` a comment.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::sysroot::{self, archive};
use crate::{paths, recursion, sh};

/// Check the archive's global symbols against exports.txt.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Write exports.txt anew: add what is missing under the header that
    /// declares it, and drop what is no more.
    #[arg(long)]
    update: bool,
}

/// The group of the members that an application or a backend may replace.
const DEFAULTS: &str = "[defaults]";

/// What the archive may want from elsewhere by prefix: the seam, and ld's own
/// names for where an output section lies.
const SEAM: [&str; 4] = ["solo5_", "machine_", ".startof.", ".sizeof."];

/// What else it may want: the stack protector's pair, the program's entry, and
/// names that the linker scripts define.
const FOREIGN: [&str; 13] = [
    "__real_solo5_yield",
    "__stack_chk_guard",
    "__stack_chk_fail",
    "main",
    "__preinit_array_start",
    "__preinit_array_end",
    "__init_array_start",
    "__init_array_end",
    "__fini_array_start",
    "__fini_array_end",
    "_stext",
    "_etext",
    "_end",
];

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let raw = archive::compile()?;
    let list = list_file();
    let mut actual: BTreeSet<String> = unlisted(&raw.library, &[])?.into_iter().collect();
    let mut problems = Vec::new();
    let mut defaults = BTreeSet::new();
    for object in &raw.defaults {
        let name = object
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if nm(object, "--defined-only")? != BTreeSet::from([name.clone()]) {
            problems.push(format!(
                "csrc/defaults/{name}.c defines something else than {name}"
            ));
        }
        actual.remove(&name);
        defaults.insert(name);
    }
    if options.update {
        let text = render(&actual, &defaults, &groups(&read(&list)?), &declared()?);
        fs::write(&list, text).with_context(|| format!("cannot write {}", list.display()))?;
    }
    let listed: BTreeSet<String> = exports(&list)?.into_iter().collect();
    let all: BTreeSet<String> = actual.union(&defaults).cloned().collect();
    for name in all.difference(&listed) {
        problems.push(format!("{name} is global and not in exports.txt"));
    }
    for name in listed.difference(&all) {
        problems.push(format!("{name} is in exports.txt and not in the archive"));
    }
    let archive = sysroot::ensure()?.join("lib/libnolibc.a");
    let defined = nm(&archive, "--defined-only")?;
    for name in nm(&archive, "--undefined-only")? {
        let seam = SEAM.iter().any(|prefix| name.starts_with(prefix));
        if !seam && !defined.contains(&name) && !FOREIGN.contains(&name.as_str()) {
            problems.push(format!("{name} is wanted and nobody defines it"));
        }
    }
    problems.extend(recursion::problems(&archive)?);
    for problem in &problems {
        eprintln!("symbols: {problem}");
    }
    if problems.is_empty() {
        println!(
            "symbols: {} in exports.txt, all there and no other",
            all.len()
        );
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("symbols: `cargo xtask symbols --update` rewrites exports.txt");
    Ok(ExitCode::FAILURE)
}

/// `nolibc-rs/exports.txt`
pub fn list_file() -> PathBuf {
    paths::root().join("nolibc-rs/exports.txt")
}

fn read(list: &Path) -> Result<String> {
    fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))
}

/// The symbols of a list.
pub fn exports(list: &Path) -> Result<Vec<String>> {
    Ok(groups(&read(list)?).into_keys().collect())
}

/// The group of each symbol in the text of a list.
fn groups(text: &str) -> BTreeMap<String, String> {
    let mut group = "[other]";
    let mut found = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with(['<', '[']) {
            group = line;
        } else if !line.is_empty() && !line.starts_with('#') {
            found.insert(line.to_owned(), group.to_owned());
        }
    }
    found
}

/// The global symbols of an object or an archive, as `nm` selects them.
pub fn nm(object: &Path, selection: &str) -> Result<BTreeSet<String>> {
    let mut command = Command::new("nm");
    let text = sh::output(command.args(["-g", "-P", selection]).arg(object))?;
    // "name T value size"; a member of an archive is announced as "file[member]:".
    let symbols = text.lines().filter(|line| !line.ends_with(':'));
    Ok(symbols
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect())
}

/// The C symbols that the static library defines and `listed` does not have.
///
/// Only those of this project's members: the archive holds Rust's own crates
/// and their C parts as well. Not `nolibc_*` either, by which C and Rust parts
/// of the library call each other.
pub fn unlisted(library: &Path, listed: &[String]) -> Result<Vec<String>> {
    let compiled = sources()?;
    let mut command = Command::new("nm");
    let text = sh::output(command.args(["-g", "-P", "--defined-only"]).arg(library))?;
    let mut ours = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if let Some(member) = line
            .strip_suffix("]:")
            .and_then(|line| line.rsplit('[').next())
        {
            // The cc crate names an object `<hash>-<source>.o`.
            let source = member.split_once('-').map_or(member, |(_, source)| source);
            ours = member.starts_with("nolibc") || compiled.iter().any(|name| name == source);
            continue;
        }
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        // Anything else is a remark about the member.
        if words.next().is_none_or(|kind| kind.len() != 1) {
            continue;
        }
        let internal = ["_ZN", "_R", "__rust", "rust_", "nolibc_"];
        if ours && !internal.iter().any(|prefix| name.starts_with(prefix)) {
            found.insert(name.to_owned());
        }
    }
    found.retain(|name| !listed.contains(name));
    Ok(found.into_iter().collect())
}

/// The object names of what `csrc` puts into the archive with the Rust code.
fn sources() -> Result<Vec<String>> {
    let mut objects = Vec::new();
    for name in ["variadic", "long_double"] {
        let directory = paths::root().join("nolibc-rs/csrc").join(name);
        if directory.is_dir() {
            for file in sysroot::files(&directory)? {
                objects.push(file.with_extension("o").to_string_lossy().into_owned());
            }
        }
    }
    Ok(objects)
}

/// The header that declares each name.
fn declared() -> Result<BTreeMap<String, String>> {
    let include = paths::root().join("nolibc-rs/include");
    let mut found = BTreeMap::new();
    for file in sysroot::files(&include)? {
        let text = fs::read_to_string(include.join(&file))?;
        let header = format!("<{}>", file.display());
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        for line in code {
            let ends: &[char] = match line.trim_start().starts_with("extern ") {
                true => &[',', ';', '['],
                false => &['(', ';', '['],
            };
            for (index, _) in line.match_indices(ends) {
                let before = line[..index].trim_end();
                let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let word = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
                found
                    .entry(word.to_owned())
                    .or_insert_with(|| header.clone());
            }
        }
    }
    Ok(found)
}

/// The text of the list: old groups are kept, new symbols go where they are
/// declared.
fn render(
    actual: &BTreeSet<String>,
    defaults: &BTreeSet<String>,
    old: &BTreeMap<String, String>,
    declared: &BTreeMap<String, String>,
) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in actual {
        let known = old
            .get(name)
            .filter(|group| *group != "[other]" && *group != DEFAULTS);
        let group = known
            .or_else(|| declared.get(name))
            .map_or("[other]", String::as_str);
        groups.entry(group).or_default().push(name);
    }
    groups
        .entry(DEFAULTS)
        .or_default()
        .extend(defaults.iter().map(String::as_str));
    let mut text = String::from(
        "# Every global symbol of libnolibc.a, by the header that declares it.\n\
         # `cargo xtask symbols` checks it both ways, `--update` rewrites it.\n\
         # [defaults] are archive members of their own, which a program or a backend\n\
         # may define instead.\n",
    );
    for (group, names) in groups {
        let _ = write!(text, "\n{group}\n");
        for name in names {
            let _ = writeln!(text, "{name}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_survives_an_update() {
        let old = groups("# list\n<b.h>\nbeta\ngone\n\n[defaults]\nmain_default\n");
        let actual = ["alpha", "beta", "new"].map(str::to_owned).into();
        let defaults = ["main_default"].map(str::to_owned).into();
        let declared = [("alpha".to_owned(), "<a.h>".to_owned())].into();
        let text = render(&actual, &defaults, &old, &declared);
        let expected = [
            ("alpha", "<a.h>"),
            ("beta", "<b.h>"),
            ("main_default", "[defaults]"),
            ("new", "[other]"),
        ];
        let expected = expected.map(|(name, group)| (name.to_owned(), group.to_owned()));
        assert_eq!(groups(&text), expected.into());
    }
}
