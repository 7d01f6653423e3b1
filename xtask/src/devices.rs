//! What `cargo xtask run` attaches: the options, and what the manifest calls the
//! devices. The first network on the command line is the manifest's first one,
//! and so on; the same goes for block devices.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use elftool::manifest::{Kind, Manifest};
use elftool::note;
use tests_qemu::device::{Block, Devices, MTU, Net, NetHost};

/// Devices, as options.
#[derive(clap::Args, Default)]
pub struct Attachments {
    /// The manifest's next network: a tap of the host's (made, in a network
    /// namespace of its own, unless there is one of this name), or, on QEMU, its own network.
    #[arg(long = "net", value_name = "tap=NAME|user", value_parser = host)]
    nets: Vec<NetHost>,
    /// The manifest's next block device: a file or a disk.
    #[arg(long = "block", value_name = "FILE")]
    blocks: Vec<PathBuf>,
}

fn host(text: &str) -> Result<NetHost> {
    if text == "user" {
        return Ok(NetHost::User);
    }
    let name = text.strip_prefix("tap=");
    let name = name.with_context(|| format!("`{text}` is neither `tap=NAME` nor `user`"))?;
    // IFNAMSIZ, and what no interface's name has in it.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    ensure!(
        (1..16).contains(&name.len()) && name.chars().all(plain),
        "`{name}` is no name of an interface"
    );
    Ok(NetHost::Tap(name.to_string()))
}

impl Attachments {
    /// The devices of `image` for `backend`.
    ///
    /// # Errors
    /// They are not those that the image's manifest names, or cannot be had.
    pub fn attach(&self, image: &Path, backend: &str) -> Result<Devices> {
        let data = fs::read(image)?;
        let manifest = if self.nets.is_empty() && self.blocks.is_empty() {
            note::manifest_if_any(&data).map(Option::unwrap_or_default)
        } else {
            note::manifest(&data)
        };
        let manifest = manifest.with_context(|| image.display().to_string())?;
        let nets = names(&manifest, Kind::Net, self.nets.len(), "--net tap=NAME")?;
        let blocks = names(&manifest, Kind::Block, self.blocks.len(), "--block FILE")?;
        let user = self.nets.contains(&NetHost::User);
        ensure!(
            !user || ["virtio", "xen"].contains(&backend),
            "`--net user` is QEMU's own network; with {backend} give --net tap=NAME"
        );
        for (index, net) in self.nets.iter().enumerate() {
            let twice = net != &NetHost::User && self.nets[..index].contains(net);
            ensure!(!twice, "a tap cannot be attached twice");
        }
        for path in &self.blocks {
            let len = fs::metadata(path).and_then(|found| {
                fs::OpenOptions::new().read(true).write(true).open(path)?;
                Ok(found.len())
            });
            let len = len.with_context(|| format!("cannot use {}", path.display()))?;
            ensure!(
                len >= 512 || !path.is_file(),
                "{} has {len} bytes; a block has 512",
                path.display()
            );
        }
        let nets = nets.into_iter().zip(self.nets.iter().cloned());
        let blocks = blocks.into_iter().zip(self.blocks.iter().cloned());
        Ok(Devices {
            nets: nets
                .map(|(name, host)| Net {
                    name,
                    mtu: mtu(&host),
                    host,
                })
                .collect(),
            blocks: blocks.map(|(name, path)| Block { name, path }).collect(),
        })
    }
}

/// The MTU of what is on the host. A tap that is not there yet is made with the usual one.
fn mtu(host: &NetHost) -> u16 {
    let NetHost::Tap(name) = host else {
        return MTU;
    };
    let path = Path::new("/sys/class/net").join(name).join("mtu");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim().parse().unwrap_or(MTU)
}

/// The manifest's names of one kind of device, as many as options were given.
fn names(manifest: &Manifest, kind: Kind, given: usize, option: &str) -> Result<Vec<String>> {
    let devices = manifest.devices.iter();
    let wanted: Vec<_> = devices
        .filter(|device| device.kind == kind)
        .map(|device| device.name.clone())
        .collect();
    ensure!(
        wanted.len() == given,
        "the manifest names {} of type {} ({}), and there are {given} times {option}",
        wanted.len(),
        kind.name(),
        wanted.join(", ")
    );
    Ok(wanted)
}

