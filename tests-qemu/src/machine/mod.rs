//! Machines that boot images.
//!
//! | machine | what runs the image | runs where |
//! |---|---|---|
//! | `spt` | the tender `solo5-spt`: a process under seccomp | any Linux |
//! | `virtio` | QEMU, emulating the CPU; models `virtio-q35-nehalem` ... | anywhere |
//! | `virtio-smp` | the same with two CPUs | anywhere |
//! | `virtio-kvm` | QEMU with KVM and two CPUs | where a probe boots |
//! | `hvt` | the tender `solo5-hvt` with KVM | where a probe boots |
//! | `hvt-nested` | the tender `solo5-hvt` with KVM inside a Linux inside QEMU | anywhere |
//! | `xen-domain` | Xen, as a domain that a dom0 starts, in such a QEMU | anywhere |
//! | `xen-smp` | as `xen`, with two CPUs | anywhere |
//! | `xen` | Xen, as its dom0, in QEMU that emulates a CPU with SVM | anywhere |

mod debian;
mod hvt;
mod nested;
mod process;
mod spt;
mod virtio;
mod xen;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::device::Devices;

pub use hvt::Hvt;
pub use nested::vm::Launch;
pub use nested::{HvtNested, small_linux};
pub use process::from_exit_status;
pub use spt::{Spt, tender_command};
pub use virtio::{Accelerator, Board, Virtio, guest_status};
pub use xen::{XL, Xen, XenDomain, xl_configuration, xl_devices};

/// How a guest ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It ended by itself with this status.
    Exit(u8),
    /// What runs it was killed by a signal.
    Signal(i32),
    /// It was still running when its time was up.
    TimedOut,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Status::Exit(status) => write!(f, "exit status {status}"),
            Status::Signal(signal) => write!(f, "death by signal {signal}"),
            Status::TimedOut => write!(f, "no end within its time"),
        }
    }
}

/// What to boot an image with.
#[derive(Clone, Debug)]
pub struct Request {
    /// The guest's command line, as it is.
    pub cmdline: String,
    /// Memory in MiB.
    pub mem_mib: u32,
    /// What is typed on the console; `None`: nothing, ever.
    pub stdin: Option<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// What is attached.
    pub devices: Devices,
    /// Further lines of xl's configuration, for a machine that has one.
    pub xl: Vec<String>,
    /// The first file system of an image that is a Linux, for a machine that has xl.
    pub ramdisk: Option<PathBuf>,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            cmdline: String::new(),
            mem_mib: 64,
            stdin: None,
            timeout: Duration::from_secs(20),
            devices: Devices::default(),
            xl: Vec::new(),
            ramdisk: None,
        }
    }
}

/// What came of booting an image.
#[derive(Clone, Debug)]
pub struct Boot {
    /// All that the guest and the program that runs it printed.
    pub console: String,
    /// How it ended.
    pub status: Status,
    /// From the start to the end of the program that runs it.
    pub time: Duration,
}

/// Something that boots images.
pub trait Machine: Send + Sync {
    /// The name in tests: the part before `::`.
    fn name(&self) -> String {
        self.family().to_string()
    }

    /// The name in a guest's `@machines`.
    fn family(&self) -> &'static str;

    /// The backend an image for this machine is linked with.
    fn backend(&self) -> &'static str;

    /// A variant of another machine, for guests marked `@models` alone.
    fn is_model(&self) -> bool {
        false
    }

    /// Whether OCaml's guests are run with each OCaml that is asked for; else with the first one.
    fn takes_every_ocaml(&self) -> bool {
        true
    }

    /// Whether the console can be read.
    fn has_input(&self) -> bool {
        false
    }

    /// Whether devices can be attached.
    fn has_devices(&self) -> bool {
        true
    }

    /// How many times slower than natively a guest may run.
    fn slowness(&self) -> u32 {
        1
    }

    /// Boot `image`.
    ///
    /// # Errors
    /// Only what is not the guest's doing: a program that does not start, a
    /// virtual machine around the guest that dies.
    fn boot(&self, image: &Path, request: &Request) -> Result<Boot>;

    /// Whether this machine works here: boots `hello`, which prints
    /// `Hello, World` and ends with status 0.
    ///
    /// # Errors
    /// What happened instead.
    fn probe(&self, hello: &Path) -> Result<()> {
        probe_by_hello(self, hello)
    }
}

fn probe_by_hello(machine: &(impl Machine + ?Sized), hello: &Path) -> Result<()> {
    let boot = machine.boot(hello, &Request::default())?;
    ensure!(
        boot.status == Status::Exit(0) && boot.console.contains("Hello, World"),
        "hello ended with {}; the console:\n{}",
        boot.status,
        boot.console
    );
    Ok(())
}

/// As [`probe_by_hello`], on a machine that needs the host's KVM.
fn probe_kvm(machine: &impl Machine, hello: &Path) -> Result<()> {
    let kvm = Path::new("/dev/kvm");
    ensure!(kvm.exists(), "there is no /dev/kvm on this host");
    if let Err(error) = std::fs::OpenOptions::new().read(true).write(true).open(kvm) {
        bail!("/dev/kvm cannot be opened: {error}");
    }
    probe_by_hello(machine, hello).context("this KVM does not run our images")
}
