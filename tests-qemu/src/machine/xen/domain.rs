//! `xen-domain`: an image that Xen's toolstack starts as a domain of its own, from a
//! small Linux that is Xen's dom0, in QEMU.
//!
//! All of it is Debian's. It is booted once, then every test resumes its snapshot,
//! or goes on in a machine that another test has left in order. The domain's
//! console is its ring, as xenconsoled writes it down. The status is what the guest
//! left in xenstore, or 255 for a crash.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::device::{Devices, MTU, Net, NetHost};
use crate::machine::nested::initramfs::{self, Archive};
use crate::machine::nested::pool::Pool;
use crate::machine::nested::vm::{self, Launch, Room, Shape, Snapshot};
use crate::machine::{Boot, Machine, Request, debian};

/// The package whose dependency is the newest kernel; the cloud kernel is no dom0.
const KERNEL: &str = "linux-image-amd64";

/// Packages besides the kernel, Xen, and its tools of the same version.
const PACKAGES: [&str; 15] = [
    "busybox-static",
    "libgcc-s1",
    "libxencall1",
    "libxendevicemodel1",
    "libxenevtchn1",
    "libxenforeignmemory1",
    "libxengnttab1",
    "libxenhypfs1",
    "libxenstore4",
    "libxentoolcore1",
    "libxentoollog1",
    "libyajl2",
    "xen-utils-common",
    "xenstore-utils",
    "libuuid1",
];

/// What of the tools is used.
const PROGRAMS: [&str; 9] = [
    SAVER,
    CONSOLE,
    "xl",
    "xenstored",
    "xenconsoled",
    "xen-init-dom0",
    "xenstore-read",
    "xenstore-write",
    "xenstore-exists",
];

/// What writes a domain down and reads it again.
const SAVER: &str = "libxl-save-helper";
/// What is on the other end of a domain's console.
const CONSOLE: &str = "xenconsole";

/// A script for a dom0's shell: `sh -c XL sh FILE` runs the domain that the file describes.
pub const XL: &str = include_str!("xl.sh");

/// Modules wanted, with their parameters; what they depend on is found.
const MODULES: [(&str, &str); 10] = [
    ("virtio_pci", ""),
    ("virtio_console", ""),
    ("xen_privcmd", ""),
    ("xen_evtchn", ""),
    ("xen_gntdev", ""),
    ("xen_gntalloc", ""),
    ("xenfs", ""),
    ("loop", "max_loop=1"),
    ("xen_blkback", ""),
    ("xen_netback", ""),
];

/// The same for what QEMU attaches, once it is there.
const DEVICE_MODULES: [(&str, &str); 3] = [("bridge", ""), ("virtio_net", ""), ("virtio_blk", "")];

/// The same for a Linux that is a domain like the guests.
const FRONT_MODULES: [(&str, &str); 5] = [
    ("xen_evtchn", ""),
    ("xen_gntdev", ""),
    ("xen_gntalloc", ""),
    ("xen_blkfront", ""),
    ("xen_netfront", ""),
];

static SHAPE: Shape = Shape {
    name: "xen-domain",
    cpu: super::CPU,
    memory_mib: 1088,
    append: "console=com1 dom0_mem=384M,max:384M spec-ctrl=no,eager-fpu no-watchdog \
             hpet=legacy-replacement",
    // It ticks besides, as for `xen`: processors that compute bring no other interrupt.
    hpet: true,
    // As many as xen-sys can use.
    room: Room { nets: 2, blocks: 4 },
};

/// A domain under Xen in QEMU.
pub struct XenDomain {
    directory: PathBuf,
    pool: Pool,
}

impl XenDomain {
    /// With what is unpacked and built in `directory`.
    pub fn new(directory: PathBuf) -> XenDomain {
        XenDomain {
            directory,
            pool: Pool::new(&SHAPE),
        }
    }

    /// Show the console on standard output as it comes.
    pub fn live(mut self) -> XenDomain {
        self.pool.live = true;
        self
    }

    /// Have QEMU started like this.
    pub fn launched(mut self, launch: Box<Launch>) -> XenDomain {
        self.pool.launch = launch;
        self
    }

