//! Where OCaml's sources come from. Whatever is fetched is checked against the
//! release's SHA-256 before it gets its name in `downloads/`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};

use super::{Release, release};
use crate::debian::{Apt, captured};
use crate::{paths, sh};

/// Which sources are wanted.
#[derive(Debug)]
pub enum Source {
    /// Those that the release pins, from wherever they can be had.
    Pinned,
    /// This directory.
    Directory(PathBuf),
}

/// Sources at hand.
#[derive(Debug)]
pub enum Found {
    /// A tar archive with one directory in it.
    Archive(PathBuf),
    /// A directory.
    Directory(PathBuf),
}

impl Source {
    /// The sources in `directory`, and the release that they are.
    pub fn directory(directory: &Path) -> Result<(&'static Release, Source)> {
        let directory = fs::canonicalize(directory)
            .with_context(|| format!("no directory {}", directory.display()))?;
        let text = fs::read_to_string(directory.join("VERSION")).with_context(|| {
            format!("{} holds no OCaml sources: no VERSION", directory.display())
        })?;
        let release = release(text.lines().next().unwrap_or_default().trim())?;
        for file in ["configure", "boot/ocamlc", "runtime/amd64.S"] {
            ensure!(
                directory.join(file).is_file(),
                "{} is no complete OCaml source tree: no {file}",
                directory.display()
            );
        }
        ensure!(
            !directory.join("Makefile.config").exists(),
            "{} has been configured: run `make distclean` there, or give fresh sources",
            directory.display()
        );
        Ok((release, Source::Directory(directory)))
    }

    /// The sources themselves.
    pub fn find(&self, release: &Release) -> Result<Found> {
        match self {
            Source::Directory(directory) => Ok(Found::Directory(directory.clone())),
            Source::Pinned => find(release)?.map_err(|reasons| none(release, &reasons)),
        }
    }
}

/// The error that says why `release` could not be had.
pub fn none(release: &Release, reasons: &[String]) -> anyhow::Error {
    let mut text = format!("the sources of OCaml {} could not be had:", release.version);
    for reason in reasons {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {reason}");
    }
    text.push_str("\n  or give a directory of your own: --ocaml-src DIR");
    anyhow!(text)
}

/// Have the sources of `release` at hand; the inner error says what was tried.
pub fn fetch(release: &Release) -> Result<Result<(), Vec<String>>> {
    Ok(find(release)?.map(drop))
}

/// A wrong checksum is an error of its own: it is not passed over in silence.
fn find(release: &Release) -> Result<Result<Found, Vec<String>>> {
    let archive = paths::downloads().join(format!("ocaml_{}.orig.tar.xz", release.version));
    if archive.exists() {
        check(&archive, release.debian_sha256)?;
        return Ok(Ok(Found::Archive(archive)));
    }
    let package = paths::downloads().join(format!("ocaml-{}.tgz", release.version));
    if let Some(sha256) = release.npm_sha256
        && package.exists()
    {
        check(&package, sha256)?;
        return Ok(Ok(Found::Archive(package)));
    }
    if let Some(directory) = ocaml_src(release) {
        return Ok(Ok(Found::Directory(directory)));
    }

    fs::create_dir_all(paths::downloads())
        .with_context(|| format!("cannot create {}", paths::downloads().display()))?;
    let scratch = Scratch::new(&paths::downloads().join(format!(".{}", std::process::id())))?;
    let mut reasons = vec![format!("no ocaml-src {} is installed", release.version)];
    match debian(release, &scratch.0) {
        Ok(file) => {
            check(&file, release.debian_sha256)?;
            fs::rename(&file, &archive)?;
            return Ok(Ok(Found::Archive(archive)));
        }
        Err(error) => reasons.push(format!("Debian {}: {error:#}", release.debian_suite)),
    }
    let Some(sha256) = release.npm_sha256 else {
        reasons.push(format!("npm has no ocaml@{}", release.version));
        return Ok(Err(reasons));
    };
    match npm(release, &scratch.0) {
        Ok(file) => {
            check(&file, sha256)?;
            fs::rename(&file, &package)?;
            Ok(Ok(Found::Archive(package)))
        }
        Err(error) => {
            reasons.push(format!("npm: {error:#}"));
            Ok(Err(reasons))
        }
    }
}

/// The directory of an installed `ocaml-src` of this version.
fn ocaml_src(release: &Release) -> Option<PathBuf> {
    let query = || {
        let ocamlfind = sh::which("ocamlfind")?;
        let output = Command::new(ocamlfind)
            .args(["query", "ocaml-src"])
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output
            .status
            .success()
            .then(|| PathBuf::from(text.trim_end()))
    };
    let switch =
        || Some(PathBuf::from(std::env::var_os("OPAM_SWITCH_PREFIX")?).join("lib/ocaml-src"));
    [query(), switch()].into_iter().flatten().find(|directory| {
        matches!(Source::directory(directory), Ok((found, _)) if found.version == release.version)
    })
}

/// Fetch Debian's archive.
fn debian(release: &Release, scratch: &Path) -> Result<PathBuf> {
    let apt = Apt::new(scratch, &[release.debian_suite])?;
    apt.source("ocaml", release.version)?;
    Ok(apt.file(&format!("ocaml_{}.orig.tar.xz", release.version)))
}

/// Fetch the npm package.
fn npm(release: &Release, scratch: &Path) -> Result<PathBuf> {
    let npm = sh::which("npm").context("this machine has no npm")?;
    let name = format!("ocaml@{}", release.version);
    captured(
        Command::new(npm)
            .args(["pack", "--silent", &name])
            .current_dir(scratch),
    )?;
    Ok(scratch.join(format!("ocaml-{}.tgz", release.version)))
}

/// Check a file's SHA-256.
pub fn check(file: &Path, sha256: &str) -> Result<()> {
    let text = sh::output(Command::new("sha256sum").arg(file))?;
    let found = text.split_whitespace().next().unwrap_or_default();
    ensure!(
        // A name with a backslash or a newline makes sha256sum write one first.
        found.trim_start_matches('\\') == sha256,
        "wrong checksum: {} has the SHA-256 {found}, expected {sha256}; \
         delete the file to fetch it again",
        file.display()
    );
    Ok(())
}

/// A directory that goes away.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// An empty directory at `path`.
    pub fn new(path: &Path) -> Result<Scratch> {
        remove(path)?;
        fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Scratch(path.to_path_buf()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind it is in nobody's way, and the next run removes it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Remove a directory if it is there.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_checksum_names_both() {
        let file = std::env::temp_dir().join(format!("checksum-{}", std::process::id()));
        fs::write(&file, "abc").unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&file, abc).unwrap();
        let error = check(&file, &"0".repeat(64)).unwrap_err().to_string();
        assert!(error.contains(abc) && error.contains("0000"), "{error}");
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_directory_must_be_sources() {
        let directory = std::env::temp_dir().join(format!("sources-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("holds no OCaml sources"), "{error}");
        fs::write(directory.join("VERSION"), "4.14.2\n").unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("4.14.2 is not supported"), "{error}");
        fs::write(directory.join("VERSION"), "5.3.0\n\n# comment\n").unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("no configure"), "{error}");
        fs::remove_dir_all(directory).unwrap();
    }
}
