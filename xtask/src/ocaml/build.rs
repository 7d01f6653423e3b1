//! Building the cross compiler of a release, and what that shares with the compiler
//! for this machine. Each is built beside its place and renamed into it, with a
//! stamp that says what it was made from; a failure leaves nothing but its log.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use super::host::{self, Host};
use super::source::{Found, Scratch, Source, remove};
use super::{Cross, Release, TRIPLET};
use crate::{paths, progress, sh, sysroot};

/// What neither compiler needs.
pub(super) const LEAN: [&str; 7] = [
    "--disable-debugger",
    "--disable-ocamldoc",
    "--disable-ocamltest",
    "--disable-debug-runtime",
    "--disable-instrumented-runtime",
    "--disable-stdlib-manpages",
    // Found through pkg-config on the machine that builds.
    "--without-zstd",
];

/// Variables that would reach OCaml's configure or compilers from outside.
const FOREIGN: [&str; 18] = [
    "AR",
    "AS",
    "ASPP",
    "CC",
    "CFLAGS",
    "CPP",
    "CPPFLAGS",
    "LD",
    "LDFLAGS",
    "LIBS",
    "MAKEFLAGS",
    "NM",
    "RANLIB",
    "STRIP",
    "CAMLLIB",
    "OCAMLLIB",
    "OCAMLPARAM",
    "OCAMLRUNPARAM",
];

/// The file that says what a compiler was made from.
pub const STAMP: &str = "nolibc-stamp";

/// Whether a cross compiler of this release was installed here before.
pub fn is_installed(release: &Release) -> bool {
    place(release, "cross").join(STAMP).exists()
}

/// What a cross compiler was made from.
#[derive(PartialEq, Eq)]
struct Stamp {
    /// The sources, our patches, the options.
    compiler: String,
    /// The sysroot: headers, symbols, wrapper.
    sysroot: String,
    /// The directory given as source, if one was.
    source: String,
}

impl Stamp {
    fn text(&self) -> String {
        format!(
            "compiler {}\nsysroot {}\nsource {}\n",
            self.compiler, self.sysroot, self.source
        )
    }

    fn read(file: &Path) -> Option<Stamp> {
        let text = fs::read_to_string(file).ok()?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().to_string())
        };
        Some(Stamp {
            compiler: field("compiler")?,
            sysroot: field("sysroot")?,
            source: field("source")?,
        })
    }
}

/// The cross compiler of this release.
pub fn cross(release: &Release, source: &Source) -> Result<Cross> {
    sysroot::ensure()?;
    let _lock = lock(release)?;
    let host = host::locked(release, source)?;
    let prefix = place(release, "cross");
    let patches = patches(release);
    let flags = configure_flags(release, &prefix)?;
    let found = Stamp::read(&prefix.join(STAMP));
    let mut wanted = Stamp {
        compiler: digest(&(tree_digest(&patches)?, &flags, &host.bin)),
        sysroot: sysroot_digest()?,
        source: match source {
            Source::Directory(directory) => tree_digest(directory)?,
            Source::Pinned => "pinned".to_string(),
        },
    };
    if let (Source::Pinned, Some(found)) = (source, &found) {
        // Not asked for other sources: those that it was made from will do.
        wanted.source.clone_from(&found.source);
    }
    if found.is_some_and(|found| found == wanted) {
        return Ok(Cross {
            version: release.version,
            prefix,
        });
    }

    sh::step(format!(
        "building the OCaml {} cross compiler (about 2 minutes on 2 cores)",
        release.version
    ));
    let tree = Tree {
        release,
        host: &host,
        flags: &flags,
        path: place(release, "build-cross"),
    };
    let built = tree.build(source, &patches, &wanted);
    if built.is_err() {
        // It is of no use, and the disk may be full.
        remove(&tree.path)?;
    }
    built?;
    install(&tree, &prefix, &wanted)?;
    Ok(Cross {
        version: release.version,
        prefix,
    })
}

/// What `configure` is told.
fn configure_flags(release: &Release, prefix: &Path) -> Result<Vec<String>> {
    let gcc = sh::which("gcc").context("this machine has no gcc: run `cargo xtask setup`")?;
    let triple = Command::new(gcc).arg("-dumpmachine").output()?;
    let triple = String::from_utf8_lossy(&triple.stdout).trim().to_string();
    let mut flags = vec![
        format!("--build={triple}"),
        format!("--prefix={}", prefix.display()),
        "--disable-shared".to_string(),
    ];
    let fixed = LEAN.iter().chain(release.configure);
    flags.extend(fixed.map(ToString::to_string));
    Ok(flags)
}

