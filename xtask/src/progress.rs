//! Commands that take minutes: their output goes to a log file, and one line
//! says how far they are.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::sh;

/// How often a line is printed where it cannot be overwritten.
const QUIET: Duration = Duration::from_secs(30);

/// How much of the log a failure shows.
const TAIL_LINES: usize = 40;

/// Run `command`; all it prints goes to `log`, and the last line of it to the
/// terminal while it runs. With `-v` everything goes to the terminal as well.
pub fn run(command: &mut Command, log: &Path) -> Result<()> {
    let line = sh::line(command);
    eprintln!("$ {line}");
    if let Some(directory) = log.parent() {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot create {}", directory.display()))?;
    }
    let mut file =
        File::create(log).with_context(|| format!("cannot write the log {}", log.display()))?;
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    // The command holds the writing ends; the output would never end with them.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let mut status = Status::new();
    let mut tail = VecDeque::new();
    let mut log_error = None;
    for text in BufReader::new(reader).split(b'\n') {
        let text = text?;
        // The output is read to its end in any case: a full disk must not
        // leave the command waiting for a reader.
        if let Err(error) = file.write_all(&text).and_then(|()| file.write_all(b"\n")) {
            log_error.get_or_insert(error);
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        status.show(&text);
        if tail.len() == TAIL_LINES {
            tail.pop_front();
        }
        tail.push_back(text);
    }
    let exit = child.wait()?;
    status.clear();
    if exit.success() {
        return Ok(());
    }
    let full = tail.iter().any(|text| text.contains("No space left"))
        || log_error.is_some_and(|error| error.kind() == std::io::ErrorKind::StorageFull);
    if full {
        bail!("the disk is full: `{line}` had no space left");
    }
    if !sh::verbose() {
        for text in &tail {
            eprintln!("{text}");
        }
    }
    bail!(
        "`{line}` failed: {exit}; all it printed is in {}",
        log.display()
    )
}

/// The line that says how far a command is.
struct Status {
    start: Instant,
    printed: Instant,
    lines: usize,
    terminal: bool,
}

impl Status {
    fn new() -> Status {
        let start = Instant::now();
        Status {
            start,
            printed: start,
            lines: 0,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, text: &str) {
        self.lines += 1;
        if sh::verbose() {
            eprintln!("{text}");
            return;
        }
        let seconds = self.start.elapsed().as_secs();
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        if self.terminal {
            let short: String = text.trim().chars().take(60).collect();
            eprint!("\r\x1b[K  {minutes}:{seconds:02}  {short}");
        } else if self.printed.elapsed() >= QUIET {
            self.printed = Instant::now();
            eprintln!("  {minutes}:{seconds:02}  {} lines of output", self.lines);
        }
    }

    fn clear(&self) {
        if self.terminal && !sh::verbose() {
            eprint!("\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_goes_to_the_log_and_failure_names_it() {
        let directory = std::env::temp_dir().join(format!("progress-{}", std::process::id()));
        let log = directory.join("x.log");
        run(
            Command::new("sh").args(["-c", "echo one; echo two >&2"]),
            &log,
        )
        .unwrap();
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "one\ntwo\n");
        let error = run(Command::new("sh").args(["-c", "exit 3"]), &log).unwrap_err();
        assert!(error.to_string().contains("x.log"), "{error}");
        std::fs::remove_dir_all(directory).unwrap();
    }
}
