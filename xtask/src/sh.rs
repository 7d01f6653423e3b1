//! Running external commands: each is echoed; its output is shown with `-v`
//! and on failure.

use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

static VERBOSE: AtomicBool = AtomicBool::new(false);

/// Whether `-v` was given.
pub fn verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// Record `-v`.
pub fn set_verbose(verbose: bool) {
    VERBOSE.store(verbose, Ordering::Relaxed);
}

/// Say on standard error what is being done.
pub fn step(what: impl std::fmt::Display) {
    eprintln!("==> {what}");
}

/// A command as it is echoed.
pub fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Run `command`; its output appears with `-v`, or all of it if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Run `command` and answer its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let line = line(command);
    eprintln!("$ {line}");
    let start = || format!("cannot start `{line}`");
    if verbose() {
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let output = child.with_context(start)?.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        eprint!("{text}");
        check(&line, output.status)?;
        return Ok(text);
    }
    let output = command.output().with_context(start)?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        check(&line, output.status)?;
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn check(line: &str, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// The full path of a program on the PATH.
pub fn which(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