    /// Make the snapshot unless there is one of the same parts.
    fn prepare(&self) -> Result<Snapshot> {
        let hypervisor = super::unpack(&self.directory)?;
        let lock = fs::File::create(self.directory.join("lock"))?;
        lock.lock()?;
        let tree = self.tools()?;
        let kernel = initramfs::kernel(&tree)?;
        let archive = build(&tree)?;
        let name = vm::snapshot_name(&SHAPE, (&archive, &kernel, &hypervisor))?;
        vm::snapshot(&SHAPE, &self.directory, &name, &hypervisor, |new| {
            let initramfs = new.join("initramfs");
            fs::write(&initramfs, archive)?;
            let (kernel, initramfs) = (module(&kernel)?, module(&initramfs)?);
            Ok(format!(
                "{kernel} console=hvc0 quiet panic=-1,{initramfs} initramfs"
            ))
        })
    }

    /// A Linux that is a domain like the guests, dom0's own: its kernel, and a first file
    /// system with the program `init` and the modules that it is to load.
    ///
    /// # Errors
    /// The packages cannot be had.
    pub fn linux(&self, init: &Path) -> Result<(PathBuf, Vec<u8>)> {
        let tree = self.tools()?;
        let mut archive = Archive::default();
        archive.directory("dev");
        archive.file("init", 0o755, &fs::read(init)?);
        archive.modules(&tree, "order", &FRONT_MODULES)?;
        Ok((initramfs::kernel(&tree)?, archive.finish()))
    }

    /// The unpacked tools and kernel.
    fn tools(&self) -> Result<PathBuf> {
        let kernel = debian::newest(KERNEL, "linux-image-")?;
        let hypervisor = debian::newest(super::PACKAGE, "xen-hypervisor-")?;
        let version = hypervisor.trim_start_matches("xen-hypervisor-");
        let version = version.trim_end_matches("-amd64");
        let tree = self.directory.join(format!("dom0-{version}-{kernel}"));
        let done = tree.join(".complete");
        if !done.exists() {
            let tools = [
                format!("xen-utils-{version}"),
                format!("libxenmisc{version}"),
            ];
            let mut packages = vec![kernel.as_str(), &tools[0], &tools[1]];
            packages.extend(PACKAGES);
            debian::unpack(&packages, &tree)?;
            fs::write(done, "")?;
        }
        Ok(tree)
    }
}

/// A path as QEMU takes it in front of a module's words.
fn module(path: &Path) -> Result<&str> {
    let text = path.to_str().context("a path is not UTF-8")?;
    ensure!(
        !text.contains([' ', ',']),
        "QEMU loads no module whose path has a space or a comma: {text}"
    );
    Ok(text)
}

/// Dom0's file system.
fn build(tree: &Path) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    for directory in [
        "bin", "dev", "proc", "sys", "tmp", "job", "modules", "run", "var", "lib",
    ] {
        archive.directory(directory);
    }
    archive.busybox(tree, include_str!("init.sh"))?;
    archive.file("bin/block", 0o755, include_bytes!("block.sh"));
    archive.file("bin/vif", 0o755, include_bytes!("vif.sh"));
    archive.file("bin/backend", 0o755, include_bytes!("backend.sh"));
    archive.file("bin/peer", 0o755, include_bytes!("peer.sh"));
    archive.file("bin/asked", 0o755, include_bytes!("asked.sh"));
    archive.file("bin/saved", 0o755, include_bytes!("saved.sh"));
    archive.file("bin/typed", 0o755, include_bytes!("typed.sh"));
    archive.file("bin/xl-run", 0o755, XL.as_bytes());
    let libraries = tree.join("usr/lib/x86_64-linux-gnu");
    let mut wanted = vec![find(tree, "libgcc_s.so.1")?];
    for name in PROGRAMS {
        let program = find_program(tree, name)?;
        // One that xl runs, where it looks for it.
        let place = match name {
            SAVER | CONSOLE => program.strip_prefix(tree)?.display().to_string(),
            _ => format!("bin/{name}"),
        };
        archive.file(&place, 0o755, &fs::read(&program)?);
        wanted.extend(initramfs::libraries(&program, Some(&libraries))?);
    }
    wanted.sort();
    wanted.dedup();
    for library in wanted {
        let name = library.file_name().unwrap_or_default().to_string_lossy();
        // The interpreter is named by its path.
        let directory = if name.starts_with("ld-") {
            "lib64"
        } else {
            "lib"
        };
        archive.file(&format!("{directory}/{name}"), 0o755, &fs::read(&library)?);
    }
    archive.modules(tree, "order", &MODULES)?;
    archive.modules(tree, "devices", &DEVICE_MODULES)?;
    Ok(archive.finish())
}