/// Install what was built, stamp it, and ask it what it makes programs for.
fn install(tree: &Tree<'_>, prefix: &Path, stamp: &Stamp) -> Result<()> {
    let stage = Scratch::new(&place(tree.release, "stage-cross"))?;
    tree.run("install", make().arg("installcross").arg(destdir(&stage.0)))?;
    let bin = inside(&stage.0, prefix).join("bin");
    // The one installed is the target's, of use to nobody; bytecode tools need
    // one that runs.
    fs::remove_file(bin.join("ocamlrun"))?;
    symlink(tree.host.bin.join("ocamlrun"), bin.join("ocamlrun"))?;
    // The compilers call the wrappers by name: with these beside them, one
    // directory on the PATH is enough.
    for entry in fs::read_dir(paths::sysroot().join("bin"))? {
        let entry = entry?;
        symlink(entry.path(), bin.join(entry.file_name()))?;
    }
    promote(&stage.0, prefix, &stamp.text())?;

    let ocamlopt = prefix.join("bin/ocamlopt.opt");
    let target = sh::output(Command::new(ocamlopt).args(["-config-var", "target"]))?;
    ensure!(
        target.trim() == TRIPLET,
        "the cross compiler of OCaml {} makes programs for {}",
        tree.release.version,
        target.trim()
    );
    Ok(())
}

/// What is taken as it is, and what a function that no header declares is: one
/// that returns an int.
const MAKE_TARGET: [&str; 2] = [
    "OLDS=-o yacc/ocamlyacc",
    "CFLAGS=-pthread -Werror=implicit-function-declaration",
];

/// A tree in which the cross compiler is built.
struct Tree<'a> {
    release: &'a Release,
    host: &'a Host,
    flags: &'a [String],
    path: PathBuf,
}

impl Tree<'_> {
    fn run(&self, name: &str, command: &mut Command) -> Result<()> {
        progress::run(
            clean(command)
                .env("PATH", build_path(self.host)?)
                .current_dir(&self.path),
            &log(self.release, "cross", name),
        )
    }

    /// Build it: from nothing, or, where only the sysroot is another one, the C
    /// parts alone.
    fn build(&self, source: &Source, patches: &Path, stamp: &Stamp) -> Result<()> {
        let made_from = format!("{} {}\n", stamp.compiler, stamp.source);
        let marker = self.path.join(STAMP);
        let same = fs::read_to_string(&marker).is_ok_and(|found| found == made_from);
        if same && self.rebuild_c()? {
            return Ok(());
        }
        self.build_all(source, patches)?;
        fs::write(marker, made_from)?;
        Ok(())
    }

    fn build_all(&self, source: &Source, patches: &Path) -> Result<()> {
        remove(&self.path)?;
        fs::create_dir_all(&self.path)?;
        unpack(&source.find(self.release)?, &self.path, self.release)?;
        for patch in walk(patches)? {
            sh::run(
                Command::new("patch")
                    .args(["-p1", "--silent", "--no-backup-if-mismatch", "-i"])
                    .arg(&patch)
                    .current_dir(&self.path),
            )?;
        }
        // A program for the target would take its place.
        symlink(
            self.host.bin.join("ocamlyacc"),
            self.path.join("yacc/ocamlyacc"),
        )?;
        self.run("configure", Command::new("./configure").args(self.flags))?;
        self.run("build", make().arg("crossopt").args(MAKE_TARGET))
    }

    /// Configure again, and build what is made of C again. Answers whether that
    /// will do: what OCaml itself is built with must be as it was.
    fn rebuild_c(&self) -> Result<bool> {
        let before = generated(&self.path)?;
        self.run("configure", Command::new("./configure").args(self.flags))?;
        for (file, (time, contents)) in before {
            let is_same = fs::read(&file).is_ok_and(|now| now == contents);
            if is_same {
                // Or make would build all that depends on it.
                File::options()
                    .append(true)
                    .open(file)?
                    .set_modified(time)?;
            } else if file.extension().is_none_or(|extension| extension != "h") {
                return Ok(false);
            }
        }
        remove_target_objects(&self.path)?;
        self.run(
            "build",
            make().args(["runtime", "runtimeopt"]).args(MAKE_TARGET),
        )?;
        // One after the other: together, two makes would write the same archives.
        for target in ["all", "allopt"] {
            self.run(
                "libraries",
                make()
                    .args(["-C", "otherlibs", target])
                    .args(["OCAMLRUN=ocamlrun", "NEW_OCAMLRUN=ocamlrun"])
                    .args(MAKE_TARGET),
            )?;
        }
        Ok(true)
    }
}

