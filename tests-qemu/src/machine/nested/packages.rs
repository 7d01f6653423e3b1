//! Debian's cloud kernel and busybox.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::machine::debian;

/// The package whose dependency is the newest cloud kernel.
const KERNEL: &str = "linux-image-cloud-amd64";

/// The unpacked packages: a tree with `boot/`, `bin/` and `lib/modules`.
pub fn unpack(directory: &Path) -> Result<PathBuf> {
    let kernel = debian::newest(KERNEL, "linux-image-")?;
    let tree = directory.join(&kernel);
    let done = tree.join(".complete");
    if done.exists() {
        return Ok(tree);
    }
    debian::unpack(&[kernel.as_str(), "busybox-static"], &tree)?;
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