/// The program `name`, which is no script.
fn find_program(tree: &Path, name: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    walk(tree, name, &mut found);
    found.retain(|path| fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF")));
    let program = found.into_iter().next();
    program.with_context(|| format!("no package holds the program {name}"))
}

fn find(tree: &Path, name: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    walk(tree, name, &mut found);
    let file = found.into_iter().next();
    file.with_context(|| format!("no package holds {name}"))
}

fn walk(directory: &Path, name: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            walk(&path, name, found);
        } else if entry.file_name() == name {
            found.push(path);
        }
    }
}

/// xl's configuration of a domain that runs the image at `image`.
pub fn xl_configuration(name: &str, image: &str, request: &Request) -> String {
    let mut line = String::new();
    for byte in request.cmdline.bytes() {
        match byte {
            b'\'' | b'\\' => line.extend(['\\', byte.into()]),
            b' '..=b'~' => line.push(byte.into()),
            // Writing to a string does not fail.
            _ => _ = write!(line, "\\x{byte:02x}"),
        }
    }
    // Left to itself, xl reckons with none when it gives the domain memory for its tables.
    let told = request.xl.iter().any(|line| line.starts_with("vcpus"));
    let vcpus = if told { "" } else { "vcpus = 1\n" };
    let ramdisk = match request.ramdisk {
        Some(_) => "ramdisk = '/job/ramdisk'\n",
        None => "",
    };
    format!(
        "name = '{name}'\ntype = 'pvh'\nkernel = '{image}'\ncmdline = '{line}'\nmemory = {}\n\
         {vcpus}{ramdisk}{}\n",
        request.mem_mib,
        request.xl.join("\n")
    )
}

/// xl's words for devices of the host that is dom0. A disk is xl's `target`. A tap's name is
/// that of dom0's end of an interface, which xl puts on the bridge that it is set up for.
///
/// # Errors
/// A path that cannot be quoted.
pub fn xl_devices(devices: &Devices) -> Result<String> {
    let disks = ('a'..).zip(&devices.blocks).map(|(letter, block)| {
        let path = fs::canonicalize(&block.path)?;
        let path = path.to_str().filter(|path| !path.contains(['\'', '\n']));
        let path = path.with_context(|| format!("xl takes no path like {:?}", block.path))?;
        Ok(format!(
            "format=raw,vdev=xvd{letter},access=rw,target={path}"
        ))
    });
    let nets = devices.nets.iter().map(|net| match &net.host {
        NetHost::Tap(name) => format!("vifname={name}"),
        NetHost::User => String::new(),
    });
    let disks: Vec<_> = disks.collect::<Result<_>>()?;
    Ok(list("disk", &disks) + &list("vif", &nets.collect::<Vec<_>>()))
}

/// A list of xl's, if there is something in it.
fn list(name: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("{name} = ['{}']\n", items.join("', '"))
}

/// What the tests' domains have besides: they stay until their end was seen. The counter
/// of cycles is the processor's own, because what Xen does instead by default needs an
/// instruction that QEMU 7.2 does not let it decode.
const KEPT: &str = "tsc_mode = 'native'\non_poweroff = 'preserve'\non_reboot = 'preserve'\n\
                    on_crash = 'preserve'\n";

