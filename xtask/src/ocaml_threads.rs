//! `cargo xtask test ocaml-threads`: the programs of OCaml's own testsuite that are
//! about threads and domains, each a native unikernel.
//!
//! Every test in the directories below is run or is in the list of what is left out,
//! with the reason. The compiler's sources bring programs, reference outputs and the
//! scripts that sort or judge an output; scripts run on this machine. An output is
//! compared as ocamltest compares it.

mod header;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tests_qemu::guest::{Build, Case, Guest, Language};
use tests_qemu::machine::{Boot, Machine, Status};
use tests_qemu::peer::Attached;
use tests_qemu::suite::{self, Report, Suite};

use self::header::Plan;
use crate::doctor::Purpose;
use crate::images::{self, Program, Workshop};
use crate::machines::{self, Fleet};
use crate::{ocaml, paths, qemu_test, run, setup};

/// The directories of the testsuite.
const DIRECTORIES: [&str; 6] = [
    "lib-domain",
    "lib-sync",
    "lib-systhreads",
    "lib-threads",
    "memory-model",
    "parallel",
];

/// Machines with one processor on which no thread loses it without a call.
const COOPERATIVE: &[&str] = &["spt", "hvt", "hvt-nested"];

/// Every machine.
const ALL: &[&str] = &machines::NAMES;

const SKIPPED: &str = "its own header skips it";
const OWN_SOURCE: &str = "it copies its own source and runs cmp: no such file, no second process";
const ONE_PROCESS: &str = "there is one process, and it cannot fork";
const NO_SOCKETS: &str = "there are no sockets";
const SIGNALLED: &str = "another process sends it a signal";
const BUSY: &str = "it waits for another domain in a loop without allocation or call";
const BUSY_HANDLER: &str =
    "it waits for a signal in a loop without allocation or call, where no handler runs";
const IN_TURN: &str =
    "its header wants two processors: on one, each of 100,000 turns takes a minor GC or a tick";

/// What is not run, on which machines, and why.
const LEFT_OUT: [(&str, &[&str], &str); 13] = [
    ("lib-systhreads/testfork", ALL, ONE_PROCESS),
    ("lib-systhreads/testfork2", ALL, ONE_PROCESS),
    ("lib-threads/beat", ALL, SKIPPED),
    ("lib-threads/delayintr", ALL, SIGNALLED),
    ("lib-threads/fileio", ALL, OWN_SOURCE),
    ("lib-threads/pr4466", ALL, NO_SOCKETS),
    ("lib-threads/pr5325", ALL, NO_SOCKETS),
    ("lib-threads/signal", ALL, SIGNALLED),
    ("lib-threads/sockets", ALL, NO_SOCKETS),
    ("parallel/catch_break", ALL, BUSY_HANDLER),
    ("parallel/pingpong", ALL, IN_TURN),
    ("parallel/poll", COOPERATIVE, BUSY),
    ("parallel/recommended_domain_count_unix", ALL, ONE_PROCESS),
];

/// Run OCaml's own tests of threads and domains.
#[derive(clap::Args)]
pub struct Options {
    /// Run only tests whose name (`spt::parallel/join`) contains one of these.
    filters: Vec<String>,
    /// These machines: spt, hvt, hvt-nested, virtio, virtio-smp, virtio-kvm, xen, xen-smp,
    /// xen-domain.
    #[arg(short, long = "backend", value_name = "NAME", default_value = "spt")]
    backends: Vec<String>,
    /// The version of OCaml.
    #[arg(long = "ocaml", value_name = "VERSION")]
    version: Option<String>,
    /// A guest's memory in MiB. On spt the number of domains follows it.
    #[arg(short, long, value_name = "MIB", default_value_t = 1024)]
    mem: u32,
    /// The longest time a test may take natively; emulation has more.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// How many tests run at a time.
    #[arg(short, long, value_name = "N", default_value_t = qemu_test::default_jobs())]
    jobs: usize,
}

/// A test of the testsuite: its source, and what its header asks for.
struct Test {
    source: PathBuf,
    plan: Plan,
}

