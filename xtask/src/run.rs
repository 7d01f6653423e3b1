//! `cargo xtask run`: compiles, links and boots a program; the console is this
//! terminal, and the exit status is the guest's.
//!
//! What is run:
//! - `PROGRAM.ml` or `PROGRAM.c`: one source;
//! - `DIR`: all the `.ml` and `.mli` files in it, in the order of their
//!   dependencies, and the `.c` files beside them as stubs; or `.c` files alone;
//! - with `manifest.json` in `DIR`, or `PROGRAM.json` beside the source, if the
//!   program uses devices;
//! - `IMAGE`: something linked before; it says itself which machine it is for.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tests_qemu::machine::{self, Machine, Request, Status, Virtio};

use crate::doctor::Purpose;
use crate::image::Image;
use crate::images::{self, Language, Program, Workshop};
use crate::{devices, machines, paths, setup, sh, tenders};

/// What the tenders take: SPT_CMDLINE_SIZE and HVT_CMDLINE_SIZE less the end.
const CMDLINE_MAX: usize = 8191;

/// Compile, link and boot a program.
#[derive(clap::Args)]
pub struct Options {
    /// What boots it: virtio (QEMU, with KVM if that works here), virtio-tcg, spt, hvt, xen.
    #[arg(short, long, value_name = "NAME")]
    backend: Option<String>,
    /// The guest's memory in MiB.
    #[arg(short, long, value_name = "MIB", default_value_t = 128,
          value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    mem: u32,
    /// How many processors the guest has, on virtio and Xen.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    smp: u32,
    /// Wait for gdb at this port of this host, 1234 unless told, before the first instruction; on virtio.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "1234",
          value_parser = clap::value_parser!(u16).range(1..))]
    gdb: Option<u16>,
    /// The version of OCaml to compile with.
    #[arg(long, value_name = "VERSION")]
    ocaml: Option<String>,
    /// OCaml library to link: unix, str, threads, runtime_events.
    #[arg(short, long = "library", value_name = "NAME")]
    libraries: Vec<String>,
    #[command(flatten)]
    devices: devices::Attachments,
    /// A .ml or .c file, a directory of them, or an image.
    program: PathBuf,
    /// The guest's arguments; leading NAME=value words, closed by another `--`,
    /// are its environment.
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let cmdline = cmdline(&options.arguments)?;
    let named = options.backend.as_deref();
    if let Some(name) = named {
        ensure!(
            [
                "virtio",
                "virtio-tcg",
                "virtio-kvm",
                "spt",
                "hvt",
                "hvt-nested",
                "xen"
            ]
            .contains(&name),
            "there is no backend `{name}`; there are virtio, virtio-tcg, virtio-kvm, spt, hvt, \
             hvt-nested and xen"
        );
    }
    let source = &options.program;
    ensure!(source.exists(), "there is no {}", source.display());
    let is_source = source.is_dir() || images::language(source).is_ok();
    let prepared = if is_source {
        None
    } else {
        Some(Image::read(source)?)
    };
    let name = named.unwrap_or(prepared.map_or("virtio", |image| image.backend));
    let backend = backend_of(name);
    if let Some(image) = prepared {
        ensure!(
            image.backend == backend,
            "{} is linked for {}, not for {backend}: leave out --backend, or link it again",
            source.display(),
            image.backend
        );
    }
    ensure!(
        options.gdb.is_none() || backend == "virtio",
        "--gdb is for virtio and virtio-tcg, where QEMU serves gdb: nothing that xtask starts does on {name}"
    );
    let has_xl = backend == "xen" && is_dom0();
    setup::ensure(&needs(name, has_xl, is_source))?;
    paths::create_out()?;
    let tender = match backend {
        "virtio" | "xen" => None,
        _ => Some(tenders::ensure(backend)?),
    };
    let linked_for = machines::backend(backend, tender.as_ref());
    let image = if is_source {
        build(&options, &linked_for)?
    } else {
        source.clone()
    };
    check_memory(&image, options.mem)?;
    if options.smp > 1 && !["virtio", "xen"].contains(&backend) {
        bail!("a guest has one processor on {name}; several it has on virtio and xen (--backend)");
    }
    let request = Request {
        cmdline,
        mem_mib: options.mem,
        // No person waits this long: ten years.
        timeout: Duration::from_secs(10 * 365 * 24 * 3600),
        devices: options.devices.attach(&image, backend)?,
        xl: vec![format!("vcpus = {}", options.smp)],
        ..Request::default()
    };
    let tender = tender.map(|tender| tender.path);
    let status = boot(&options, name, tender, &image, &request)?;
    Ok(exit_code(status))
}