/// xl's words for what QEMU attaches to dom0, for the guest; dom0's agent knows the comment.
fn passed_on(devices: &Devices) -> String {
    if devices.is_empty() {
        return String::new();
    }
    let letters = ('a'..).take(devices.blocks.len());
    let disks = letters.map(|letter| {
        format!(
            "format=raw,vdev=xvd{letter},access=rw,backendtype=phy,script=/bin/block,\
             target=/dev/vd{letter}"
        )
    });
    let nets = (0..)
        .zip(&devices.nets)
        .map(|(index, Net { mtu, .. })| format!("script=/bin/vif,bridge=br{index},mtu={mtu}"));
    let mtu = devices.nets.iter().map(|net| net.mtu).max().unwrap_or(MTU);
    let (disks, nets): (Vec<_>, Vec<_>) = (disks.collect(), nets.collect());
    format!("#devices {mtu}\n") + &list("disk", &disks) + &list("vif", &nets)
}

/// A comment for xl by which dom0's agent types this.
fn typed(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    format!("#dom0 typed '{}'\n", text.replace('\'', "'\\''"))
}

impl Machine for XenDomain {
    fn family(&self) -> &'static str {
        "xen-domain"
    }

    fn backend(&self) -> &'static str {
        "xen"
    }

    /// What is between OCaml and a domain is in dom0, too, which takes less time.
    fn takes_every_ocaml(&self) -> bool {
        false
    }

    fn has_input(&self) -> bool {
        true
    }

    fn slowness(&self) -> u32 {
        10
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        let own = xl_configuration("guest", "/job/image", request);
        let typed = request.stdin.as_deref().map(typed).unwrap_or_default();
        let configuration = own + KEPT + &passed_on(&request.devices) + &typed;
        let prepare = || self.prepare();
        self.pool.boot(image, request, &configuration, prepare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Block;

    #[test]
    fn a_command_line_is_quoted() {
        let request = Request {
            cmdline: "it's \\ \"x\"\t\u{e9}".to_string(),
            ..Request::default()
        };
        let text = xl_configuration("guest", "/job/image", &request);
        assert!(
            text.contains("cmdline = 'it\\'s \\\\ \"x\"\\x09\\xc3\\xa9'\n"),
            "{text}"
        );
    }

    #[test]
    fn devices_of_dom0_are_named() {
        let net = |host| Net {
            name: "n".to_string(),
            host,
            mtu: MTU,
        };
        let block = |path: &str| Block {
            name: "b".to_string(),
            path: PathBuf::from(path),
        };
        let devices = |nets, blocks| Devices { nets, blocks };
        let hosts = vec![net(NetHost::Tap("t0".to_string())), net(NetHost::User)];
        let text = xl_devices(&devices(
            hosts,
            vec![block("/dev/null"), block("/dev/zero")],
        ));
        let disk = |letter, path| format!("format=raw,vdev=xvd{letter},access=rw,target={path}");
        let (first, second) = (disk('a', "/dev/null"), disk('b', "/dev/zero"));
        let wanted = format!("disk = ['{first}', '{second}']\nvif = ['vifname=t0', '']\n");
        assert_eq!(text.unwrap(), wanted);
        assert_eq!(xl_devices(&Devices::default()).unwrap(), "");
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("it's");
        fs::write(&path, "").unwrap();
        let bad = block(path.to_str().unwrap());
        assert!(xl_devices(&devices(Vec::new(), vec![bad])).is_err());
    }

    #[test]
    fn what_is_typed_is_one_word_of_a_line() {
        assert_eq!(typed("it's\n\\n"), "#dom0 typed 'it'\\''s\\n\\\\n'\n");
    }

    #[test]
    fn a_domain_has_one_cpu_unless_told() {
        let told = Request {
            xl: vec!["vcpus = 2".to_string()],
            ..Request::default()
        };
        for (request, line) in [(Request::default(), "vcpus = 1"), (told, "vcpus = 2")] {
            let text = xl_configuration("guest", "/job/image", &request);
            let lines: Vec<_> = text.lines().filter(|one| one.contains("vcpus")).collect();
            assert_eq!(lines, [line]);
        }
    }
}
