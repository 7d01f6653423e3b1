//! What stands at the other end of a guest's devices: files whose content is
//! known, and somebody who talks to the guest over its networks.

use std::fs::{self, File};
use std::path::Path;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::device::{Block, Devices, MTU, Net, NetHost};
use crate::lab;
use crate::machine::{Boot, Machine, Request};

/// Bytes of a block.
const BLOCK: usize = 512;

/// Who or what is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Pings, datagrams to port 7 that must come back, many of them, and one to
    /// port 9 that ends the guest.
    Echo,
    /// 100,000 pings, spread over all networks; the guest ends with the last of
    /// them, and it is its word that counts.
    Flood,
    /// Takes the first tap down, and up again once the guest has had time to
    /// notice, between pings.
    Down,
    /// Sees to it that the guest wrote the complement of what was there to every
    /// other block, from the second on, and nothing else.
    Compare,
    /// The block devices' files lie on a disk of 64 KiB, which they are longer than.
    Full,
    /// Cuts the block devices' files off after a while: nothing is left.
    Cut,
    /// The same, but 100 bytes are missing.
    Short,
}

impl FromStr for Peer {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Peer> {
        Ok(match name {
            "echo" => Peer::Echo,
            "flood" => Peer::Flood,
            "down" => Peer::Down,
            "compare" => Peer::Compare,
            "full" => Peer::Full,
            "cut" => Peer::Cut,
            "short" => Peer::Short,
            _ => bail!("there is no peer {name}; tests-qemu/src/peer.rs lists them"),
        })
    }
}

/// The devices of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// The manifest's names of the networks.
    pub nets: Vec<String>,
    /// The networks' MTU, if it is not 1500.
    pub mtu: Option<u16>,
    /// The manifest's names of the block devices, and their bytes.
    pub blocks: Vec<(String, usize)>,
    /// Who is at the other end.
    pub peer: Option<Peer>,
}

impl Attached {
    /// Whether there are no devices.
    pub fn is_empty(&self) -> bool {
        self.nets.is_empty() && self.blocks.is_empty()
    }

    /// Add a block device: `NAME SIZE`.
    ///
    /// # Errors
    /// The value is something else.
    pub fn block(&mut self, value: &str) -> Result<()> {
        let (name, size) = value.split_once(' ').context("@block NAME SIZE")?;
        self.blocks.push((name.to_string(), size.trim().parse()?));
        Ok(())
    }

    /// Whether a network namespace, or a mount of its own, is needed.
    fn is_alone(&self) -> bool {
        !self.nets.is_empty() || self.peer == Some(Peer::Full)
    }

    fn mtu(&self) -> u16 {
        self.mtu.unwrap_or(MTU)
    }

    /// What this host lacks for it.
    pub fn missing(&self) -> Option<String> {
        self.is_alone().then(lab::missing).flatten()
    }
}

/// The byte at `index` of a block device before the guest runs.
fn pattern(index: usize) -> u8 {
    (index / BLOCK * 31 + index % BLOCK) as u8
}

/// Boot with what a case has attached.
///
/// # Errors
/// As [`Machine::boot`]; and what the other end has to complain about.
pub fn boot(
    machine: &dyn Machine,
    image: &Path,
    request: Request,
    attached: &Attached,
) -> Result<Boot> {
    if attached.is_empty() {
        return machine.boot(image, &request);
    }
    let talk = |devices: &Devices| talk(machine, devices, attached);
    Ok(boot_beside(machine, image, request, attached, talk)?.0)
}

/// Boot with what is attached, and call `talk` meanwhile, in the same network.
///
/// # Errors
/// As [`Machine::boot`]; or those of `talk`.
pub fn boot_beside<T: Send>(
    machine: &dyn Machine,
    image: &Path,
    mut request: Request,
    attached: &Attached,
    talk: impl FnOnce(&Devices) -> Result<T> + Send,
) -> Result<(Boot, T)> {
    let directory = tempfile::tempdir()?;
    let directory = directory.path();
    request.devices = devices(directory, attached);
    let run = || {
        if attached.peer == Some(Peer::Full) {
            lab::small_disk(directory)?;
        }
        write_files(attached, &request.devices)?;
        let (boot, said) = thread::scope(|scope| {
            let peer = scope.spawn(|| talk(&request.devices));
            (machine.boot(image, &request), peer.join())
        });
        let boot = boot?;
        let said = said.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let said = said
            .and_then(|said| compare(attached, &request.devices).map(|()| said))
            .with_context(|| format!("{}; the console:\n{}", boot.status, boot.console))?;
        Ok((boot, said))
    };
    if attached.is_alone() {
        lab::alone(attached.nets.len() as u8, attached.mtu(), run)
    } else {
        run()
    }
}

