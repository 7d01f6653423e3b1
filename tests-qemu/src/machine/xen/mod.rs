//! `xen`: an image that Xen starts as its dom0, in QEMU, whose emulated CPU has
//! SVM with nested pages. Xen is Debian's; nothing else is needed. `xen-smp` is the same
//! with two CPUs.
//!
//! The console is Xen's own, on the first serial port, which Xen's messages share:
//! lines that begin with `(XEN) `. The status is the byte that the guest writes to
//! an `isa-debugcon` at port 0x5e9; it then has Xen reset the machine, which ends
//! QEMU.
//!
//! The memory of a new machine is zeros, so Xen need not see to that (`bootscrub`), and the
//! host has to have only what is used.
//!
//! The CPU model has no SMAP and no MONITOR: with them QEMU 7.2 and 10.0 raise
//! exceptions that a processor would not, in Xen. Xen switches the extended state of
//! its domains eagerly, because QEMU 7.2 executes XSAVE and XRSTOR in spite of CR0.TS,
//! by which Xen would notice that a domain uses it. And there is no AVX, because it
//! sets XCR0 as a domain says without telling Xen, whose next XRSTOR then finds state
//! that it does not know of, and resets all of it.
//!
//! The HPET ticks besides (`hpet=legacy-replacement`). QEMU 7.2 may lose the interrupt of the local
//! APIC's timer: where it enters a guest for which an interrupt waits (VMRUN with V_IRQ) it sets a bit
//! in the word of what interrupts a processor without the lock under which others do. Xen, which
//! sets that timer anew for each event, would then wait for ever; any other interrupt has QEMU look at
//! the APIC again.

mod domain;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};

pub use domain::{XL, XenDomain, xl_configuration, xl_devices};

use super::process::{self, Typed};
use super::{Boot, Machine, Request, Status, debian, guest_status};

/// The package whose dependency is the newest Xen.
const PACKAGE: &str = "xen-system-amd64";

/// QEMU's CPU model.
const CPU: &str = "EPYC,-smap,-monitor,-avx,-avx2,-f16c,-fma";

/// What Xen and its tables take besides the guest's memory, and more for each part of it.
const OVERHEAD_MIB: u32 = 64;
const OVERHEAD_PART: u32 = 64;

/// Xen's last words before its dom0 runs.
const STARTED: &str = "init memory";

/// What has Xen, instead of its dom0, read the console, and then tell of its domains, their event
/// channels, its timers, and the registers of all.
const TELL: &str = "\x01\x01\x01qeadv";

/// Xen in QEMU.
pub struct Xen {
    directory: PathBuf,
    cpus: usize,
    hypervisor: OnceLock<Result<PathBuf, String>>,
}

impl Xen {
    /// With what is unpacked in `directory`, and so many CPUs, each emulated by a thread
    /// of its own.
    pub fn new(directory: PathBuf, cpus: usize) -> Xen {
        Xen {
            directory,
            cpus,
            hypervisor: OnceLock::new(),
        }
    }

    /// The hypervisor's image, as QEMU loads it.
    fn hypervisor(&self) -> Result<PathBuf> {
        let made = self
            .hypervisor
            .get_or_init(|| unpack(&self.directory).map_err(|error| format!("{error:#}")));
        match made {
            Ok(path) => Ok(path.clone()),
            Err(error) => bail!("{error}"),
        }
    }

    /// The command that boots the image that lies as `guest` in the directory
    /// where it is started, with the status byte in the file `status` there.
    fn command(&self, request: &Request) -> Result<Command> {
        let mem = request.mem_mib;
        let all = mem.saturating_add(OVERHEAD_MIB + mem / OVERHEAD_PART);
        // A comma would end the module's words.
        let guest = format!("guest {}", request.cmdline).replace(',', ",,");
        let mut command = Command::new("qemu-system-x86_64");
        command
            .args([
                "-machine",
                "q35,accel=tcg,vmport=off,smm=off,sata=off,i8042=off,usb=off",
            ])
            .args(["-cpu", CPU, "-smp", &self.cpus.to_string()])
            .args(["-m", &format!("{all}M")])
            .args(["-nodefaults", "-no-user-config", "-display", "none"])
            .arg("-no-reboot")
            .args(["-chardev", "stdio,id=console,signal=off"])
            .args(["-serial", "chardev:console"])
            .args(["-chardev", "file,id=status,path=status"])
            .args([
                "-device",
                "isa-debugcon,iobase=0x5e9,readback=0xe9,chardev=status",
            ])
            .arg("-kernel")
            .arg(self.hypervisor()?)
            .arg("-append")
            .arg(format!(
                "console=com1 dom0=pvh dom0-iommu=none dom0_mem={mem}M,max:{mem}M \
                 spec-ctrl=no,eager-fpu no-watchdog bootscrub=0 \
                 hpet=legacy-replacement"
            ))
            .arg("-initrd")
            .arg(guest);
        Ok(command)
    }
}

