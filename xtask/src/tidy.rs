//! `cargo xtask tidy`: the project's own rules, as far as a program can check
//! them. Every rule names the line that breaks it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use tests_qemu::guest::Guest;
use tests_qemu::suite;

use crate::{paths, sh};

/// Check the project's own rules.
#[derive(clap::Args, Default)]
pub struct Options {}

/// Lines of a source file without its tests: "about 500".
const FILE_LINES_MAX: usize = 550;

/// Lines of a function: "about 60".
const FUNCTION_LINES_MAX: usize = 75;

/// Where no file may point: directories of one machine, and hosts whose name has
/// one of these words, as package registries have; their own clients know those.
const DIRECTORIES: [&str; 2] = ["/home/", "/root/"];
const REGISTRIES: [&str; 5] = ["debian", "npm", "crates", "golang", "opam"];

/// Modules that get along without unsafe code.
const SAFE_MODULES: [&str; 5] = ["format", "decimal", "stream", "clock", "file"];

/// Run the command.
pub fn main(_options: Options) -> Result<ExitCode> {
    let findings = check()?;
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: all rules are kept");
        return Ok(ExitCode::SUCCESS);
    }
    println!("tidy: {} findings", findings.len());
    Ok(ExitCode::FAILURE)
}

/// A tracked text file.
struct File {
    /// Its path from the root.
    name: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.name.ends_with(".rs")
    }

    /// Code that runs in a unikernel.
    fn is_guest_code(&self) -> bool {
        self.is_rust()
            && [
                "nolibc-rs/src/",
                "nolibc-rs/math/src/",
                "solo5-sys/src/",
                "xen-sys/src/",
            ]
            .iter()
            .any(|directory| self.name.starts_with(directory))
    }

    /// A file of nothing but tests.
    fn is_test(&self) -> bool {
        self.name.contains("/tests/") || self.name.ends_with("/tests.rs")
    }

    /// The lines before the tests, with their numbers. `mod tests;` names another file,
    /// and what follows it is code.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("#[cfg(test)]\nmod tests {");
        let code = self.text.get(..tests.unwrap_or(self.text.len()));
        let lines = code.unwrap_or_default().lines().enumerate();
        lines.map(|(at, line)| (at + 1, line))
    }
}

/// Everything that is wrong.
fn check() -> Result<Vec<String>> {
    let files = tracked()?;
    let mut findings = Vec::new();
    for file in &files {
        check_text(file, &mut findings);
        if file.is_rust() {
            check_rust(file, &mut findings);
        }
        if file.name.ends_with("Cargo.toml") {
            check_manifest(file, &mut findings);
        }
        if file.name.ends_with(".patch") {
            check_patch(file, &mut findings);
        }
    }
    let guests = suite::guests_directory(&paths::root());
    if let Err(error) = Guest::all(&guests) {
        findings.push(format!("{error:#}"));
    }
    check_exports(&files, &mut findings);
    Ok(findings)
}

