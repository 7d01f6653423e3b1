//! Where OCaml's sources come from. Whatever is fetched is checked against the
//! release's SHA-256 before it gets its name in `downloads/`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::{Release, release};
use crate::{paths, sh};

/// Which sources are wanted.
#[derive(Debug)]
pub enum Source {
    /// Those that the release pins, from wherever they can be had.
    Pinned,
    /// This directory.
    Directory(PathBuf),
}

/// Sources at hand.
#[derive(Debug)]
pub enum Found {
    /// A tar archive with one directory in it.
    Archive(PathBuf),
    /// A directory.
    Directory(PathBuf),
}

impl Source {
    /// The sources in `directory`, and the release that they are.
    pub fn directory(directory: &Path) -> Result<(&'static Release, Source)> {
        let directory = fs::canonicalize(directory)
            .with_context(|| format!("no directory {}", directory.display()))?;
        let text = fs::read_to_string(directory.join("VERSION")).with_context(|| {
            format!("{} holds no OCaml sources: no VERSION", directory.display())
        })?;
        let release = release(text.lines().next().unwrap_or_default().trim())?;
        for file in ["configure", "boot/ocamlc", "runtime/amd64.S"] {
            ensure!(
                directory.join(file).is_file(),
                "{} is no complete OCaml source tree: no {file}",
                directory.display()
            );
        }
        ensure!(
            !directory.join("Makefile.config").exists(),
            "{} has been configured: run `make distclean` there, or give fresh sources",
            directory.display()
        );
        Ok((release, Source::Directory(directory)))
    }

    /// The sources themselves.
    pub fn find(&self, release: &Release) -> Result<Found> {
        match self {
            Source::Directory(directory) => Ok(Found::Directory(directory.clone())),
            Source::Pinned => find(release)?.map_err(|reasons| none(release, &reasons)),
        }
    }
}

/// The error that says why `release` could not be had.
pub fn none(release: &Release, reasons: &[String]) -> anyhow::Error {
    let mut text = format!("the sources of OCaml {} could not be had:", release.version);
    for reason in reasons {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {reason}");
    }
    text.push_str("\n  or give a directory of your own: --ocaml-src DIR");
    anyhow!(text)
}

/// Have the sources of `release` at hand; the inner error says what was tried.
pub fn fetch(release: &Release) -> Result<Result<(), Vec<String>>> {
    Ok(find(release)?.map(drop))
}

/// A wrong checksum is an error of its own: it is not passed over in silence.
fn find(release: &Release) -> Result<Result<Found, Vec<String>>> {
    let archive = paths::downloads().join(format!("ocaml_{}.orig.tar.xz", release.version));
    if archive.exists() {
        check(&archive, release.debian_sha256)?;
        return Ok(Ok(Found::Archive(archive)));
    }
    let package = paths::downloads().join(format!("ocaml-{}.tgz", release.version));
    if let Some(sha256) = release.npm_sha256
        && package.exists()
    {
        check(&package, sha256)?;
        return Ok(Ok(Found::Archive(package)));
    }
    if let Some(directory) = ocaml_src(release) {
        return Ok(Ok(Found::Directory(directory)));
    }

    fs::create_dir_all(paths::downloads())
        .with_context(|| format!("cannot create {}", paths::downloads().display()))?;
    let scratch = Scratch::new(&paths::downloads().join(format!(".{}", std::process::id())))?;
    let mut reasons = vec![format!("no ocaml-src {} is installed", release.version)];
    match debian(release, &scratch.0) {
        Ok(file) => {
            check(&file, release.debian_sha256)?;
            fs::rename(&file, &archive)?;
            return Ok(Ok(Found::Archive(archive)));
        }
        Err(error) => reasons.push(format!("Debian {}: {error:#}", release.debian_suite)),
    }
    let Some(sha256) = release.npm_sha256 else {
        reasons.push(format!("npm has no ocaml@{}", release.version));
        return Ok(Err(reasons));
    };
    match npm(release, &scratch.0) {
        Ok(file) => {
            check(&file, sha256)?;
            fs::rename(&file, &package)?;
            Ok(Ok(Found::Archive(package)))
        }
        Err(error) => {
            reasons.push(format!("npm: {error:#}"));
            Ok(Err(reasons))
        }
    }
}

/// The directory of an installed `ocaml-src` of this version.
fn ocaml_src(release: &Release) -> Option<PathBuf> {
    let query = || {
        let ocamlfind = sh::which("ocamlfind")?;
        let output = Command::new(ocamlfind)
            .args(["query", "ocaml-src"])
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output
            .status
            .success()
            .then(|| PathBuf::from(text.trim_end()))
    };
    let switch =
        || Some(PathBuf::from(std::env::var_os("OPAM_SWITCH_PREFIX")?).join("lib/ocaml-src"));
    [query(), switch()].into_iter().flatten().find(|directory| {
        matches!(Source::directory(directory), Ok((found, _)) if found.version == release.version)
    })
}

