//! `cargo xtask ocaml`: the OCaml cross compiler.
//!
//! Sources are those of a release that is listed here, unchanged but for the
//! patches in `ocaml-runtime-patches`. The compiler that builds the cross
//! compiler has the same version; it is built first when the PATH has none.
//! Everything lies in `target/nolibc/ocaml/VERSION`: `host/`, `cross/`, the
//! logs, and `build-cross/`, so that a changed header costs a rebuild of the C
//! parts alone.

mod build;
mod host;
mod source;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{paths, sh};
pub use build::STAMP;
use source::{Scratch, Source};
pub use source::{check, remove};

/// The target as autoconf names it.
const TRIPLET: &str = "x86_64-pc-none";

/// A release of OCaml that can be built.
#[derive(Debug)]
pub struct Release {
    /// Its version.
    pub version: &'static str,
    /// The SHA-256 of `ocaml_VERSION.orig.tar.xz` as Debian has it.
    debian_sha256: &'static str,
    /// The suite of Debian that has it.
    debian_suite: &'static str,
    /// The SHA-256 of the npm package `ocaml@VERSION`, where there is one.
    npm_sha256: Option<&'static str>,
    /// What tells `configure` the target.
    configure: &'static [&'static str],
}

/// The releases, newest first.
static RELEASES: [Release; 2] = [
    Release {
        version: "5.4.1",
        debian_sha256: "b1e297adc186635540758eb064c7fab025598ae4436f3b9767e5025188b4e0ab",
        debian_suite: "sid",
        npm_sha256: None,
        configure: &[
            "--target=x86_64-nolibc-ocaml",
            "ac_cv_target=x86_64-pc-none",
            "AS=x86_64-nolibc-ocaml-as",
        ],
    },
    // 5.3's configure knows a host only: the machine that the runtime is for.
    // It notes "no executable stack" on systems that it knows by name only.
    Release {
        version: "5.3.0",
        debian_sha256: "b0229336d9ebe0af905954bcd1ae5b293306bbcb08c01ead03500d9e5bc90164",
        debian_suite: "trixie",
        npm_sha256: Some("c4108bac7b45c46325f0e15a988c308f7785cd6c4d29dac190df06f543f7c992"),
        configure: &[
            "--host=x86_64-nolibc-ocaml",
            "ac_cv_host=x86_64-pc-none",
            "AS=x86_64-nolibc-ocaml-as --noexecstack",
            "ASPP=x86_64-nolibc-ocaml-gcc -c -Wa,--noexecstack",
        ],
    },
];

