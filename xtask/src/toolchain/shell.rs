//! A shell in which the toolchain is used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Where the toolchain is, and where its user works.
pub struct Shell {
    /// What was installed into.
    pub prefix: PathBuf,
    /// Projects are below this.
    pub work: PathBuf,
}

/// What would reach compilers, findlib, dune or cargo from outside.
const FOREIGN: [&str; 11] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "RUSTFLAGS",
    "OCAMLFIND_CONF",
    "OCAMLFIND_TOOLCHAIN",
    "OCAMLPATH",
    "OCAMLLIB",
    "CAMLLIB",
    "OCAMLPARAM",
    "OPAM_SWITCH_PREFIX",
    "DUNE_WORKSPACE",
];

impl Shell {
    /// A shell that works in `work`.
    pub fn new(prefix: &Path, work: &Path) -> Result<Shell> {
        fs::create_dir_all(work)?;
        Ok(Shell {
            prefix: prefix.to_path_buf(),
            work: work.to_path_buf(),
        })
    }

    /// Write a dune project.
    pub fn project(&self, name: &str, files: &[(&str, &str)]) -> Result<()> {
        let directory = self.work.join(name);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("dune-project"), "(lang dune 2.9)\n")?;
        for (file, text) in files {
            fs::write(directory.join(file), text)?;
        }
        Ok(())
    }

    /// Run `script` in a project; all that it prints. It must end well.
    pub fn run(&self, project: &str, script: &str) -> Result<String> {
        let (well, said) = self.attempt(project, script)?;
        ensure!(well, "`{script}` failed:\n{said}");
        Ok(said)
    }

    /// Run `script`, which must fail and say why: `text`.
    pub fn refused(&self, project: &str, script: &str, text: &str) -> Result<()> {
        let (well, said) = self.attempt(project, script)?;
        ensure!(!well, "`{script}` should fail:\n{said}");
        ensure!(
            said.contains(text),
            "`{script}` does not say `{text}`:\n{said}"
        );
        Ok(())
    }

    fn attempt(&self, project: &str, script: &str) -> Result<(bool, String)> {
        let text = format!(
            "exec 2>&1; eval \"$('{}/bin/nolibc-env')\" || exit\n{script}",
            self.prefix.display()
        );
        let mut command = Command::new("sh");
        for variable in FOREIGN {
            command.env_remove(variable);
        }
        let output = command
            .args(["-e", "-c", &text])
            .current_dir(self.work.join(project))
            // What was built is to be built, not remembered.
            .env("DUNE_CACHE", "disabled")
            .output()
            .context("cannot start sh")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((output.status.success(), said))
    }
}
