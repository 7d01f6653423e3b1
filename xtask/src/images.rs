//! Makes images: compiles a program and links it for one backend. An image is
//! made again when its command, its sources or what it is linked with changes.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};

use crate::ocaml::{self, Cross};
use crate::{paths, sh, sysroot};

/// The language of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    C,
    OCaml,
}

/// What to make an image of.
#[derive(Clone, Debug)]
pub struct Program {
    /// The sources, in the order of their dependencies.
    pub sources: Vec<PathBuf>,
    pub language: Language,
    /// OCaml libraries: `unix`, `str`, ...
    pub libraries: Vec<String>,
    /// Further words for the compiler.
    pub flags: Vec<OsString>,
    /// Link OCaml bytecode.
    pub bytecode: bool,
    /// The version of OCaml; `None`: the newest.
    pub ocaml: Option<String>,
    /// The image's name.
    pub name: String,
}

/// Makes images.
pub struct Workshop {
    sysroot: PathBuf,
    ocaml: Mutex<HashMap<Option<String>, Cross>>,
    /// Where the images go.
    directory: PathBuf,
}

impl Workshop {
    /// A workshop with a fresh sysroot; an OCaml compiler is made when the first
    /// program wants it.
    pub fn new(directory: PathBuf) -> Result<Workshop> {
        Ok(Workshop {
            sysroot: sysroot::ensure()?,
            ocaml: Mutex::default(),
            directory,
        })
    }

    /// The OCaml compiler of a version; `None`: the newest.
    pub fn ocaml(&self, version: Option<&str>) -> Result<Cross> {
        let mut made = self.ocaml.lock().unwrap_or_else(PoisonError::into_inner);
        let key = version.map(str::to_string);
        if let Some(cross) = made.get(&key) {
            return Ok(cross.clone());
        }
        let cross = ocaml::ensure(version)?;
        made.insert(key, cross.clone());
        Ok(cross)
    }

    /// The image of `program` for `backend`.
    pub fn image(&self, program: &Program, backend: &str) -> Result<PathBuf> {
        let mut directory = self.directory.join(backend);
        if program.language == Language::OCaml {
            directory = directory.join(self.ocaml(program.ocaml.as_deref())?.version);
        }
        let directory = directory.join(&program.name);
        fs::create_dir_all(&directory)
            .with_context(|| format!("cannot create {}", directory.display()))?;
        let image = directory.join(&program.name);
        let mut command = match program.language {
            Language::C => self.c_command(program, backend, &image),
            Language::OCaml => self.ocaml_command(program, backend, &directory, &image)?,
        };
        let line = format!("{command:?}");
        let record = directory.join("command");
        let same = fs::read_to_string(&record).is_ok_and(|old| old == line);
        if same && self.is_fresh(program, &image)? {
            return Ok(image);
        }
        if image.exists() {
            fs::remove_file(&image)?;
        }
        if program.language == Language::OCaml {
            copy_sources(program, &directory)?;
        }
        sh::run(&mut command)?;
        ensure!(image.exists(), "`{line}` made no {}", image.display());
        fs::write(record, line)?;
        Ok(image)
    }

    fn c_command(&self, program: &Program, backend: &str, image: &Path) -> Command {
        let mut command = Command::new(sysroot::tool("gcc"));
        command
            .args(["-O2", "-g", "-Wall", "-Wextra"])
            .args(&program.flags)
            .args(&program.sources)
            .arg("-o")
            .arg(image)
            .args(["-z", &format!("nolibc-backend={backend}")]);
        command
    }

    fn ocaml_command(
        &self,
        program: &Program,
        backend: &str,
        directory: &Path,
        image: &Path,
    ) -> Result<Command> {
        let compiler = self.ocaml(program.ocaml.as_deref())?;
        let (tool, suffix) = if program.bytecode {
            ("ocamlc.opt", "cma")
        } else {
            ("ocamlopt.opt", "cmxa")
        };
        let mut command = Command::new(compiler.prefix.join("bin").join(tool));
        // The compiler looks for its C compiler by name.
        let mut path = vec![self.sysroot.join("bin"), compiler.prefix.join("bin")];
        let old = std::env::var_os("PATH").unwrap_or_default();
        path.extend(std::env::split_paths(&old));
        command
            .current_dir(directory)
            .env("PATH", std::env::join_paths(path)?)
            .arg("-g");
        if program.bytecode {
            command.arg("-output-complete-exe");
        }
        for library in &program.libraries {
            command.args(["-I", &format!("+{library}")]);
            command.arg(format!("{library}.{suffix}"));
        }
        command.args(&program.flags);
        for source in &program.sources {
            command.arg(source.file_name().unwrap_or_default());
        }
        command
            .args(["-ccopt", &format!("-z nolibc-backend={backend}")])
            .arg("-o")
            .arg(image);
        Ok(command)
    }

    fn is_fresh(&self, program: &Program, image: &Path) -> Result<bool> {
        let Some(made) = modified(image) else {
            return Ok(false);
        };
        let mut inputs = program.sources.clone();
        for source in &program.sources {
            // Headers beside a C source.
            for entry in fs::read_dir(source.parent().unwrap_or(Path::new(".")))? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "h") {
                    inputs.push(path);
                }
            }
        }
        for directory in ["lib", "lib/nolibc", "include", "bin"] {
            let entries = fs::read_dir(self.sysroot.join(directory));
            for entry in entries.into_iter().flatten() {
                inputs.push(entry?.path());
            }
        }
        if program.language == Language::OCaml {
            let prefix = self.ocaml(program.ocaml.as_deref())?.prefix;
            inputs.extend(["bin", "lib/ocaml"].map(|name| prefix.join(name)));
        }
        Ok(inputs
            .iter()
            .all(|input| modified(input).is_some_and(|time| time <= made)))
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

/// OCaml's compilers write beside the source, so they get copies.
fn copy_sources(program: &Program, directory: &Path) -> Result<()> {
    for source in &program.sources {
        let name = source.file_name().context("a source without a name")?;
        fs::copy(source, directory.join(name))
            .with_context(|| format!("cannot copy {}", source.display()))?;
    }
    Ok(())
}

/// The language of a source file.
pub fn language(source: &Path) -> Result<Language> {
    match source.extension().and_then(|extension| extension.to_str()) {
        Some("c") => Ok(Language::C),
        Some("ml") => Ok(Language::OCaml),
        _ => bail!("{} is neither a .ml nor a .c file", source.display()),
    }
}

/// Where images of guests go.
pub fn guests() -> PathBuf {
    paths::out().join("guests")
}
