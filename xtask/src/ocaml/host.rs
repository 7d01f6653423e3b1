//! The compiler that a cross compiler is built with: of the same version, for
//! this machine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::build::{LEAN, STAMP, clean, destdir, digest, lock, log, make, place, promote, unpack};
use super::source::{Scratch, Source};
use super::{Release, TRIPLET};
use crate::{progress, sh};

/// A compiler for the machine that builds.
pub struct Host {
    /// Where its programs are.
    pub bin: PathBuf,
}

/// The compiler of this release for this machine: the one on the PATH, or our own.
pub fn ensure(release: &Release, source: &Source) -> Result<Host> {
    let _lock = lock(release)?;
    locked(release, source)
}

/// The same, while the release is locked.
pub fn locked(release: &Release, source: &Source) -> Result<Host> {
    if let Some(host) = on_path(release) {
        return Ok(host);
    }
    let prefix = place(release, "host");
    let bin = prefix.join("bin");
    let flags = ["--disable-installing-source-artifacts"];
    let stamp = format!("{}\n", digest(&(&LEAN, &flags, &prefix)));
    if fs::read_to_string(prefix.join(STAMP)).is_ok_and(|found| found == stamp) {
        return Ok(Host { bin });
    }
    sh::step(format!(
        "building OCaml {} for this machine: the PATH has none (about 4 minutes on 2 cores)",
        release.version
    ));
    let tree = Scratch::new(&place(release, "build-host"))?;
    unpack(&source.find(release)?, &tree.0, release)?;
    let run = |name: &str, command: &mut Command| {
        progress::run(
            clean(command).current_dir(&tree.0),
            &log(release, "host", name),
        )
    };
    run(
        "configure",
        Command::new("./configure")
            .arg(format!("--prefix={}", prefix.display()))
            .args(LEAN)
            .args(flags),
    )?;
    run("build", make().arg("world.opt"))?;
    let stage = Scratch::new(&place(release, "stage-host"))?;
    run("install", make().arg("install").arg(destdir(&stage.0)))?;
    promote(&stage.0, &prefix, &stamp)?;
    Ok(Host { bin })
}

/// The compiler of exactly this version on the PATH, if it makes programs for
/// this machine and all that a cross build calls is beside it.
fn on_path(release: &Release) -> Option<Host> {
    let ocamlopt = sh::which("ocamlopt")?;
    // What `install` put there is a copy of our own.
    let real = fs::canonicalize(&ocamlopt).ok()?;
    if real.ancestors().nth(2)?.join(STAMP).exists() {
        return None;
    }
    let bin = ocamlopt.parent()?.to_path_buf();
    let answer = |program: &str, arguments: &[&str]| {
        let output = Command::new(bin.join(program)).args(arguments).output();
        String::from_utf8(output.ok()?.stdout).ok()
    };
    let complete = ["ocamlrun", "ocamllex", "ocamlyacc"]
        .iter()
        .all(|tool| bin.join(tool).is_file());
    let is_it = complete
        && answer("ocamlopt", &["-version"])?.trim() == release.version
        && answer("ocamlc", &["-version"])?.trim() == release.version
        && answer("ocamlopt", &["-config-var", "target"])?.trim() != TRIPLET;
    is_it.then_some(Host { bin })
}
