//! A project in the shape of MirageOS's: a library with an entry of its own, which a Makefile
//! compiles by way of findlib, an implementation of a virtual library for unikernels, a manifest,
//! and one executable for all machines although its flags name one.

use std::fs;

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Machine, Request, Spt, Status, Virtio};
use tests_qemu::peer::{self, Attached};

use super::holds;
use super::shell::Shell;
use crate::tenders;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("mirage/", $name)))),*]
    };
}

const FILES: [(&str, &str); 14] = files![
    "dune-workspace",
    "dune",
    "manifest.json",
    "main.ml",
    "os/dune",
    "os/Makefile",
    "os/entry.c",
    "os/os.ml",
    "clock/dune",
    "clock/clock.mli",
    "clock/solo5/dune",
    "clock/solo5/clock.ml",
    "clock/unix/dune",
    "clock/unix/clock.ml",
];

/// The project builds and boots, with its command line and its disk.
pub fn project(shell: &Shell) -> Result<()> {
    let directory = shell.work.join("mirage");
    let empty = ["manifest.ml", "os.opam", "clock.opam"].map(|name| (name, ""));
    for (name, text) in FILES.into_iter().chain(empty) {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().context("a file lies somewhere")?)?;
        fs::write(path, text)?;
    }
    shell.project("mirage", &[])?;
    let built = "_build/solo5";
    shell.run(
        "mirage",
        &format!("dune build {built}/main.exe {built}/main.virtio {built}/main.hvt"),
    )?;
    let attached = Attached {
        blocks: vec![("storage".to_string(), 4096)],
        ..Attached::default()
    };
    let tender = tenders::ensure("spt")?.path;
    let machines: [(&dyn Machine, &str); 2] = [(&Spt { tender }, "exe"), (&Virtio::TCG, "virtio")];
    for (machine, ending) in machines {
        let image = directory.join(built).join(format!("main.{ending}"));
        let request = Request {
            cmdline: "--ipv4=10.0.0.2/24 -l debug".to_string(),
            ..Request::default()
        };
        let boot = peer::boot(machine, &image, request, &attached)?;
        ensure!(
            boot.status == Status::Exit(0),
            "{}: {}",
            boot.status,
            boot.console
        );
        let said = boot.console.replace('\r', "");
        for line in [
            "arguments: --ipv4=10.0.0.2/24 -l debug\n",
            "waited: true, ready: 0\n",
            "counted: true\n",
            "storage: 512 bytes a block\n",
        ] {
            holds(&said, line)?;
        }
    }
    Ok(())
}
