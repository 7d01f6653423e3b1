//! `virtio`: an image that QEMU loads itself (PVH), on the serial console.
//!
//! The exit status: QEMU's `isa-debug-exit` at port 0x501 (Solo5's port) ends
//! QEMU with `(value << 1 | 1) & 0xff`, which loses the eighth bit and cannot
//! tell status 0 from a failure of QEMU's own. So there is a second channel: an
//! `isa-debugcon` at port 0xe9, which reads as 0xe9 where it exists. The guest
//! writes its status there as one byte before it leaves by port 0x501; then
//! that byte is the status. An end without either is none of the guest's: QEMU
//! ends with 0 after a triple fault, because of `-no-reboot`.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::process::{self, Typed};
use super::{Boot, Machine, Request, Status};
use crate::device::{Version, doubled_commas};

/// QEMU's board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Board {
    /// A PC with PCI Express.
    Q35,
    /// The same, and the image is loaded by multiboot, as a flat binary.
    Q35Flat,
    /// The smallest PC, without PCI.
    Microvm,
    /// The same without timer and interrupt controllers.
    MicrovmBare,
}

/// What runs the guest's instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// QEMU's emulator.
    Tcg,
    /// The host's KVM.
    Kvm,
}

/// `qemu-system-x86_64`.
#[derive(Clone, Debug)]
pub struct Virtio {
    /// The board.
    pub board: Board,
    /// QEMU's CPU model.
    pub cpu: &'static str,
    /// Emulator or KVM.
    pub accelerator: Accelerator,
    /// How many CPUs.
    pub cpus: usize,
    /// One of many variants, for the guests that ask for them.
    pub model: bool,
}

impl Virtio {
    /// The machine that runs anywhere.
    pub const TCG: Virtio = Virtio {
        board: Board::Q35,
        cpu: "max",
        accelerator: Accelerator::Tcg,
        cpus: 1,
        model: false,
    };

    /// The same with two CPUs, each emulated by a thread of its own.
    pub const SMP: Virtio = Virtio {
        cpus: 2,
        ..Virtio::TCG
    };

    /// QEMU with KVM. Firmware is slow where ring 0 is interpreted, and the
    /// models `host` and `max` want what such hosts lack, so: the board with
    /// the least firmware and the plainest CPU. Two of them, which run at once.
    pub const KVM: Virtio = Virtio {
        board: Board::Microvm,
        cpu: "qemu64",
        accelerator: Accelerator::Kvm,
        cpus: 2,
        model: false,
    };

    /// Boards and CPU models from plain to rich: without FSGSBASE and XSAVE,
    /// without pages that cannot be executed, an old Intel, a recent AMD, and all
    /// that QEMU knows.
    pub fn models() -> Vec<Virtio> {
        let model = |board, cpu| Virtio {
            board,
            cpu,
            accelerator: Accelerator::Tcg,
            cpus: 1,
            model: true,
        };
        let mut models = Vec::new();
        for cpu in ["qemu64", "Nehalem", "EPYC"] {
            models.push(model(Board::Q35, cpu));
        }
        for cpu in ["qemu64", "Nehalem", "EPYC", "max"] {
            models.push(model(Board::Microvm, cpu));
        }
        models.push(model(Board::Microvm, "qemu64,-nx"));
        models.push(model(Board::Q35Flat, "max"));
        models.push(model(Board::MicrovmBare, "max"));
        models
    }

    /// QEMU's words for this machine: all but the image, its command line, the
    /// memory and the console.
    pub fn arguments(&self) -> Vec<String> {
        let accelerator = match self.accelerator {
            Accelerator::Tcg => "tcg",
            Accelerator::Kvm => "kvm",
        };
        let board = match self.board {
            Board::Q35 | Board::Q35Flat => "q35,hpet=off,smm=off,vmport=off,sata=off,i8042=off",
            // The clock chip is for the wall clock; everything else is left out.
            Board::Microvm => "microvm,x-option-roms=off,rtc=on,isa-serial=on,acpi=on",
            Board::MicrovmBare => {
                "microvm,x-option-roms=off,rtc=on,isa-serial=on,acpi=on,pit=off,pic=off"
            }
        };
        let mut words: Vec<String> = [
            "-machine",
            &format!("{board},accel={accelerator}"),
            "-cpu",
            self.cpu,
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-no-reboot",
            "-device",
            "isa-debug-exit,iobase=0x501,iosize=2",
        ]
        .map(str::to_string)
        .into();
        words.extend(["-smp".to_string(), self.cpus.to_string()]);
        if self.board == Board::Q35 && self.accelerator == Accelerator::Kvm {
            // SeaBIOS takes seconds where ring 0 is interpreted.
            words.extend(["-bios", "qboot.rom"].map(str::to_string));
        }
        words
    }

    /// What the devices follow: every CPU model has its own.
    fn version(&self) -> Version {
        match self.cpu {
            "Nehalem" => Version::Legacy,
            "EPYC" => Version::Modern,
            "qemu64" if self.model => Version::Plain,
            _ => Version::Any,
        }
    }

