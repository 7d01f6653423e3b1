//! `cargo xtask bench boot`: how big an image is, what its C runtime takes of
//! it, how little memory it runs in, and how soon it prints.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Hvt, Machine, Request, Spt, Status, Virtio, tender_command};

use super::map;
use crate::doctor::Purpose;
use crate::images::{Language, Program, Workshop};
use crate::{machines, paths, setup, sh, sysroot, tenders};

/// Sizes, least memory and time to the first output.
#[derive(clap::Args)]
pub struct Options {
    /// The version of OCaml.
    #[arg(long, value_name = "VERSION")]
    ocaml: Option<String>,
    /// How many times each program is started for the times.
    #[arg(long, value_name = "N", default_value_t = 101)]
    rounds: usize,
}

/// The bounds, of the issue that this project began with: what ocaml-solo5 has.
const IMAGE_MAX: u64 = 426_080;
const XEN_MORE: u64 = 32_768;
const RUNTIME_MAX: u64 = 109_606;
const FIRST_OUTPUT_MAX: Duration = Duration::from_micros(600);

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    setup::ensure(&[
        Purpose::Sysroot,
        Purpose::Ocaml,
        Purpose::Qemu,
        Purpose::Tenders,
    ])?;
    let bench = Bench::new(options)?;
    let mut good = bench.sizes()?;
    good &= bench.memory()?;
    good &= bench.first_output()?;
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Bench {
    workshop: Workshop,
    spt: tenders::Tender,
    hvt: tenders::Tender,
    options: Options,
}

/// A bound that is kept or not.
fn verdict(good: bool) -> &'static str {
    if good { "kept" } else { "NOT KEPT" }
}

impl Bench {
    fn new(options: Options) -> Result<Bench> {
        Ok(Bench {
            workshop: Workshop::new(paths::out().join("bench"))?,
            spt: tenders::ensure("spt")?,
            hvt: tenders::ensure("hvt")?,
            options,
        })
    }

    fn backend(&self, name: &str) -> String {
        match name {
            "spt" => machines::backend(name, Some(&self.spt)),
            "hvt" => machines::backend(name, Some(&self.hvt)),
            _ => name.to_string(),
        }
    }

    /// The hello of a language, and where the map of its link is.
    fn hello(&self, language: Language, backend: &str) -> Result<(PathBuf, PathBuf)> {
        let (source, name) = match language {
            Language::C => ("c/hello.c", "c-hello"),
            Language::OCaml => ("ocaml/ocaml_hello.ml", "ocaml-hello"),
        };
        let map = paths::out().join(format!("bench/{backend}-{name}.map"));
        let word = format!("-Wl,-Map={}", map.display());
        let flags = match language {
            Language::C => vec![word.into()],
            Language::OCaml => vec!["-ccopt".into(), word.into()],
        };
        let program = Program {
            sources: vec![paths::root().join("tests-qemu/guests").join(source)],
            language,
            libraries: Vec::new(),
            flags,
            bytecode: false,
            ocaml: self.options.ocaml.clone(),
            name: name.to_string(),
        };
        Ok((self.workshop.image(&program, &self.backend(backend))?, map))
    }

    /// Image sizes, and the C runtime's share.
    fn sizes(&self) -> Result<bool> {
        let mut good = true;
        println!(
            "image sizes, bytes (bounds: OCaml hello, stripped, for hvt {IMAGE_MAX}, for xen \
             {XEN_MORE} more than for spt):"
        );
        println!("  {:<12} {:>10} {:>10}", "", "unstripped", "stripped");
        let mut spt = 0;
        for backend in ["hvt", "spt", "virtio", "xen"] {
            for language in [Language::C, Language::OCaml] {
                let (image, _) = self.hello(language, backend)?;
                let stripped = stripped_len(&image)?;
                let len = fs::metadata(&image)?.len();
                let bound = match (language, backend) {
                    (Language::OCaml, "hvt") => Some(IMAGE_MAX),
                    (Language::OCaml, "xen") => Some(spt + XEN_MORE),
                    _ => None,
                };
                if backend == "spt" {
                    spt = stripped;
                }
                let kept = bound.is_none_or(|bound| stripped <= bound);
                good &= kept;
                let note = bound.map_or("", |_| verdict(kept));
                let what = format!("{language:?} {backend}");
                println!("  {what:<12} {len:>10} {stripped:>10} {note}");
            }
        }
        let (_, file) = self.hello(Language::OCaml, "hvt")?;
        let text = fs::read_to_string(&file)
            .with_context(|| format!("ld left no map at {}", file.display()))?;
        let mut shares: Vec<_> = map::shares(&text).into_iter().collect();
        shares.sort_by_key(|(_, share)| std::cmp::Reverse(share.loaded));
        println!("loaded bytes of OCaml hello for hvt by origin (and zeros):");
        for (name, share) in &shares {
            println!("  {name:<20} {:>10} {:>10}", share.loaded, share.bss);
        }
        let runtime = shares.iter().find(|(name, _)| name == "libnolibc.a");
        let runtime = runtime.map(|(_, share)| share.loaded);
        let runtime = runtime.context("the map names no libnolibc.a")?;
        let kept = runtime <= RUNTIME_MAX;
        println!(
            "C runtime: {runtime} of at most {RUNTIME_MAX}: {}",
            verdict(kept)
        );
        Ok(good & kept)
    }

