//! Runs tests in parallel and reports each.
//!
//! A test passes when the exit status *and* the texts are as the guest says. A
//! skip has a reason, and the reason must be in the list of allowed ones, or it
//! counts as a failure.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::device::Devices;
use crate::guest::{Build, Case, Guest};
use crate::machine::{Boot, Machine, Request, Status};
use crate::peer;

/// Makes an image of a guest for a machine. Called from several threads, once
/// for each guest and backend.
pub type Builder<'a> = dyn Fn(&Guest, &Build, &dyn Machine) -> Result<PathBuf> + Sync + 'a;

/// Decides whether what happened is what should: [`judge`], or a rule of the caller's.
pub type Judge<'a> = dyn Fn(&Guest, &Case, &Boot) -> Result<()> + Sync + 'a;

/// A machine, or the reason why there is none.
pub struct Entry {
    /// The machine.
    pub machine: Box<dyn Machine>,
    /// What is missing, when that is known before anything is booted.
    pub missing: Option<String>,
}

/// A skip that is allowed: `MACHINE REASON`, the reason by its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedSkip {
    machine: String,
    reason: String,
}

/// What the tests are run with.
pub struct Suite<'a> {
    /// The guests.
    pub guests: Vec<Guest>,
    /// The guest that machines are probed with; its only case is not run.
    pub hello: Guest,
    /// The machines.
    pub entries: Vec<Entry>,
    /// Run only tests whose name contains one of these; empty: all.
    pub filters: Vec<String>,
    /// The skips that are no failure.
    pub allowed_skips: Vec<AllowedSkip>,
    /// Makes images.
    pub build: &'a Builder<'a>,
    /// Judges boots.
    pub judge: &'a Judge<'a>,
    /// How many tests run at a time.
    pub jobs: usize,
}

/// What came of the tests.
#[derive(Debug, Default)]
pub struct Report {
    /// How many did what.
    pub tally: Tally,
    /// Each test by name, with `ok`, `FAILED` or `skipped`.
    pub marks: BTreeMap<String, &'static str>,
}

/// How many tests did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Did as they should.
    pub passed: usize,
    /// Did not.
    pub failed: usize,
    /// Could not run, for an allowed reason.
    pub skipped: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Tally {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

enum Outcome {
    Passed(Duration),
    Failed(String),
    Skipped(String),
}

impl Outcome {
    fn mark(&self) -> &'static str {
        match self {
            Outcome::Passed(_) => "ok",
            Outcome::Failed(_) => "FAILED",
            Outcome::Skipped(_) => "skipped",
        }
    }
}

struct Test<'a> {
    name: String,
    guest: &'a Guest,
    case: &'a Case,
    entry: usize,
}

/// Something made once, by whoever comes first.
type Once<T> = OnceLock<std::result::Result<T, String>>;

/// Images by guest and backend.
type Images = HashMap<(String, String), Arc<Once<PathBuf>>>;

struct Shared<'a, 'b> {
    suite: &'a Suite<'b>,
    images: Mutex<Images>,
    probes: Vec<Once<()>>,
}

impl AllowedSkip {
    /// Read a list: one `MACHINE REASON` a line, `#` for comments.
    pub fn parse_list(text: &str) -> Result<Vec<AllowedSkip>> {
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (machine, reason) = line
                    .split_once(' ')
                    .with_context(|| format!("`{line}` is not `MACHINE REASON`"))?;
                Ok(AllowedSkip {
                    machine: machine.to_string(),
                    reason: reason.trim().to_string(),
                })
            })
            .collect()
    }
}