/// Fetch Debian's archive with apt, in a state of its own: nothing of the
/// machine's apt is changed, its proxies and keys are used.
fn debian(release: &Release, scratch: &Path) -> Result<PathBuf> {
    let apt_get = sh::which("apt-get").context("this machine has no apt-get")?;
    let apt_cache = sh::which("apt-cache").context("this machine has no apt-cache")?;
    for directory in ["state/lists/partial", "cache/archives/partial", "get"] {
        fs::create_dir_all(scratch.join(directory))?;
    }
    let suite = release.debian_suite;
    let signed = ["gpg", "pgp"]
        .map(|kind| format!("/usr/share/keyrings/debian-archive-keyring.{kind}"))
        .into_iter()
        .find(|file| Path::new(file).exists())
        .map(|file| format!("[signed-by={file}] "))
        .unwrap_or_default();
    fs::write(
        scratch.join("sources.list"),
        format!("deb-src {signed}{} {suite} main\n", mirror()?),
    )?;
    fs::write(scratch.join("status"), "")?;
    // Given with -c, so that it is read after the machine's own configuration.
    let configuration = scratch.join("apt.conf");
    fs::write(&configuration, apt_configuration(scratch))?;

    let apt = |program: &Path| {
        let mut command = Command::new(program);
        command.arg("-c").arg(&configuration);
        command.env("LC_ALL", "C");
        command
    };
    captured(apt(&apt_get).args(["-q", "update"]))?;
    let listed = captured(apt(&apt_cache).args(["showsrc", "ocaml"]))?;
    let versions: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("Version: "))
        .collect();
    let Some(version) = upstream(&versions, release.version) else {
        bail!("has ocaml {}", versions.join(", "));
    };
    captured(
        apt(&apt_get)
            .args(["-q", "source", "--download-only", "--tar-only"])
            .arg(format!("ocaml={version}"))
            .current_dir(scratch.join("get")),
    )?;
    Ok(scratch.join(format!("get/ocaml_{}.orig.tar.xz", release.version)))
}

fn apt_configuration(scratch: &Path) -> String {
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

/// Fetch the npm package.
fn npm(release: &Release, scratch: &Path) -> Result<PathBuf> {
    let npm = sh::which("npm").context("this machine has no npm")?;
    let name = format!("ocaml@{}", release.version);
    captured(
        Command::new(npm)
            .args(["pack", "--silent", &name])
            .current_dir(scratch),
    )?;
    Ok(scratch.join(format!("ocaml-{}.tgz", release.version)))
}

/// Run `command`; if it fails, the error is the last thing that it said.
fn captured(command: &mut Command) -> Result<String> {
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

/// Check a file's SHA-256.
fn check(file: &Path, sha256: &str) -> Result<()> {
    let text = sh::output(Command::new("sha256sum").arg(file))?;
    let found = text.split_whitespace().next().unwrap_or_default();
    ensure!(
        // A name with a backslash or a newline makes sha256sum write one first.
        found.trim_start_matches('\\') == sha256,
        "wrong checksum: {} has the SHA-256 {found}, expected {sha256}; \
         delete the file to fetch it again",
        file.display()
    );
    Ok(())
}

/// A directory that goes away.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// An empty directory at `path`.
    pub fn new(path: &Path) -> Result<Scratch> {
        remove(path)?;
        fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Scratch(path.to_path_buf()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind it is in nobody's way, and the next run removes it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Remove a directory if it is there.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
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
        let versions = ["5.3.0-3", "5.4.0-2", "5.4.1-1"];
        assert_eq!(upstream(&versions, "5.4.1"), Some("5.4.1-1"));
        assert_eq!(upstream(&versions, "5.4"), None);
    }

    #[test]
    fn a_wrong_checksum_names_both() {
        let file = std::env::temp_dir().join(format!("checksum-{}", std::process::id()));
        fs::write(&file, "abc").unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&file, abc).unwrap();
        let error = check(&file, &"0".repeat(64)).unwrap_err().to_string();
        assert!(error.contains(abc) && error.contains("0000"), "{error}");
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_directory_must_be_sources() {
        let directory = std::env::temp_dir().join(format!("sources-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("holds no OCaml sources"), "{error}");
        fs::write(directory.join("VERSION"), "4.14.2\n").unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("4.14.2 is not supported"), "{error}");
        fs::write(directory.join("VERSION"), "5.3.0\n\n# comment\n").unwrap();
        let error = Source::directory(&directory).unwrap_err().to_string();
        assert!(error.contains("no configure"), "{error}");
        fs::remove_dir_all(directory).unwrap();
    }
}
