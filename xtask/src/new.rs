//! `cargo xtask new`: a dune project that builds and boots as it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

/// Write a small dune project.
#[derive(clap::Args)]
pub struct Options {
    /// The directory to make; its last part is the program's name.
    name: PathBuf,
}

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
    let directory = &options.name;
    let name = write(directory)?;
    println!(
        "In {}, in a shell with `eval \"$(DIR/bin/nolibc-env)\"`:\n\
         dune build -x nolibc         makes {name}.spt, {name}.hvt, {name}.virtio in \
         _build/default.nolibc\n\
         dune build -x nolibc @boot   boots {name}.spt",
        directory.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Write a project; answers the program's name.
pub fn write(directory: &Path) -> Result<String> {
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
    for (file, text) in [
        ("dune-project", include_str!("new/dune-project")),
        ("dune", include_str!("new/dune")),
        ("NAME.ml", include_str!("new/main.ml")),
        (".gitignore", "_build/\n"),
    ] {
        let path = directory.join(file.replace("NAME", name));
        fs::write(&path, text.replace("NAME", name))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(name.to_string())
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
    fn a_name_is_one_of_a_module() {
        assert!(check("hello_2").is_ok());
        for bad in ["", "2hello", "Hello", "he-llo", "module", "../x"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