/// By name: `parallel/join`.
type Tests = BTreeMap<String, Test>;

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    for backend in &options.backends {
        machines::check_name(backend)?;
    }
    setup::ensure(&[
        Purpose::Sysroot,
        Purpose::Ocaml,
        Purpose::Qemu,
        Purpose::Tenders,
    ])?;
    paths::create_out()?;
    let workshop = Workshop::new(paths::out().join("ocaml-threads"))?;
    let version = workshop.ocaml(options.version.as_deref())?.version;
    let mut mistakes = Vec::new();
    let tests = tests(&ocaml::testsuite(version)?, &mut mistakes)?;
    let fleet = Fleet::find(
        &|name| options.backends.iter().any(|wanted| wanted == name),
        false,
    );
    let build = |guest: &Guest, build: &Build, machine: &dyn Machine| {
        let program = match tests.get(&guest.name) {
            Some(test) => program(test, &guest.name, build)?,
            // What machines are probed with.
            None => qemu_test::program(guest, build),
        };
        workshop.image(&program, &fleet.backend(machine))
    };
    let judge = |guest: &Guest, case: &Case, boot: &Boot| {
        let scratch = tempfile::tempdir()?;
        let test = tests.get(&guest.name).context("no such test")?;
        judge(test, case.status, boot, scratch.path())
    };
    let suite = Suite {
        guests: guests(&tests, &options, version)?,
        hello: suite::hello(&paths::root())?,
        entries: fleet.entries(),
        filters: options.filters.clone(),
        allowed_skips: Vec::new(),
        build: &build,
        judge: &judge,
        jobs: options.jobs,
    };
    let report = suite.run()?;
    print_table(&tests, &options.backends, &report);
    for mistake in &mistakes {
        println!("FAILED  {mistake}");
    }
    let failed = report.tally.failed + mistakes.len();
    println!("{} passed, {failed} failed", report.tally.passed);
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Why a test is not run on a machine.
fn left_out(name: &str, machine: &str) -> Option<&'static str> {
    let is_it = |entry: &&(&str, &[&str], _)| entry.0 == name && entry.1.contains(&machine);
    LEFT_OUT.iter().find(is_it).map(|(_, _, reason)| *reason)
}

/// The tests to run. Mistakes: one that cannot be run and is not left out, and one
/// that is left out and does not exist.
fn tests(testsuite: &Path, mistakes: &mut Vec<String>) -> Result<Tests> {
    let mut tests = Tests::new();
    let mut names = Vec::new();
    for directory in DIRECTORIES {
        let path = testsuite.join(directory);
        let entries = fs::read_dir(&path);
        for entry in entries.with_context(|| format!("cannot list {}", path.display()))? {
            let source = entry?.path();
            let text = String::from_utf8_lossy(&fs::read(&source)?).into_owned();
            if !header::is_test(&text) {
                continue;
            }
            let stem = source.file_stem().unwrap_or_default().to_string_lossy();
            let name = format!("{directory}/{stem}");
            names.push(name.clone());
            match header::parse(&text) {
                _ if ALL.iter().all(|machine| left_out(&name, machine).is_some()) => {}
                Ok(Some(plan)) => drop(tests.insert(name, Test { source, plan })),
                Ok(None) => mistakes.push(format!("{name}: its header asks for no native program")),
                Err(error) => mistakes.push(format!("{name}: in its header: {error:#}")),
            }
        }
    }
    for (name, _, _) in LEFT_OUT {
        if !names.iter().any(|found| found == name) {
            mistakes.push(format!("{name}: is to be left out, and does not exist"));
        }
    }
    Ok(tests)
}

fn guests(tests: &Tests, options: &Options, version: &str) -> Result<Vec<Guest>> {
    let machines = |name: &str| {
        let mut machines = options.backends.clone();
        machines.retain(|machine| left_out(name, machine).is_none());
        machines
    };
    let guest = |(name, Test { source, plan }): (&String, &Test)| {
        let case = Case {
            name: None,
            cmdline: cmdline(plan)?,
            mem_mib: options.mem,
            stdin: None,
            timeout: Duration::from_secs(options.timeout),
            xl: Vec::new(),
            status: plan.status,
            expect: Vec::new(),
            reject: Vec::new(),
            machines: Some(machines(name)),
            models: false,
            attached: Attached::default(),
        };
        Ok(Guest {
            name: name.clone(),
            build: Build {
                source: source.clone(),
                language: Language::OCaml,
                libraries: plan.libraries.clone(),
                flags: plan.flags.clone(),
                bytecode: false,
                ocaml: Some(version.to_owned()),
            },
            cases: vec![case],
            is_again: false,
        })
    };
    tests.iter().map(guest).collect()
}

