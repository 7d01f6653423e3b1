//! Debian's cloud kernel and busybox: fetched with `apt-get download`, unpacked
//! with `dpkg -x`, never installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The package whose dependency is the newest cloud kernel.
const KERNEL: &str = "linux-image-cloud-amd64";

/// The unpacked packages: a tree with `boot/`, `bin/` and `lib/modules`.
pub fn unpack(directory: &Path) -> Result<PathBuf> {
    let kernel = kernel_package()?;
    let tree = directory.join(&kernel);
    let done = tree.join(".complete");
    if done.exists() {
        return Ok(tree);
    }
    let debs = directory.join("debs");
    fs::create_dir_all(&debs)?;
    for package in [kernel.as_str(), "busybox-static"] {
        let deb = download(package, &debs)?;
        fs::create_dir_all(&tree)?;
        run(Command::new("dpkg").arg("-x").arg(&deb).arg(&tree))?;
    }
    fs::remove_dir_all(&debs)?;
    fs::write(done, "")?;
    remove_others(directory, &kernel)?;
    Ok(tree)
}

/// Older kernels take 100 MB each.
fn remove_others(directory: &Path, keep: &str) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("linux-image-") && name != keep {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// The kernel's package: the first dependency of [`KERNEL`].
fn kernel_package() -> Result<String> {
    let mut command = Command::new("apt-cache");
    let output = command
        .args(["depends", KERNEL])
        .output()
        .context("cannot start apt-cache: hvt-nested takes its kernel from Debian's packages")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .find(|name| name.starts_with("linux-image-"))
        .map(str::to_string)
        .with_context(|| {
            format!("apt knows no package {KERNEL}: run `apt-get update`, on Debian 12 or newer")
        })
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
