//! A guest: one small program that proves one behaviour, and the comment at its
//! head that says how to run it and what must come out.
//!
//! The first comment of a guest's source describes it. Lines that begin with
//! `@` are for the machine, the rest is for the reader:
//!
//! ```c
//! /* The command line reaches main.
//!  *
//!  * @cmdline NAME=value -- one "two words"
//!  * @expect argv[1] = one
//!  * @expect ok:
//!  */
//! ```
//!
//! | key | meaning | default |
//! |---|---|---|
//! | `@expect TEXT` | must appear on the console, after the texts before it; at least one | |
//! | `@reject TEXT` | must not appear | |
//! | `@status N` | exit status | 0 |
//! | `@cmdline TEXT` | the guest's command line, as it is | empty |
//! | `@mem MIB` | memory | 64 |
//! | `@machines NAMES` | the only machines it makes sense on; a backend's name stands for all its machines | all |
//! | `@models` | run it on every CPU model and machine type of QEMU too | no |
//! | `@timeout SECONDS` | longest time it may take natively; emulation has more | 20 |
//! | `@stdin TEXT` | what is typed; `\n` and `\\` are understood; only on machines with input | none |
//! | `@block NAME SIZE` | a block device of so many bytes, of a pattern that `device.h` knows; only on machines that attach devices | none |
//! | `@net NAME` | a tap in a network of the test's own, as above; the first is 10.0.0.0/24, the second 10.1.0.0/24 | none |
//! | `@mtu N` | the MTU of those networks, on machines whose devices tell it | 1500 |
//! | `@peer NAME` | who talks to the guest over its networks (`peer.rs`) or does something to its devices | none |
//! | `@xl LINE` | a further line of xl's configuration, on `xen-domain`; several are several lines | none |
//! | `@dom0 LINE` | a line of a shell script that dom0 runs beside the guest, on `xen-domain` (`machine/xen`); what it prints is on the console | none |
//! | `@libraries NAMES` | OCaml libraries to link: `unix str threads runtime_events` | none |
//! | `@flags WORDS` | further words for the compiler | none |
//! | `@bytecode` | OCaml: link the bytecode program with `libcamlrun.a` | no |
//! | `@case NAME` | starts a test of its own, `machine::guest/NAME`; keys above the first case hold for all | |

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::machine::Machine;
use crate::peer::Attached;

/// What `@machines` can name.
const MACHINES: [&str; 9] = [
    "spt",
    "hvt",
    "hvt-nested",
    "virtio",
    "virtio-smp",
    "virtio-kvm",
    "xen",
    "xen-smp",
    "xen-domain",
];

/// The language a guest is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C11.
    C,
    /// OCaml 5.
    OCaml,
}

/// How a guest's source becomes an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The source file.
    pub source: PathBuf,
    /// The language of it.
    pub language: Language,
    /// OCaml libraries to link, in order.
    pub libraries: Vec<String>,
    /// Further words for the compiler.
    pub flags: Vec<String>,
    /// Link as bytecode.
    pub bytecode: bool,
    /// The version of OCaml; `None`: the newest.
    pub ocaml: Option<String>,
}

/// How an image is run, and what must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The name after the guest's own, if the guest has several cases.
    pub name: Option<String>,
    /// The guest's command line.
    pub cmdline: String,
    /// Memory in MiB.
    pub mem_mib: u32,
    /// What is typed on the console.
    pub stdin: Option<String>,
    /// The longest time it may take on a machine that runs natively.
    pub timeout: Duration,
    /// Further lines of xl's configuration.
    pub xl: Vec<String>,
    /// The exit status it must have.
    pub status: u8,
    /// Texts that must appear on the console, in this order.
    pub expect: Vec<String>,
    /// Texts that must not appear.
    pub reject: Vec<String>,
    /// The only machines it is for; `None`: all.
    pub machines: Option<Vec<String>>,
    /// Whether it runs on every model of QEMU's.
    pub models: bool,
    /// What is attached.
    pub attached: Attached,
}

/// A guest program.
#[derive(Clone, Debug)]
pub struct Guest {
    /// File name without extension.
    pub name: String,
    /// How to build it.
    pub build: Build,
    /// What to run; at least one.
    pub cases: Vec<Case>,
    /// Whether it is made once more with another OCaml than the first one.
    pub is_again: bool,
}

