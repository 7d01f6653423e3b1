//! The small Linux in QEMU: started cold, or resumed from a snapshot.
//!
//! A snapshot is the memory, in a file that a resumed machine maps privately,
//! and the state of the devices. It fits only the QEMU, machine, CPU and device
//! list that made it, so both are started by the same code here.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::device::Devices;
use crate::machine::Status;

/// The longest a step of the small Linux may take that is not a guest's.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest it may take to boot, once; on a busy host.
const BOOT_PATIENCE: Duration = Duration::from_secs(300);

/// What the machine is like.
#[derive(Hash)]
pub struct Shape {
    /// Its name, for files.
    pub name: &'static str,
    /// QEMU's CPU model.
    pub cpu: &'static str,
    /// Memory, in MiB.
    pub memory_mib: u32,
    /// The kernel's command line.
    pub append: &'static str,
    /// Whether it has an HPET.
    pub hpet: bool,
    /// How many devices it has for its guests. What they are is known when a guest is there:
    /// until then they are cards without a cable, and disks of one block.
    pub room: Room,
}

/// A number of devices.
#[derive(Clone, Copy, Hash)]
pub struct Room {
    /// Networks.
    pub nets: usize,
    /// Block devices.
    pub blocks: usize,
}

/// Starts QEMU, for these devices.
pub type Launch = dyn Fn(Command, &Devices, Output) -> Result<Child> + Send + Sync;

/// Where what QEMU says goes.
pub struct Output(fs::File, fs::File);

impl Output {
    /// Have `command` say it there, and hear nothing.
    pub fn of(self, command: &mut Command) -> &mut Command {
        let Output(stdout, stderr) = self;
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr)
    }
}

/// Start QEMU where its devices are, as for tests.
///
/// # Errors
/// There is none.
pub fn launch(mut command: Command, _: &Devices, output: Output) -> Result<Child> {
    let child = output.of(&mut command).spawn();
    child.context("cannot start qemu-system-x86_64; `cargo xtask setup` installs it")
}

/// How a machine comes up.
pub enum Start<'a> {
    /// From a kernel and an initial file system; the memory goes to a new file.
    Cold {
        /// The kernel.
        kernel: &'a Path,
        /// What QEMU loads beside it.
        initrd: &'a str,
        /// The file for the memory.
        memory: &'a Path,
    },
    /// From a snapshot.
    Snapshot(&'a Snapshot),
}

/// A stopped machine on disk.
#[derive(Debug)]
pub struct Snapshot {
    /// Its memory.
    pub memory: PathBuf,
    /// Its devices.
    pub state: PathBuf,
}

/// The name of a snapshot of this machine, this QEMU and `parts`.
///
/// # Errors
/// As `qemu_version`.
pub fn snapshot_name(shape: &Shape, parts: impl Hash) -> Result<String> {
    let mut key = DefaultHasher::new();
    (shape, parts, qemu_version()?, include_str!("vm.rs")).hash(&mut key);
    Ok(format!("snapshot-{:016x}", key.finish()))
}

/// The snapshot `name` in `directory`, made unless it is there: by a cold start with
/// the kernel and what `initrd` writes into a new directory, for QEMU's `-initrd`.
///
/// # Errors
/// The machine does not come up.
pub fn snapshot(
    shape: &Shape,
    directory: &Path,
    name: &str,
    kernel: &Path,
    initrd: impl FnOnce(&Path) -> Result<String>,
) -> Result<Snapshot> {
    let made = directory.join(name);
    let files = |directory: &Path| Snapshot {
        memory: directory.join("memory"),
        state: directory.join("state"),
    };
    if made.exists() {
        return Ok(files(&made));
    }
    eprintln!(
        "==> {}: booting the small Linux once, for a snapshot",
        shape.name
    );
    let new = directory.join("new");
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    fs::create_dir(&new)?;
    let snapshot = files(&new);
    let start = Start::Cold {
        kernel,
        initrd: &initrd(&new)?,
        memory: &snapshot.memory,
    };
    let none = Devices::default();
    Vm::start(shape, &start, &none, &launch)?.save(&snapshot.state)?;
    fs::rename(&new, &made)?;
    remove_others(directory, name)?;
    Ok(files(&made))
}

