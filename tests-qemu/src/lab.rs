//! A network of a test's own: taps in a network namespace that only the test's
//! thread, and what it starts, is in. The kernel removes all of it with the last
//! of them.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, ipproto};
use rustix::thread::UnshareFlags;

/// Room for any packet.
const PACKET: usize = 10_000;

/// Longest silence before what is under way counts as lost; others use this host
/// as well.
const PATIENCE: Duration = Duration::from_secs(2);

/// The address of the host's end of the network `index`.
pub fn host(index: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, index, 0, 1)
}

/// The address of the guest in the network `index`.
pub fn guest(index: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, index, 0, 2)
}

/// The name of the tap of the network `index`.
pub fn tap(index: u8) -> String {
    format!("tap{}", 100 + u32::from(index))
}

/// Why this process cannot have a network of its own, if it cannot.
pub fn missing() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("only root makes a network namespace with taps".to_string());
    }
    std::fs::File::open("/dev/net/tun")
        .err()
        .map(|error| format!("/dev/net/tun cannot be opened: {error}"))
}

/// Call `what` in a network namespace with `count` taps of this `mtu` that are up.
///
/// # Errors
/// There cannot be one; or those of `what`.
pub fn alone<T: Send>(count: u8, mtu: u16, what: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // SAFETY: descriptors stay shared.
            unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWNET | UnshareFlags::NEWNS) }
                .context("cannot make namespaces")?;
            ip("link set lo up")?;
            for index in 0..count {
                let name = tap(index);
                ip(&format!("tuntap add {name} mode tap"))?;
                // No router advertisements and the like into the guest.
                let quiet = format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6");
                let _ = std::fs::write(quiet, "1");
                ip(&format!("addr add {}/24 dev {name}", host(index)))?;
                ip(&format!("link set dev {name} mtu {mtu} up"))?;
            }
            what()
        });
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Call `ip` with these words.
///
/// # Errors
/// It says no.
pub fn ip(words: &str) -> Result<()> {
    let output = Command::new("ip").args(words.split(' ')).output();
    let output = output.context("cannot start ip; Debian's package iproute2 has it")?;
    ensure!(
        output.status.success(),
        "ip {words}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// Put a disk of 64 KiB at `directory`, for this thread and what it starts.
///
/// # Errors
/// `mount` says no.
pub fn small_disk(directory: &Path) -> Result<()> {
    mount(&["--make-rprivate", "/"])?;
    let directory = directory.to_str().context("a path that is no text")?;
    mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory])
}

fn mount(words: &[&str]) -> Result<()> {
    let status = Command::new("mount").args(words).status();
    let status = status.context("cannot start mount")?;
    ensure!(status.success(), "mount {} failed", words.join(" "));
    Ok(())
}

/// Send an empty datagram.
///
/// # Errors
/// No socket.
pub fn datagram(to: Ipv4Addr, port: u16) -> Result<()> {
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.send_to(&[], (to, port))?;
    Ok(())
}

/// What came of sending a number of packets that are answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exchange {
    /// Answers.
    pub answered: u32,
    /// Packets without an answer.
    pub lost: u32,
    /// For all of them.
    pub time: Duration,
}

/// Wait until `to` answers pings, for at most `limit`.
///
/// # Errors
/// It does not.
pub fn await_ping(to: Ipv4Addr, limit: Duration) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < limit {
        let exchange = ping_patiently(to, 1, 1, 56, Duration::from_millis(200));
        if exchange.is_ok_and(|exchange| exchange.answered == 1) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("{to} does not answer within {limit:?}")
}

/// Have `count` pings of `size` bytes answered, `window` at a time; each answer
/// must be what was sent.
///
/// # Errors
/// No socket; a wrong answer.
pub fn ping(to: Ipv4Addr, count: u32, window: u32, size: usize) -> Result<Exchange> {
    ping_patiently(to, count, window, size, PATIENCE)
}