impl Case {
    /// Whether this case is for `machine`.
    pub fn is_for(&self, machine: &dyn Machine) -> bool {
        if machine.is_model() && !self.models {
            return false;
        }
        if self.stdin.is_some() && !machine.has_input() {
            return false;
        }
        if !self.attached.is_empty() && !machine.has_devices() {
            return false;
        }
        match &self.machines {
            Some(names) => names
                .iter()
                .any(|name| name == machine.family() || name == machine.backend()),
            None => true,
        }
    }
}

impl Guest {
    /// The name of a test: `spt::hello`, or `spt::exit/seven`.
    pub fn test_name(&self, machine: &dyn Machine, case: &Case) -> String {
        match &case.name {
            Some(name) => format!("{}::{}/{name}", machine.name(), self.name),
            None => format!("{}::{}", machine.name(), self.name),
        }
    }

    /// Read the guest whose source is `path`.
    pub fn read(path: &Path) -> Result<Guest> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Guest::parse(path, &text).with_context(|| format!("in the header of {}", path.display()))
    }

    /// The same guest compiled by another version of OCaml: `hello@5.3.0`.
    pub fn with_ocaml(&self, version: &str) -> Guest {
        let mut guest = self.clone();
        guest.name = format!("{}@{version}", self.name);
        guest.build.ocaml = Some(version.to_string());
        guest.is_again = true;
        guest
    }

    /// Every guest under `directory`, sorted by name: `c/*.c` and `ocaml/*.ml`.
    pub fn all(directory: &Path) -> Result<Vec<Guest>> {
        let mut guests = Vec::new();
        for (sub, extension) in [("c", "c"), ("ocaml", "ml")] {
            let sub = directory.join(sub);
            let entries = std::fs::read_dir(&sub)
                .with_context(|| format!("cannot list the guests in {}", sub.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.extension().is_some_and(|found| found == extension) {
                    guests.push(Guest::read(&path)?);
                }
            }
        }
        guests.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in guests.windows(2) {
            ensure!(
                pair[0].name != pair[1].name,
                "two guests are called {}",
                pair[0].name
            );
        }
        Ok(guests)
    }

    fn parse(path: &Path, text: &str) -> Result<Guest> {
        let language = match path.extension().and_then(|extension| extension.to_str()) {
            Some("c") => Language::C,
            Some("ml") => Language::OCaml,
            _ => bail!("a guest is a .c or a .ml file"),
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut build = Build {
            source: path.to_path_buf(),
            language,
            libraries: Vec::new(),
            flags: Vec::new(),
            bytecode: false,
            ocaml: None,
        };
        let mut common = Case {
            name: None,
            cmdline: String::new(),
            mem_mib: 64,
            stdin: None,
            timeout: Duration::from_secs(20),
            xl: Vec::new(),
            status: 0,
            expect: Vec::new(),
            reject: Vec::new(),
            machines: None,
            models: false,
            attached: Attached::default(),
        };
        let mut cases: Vec<Case> = Vec::new();
        for line in header(text, language)?.lines() {
            let line = line.trim().trim_start_matches("* ").trim();
            let Some(directive) = line.strip_prefix('@') else {
                continue;
            };
            let (key, value) = match directive.split_once(char::is_whitespace) {
                Some((key, value)) => (key, value.trim()),
                None => (directive, ""),
            };
            if key == "case" {
                ensure!(!value.is_empty(), "@case needs a name");
                cases.push(Case {
                    name: Some(value.to_string()),
                    ..common.clone()
                });
                continue;
            }
            let case = cases.last_mut();
            apply(key, value, &mut build, case, &mut common)
                .with_context(|| format!("at `{line}`"))?;
        }
        if cases.is_empty() {
            cases.push(common);
        }
        for case in &cases {
            ensure!(
                !case.expect.is_empty(),
                "no @expect: a test that looks at the status alone can pass by accident"
            );
        }
        Ok(Guest {
            name: name.into_owned(),
            build,
            cases,
            is_again: false,
        })
    }
}

fn apply(
    key: &str,
    value: &str,
    build: &mut Build,
    case: Option<&mut Case>,
    common: &mut Case,
) -> Result<()> {
    let words = || value.split_whitespace().map(str::to_string);
    let has_cases = case.is_some();
    let case = case.unwrap_or(common);
    match key {
        "expect" | "reject" | "machines" | "xl" | "dom0" => {
            ensure!(!value.is_empty(), "@{key} needs a text");
        }
        "bytecode" | "libraries" | "flags" => {
            ensure!(!has_cases, "@{key} belongs above the first @case");
        }
        _ => {}
    }
    match key {
        "expect" => case.expect.push(value.to_string()),
        "reject" => case.reject.push(value.to_string()),
        "status" => case.status = value.parse()?,
        "cmdline" => case.cmdline = value.to_string(),
        "mem" => case.mem_mib = value.parse()?,
        "machines" => {
            for name in words() {
                let known = MACHINES.contains(&name.as_str());
                ensure!(known, "there is no machine {name}: nothing would run this");
            }
            case.machines = Some(words().collect());
        }
        "xl" => case.xl.push(value.to_string()),
        // A comment for xl, and dom0's agent knows it.
        "dom0" => case.xl.push(format!("#dom0 {value}")),
        "models" => case.models = true,
        "block" => case.attached.block(value)?,
        "net" => case.attached.nets.push(value.to_string()),
        "mtu" => case.attached.mtu = Some(value.parse()?),
        "peer" => case.attached.peer = Some(value.parse()?),
        "timeout" => case.timeout = Duration::from_secs(value.parse()?),
        "stdin" => case.stdin = Some(unescape(value)?),
        "libraries" => build.libraries.extend(words()),
        "flags" => build.flags.extend(words()),
        "bytecode" => build.bytecode = true,
        _ => bail!("unknown key @{key}; tests-qemu/src/guest.rs lists them"),
    }
    Ok(())
}

fn header(text: &str, language: Language) -> Result<&str> {
    let (open, close) = match language {
        Language::C => ("/*", "*/"),
        Language::OCaml => ("(*", "*)"),
    };
    let body = text
        .trim_start()
        .strip_prefix(open)
        .with_context(|| format!("a guest begins with a comment `{open} ... {close}`"))?;
    match body.split_once(close) {
        Some((header, _)) => Ok(header),
        None => bail!("the comment at the head does not end"),
    }
}

fn unescape(text: &str) -> Result<String> {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some('\\') => out.push('\\'),
                other => bail!("`\\{}` is not understood", other.unwrap_or(' ')),
            },
            other => out.push(other),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(text: &str) -> Result<Guest> {
        Guest::parse(Path::new("guests/c/example.c"), text)
    }

    #[test]
    fn a_header_is_read() {
        let guest = c(
            "/* Words.\n *\n * @cmdline A=1 -- x  y\n * @mem 9\n * @status 3\n \
             * @expect one\n * @expect two words\n * @reject three\n * @machines spt hvt\n \
             * @timeout 5\n * @stdin a\\n\\\\\n */\nint main(void);\n",
        )
        .unwrap();
        assert_eq!(guest.name, "example");
        let case = &guest.cases[0];
        assert_eq!(case.cmdline, "A=1 -- x  y");
        assert_eq!((case.mem_mib, case.status), (9, 3));
        assert_eq!(case.expect, ["one", "two words"]);
        assert_eq!(case.reject, ["three"]);
        assert_eq!(case.machines.as_deref().unwrap(), ["spt", "hvt"]);
        assert_eq!(case.timeout, Duration::from_secs(5));
        assert_eq!(case.stdin.as_deref(), Some("a\n\\"));
    }

    #[test]
    fn cases_inherit_what_stands_above_them() {
        let guest =
            c("/* @expect all\n * @case a\n * @expect x\n * @case b\n * @mem 3 */").unwrap();
        assert_eq!(guest.cases.len(), 2);
        assert_eq!(guest.cases[0].expect, ["all", "x"]);
        assert_eq!(guest.cases[1].expect, ["all"]);
        assert_eq!(guest.cases[1].mem_mib, 3);
    }

    #[test]
    fn mistakes_are_found() {
        for bad in [
            "int main(void);",
            "/* nothing expected */",
            "/* @expect x\n * @statsu 3 */",
            "/* @expect x\n * @status 300 */",
            "/* @expect x\n * @machines vitrio */",
            "/* @expect x\n * @case */",
            "/* @expect x\n * @case a\n * @flags -DX */",
            "/* @expect x\n * @stdin \\q */",
            "/* @expect x",
        ] {
            assert!(c(bad).is_err(), "{bad}");
        }
    }
}