/// A C file with the manifest beside a program, if there is one: `manifest.json`
/// in a directory, `NAME.json` beside `NAME.ml` or `NAME.c`. It goes to `output`.
pub fn manifest_source(program: &Path, output: &Path) -> Result<Option<PathBuf>> {
    let json = if program.is_dir() {
        program.join("manifest.json")
    } else {
        program.with_extension("json")
    };
    let Ok(text) = fs::read_to_string(&json) else {
        return Ok(None);
    };
    let manifest = Manifest::from_json(&text).with_context(|| json.display().to_string())?;
    let path = output.join("manifest.c");
    let source = manifest.to_c();
    // An image is made again when its sources are newer.
    if fs::read_to_string(&path).ok().as_ref() != Some(&source) {
        fs::create_dir_all(output)?;
        fs::write(&path, source)?;
    }
    Ok(Some(path))
}

/// Makes the taps named before `--`, and runs what follows.
const SCRIPT: &str = r#"
index=0
while [ "$1" != -- ]; do
    ip tuntap add "$1" mode tap && ip addr add "10.$index.0.1/24" dev "$1" &&
        ip link set "$1" up || exit 1
    index=$((index + 1))
    shift
done
shift
exec "$@"
"#;

/// The command, in a network namespace of its own with those taps that are not
/// there; the kernel removes them with it. Answers the taps.
///
/// # Errors
/// Some taps are there and some are not: no namespace has all of them.
pub fn with_taps(command: Command, devices: &Devices) -> Result<(Command, Vec<String>)> {
    let mut missing = Vec::new();
    let mut there = Vec::new();
    for net in &devices.nets {
        let NetHost::Tap(name) = &net.host else {
            continue;
        };
        if Path::new("/sys/class/net").join(name).exists() {
            there.push(name.clone());
        } else {
            missing.push(name.clone());
        }
    }
    if missing.is_empty() {
        return Ok((command, missing));
    }
    if !there.is_empty() {
        bail!(
            "{} is there and {} is not: make all of them or none",
            there.join(", "),
            missing.join(", ")
        );
    }
    let mut inside = Command::new("unshare");
    if !is_root() {
        inside.args(["--user", "--map-root-user"]);
    }
    inside
        .args(["--net", "sh", "-c", SCRIPT, "sh"])
        .args(&missing)
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args());
    Ok((inside, missing))
}

/// How another terminal gets to the taps that process `id` has made.
pub fn way_in(id: u32, taps: &[String]) -> String {
    let user = if is_root() {
        ""
    } else {
        "--user --preserve-credentials "
    };
    let networks = taps.iter().enumerate();
    let networks: Vec<_> = networks
        .map(|(index, name)| format!("{name} is 10.{index}.0.1/24"))
        .collect();
    format!(
        "{}; another terminal gets there by `nsenter --target {id} {user}--net`",
        networks.join(", ")
    )
}

fn is_root() -> bool {
    // Who runs this is who owns what it has just started.
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_named() {
        assert_eq!(host("user").unwrap(), NetHost::User);
        assert_eq!(host("tap=t0").unwrap(), NetHost::Tap("t0".to_string()));
        for bad in [
            "tap",
            "tap=",
            "t0",
            "tap=a b",
            "tap=../x",
            "tap=0123456789abcdef",
        ] {
            assert!(host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn options_and_manifest_must_agree() {
        let json = r#"{"type": "solo5.manifest", "version": 1, "devices":
            [{"name": "a", "type": "NET_BASIC"}, {"name": "b", "type": "NET_BASIC"}]}"#;
        let manifest = Manifest::from_json(json).unwrap();
        assert_eq!(names(&manifest, Kind::Net, 2, "--net").unwrap(), ["a", "b"]);
        assert!(names(&manifest, Kind::Block, 0, "--block").is_ok());
        let error = names(&manifest, Kind::Net, 1, "--net").unwrap_err();
        assert!(error.to_string().contains("2 of type NET_BASIC (a, b)"));
    }
}