impl Suite<'_> {
    /// Run everything. Reports go to standard output as they come; the tally
    /// is for the caller to print, as its last line.
    ///
    /// # Errors
    /// No test has a name that was asked for.
    pub fn run(&self) -> Result<Report> {
        let tests = self.tests();
        for filter in &self.filters {
            ensure!(
                tests.iter().any(|test| test.name.contains(filter)),
                "no test is called like that: {filter}"
            );
        }
        ensure!(!tests.is_empty(), "there is no test to run");
        let shared = Shared {
            suite: self,
            images: Mutex::default(),
            probes: self.entries.iter().map(|_| OnceLock::new()).collect(),
        };
        let next = AtomicUsize::new(0);
        let report = Mutex::new(Report::default());
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                scope.spawn(|| {
                    while let Some(test) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = shared.run(test);
                        // One report at a time, so that consoles do not mix.
                        let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                        print(test, &outcome);
                        report.marks.insert(test.name.clone(), outcome.mark());
                        match outcome {
                            Outcome::Passed(_) => report.tally.passed += 1,
                            Outcome::Skipped(_) => report.tally.skipped += 1,
                            Outcome::Failed(_) => report.tally.failed += 1,
                        }
                    }
                });
            }
        });
        let report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        shared.print_unusable();
        if report.tally.failed > 0 {
            println!("failed:");
        }
        for (name, _) in report.marks.iter().filter(|(_, mark)| **mark == "FAILED") {
            println!("  {name}");
        }
        println!("{:.1} s", start.elapsed().as_secs_f64());
        Ok(report)
    }

    /// The names of all tests.
    pub fn names(&self) -> Vec<String> {
        self.tests().into_iter().map(|test| test.name).collect()
    }

    fn tests(&self) -> Vec<Test<'_>> {
        let mut tests = Vec::new();
        for (entry, Entry { machine, .. }) in self.entries.iter().enumerate() {
            for guest in &self.guests {
                if guest.is_again && !machine.takes_every_ocaml() {
                    continue;
                }
                for case in guest.cases.iter().filter(|case| case.is_for(&**machine)) {
                    let name = guest.test_name(&**machine, case);
                    let chosen = self.filters.is_empty()
                        || self.filters.iter().any(|filter| name.contains(filter));
                    if chosen {
                        tests.push(Test {
                            name,
                            guest,
                            case,
                            entry,
                        });
                    }
                }
            }
        }
        tests
    }
}

impl Shared<'_, '_> {
    fn run(&self, test: &Test) -> Outcome {
        let entry = &self.suite.entries[test.entry];
        let machine = &*entry.machine;
        if let Err(reason) = self.usable(test.entry) {
            return self.skip(machine, reason);
        }
        if let Some(reason) = test.case.attached.missing() {
            return self.skip(machine, reason);
        }
        let image = match self.image(test.guest, machine) {
            Ok(image) => image,
            Err(error) => return Outcome::Failed(format!("does not build: {error}")),
        };
        let request = Request {
            cmdline: test.case.cmdline.clone(),
            mem_mib: test.case.mem_mib,
            stdin: test.case.stdin.clone(),
            timeout: test.case.timeout * machine.slowness(),
            devices: Devices::default(),
            xl: test.case.xl.clone(),
            ramdisk: None,
        };
        match peer::boot(machine, &image, request, &test.case.attached) {
            Err(error) => Outcome::Failed(format!("{error:#}")),
            Ok(boot) => match (self.suite.judge)(test.guest, test.case, &boot) {
                Ok(()) => Outcome::Passed(boot.time),
                Err(error) => Outcome::Failed(format!(
                    "{error}\nThe whole console ({}):\n{}",
                    boot.status, boot.console
                )),
            },
        }
    }

    /// A test that cannot run here: skipped if that is allowed.
    fn skip(&self, machine: &dyn Machine, reason: String) -> Outcome {
        let allowed = self.suite.allowed_skips.iter();
        let allowed = allowed.filter(|skip| skip.machine == machine.family());
        if { allowed }.any(|skip| reason.starts_with(&skip.reason)) {
            Outcome::Skipped(first_line(&reason).to_string())
        } else {
            Outcome::Failed(format!("cannot run: {reason}"))
        }
    }

    fn usable(&self, entry: usize) -> std::result::Result<(), String> {
        let Entry { machine, missing } = &self.suite.entries[entry];
        if let Some(missing) = missing {
            return Err(missing.clone());
        }
        self.probes[entry]
            .get_or_init(|| {
                let image = self.image(&self.suite.hello, &**machine)?;
                machine.probe(&image).map_err(|error| format!("{error:#}"))
            })
            .clone()
    }

    fn image(&self, guest: &Guest, machine: &dyn Machine) -> std::result::Result<PathBuf, String> {
        let key = (guest.name.clone(), machine.backend().to_string());
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        let once = images.entry(key).or_default().clone();
        drop(images);
        once.get_or_init(|| {
            (self.suite.build)(guest, &guest.build, machine).map_err(|error| format!("{error:#}"))
        })
        .clone()
    }

    /// Machines that do not work here, once more where they are seen.
    fn print_unusable(&self) {
        for (entry, probe) in self.suite.entries.iter().zip(&self.probes) {
            let reason = match (&entry.missing, probe.get()) {
                (Some(reason), _) | (None, Some(Err(reason))) => reason,
                _ => continue,
            };
            println!("not usable: {}: {reason}", entry.machine.name());
        }
    }
}

