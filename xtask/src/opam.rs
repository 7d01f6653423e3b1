//! `cargo xtask test opam`: the packages in `opam/`, installed by opam from a repository
//! on this machine, used and removed.
//!
//! The repository is `opam/` with the sources of this checkout as one archive, and with
//! packages that stand for what this machine has already: OCaml, findlib, dune. Nothing
//! is fetched but by cargo; OCaml is taken from what was built here.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::doctor::Purpose;
use crate::{new, ocaml, paths, setup, sh};

/// Install the packages in `opam/` with opam, use them, remove them.
#[derive(clap::Args)]
pub struct Options {}

/// Packages that only say what is there. findlib's, as the real one, owns the
/// configuration in the switch. `unikernel` asks for a toolchain as MirageOS 4.11 does.
const STANDINS: [(&str, &str); 4] = [
    (
        "ocamlfind.1.9.6",
        "install: [\"sh\" \"-c\" \"mkdir -p %{lib}% && echo 'path=\\\"%{lib}%\\\"' > %{lib}%/findlib.conf\"]\n\
         setenv: [OCAMLFIND_CONF = \"%{lib}%/findlib.conf\"]\n",
    ),
    ("solo5.0.9.3", ""),
    ("ocaml-solo5.1.3.4", ""),
    (
        "unikernel.1",
        "depends: [\"ocaml-solo5\" {>= \"0.8.2\" & < \"2.0.0\"} \"solo5\" {>= \"0.7.5\" & < \"0.13.0\"}]\n",
    ),
];

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    setup::ensure(&[
        Purpose::Ocaml,
        Purpose::Tenders,
        Purpose::Test,
        Purpose::Opam,
    ])?;
    let cross = ocaml::ensure(None)?;
    let compiler = ocaml::host_compiler(&cross)?;
    let bin = compiler.parent().context("a program lies somewhere")?;
    let directory = tempfile::tempdir()?;
    let opam = Opam {
        root: directory.path().to_path_buf(),
        bin: bin.to_path_buf(),
    };
    opam.repository(cross.version)?;
    opam.install()?;
    opam.build_and_boot()?;
    opam.remove()?;
    println!("opam: installed, used and removed");
    Ok(ExitCode::SUCCESS)
}

struct Opam {
    root: PathBuf,
    /// OCaml for this machine.
    bin: PathBuf,
}

impl Opam {
    /// The repository: ours, and the stand-ins.
    fn repository(&self, ocaml: &str) -> Result<()> {
        let archive = self.root.join("nolibc-rs.tar.gz");
        let root = paths::root();
        let tracked = sh::output(Command::new("git").arg("-C").arg(&root).arg("ls-files"))?;
        let list = self.root.join("list");
        let is_there = |name: &&str| root.join(name).exists();
        let names: Vec<&str> = tracked.lines().filter(is_there).collect();
        fs::write(&list, names.join("\n"))?;
        sh::run(
            Command::new("tar")
                .args(["--transform", "s,^,nolibc-rs/,", "-czf"])
                .arg(&archive)
                .arg("-C")
                .arg(&root)
                .arg("-T")
                .arg(&list),
        )?;
        let url = format!("url {{ src: \"file://{}\" }}\n", archive.display());
        let packages = self.root.join("repository/packages");
        for file in crate::sysroot::files(&root.join("opam/packages"))? {
            let mut text = fs::read_to_string(root.join("opam/packages").join(&file))?;
            if text.contains("cargo") {
                text.push_str(&url);
            }
            write(&packages.join(file), &text)?;
        }
        fs::copy(root.join("opam/repo"), self.root.join("repository/repo"))?;
        let ocaml = format!("ocaml.{ocaml}");
        let ocaml = (ocaml.as_str(), "flags: compiler\n");
        for (name, text) in STANDINS.into_iter().chain([ocaml]) {
            let package = name.split('.').next().unwrap_or(name);
            let text = format!("opam-version: \"2.0\"\n{text}");
            write(&packages.join(package).join(name).join("opam"), &text)?;
        }
        Ok(())
    }

    /// opam with a root of its own; what it builds shares what is built already.
    fn opam(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new("opam");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = [self.bin.clone()]
            .into_iter()
            .chain(std::env::split_paths(&path));
        let path: OsString = std::env::join_paths(path)?;
        command
            .args(words)
            .env("PATH", path)
            .env("OPAMROOT", self.root.join("opam"))
            .env("OPAMYES", "1")
            .env("OPAMCOLOR", "never")
            .env("OPAMNOENVNOTICE", "1")
            .env("OPAMNODEPEXTS", "1")
            .env("NOLIBC_OUT", paths::out())
            .env("CARGO_TARGET_DIR", paths::out().join("opam"))
            .env_remove("OPAMSWITCH")
            .env_remove("OPAM_SWITCH_PREFIX")
            .env_remove("OCAMLFIND_CONF");
        Ok(command)
    }

    fn install(&self) -> Result<()> {
        let repository = self.root.join("repository").display().to_string();
        sh::run(&mut self.opam(&[
            "init",
            "--bare",
            "--disable-sandboxing",
            "--no-setup",
            &repository,
        ])?)?;
        sh::run(&mut self.opam(&["switch", "create", "test", "ocaml"])?)?;
        // What both install is wanted once.
        let mut both = self.opam(&[
            "install",
            "--dry-run",
            "ocaml-solo5.1.3.4",
            "ocaml-nolibc-solo5",
        ])?;
        let refused = both.output().context("cannot start opam")?;
        ensure!(
            !refused.status.success(),
            "opam would install ocaml-solo5 beside our toolchain of its name"
        );
        // A project of MirageOS's gets ours where our packages are to be had.
        let plan = sh::output(&mut self.opam(&["install", "--dry-run", "unikernel"])?)?;
        ensure!(
            plan.contains("ocaml-nolibc-solo5") && plan.contains("1.99.0+nolibc"),
            "MirageOS's dependencies are answered by other packages:\n{plan}"
        );
        let packages = [
            "nolibc-tenders",
            "nolibc-virtio",
            "nolibc-xen",
            "nolibc-spt",
            "ocaml-nolibc-solo5",
        ];
        sh::run(&mut self.opam(&[&["install"], &packages[..]].concat())?)
    }

    /// As a user in the switch.
    fn build_and_boot(&self) -> Result<()> {
        let project = self.root.join("hello");
        new::write(&project, &new::HELLO)?;
        for toolchain in ["nolibc", "solo5"] {
            let mut command = self.opam(&[
                "exec", "--", "dune", "build", "-x", toolchain, "@default", "@boot",
            ])?;
            let output = command.current_dir(&project).output()?;
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            ensure!(
                said.contains("Hello from OCaml, with no operating system."),
                "dune build -x {toolchain} in the switch:\n{said}"
            );
        }
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        let prefix = self.root.join("opam/test");
        ensure!(
            prefix.join("bin/x86_64-nolibc-ocaml-gcc").exists(),
            "no compiler was installed"
        );
        sh::run(&mut self.opam(&["remove", "--auto-remove", "nolibc"])?)?;
        for part in ["bin", "nolibc-sysroot", "lib/findlib.conf.d"] {
            let left = crate::sysroot::files(&prefix.join(part)).unwrap_or_default();
            ensure!(left.is_empty(), "opam left {left:?} in {part}");
        }
        Ok(())
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