fn tracked() -> Result<Vec<File>> {
    let root = paths::root();
    let list = sh::output(
        Command::new("git")
            .arg("-C")
            .arg(&root)
            .args(["ls-files", "-z"]),
    )?;
    let mut files = Vec::new();
    for name in list.split('\0').filter(|name| !name.is_empty()) {
        let path: PathBuf = root.join(name);
        // A file that was removed and not yet committed.
        if !path.exists() {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if let Ok(text) = String::from_utf8(bytes) {
            let name = name.to_string();
            files.push(File { name, text });
        }
    }
    Ok(files)
}

fn check_text(file: &File, findings: &mut Vec<String>) {
    let name = &file.name;
    let generated = name.ends_with("Cargo.lock") || name.ends_with(".patch");
    if generated || name.starts_with("LICENSE") || name == "xtask/src/tidy.rs" {
        return;
    }
    for (at, line) in file.text.lines().enumerate() {
        let mut finding = |what: &str| findings.push(format!("{name}:{}: {what}", at + 1));
        for word in DIRECTORIES {
            if line.contains(word) {
                finding(&format!("`{word}` belongs to one machine"));
            }
        }
        for (_, host) in line
            .match_indices("://")
            .map(|(at, _)| line.split_at(at + 3))
        {
            let host = host.split(['/', '"', ' ']).next().unwrap_or_default();
            if REGISTRIES.iter().any(|word| host.contains(word)) {
                finding(&format!("`{host}` is a package registry's"));
            }
        }
        if line.ends_with([' ', '\t']) {
            finding("space at the end of the line");
        }
        for word in ["TODO", "FIXME", "XXX"] {
            if line
                .split(|c: char| !c.is_alphanumeric())
                .any(|part| part == word)
            {
                finding("unfinished business is an issue, not a comment");
            }
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(format!("{name}: no newline at the end"));
    }
}

fn check_rust(file: &File, findings: &mut Vec<String>) {
    let name = &file.name;
    let lines = file.code().count();
    if lines > FILE_LINES_MAX && !file.is_test() {
        findings.push(format!("{name}: {lines} lines: split it by subject"));
    }
    if !file.text.starts_with("//!") && !file.is_test() {
        findings.push(format!("{name}: begins without saying what it is (//!)"));
    }
    check_functions(file, findings);
    for (at, line) in file.text.lines().enumerate() {
        let mut finding = |what: &str| findings.push(format!("{name}:{}: {what}", at + 1));
        let line = line.trim_start();
        // In a macro an expectation would not be met by every use.
        if line.starts_with("#[allow(") && !line.contains("reason = ") {
            finding("no lint is allowed away; `#[expect(lint, reason = ...)]` where it must be");
        }
        if line.starts_with("#![expect(") || line.starts_with("#![allow(") {
            finding("no lint is silenced for a whole file");
        }
    }
    for part in file.text.split("#[expect(").skip(1) {
        let attribute = part.split(")]").next().unwrap_or(part);
        if !attribute.contains("reason") && name != "xtask/src/tidy.rs" {
            findings.push(format!("{name}: #[expect({attribute})] without a reason"));
        }
    }
    if file.is_guest_code() {
        check_guest_code(file, findings);
    }
}

fn check_guest_code(file: &File, findings: &mut Vec<String>) {
    const FORBIDDEN: [&str; 6] = [
        ".unwrap()",
        ".expect(",
        "todo!(",
        "unimplemented!(",
        "panic!(",
        "dbg!(",
    ];
    let name = &file.name;
    // What stands for a machine in tests is no part of the library.
    let stands_in = name.starts_with("nolibc-rs/src/platform/fake");
    if file.is_test() || name.contains("/tests") || stands_in {
        return;
    }
    let inner = name.trim_start_matches("nolibc-rs/src/");
    let safe = SAFE_MODULES
        .iter()
        .any(|module| inner == format!("{module}.rs") || inner.starts_with(&format!("{module}/")));
    // A panic in a constant is a compile-time error.
    let mut constant = false;
    for (at, line) in file.code() {
        let code = line.split("//").next().unwrap_or(line);
        if code.contains("fn ") || code.trim_start().starts_with("const ") {
            constant = code.contains("const fn") || !code.contains("fn ");
        }
        for word in FORBIDDEN {
            if code.contains(word) && !(constant && word == "panic!(") {
                findings.push(format!("{name}:{at}: `{word}` in code that must not die"));
            }
        }
        let says_unsafe = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        if safe && says_unsafe.into_iter().any(|word| word == "unsafe") {
            findings.push(format!(
                "{name}:{at}: this module gets along without unsafe"
            ));
        }
    }
}

/// Long functions: from `fn` to the brace that closes at the same column.
fn check_functions(file: &File, findings: &mut Vec<String>) {
    let mut open: Option<(usize, &str, &str)> = None;
    let mut previous = "";
    for (at, line) in file.code() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let Some((start, column, head)) = open else {
            let head = code.split('(').next().unwrap_or(code);
            // The length of assembly is what it is.
            let is_naked = std::mem::replace(&mut previous, code) == "#[unsafe(naked)]";
            let is_function = head.split(' ').any(|word| word == "fn") && !is_naked;
            // In a macro's table many functions look like one.
            let is_table = head.contains('$');
            let opens = !code.starts_with("//") && code.ends_with(['{', '(']);
            if is_function && opens && !is_table {
                open = Some((at, indent, head));
            }
            continue;
        };
        if indent != column {
            continue;
        }
        let lines = at - start + 1;
        let closes = code.starts_with('}');
        if closes && lines > FUNCTION_LINES_MAX && !file.is_test() {
            findings.push(format!("{}:{start}: {lines} lines: `{head}`", file.name));
        }
        // The end of a body, or of a declaration without one.
        if closes || code.ends_with(';') {
            open = None;
        }
    }
}

/// Each dependency says why it is there, in a comment above it.
fn check_manifest(file: &File, findings: &mut Vec<String>) {
    let mut in_dependencies = false;
    let mut explained = false;
    for (at, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
        }
        let is_entry = line.starts_with(|c: char| c.is_ascii_lowercase());
        let ours = line.contains("path = \"../");
        if in_dependencies && is_entry && !explained && !ours {
            findings.push(format!(
                "{}:{}: a dependency without a comment that says why",
                file.name,
                at + 1
            ));
        }
        explained = line.starts_with('#');
    }
}

