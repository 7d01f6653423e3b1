//! `cargo xtask headers`: the C headers say what is true.
//!
//! - Each header compiles alone, and all together, in every dialect, with all
//!   warnings.
//! - Each function that a header declares is in `exports.txt`.
//! - Each prototype agrees with the definition, be it Rust or C: number of
//!   parameters, size, signedness and kind of each and of the result, and the
//!   layout of the structures that pointers lead to.
//! - The guest `every_function` calls it, or says why not.
//!
//! The types of both sides come from debug information, so macros are expanded
//! and aliases resolved: a C file with a pointer to every declared function is
//! compiled for the headers, the library itself for the definitions.

mod compare;
mod dialects;
mod dwarf;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{paths, sh, symbols, sysroot};
use dwarf::Function;

/// Check the C headers: alone, in every dialect, and against the Rust side.
#[derive(clap::Args, Default)]
pub struct Options {}

/// Functions without types in debug information, as they are assembly.
const ASSEMBLY: [&str; 14] = [
    "_longjmp",
    "_setjmp",
    "__sigsetjmp",
    "abort",
    "bcmp",
    "longjmp",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "setjmp",
    "sigsetjmp",
    "strlen",
];

/// `wchar_t` is signed, and Rust carries its bits unsigned: the same register, and
/// no value that C may pass is negative.
const WIDE: [&str; 10] = [
    "fputwc", "putwc", "putwchar", "wcrtomb", "wcschr", "wcsrchr", "wctomb", "wcwidth", "wmemchr",
    "wmemset",
];

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    let headers = headers()?;
    let mut problems = dialects::check(&headers)?;
    let work = paths::out().join("headers");
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let declared = declared(&headers, &work)?;
    let definitions = definitions(&work)?;
    let exports: BTreeSet<String> = symbols::exports(&paths::root().join("nolibc-rs/exports.txt"))?
        .into_iter()
        .collect();
    let caller = paths::root().join("tests-qemu/guests/c/every_function.c");
    let caller =
        fs::read_to_string(&caller).with_context(|| format!("cannot read {}", caller.display()))?;
    let mut compared = 0;
    for (name, (header, prototype)) in &declared {
        if !exports.contains(name) {
            problems.push(format!(
                "<{header}> declares {name}, which exports.txt does not have"
            ));
        }
        let called = format!("CALL({name},");
        if !caller.contains(&called) && !caller.contains(&format!("not called: {name}:")) {
            problems.push(format!(
                "<{header}> {name}: every_function.c has no CALL of it"
            ));
        }
        match definitions.get(name) {
            Some(definition) => {
                compared += 1;
                let wide = WIDE.contains(&name.as_str());
                for difference in compare::functions(prototype, definition) {
                    if wide && difference.ends_with("declared i32, defined u32") {
                        continue;
                    }
                    problems.push(format!("<{header}> {name}: {difference}"));
                }
            }
            None if ASSEMBLY.contains(&name.as_str()) => {}
            None => problems.push(format!("<{header}> {name}: no definition has types")),
        }
    }
    for problem in &problems {
        println!("headers: {problem}");
    }
    println!(
        "headers: {} headers, {compared} prototypes compared, {} problems",
        headers.len(),
        problems.len()
    );
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The headers that a program includes, relative to their directory.
fn headers() -> Result<Vec<String>> {
    let files = sysroot::files(&include())?;
    let names = files
        .into_iter()
        .map(|file| file.to_string_lossy().into_owned());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".h") && !name.starts_with('_'))
        .collect();
    names.sort();
    Ok(names)
}

fn include() -> PathBuf {
    paths::root().join("nolibc-rs/include")
}

/// The host's compiler, seeing our headers and its own.
fn compiler(program: &str) -> Result<Command> {
    let own = Command::new("gcc").arg("-print-file-name=include").output();
    let own = own.context("cannot start gcc: install gcc")?.stdout;
    let mut command = Command::new(program);
    command
        .args(["-nostdinc", "-ffreestanding", "-fno-builtin"])
        .arg("-I")
        .arg(include())
        .args(["-isystem", String::from_utf8(own)?.trim()])
        .args(["-include", "_solo5/overrides.h"]);
    Ok(command)
}

