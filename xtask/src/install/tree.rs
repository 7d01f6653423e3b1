//! The files below a prefix, as they are put there.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{PARTS, findlib};
use crate::ocaml::STAMP;
use crate::sysroot;

/// What is put below a prefix.
pub struct Tree {
    prefix: PathBuf,
    /// The part that this is.
    part: String,
    /// All files, relative to the prefix.
    files: Vec<String>,
    /// Those that hold the prefix.
    named: Vec<String>,
}

/// Files of OCaml's library directory that hold its place.
const PLACED: [&str; 3] = ["Makefile.config", "ld.conf", "runtime-launch-info"];

impl Tree {
    /// An installation of a part into `prefix`.
    pub fn new(prefix: &Path, part: &str) -> Result<Tree> {
        fs::create_dir_all(prefix.join(PARTS))
            .with_context(|| format!("cannot write into {}", prefix.display()))?;
        let mut tree = Tree {
            prefix: prefix.to_path_buf(),
            part: part.to_string(),
            files: Vec::new(),
            named: Vec::new(),
        };
        tree.files = vec![tree.list("files"), tree.list("named")];
        Ok(tree)
    }

    fn list(&self, what: &str) -> String {
        format!("{PARTS}/{}.{what}", self.part)
    }

    /// The prefix.
    pub fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// The path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.prefix.join(name)
    }

    /// Note a file; it must not be there: it would be somebody else's.
    fn add(&mut self, name: &str) -> Result<PathBuf> {
        let path = self.path(name);
        ensure!(
            fs::symlink_metadata(&path).is_err(),
            "{} is there already and was not installed by this command; remove it, or choose \
             another --prefix",
            path.display()
        );
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)
                .with_context(|| format!("cannot create {}", directory.display()))?;
        }
        self.files.push(name.to_string());
        Ok(path)
    }

    /// Write a file.
    pub fn write(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.add(name)?;
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Write a file that holds the prefix.
    pub fn write_named(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.named.push(name.to_string());
        self.write(name, content)
    }

    /// Write a program.
    pub fn script(&mut self, name: &str, text: &str) -> Result<()> {
        self.write(name, text.as_bytes())?;
        Ok(fs::set_permissions(
            self.path(name),
            fs::Permissions::from_mode(0o755),
        )?)
    }

    /// A symbolic link.
    pub fn link(&mut self, name: &str, to: &str) -> Result<()> {
        let path = self.add(name)?;
        symlink(to, &path).with_context(|| format!("cannot make the link {}", path.display()))
    }

    /// Copy a file with its permissions.
    pub fn copy_file(&mut self, from: &Path, name: &str) -> Result<()> {
        let path = self.add(name)?;
        fs::copy(from, &path)
            .with_context(|| format!("cannot copy {} to {}", from.display(), path.display()))?;
        Ok(())
    }

    /// Copy a directory; links become what they point to.
    pub fn copy(&mut self, from: &Path, name: &str) -> Result<()> {
        for file in sysroot::files(from)? {
            self.copy_file(&from.join(&file), &format!("{name}/{}", file.display()))?;
        }
        Ok(())
    }

    /// Copy an OCaml that was built for `from`; answers the names of its tools.
    pub fn ocaml(&mut self, from: &Path, name: &str) -> Result<Vec<String>> {
        let old = from.to_str().context("a path that is no text")?.to_string();
        let new = format!("{}/{name}", self.prefix.display());
        for (library, meta) in findlib::META {
            let file = format!("{name}/lib/ocaml/{library}/META");
            self.write(&file, meta.as_bytes())?;
        }
        for file in sysroot::files(&from.join("lib/ocaml"))? {
            let meta = findlib::META.map(|(library, _)| Path::new(library).join("META"));
            if meta.contains(&file) {
                continue;
            }
            let source = from.join("lib/ocaml").join(&file);
            let target = format!("{name}/lib/ocaml/{}", file.display());
            if PLACED.iter().any(|placed| file == Path::new(placed)) {
                let mut content = fs::read(source)?;
                let stubs = sysroot::files(&from.join("lib/ocaml/stublibs"));
                if !stubs.is_ok_and(|stubs| !stubs.is_empty()) {
                    // Findlib warns of what `ld.conf` names and is not there.
                    let line = format!("{old}/lib/ocaml/stublibs\n");
                    content = replace(&content, &line, "");
                }
                self.write_named(&target, &replace(&content, &old, &new))?;
            } else {
                self.copy_file(&source, &target)?;
            }
        }
        let mut tools = Vec::new();
        for file in sysroot::files(&from.join("bin"))? {
            let tool = file.to_string_lossy().into_owned();
            let is_other = tool.ends_with(".byte") || tool.starts_with(sysroot::PREFIX);
            let program = from.join("bin").join(&file);
            if is_other || !program.is_file() {
                continue;
            }
            let is_bytecode = fs::read(&program)?.starts_with(b"#!");
            let suffix = if is_bytecode { ".byte" } else { "" };
            self.copy_file(&program, &format!("{name}/libexec/{tool}{suffix}"))?;
            let script = include_str!("../wrappers/ocaml.sh");
            self.script(&format!("{name}/bin/{tool}"), script)?;
            tools.push(tool);
        }
        // By this `cargo xtask ocaml` knows its own work.
        self.copy_file(&from.join(STAMP), &format!("{name}/{STAMP}"))?;
        Ok(tools)
    }

    /// Libraries of an OCaml for this machine as OCaml 4 had them, beside the standard
    /// library: Debian 12's dune has the place of Debian's META files built in, and those
    /// say so.
    pub fn old_places(&mut self, name: &str) -> Result<()> {
        for library in ["dynlink", "str", "unix"] {
            for file in sysroot::files(&self.path(&format!("{name}/{library}")))? {
                let file = file.to_string_lossy().into_owned();
                if file != "META" {
                    self.link(&format!("{name}/{file}"), &format!("{library}/{file}"))?;
                }
            }
        }
        Ok(())
    }

    /// Write down what was installed.
    pub fn write_lists(&self) -> Result<()> {
        let text = |names: &[String]| names.iter().map(|name| format!("{name}\n")).collect();
        let files: String = text(&self.files);
        let named: String = text(&self.named);
        fs::write(self.path(&self.list("files")), files)?;
        Ok(fs::write(self.path(&self.list("named")), named)?)
    }
}

/// `data` with each `old` replaced.
fn replace(data: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(old.as_bytes()) {
            out.extend_from_slice(new.as_bytes());
            rest = after;
        } else {
            out.push(rest[0]);
            rest = &rest[1..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_in_any_bytes() {
        let replaced = replace(b"sh\n/a/b/bin\0\x7f/a/b", "/a/b", "/c");
        assert_eq!(replaced, b"sh\n/c/bin\0\x7f/c");
    }
}
