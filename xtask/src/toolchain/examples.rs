//! The examples, built by the commands at their heads and booted.

use std::path::Path;

use anyhow::{Result, ensure};
use tests_qemu::machine::{Machine, Request, Spt, Status, Virtio};

use super::shell::Shell;
use super::{Skip, holds};
use crate::{paths, sysroot, tenders};
use tests_qemu::peer::{self, Attached, Peer};

/// Copy an example, as git has it or will, to where it is built.
fn copy(shell: &Shell, name: &str) -> Result<()> {
    let from = paths::root().join("examples").join(name);
    let to = shell.work.join(name);
    for file in sysroot::files(&from)? {
        if file.starts_with("target") || file.starts_with("_build") {
            continue;
        }
        let path = to.join(&file);
        std::fs::create_dir_all(path.parent().unwrap_or(&to))?;
        std::fs::copy(from.join(&file), path)?;
    }
    Ok(())
}

/// Boot `image` on virtio.
fn virtio(image: &Path, cmdline: &str) -> Result<String> {
    let request = Request {
        cmdline: cmdline.to_string(),
        ..Request::default()
    };
    let boot = Virtio::TCG.boot(image, &request)?;
    ensure!(
        boot.status == Status::Exit(0),
        "{}: {}",
        boot.status,
        boot.console
    );
    Ok(boot.console.replace('\r', ""))
}

/// C with an entry of its own.
pub fn c(shell: &Shell) -> Result<()> {
    copy(shell, "c")?;
    shell.run("c", "make")?;
    holds(
        &shell.run("c", "solo5-spt sieve.spt")?,
        "78498 primes below 1000000\n",
    )?;
    shell.refused("c", "solo5-spt sieve.spt many", "`many` is no number")?;
    let said = virtio(&shell.work.join("c/sieve.virtio"), "100")?;
    holds(&said, "25 primes below 100\n")
}

/// Rust with `alloc`.
pub fn rust(shell: &Shell) -> Result<()> {
    copy(shell, "rust")?;
    shell.run("rust", "cargo fmt --check && make")?;
    let text = "2 one\n1 two\n2 words in less than 1 s\n";
    holds(&shell.run("rust", "solo5-spt words.spt one two one")?, text)?;
    let said = virtio(&shell.work.join("rust/words.virtio"), "one two one")?;
    holds(&said, "2 one\n1 two\n2 words in less than ")
}

/// OCaml on the network of solo5.h: somebody on a tap pings it and wants datagrams back.
pub fn echo(shell: &Shell) -> Result<()> {
    copy(shell, "echo")?;
    shell.run("echo", "dune build -x nolibc")?;
    let attached = Attached {
        nets: vec!["service0".to_string()],
        peer: Some(Peer::Echo),
        ..Attached::default()
    };
    if let Some(reason) = attached.missing() {
        return Err(Skip(format!("built and not booted: {reason}")).into());
    }
    let tender = tenders::ensure("spt")?.path;
    let machines: [&dyn Machine; 2] = [&Spt { tender }, &Virtio::TCG];
    for machine in machines {
        let image = format!("echo/_build/default.nolibc/echo.{}", machine.backend());
        let image = shell.work.join(image);
        let boot = peer::boot(machine, &image, Request::default(), &attached)?;
        ensure!(
            boot.status == Status::Exit(0),
            "{}: {}",
            boot.status,
            boot.console
        );
        let said = boot.console.replace('\r', "");
        holds(&said, "echo: 10.0.0.2, MTU 1500\n")?;
        holds(&said, "echo: asked to end\n")?;
    }
    shell.refused(
        "echo",
        "solo5-spt _build/default.nolibc/echo.spt",
        "service0",
    )
}

/// OCaml on the block device of solo5.h: the number of boots is kept.
pub fn block(shell: &Shell) -> Result<()> {
    copy(shell, "block")?;
    let said = shell.run(
        "block",
        "dune build -x nolibc
         truncate -s 4096 disk
         for turn in 1 2; do
             solo5-spt --block:disk0=disk _build/default.nolibc/boots.spt
         done
         grep -a boots disk",
    )?;
    holds(&said, "boots: 8 blocks of 512 bytes, boot number 1\n")?;
    holds(&said, "boot number 2\n")?;
    holds(&said, "boots: 2\n")?;
    shell.refused(
        "block",
        "echo 'something of value' > disk; truncate -s 4096 disk
         solo5-spt --block:disk0=disk _build/default.nolibc/boots.spt",
        "the disk holds something else",
    )
}
