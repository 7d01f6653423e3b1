//! What the commands that boot images take from the commands that build parts.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{ocaml, paths, sh};

/// A tender and the version of the ABI it takes.
pub struct Tender {
    pub path: PathBuf,
    pub abi: u32,
}

/// An OCaml cross compiler.
pub struct Compiler {
    pub version: String,
    pub prefix: PathBuf,
}

pub fn sysroot() -> Result<PathBuf> {
    let sysroot = paths::sysroot();
    if !sysroot.exists() {
        bail!("there is no sysroot");
    }
    Ok(sysroot)
}

pub fn tender(name: &str) -> Result<Tender> {
    match sh::which(&format!("solo5-{name}")) {
        Some(path) => Ok(Tender { path, abi: 2 }),
        None => bail!("there is no solo5-{name} on the PATH"),
    }
}

pub fn ocaml(version: Option<&str>) -> Result<Compiler> {
    let cross = ocaml::ensure(version)?;
    Ok(Compiler {
        version: cross.version.to_string(),
        prefix: cross.prefix,
    })
}
