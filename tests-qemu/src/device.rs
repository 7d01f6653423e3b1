//! What a machine attaches: taps and files.

use std::path::{Path, PathBuf};

use crate::machine::Board;

/// The MTU of a network of which nobody says another one.
pub const MTU: u16 = 1500;

/// A network device: the manifest's name for it, and the host's tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// The manifest's.
    pub name: String,
    /// What it is on the host.
    pub host: NetHost,
    /// The MTU, which QEMU's devices tell the guest; a tender's know 1500 alone.
    pub mtu: u16,
}

/// The host's side of a network device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetHost {
    /// A tap of this name.
    Tap(String),
    /// QEMU's own network, which has a gateway at 10.0.2.2.
    User,
}

impl Net {
    /// QEMU's word for the host's side, which is called `id`.
    pub fn netdev(&self, id: &str) -> String {
        match &self.host {
            NetHost::Tap(tap) => format!("tap,ifname={tap},script=no,downscript=no,id={id}"),
            NetHost::User => format!("user,id={id}"),
        }
    }
}

/// A block device: the manifest's name for it, and the host's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The manifest's.
    pub name: String,
    /// A file or a disk.
    pub path: PathBuf,
}

impl Block {
    /// QEMU's word for the host's side, which is called `id`.
    pub fn drive(&self, id: &str) -> String {
        format!(
            "file={},format=raw,if=none,werror=report,rerror=report,id={id}",
            doubled_commas(&self.path)
        )
    }
}

/// What QEMU's devices follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Both versions on PCI, the old one in memory.
    Any,
    /// What was before 1.0.
    Legacy,
    /// 1.0 and newer.
    Modern,
    /// As `Any`, without the feature EVENT_IDX.
    Plain,
}

/// All devices of a machine, in the manifest's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Networks.
    pub nets: Vec<Net>,
    /// Block devices.
    pub blocks: Vec<Block>,
}

impl Devices {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nets.is_empty() && self.blocks.is_empty()
    }

    /// A tender's options.
    pub fn tender_options(&self) -> Vec<String> {
        let mut options = Vec::new();
        for Net { name, host, .. } in &self.nets {
            // QEMU's own network is refused where the options are read.
            if let NetHost::Tap(tap) = host {
                options.push(format!("--net:{name}={tap}"));
            }
        }
        for Block { name, path } in &self.blocks {
            options.push(format!("--block:{name}={}", path.display()));
        }
        options
    }

    /// QEMU's words, for devices of a version of the standard.
    pub fn qemu_words(&self, board: Board, version: Version) -> Vec<String> {
        let bus = match board {
            Board::Q35 | Board::Q35Flat => "pci",
            Board::Microvm | Board::MicrovmBare => "device",
        };
        let options = match (version, bus) {
            (Version::Legacy, "pci") => ",disable-modern=on",
            (Version::Modern, "pci") => ",disable-legacy=on",
            (Version::Plain, _) => ",event_idx=off",
            _ => "",
        };
        // On a microvm QEMU would begin with the highest place.
        let mut place = 0;
        let mut place = || {
            place += 1;
            match bus {
                "pci" => String::new(),
                _ => format!(",bus=virtio-mmio-bus.{}", place - 1),
            }
        };
        let mut words = Vec::new();
        if bus == "device" && version == Version::Modern {
            words.extend(["-global", "virtio-mmio.force-legacy=false"].map(str::to_string));
        }
        for (index, net) in self.nets.iter().enumerate() {
            let mtu = match net.mtu {
                MTU => String::new(),
                mtu => format!(",host_mtu={mtu}"),
            };
            let firmware = if bus == "pci" { ",romfile=" } else { "" };
            words.extend([
                "-netdev".to_string(),
                net.netdev(&format!("net{index}")),
                "-device".to_string(),
                format!(
                    "virtio-net-{bus}{},netdev=net{index}{firmware}{mtu}{options}",
                    place()
                ),
            ]);
        }
        for (index, block) in self.blocks.iter().enumerate() {
            words.extend([
                "-drive".to_string(),
                block.drive(&format!("block{index}")),
                "-device".to_string(),
                format!("virtio-blk-{bus}{},drive=block{index}{options}", place()),
            ]);
        }
        words
    }
}

/// A path inside a word of QEMU's, where a comma would end it.
pub fn doubled_commas(path: &Path) -> String {
    path.display().to_string().replace(',', ",,")
}
