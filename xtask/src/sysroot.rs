//! `cargo xtask sysroot`: what a user installs, below `target/nolibc/sysroot`.
//!
//! - `include/`: the C headers, those of the seam among them;
//! - `lib/libnolibc.a`, and empty archives of the names that build systems ask
//!   for (`-lm` and the like), so that none is taken from the host;
//! - `lib/nolibc/`: a linker script and an object for each backend;
//! - `bin/`: the compiler and its tools, which find the rest relative to
//!   themselves, so that the directory can be moved; `elftool` for manifests,
//!   which is `solo5-elftool` too.
//!
//! A file is written only when its content changes: what depends on it by time
//! stamp is not built again for nothing.

pub mod archive;
mod backend;
mod elftool;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::{paths, sh};

/// The prefix of the tools.
pub const PREFIX: &str = "x86_64-nolibc-ocaml";

/// Build the headers, libnolibc.a, the backends and the compiler wrappers.
#[derive(clap::Args)]
pub struct Options {}

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    let sysroot = ensure()?;
    println!("{}", sysroot.display());
    Ok(ExitCode::SUCCESS)
}

/// The sysroot, built if it is not up to date; looked at once per run.
pub fn ensure() -> Result<PathBuf> {
    static DONE: Mutex<bool> = Mutex::new(false);
    let mut done = match DONE.lock() {
        Ok(guard) => guard,
        Err(poisoned) => poisoned.into_inner(),
    };
    if !*done {
        build().context("cannot build the sysroot")?;
        *done = true;
    }
    Ok(paths::sysroot())
}

/// A tool of the sysroot: `gcc`, `ld`, `objcopy`...
pub fn tool(name: &str) -> PathBuf {
    paths::sysroot()
        .join("bin")
        .join(format!("{PREFIX}-{name}"))
}

/// The crates of backends: a feature for each backend, its linker script in `ld/`.
const BACKEND_CRATES: [&str; 2] = ["solo5-sys", "xen-sys"];

/// A backend.
pub struct Backend {
    /// Its name, which is also the feature that it is built with.
    pub name: String,
    /// The crate it is in.
    pub package: &'static str,
    /// Its linker script.
    script: PathBuf,
}

/// The backends: whatever has a linker script.
pub fn backends() -> Result<Vec<Backend>> {
    let mut backends = Vec::new();
    for package in BACKEND_CRATES {
        let directory = paths::root().join(package).join("ld");
        for file in files(&directory)? {
            if let Some(name) = file.to_str().and_then(|name| name.strip_suffix(".lds")) {
                backends.push(Backend {
                    name: name.to_owned(),
                    package,
                    script: directory.join(&file),
                });
            }
        }
    }
    Ok(backends)
}

fn build() -> Result<()> {
    let sysroot = paths::sysroot();
    sh::step(format!("sysroot: {}", sysroot.display()));
    // Another xtask would write the same drafts.
    paths::create_out()?;
    let lock = paths::out().join("sysroot.lock");
    let lock =
        fs::File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
    lock.lock()?;
    headers(&sysroot)?;
    let lib = sysroot.join("lib");
    archive::build(&lib.join("libnolibc.a"))?;
    for name in ["c", "dl", "m", "openlibm", "pthread", "rt", "util"] {
        // An archive without members.
        write(&lib.join(format!("lib{name}.a")), b"!<arch>\n")?;
    }
    for backend in backends()? {
        let script = lib.join(format!("nolibc/{}.lds", backend.name));
        write(&script, &read(&backend.script)?)?;
        backend::build(&backend, &lib.join("nolibc"))?;
    }
    elftool::build(&sysroot.join("bin"))?;
    wrappers(&sysroot)
}

/// Copy the headers and remove those that are no more.
fn headers(sysroot: &Path) -> Result<()> {
    let include = sysroot.join("include");
    let mut names = Vec::new();
    for source in ["nolibc-rs/include", "solo5-sys/include", "xen-sys/include"] {
        let source = paths::root().join(source);
        for name in files(&source)? {
            write(&include.join(&name), &read(&source.join(&name))?)?;
            names.push(name);
        }
    }
    for name in files(&include)? {
        if !names.contains(&name) {
            fs::remove_file(include.join(name))?;
        }
    }
    Ok(())
}

fn wrappers(sysroot: &Path) -> Result<()> {
    let cc = include_str!("wrappers/cc.sh");
    let tool = include_str!("wrappers/tool.sh");
    let mut scripts = vec![
        ("gcc", cc),
        ("cc", cc),
        ("ld", include_str!("wrappers/ld.sh")),
    ];
    let plain = [
        "ar", "as", "nm", "objcopy", "objdump", "ranlib", "readelf", "strip",
    ];
    scripts.extend(plain.map(|name| (name, tool)));
    for (name, text) in scripts {
        executable(
            &sysroot.join(format!("bin/{PREFIX}-{name}")),
            text.as_bytes(),
        )?;
    }
    executable(
        &sysroot.join("lib/nolibc/ld"),
        include_bytes!("wrappers/collect-ld.sh"),
    )
}

fn executable(path: &Path, content: &[u8]) -> Result<()> {
    write(path, content)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// Read a file; the error names it.
fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Write a file and its directory, unless it has this content already.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    let name = || format!("cannot write {}", path.display());
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).with_context(name)?;
    }
    // In one step, so that a full disk leaves no half of a file behind.
    let draft = path.with_extension("draft");
    fs::write(&draft, content).with_context(name)?;
    fs::rename(&draft, path).with_context(name)
}

