//! `cargo xtask test toolchain`: what `install` made, used as its user would: moved
//! first, then with findlib and dune, in a shell of its own.

mod examples;
mod leaks;
mod mirage;
mod shell;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tests_qemu::machine::{Machine, Request, Status, Virtio};

use crate::doctor::Purpose;
use crate::image::Image;
use crate::{install, new, setup, sh};
pub use shell::Shell;

/// Use the installed toolchain as its user would.
#[derive(clap::Args, Default)]
pub struct Options {}

/// How much longer than a native build one for unikernels may take: the project's bar.
const MARGIN: Duration = Duration::from_secs(1);

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    setup::ensure(&[
        Purpose::Ocaml,
        Purpose::Tenders,
        Purpose::Qemu,
        Purpose::Test,
    ])?;
    let directory = tempfile::tempdir()?;
    let first = directory.path().join("first");
    let prefix = directory.path().join("second/place");
    install::main(install::Options::all(&first))?;
    fs::create_dir_all(directory.path().join("second"))?;
    fs::rename(&first, &prefix)?;
    let shell = Shell::new(&prefix, &directory.path().join("work"))?;
    let (mut failed, mut skipped) = (0, 0);
    for (name, test) in TESTS {
        match test(&shell) {
            Ok(()) => println!("toolchain::{name}: ok"),
            Err(error) if error.is::<Skip>() => {
                println!("toolchain::{name}: skipped: {error}");
                skipped += 1;
            }
            Err(error) => {
                println!("toolchain::{name}: FAILED: {error:#}");
                failed += 1;
            }
        }
    }
    let passed = TESTS.len() - failed - skipped;
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

type Test = fn(&Shell) -> Result<()>;

/// Why a test cannot run on this machine, which is no failure.
#[derive(Debug)]
struct Skip(String);

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Skip {}

/// The last one removes the toolchain.
const TESTS: [(&str, Test); 17] = [
    ("moved", moved),
    ("new", new_project),
    ("relink", relink),
    ("speed", speed),
    ("contexts", contexts),
    ("mirage", mirage::project),
    ("findlib", findlib),
    ("host", host),
    ("config", config),
    ("example-echo", examples::echo),
    ("example-block", examples::block),
    ("example-c", examples::c),
    ("example-rust", examples::rust),
    ("headers-do-not-leak", leaks::headers),
    ("libraries-do-not-leak", leaks::libraries),
    ("packages-do-not-leak", leaks::packages),
    ("uninstall", uninstall),
];

/// What a text must have in it.
fn holds(text: &str, part: &str) -> Result<()> {
    ensure!(text.contains(part), "there is no `{part}` in:\n{text}");
    Ok(())
}

/// No file knows the first place any more.
fn moved(shell: &Shell) -> Result<()> {
    shell.run(".", "true")?;
    let list = shell.run(
        ".",
        "cat \"${OCAMLFIND_CONF%/lib/*}\"/nolibc-sysroot/parts/*.named",
    )?;
    ensure!(list.lines().count() > 8, "few files are listed:\n{list}");
    for name in list.lines() {
        let text = fs::read(shell.prefix.join(name))?;
        let text = String::from_utf8_lossy(&text);
        ensure!(!text.contains("/first"), "{name} names the old place");
        holds(&text, "/second/place")?;
    }
    Ok(())
}

/// The project that `new` writes builds and boots.
fn new_project(shell: &Shell) -> Result<()> {
    const TEXT: &str = "Hello from OCaml, with no operating system.";
    new::write(&shell.work.join("hello"), &new::HELLO)?;
    let said = shell.run("hello", "dune build -x nolibc @default @boot")?;
    holds(&said, TEXT)?;
    holds(&shell.run("hello", "dune exec ./hello.exe")?, TEXT)?;
    let solo5 = "dune build -x solo5 && solo5-spt _build/default.solo5/hello.spt";
    holds(&shell.run("hello", solo5)?, TEXT)?;
    let built = shell.work.join("hello/_build/default.nolibc");
    for backend in ["spt", "hvt", "virtio"] {
        let image = Image::read(&built.join(format!("hello.{backend}")))?;
        ensure!(
            image.backend == backend,
            "hello.{backend} is for {}",
            image.backend
        );
    }
    let boot = Virtio::TCG.boot(&built.join("hello.virtio"), &Request::default())?;
    ensure!(
        boot.status == Status::Exit(0),
        "{}: {}",
        boot.status,
        boot.console
    );
    holds(&boot.console, TEXT)
}

