//! `elftool gen-manifest | query-manifest | query-abi`, as `solo5-elftool`.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use elftool::manifest::Manifest;
use elftool::note::{self, Abi};

const USAGE: &str = "\
usage: elftool COMMAND ...

    gen-manifest SOURCE OUTPUT   make C of the manifest SOURCE, which is JSON;
                                 `-` is standard input or output
    query-manifest IMAGE         print the manifest of an image
    query-abi IMAGE              print the machine and the ABI version of an image
";

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("elftool: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[OsString]) -> Result<()> {
    let command = words.first().and_then(|word| word.to_str());
    match (command, words.get(1..).unwrap_or_default()) {
        (Some("gen-manifest"), [source, output]) => {
            let source = Path::new(source);
            let text = String::from_utf8(read(source)?);
            let manifest = text
                .context("it is no text")
                .and_then(|text| Manifest::from_json(&text))
                .with_context(|| source.display().to_string())?;
            write(Path::new(output), &manifest.to_c())
        }
        (Some("query-manifest"), [image]) => {
            query(image.as_ref(), |data| Ok(note::manifest(data)?.to_json()))
        }
        (Some("query-abi"), [image]) => {
            query(image.as_ref(), |data| Ok(Abi::read(data)?.to_json()))
        }
        (Some("--help" | "-h" | "help"), []) => write(Path::new("-"), USAGE),
        _ => bail!("these words are no command\n{USAGE}"),
    }
}

fn query(image: &Path, ask: impl FnOnce(&[u8]) -> Result<String>) -> Result<()> {
    let text = ask(&read(image)?).with_context(|| image.display().to_string())?;
    write(Path::new("-"), &text)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let written = if path == Path::new("-") {
        std::io::stdout().write_all(text.as_bytes())
    } else {
        std::fs::write(path, text)
    };
    written.with_context(|| format!("cannot write {}", path.display()))
}