/// The program's environment and arguments as a command line.
fn cmdline(plan: &Plan) -> Result<String> {
    let mut words = Vec::new();
    let runparam = ("OCAMLRUNPARAM".to_owned(), plan.runparam.clone());
    let runparam = Some(&runparam).filter(|_| !plan.runparam.is_empty());
    for (name, value) in plan.environment.iter().chain(runparam) {
        words.push(format!("{name}={value}"));
    }
    if !plan.arguments.is_empty() {
        words.push("--".to_owned());
        words.extend(plan.arguments.iter().cloned());
    }
    run::cmdline(&words)
}

/// The test's modules, an interface before what it is of, and the test itself.
fn program(test: &Test, name: &str, build: &Build) -> Result<Program> {
    let directory = test.source.parent().context("a test without a directory")?;
    let modules = test
        .plan
        .modules
        .iter()
        .map(|module| directory.join(module));
    let mut sources = Vec::new();
    for source in modules.chain([test.source.clone()]) {
        let interface = source.with_extension("mli");
        if source.extension().is_some_and(|found| found == "ml") && interface.exists() {
            sources.push(interface);
        }
        sources.push(source);
    }
    Ok(Program {
        sources,
        language: images::Language::OCaml,
        libraries: build.libraries.clone(),
        flags: build.flags.iter().map(Into::into).collect(),
        bytecode: false,
        ocaml: build.ocaml.clone(),
        name: name.replace('/', "."),
    })
}

/// Whether a boot is what ocamltest would call passed. Scripts beside the source take
/// the place of running (`.run`: here of what becomes of the output, since the
/// console is all that a machine gives) and of comparing (`.check-program-output`).
fn judge(test: &Test, status: u8, boot: &Boot, scratch: &Path) -> Result<()> {
    ensure!(
        boot.status == Status::Exit(status),
        "ended with {}, not {}",
        boot.status,
        Status::Exit(status)
    );
    for script in &test.plan.scripts {
        shell(test, scratch, "-c", script)?;
    }
    let output = scratch.join("output");
    fs::write(scratch.join("console"), &boot.console)?;
    fs::write(&output, &boot.console)?;
    let hook = |extension| Some(test.source.with_extension(extension)).filter(|file| file.exists());
    if let Some(run) = hook("run") {
        shell(test, scratch, "--", &run.to_string_lossy())?;
    }
    if let Some(check) = hook("check-program-output") {
        return shell(test, scratch, "--", &check.to_string_lossy());
    }
    let expected = hook("reference").map(fs::read_to_string).transpose()?;
    let expected = expected.unwrap_or_default();
    if !is_same(&expected, &fs::read_to_string(&output)?) {
        bail!("the output is not the expected one:\n{expected}(end of the expected output)");
    }
    Ok(())
}

