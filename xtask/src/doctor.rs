//! `cargo xtask doctor`: what this machine lacks, and the package that brings it.

use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode};

use clap::ValueEnum;

use crate::sh;

/// Say what this machine lacks and which package brings it.
#[derive(clap::Args)]
pub struct Options {
    /// Look only at what these need.
    #[arg(value_enum)]
    purposes: Vec<Purpose>,
}

/// What something is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    /// The C library, the backends and the wrappers.
    Sysroot,
    /// The OCaml cross compiler.
    Ocaml,
    /// QEMU.
    Qemu,
    /// Solo5's tenders, built from source.
    Tenders,
    /// What only the tests use.
    Test,
    /// What only the test of the packages for opam uses.
    Opam,
    /// What only the test of other people's libraries uses.
    Ecosystem,
    /// What only the benchmarks use.
    Bench,
}

impl Purpose {
    /// All that `cargo xtask test` needs.
    pub const OF_TESTS: [Self; 5] = [Sysroot, Ocaml, Qemu, Tenders, Test];
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// How to see whether something is there.
#[derive(Clone, Copy, Debug)]
enum Thing {
    /// A program on the PATH.
    Program(&'static str),
    /// A C header that the host's compiler finds.
    Header(&'static str),
    /// A file of QEMU's.
    Firmware(&'static str),
    /// A file at a fixed place.
    File(&'static str),
    /// A component of the Rust toolchain: `cargo NAME`.
    Component(&'static str),
    /// apt's lists know this package.
    Listed(&'static str),
}

/// Something the project needs from the machine.
struct Need {
    thing: Thing,
    /// The Debian package that brings it.
    package: &'static str,
    purpose: Purpose,
    /// What for.
    why: &'static str,
}

const fn need(thing: Thing, package: &'static str, purpose: Purpose, why: &'static str) -> Need {
    Need {
        thing,
        package,
        purpose,
        why,
    }
}

use Purpose::{Bench, Ecosystem, Ocaml, Opam, Qemu, Sysroot, Tenders, Test};
use Thing::{Component, File, Firmware, Header, Listed, Program};

/// One row for everything that is used from outside. Whoever uses something new
/// adds a row.
#[rustfmt::skip]
const NEEDS: &[Need] = &[
    need(Program("gcc"), "gcc", Sysroot, "compiles C for the unikernel"),
    need(Program("ld"), "binutils", Sysroot, "links images"),
    need(Header("stdio.h"), "libc6-dev", Sysroot, "host programs: cargo's build scripts"),
    need(Program("make"), "make", Ocaml, "builds OCaml"),
    need(Program("patch"), "patch", Ocaml, "patches OCaml's runtime"),
    need(Program("tar"), "tar", Ocaml, "unpacks OCaml's source"),
    need(Program("xz"), "xz-utils", Ocaml, "unpacks OCaml's source"),
    need(Program("qemu-system-x86_64"), "qemu-system-x86", Qemu, "boots images anywhere"),
    need(Firmware("bios-microvm.bin"), "qemu-system-data", Qemu, "boots the microvm board"),
    need(Program("make"), "make", Tenders, "builds solo5-hvt and solo5-spt"),
    need(Program("pkg-config"), "pkg-config", Tenders, "finds libseccomp"),
    need(Header("seccomp.h"), "libseccomp-dev", Tenders, "solo5-spt's confinement"),
    need(Header("linux/kvm.h"), "linux-libc-dev", Tenders, "solo5-hvt's machine"),
    need(Program("g++"), "g++", Test, "checks the headers as C++"),
    need(Program("git"), "git", Test, "lists the tracked files for tidy"),
    need(Program("dune"), "ocaml-dune", Test, "builds programs with the installed toolchain"),
    need(Program("ocamlfind"), "ocaml-findlib", Test, "the same"),
    need(Program("ip"), "iproute2", Test, "makes taps for guests"),
    need(Program("mount"), "mount", Test, "a small disk for a guest to fill"),
    need(Program("dpkg"), "dpkg", Test, "unpacks the kernel of hvt-nested"),
    need(Program("ldd"), "libc-bin", Test, "finds the tender's libraries for hvt-nested"),
    need(Listed("linux-image-cloud-amd64"), "", Test, "the kernel of hvt-nested, fetched unpacked"),
    need(Listed("busybox-static"), "", Test, "the tools of hvt-nested, fetched unpacked"),
    need(Program("opam"), "opam", Opam, "installs the packages"),
    need(Program("rsync"), "rsync", Opam, "brings opam the sources"),
    need(Program("opam-installer"), "opam-installer", Ecosystem, "installs what topkg built"),
    need(Program("m4"), "m4", Ecosystem, "builds GMP"),
    need(Program("bzip2"), "bzip2", Ecosystem, "unpacks sources"),
    need(Header("gmp.h"), "libgmp-dev", Ecosystem, "zarith for this machine"),
    need(Program("pkg-config"), "pkg-config", Ecosystem, "finds it"),
    need(Program("gzip"), "gzip", Test, "unpacks Xen"),
    need(Listed("xen-system-amd64"), "", Test, "Xen, fetched unpacked"),
    need(Listed("linux-image-amd64"), "", Test, "the kernel of xen-domain's dom0, fetched unpacked"),
    need(File("/usr/lib/x86_64-linux-musl/libc.a"), "musl-dev", Bench, "measured against"),
    need(Program("valgrind"), "valgrind", Bench, "counts instructions"),
    need(Component("fmt"), "", Test, "checks the formatting"),
    need(Component("clippy"), "", Test, "checks the code"),
];

impl Thing {
    fn is_there(self) -> bool {
        match self {
            Program(name) => sh::which(name).is_some(),
            Header(name) => header_is_there(name),
            Firmware(name) => [
                "/usr/share/qemu",
                "/usr/share/seabios",
                "/usr/local/share/qemu",
            ]
            .iter()
            .any(|directory| Path::new(directory).join(name).exists()),
            File(path) => Path::new(path).exists(),
            Component(name) => quiet(Command::new("cargo").args([name, "--version"])),
            Listed(name) => quiet(Command::new("apt-cache").args(["show", name])),
        }
    }

    /// What to type when no package brings it.
    fn remedy(self) -> String {
        match self {
            Component("fmt") => "rustup component add rustfmt".to_string(),
            Component(name) => format!("rustup component add {name}"),
            Listed(_) => "apt-get update".to_string(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Program(name) | Firmware(name) | File(name) => f.pad(name),
            Header(name) => f.pad(&format!("<{name}>")),
            Component(name) => f.pad(&format!("cargo {name}")),
            Listed(name) => f.pad(&format!("apt: {name}")),
        }
    }
}

fn quiet(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn header_is_there(name: &str) -> bool {
    let source = format!("#include <{name}>\n");
    let child = Command::new("gcc")
        .args(["-E", "-o", "/dev/null", "-xc", "-"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return false;
    };
    if let Some(mut stdin) = child.stdin.take() {
        // gcc's status says whether it got the text.
        let _ = std::io::Write::write_all(&mut stdin, source.as_bytes());
    }
    child.wait().is_ok_and(|status| status.success())
}

/// What is missing.
#[derive(Default)]
pub struct Missing {
    /// Packages to install, each once.
    pub packages: Vec<&'static str>,
    /// Other commands that bring what is missing, each once.
    pub commands: Vec<String>,
    /// The names of all that is missing.
    pub things: Vec<String>,
}

impl Missing {
    fn add(&mut self, need: &Need) {
        let thing = need.thing.to_string();
        if !self.things.contains(&thing) {
            self.things.push(thing);
        }
        if need.package.is_empty() {
            let remedy = need.thing.remedy();
            if !self.commands.contains(&remedy) {
                self.commands.push(remedy);
            }
        } else if !self.packages.contains(&need.package) {
            self.packages.push(need.package);
        }
    }
}

fn chosen(purposes: &[Purpose]) -> impl Iterator<Item = &'static Need> {
    NEEDS
        .iter()
        .filter(move |need| purposes.is_empty() || purposes.contains(&need.purpose))
}

/// What `purposes` need and is not here; none: all purposes.
pub fn missing(purposes: &[Purpose]) -> Missing {
    let mut missing = Missing::default();
    // gcc finds the headers, so a header without gcc counts as missing too: the
    // package manager sorts out what is there already.
    for need in chosen(purposes).filter(|need| !need.thing.is_there()) {
        missing.add(need);
    }
    missing
}

/// Run the command.
pub fn main(options: Options) -> anyhow::Result<ExitCode> {
    let mut missing = Missing::default();
    println!(
        "{:<8} {:<29} {:<30} {:<8} needed for",
        "", "what", "Debian package", "by"
    );
    for need in chosen(&options.purposes) {
        let there = need.thing.is_there();
        let mark = if there { "ok" } else { "MISSING" };
        let remedy = need.thing.remedy();
        let package = if need.package.is_empty() {
            &remedy
        } else {
            need.package
        };
        let (thing, purpose, why) = (need.thing, need.purpose, need.why);
        println!("{mark:<8} {thing:<29} {package:<30} {purpose:<8} {why}");
        if !there {
            missing.add(need);
        }
    }
    println!("{}", kvm());
    if missing.things.is_empty() {
        println!("Nothing is missing.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Missing: {}", missing.things.join(", "));
    println!("`cargo xtask setup` brings it; by hand:");
    if !missing.packages.is_empty() {
        println!("  apt-get install {}", missing.packages.join(" "));
    }
    for command in &missing.commands {
        println!("  {command}");
    }
    Ok(ExitCode::FAILURE)
}

/// KVM is nowhere required.
fn kvm() -> &'static str {
    if Path::new("/dev/kvm").exists() {
        "KVM: there is a /dev/kvm; `run` and `test` use it if it boots an image of ours"
    } else {
        "KVM: no /dev/kvm; QEMU's emulator is used instead"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_once() {
        let mut missing = Missing::default();
        let absent = need(Program("no-such-program"), "some-package", Test, "a test");
        assert!(!absent.thing.is_there());
        missing.add(&absent);
        missing.add(&absent);
        missing.add(&need(Component("fmt"), "", Test, "a test"));
        assert_eq!(missing.packages, ["some-package"]);
        assert_eq!(missing.commands, ["rustup component add rustfmt"]);
        assert_eq!(missing.things, ["no-such-program", "cargo fmt"]);
    }

    #[test]
    fn headers_are_looked_for_with_the_compiler() {
        assert!(!header_is_there("no/such/header.h"));
    }
}