fn ping_patiently(
    to: Ipv4Addr,
    count: u32,
    window: u32,
    size: usize,
    patience: Duration,
) -> Result<Exchange> {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP))
        .context("cannot open a raw socket")?;
    rustix::net::sockopt::set_socket_timeout(
        &socket,
        rustix::net::sockopt::Timeout::Recv,
        Some(patience),
    )?;
    let to: SocketAddr = SocketAddrV4::new(to, 0).into();
    // Else every raw socket has all answers, of other networks too.
    rustix::net::connect(&socket, &to)?;
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let identity = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let send = |number: u32| {
        let request = echo_request(identity, number, size);
        let sent = rustix::net::send(&socket, &request, SendFlags::empty());
        // A tap that nobody reads yet takes nothing.
        sent.is_ok()
    };
    let mut buffer = [0; PACKET];
    windowed(count, window, send, || {
        loop {
            let Ok((len, _)) = rustix::net::recv(&socket, &mut buffer, RecvFlags::empty()) else {
                return Ok(None);
            };
            // The header of IPv4 comes along.
            let packet = buffer[..len].get(20..).unwrap_or_default();
            let (Some(0), Some(number)) = (packet.first(), packet.get(8..12)) else {
                continue;
            };
            if packet.get(4..6) != Some(&identity) {
                continue;
            }
            let number = u32::from_be_bytes(number.try_into()?);
            let sent = echo_request(identity, number, size);
            ensure!(
                packet[4..] == sent[4..],
                "the answer to ping {number} is not what was sent"
            );
            return Ok(Some(number));
        }
    })
}

fn echo_request(identity: [u8; 2], number: u32, size: usize) -> Vec<u8> {
    let mut packet = vec![8, 0, 0, 0];
    packet.extend(identity);
    packet.extend((number as u16).to_be_bytes());
    packet.extend(number.to_be_bytes());
    packet.extend(pattern(number, size.saturating_sub(4)));
    // RFC 1071.
    let words = packet.chunks(2).map(|pair| {
        let [high, low] = [pair[0], pair.get(1).copied().unwrap_or(0)];
        u32::from(u16::from_be_bytes([high, low]))
    });
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    packet[2..4].copy_from_slice(&(!(sum as u16)).to_be_bytes());
    packet
}

/// Bytes that tell packets apart.
fn pattern(number: u32, len: usize) -> impl Iterator<Item = u8> {
    (0..len as u32).map(move |index| (index.wrapping_mul(7) ^ number.wrapping_mul(13)) as u8)
}

/// Have `count` datagrams of `size` bytes come back from `port`.
///
/// # Errors
/// No socket; a wrong answer.
pub fn udp_echo(to: Ipv4Addr, port: u16, count: u32, window: u32, size: usize) -> Result<Exchange> {
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.connect((to, port))?;
    let packet = |number: u32| -> Vec<u8> {
        let number_bytes = number.to_be_bytes();
        number_bytes
            .into_iter()
            .chain(pattern(number, size.saturating_sub(4)))
            .collect()
    };
    let send = |number| socket.send(&packet(number)).is_ok();
    let mut buffer = [0; PACKET];
    windowed(count, window, send, || {
        let Ok(len) = socket.recv(&mut buffer) else {
            return Ok(None);
        };
        let answer = &buffer[..len];
        let number = answer.first_chunk().copied().context("a short datagram")?;
        let number = u32::from_be_bytes(number);
        ensure!(
            answer == packet(number),
            "datagram {number} came back changed"
        );
        Ok(Some(number))
    })
}

/// Keep `window` packets under way until `count` were sent and all of them were
/// answered or given up.
fn windowed(
    count: u32,
    window: u32,
    send: impl Fn(u32) -> bool,
    mut receive: impl FnMut() -> Result<Option<u32>>,
) -> Result<Exchange> {
    let start = Instant::now();
    let mut seen = vec![false; count as usize];
    let (mut next, mut under_way, mut answered) = (0, 0, 0);
    let (mut unsent, mut silence) = (0, 0);
    // What was given up may still come; at the end it is waited for once more.
    while next < count || answered + unsent < count && silence == 0 {
        while next < count && under_way < window {
            let sent = send(next);
            under_way += u32::from(sent);
            unsent += u32::from(!sent);
            next += 1;
        }
        if under_way == 0 && answered + unsent == count {
            break;
        }
        match receive()? {
            Some(number) => {
                let place = seen.get_mut(number as usize);
                let place = place.with_context(|| format!("packet {number} was never sent"))?;
                answered += u32::from(!*place);
                *place = true;
                under_way = under_way.saturating_sub(1);
                silence = 0;
            }
            None => {
                silence += 1;
                ensure!(
                    silence < 5,
                    "no answer to packet {next} and those before it"
                );
                under_way = 0;
            }
        }
    }
    Ok(Exchange {
        answered,
        lost: count - answered,
        time: start.elapsed(),
    })
}