/// Remove what the C compiler for the target made.
fn remove_target_objects(tree: &Path) -> Result<()> {
    let mut directories = vec![tree.join("runtime")];
    for entry in fs::read_dir(tree.join("otherlibs"))? {
        directories.push(entry?.path());
    }
    for directory in directories.iter().filter(|directory| directory.is_dir()) {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // foo.b.o, foo.n.o, libfoonat.a: from C. foo.o, foo.a: from OCaml.
            let is_ours = name.ends_with(".b.o")
                || name.ends_with(".n.o")
                || name.ends_with(".npic.o")
                || (name.starts_with("lib") && name.ends_with(".a"))
                || (directory.ends_with("runtime") && name.ends_with(".o"));
            if is_ours {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// The files that configure writes, with what they hold now.
fn generated(tree: &Path) -> Result<HashMap<PathBuf, (SystemTime, Vec<u8>)>> {
    let mut files = HashMap::new();
    let templates = walk(tree)?.into_iter();
    for template in templates.filter(|file| file.extension().is_some_and(|found| found == "in")) {
        let file = template.with_extension("");
        if let Ok(contents) = fs::read(&file) {
            files.insert(file.clone(), (fs::metadata(&file)?.modified()?, contents));
        }
    }
    Ok(files)
}

pub(super) fn unpack(found: &Found, into: &Path, release: &Release) -> Result<()> {
    match found {
        Found::Archive(archive) => progress::run(
            Command::new("tar")
                .args(["--strip-components=1", "--no-same-owner", "-xf"])
                .arg(archive)
                .arg("-C")
                .arg(into),
            &log(release, "unpack", "tar"),
        ),
        Found::Directory(directory) => progress::run(
            Command::new("cp")
                .args(["-R", "-T"])
                .arg(directory)
                .arg(into),
            &log(release, "unpack", "cp"),
        ),
    }
}

/// Where our patches for this release are.
fn patches(release: &Release) -> PathBuf {
    paths::root()
        .join("ocaml-runtime-patches")
        .join(release.version)
}

/// What of the sysroot shows in a cross compiler: the headers, the names that
/// configure's probes can link, the wrapper.
fn sysroot_digest() -> Result<String> {
    let sysroot = paths::sysroot();
    let symbols = Command::new("nm")
        .args(["--extern-only", "--defined-only", "--format=just-symbols"])
        .arg(sysroot.join("lib/libnolibc.a"))
        .output()
        .context("cannot start nm: run `cargo xtask setup`")?;
    let wrapper = fs::read(sysroot::tool("gcc")).context("the sysroot has no compiler wrapper")?;
    Ok(digest(&(
        tree_digest(&sysroot.join("include"))?,
        symbols.stdout,
        wrapper,
    )))
}

/// The names below `directory` and what the files hold; not where it is, so that
/// every checkout gets the same.
fn tree_digest(directory: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in walk(directory)? {
        file.strip_prefix(directory)?.hash(&mut hasher);
        fs::read(&file)
            .with_context(|| format!("cannot read {}", file.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

pub(super) fn digest(value: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Every file below `directory`, sorted. Symbolic links are files.
fn walk(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_path_buf()];
    while let Some(directory) = directories.pop() {
        let entries = fs::read_dir(&directory)
            .with_context(|| format!("cannot list {}", directory.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                directories.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Put what was installed below `stage` in its place.
pub(super) fn promote(stage: &Path, prefix: &Path, stamp: &str) -> Result<()> {
    let staged = inside(stage, prefix);
    fs::write(staged.join(STAMP), stamp)?;
    remove(prefix)?;
    fs::rename(&staged, prefix)
        .with_context(|| format!("cannot put OCaml into {}", prefix.display()))
}

/// Where `make install DESTDIR=stage` puts `prefix`.
fn inside(stage: &Path, prefix: &Path) -> PathBuf {
    stage.join(prefix.strip_prefix("/").unwrap_or(prefix))
}

pub(super) fn destdir(stage: &Path) -> OsString {
    let mut word = OsString::from("DESTDIR=");
    word.push(stage);
    word
}

pub(super) fn make() -> Command {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut command = Command::new("make");
    command.arg(format!("-j{jobs}"));
    command
}

pub(super) fn clean(command: &mut Command) -> &mut Command {
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    command
}

/// A PATH with `first` before all else.
fn path(first: impl IntoIterator<Item = PathBuf>) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = first.into_iter().chain(std::env::split_paths(&rest));
    Ok(std::env::join_paths(all)?)
}

fn build_path(host: &Host) -> Result<OsString> {
    path([paths::sysroot().join("bin"), host.bin.clone()])
}

pub(super) fn place(release: &Release, name: &str) -> PathBuf {
    paths::ocaml(release.version).join(name)
}

pub(super) fn log(release: &Release, step: &str, name: &str) -> PathBuf {
    place(release, "log").join(format!("{step}-{name}.log"))
}

/// Held while a release is built: others wait and find it done.
pub(super) fn lock(release: &Release) -> Result<File> {
    let directory = paths::ocaml(release.version);
    fs::create_dir_all(&directory)
        .with_context(|| format!("cannot create {}", directory.display()))?;
    let file = File::create(directory.join("lock"))?;
    if file.try_lock().is_err() {
        eprintln!("  waiting: OCaml {} is being built", release.version);
        file.lock()?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_known_by_names_and_contents_alone() {
        let base = tempfile::tempdir().unwrap();
        let tree = |place: &str, name: &str, text: &str| {
            let directory = base.path().join(place);
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join(name), text).unwrap();
            tree_digest(&directory).unwrap()
        };
        let first = tree("checkout", "0001.patch", "-a\n+b\n");
        assert_eq!(first, tree("another/checkout", "0001.patch", "-a\n+b\n"));
        assert_ne!(first, tree("renamed", "0002.patch", "-a\n+b\n"));
        assert_ne!(first, tree("changed", "0001.patch", "-a\n+c\n"));
    }
}
