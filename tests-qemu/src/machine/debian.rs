//! Debian's packages, beside the system: fetched with `apt-get download`, unpacked
//! with `dpkg -x`, never installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The first package that `package` depends on and whose name begins with `prefix`:
/// what stands behind the name of a newest version.
pub fn newest(package: &str, prefix: &str) -> Result<String> {
    let mut command = Command::new("apt-cache");
    let output = command
        .args(["depends", package])
        .output()
        .with_context(|| format!("cannot start apt-cache, which knows of {package}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .find(|name| name.starts_with(prefix))
        .map(str::to_string)
        .with_context(|| {
            format!("apt knows no package {package}: run `apt-get update`, on Debian 12 or newer")
        })
}

/// Fetch `packages` and unpack them into `tree`.
pub fn unpack(packages: &[&str], tree: &Path) -> Result<()> {
    fs::create_dir_all(tree)?;
    let debs = tree.join("debs");
    fs::create_dir_all(&debs)?;
    for package in packages {
        let deb = download(package, &debs)?;
        run(Command::new("dpkg").arg("-x").arg(&deb).arg(tree))?;
    }
    fs::remove_dir_all(&debs)?;
    Ok(())
}

fn download(package: &str, debs: &Path) -> Result<PathBuf> {
    run(Command::new("apt-get")
        .args(["--quiet", "download", package])
        .current_dir(debs))
    .with_context(|| format!("cannot fetch {package}; `apt-get update` renews apt's lists"))?;
    let prefix = format!("{package}_");
    for entry in fs::read_dir(debs)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(".deb") {
            return Ok(path);
        }
    }
    bail!("apt-get download left no {package}_*.deb")
}

/// Run a command, said aloud; its output appears when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let line = format!("{command:?}").replace('"', "");
    eprintln!("$ {line}");
    let output = command
        .output()
        .with_context(|| format!("cannot start {line}"))?;
    ensure!(
        output.status.success(),
        "`{line}` failed: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