/// Another backend costs a link.
fn relink(shell: &Shell) -> Result<()> {
    let script = "sed -i 's/hello.hvt hello.virtio)/hello.virtio hello.hvt-abi2)/' dune
                  dune build -x nolibc && cat _build/log";
    let log = shell.run("hello", script)?;
    holds(&log, "x86_64-nolibc-ocaml-link hello.exe.o")?;
    let compiled = log
        .lines()
        .find(|line| line.starts_with("$ ") && line.contains("ocamlopt"));
    ensure!(
        compiled.is_none(),
        "compiled again: {}",
        compiled.unwrap_or_default()
    );
    ensure!(
        Image::read(
            &shell
                .work
                .join("hello/_build/default.nolibc/hello.hvt-abi2")
        )?
        .abi == 2,
        "the new image has another ABI"
    );
    Ok(())
}

/// A build for unikernels takes hardly longer than one for this machine.
fn speed(shell: &Shell) -> Result<()> {
    let time = |command: &str| -> Result<Duration> {
        shell.run("hello", "rm -rf _build")?;
        let start = Instant::now();
        shell.run("hello", command)?;
        Ok(start.elapsed())
    };
    let (mut native, mut cross) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        native = native.min(time("dune build")?);
        cross = cross.min(time("dune build -x nolibc")?);
    }
    println!(
        "hello: {native:.2?} for this machine alone, {cross:.2?} with four images and this machine"
    );
    // On a machine that others use as well everything is slower.
    let margin = MARGIN.max(5 * native);
    ensure!(cross <= native + margin, "{cross:?} are too much");
    Ok(())
}