fn backend_of(name: &str) -> &'static str {
    match name {
        "spt" => "spt",
        "hvt" | "hvt-nested" => "hvt",
        "xen" => "xen",
        _ => "virtio",
    }
}

/// Whether this host is Xen's dom0, and has its toolstack.
fn is_dom0() -> bool {
    let capabilities = fs::read_to_string("/proc/xen/capabilities").unwrap_or_default();
    capabilities.contains("control_d") && sh::which("xl").is_some()
}

fn needs(name: &str, has_xl: bool, is_source: bool) -> Vec<Purpose> {
    let mut needs = Vec::new();
    if is_source {
        needs.extend([Purpose::Sysroot, Purpose::Ocaml]);
    }
    match name {
        "spt" => needs.push(Purpose::Tenders),
        "hvt" => needs.push(Purpose::Tenders),
        "hvt-nested" => needs.extend([Purpose::Tenders, Purpose::Qemu]),
        _ if has_xl => {}
        _ => needs.push(Purpose::Qemu),
    }
    needs
}

/// The words as one line that the guest takes apart into the same words.
pub fn cmdline(words: &[String]) -> Result<String> {
    let line = words.iter().map(|word| quote(word)).collect::<Vec<_>>();
    let line = line.join(" ");
    ensure!(
        line.len() <= CMDLINE_MAX,
        "the guest's arguments take {} bytes; a command line has room for {CMDLINE_MAX}",
        line.len()
    );
    Ok(line)
}

fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "%+,-./:=@_^".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Compile and link what `--` names.
fn build(options: &Options, backend: &str) -> Result<PathBuf> {
    let path = fs::canonicalize(&options.program)?;
    // Programs of the same name in different places are different.
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let directory = format!("programs/{:016x}", hasher.finish());
    let directory = paths::out().join(directory);
    let manifest = devices::manifest_source(&path, &directory)?;
    let workshop = Workshop::new(directory)?;
    let mut program = program(&path, options, &workshop)?;
    program.sources.extend(manifest);
    workshop.image(&program, backend)
}

fn program(path: &Path, options: &Options, workshop: &Workshop) -> Result<Program> {
    let name = path.file_stem().context("a program needs a name")?;
    let (language, sources) = if path.is_dir() {
        directory_sources(path, options, workshop)?
    } else {
        (images::language(path)?, vec![path.to_path_buf()])
    };
    Ok(Program {
        sources,
        language,
        libraries: options.libraries.clone(),
        flags: Vec::new(),
        bytecode: false,
        ocaml: options.ocaml.clone(),
        name: name.to_string_lossy().into_owned(),
    })
}

fn directory_sources(
    directory: &Path,
    options: &Options,
    workshop: &Workshop,
) -> Result<(Language, Vec<PathBuf>)> {
    let mut c = BTreeSet::new();
    let mut ocaml = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("c") => c.insert(path),
            Some("ml" | "mli") => ocaml.insert(path),
            _ => false,
        };
    }
    if ocaml.is_empty() {
        ensure!(
            !c.is_empty(),
            "there is no .ml and no .c file in {}",
            directory.display()
        );
        return Ok((Language::C, c.into_iter().collect()));
    }
    let prefix = workshop.ocaml(options.ocaml.as_deref())?.prefix;
    let output = sh::output(
        Command::new(prefix.join("bin/ocamldep.opt"))
            .arg("-sort")
            .args(&ocaml),
    )?;
    let mut sources: Vec<PathBuf> = output.split_whitespace().map(PathBuf::from).collect();
    ensure!(
        sources.len() == ocaml.len(),
        "ocamldep cannot order the files of {}: names with spaces?",
        directory.display()
    );
    sources.extend(c);
    Ok((Language::OCaml, sources))
}

/// Refuse memory that cannot even hold the image.
fn check_memory(image: &Path, mem_mib: u32) -> Result<()> {
    let end = Image::read(image)?.end;
    let needed = end.div_ceil(1 << 20) + 1;
    if u64::from(mem_mib) < needed {
        bail!(
            "{mem_mib} MiB are too little: the image ends at {end:#x} and needs a stack; give at \
             least --mem {needed}"
        );
    }
    Ok(())
}

