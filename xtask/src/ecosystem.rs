//! `cargo xtask test ecosystem`: OCaml libraries, as released, built with the installed
//! toolchain, and their own tests run on spt and on this machine.
//!
//! Libraries are those of Debian's source packages that can be had for OCaml 5.4, not
//! changed in any file. Each is built for unikernels and for this machine by its own
//! build system: dune, topkg with ocamlbuild, or configure and make. Then
//! - the tests that the libraries bring are run on both, and must do the same;
//! - a program that uses each library prints the same on both.
//!
//! What is not in a package: `stdlib-shims`, which OCaml 5 needs no longer, is an empty
//! library; Debian took `doc/` out of GMP, which gets a Makefile that does nothing.

mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::doctor::Purpose;
use crate::toolchain::Shell;
use crate::{install, ocaml, paths, setup, sh};

/// Build OCaml libraries for unikernels and run their tests.
#[derive(clap::Args)]
pub struct Options {}

/// The build steps that come one after another: name, script.
const STEPS: [(&str, &str); 18] = [
    (
        "findlib",
        "cd findlib
        ./configure -bindir $tools/bin -mandir $tools/man -sitelib $host -config $tools/findlib.conf
        make all opt
        make install",
    ),
    (
        "ocamlbuild",
        "cd ocamlbuild
        make configure OCAMLBUILD_PREFIX=$tools OCAMLBUILD_BINDIR=$tools/bin \
             OCAMLBUILD_LIBDIR=$host OCAML_NATIVE=true
        make
        make install-bin install-lib",
    ),
    (
        "topkg",
        "cd topkg
        ocaml pkg/pkg.ml build --pkg-name topkg --dev-pkg false
        opam-installer --prefix=$tools --libdir=$host topkg.install",
    ),
    ("csexp", "with_dune csexp csexp"),
    (
        "dune-configurator",
        "mkdir configurator
        cp -r dune/otherlibs/configurator/src dune/dune-configurator.opam configurator
        echo '(lang dune 3.17)' > configurator/dune-project
        with_dune configurator dune-configurator",
    ),
    (
        "cppo",
        "cd cppo
        dune build -p cppo @install
        dune install --root . --prefix $tools cppo",
    ),
    ("cmdliner", "with_dune cmdliner cmdliner"),
    (
        "fmt",
        "topkg fmt --with-cmdliner true --with-base-unix true",
    ),
    (
        "logs",
        "topkg logs --with-lwt false --with-fmt true --with-cmdliner false \
        --with-js_of_ocaml false",
    ),
    ("uutf", "topkg uutf --with-cmdliner false"),
    ("astring", "topkg astring"),
    ("react", "topkg react"),
    ("xmlm", "topkg xmlm"),
    (
        "gmp",
        "cd gmp
        mkdir doc
        echo 'all install install-exec install-data check:' > doc/Makefile.in
        host=$(ocamlfind -toolchain nolibc ocamlopt -config-var target)
        cc=$(ocamlfind -toolchain nolibc ocamlopt -config-var c_compiler)
        ./configure --host=$host CC=$cc AR=${cc%gcc}ar NM=${cc%gcc}nm RANLIB=${cc%gcc}ranlib \
            CC_FOR_BUILD=gcc --disable-shared --prefix=$sysroot
        make -j2
        make install",
    ),
    (
        "zarith for this machine",
        "cp -r zarith zarith-host
        cd zarith-host
        ./configure -installdir $host -gmp
        make
        make install",
    ),
    (
        "zarith",
        "cd zarith
        for_unikernels ./configure -installdir $sysroot/lib -gmp
        for_unikernels make
        for_unikernels make install",
    ),
    (
        "cryptokit",
        "cd all/cryptokit
        ./configure --disable-zlib",
    ),
    (
        "the rest",
        "cd all
        dune build @rest",
    ),
];

