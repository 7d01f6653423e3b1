//! Compiles the C parts; only the unikernel build wants them.
//!
//! `csrc/variadic/` and `csrc/long_double/` go into the archive with the Rust code. Each file of
//! `csrc/defaults/` becomes `$OUT_DIR/defaults/NAME.o`, for `xtask sysroot` to
//! add as an archive member of its own.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["build.rs", "csrc", "include", "../solo5-sys/include"] {
        println!("cargo::rerun-if-changed={input}");
    }
    if env::var_os("CARGO_FEATURE_EXPORT").is_none() {
        return Ok(());
    }
    for directory in ["variadic", "long_double"] {
        let files = sources(&Path::new("csrc").join(directory))?;
        if !files.is_empty() {
            compiler()?
                .files(&files)
                .try_compile(&format!("nolibc_{directory}"))?;
        }
    }
    let members = PathBuf::from(env::var("OUT_DIR")?).join("defaults");
    if members.is_dir() {
        fs::remove_dir_all(&members)?;
    }
    fs::create_dir_all(&members)?;
    for source in sources(Path::new("csrc/defaults"))? {
        let name = source.file_stem().ok_or("a source without a name")?;
        for object in compiler()?.file(&source).try_compile_intermediates()? {
            fs::copy(object, members.join(name).with_extension("o"))?;
        }
    }
    Ok(())
}

/// The C files of a directory, sorted; none if there is no such directory.
fn sources(directory: &Path) -> io::Result<Vec<PathBuf>> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The C compiler, seeing our headers and its own and no others.
fn compiler() -> Result<cc::Build, Box<dyn std::error::Error>> {
    let mut build = cc::Build::new();
    let own = Command::new(build.get_compiler().path())
        .arg("-print-file-name=include")
        .output()?;
    let own = String::from_utf8(own.stdout)?;
    build
        .opt_level(2)
        .pic(false)
        // Line tables alone make cc ask for frame pointers, which nothing follows.
        .force_frame_pointer(false)
        .warnings_into_errors(true)
        .extra_warnings(true)
        .flag("-std=gnu11")
        .flag("-nostdinc")
        .args(["-isystem", "include", "-isystem", "../solo5-sys/include"])
        .args(["-isystem", own.trim()])
        .args(["-include", "_solo5/overrides.h"])
        .args(["-fno-pie", "-fno-stack-protector", "-fcf-protection=none"])
        .args(["-ffunction-sections", "-fdata-sections"])
        .flag("-fno-asynchronous-unwind-tables")
        // Paths of this machine must not get into the archive.
        .flag(format!(
            "-ffile-prefix-map={}=nolibc-rs",
            env::var("CARGO_MANIFEST_DIR")?
        ));
    Ok(build)
}

/// What [`cc::Build`] has no name for.
trait Args {
    fn args<const N: usize>(&mut self, arguments: [&str; N]) -> &mut Self;
}

impl Args for cc::Build {
    fn args<const N: usize>(&mut self, arguments: [&str; N]) -> &mut Self {
        for argument in arguments {
            self.flag(argument);
        }
        self
    }
}