fn boot(
    options: &Options,
    name: &str,
    tender: Option<PathBuf>,
    image: &Path,
    request: &Request,
) -> Result<Status> {
    if name == "xen" {
        return xen(image, request);
    }
    let Some(tender) = tender else {
        let machine = match name {
            "virtio-tcg" => Virtio::TCG,
            "virtio-kvm" => Virtio::KVM,
            // An emulated processor stops at any breakpoint.
            _ if options.gdb.is_some() => Virtio::TCG,
            _ if kvm_works(&Virtio::KVM, "virtio", Path::new("qemu-system-x86_64")) => Virtio::KVM,
            _ => Virtio::TCG,
        };
        let machine = Virtio {
            cpus: options.smp as usize,
            ..machine
        };
        return virtio(&machine, image, request, options.gdb);
    };
    match name {
        "hvt-nested" => nested(tender, image, request),
        "hvt" => {
            let native = machine::Hvt {
                tender: tender.clone(),
            };
            let backend = backend_for_probe(image);
            if kvm_works(&native, &backend, &tender) {
                tender_here(&tender, image, request)
            } else {
                sh::step("KVM does not run our images here: hvt in a small Linux in QEMU instead");
                nested(tender, image, request)
            }
        }
        _ => tender_here(&tender, image, request),
    }
}

fn backend_for_probe(image: &Path) -> String {
    match Image::read(image) {
        Ok(Image { abi: 1, .. }) => "hvt-abi1".to_string(),
        _ => "hvt".to_string(),
    }
}

fn tender_here(tender: &Path, image: &Path, request: &Request) -> Result<Status> {
    let command = machine::tender_command(tender, image, request);
    let (command, taps) = devices::with_taps(command, &request.devices)?;
    attach(command, &taps, false)
}

fn nested(tender: PathBuf, image: &Path, request: &Request) -> Result<Status> {
    setup::ensure(&[Purpose::Qemu])?;
    let boot = machines::nested(tender).live().boot(image, request)?;
    Ok(boot.status)
}

/// As a domain: of this host, if it is dom0, or of a dom0 in QEMU. What `xl create` takes lies beside
/// the image afterwards.
fn xen(image: &Path, request: &Request) -> Result<Status> {
    let name = image.file_stem().unwrap_or_default().to_string_lossy();
    let path = fs::canonicalize(image)?;
    let path = path.to_str().context("the image's path is not UTF-8")?;
    let file = image.with_extension("xl");
    let configuration = machine::xl_configuration(&name, path, request);
    let devices = machine::xl_devices(&request.devices)?;
    fs::write(&file, configuration + &devices)
        .with_context(|| format!("cannot write {}", file.display()))?;
    if is_dom0() {
        let mut command = Command::new("sh");
        command.args(["-c", machine::XL, "sh"]).arg(&file);
        let status = command.status().context("cannot start sh")?;
        return Ok(machine::from_exit_status(status));
    }
    // What QEMU attaches to its dom0 comes from this host as on virtio.
    let launch: Box<machine::Launch> = Box::new(|command, devices, output| {
        let (mut inside, taps) = devices::with_taps(command, devices)?;
        let child = output
            .of(&mut inside)
            .spawn()
            .context("cannot start QEMU")?;
        if !taps.is_empty() {
            sh::step(devices::way_in(child.id(), &taps));
        }
        Ok(child)
    });
    let machine = machines::xen_domain().live().launched(launch);
    Ok(machine.boot(image, request)?.status)
}

fn virtio(machine: &Virtio, image: &Path, request: &Request, gdb: Option<u16>) -> Result<Status> {
    let directory = tempfile::tempdir()?;
    let written = directory.path().join("status");
    let mut command = machine.command(image, request, &written);
    if let Some(port) = gdb {
        let place = format!("127.0.0.1:{port}");
        command.args(["-S", "-gdb", &format!("tcp:{place}")]);
        let image = image.display();
        sh::step(format!(
            "QEMU waits for gdb '{image}' -ex 'target remote {place}' -ex 'hbreak main' -ex continue"
        ));
    }
    // QEMU warns of CPU features that nothing here asks for.
    let said = directory.path().join("said");
    let (mut command, taps) = devices::with_taps(command, &request.devices)?;
    command.stderr(fs::File::create(&said)?);
    let qemu = attach(command, &taps, true)?;
    let written = fs::read(&written).unwrap_or_default();
    machine::guest_status(qemu, &written).with_context(|| {
        let said = fs::read_to_string(&said).unwrap_or_default();
        format!("the image did not run to its end. {said}")
            .trim()
            .trim_end_matches('.')
            .to_string()
    })
}

