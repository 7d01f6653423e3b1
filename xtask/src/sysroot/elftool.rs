//! The tool for manifests, under our name and under Solo5's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::PREFIX;
use crate::{paths, sh};

/// Compile the tool into the directory `bin`.
pub fn build(bin: &Path) -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(paths::root())
        .args(["build", "--package", "elftool", "--release"])
        .args(["--config", "profile.release.strip=true"])
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--target-dir")
        .arg(paths::out().join("rust"))
        .env("CARGO_ENCODED_RUSTFLAGS", super::remapped().join("\x1f"));
    let output = sh::output(&mut command)?;
    let messages = output.lines();
    let program = messages
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "elftool")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    let program = super::read(&program.context("cargo names no elftool")?)?;
    for name in [&format!("{PREFIX}-elftool"), "solo5-elftool"] {
        super::executable(&bin.join(name), &program)?;
    }
    Ok(())
}
