//! A process whose console is taken down and whose time is limited.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Boot, Status};

/// What is typed on the console.
pub struct Typed {
    /// The text.
    pub text: String,
    /// It is typed when this was printed: before, somebody else would read it.
    pub after: &'static str,
    /// Typed when time is up, to have whoever reads it tell what became of the guest.
    pub at_last: &'static str,
}

impl Typed {
    /// Typed at once.
    pub fn at_once(text: String) -> Typed {
        Typed {
            text,
            after: "",
            at_last: "",
        }
    }
}

/// How long an answer to [`Typed::at_last`] may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Run `command` to its end, or for `timeout`; standard output and error
/// together are the console, unless `errors` takes the latter.
pub fn run(
    mut command: Command,
    typed: Option<Typed>,
    errors: Option<File>,
    timeout: Duration,
) -> Result<Boot> {
    let (mut reader, writer) = std::io::pipe()?;
    command
        .stdin(if typed.is_some() {
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
    let input = child.stdin.take().zip(typed);
    let at_last = match &input {
        Some((pipe, typed)) if !typed.at_last.is_empty() => {
            Some((pipe.as_fd().try_clone_to_owned()?, typed.at_last))
        }
        _ => None,
    };
    let console = thread::spawn(move || take_down(&mut reader, input));
    let status = wait(&mut child, start + timeout)?;
    let time = start.elapsed();
    if let (None, Some((pipe, question))) = (status, at_last) {
        // A full pipe is for nobody who would answer.
        let _ = File::from(pipe).write(question.as_bytes());
        wait(&mut child, Instant::now() + ANSWERS_WITHIN)?;
    }
    if status.is_none() {
        child.kill()?;
        child.wait()?;
    }
    let bytes = console.join().unwrap_or_default();
    Ok(Boot {
        console: String::from_utf8_lossy(&bytes).into_owned(),
        status: status.map_or(Status::TimedOut, from_exit_status),
        time,
    })
}

/// Read the console to its end; type when it is time.
fn take_down(reader: &mut impl Read, mut input: Option<(ChildStdin, Typed)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65536];
    loop {
        let shows = |text: &str| String::from_utf8_lossy(&bytes).contains(text);
        if let Some((mut pipe, typed)) = input.take_if(|(_, typed)| shows(typed.after)) {
            // A guest may end without reading what is typed, or read it late.
            thread::spawn(move || pipe.write_all(typed.text.as_bytes()));
        }
        // An error ends the console as its end does.
        match reader.read(&mut chunk) {
            Ok(count @ 1..) => bytes.extend_from_slice(&chunk[..count]),
            _ => return bytes,
        }
    }
}

/// How `status` reads for a guest.
pub fn from_exit_status(status: ExitStatus) -> Status {
    match (status.code(), status.signal()) {
        (Some(code), _) => Status::Exit(code as u8),
        (None, signal) => Status::Signal(signal.unwrap_or(0)),
    }
}

/// Wait until `deadline`: `None`, it still runs.
fn wait(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
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
        let boot = run(
            shell("echo ready; cat; kill -9 $$"),
            Some(Typed {
                text: "typed".to_string(),
                after: "ready",
                at_last: "",
            }),
            None,
            limit,
        )
        .unwrap();
        assert_eq!(boot.status, Status::Signal(9));
        assert_eq!(boot.console, "ready\ntyped");
    }

    #[test]
    fn who_does_not_end_is_asked() {
        let question = Typed {
            text: String::new(),
            after: "",
            at_last: "why?\n",
        };
        let limit = Duration::from_millis(300);
        let stuck = shell("read why; echo \"$why that\"; exec sleep 60");
        let boot = run(stuck, Some(question), None, limit).unwrap();
        assert_eq!(boot.status, Status::TimedOut);
        assert_eq!(boot.console, "why? that\n");
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
