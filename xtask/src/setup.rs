//! `cargo xtask setup`: installs what `doctor` misses, with the system's package
//! manager. As root, and in CI, it does so by itself; otherwise it asks.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::doctor::{self, Missing, Purpose};
use crate::sh;

/// Install what this machine lacks.
#[derive(clap::Args)]
pub struct Options {
    /// Only what these need.
    #[arg(value_enum)]
    purposes: Vec<Purpose>,
    /// Do not ask.
    #[arg(short, long)]
    yes: bool,
}

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    if install(&options.purposes, options.yes)? {
        println!("Installed.");
    } else {
        println!("Nothing is missing.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Make sure that what `purposes` need is here.
///
/// # Errors
/// Something is missing and may not, or cannot, be installed; says what to type.
pub fn ensure(purposes: &[Purpose]) -> Result<()> {
    install(purposes, false).map(drop)
}

/// Whether anything had to be installed.
fn install(purposes: &[Purpose], yes: bool) -> Result<bool> {
    let missing = doctor::missing(purposes);
    if missing.things.is_empty() {
        return Ok(false);
    }
    let commands = commands(&missing);
    eprintln!("Missing: {}", missing.things.join(", "));
    if sh::which("apt-get").is_none() {
        bail!(
            "this system has no apt-get; install what brings {} with its own package manager",
            missing.things.join(", ")
        );
    }
    if !yes && !is_root() && std::env::var_os("CI").is_none() && !agreed(&commands)? {
        bail!(
            "nothing was installed; to do it by hand:\n{}",
            commands.join("\n")
        );
    }
    for command in &commands {
        let mut words = command.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        sh::run(&mut command)?;
    }
    let still = doctor::missing(purposes);
    if !still.things.is_empty() {
        bail!(
            "{} is still missing after the installation; `cargo xtask doctor` says more",
            still.things.join(", ")
        );
    }
    Ok(true)
}

/// The commands that bring what is missing.
fn commands(missing: &Missing) -> Vec<String> {
    const APT: &str = "apt-get -q -o DPkg::Lock::Timeout=300";
    let sudo = if is_root() { "" } else { "sudo " };
    let mut commands = Vec::new();
    let update = missing.commands.iter().any(|line| line == "apt-get update");
    if update || !missing.packages.is_empty() {
        commands.push(format!("{sudo}{APT} update"));
    }
    if !missing.packages.is_empty() {
        let packages = missing.packages.join(" ");
        commands.push(format!(
            "{sudo}{APT} install -y --no-install-recommends {packages}"
        ));
    }
    let others = missing.commands.iter();
    commands.extend(others.filter(|line| *line != "apt-get update").cloned());
    commands
}

fn agreed(commands: &[String]) -> Result<bool> {
    eprintln!("This would bring it:");
    for command in commands {
        eprintln!("  {command}");
    }
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(false);
    }
    eprint!("Run it? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn is_root() -> bool {
    // The owner of the process's own directory is its effective user.
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_renewed_before_packages() {
        let missing = Missing {
            packages: vec!["make", "gcc"],
            commands: vec![
                "apt-get update".into(),
                "rustup component add clippy".into(),
            ],
            things: Vec::new(),
        };
        let commands = commands(&missing);
        assert_eq!(commands.len(), 3);
        assert!(commands[0].ends_with(" update"));
        assert!(commands[1].ends_with(" install -y --no-install-recommends make gcc"));
        assert_eq!(commands[2], "rustup component add clippy");
    }
}