/// Whether what happened is what the case says.
///
/// # Errors
/// What is not.
pub fn judge(_: &Guest, case: &Case, boot: &Boot) -> Result<()> {
    ensure!(
        boot.status == Status::Exit(case.status),
        "ended with {}, not {}",
        boot.status,
        Status::Exit(case.status)
    );
    let mut rest = boot.console.as_str();
    for text in &case.expect {
        let (_, after) = rest
            .split_once(text.as_str())
            .with_context(|| format!("`{text}` is not on the console, or not at its place"))?;
        rest = after;
    }
    for text in &case.reject {
        ensure!(
            !boot.console.contains(text.as_str()),
            "`{text}` is on the console"
        );
    }
    Ok(())
}

fn print(test: &Test, outcome: &Outcome) {
    let name = &test.name;
    match outcome {
        Outcome::Passed(time) => println!("ok      {name} ({:.2} s)", time.as_secs_f64()),
        Outcome::Skipped(reason) => println!("skipped {name}: {reason}"),
        Outcome::Failed(text) => {
            println!("FAILED  {name}: {text}");
            let source = &test.guest.build.source;
            println!("        (the guest: {})", source.display());
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

/// The guest that machines are probed with.
///
/// # Errors
/// There is none.
pub fn hello(root: &Path) -> Result<Guest> {
    Guest::read(&guests_directory(root).join("c/hello.c"))
}

/// Where this crate's guests are, in a checkout at `root`.
pub fn guests_directory(root: &Path) -> PathBuf {
    root.join("tests-qemu/guests")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine that needs no image: it prints the image's name.
    struct Echo {
        status: Status,
    }

    impl Machine for Echo {
        fn family(&self) -> &'static str {
            "echo"
        }

        fn backend(&self) -> &'static str {
            "echo"
        }

        fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
            Ok(Boot {
                console: format!("Hello, World {} {}", image.display(), request.cmdline),
                status: self.status,
                time: Duration::ZERO,
            })
        }
    }

    fn guest(directory: &Path, name: &str, header: &str) {
        let text = format!("/* {header} */\n");
        std::fs::write(directory.join("c").join(name), text).unwrap();
    }

    fn tally(status: Status, missing: Option<&str>, filters: &[&str], header: &str) -> Tally {
        run(status, missing, filters, header).unwrap()
    }

    fn run(status: Status, missing: Option<&str>, filters: &[&str], header: &str) -> Result<Tally> {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        std::fs::create_dir(directory.join("c")).unwrap();
        std::fs::create_dir(directory.join("ocaml")).unwrap();
        guest(directory, "hello.c", "@expect Hello, World");
        guest(directory, "other.c", header);
        let suite = Suite {
            guests: Guest::all(directory).unwrap(),
            hello: Guest::read(&directory.join("c/hello.c")).unwrap(),
            entries: vec![Entry {
                machine: Box::new(Echo { status }),
                missing: missing.map(str::to_string),
            }],
            filters: filters.iter().map(|text| text.to_string()).collect(),
            allowed_skips: AllowedSkip::parse_list("# comment\n\necho not today\n").unwrap(),
            build: &|guest, _, _| Ok(PathBuf::from(&guest.name)),
            judge: &judge,
            jobs: 2,
        };
        let report = suite.run()?;
        let failed = report.marks.values().filter(|mark| **mark == "FAILED");
        assert_eq!(failed.count(), report.tally.failed);
        Ok(report.tally)
    }

    #[test]
    fn a_name_that_no_test_has_is_refused() {
        let good = Status::Exit(0);
        assert!(run(good, None, &["hello", "other"], "@expect x").is_ok());
        let refused = run(good, None, &["hello", "hallo"], "@expect x").unwrap_err();
        assert_eq!(refused.to_string(), "no test is called like that: hallo");
    }

    #[test]
    fn status_and_text_both_count() {
        let good = Status::Exit(0);
        let count = |tally: Tally| (tally.passed, tally.failed, tally.skipped);
        let run = |header| count(tally(good, None, &[], header));
        assert_eq!(run("@expect other\n@expect arg\n@cmdline arg"), (2, 0, 0));
        assert_eq!(run("@expect arg\n@expect other\n@cmdline arg"), (1, 1, 0));
        assert_eq!(run("@expect other\n@reject Hello"), (1, 1, 0));
        assert_eq!(run("@expect other\n@status 3"), (1, 1, 0));
        assert_eq!(run("@expect other\n@machines spt"), (1, 0, 0));
        // A machine that does not pass its probe fails every test.
        let late = tally(Status::TimedOut, None, &[], "@expect other");
        assert_eq!(count(late), (0, 2, 0));
    }

    #[test]
    fn a_skip_needs_leave() {
        let run = |reason| tally(Status::Exit(0), Some(reason), &["hello"], "@expect x");
        assert_eq!(
            run("not today, sorry").to_string(),
            "0 passed, 0 failed, 1 skipped"
        );
        assert_eq!(run("never").to_string(), "0 passed, 1 failed, 0 skipped");
    }
}
