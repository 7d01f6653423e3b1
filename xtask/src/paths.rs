//! Where things are. All that is built lies under one directory, `target/nolibc`
//! (or `$NOLIBC_OUT`), so that deleting it starts afresh.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// Everything built: `target/nolibc`.
pub fn out() -> PathBuf {
    match std::env::var_os("NOLIBC_OUT") {
        Some(directory) => directory.into(),
        None => root().join("target/nolibc"),
    }
}

/// Make the directory of everything built.
pub fn create_out() -> Result<()> {
    let out = out();
    std::fs::create_dir_all(&out).with_context(|| {
        format!(
            "cannot create {}, where everything is built; NOLIBC_OUT names another place",
            out.display()
        )
    })
}

/// For the end of an error's message: whether a full disk may be behind it. A
/// compiler that cannot write seldom says it where it is seen.
pub fn full_disk() -> String {
    const LITTLE_KIB: u64 = 16 << 10;
    let out = out();
    let existing = out.ancestors().find(|path| path.exists());
    let Some(directory) = existing else {
        return String::new();
    };
    let df = Command::new("df")
        .args(["-k", "--output=avail"])
        .arg(directory)
        .output();
    let text = df.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let free = text
        .ok()
        .and_then(|text| text.lines().nth(1)?.trim().parse::<u64>().ok());
    match free {
        Some(free) if free < LITTLE_KIB => format!(
            "\nThe disk is full: {free} KiB are free in {}. NOLIBC_OUT names another place to \
             build in.",
            directory.display()
        ),
        _ => String::new(),
    }
}

/// Headers, libraries, backends and wrappers: what a user installs.
pub fn sysroot() -> PathBuf {
    out().join("sysroot")
}

/// The OCaml compilers of one version: `src/`, `host/`, `cross/`.
pub fn ocaml(version: &str) -> PathBuf {
    out().join("ocaml").join(version)
}

/// Tenders built here.
pub fn tenders() -> PathBuf {
    out().join("tenders")
}

/// Downloaded archives, named by content.
pub fn downloads() -> PathBuf {
    out().join("downloads")
}