/// Put what was made at `draft` in its place. Where nothing changed the old file
/// stays, time stamp and all; a file of its own remembers when that was found.
fn publish(draft: &Path, output: &Path) -> Result<()> {
    write(output, &read(draft)?)?;
    Ok(fs::write(stamp(draft), "")?)
}

fn stamp(draft: &Path) -> PathBuf {
    draft.with_extension("stamp")
}

/// All files below `directory`, relative to it, sorted.
pub fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![PathBuf::new()];
    while let Some(inner) = left.pop() {
        let path = directory.join(&inner);
        let entries =
            fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = inner.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                left.push(name);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The features of the library: `export`, and those in `$NOLIBC_FEATURES`, separated by commas.
fn features() -> String {
    let more = std::env::var("NOLIBC_FEATURES").unwrap_or_default();
    if more.is_empty() {
        "export".to_owned()
    } else {
        format!("export,{more}")
    }
}

/// Compile a crate of ours for unikernels into a static library; answers it
/// and the directory of the crate's build script.
fn compile(package: &str, features: &str) -> Result<(PathBuf, Option<PathBuf>)> {
    // In a target directory of their own, because other flags would compile
    // everything again each time. `--target` keeps the flags away from build
    // scripts.
    let mut flags = remapped().to_vec();
    flags.extend(["-Crelocation-model=static", "-Ctarget-cpu=x86-64"].map(str::to_owned));
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(paths::root())
        .args([
            "rustc",
            "--package",
            package,
            "--lib",
            "--profile",
            "unikernel",
        ])
        .args(["--features", features, "--crate-type", "staticlib"])
        .args([
            "--target",
            "x86_64-unknown-linux-gnu",
            "--message-format",
            "json-render-diagnostics",
        ])
        .arg("--target-dir")
        .arg(paths::out().join("rust"))
        // Encoded, because a path may have a space in it.
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let mut library = None;
    let mut out = None;
    for line in sh::output(&mut command)?.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let id = message["package_id"].as_str().unwrap_or_default();
        if !id.contains(&format!("/{package}#")) {
            continue;
        }
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                let names = message["filenames"].as_array().into_iter().flatten();
                let mut paths = names.filter_map(|name| name.as_str()).map(PathBuf::from);
                library = paths
                    .find(|path| path.extension().is_some_and(|e| e == "a"))
                    .or(library);
            }
            Some("build-script-executed") => out = message["out_dir"].as_str().map(PathBuf::from),
            _ => {}
        }
    }
    Ok((
        library.with_context(|| format!("cargo names no static library of {package}"))?,
        out,
    ))
}

/// Flags that keep paths of this machine out of messages.
fn remapped() -> [String; 2] {
    [
        format!("--remap-path-prefix={}=.", paths::root().display()),
        format!("--remap-path-prefix={}=cargo", cargo_home().display()),
    ]
}

/// Where cargo keeps the crates it fetched.
fn cargo_home() -> PathBuf {
    match std::env::var_os("CARGO_HOME") {
        Some(directory) => directory.into(),
        None => PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
    }
}

/// Link the archive at `library` into one relocatable object that holds what
/// `symbols` need, with its sections kept apart, and nothing else global.
///
/// With `--gc-sections`, because rustc puts all of `core` into the archive.
fn relocatable(library: &Path, symbols: &[String], object: &Path) -> Result<()> {
    let list = symbol_list(object);
    let lines = |prefix: &str| -> String {
        symbols
            .iter()
            .map(|name| format!("{prefix}{name}\n"))
            .collect()
    };
    let roots = object.with_extension("roots");
    write(&list, lines("").as_bytes())?;
    write(&roots, lines("--undefined=").as_bytes())?;
    sh::run(
        Command::new("ld")
            .args(["-r", "--gc-sections", "-nostdlib", "-o"])
            .arg(object)
            .arg(format!("@{}", roots.display()))
            .arg(library),
    )?;
    let mut objcopy = Command::new("objcopy");
    objcopy.arg(format!("--keep-global-symbols={}", list.display()));
    sh::run(
        objcopy
            .args(["--remove-section=.comment", "--remove-section=.eh_frame"])
            // Bitcode of rustc's own objects, which an older LLVM plugin of nm or
            // ar would try to read.
            .args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"])
            .arg(object),
    )
}

/// Where [`relocatable`] leaves the list of an object's global symbols.
fn symbol_list(object: &Path) -> PathBuf {
    object.with_extension("symbols")
}

/// Whether `output` was made from `draft` before one of `inputs` changed, or
/// this program, which decides how things are made.
fn outdated(draft: &Path, output: &Path, inputs: &[&Path]) -> Result<bool> {
    let made = fs::metadata(stamp(draft)).and_then(|facts| facts.modified());
    let (Ok(made), true) = (made, output.exists()) else {
        return Ok(true);
    };
    // Not by its name: cargo may have built another in its place by now.
    let program = Path::new("/proc/self/exe");
    for input in inputs.iter().copied().chain([program]) {
        let facts = fs::metadata(input).with_context(|| format!("no {}", input.display()))?;
        if facts.modified()? > made {
            return Ok(true);
        }
    }
    Ok(false)
}