/// Each patch says why it is there and what upstream thinks of it.
fn check_patch(file: &File, findings: &mut Vec<String>) {
    let head = file.text.split("\n--- ").next().unwrap_or_default();
    let reasons = head.lines().filter(|line| !line.is_empty()).count();
    if reasons < 3 || !head.lines().any(|line| line.starts_with("Upstream: ")) {
        findings.push(format!(
            "{}: its header does not say what, why and `Upstream: `",
            file.name
        ));
    }
}

/// An exported symbol that is data for the tender: every boot reads it.
const MANIFEST: &str = "__solo5_mft1_note";

/// Each exported function is called by a guest, through C.
fn check_exports(files: &[File], findings: &mut Vec<String>) {
    let mut words = BTreeSet::new();
    let guests = files
        .iter()
        .filter(|file| file.name.starts_with("tests-qemu/guests/c/") && file.name.ends_with(".c"));
    for file in guests {
        let parts = file.text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.extend(parts.filter(|word| !word.is_empty()));
    }
    let exports = files
        .iter()
        .find(|file| file.name == "nolibc-rs/exports.txt");
    let Some(exports) = exports else {
        findings.push("nolibc-rs/exports.txt is missing".to_string());
        return;
    };
    for line in exports.text.lines() {
        let name = line.split('#').next().unwrap_or_default().trim();
        for name in name.split_whitespace() {
            let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_name && name != MANIFEST && !words.contains(name) {
                findings.push(format!("{}: no guest calls {name}", exports.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, text: &str) -> Vec<String> {
        let file = File {
            name: name.to_string(),
            text: text.to_string(),
        };
        let mut findings = Vec::new();
        check_text(&file, &mut findings);
        if file.is_rust() {
            check_rust(&file, &mut findings);
        } else if name.ends_with(".toml") {
            check_manifest(&file, &mut findings);
        } else if name.ends_with(".patch") {
            check_patch(&file, &mut findings);
        }
        findings
    }

    #[test]
    fn broken_rules_are_found() {
        let rust = "nolibc-rs/src/heap.rs";
        let safe = "nolibc-rs/src/format/mod.rs";
        let long = format!("//! X\nfn f() {{\n{}}}\n", "    x();\n".repeat(80));
        for (name, text) in [
            (rust, "fn f() {}\n"),
            (rust, "//! X\nfn f() {\n    x.unwrap();\n}\n"),
            (rust, "//! X\n#[allow(dead_code)]\nfn f() {}\n"),
            (rust, "//! X\n#[expect(dead_code)]\nfn f() {}\n"),
            (rust, "//! X \n"),
            (rust, "//! X"),
            (rust, long.as_str()),
            (safe, "//! X\nfn f() {\n    unsafe { g() }\n}\n"),
            ("README.md", "see /home/me\n"),
            ("README.md", "see https://pool.debian.example/x\n"),
            ("README.md", "TODO: write\n"),
            ("a/Cargo.toml", "[dependencies]\nanyhow = \"1\"\n"),
            ("0001-x.patch", "What\n\nWhy.\n--- a\n+++ b\n"),
        ] {
            assert_eq!(findings(name, text).len(), 1, "{name}: {text}");
        }
    }

    #[test]
    fn kept_rules_are_quiet() {
        let good = "//! X\nfn f() {\n    x() // .unwrap() is told about\n}\n\n#[cfg(test)]\n\
                    mod tests {\n    fn g() {\n        x.unwrap();\n    }\n}\n";
        assert!(findings("nolibc-rs/src/heap.rs", good).is_empty());
        let manifest = "[dependencies]\n# Why.\nanyhow = \"1\"\nus = { path = \"../us\" }\n";
        assert!(findings("a/Cargo.toml", manifest).is_empty());
    }
}
