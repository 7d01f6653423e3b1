//! Debian's source packages, fetched with apt in a state of its own: nothing of the
//! machine's apt is changed, its proxies and keys are used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::sh;

/// apt, with lists of source packages.
pub struct Apt {
    directory: PathBuf,
}

impl Apt {
    /// The source packages of some suites of Debian, below an empty directory.
    ///
    /// # Errors
    /// This machine has no apt, or names no mirror of Debian's, or that does not answer.
    pub fn new(directory: &Path, suites: &[&str]) -> Result<Apt> {
        for part in ["state/lists/partial", "cache/archives/partial", "get"] {
            fs::create_dir_all(directory.join(part))?;
        }
        let signed = ["gpg", "pgp"]
            .map(|kind| format!("/usr/share/keyrings/debian-archive-keyring.{kind}"))
            .into_iter()
            .find(|file| Path::new(file).exists())
            .map(|file| format!("[signed-by={file}] "))
            .unwrap_or_default();
        let mirror = mirror()?;
        let line = |suite: &&str| format!("deb-src {signed}{mirror} {suite} main\n");
        let lines: String = suites.iter().map(line).collect();
        fs::write(directory.join("sources.list"), lines)?;
        fs::write(directory.join("status"), "")?;
        fs::write(directory.join("apt.conf"), configuration(directory))?;
        let apt = Apt {
            directory: directory.to_path_buf(),
        };
        captured(apt.command("apt-get")?.args(["-q", "update"]))?;
        Ok(apt)
    }

    /// Given with -c, so that it is read after the machine's own configuration.
    fn command(&self, program: &str) -> Result<Command> {
        let path = sh::which(program).with_context(|| format!("this machine has no {program}"))?;
        let mut command = Command::new(path);
        command.arg("-c").arg(self.directory.join("apt.conf"));
        command.env("LC_ALL", "C");
        Ok(command)
    }

    /// Fetch the sources of `package` as their authors released `version`.
    pub fn source(&self, package: &str, version: &str) -> Result<()> {
        let listed = captured(self.command("apt-cache")?.args(["showsrc", package]))?;
        let versions: Vec<&str> = listed
            .lines()
            .filter_map(|line| line.strip_prefix("Version: "))
            .collect();
        let Some(version) = upstream(&versions, version) else {
            bail!("has {package} {}", versions.join(", "));
        };
        let mut get = self.command("apt-get")?;
        get.args(["-q", "source", "--download-only", "--tar-only"])
            .arg(format!("{package}={version}"))
            .current_dir(self.directory.join("get"));
        captured(&mut get).map(drop)
    }

    /// Where a fetched file is.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join("get").join(name)
    }
}

fn configuration(scratch: &Path) -> String {
    let scratch = scratch.display();
    format!(
        r#"Dir::State "{scratch}/state/";
Dir::State::Lists "{scratch}/state/lists/";
Dir::State::status "{scratch}/status";
Dir::Cache "{scratch}/cache/";
Dir::Cache::Archives "{scratch}/cache/archives/";
Dir::Etc::SourceList "{scratch}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"#
    )
}

/// The Debian version whose upstream part is `wanted`.
fn upstream<'a>(versions: &[&'a str], wanted: &str) -> Option<&'a str> {
    let plain = |version: &&&str| {
        // Without its epoch.
        let version = version.split_once(':').map_or(**version, |(_, rest)| rest);
        version
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    versions.iter().find(plain).copied()
}

/// The Debian mirror that this machine uses.
fn mirror() -> Result<String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .unwrap_or_default();
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.sort();
    files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .find_map(|text| mirror_in(&text, codename))
        .context("apt's sources name no Debian mirror with the component main")
}

/// The address of Debian's `main` in a file of apt's sources, of either format.
fn mirror_in(text: &str, codename: &str) -> Option<String> {
    let is_debian = |address: &str, suites: &[&str], components: &[&str]| {
        let address = address.trim_end_matches('/');
        let fits = address.starts_with("http")
            && address.ends_with("/debian")
            && suites.contains(&codename)
            && components.contains(&"main");
        fits.then(|| address.to_string())
    };
    let one_line = text.lines().find_map(|line| {
        let line = line.strip_prefix("deb")?;
        let line = line.strip_prefix("-src").unwrap_or(line).trim_start();
        let line = match line.strip_prefix('[') {
            Some(options) => options.split_once(']')?.1,
            None => line,
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let (address, rest) = words.split_first()?;
        let (suite, components) = rest.split_first()?;
        is_debian(address, &[suite], components)
    });
    one_line.or_else(|| {
        text.split("\n\n").find_map(|stanza| {
            let field = |name: &str| {
                let line = stanza.lines().find_map(|line| line.strip_prefix(name))?;
                Some(line.split_whitespace().collect::<Vec<_>>())
            };
            let (suites, components) = (field("Suites:")?, field("Components:")?);
            let addresses = field("URIs:")?;
            addresses
                .iter()
                .find_map(|address| is_debian(address, &suites, &components))
        })
    })
}

/// Run `command`; if it fails, the error is the last thing that it said.
pub fn captured(command: &mut Command) -> Result<String> {
    let line = sh::line(command);
    eprintln!("$ {line}");
    let output = command
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    if sh::verbose() {
        eprint!("{text}{errors}");
    }
    if !output.status.success() {
        let errors = errors.lines().map(str::trim);
        let said = errors.filter(|line| !line.is_empty()).find(|line| {
            // The first complaint is the cause; what follows are consequences.
            ["E:", "W:", "Err:", "npm error"]
                .iter()
                .any(|mark| line.starts_with(mark))
        });
        bail!("`{line}` failed: {}", said.unwrap_or("it said nothing"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_read_from_both_formats() {
        let one_line = "# comment\n\
            deb http://security.example/debian-security bookworm-security main\n\
            deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ bookworm main contrib\n";
        assert_eq!(
            mirror_in(one_line, "bookworm").as_deref(),
            Some("https://mirror.example/debian")
        );
        let deb822 = "Types: deb\nURIs: http://deb.example/debian\n\
            Suites: bookworm bookworm-updates\nComponents: main\n\n\
            Types: deb\nURIs: http://deb.example/debian-security\n\
            Suites: bookworm-security\nComponents: main\n";
        assert_eq!(
            mirror_in(deb822, "bookworm").as_deref(),
            Some("http://deb.example/debian")
        );
        assert_eq!(mirror_in(deb822, "trixie"), None);
        let foreign = "deb https://elsewhere.example/linux/debian bookworm stable\n";
        assert_eq!(mirror_in(foreign, "bookworm"), None);
    }

    #[test]
    fn the_version_is_the_upstream_part() {
        assert_eq!(upstream(&["2:6.3.0-5"], "6.3.0"), Some("2:6.3.0-5"));
        let versions = ["5.3.0-3", "5.4.0-2", "5.4.1-1"];
        assert_eq!(upstream(&versions, "5.4.1"), Some("5.4.1-1"));
        assert_eq!(upstream(&versions, "5.4"), None);
    }
}
