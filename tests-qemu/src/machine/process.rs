//! A process whose console is taken down and whose time is limited.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Boot, Status};

/// Run `command` to its end, or for `timeout`; standard output and error
/// together are the console, unless `errors` takes the latter.
pub fn run(
    mut command: Command,
    stdin: Option<&str>,
    errors: Option<File>,
    timeout: Duration,
) -> Result<Boot> {
    let (mut reader, writer) = std::io::pipe()?;
    command
        .stdin(if stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(writer.try_clone()?)
        .stderr(errors.map_or_else(|| writer.into(), Stdio::from));
    let start = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    // The command holds the pipe's other end: without this the read never ends.
    drop(command);
    let console = thread::spawn(move || {
        let mut bytes = Vec::new();
        // An error ends the console as its end does.
        let _ = reader.read_to_end(&mut bytes);
        bytes
    });
    if let (Some(mut pipe), Some(text)) = (child.stdin.take(), stdin) {
        // A guest may end without reading what is typed.
        let _ = pipe.write_all(text.as_bytes());
    }
    let status = wait(&mut child, start + timeout)?;
    let time = start.elapsed();
    let bytes = console.join().unwrap_or_default();
    Ok(Boot {
        console: String::from_utf8_lossy(&bytes).into_owned(),
        status: status.map_or(Status::TimedOut, from_exit_status),
        time,
    })
}

/// How `status` reads for a guest.
pub fn from_exit_status(status: ExitStatus) -> Status {
    match (status.code(), status.signal()) {
        (Some(code), _) => Status::Exit(code as u8),
        (None, signal) => Status::Signal(signal.unwrap_or(0)),
    }
}

/// Wait until `deadline`, then kill: `None`.
fn wait(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn console_and_status_are_taken_down() {
        let limit = Duration::from_secs(10);
        let boot = run(shell("echo out; echo err >&2; exit 7"), None, None, limit).unwrap();
        assert_eq!(boot.status, Status::Exit(7));
        assert_eq!(boot.console, "out\nerr\n");
        let boot = run(shell("cat; kill -9 $$"), Some("typed"), None, limit).unwrap();
        assert_eq!(boot.status, Status::Signal(9));
        assert_eq!(boot.console, "typed");
    }

    #[test]
    fn time_is_limited() {
        let boot = run(
            shell("echo before; exec sleep 60"),
            None,
            None,
            Duration::from_millis(300),
        );
        let boot = boot.unwrap();
        assert_eq!(boot.status, Status::TimedOut);
        assert_eq!(boot.console, "before\n");
        assert!(boot.time < Duration::from_secs(30));
    }
}
