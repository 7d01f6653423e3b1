//! What the commands that boot images take from the commands that build parts.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::sh;

/// A tender and the version of the ABI it takes.
pub struct Tender {
    pub path: PathBuf,
    pub abi: u32,
}

pub fn tender(name: &str) -> Result<Tender> {
    match sh::which(&format!("solo5-{name}")) {
        Some(path) => Ok(Tender { path, abi: 2 }),
        None => bail!("there is no solo5-{name} on the PATH"),
    }
}