    /// The command that boots `image` with the console on standard input and
    /// output and the status byte in the file `status`.
    pub fn command(&self, image: &Path, request: &Request, status: &Path) -> Command {
        let status = doubled_commas(status);
        let mut command = Command::new("qemu-system-x86_64");
        command
            .args(self.arguments())
            .args(["-m", &format!("{}M", request.mem_mib)])
            .args(["-chardev", "stdio,id=console,signal=off"])
            .args(["-serial", "chardev:console"])
            .args(["-chardev", &format!("file,id=status,path={status}")])
            .args([
                "-device",
                "isa-debugcon,iobase=0xe9,readback=0xe9,chardev=status",
            ])
            .args(request.devices.qemu_words(self.board, self.version()))
            .arg("-kernel")
            .arg(image);
        if !request.cmdline.is_empty() {
            command.arg("-append").arg(&request.cmdline);
        }
        command
    }
}

/// Write what `image` loads to `flat`, as it lies in memory.
fn flatten(image: &Path, flat: &Path) -> Result<()> {
    let mut objcopy = Command::new("objcopy");
    objcopy.args(["-O", "binary"]).arg(image).arg(flat);
    let status = objcopy.status().context("cannot start objcopy")?;
    ensure!(status.success(), "objcopy failed on {}", image.display());
    Ok(())
}

/// The guest's status, from QEMU's own and the byte written to port 0xe9.
///
/// # Errors
/// QEMU failed by itself.
pub fn guest_status(qemu: Status, written: &[u8]) -> Result<Status> {
    match (qemu, written) {
        (Status::Exit(_), [status]) => Ok(Status::Exit(*status)),
        (Status::Exit(_), [_, ..]) => bail!("the guest wrote {written:?} as its status"),
        (Status::Exit(0), []) => bail!("the machine was reset or switched off without a status"),
        (Status::Exit(1), []) => bail!("QEMU failed"),
        // Left by port 0x501 alone, as Solo5's own guests do.
        (Status::Exit(code), []) if code % 2 == 1 => Ok(Status::Exit(code >> 1)),
        (other, _) => Ok(other),
    }
}

impl Machine for Virtio {
    fn name(&self) -> String {
        if self.model {
            let board = format!("{:?}", self.board).to_lowercase();
            let cpu = self.cpu.to_lowercase().replace(",-", "-no-");
            format!("{}-{board}-{cpu}", self.family())
        } else {
            self.family().to_string()
        }
    }

    fn family(&self) -> &'static str {
        match self.accelerator {
            Accelerator::Tcg if self.cpus > 1 => "virtio-smp",
            Accelerator::Tcg => "virtio",
            Accelerator::Kvm => "virtio-kvm",
        }
    }

    fn backend(&self) -> &'static str {
        "virtio"
    }

    fn is_model(&self) -> bool {
        self.model
    }

    fn has_input(&self) -> bool {
        true
    }

    fn slowness(&self) -> u32 {
        match self.accelerator {
            Accelerator::Tcg => 6,
            Accelerator::Kvm => 2,
        }
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        let directory = tempfile::tempdir()?;
        let status = directory.path().join("status");
        // QEMU warns of CPU features that nothing here asks for.
        let said = directory.path().join("said");
        let flat = directory.path().join("flat");
        let loaded = if self.board == Board::Q35Flat {
            flatten(image, &flat)?;
            &flat
        } else {
            image
        };
        let command = self.command(loaded, request, &status);
        // The end of what is typed, as a terminal's user would type it.
        let typed = request
            .stdin
            .as_ref()
            .map(|text| Typed::at_once(format!("{text}\x04")));
        let errors = Some(File::create(&said)?);
        let mut boot = process::run(command, typed, errors, request.timeout)?;
        let written = fs::read(&status).unwrap_or_default();
        boot.status = guest_status(boot.status, &written).with_context(|| {
            let said = fs::read_to_string(&said).unwrap_or_default();
            format!(
                "booting {}; the console:\n{}\n{said}",
                image.display(),
                boot.console
            )
        })?;
        Ok(boot)
    }

    fn probe(&self, hello: &Path) -> Result<()> {
        match self.accelerator {
            Accelerator::Tcg => super::probe_by_hello(self, hello),
            Accelerator::Kvm => super::probe_kvm(self, hello),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_the_byte_written() {
        let status = |code, written: &[u8]| guest_status(Status::Exit(code), written).ok();
        assert_eq!(status(1, &[0]), Some(Status::Exit(0)));
        assert_eq!(status(255, &[255]), Some(Status::Exit(255)));
        assert_eq!(status(255, &[127]), Some(Status::Exit(127)));
        // A reset, as after a triple fault, is no success.
        assert_eq!(status(0, &[]), None);
        assert_eq!(status(83, &[]), Some(Status::Exit(41)));
        assert_eq!(status(1, &[]), None);
        assert_eq!(status(1, &[1, 2]), None);
        let late = guest_status(Status::TimedOut, &[]).unwrap();
        assert_eq!(late, Status::TimedOut);
    }

    #[test]
    fn a_path_may_have_a_comma() {
        let status = Path::new("a,b/status");
        let command = Virtio::TCG.command(Path::new("image"), &Request::default(), status);
        let mut words = command.get_args();
        assert!(words.any(|word| word == "file,id=status,path=a,,b/status"));
    }

    #[test]
    fn names_tell_models_apart() {
        assert_eq!(Virtio::TCG.name(), "virtio");
        let names: Vec<_> = Virtio::models().iter().map(Machine::name).collect();
        assert!(names.contains(&"virtio-microvm-nehalem".to_string()));
    }
}