    /// The least memory in which hello runs.
    fn memory(&self) -> Result<bool> {
        println!("least --mem (MiB) at which hello runs:");
        println!("  {:<12} {:>5} {:>6} {:>6}", "", "C", "OCaml", "bound");
        let spt = Spt {
            tender: self.spt.path.clone(),
        };
        let mut good = self.memory_of(&spt, 7)?;
        let native = Hvt {
            tender: self.hvt.path.clone(),
        };
        let (probe, _) = self.hello(Language::C, "hvt")?;
        good &= if native.probe(&probe).is_ok() {
            self.memory_of(&native, 8)?
        } else {
            self.memory_of(&machines::nested(self.hvt.path.clone()), 8)?
        };
        good &= self.memory_of(&Virtio::TCG, 8)?;
        Ok(good)
    }

    fn memory_of(&self, machine: &dyn Machine, bound: u32) -> Result<bool> {
        let (c, _) = self.hello(Language::C, machine.backend())?;
        let (ocaml, _) = self.hello(Language::OCaml, machine.backend())?;
        let (c, ocaml) = (least_memory(machine, &c)?, least_memory(machine, &ocaml)?);
        let kept = ocaml <= bound;
        let name = machine.name();
        println!(
            "  {name:<12} {c:>5} {ocaml:>6} {bound:>6} {}",
            verdict(kept)
        );
        Ok(kept)
    }

    /// From the start of the tender to the first byte: OCaml against C on spt.
    fn first_output(&self) -> Result<bool> {
        let (c, _) = self.hello(Language::C, "spt")?;
        let (ocaml, _) = self.hello(Language::OCaml, "spt")?;
        let rounds = self.options.rounds.max(1);
        sh::step(format!("{rounds} rounds of each hello on spt, interleaved"));
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (image, times) in [&c, &ocaml].into_iter().zip(&mut times) {
                times.push(time_to_first_byte(&self.spt.path, image)?);
            }
        }
        println!("first output on spt, ms (quartiles), {rounds} interleaved rounds:");
        let mut medians = Vec::new();
        for (name, times) in ["C", "OCaml"].into_iter().zip(&mut times) {
            times.sort();
            let at = |part: usize| times[(times.len() - 1) * part / 4].as_secs_f64() * 1e3;
            println!("  {name:<12} {:.3} ({:.3}-{:.3})", at(2), at(1), at(3));
            medians.push(times[(times.len() - 1) / 2]);
        }
        let more = medians[1].saturating_sub(medians[0]);
        let kept = more <= FIRST_OUTPUT_MAX;
        let (more, bound) = (
            more.as_secs_f64() * 1e3,
            FIRST_OUTPUT_MAX.as_secs_f64() * 1e3,
        );
        println!(
            "  OCaml takes {more:.3} more, of at most {bound:.3}: {}",
            verdict(kept)
        );
        Ok(kept)
    }
}

fn stripped_len(image: &Path) -> Result<u64> {
    let stripped = image.with_extension("stripped");
    let mut command = Command::new(sysroot::tool("strip"));
    sh::run(command.arg("-o").arg(&stripped).arg(image))?;
    Ok(fs::metadata(&stripped)?.len())
}

fn least_memory(machine: &dyn Machine, image: &Path) -> Result<u32> {
    for mem_mib in 1..=64 {
        let request = Request {
            mem_mib,
            ..Request::default()
        };
        // Too little memory may keep the machine itself from starting.
        let Ok(boot) = machine.boot(image, &request) else {
            continue;
        };
        if boot.status == Status::Exit(0) && boot.console.contains("Hello, World") {
            return Ok(mem_mib);
        }
    }
    anyhow::bail!(
        "{} does not run in 64 MiB on {}",
        image.display(),
        machine.name()
    )
}

fn time_to_first_byte(tender: &Path, image: &Path) -> Result<Duration> {
    let mut command = tender_command(tender, image, &Request::default());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn()?;
    let mut console = child.stdout.take().context("no console")?;
    let mut byte = [0];
    let got = console.read(&mut byte);
    let time = start.elapsed();
    let mut rest = Vec::new();
    console.read_to_end(&mut rest)?;
    ensure!(
        got? == 1 && child.wait()?.success(),
        "{} does not run on spt",
        image.display()
    );
    Ok(time)
}