/// All functions that the headers declare, with the header and the prototype.
fn declared(headers: &[String], work: &Path) -> Result<BTreeMap<String, (String, Function)>> {
    let mut source = String::from("#define _GNU_SOURCE 1\n");
    for header in headers {
        writeln!(source, "#include <{header}>")?;
    }
    let plain = work.join("declared.c");
    let list = work.join("declared.txt");
    fs::write(&plain, &source)?;
    sh::run(
        compiler("gcc")?
            .arg("-fsyntax-only")
            .arg("-aux-info")
            .arg(&list)
            .arg(&plain),
    )?;
    let places = places(&fs::read_to_string(&list)?);
    for name in places.keys() {
        // Parentheses keep a macro of the same name from being meant.
        writeln!(source, "__typeof__(&({name})) nolibc_probe_{name};")?;
    }
    let probes = work.join("probes.c");
    let object = work.join("probes.o");
    fs::write(&probes, source)?;
    sh::run(
        compiler("gcc")?
            .args(["-g", "-c", "-w", "-o"])
            .arg(&object)
            .arg(&probes),
    )?;
    let types = dwarf::read(&object)?;
    let mut declared = BTreeMap::new();
    for (name, header) in places {
        let probe = types.probes.get(&format!("nolibc_probe_{name}"));
        let Some(prototype) = probe else {
            bail!(
                "no type of {name} in the debug information of {}",
                object.display()
            );
        };
        declared.insert(name, (header, prototype.clone()));
    }
    Ok(declared)
}

/// The functions of gcc's `-aux-info`, with the header that declares each: lines like
/// `/* DIRECTORY/include/unistd.h:12:NC */ extern int close (int);`.
fn places(list: &str) -> BTreeMap<String, String> {
    let directory = include().to_string_lossy().into_owned();
    let mut places = BTreeMap::new();
    for line in list.lines() {
        let Some((place, prototype)) = line.split_once("*/ ") else {
            continue;
        };
        let Some((_, file)) = place.split_once(&directory) else {
            continue;
        };
        let header = file
            .trim_start_matches('/')
            .split(':')
            .next()
            .unwrap_or_default();
        if !prototype.starts_with("extern") {
            continue;
        }
        if let Some(name) = declared_name(prototype) {
            places.insert(name.to_string(), header.to_string());
        }
    }
    places
}

/// The name in `extern int close (int);`, or in `extern void (*signal (int, ...))(int);`
/// where the result is a pointer to a function.
fn declared_name(prototype: &str) -> Option<&str> {
    let (before, after) = prototype.split_once('(')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = match after.strip_prefix('*') {
        Some(rest) => rest.split(|c| !is_name(c)).next()?,
        None => before.trim_end().rsplit(|c| !is_name(c)).next()?,
    };
    (!name.is_empty()).then_some(name)
}

/// All functions that the library defines, with their types.
fn definitions(work: &Path) -> Result<BTreeMap<String, Function>> {
    let target = work.join("rust");
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build
        .current_dir(paths::root())
        .args(["rustc", "--quiet", "--package", "nolibc-rs", "--lib"])
        .args(["--features", "export", "--crate-type", "rlib"])
        .args([
            "--config",
            "profile.dev.panic='abort'",
            "--config",
            "profile.dev.debug='full'",
        ])
        .arg("--target-dir")
        .arg(&target)
        .args([
            "--",
            "-C",
            "codegen-units=1",
            "-C",
            "save-temps=no",
            "--emit=obj,link",
        ]);
    sh::run(&mut build)?;
    let mut definitions = BTreeMap::new();
    let newest = newest_object(&target.join("debug/deps"))?;
    definitions.extend(dwarf::read(&newest)?.functions);
    for directory in ["variadic", "long_double", "defaults"] {
        for source in c_files(&paths::root().join("nolibc-rs/csrc").join(directory))? {
            let name = source
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let object = work.join(format!("{directory}-{name}.o"));
            let mut compile = compiler("gcc")?;
            compile
                .arg("-I")
                .arg(paths::root().join("solo5-sys/include"));
            sh::run(
                compile
                    .args(["-g", "-c", "-w", "-o"])
                    .arg(&object)
                    .arg(&source),
            )?;
            definitions.extend(dwarf::read(&object)?.functions);
        }
    }
    Ok(definitions)
}