/// A test program: its place, its arguments, and the mark of the lines that count; empty:
/// all of them.
type Test = (&'static str, &'static [&'static str], &'static str);

const ALCOTEST: (&[&str], &str) = (&["-o", "/tmp"], "Test Successful");

const TESTS: [Test; 11] = [
    ("program/program", &[], ""),
    ("lwt/test/core/main", &[], "tests ran"),
    ("yojson/test/test", ALCOTEST.0, ALCOTEST.1),
    ("eqaf/test/test", ALCOTEST.0, ALCOTEST.1),
    (
        "bigstringaf/lib_test/test_bigstringaf",
        ALCOTEST.0,
        ALCOTEST.1,
    ),
    ("domain-local-await/test/test", ALCOTEST.0, ALCOTEST.1),
    ("thread-table/test/test", ALCOTEST.0, ALCOTEST.1),
    ("backoff/test/backoff_test", ALCOTEST.0, ALCOTEST.1),
    ("ocplib-endian/tests/test", &[], ""),
    ("cryptokit/test/test", &[], ""),
    ("zarith/tests/zq", &[], ""),
];

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    setup::ensure(&[
        Purpose::Ocaml,
        Purpose::Tenders,
        Purpose::Test,
        Purpose::Ecosystem,
    ])?;
    let start = Instant::now();
    let place = paths::out().join("ecosystem");
    let dune = dune(&place)?;
    for part in ["work", "prefix"] {
        ocaml::remove(&place.join(part))?;
    }
    install::main(install::Options::all(&place.join("prefix")))?;
    let shell = Shell::new(&place.join("prefix"), &place.join("work"))?;
    sources::unpack(&shell.work)?;
    workspace(&shell.work)?;
    for (name, script) in STEPS {
        sh::step(name);
        let start = Instant::now();
        let text = format!(
            "ECOSYSTEM_DUNE={}\n{}\n{script}",
            dune.display(),
            include_str!("ecosystem/prologue.sh")
        );
        // What comes after it wants it.
        let said = shell
            .run(".", &text)
            .with_context(|| format!("{name} does not build"))?;
        fs::write(shell.work.join(format!("{name}.log")), said)?;
        println!(
            "ecosystem::{name}: built in {:.1} s",
            start.elapsed().as_secs_f64()
        );
    }
    let mut failed = 0;
    for test in &TESTS {
        match run(&shell, test) {
            Ok(said) => println!("ecosystem::{}: ok: {said}", test.0),
            Err(error) => {
                println!("ecosystem::{}: FAILED: {error:#}", test.0);
                failed += 1;
            }
        }
    }
    println!("{:.0} s", start.elapsed().as_secs_f64());
    println!("{} passed, {failed} failed", TESTS.len() - failed);
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A dune that reads the libraries' files: the one on the PATH, or one of our own, built
/// once. That takes OCaml 5.3, which it was written for.
fn dune(place: &Path) -> Result<PathBuf> {
    const OLDEST: (u32, u32) = (3, 15);
    if let Some(dune) = sh::which("dune") {
        let version = sh::output(Command::new(&dune).arg("--version"))?;
        let mut numbers = version
            .trim()
            .split('.')
            .map(|part| part.parse().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if version >= OLDEST {
            return Ok(dune);
        }
    }
    let built = place.join("dune/bin/dune");
    if built.exists() {
        return Ok(built);
    }
    sh::step("building dune (about 2 minutes)");
    let scratch = tempfile::tempdir()?;
    sources::unpack(scratch.path())?;
    let compiler = ocaml::compiler_for_this_machine("5.3.0")?;
    let mut path = vec![compiler];
    let old = std::env::var_os("PATH").unwrap_or_default();
    path.extend(std::env::split_paths(&old));
    sh::run(
        Command::new("ocaml")
            .args(["boot/bootstrap.ml", "-j", "2"])
            .current_dir(scratch.path().join("dune"))
            .env("PATH", std::env::join_paths(path)?),
    )?;
    fs::create_dir_all(place.join("dune/bin"))?;
    fs::copy(scratch.path().join("dune/_boot/dune.exe"), &built)?;
    Ok(built)
}

/// One workspace of all that dune builds together, with the program and zarith's tests.
fn workspace(work: &Path) -> Result<()> {
    let all = work.join("all");
    let wanted: String = TESTS
        .iter()
        .map(|(test, ..)| format!(" {test}.exe"))
        .collect();
    for (file, text) in [
        ("dune-project", "(lang dune 3.15)\n".to_string()),
        ("dune", format!("(alias (name rest) (deps{wanted}))\n")),
        // Test programs are linked by their own rules: the context has the backend.
        (
            "dune-workspace",
            "(lang dune 3.15)\n(context (default))\n(context (default (name nolibc) (toolchain \
             nolibc) (host default)\n (env (_ (link_flags (-cclib \"-z nolibc-backend=spt\"))))))\n"
                .to_string(),
        ),
        (
            "program/dune",
            include_str!("ecosystem/program.dune").to_string(),
        ),
        (
            "program/program.ml",
            include_str!("ecosystem/program.ml").to_string(),
        ),
        ("stdlib-shims/dune-project", "(lang dune 3.0)\n".to_string()),
        ("stdlib-shims/stdlib-shims.opam", String::new()),
        (
            "stdlib-shims/dune",
            "(library (name stdlib_shims) (public_name stdlib-shims))\n".to_string(),
        ),
        (
            "zarith/tests/dune",
            "(executable (name zq) (libraries zarith))\n(copy_files ../../../zarith/tests/zq.ml)\n"
                .to_string(),
        ),
    ] {
        let path = all.join(file);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Run a test on this machine and on spt; answers what counts of what it said.
fn run(shell: &Shell, (test, arguments, mark): &Test) -> Result<String> {
    let arguments = arguments.join(" ");
    let image = |context: &str| {
        let built = shell.work.join("all/_build").join(context);
        built.join(format!("{test}.exe")).display().to_string()
    };
    let native = format!("cd /tmp; {} {arguments}", image("default"));
    let unikernel = format!(
        "solo5-spt --mem=512 {} PWD=/tmp -- {arguments}",
        image("nolibc")
    );
    let here = essence(&shell.run(".", &native)?, mark);
    let there = shell.run(".", &unikernel)?;
    // The tender's banner is not the program's.
    let there = essence(&there, mark);
    ensure!(
        !here.is_empty(),
        "nothing that counts was said on this machine"
    );
    if here != there {
        bail!("on this machine:\n{here}\non spt:\n{there}");
    }
    let last = here.lines().last().unwrap_or_default();
    Ok(format!("{} lines, the last: {last}", here.lines().count()))
}

/// The lines with `mark`, without times.
fn essence(said: &str, mark: &str) -> String {
    let mut lines = String::new();
    for line in said.lines().filter(|line| line.contains(mark)) {
        let is_time =
            |word: &&str| !word.starts_with(|c: char| c.is_ascii_digit()) || !word.contains('.');
        let words: Vec<&str> = line
            .split(' ')
            .filter(|word| mark.is_empty() || is_time(word))
            .collect();
        lines.push_str(&words.join(" "));
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_do_not_count() {
        let said = "Testing x\nTest Successful in 0.012s. 19 tests run.\n";
        let essence = essence(said, "Test Successful");
        assert_eq!(essence, "Test Successful in 19 tests run.\n");
    }
}
