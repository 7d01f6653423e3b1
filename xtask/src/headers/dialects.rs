//! Every header in every dialect of C and C++ that programs are written in.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::compiler;

/// Compiler, language and dialect.
const DIALECTS: [(&str, &str, &str); 4] = [
    ("gcc", "c", "-std=c99"),
    ("gcc", "c", "-std=c11"),
    ("gcc", "c", "-std=gnu17"),
    ("g++", "c++", "-std=c++17"),
];

/// What is wrong with each header alone, and with all of them together.
pub fn check(headers: &[String]) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (program, language, dialect) in DIALECTS {
        let mut all = String::new();
        for header in headers {
            let line = format!("#include <{header}>\n");
            // Twice: the guard works.
            let alone = format!("{line}{line}extern int probe;\n");
            if let Some(text) = errors(program, language, dialect, &alone)? {
                problems.push(format!(
                    "<{header}> alone with {program} {dialect}:\n{text}"
                ));
            }
            all.push_str(&line);
        }
        all.push_str("extern int probe;\n");
        if let Some(text) = errors(program, language, dialect, &all)? {
            problems.push(format!("all headers with {program} {dialect}:\n{text}"));
        }
    }
    Ok(problems)
}

/// What the compiler says about `source`; nothing if it is clean.
fn errors(program: &str, language: &str, dialect: &str, source: &str) -> Result<Option<String>> {
    let mut command: Command = compiler(program)?;
    command
        .args([
            dialect,
            "-Wpedantic",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-fsyntax-only",
        ])
        .args(["-x", language, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {program}: install {program}"))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(source.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((!output.status.success()).then_some(text))
}