/// Build the OCaml cross compiler.
///
/// Sources: the directory given, those that an earlier run fetched, an installed
/// `ocaml-src`, Debian's archive, npm. What is fetched is checked against a
/// SHA-256 written in this program.
#[derive(clap::Args)]
pub struct Options {
    /// Build this version (5.4.1 or 5.3.0) instead of the newest that can be had.
    #[arg(long = "ocaml", value_name = "VERSION")]
    version: Option<String>,
    /// Take the sources from DIR, as released: not configured, not built.
    #[arg(long, value_name = "DIR")]
    ocaml_src: Option<PathBuf>,
    /// Only build the compiler for this machine that the cross compiler is built with.
    #[arg(long)]
    host_only: bool,
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let asked = options.version.as_deref().map(release).transpose()?;
    let (release, source) = match options.ocaml_src {
        Some(directory) => {
            let (release, source) = Source::directory(&directory)?;
            if let Some(asked) = asked
                && asked.version != release.version
            {
                bail!(
                    "{} holds OCaml {}, not {}",
                    directory.display(),
                    release.version,
                    asked.version
                );
            }
            (release, source)
        }
        None => obtain(asked)?,
    };
    sh::step(format!("OCaml {}", release.version));
    if options.host_only {
        let host = host::ensure(release, &source)?;
        eprintln!("OCaml {}: {}", release.version, host.bin.display());
    } else {
        let cross = build::cross(release, &source)?;
        eprintln!("OCaml {}: {}", cross.version, cross.prefix.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// A cross compiler that is ready. It calls the C compiler by name: its `bin/`
/// must be on the PATH.
#[derive(Clone, Debug)]
pub struct Cross {
    /// The version of OCaml.
    pub version: &'static str,
    /// `bin/ocamlopt.opt`, `lib/ocaml/libasmrun.a` ...
    pub prefix: PathBuf,
}

/// The cross compiler of `version`; else the newest one that is built; else the
/// newest that can be had. Builds what is missing or out of date.
///
/// With `$NOLIBC_OCAML_CROSS` the one installed there is used as it is.
pub fn ensure(version: Option<&str>) -> Result<Cross> {
    let asked = version.map(release).transpose()?;
    if let Some(prefix) = std::env::var_os("NOLIBC_OCAML_CROSS") {
        return installed(&PathBuf::from(prefix), asked);
    }
    let built = || RELEASES.iter().find(|release| build::is_installed(release));
    let (release, source) = match asked.or_else(built) {
        Some(release) => (release, Source::Pinned),
        None => obtain(None)?,
    };
    build::cross(release, &source)
}

/// The `ocamlopt` of the same version for this machine: the one beside a cross compiler that
/// was given, or else the one that ours was built with.
pub fn host_compiler(cross: &Cross) -> Result<PathBuf> {
    const NAME: &str = "bin/ocamlopt.opt";
    let beside = cross
        .prefix
        .parent()
        .map(|directory| directory.join("host").join(NAME));
    if let Some(compiler) = beside.filter(|compiler| compiler.is_file()) {
        return Ok(compiler);
    }
    let host = host::ensure(release(cross.version)?, &Source::Pinned)?;
    Ok(host.bin.join("ocamlopt.opt"))
}

/// The compiler of the same version for this machine, where it was built here; else
/// the PATH has it.
pub fn own_host(cross: &Cross) -> Result<Option<PathBuf>> {
    let compiler = host_compiler(cross)?;
    let prefix = compiler.ancestors().nth(2).map(Path::to_path_buf);
    Ok(prefix.filter(|prefix| prefix.join(STAMP).exists()))
}

/// The directory of an OCaml of `version` for this machine, built if the PATH has none.
pub fn compiler_for_this_machine(version: &str) -> Result<PathBuf> {
    Ok(host::ensure(release(version)?, &Source::Pinned)?.bin)
}

/// The programs of the testsuite of `version`: `testsuite/tests` of its sources.
pub fn testsuite(version: &str) -> Result<PathBuf> {
    let directory = paths::out().join("testsuite").join(version);
    if directory.exists() {
        return Ok(directory);
    }
    let release = release(version)?;
    let found = Source::Pinned.find(release)?;
    let scratch = Scratch::new(&paths::out().join("testsuite").join("draft"))?;
    build::unpack(&found, &scratch.0, release)?;
    fs::rename(scratch.0.join("testsuite/tests"), &directory)
        .with_context(|| format!("the sources of OCaml {version} have no testsuite"))?;
    Ok(directory)
}

fn installed(prefix: &Path, asked: Option<&Release>) -> Result<Cross> {
    let ocamlopt = prefix.join("bin/ocamlopt.opt");
    let version = sh::output(Command::new(&ocamlopt).arg("-version"))
        .context("NOLIBC_OCAML_CROSS names no OCaml compiler")?;
    let found = release(version.trim())?;
    if let Some(asked) = asked
        && asked.version != found.version
    {
        bail!(
            "NOLIBC_OCAML_CROSS has OCaml {}, not {}",
            found.version,
            asked.version
        );
    }
    Ok(Cross {
        version: found.version,
        prefix: prefix.to_path_buf(),
    })
}

/// The versions, newest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    RELEASES.iter().map(|release| release.version)
}

/// Why the sources of `version` cannot be had here; `None`: they are at hand.
///
/// # Errors
/// Sources that are not what they should be, and the like: no reason to go on.
pub fn unavailable(version: &str) -> Result<Option<String>> {
    let release = release(version)?;
    if build::is_installed(release) {
        return Ok(None);
    }
    let fetched = source::fetch(release)?;
    let reasons = fetched.map_err(|reasons| source::none(release, &reasons));
    Ok(reasons.err().map(|error| format!("{error:#}")))
}

fn release(version: &str) -> Result<&'static Release> {
    match RELEASES.iter().find(|release| release.version == version) {
        Some(release) => Ok(release),
        None => {
            let known: Vec<_> = versions().collect();
            bail!(
                "OCaml {version} is not supported; supported: {}",
                known.join(", ")
            )
        }
    }
}

/// The release asked for, or the newest that can be had, with its sources at hand.
fn obtain(asked: Option<&'static Release>) -> Result<(&'static Release, Source)> {
    if let Some(release) = asked {
        source::fetch(release)?.map_err(|reasons| source::none(release, &reasons))?;
        return Ok((release, Source::Pinned));
    }
    let mut failures = Vec::new();
    for release in &RELEASES {
        match source::fetch(release)? {
            Ok(()) => {
                for failure in &failures {
                    eprintln!("warning: {failure}");
                }
                if !failures.is_empty() {
                    eprintln!("warning: going on with OCaml {}", release.version);
                }
                return Ok((release, Source::Pinned));
            }
            Err(reasons) => failures.push(source::none(release, &reasons)),
        }
    }
    let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
    bail!("{}", failures.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_known_by_version_and_newest_first() {
        let versions: Vec<_> = versions().collect();
        let mut sorted = versions.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        assert_eq!(versions, sorted);
        assert!(release("5.3.0").is_ok());
        let error = release("4.14.2").unwrap_err().to_string();
        assert!(error.contains("5.4.1, 5.3.0"), "{error}");
    }

    #[test]
    fn every_release_has_patches_and_a_target() {
        for release in &RELEASES {
            let directory = paths::root()
                .join("ocaml-runtime-patches")
                .join(release.version);
            assert!(directory.is_dir(), "{}", directory.display());
            let words = release.configure.join(" ");
            assert!(
                words.contains(crate::sysroot::PREFIX) && words.contains(TRIPLET),
                "{words}"
            );
        }
    }
}
