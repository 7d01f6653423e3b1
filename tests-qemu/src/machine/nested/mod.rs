//! `hvt-nested`: the unmodified `solo5-hvt` over KVM, inside a small Linux, inside
//! QEMU which emulates a CPU with SVM. It shows what real virtualisation hardware
//! would do, nested paging and no-execute included, on hosts without KVM.
//!
//! The small Linux is Debian's cloud kernel with its own kvm-amd and a busybox;
//! it is booted once, then every test resumes its snapshot, or goes on in a
//! machine that another test has left in order. If the machine around a guest
//! dies, that is an error of its own and never a guest's exit status. A tender
//! that a signal ended shows as 128 + the signal, as a shell says it.

pub mod initramfs;
mod packages;
pub mod pool;
pub mod vm;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::{Boot, Machine, Request};
use pool::Pool;
use vm::{Room, Shape, Snapshot};

static SHAPE: Shape = Shape {
    name: "hvt-nested",
    // QEMU 7.2 sets XCR0 as a guest says without telling KVM, which then puts its own
    // value back: a guest would save less than it believes.
    cpu: "EPYC,-xsave",
    memory_mib: 1024,
    append: "console=ttyS0 quiet panic=-1",
    hpet: false,
    room: Room { nets: 0, blocks: 0 },
};

/// `solo5-hvt` inside a small Linux inside QEMU.
pub struct HvtNested {
    tender: PathBuf,
    directory: PathBuf,
    pool: Pool,
}

impl HvtNested {
    /// `tender` inside the machine; what is built for it lies in `directory`.
    pub fn new(tender: PathBuf, directory: PathBuf) -> HvtNested {
        HvtNested {
            tender,
            directory,
            pool: Pool::new(&SHAPE),
        }
    }

    /// Show the console on standard output as it comes.
    pub fn live(mut self) -> HvtNested {
        self.pool.live = true;
        self
    }

    /// Make the snapshot unless there is one of the same parts.
    fn prepare(&self) -> Result<Snapshot> {
        fs::create_dir_all(&self.directory)?;
        let lock = fs::File::create(self.directory.join("lock"))?;
        lock.lock()?;
        let tree = packages::unpack(&self.directory)?;
        let kernel = initramfs::kernel(&tree)?;
        let archive = initramfs::build(&tree, &self.tender)?;
        let name = vm::snapshot_name(&SHAPE, (&archive, &kernel))?;
        vm::snapshot(&SHAPE, &self.directory, &name, &kernel, |new| {
            let initramfs = new.join("initramfs");
            fs::write(&initramfs, archive)?;
            Ok(initramfs.display().to_string())
        })
    }
}

/// A kernel, and an archive with `init` as the only program that it runs. `directory` is where the
/// packages are kept.
///
/// # Errors
/// The packages cannot be had, or a file not be read.
pub fn small_linux(directory: &Path, init: &Path) -> Result<(PathBuf, Vec<u8>)> {
    fs::create_dir_all(directory)?;
    let lock = fs::File::create(directory.join("lock"))?;
    lock.lock()?;
    let tree = packages::unpack(directory)?;
    Ok((initramfs::kernel(&tree)?, initramfs::only(init)?))
}

impl Machine for HvtNested {
    fn family(&self) -> &'static str {
        "hvt-nested"
    }

    fn backend(&self) -> &'static str {
        "hvt"
    }

    fn slowness(&self) -> u32 {
        8
    }

    fn has_devices(&self) -> bool {
        false
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        let none = request.devices.is_empty();
        ensure!(none, "no device can be attached inside the small Linux");
        let prepare = || self.prepare();
        self.pool.boot(image, request, &request.cmdline, prepare)
    }
}