fn devices(directory: &Path, attached: &Attached) -> Devices {
    let nets = attached.nets.iter().enumerate();
    let blocks = attached.blocks.iter();
    Devices {
        nets: nets
            .map(|(index, name)| Net {
                name: name.clone(),
                host: NetHost::Tap(lab::tap(index as u8)),
                mtu: attached.mtu(),
            })
            .collect(),
        blocks: blocks
            .map(|(name, _)| Block {
                name: name.clone(),
                path: directory.join(name),
            })
            .collect(),
    }
}

fn write_files(attached: &Attached, devices: &Devices) -> Result<()> {
    for ((_, size), Block { path, .. }) in attached.blocks.iter().zip(&devices.blocks) {
        if attached.peer == Some(Peer::Full) {
            // Of holes alone, so that the disk takes it.
            File::create(path)?.set_len(*size as u64)?;
        } else {
            let bytes: Vec<u8> = (0..*size).map(pattern).collect();
            fs::write(path, bytes)?;
        }
    }
    Ok(())
}

/// Do what the peer does while the guest runs.
fn talk(machine: &dyn Machine, devices: &Devices, attached: &Attached) -> Result<()> {
    let patience = Duration::from_secs(10) * machine.slowness();
    match attached.peer {
        Some(Peer::Echo) => {
            for index in 0..devices.nets.len() as u8 {
                lab::await_ping(lab::guest(index), patience)?;
            }
            thread::scope(|scope| {
                let talks: Vec<_> = (0..devices.nets.len() as u8)
                    .map(|index| scope.spawn(move || echo(index, attached.mtu())))
                    .collect();
                talks.into_iter().try_for_each(|talk| {
                    talk.join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
            })?;
            lab::datagram(lab::guest(0), 9)
        }
        Some(Peer::Flood) => {
            let count = devices.nets.len() as u8;
            for index in 0..count {
                lab::await_ping(lab::guest(index), patience)?;
            }
            thread::scope(|scope| {
                for index in 0..count {
                    let pings = 100_000 / u32::from(count);
                    scope.spawn(move || lab::ping(lab::guest(index), pings, 16, 56));
                }
            });
            Ok(())
        }
        Some(Peer::Down) => {
            lab::await_ping(lab::guest(0), patience)?;
            let tap = lab::tap(0);
            lab::ip(&format!("link set dev {tap} down"))?;
            thread::sleep(Duration::from_millis(500));
            lab::ip(&format!("link set dev {tap} up"))?;
            lab::await_ping(lab::guest(0), patience)?;
            lab::datagram(lab::guest(0), 9)
        }
        Some(peer @ (Peer::Cut | Peer::Short)) => {
            thread::sleep(Duration::from_millis(500));
            for Block { path, .. } in &devices.blocks {
                let file = File::options().write(true).open(path)?;
                let len = match peer {
                    Peer::Short => file.metadata()?.len() - 100,
                    _ => 0,
                };
                file.set_len(len)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn echo(index: u8, mtu: u16) -> Result<()> {
    let guest = lab::guest(index);
    // Headers of IPv4 and of ICMP or UDP.
    let most = usize::from(mtu) - 28;
    // What a socket's buffer holds, whatever the answers' size.
    let window = 32 * 1500 / u32::from(mtu);
    let exchanges = [
        ("short pings", lab::ping(guest, 500, 8, 56)?),
        ("long pings", lab::ping(guest, 500, 8, most)?),
        ("short datagrams", lab::udp_echo(guest, 7, 500, 8, 4)?),
        (
            "datagrams in bulk",
            lab::udp_echo(guest, 7, 5000, window, most)?,
        ),
    ];
    for (what, exchange) in exchanges {
        let lost = exchange.lost;
        ensure!(lost == 0, "{lost} {what} of network {index} were lost");
    }
    Ok(())
}

/// Look at the files once the guest has ended.
fn compare(attached: &Attached, devices: &Devices) -> Result<()> {
    if attached.peer != Some(Peer::Compare) {
        return Ok(());
    }
    for ((name, size), Block { path, .. }) in attached.blocks.iter().zip(&devices.blocks) {
        let bytes = fs::read(path)?;
        ensure!(bytes.len() == *size, "{name} has {} bytes now", bytes.len());
        for (index, byte) in bytes.into_iter().enumerate() {
            let written = index / BLOCK % 2 == 1;
            let wanted = pattern(index) ^ if written { 0xff } else { 0 };
            ensure!(byte == wanted, "byte {index} of {name} is wrong");
        }
    }
    Ok(())
}