/// Run a script with the variables that scripts of the testsuite use.
fn shell(test: &Test, scratch: &Path, option: &str, script: &str) -> Result<()> {
    let program = format!("cat {}", scratch.join("console").display());
    let directory = test.source.parent().unwrap_or(Path::new("."));
    let output = Command::new("sh")
        .args([option, script])
        .current_dir(scratch)
        .env("program", program)
        .env("output", scratch.join("output"))
        .env("ocamltest_response", scratch.join("response"))
        .env("test_source_directory", directory)
        .env("test_build_directory", scratch)
        .env("OCAMLRUNPARAM", &test.plan.runparam)
        .envs([
            ("SORT", "sort"),
            ("TEST_PASS", "0"),
            ("TEST_FAIL", "1"),
            ("TEST_SKIP", "125"),
        ])
        .output()?;
    ensure!(
        output.status.success(),
        "`{script}`: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// As ocamltest's filecompare.ml: where every line of one text and not of the other
/// ends with a carriage return, these do not count.
fn is_same(expected: &str, output: &str) -> bool {
    let is_crlf = |text: &str| text.contains('\n') && !text.replace("\r\n", "").contains('\n');
    match (is_crlf(expected), is_crlf(output)) {
        (true, false) => expected.replace("\r\n", "\n") == output,
        (false, true) => expected == output.replace("\r\n", "\n"),
        _ => expected == output,
    }
}

/// A line for each test, a column for each machine, and what is left out.
fn print_table(tests: &Tests, machines: &[String], report: &Report) {
    let mark = |name: &str, machine: &String| match left_out(name, machine) {
        Some(_) => "left out",
        None => report
            .marks
            .get(&format!("{machine}::{name}"))
            .unwrap_or(&"-"),
    };
    let header = machines.iter().map(|machine| format!("{machine:<11}"));
    println!("{:<45}{}", "", header.collect::<String>().trim_end());
    let everywhere = LEFT_OUT
        .iter()
        .filter(|(name, ..)| !tests.contains_key(*name));
    let everywhere = everywhere.map(|(name, ..)| (*name).to_owned());
    let names: BTreeSet<_> = tests.keys().cloned().chain(everywhere).collect();
    for name in &names {
        let marks = machines
            .iter()
            .map(|machine| format!("{:<11}", mark(name, machine)));
        println!("{name:<45}{}", marks.collect::<String>().trim_end());
    }
    println!("left out:");
    for (name, _, reason) in LEFT_OUT {
        let is_here = |machine: &&String| left_out(name, machine).is_some();
        let here: Vec<&str> = machines
            .iter()
            .filter(is_here)
            .map(String::as_str)
            .collect();
        if !here.is_empty() {
            println!("  {name} ({}): {reason}", here.join(", "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriage_returns_count_as_in_ocamltest() {
        assert!(is_same("a\nb\n", "a\nb\n") && is_same("", ""));
        assert!(is_same("a\r\nb", "a\nb") && is_same("a\n", "a\r\n"));
        assert!(!is_same("a\nb\n", "a\r\nb\n") && !is_same("a", "a\n"));
        assert!(!is_same("", "x"));
    }

    #[test]
    fn mistakes_are_found() {
        let directory = tempfile::tempdir().unwrap();
        for name in DIRECTORIES {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        // The header of a test that no machine runs is not looked at.
        for (name, machines, _) in &LEFT_OUT[1..] {
            let nowhere = *machines == ALL;
            let header = if nowhere { "what-is-this;" } else { "native;" };
            write(&format!("{name}.ml"), &format!("(* TEST\n {header}\n*)"));
        }
        write("parallel/good.ml", "(* TEST *)");
        write("parallel/no_test.ml", "let x = 1");
        write("parallel/expect.ml", "(* TEST\n expect;\n*)");
        write("parallel/skip.ml", "(* TEST\n skip;\n*)");
        let mut mistakes = Vec::new();
        let tests = tests(directory.path(), &mut mistakes).unwrap();
        let somewhere = LEFT_OUT.iter().filter(|(_, machines, _)| *machines != ALL);
        assert_eq!(tests.len(), somewhere.count() + 1);
        assert!(tests.contains_key("parallel/good"));
        mistakes.sort();
        let names: Vec<_> = mistakes
            .iter()
            .filter_map(|text| text.split(':').next())
            .collect();
        assert_eq!(names, [LEFT_OUT[0].0, "parallel/expect", "parallel/skip"]);
    }

    #[test]
    fn an_output_is_judged_by_reference_or_script() {
        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("x.ml");
        let test = Test {
            source,
            plan: Plan::default(),
        };
        let verdict = |console: &str, status| {
            let scratch = tempfile::tempdir().unwrap();
            let boot = Boot {
                console: console.to_owned(),
                status,
                time: Duration::ZERO,
            };
            judge(&test, 0, &boot, scratch.path()).is_ok()
        };
        let write = |name: &str, text| fs::write(directory.path().join(name), text).unwrap();
        let good = Status::Exit(0);
        assert!(verdict("", good) && !verdict("a\n", good));
        write("x.reference", "a\nb\n");
        assert!(verdict("a\nb\n", good) && !verdict("b\na\n", good) && !verdict("", good));
        assert!(!verdict("a\nb\n", Status::Exit(2)) && !verdict("a\nb\n", Status::TimedOut));
        write("x.run", "${program} | ${SORT} > ${output} 2>&1\n");
        assert!(verdict("b\na\n", good) && !verdict("b\n", good));
        write(
            "x.check-program-output",
            "grep -q ^c ${output} || exit ${TEST_FAIL}\n",
        );
        assert!(verdict("c\n", good) && !verdict("a\nb\n", good));
    }
}