fn c_files(directory: &Path) -> Result<Vec<PathBuf>> {
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The object file of the library that was built last.
fn newest_object(directory: &Path) -> Result<PathBuf> {
    let mut newest = None;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("nolibc-") && name.ends_with(".o") {
            let built = entry.metadata()?.modified()?;
            newest = newest.max(Some((built, entry.path())));
        }
    }
    let (_, path) = newest.context("cargo has left no object file of nolibc-rs")?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(directory: &Path, name: &str, source: &str) -> PathBuf {
        let (file, object) = (directory.join(format!("{name}.c")), directory.join(name));
        fs::write(&file, source).unwrap();
        let mut compile = Command::new("gcc");
        compile
            .args(["-g", "-c", "-w", "-o"])
            .arg(&object)
            .arg(&file);
        assert!(compile.status().unwrap().success());
        object
    }

    /// What is found wrong with a declaration and a definition of `f`.
    fn differences(declared: &str, defined: &str) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        let probe = format!("{declared} __typeof__(&(f)) nolibc_probe_f;");
        let probes = dwarf::read(&object(directory.path(), "probes", &probe))
            .unwrap()
            .probes;
        let functions = dwarf::read(&object(directory.path(), "defined", defined))
            .unwrap()
            .functions;
        compare::functions(&probes["nolibc_probe_f"], &functions["f"])
    }

    #[test]
    fn agreement_is_silent() {
        for (declared, defined) in [
            (
                "typedef long off_t; off_t f(int, const char *, off_t);",
                "long f(int a, void *b, long c) { return 0; }",
            ),
            ("void f(void);", "void f(void) {}"),
            ("double f(float);", "double f(float a) { return a; }"),
            (
                "struct s { int a; long b; }; int f(struct s *);",
                "struct r { int x; void *y; }; int f(struct r *p) { return 0; }",
            ),
            (
                "union u { int a; void *b; }; struct s { union u u; }; void f(struct s *);",
                "struct r { long x; }; void f(struct r *p) {}",
            ),
            (
                "int f(int (*)(const void *, const void *));",
                "int f(int (*g)(void *, void *)) { return 0; }",
            ),
            (
                "__attribute__((noreturn)) void f(int, ...);",
                "void f(int a, ...) { for (;;); }",
            ),
        ] {
            assert_eq!(
                differences(declared, defined),
                Vec::<String>::new(),
                "{declared}"
            );
        }
    }

    #[test]
    fn each_kind_of_mismatch_is_found() {
        for (declared, defined, what) in [
            (
                "int f(int);",
                "int f(int a, int b) { return 0; }",
                "1 parameters declared, 2 defined",
            ),
            (
                "int f(int);",
                "int f(long a) { return 0; }",
                "declared i32, defined i64",
            ),
            (
                "int f(int);",
                "int f(unsigned a) { return 0; }",
                "declared i32, defined u32",
            ),
            (
                "int f(int);",
                "long f(int a) { return 0; }",
                "result: declared i32, defined i64",
            ),
            (
                "int f(char *);",
                "int f(unsigned long a) { return 0; }",
                "declared pointer, defined u64",
            ),
            (
                "int f(float);",
                "int f(double a) { return 0; }",
                "declared f32, defined f64",
            ),
            (
                "int f(double);",
                "int f(long double a) { return 0; }",
                "declared f64, defined f128",
            ),
            ("int f(int, ...);", "int f(int a) { return 0; }", "variadic"),
            (
                "void f(int);",
                "int f(int a) { return 0; }",
                "declared void, defined i32",
            ),
            (
                "int f(long *);",
                "int f(int *a) { return 0; }",
                "pointed to: declared i64, defined i32",
            ),
            (
                "struct s { int a; long b; }; int f(struct s *);",
                "struct s { long b; int a; }; int f(struct s *p) { return 0; }",
                "at offset 0",
            ),
            (
                "struct s { int a; long b; }; int f(struct s *);",
                "struct s { int a; long b, c; }; int f(struct s *p) { return 0; }",
                "s of 24 bytes",
            ),
            (
                "int f(int (*)(int));",
                "int f(int (*g)(long)) { return 0; }",
                "function: parameter 1",
            ),
            (
                "struct s { int a; long b; }; void f(struct s);",
                "struct s { int a; int c; long b; }; void f(struct s p) {}",
                "8 bytes at offset 8",
            ),
        ] {
            let found = differences(declared, defined);
            assert!(
                found.iter().any(|found| found.contains(what)),
                "{declared} {defined}: {found:?}"
            );
        }
    }

    #[test]
    fn names_of_declarations() {
        assert_eq!(declared_name("extern int close (int);"), Some("close"));
        assert_eq!(
            declared_name("extern char *getcwd (char *, size_t);"),
            Some("getcwd")
        );
        let signal = "extern void (*signal (int, void (*)(int)))(int);";
        assert_eq!(declared_name(signal), Some("signal"));
    }
}