/// Whether `machine`, which needs KVM, boots an image of ours. Asked once for
/// each boot of this host, tender and image.
fn kvm_works(machine: &impl Machine, backend: &str, runner: &Path) -> bool {
    probe(machine, backend, runner).unwrap_or(false)
}

fn probe(machine: &impl Machine, backend: &str, runner: &Path) -> Result<bool> {
    if !Path::new("/dev/kvm").exists() {
        return Ok(false);
    }
    let workshop = Workshop::new(images::guests())?;
    let hello = Program {
        sources: vec![paths::root().join("tests-qemu/guests/c/hello.c")],
        language: Language::C,
        libraries: Vec::new(),
        flags: vec!["-Werror".into()],
        bytecode: false,
        ocaml: None,
        name: "hello".to_string(),
    };
    let image = workshop.image(&hello, backend)?;
    let boot_id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let mut key = DefaultHasher::new();
    (boot_id, machine.name(), runner, fs::read(&image)?).hash(&mut key);
    let record = paths::out().join(format!("probes/{:016x}", key.finish()));
    if let Ok(answer) = fs::read_to_string(&record) {
        return Ok(answer == "works");
    }
    let works = machine.probe(&image).is_ok();
    fs::create_dir_all(paths::out().join("probes"))?;
    fs::write(record, if works { "works" } else { "does not" })?;
    Ok(works)
}

/// Run a command on this terminal. With `input`, what is typed here goes to it
/// through a pipe, so that the terminal stays in its own mode; the end of it is
/// the byte 4, since a serial line has no other. What comes out is read as it
/// comes, however slow this terminal is: QEMU's serial port does not wait for long.
/// `taps` are those that the command makes.
fn attach(mut command: Command, taps: &[String], input: bool) -> Result<Status> {
    let mut words: Vec<OsString> = vec![command.get_program().into()];
    words.extend(command.get_args().map(Into::into));
    if sh::verbose() {
        eprintln!("$ {}", words.join(" ".as_ref()).to_string_lossy());
    }
    command.stdin(if input { Stdio::piped() } else { Stdio::null() });
    if input {
        command.stdout(Stdio::piped());
    }
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", words[0].to_string_lossy()))?;
    if !taps.is_empty() {
        sh::step(devices::way_in(child.id(), taps));
    }
    if let Some(mut pipe) = child.stdin.take() {
        // Not joined: a guest may end while nothing has been typed.
        std::thread::spawn(move || {
            let mut reader = BufReader::new(std::io::stdin());
            while let Ok(bytes) = reader.fill_buf().map(<[u8]>::to_vec) {
                let bytes = if bytes.is_empty() { vec![4] } else { bytes };
                let end = bytes == [4];
                if pipe.write_all(&bytes).and_then(|()| pipe.flush()).is_err() || end {
                    break;
                }
                reader.consume(bytes.len());
            }
        });
    }
    if let Some(output) = child.stdout.take() {
        pass_on(output);
    }
    Ok(machine::from_exit_status(child.wait()?))
}

/// Copy `output` to standard output, to the end of it, without letting its writer
/// wait for whoever reads here.
fn pass_on(mut output: impl Read + Send + 'static) {
    let (sender, receiver) = std::sync::mpsc::channel::<Vec<u8>>();
    std::thread::spawn(move || {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            if sender.send(bytes[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut stdout = std::io::stdout();
    for bytes in receiver {
        if stdout
            .write_all(&bytes)
            .and_then(|()| stdout.flush())
            .is_err()
        {
            break;
        }
    }
}

fn exit_code(status: Status) -> ExitCode {
    match status {
        Status::Exit(code) => ExitCode::from(code),
        Status::Signal(signal) => {
            eprintln!("error: what ran the guest was killed by signal {signal}");
            ExitCode::from(128u8.saturating_add(signal as u8))
        }
        Status::TimedOut => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_when_they_must_be() {
        let words = ["A=1", "--", "two words", "", "it's", "a\"b", "$x", "-v"];
        let line = cmdline(&words.map(str::to_string)).unwrap();
        assert_eq!(line, r#"A=1 -- 'two words' '' 'it'\''s' 'a"b' '$x' -v"#);
        assert!(cmdline(&["x".repeat(9000)]).is_err());
    }
}
