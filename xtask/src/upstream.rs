//! `cargo xtask upstream`: our objects and upstream Solo5's fit together.
//!
//! Takes a built Solo5 tree, with its tenders, bindings and tests, and then
//! - links upstream's C test programs with our backends and boots them under
//!   that tree's tenders, in QEMU and on Xen;
//! - links a C program with `libnolibc.a` and upstream's bindings, by upstream's
//!   linker scripts, and boots it there too.
//!
//! Not among the tests are those of the tenders alone, and `xnor`: on this CPU
//! what can be executed can be read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail};
use tests_qemu::machine::{Boot, Hvt, HvtNested, Machine, Request, Spt, Status, Virtio};
use tests_qemu::peer::{self, Attached, Peer};

use crate::doctor::Purpose;
use crate::tenders::{self, Tender};
use crate::{machines, paths, setup, sh, sysroot};

/// Prove that our objects and upstream Solo5's fit together.
#[derive(clap::Args, Default)]
pub struct Options {
    /// A Solo5 tree that is already built; default: 0.7.2, as `tenders` fetches it, built here.
    #[arg(long, value_name = "DIR")]
    solo5: Option<PathBuf>,
}

/// What a test program must do on our backends.
enum End {
    /// Status 0, and this text.
    Success(&'static str),
    /// Status 255, and this text.
    Abort(&'static str),
    /// A fault: death by SIGSEGV on spt, a report and status 255 elsewhere.
    Fault,
    /// A forbidden system call of spt's.
    Forbidden,
}

/// The tests: name, command line, end.
const TESTS: [(&str, &str, End); 22] = [
    ("hello", "Hello_Solo5", End::Success("SUCCESS")),
    ("quiet", "--solo5:quiet", End::Success("")),
    ("output", "Output_Solo5", End::Success("test_output")),
    ("globals", "", End::Success("SUCCESS")),
    ("fpu", "", End::Success("SUCCESS")),
    ("tls", "", End::Success("SUCCESS")),
    ("time", "", End::Success("SUCCESS")),
    ("ssp", "", End::Abort("Solo5: ABORT: ")),
    ("dumpcore", "", End::Abort("Solo5: solo5_abort() called")),
    ("exception", "", End::Fault),
    ("zeropage", "", End::Fault),
    ("notls", "", End::Fault),
    ("rnow", "", End::Fault),
    ("rnox", "", End::Fault),
    ("wnox", "", End::Fault),
    ("xnow", "", End::Fault),
    ("seccomp", "", End::Forbidden),
    ("blk", "", End::Success("SUCCESS")),
    ("mft_maxdevices", "", End::Success("SUCCESS")),
    ("net", "limit", End::Success("SUCCESS")),
    ("net_2if", "limit", End::Success("SUCCESS")),
    ("net_mtu", "", End::Success("MTU is 1500")),
];

/// What a failed boot looks like.
type Outcome = std::result::Result<(), String>;

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    setup::ensure(&[Purpose::Tenders])?;
    let tree = match options.solo5 {
        Some(tree) => built(tree)?,
        None => build()?,
    };
    sysroot::ensure()?;
    let [hvt, spt] = ["hvt", "spt"].map(|name| {
        tenders::ask(
            tree.join("tenders")
                .join(name)
                .join(format!("solo5-{name}")),
        )
    });
    let (hvt, spt) = (hvt?, spt?);
    println!("Solo5 {}, ABI {}", spt.version, spt.abi);
    let work = paths::out().join("upstream/images");
    fs::create_dir_all(&work)?;
    let mut bench = Bench {
        tree,
        work,
        passed: 0,
        failed: 0,
        skipped: 0,
    };
    bench.run_all(&hvt, &spt)?;
    println!(
        "{} passed, {} failed, {} skipped",
        bench.passed, bench.failed, bench.skipped
    );
    Ok(if bench.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The tree that the user names, if it is a built one.
fn built(tree: PathBuf) -> Result<PathBuf> {
    for part in ["tenders/spt/solo5-spt", "tenders/hvt/solo5-hvt", "bindings"] {
        if !tree.join(part).exists() {
            bail!(
                "{} is no built Solo5 tree: it has no {part}",
                tree.display()
            );
        }
    }
    Ok(tree)
}

/// The tree of 0.7.2, built unless that has been done.
pub fn tree() -> Result<PathBuf> {
    let tree = paths::out().join("upstream/solo5");
    match built(tree) {
        Ok(tree) => Ok(tree),
        Err(_) => build(),
    }
}

/// Build 0.7.2 below the output directory.
fn build() -> Result<PathBuf> {
    let source = tenders::fetch()?;
    let tree = paths::out().join("upstream/solo5");
    sh::step(format!("Solo5 of {}", source.display()));
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    tenders::copy(&source, &tree)?;
    tenders::name_version(&tree, tenders::VERSION)?;
    sh::run(Command::new("./configure.sh").current_dir(&tree))?;
    let mut make = Command::new("make");
    make.current_dir(&tree)
        .arg(tenders::jobs())
        .args(["CONFIG_MUEN=", "CONFIG_XEN="]);
    sh::run(&mut make)?;
    Ok(tree)
}

/// Link `object` with upstream's bindings for `name`, and our library.
pub fn link(tree: &Path, name: &str, object: &Path, image: &Path) -> Result<()> {
    let bindings = tree.join("bindings");
    // Upstream's scripts keep nothing from --gc-sections, the boot header of
    // virtio included.
    sh::run(
        Command::new(sysroot::tool("ld"))
            .args([
                "-static",
                "--build-id=none",
                "--undefined=__solo5_mft1_note",
                "-T",
            ])
            .arg(bindings.join(format!("solo5_{name}.lds")))
            .arg(bindings.join(format!("solo5_{name}.o")))
            .arg(object)
            .arg(paths::sysroot().join("lib/libnolibc.a"))
            .arg("-o")
            .arg(image),
    )
}

struct Bench {
    tree: PathBuf,
    work: PathBuf,
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Bench {
    fn run_all(&mut self, hvt: &Tender, spt: &Tender) -> Result<()> {
        let hello = self.tree.join("tests/test_hello");
        let probe = self.ours(&hello, "hello", &backend("hvt", hvt.abi))?;
        let native = Hvt {
            tender: hvt.path.clone(),
        };
        let nested = HvtNested::new(hvt.path.clone(), paths::out().join("nested"));
        // Natively where the host can; always under true SVM semantics would
        // do, but takes longer.
        let ours: &dyn Machine = if native.probe(&probe).is_ok() {
            &native
        } else {
            &nested
        };
        let spt_machine = Spt {
            tender: spt.path.clone(),
        };
        let virtio = Virtio::TCG;
        let xen = machines::xen_domain();
        for (machine, abi) in [
            (&spt_machine as &dyn Machine, spt.abi),
            (ours, hvt.abi),
            (&virtio, 0),
            (&xen, 0),
        ] {
            for (name, cmdline, end) in &TESTS {
                self.upstream_test(machine, abi, name, cmdline, end)?;
            }
        }
        // Upstream's hvt guests run in ring 0, which not every KVM does at
        // speed, or at all.
        for machine in [&spt_machine as &dyn Machine, &nested, &virtio] {
            self.upstream_bindings(machine)?;
        }
        Ok(())
    }

    /// One of upstream's test programs, on our backend.
    fn upstream_test(
        &mut self,
        machine: &dyn Machine,
        abi: u32,
        name: &str,
        cmdline: &str,
        end: &End,
    ) -> Result<()> {
        let title = format!("{}::{name}", machine.name());
        let directory = self.tree.join("tests").join(format!("test_{name}"));
        if !directory.is_dir() {
            return self.skip(&title, "this Solo5 does not have it");
        }
        if matches!(end, End::Forbidden) && machine.backend() != "spt" {
            return self.skip(&title, "a test of spt");
        }
        let attached = attached(name);
        if name == "mft_maxdevices" && ["virtio", "xen"].contains(&machine.backend()) {
            return self.skip(&title, "the machine has room for fewer devices");
        }
        if !attached.is_empty() && !machine.has_devices() {
            return self.skip(&title, "no device can be attached there");
        }
        if let Some(reason) = attached.missing() {
            return self.skip(&title, &reason);
        }
        let image = self.ours(&directory, name, &backend(machine.backend(), abi))?;
        let mut request = request(cmdline);
        request.timeout *= machine.slowness();
        let boot = peer::boot(machine, &image, request, &attached);
        self.report(&title, boot, |boot| judge(boot, end, machine.backend()));
        Ok(())
    }

    /// Link a test of upstream's with our backend.
    fn ours(&self, directory: &Path, name: &str, backend: &str) -> Result<PathBuf> {
        let image = self.work.join(format!("test_{name}.{backend}"));
        sh::run(
            Command::new(sysroot::tool("gcc"))
                .arg(directory.join(format!("test_{name}.o")))
                .arg(directory.join("manifest.o"))
                .args(["-z", &format!("nolibc-backend={backend}"), "-o"])
                .arg(&image),
        )?;
        Ok(image)
    }

    /// Our library on upstream's bindings.
    fn upstream_bindings(&mut self, machine: &dyn Machine) -> Result<()> {
        let name = machine.backend();
        let title = format!("{}::bindings", machine.name());
        let object = self.work.join("program.o");
        let source = self.work.join("program.c");
        fs::write(&source, PROGRAM)?;
        sh::run(
            Command::new(sysroot::tool("gcc"))
                .args(["-O2", "-Wall", "-c"])
                .arg(&source)
                .arg("-o")
                .arg(&object),
        )?;
        let image = self.work.join(format!("program.{name}"));
        link(&self.tree, name, &object, &image)?;
        let boot = machine.boot(&image, &request("GREETING=hi -- a 'b c'"));
        self.report(&title, boot, |boot| {
            // Upstream's virtio guests power off, and the host learns nothing.
            if boot.status != Status::Exit(42) && name != "virtio" {
                return Err("the status is not 42".to_owned());
            }
            expect(boot, "thread-local 5 7, hi, 3 words, last 'b c'\nat exit\n")
        });
        Ok(())
    }

    fn skip(&mut self, title: &str, reason: &str) -> Result<()> {
        println!("{title}: skipped: {reason}");
        self.skipped += 1;
        Ok(())
    }

    /// Report; `judge` says whether it went well.
    fn report(&mut self, title: &str, boot: Result<Boot>, judge: impl FnOnce(&Boot) -> Outcome) {
        let outcome = match boot {
            Ok(boot) => judge(&boot).map_err(|reason| {
                format!("{reason}; {}; the console:\n{}", boot.status, boot.console)
            }),
            Err(error) => Err(format!("{error:#}")),
        };
        match outcome {
            Ok(()) => {
                println!("{title}: ok");
                self.passed += 1;
            }
            Err(reason) => {
                println!("{title}: FAILED: {reason}");
                self.failed += 1;
            }
        }
    }
}

/// The devices of a test, by its manifest.
fn attached(test: &str) -> Attached {
    let names = |prefix: &str, count: u32| -> Vec<String> {
        (0..count).map(|n| format!("{prefix}{n}")).collect()
    };
    let (nets, blocks, size) = match test {
        "blk" => (0, vec!["storage".to_string()], 4 << 20),
        "mft_maxdevices" => (0, names("storage", 63), 4096),
        "net" | "net_mtu" => (1, Vec::new(), 0),
        "net_2if" => (2, Vec::new(), 0),
        _ => (0, Vec::new(), 0),
    };
    Attached {
        nets: names("service", nets),
        blocks: blocks.into_iter().map(|name| (name, size)).collect(),
        mtu: None,
        // Who asks for the mtu alone ends by itself.
        peer: (nets > 0 && test != "net_mtu").then_some(Peer::Flood),
    }
}

/// Thread-local variables of both kinds, environment, arguments, heap, streams
/// and the exit status.
const PROGRAM: &str = r#"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static __thread int initialised = 5;
static __thread int zeroed;

static void last(void)
{
    puts("at exit");
}

int main(int argc, char **argv)
{
    char *copy = malloc(strlen(argv[argc - 1]) + 1);
    if (copy == NULL)
        return 1;
    strcpy(copy, argv[argc - 1]);
    zeroed += 7;
    atexit(last);
    printf("thread-local %d %d, %s, %d words, last '%s'\n", initialised, zeroed,
           getenv("GREETING"), argc, copy);
    free(copy);
    return 42;
}
"#;

/// The backend for a tender of this ABI version; 0 where there is none.
fn backend(name: &str, abi: u32) -> String {
    match abi {
        0 => name.to_owned(),
        abi => format!("{name}-abi{abi}"),
    }
}

fn request(cmdline: &str) -> Request {
    Request {
        cmdline: cmdline.to_owned(),
        mem_mib: 16,
        timeout: Duration::from_secs(60),
        ..Request::default()
    }
}

fn expect(boot: &Boot, text: &str) -> Outcome {
    // A serial console turns line feeds into two characters.
    if boot.console.replace('\r', "").contains(text) {
        Ok(())
    } else {
        Err(format!("there is no `{}`", text.trim_end()))
    }
}

fn judge(boot: &Boot, end: &End, backend: &str) -> Outcome {
    let (status, text) = match (end, backend) {
        (End::Success(text), _) => (Status::Exit(0), *text),
        (End::Abort(text), _) => (Status::Exit(255), *text),
        (End::Fault, "spt") => (Status::Signal(SIGSEGV), ""),
        (End::Fault, _) => (Status::Exit(255), "Solo5: "),
        (End::Forbidden, _) => (Status::Signal(SIGSYS), ""),
    };
    if boot.status != status {
        return Err(format!("expected {status}"));
    }
    if boot.console.contains("FAILURE") {
        return Err("the program says so".to_owned());
    }
    expect(boot, text)
}

const SIGSEGV: i32 = 11;
const SIGSYS: i32 = 31;