/// A workspace with the context `solo5`, as MirageOS has it, and libraries that
/// packages ask for.
fn contexts(shell: &Shell) -> Result<()> {
    shell.project(
        "contexts",
        &[
            (
                "dune-workspace",
                "(lang dune 2.9)
(context (default))
(context (default (name solo5) (toolchain solo5) (host default)
 (disable_dynamically_linked_foreign_archives true)))
",
            ),
            (
                "dune",
                "(executable (name main) (enabled_if (= %{context_name} solo5))
 (libraries bytes seq str threads.posix unix)
 (foreign_stubs (language c) (names stub))
 (link_flags (-cclib \"-z solo5-abi=spt\")))
",
            ),
            (
                "stub.c",
                "#include <caml/mlvalues.h>
#include <solo5.h>
#ifndef __ocaml_solo5__
#error not for Solo5
#endif
value clock_of_solo5(value unit) { return Val_bool(solo5_clock_wall() > 0); }
",
            ),
            (
                "main.ml",
                "external clock : unit -> bool = \"clock_of_solo5\"
let () =
  let said = ref \"\" in
  Thread.join (Thread.create (fun () -> said := \"a thread\") ());
  let words = Str.split (Str.regexp \" \") !said in
  Printf.printf \"%d words, %b, %b\\n\" (List.length words) (clock ()) (Unix.gettimeofday () > 1e9)
",
            ),
        ],
    )?;
    let said = shell.run("contexts", "dune build && solo5-spt _build/solo5/main.exe")?;
    holds(&said, "2 words, true, true")
}

/// `ocamlfind` alone, with both toolchains and every tool that it knows.
fn findlib(shell: &Shell) -> Result<()> {
    shell.project(
        "findlib",
        &[(
            "main.ml",
            "let () = Thread.join (Thread.create (fun () -> print_endline (Unix.getcwd ())) ())\n",
        )],
    )?;
    for toolchain in ["nolibc", "solo5"] {
        let said = shell.run("findlib", &format!(
            "ocamlfind -toolchain {toolchain} ocamlopt -thread -package threads.posix -linkpkg main.ml \
             -o main.spt -cclib '-z nolibc-backend=spt'
             solo5-spt main.spt
             ocamlfind -toolchain {toolchain} ocamlc -thread -package threads.posix -c main.ml
             ocamlfind -toolchain {toolchain} ocamlopt -config-var target
             ocamlfind -toolchain {toolchain} ocamldep -modules main.ml
             ocamlfind -toolchain {toolchain} ocamlmklib -o lib main.cmx
             ocamlfind -toolchain {toolchain} ocamlopt -config-var standard_library
             ocamlfind -toolchain {toolchain} query bytes seq threads unix str"
        ))?;
        ensure!(said.starts_with("/\n"), "the program did not run:\n{said}");
        holds(&said, "x86_64-pc-none")?;
        holds(&said, "main.ml: Thread Unix")?;
        ensure!(!said.contains("WARNING"), "findlib warns:\n{said}");
    }
    Ok(())
}

/// OCaml for this machine: native, bytecode, the toplevel, libraries in C.
fn host(shell: &Shell) -> Result<()> {
    shell.project("host", &[
        ("main.ml", "external one : unit -> int = \"one\"\nlet () = Printf.printf \"sum %d\\n\" (one () + 1)\n"),
        ("one.c", "#include <caml/mlvalues.h>\nvalue one(value unit) { return Val_int(1); }\n"),
        ("top.ml", "#directory \"+str\";;\n#load \"str.cma\";;\nprint_endline (Str.first_chars \"toplevel\" 3)\n"),
    ])?;
    let said = shell.run(
        "host",
        "ocamlfind ocamlc -c one.c
         ocamlmklib -o one one.o
         ocamlfind ocamlopt -I . -cclib -lone main.ml -o native && ./native
         ocamlfind ocamlc -custom -I . -cclib -lone main.ml -o custom && ./custom
         echo 'print_endline \"byte\"' > byte.ml
         ocamlc byte.ml -o byte && ./byte
         ocaml top.ml",
    )?;
    holds(&said, "sum 2\nsum 2\nbyte\ntop\n")
}

/// What packages read of `ocamlopt -config`.
fn config(shell: &Shell) -> Result<()> {
    let said = shell.run(".", "ocamlfind -toolchain nolibc ocamlopt -config")?;
    for line in [
        "c_compiler: x86_64-nolibc-ocaml-gcc",
        "target: x86_64-pc-none",
        "system: none",
        "architecture: amd64",
        "ccomp_type: cc",
        "os_type: Unix",
        "supports_shared_libraries: false",
        "systhread_supported: true",
        "native_compiler: true",
        "ext_obj: .o",
        "ext_lib: .a",
    ] {
        ensure!(
            said.lines().any(|found| found == line),
            "there is no `{line}` in:\n{said}"
        );
    }
    let library = format!("standard_library: {}/", shell.prefix.display());
    holds(&said, &library)?;
    // The values name what can be called as `configure` calls it: a program links without a
    // machine, with the libraries that OCaml's own programs get and those that probes ask for;
    // and a function that is not there is not found.
    let probe = |function: &str| {
        format!(
            "value() {{ ocamlfind -toolchain nolibc ocamlopt -config-var $1; }}
             echo 'char {function}(void); int main(void) {{ return {function}(); }}' > probe.c
             $(value c_compiler) $(value ocamlopt_cflags) probe.c -o probe $(value native_c_libraries) \
                 -lm -lpthread -ldl -lrt"
        )
    };
    shell.run(".", &probe("sigprocmask"))?;
    shell.refused(".", &probe("kqueue"), "undefined reference to `kqueue'")
}

/// `uninstall` leaves what others put there, and nothing else.
fn uninstall(shell: &Shell) -> Result<()> {
    let foreign = shell.prefix.join("nolibc-sysroot/lib/other/META");
    fs::create_dir_all(foreign.parent().context("a file lies somewhere")?)?;
    fs::write(&foreign, "")?;
    install::uninstall(install::removal(&shell.prefix))?;
    let left = crate::sysroot::files(&shell.prefix)?;
    ensure!(
        left == [Path::new("nolibc-sysroot/lib/other/META")],
        "left: {left:?}"
    );
    let again = install::uninstall(install::removal(&shell.prefix));
    ensure!(again.is_err(), "what is gone was removed again");
    sh::step("uninstalled");
    Ok(())
}
