//! Where things are. All that is built lies under one directory, `target/nolibc`
//! (or `$NOLIBC_OUT`), so that deleting it starts afresh.

use std::path::{Path, PathBuf};

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
