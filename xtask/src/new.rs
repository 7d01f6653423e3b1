//! `cargo xtask new`: a dune project that builds and boots as it is, by another name than
//! the example that it is a copy of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

/// Write a small dune project.
#[derive(clap::Args)]
pub struct Options {
    /// The directory to make; its last part is the program's name.
    name: PathBuf,
    /// With a network: answers pings, and datagrams to port 7.
    #[arg(long, conflicts_with = "block")]
    net: bool,
    /// With a block device: counts its boots there.
    #[arg(long)]
    block: bool,
}

/// An example: its program, and its files. `dune` names the program.
pub struct Example {
    program: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! example {
    ($directory:literal, $program:literal, $($file:literal),*) => {
        Example {
            program: $program,
            files: &[$((
                $file,
                include_str!(concat!("../../examples/", $directory, "/", $file)),
            )),*],
        }
    };
}

/// A line on the console.
pub const HELLO: Example = example!("hello", "hello", "dune-project", "dune", "hello.ml");

const ECHO: Example = example!(
    "echo",
    "echo",
    "dune-project",
    "dune",
    "echo.ml",
    "stubs.c",
    "manifest.json"
);

const BLOCK: Example = example!(
    "block",
    "boots",
    "dune-project",
    "dune",
    "boots.ml",
    "stubs.c",
    "manifest.json"
);

/// Names that OCaml has for itself: no module can be called so.
const KEYWORDS: [&str; 52] = [
    "and",
    "as",
    "assert",
    "begin",
    "class",
    "constraint",
    "do",
    "done",
    "downto",
    "effect",
    "else",
    "end",
    "exception",
    "external",
    "false",
    "for",
    "fun",
    "function",
    "functor",
    "if",
    "in",
    "include",
    "inherit",
    "initializer",
    "lazy",
    "let",
    "match",
    "method",
    "module",
    "mutable",
    "new",
    "nonrec",
    "object",
    "of",
    "open",
    "or",
    "private",
    "rec",
    "sig",
    "struct",
    "then",
    "to",
    "true",
    "try",
    "type",
    "val",
    "virtual",
    "when",
    "while",
    "with",
    "stdlib",
    "unix",
];

/// Run the command.
pub fn main(options: Options) -> Result<ExitCode> {
    let (example, devices) = match (options.net, options.block) {
        (true, _) => (ECHO, "--net tap=tap0 "),
        (_, true) => (BLOCK, "--block FILE "),
        _ => (HELLO, ""),
    };
    let directory = &options.name;
    let name = write(directory, &example)?;
    println!(
        "In {}, in a shell with `eval \"$(DIR/bin/nolibc-env)\"`:\n\
         dune build -x nolibc   makes {name}.spt, {name}.hvt, {name}.virtio in \
         _build/default.nolibc\n\
         Here: cargo xtask run {devices}{}/_build/default.nolibc/{name}.spt",
        directory.display(),
        directory.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Write a project; answers the program's name.
pub fn write(directory: &Path, example: &Example) -> Result<String> {
    let name = directory.file_name().and_then(|name| name.to_str());
    let name = name.context("a project needs a name")?;
    check(name)?;
    ensure!(
        fs::symlink_metadata(directory).is_err(),
        "{} is there already",
        directory.display()
    );
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot create {}", directory.display()))?;
    for (file, text) in example.files.iter().chain(&[(".gitignore", "_build/\n")]) {
        let text = match *file {
            "dune" => rename(text, example.program, name),
            _ => text.to_string(),
        };
        let path = directory.join(rename(file, example.program, name));
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(name.to_string())
}

/// `text` with the word `from` replaced.
fn rename(text: &str, from: &str, to: &str) -> String {
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let is_word = !before.ends_with(in_word) && !after.starts_with(in_word);
        out.push_str(before);
        out.push_str(if is_word { to } else { from });
        rest = after;
    }
    out + rest
}

/// Whether a module can have this name.
fn check(name: &str) -> Result<()> {
    let plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    ensure!(
        name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(plain),
        "`{name}` cannot be the name of an OCaml program: small letters, digits and _, a letter \
         first"
    );
    ensure!(
        !KEYWORDS.contains(&name),
        "`{name}` has a meaning in OCaml; choose another name"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_are_renamed() {
        let text = "(name echo) echo.spt echoes re_echo";
        assert_eq!(rename(text, "echo", "x"), "(name x) x.spt echoes re_echo");
    }

    #[test]
    fn a_name_is_one_of_a_module() {
        assert!(check("hello_2").is_ok());
        for bad in ["", "2hello", "Hello", "he-llo", "module", "../x"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