/// Older snapshots take 100 MB each.
fn remove_others(directory: &Path, keep: &str) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("snapshot-") && name != keep {
            // Another test may hold it open: then it goes with the next one.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

/// What QEMU calls itself.
fn qemu_version() -> Result<String> {
    let output = Command::new("qemu-system-x86_64")
        .arg("--version")
        .output()
        .context("cannot start qemu-system-x86_64; `cargo xtask setup` installs it")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// QEMU; killed when dropped.
struct Qemu(Child);

impl Drop for Qemu {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running machine; ends when dropped.
pub struct Vm {
    _qemu: Qemu,
    control: BufReader<UnixStream>,
    console: UnixStream,
    monitor: BufReader<UnixStream>,
    directory: TempDir,
    runs: u32,
}

impl Vm {
    /// Start QEMU, with these devices for a guest.
    ///
    /// # Errors
    /// QEMU does not start, or the small Linux does not come up.
    pub fn start(shape: &Shape, start: &Start, devices: &Devices, launch: &Launch) -> Result<Vm> {
        let directory = tempfile::Builder::new().prefix(shape.name).tempdir()?;
        let listen = |name: &str| {
            let path = directory.path().join(name);
            UnixListener::bind(&path).with_context(|| format!("cannot listen on {path:?}"))
        };
        let (control, console, monitor) = (listen("control")?, listen("console")?, listen("qmp")?);
        let log = fs::File::create(directory.path().join("qemu"))?;
        let command = command(shape, start, devices, directory.path());
        let output = Output(log.try_clone()?, log);
        let mut qemu = Qemu(launch(command, devices, output)?);
        let mut accept = |listener: UnixListener| accept(&listener, &mut qemu.0, directory.path());
        let streams = [accept(control)?, accept(console)?, accept(monitor)?];
        let [control, console, monitor] = streams;
        let mut vm = Vm {
            _qemu: qemu,
            control: BufReader::new(control),
            console,
            monitor: BufReader::new(monitor),
            directory,
            runs: 0,
        };
        let up = vm.come_up(start);
        up.with_context(|| format!("the machine around the guest is not up:\n{}", vm.log()))?;
        Ok(vm)
    }

    fn come_up(&mut self, start: &Start) -> Result<()> {
        self.monitor.get_ref().set_read_timeout(Some(PATIENCE))?;
        self.qmp("qmp_capabilities", json!({}))?;
        match start {
            Start::Cold { .. } => {
                let answer = self.answer(BOOT_PATIENCE)?;
                ensure!(answer == "READY", "the small Linux says: {answer}");
                // Linux refines its clock in the first seconds.
                sleep(Duration::from_millis(1500));
            }
            Start::Snapshot(snapshot) => {
                self.ignore_shared_memory()?;
                let uri = format!("exec:cat {}", quote(&snapshot.state)?);
                self.qmp("migrate-incoming", json!({ "uri": uri }))?;
                self.await_migration()?;
                self.qmp("cont", json!({}))?;
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
                self.command(&format!("DATE {}\n", now.as_secs()), &[])?;
            }
        }
        Ok(())
    }

    /// Stop the machine and write its devices' state beside its memory file.
    ///
    /// # Errors
    /// QEMU's.
    pub fn save(mut self, state: &Path) -> Result<()> {
        self.qmp("stop", json!({}))?;
        self.ignore_shared_memory()?;
        let uri = format!("exec:cat > {}", quote(state)?);
        self.qmp("migrate", json!({ "uri": uri }))?;
        self.await_migration()?;
        Ok(())
    }

    /// Run the image among `files`, which lie beside each other. Where it does not end in
    /// time ([`Status::TimedOut`]) drop the machine.
    ///
    /// # Errors
    /// The machine around the guest died.
    pub fn run(
        &mut self,
        files: &[(&str, Vec<u8>)],
        mem_mib: u32,
        cmdline: &str,
        timeout: Duration,
        mut echo: impl FnMut(&[u8]),
    ) -> Result<(Vec<u8>, Status)> {
        for (name, bytes) in files {
            self.command(&format!("PUT {} {name}\n", bytes.len()), bytes)?;
        }
        self.runs += 1;
        // A guest cannot know what ends its console.
        let mark = format!("END-{}-{:x}", self.runs, unique());
        let head = format!("RUN {mem_mib} {} {mark}\n", cmdline.len());
        let control = self.control.get_mut();
        control.write_all(head.as_bytes())?;
        control.write_all(cmdline.as_bytes())?;
        let mark = format!("\0{mark} ").into_bytes();
        let deadline = Instant::now() + timeout;
        let mut bytes = Vec::new();
        let mut chunk = [0; 65536];
        let mut shown = 0;
        loop {
            if let Some((at, status)) = find_end(&bytes, &mark) {
                bytes.truncate(at);
                echo(bytes.get(shown..).unwrap_or_default());
                return Ok((bytes, Status::Exit(status)));
            }
            // What could be the beginning of the mark is held back.
            let safe = bytes.len().saturating_sub(mark.len() + 8);
            if safe > shown {
                echo(&bytes[shown..safe]);
                shown = safe;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                echo(&bytes[shown..]);
                return Ok((bytes, Status::TimedOut));
            }
            self.console.set_read_timeout(Some(left))?;
            match self.console.read(&mut chunk) {
                Ok(0) => bail!("the machine around the guest died:\n{}", self.log()),
                Ok(len) => bytes.extend_from_slice(&chunk[..len]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Send a command and await `DONE`.
    fn command(&mut self, head: &str, body: &[u8]) -> Result<()> {
        let control = self.control.get_mut();
        control.write_all(head.as_bytes())?;
        control.write_all(body)?;
        let answer = self.answer(PATIENCE)?;
        ensure!(
            answer == "DONE",
            "`{}` was answered `{answer}`",
            head.trim()
        );
        Ok(())
    }

    fn answer(&mut self, patience: Duration) -> Result<String> {
        self.control.get_ref().set_read_timeout(Some(patience))?;
        let mut line = String::new();
        let len = self.control.read_line(&mut line);
        let len = len.context("the small Linux does not answer")?;
        ensure!(
            len > 0,
            "the machine around the guest died:\n{}",
            self.log()
        );
        Ok(line.trim().to_string())
    }

    fn ignore_shared_memory(&mut self) -> Result<()> {
        let capability = json!({ "capability": "x-ignore-shared", "state": true });
        self.qmp(
            "migrate-set-capabilities",
            json!({ "capabilities": [capability] }),
        )?;
        Ok(())
    }

    fn await_migration(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let answer = self.qmp("query-migrate", json!({}))?;
            match answer["status"].as_str() {
                Some("completed") => return Ok(()),
                Some("failed") => bail!("QEMU's migration failed: {answer}"),
                _ => sleep(Duration::from_millis(5)),
            }
        }
        bail!("QEMU's migration takes too long")
    }

    /// One command to QEMU's monitor; the events in between are passed over.
    fn qmp(&mut self, execute: &str, arguments: Value) -> Result<Value> {
        let request = json!({ "execute": execute, "arguments": arguments });
        let line = format!("{request}\n");
        self.monitor.get_mut().write_all(line.as_bytes())?;
        loop {
            let mut line = String::new();
            let len = self.monitor.read_line(&mut line)?;
            ensure!(len > 0, "QEMU closed its monitor at {execute}");
            let mut answer: Value = serde_json::from_str(&line)?;
            if let Some(error) = answer.get("error") {
                bail!("QEMU refuses {execute}: {error}");
            }
            if let Some(value) = answer.get_mut("return") {
                return Ok(value.take());
            }
        }
    }

    /// What QEMU and the small Linux printed.
    fn log(&self) -> String {
        log(self.directory.path())
    }
}

fn command(shape: &Shape, start: &Start, devices: &Devices, directory: &Path) -> Command {
    let (memory, share) = match start {
        Start::Cold { memory, .. } => (*memory, "on"),
        Start::Snapshot(snapshot) => (snapshot.memory.as_path(), "off"),
    };
    let hpet = if shape.hpet { "on" } else { "off" };
    let board = format!("q35,hpet={hpet},smm=off,graphics=off,vmport=off,sata=off,i8042=off");
    let socket = |id: &str| format!("socket,id={id},path={}", directory.join(id).display());
    let port = |nr: u32, id: &str| format!("virtserialport,bus=serial.0,nr={nr},chardev={id}");
    let mut command = Command::new("qemu-system-x86_64");
    command
        .args(["-machine", &format!("{board},accel=tcg,memory-backend=ram")])
        .args(["-cpu", shape.cpu, "-smp", "1"])
        .args(["-m", &format!("{}M", shape.memory_mib)])
        .args([
            "-nodefaults",
            "-no-user-config",
            "-display",
            "none",
            "-no-reboot",
        ])
        .arg("-object")
        .arg(format!(
            "memory-backend-file,id=ram,size={}M,mem-path={},share={share}",
            shape.memory_mib,
            memory.display()
        ))
        .arg("-chardev")
        .arg(format!(
            "file,id=log,path={}",
            directory.join("linux").display()
        ))
        .args(["-serial", "chardev:log"])
        .args(["-device", "virtio-serial-pci,id=serial"])
        .args([
            "-chardev",
            &socket("control"),
            "-device",
            &port(1, "control"),
        ])
        .args([
            "-chardev",
            &socket("console"),
            "-device",
            &port(2, "console"),
        ])
        .args([
            "-chardev",
            &socket("qmp"),
            "-mon",
            "chardev=qmp,mode=control",
        ]);
    command.args(device_words(shape.room, devices));
    match start {
        Start::Cold { kernel, initrd, .. } => command
            .arg("-kernel")
            .arg(kernel)
            .arg("-initrd")
            .arg(initrd)
            .args(["-append", shape.append]),
        Start::Snapshot(_) => command.args(["-incoming", "defer"]),
    };
    command
}

/// The devices of a guest, and what is in the place of those that it has not.
fn device_words(room: Room, devices: &Devices) -> Vec<String> {
    let mut words = Vec::new();
    for index in 0..room.nets {
        let id = format!("net{index}");
        let host = match devices.nets.get(index) {
            Some(net) => net.netdev(&id),
            None => format!("hubport,hubid={index},id={id}"),
        };
        let device = format!("virtio-net-pci,netdev={id},romfile=");
        words.extend(["-netdev".to_string(), host, "-device".to_string(), device]);
    }
    for index in 0..room.blocks {
        let id = format!("block{index}");
        let host = match devices.blocks.get(index) {
            Some(block) => block.drive(&id),
            None => format!("driver=null-co,size=512,if=none,id={id}"),
        };
        let device = format!("virtio-blk-pci,drive={id}");
        words.extend(["-drive".to_string(), host, "-device".to_string(), device]);
    }
    words
}

/// Accept one connection, unless QEMU ends first.
fn accept(listener: &UnixListener, qemu: &mut Child, directory: &Path) -> Result<UnixStream> {
    listener.set_nonblocking(true)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(status) = qemu.try_wait()? {
            bail!("QEMU ended at once: {status}\n{}", log(directory));
        }
        if Instant::now() > deadline {
            bail!("QEMU does not connect\n{}", log(directory));
        }
        sleep(Duration::from_millis(1));
    }
}

fn log(directory: &Path) -> String {
    let mut text = String::new();
    for name in ["qemu", "linux"] {
        let bytes = fs::read(directory.join(name)).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

/// Where `MARK STATUS\n` begins, and the status.
fn find_end(bytes: &[u8], mark: &[u8]) -> Option<(usize, u8)> {
    let at = bytes.windows(mark.len()).rposition(|part| part == mark)?;
    let rest = std::str::from_utf8(&bytes[at + mark.len()..]).ok()?;
    let status = rest.strip_suffix('\n')?.parse().ok()?;
    Some((at, status))
}

/// A path as one word of the shell that QEMU starts.
fn quote(path: &Path) -> Result<String> {
    let text = path.to_str().context("a path is not UTF-8")?;
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

/// A number that no guest can guess from its own surroundings.
fn unique() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_only_when_whole() {
        let mark = b"\0END-1-ab ";
        assert_eq!(find_end(b"text\0END-1-ab 255\n", mark), Some((4, 255)));
        assert_eq!(find_end(b"text\0END-1-ab 25", mark), None);
        assert_eq!(find_end(b"text\0END-2-ab 0\n", mark), None);
        assert_eq!(find_end(b"", mark), None);
    }
}