/// Xen's image, unpacked below `directory`.
fn unpack(directory: &Path) -> Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let lock = File::create(directory.join("lock"))?;
    lock.lock()?;
    let package = debian::newest(PACKAGE, "xen-hypervisor-")?;
    let tree = directory.join(&package);
    let image = tree.join("xen");
    if image.exists() {
        return Ok(image);
    }
    debian::unpack(&[package.as_str()], &tree)?;
    let packed = packed_image(&tree.join("boot"))?;
    let draft = tree.join("draft");
    let status = Command::new("gzip")
        .args(["-d", "-c"])
        .stdin(File::open(&packed)?)
        .stdout(File::create(&draft)?)
        .stderr(Stdio::inherit())
        .status()
        .context("cannot start gzip, which unpacks Xen")?;
    ensure!(status.success(), "gzip failed on {}", packed.display());
    fs::rename(&draft, &image)?;
    Ok(image)
}

/// The newest Xen in `boot`.
fn packed_image(boot: &Path) -> Result<PathBuf> {
    let mut images = Vec::new();
    for entry in fs::read_dir(boot)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("xen-") && name.ends_with(".gz") {
            images.push(path);
        }
    }
    images.sort();
    images
        .pop()
        .with_context(|| format!("there is no xen-*.gz in {}", boot.display()))
}

/// The guest's own part of the console: without Xen's lines, and without the
/// carriage returns that Xen puts before the ends of lines.
fn guests_own(console: &str) -> String {
    console
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("(XEN) "))
        .map(|line| line.replace("\r\n", "\n"))
        .collect()
}

impl Machine for Xen {
    fn family(&self) -> &'static str {
        if self.cpus > 1 { "xen-smp" } else { "xen" }
    }

    fn backend(&self) -> &'static str {
        "xen"
    }

    fn takes_every_ocaml(&self) -> bool {
        self.cpus == 1
    }

    fn has_input(&self) -> bool {
        true
    }

    fn slowness(&self) -> u32 {
        10
    }

    fn has_devices(&self) -> bool {
        false
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        ensure!(request.devices.is_empty(), "dom0 has no devices");
        let directory = tempfile::tempdir()?;
        let path = |name: &str| directory.path().join(name);
        symlink(fs::canonicalize(image)?, path("guest"))?;
        let mut command = self.command(request)?;
        command.current_dir(directory.path());
        // The end of what is typed, as a terminal's user would type it.
        let text = request.stdin.as_ref();
        let typed = Typed {
            text: text.map_or_else(String::new, |text| format!("{text}\x04")),
            after: STARTED,
            at_last: TELL,
        };
        // QEMU warns of CPU features that it does not emulate.
        let errors = Some(File::create(path("said"))?);
        let mut boot = process::run(command, Some(typed), errors, request.timeout)?;
        let written = fs::read(path("status")).unwrap_or_default();
        boot.status = guest_status(boot.status, &written).with_context(|| {
            let said = fs::read_to_string(path("said")).unwrap_or_default();
            format!(
                "booting {}; the console:\n{}\n{said}",
                image.display(),
                boot.console
            )
        })?;
        // Of a boot that does not end Xen's own lines tell how far it came.
        if boot.status != Status::TimedOut {
            boot.console = guests_own(&boot.console);
        }
        Ok(boot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xens_lines_are_left_out() {
        let console = "(XEN) a\r\none\r\r\n(XEN) b\r\ntwo (XEN)\r\nend";
        assert_eq!(guests_own(console), "one\r\ntwo (XEN)\nend");
    }
}
