//! The machines of this host: which there are, and which objects their images
//! are linked with.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tests_qemu::machine::{Hvt, HvtNested, Machine, Spt, Virtio, Xen, XenDomain};
use tests_qemu::suite::Entry;

use crate::tenders::{self, Tender};
use crate::{paths, sh};

/// The names of machines, as `--backend` takes them.
pub const NAMES: [&str; 9] = [
    "spt",
    "virtio",
    "virtio-smp",
    "virtio-kvm",
    "hvt",
    "hvt-nested",
    "xen",
    "xen-smp",
    "xen-domain",
];

/// Refuse a name that is no machine's.
///
/// # Errors
/// It is not in [`NAMES`].
pub fn check_name(name: &str) -> Result<()> {
    if !NAMES.contains(&name) {
        bail!(
            "there is no backend `{name}`; there are {}",
            NAMES.join(", ")
        );
    }
    Ok(())
}

/// A tender, or why there is none.
type Found = std::result::Result<Tender, String>;

/// The machines of this host.
pub struct Fleet {
    names: Vec<&'static str>,
    spt: Found,
    hvt: Found,
}

impl Fleet {
    /// Those that are `wanted`. For a list alone nothing is built.
    pub fn find(wanted: &dyn Fn(&str) -> bool, list: bool) -> Fleet {
        let names: Vec<_> = NAMES.into_iter().filter(|name| wanted(name)).collect();
        let find = |name: &str| -> Found {
            let needed = names.iter().any(|machine| machine.starts_with(name));
            if list || !needed {
                return Err("not looked for".to_string());
            }
            tenders::ensure(name).map_err(|error| format!("{error:#}"))
        };
        let (spt, hvt) = (find("spt"), find("hvt"));
        Fleet { names, spt, hvt }
    }

    /// The backend that an image for `machine` is linked with: what its tender
    /// takes.
    pub fn backend(&self, machine: &dyn Machine) -> String {
        let found = match machine.backend() {
            "spt" => &self.spt,
            "hvt" => &self.hvt,
            other => return other.to_string(),
        };
        backend(machine.backend(), found.as_ref().ok())
    }

    /// The machines, each with what it lacks.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for name in &self.names {
            match *name {
                "spt" => entries.push(with_tender(&self.spt, |tender| Spt { tender })),
                "hvt" => entries.push(with_tender(&self.hvt, |tender| Hvt { tender })),
                "hvt-nested" => entries.push(with_tender(&self.hvt, nested)),
                "virtio-smp" => entries.push(with_qemu(Virtio::SMP)),
                "xen" => entries.push(with_qemu(xen(1))),
                "xen-smp" => entries.push(with_qemu(xen(2))),
                "xen-domain" => entries.push(with_qemu(xen_domain())),
                "virtio-kvm" => entries.push(with_qemu(Virtio::KVM)),
                _ => {
                    entries.push(with_qemu(Virtio::TCG));
                    entries.extend(Virtio::models().into_iter().map(with_qemu));
                }
            }
        }
        entries
    }
}

/// The name that `-z nolibc-backend=` takes for a tender's ABI.
pub fn backend(name: &str, tender: Option<&Tender>) -> String {
    match tender {
        Some(Tender { abi: 1, .. }) => format!("{name}-abi1"),
        _ => name.to_string(),
    }
}

/// `hvt-nested` with this tender.
pub fn nested(tender: PathBuf) -> HvtNested {
    HvtNested::new(tender, paths::out().join("nested"))
}

/// `xen` with so many CPUs.
pub fn xen(cpus: usize) -> Xen {
    Xen::new(paths::out().join("xen"), cpus)
}

/// `xen-domain`.
pub fn xen_domain() -> XenDomain {
    XenDomain::new(paths::out().join("xen"))
}

fn with_tender<M: Machine + 'static>(found: &Found, make: impl Fn(PathBuf) -> M) -> Entry {
    let (path, missing) = match found {
        Ok(tender) => (tender.path.as_path(), None),
        Err(error) => (Path::new(""), Some(error.clone())),
    };
    Entry {
        machine: Box::new(make(path.to_path_buf())),
        missing,
    }
}

fn with_qemu(machine: impl Machine + 'static) -> Entry {
    let missing = sh::which("qemu-system-x86_64").is_none();
    Entry {
        machine: Box::new(machine),
        missing: missing.then(|| {
            "there is no qemu-system-x86_64 on the PATH; `cargo xtask setup` installs it".into()
        }),
    }
}
