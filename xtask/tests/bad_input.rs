//! What is wrong with what a user gives is said in one clear message, and the
//! status is not 0.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Run `cargo xtask WORDS`.
fn xtask(words: &[&str]) -> Output {
    command(words).output().unwrap()
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(words).env_remove("CI");
    command
}

/// It fails, and says `text` in one message.
#[track_caller]
fn refuses(output: &Output, text: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it passed; it said:\n{said}");
    assert!(said.contains(text), "`{text}` is not in:\n{said}");
    assert_eq!(
        said.matches("error: ").count(),
        1,
        "not one message:\n{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
}

/// An image for virtio that is loaded at 1 MiB and takes `memory` bytes there.
fn image(memory: u64) -> Vec<u8> {
    let mut note = Vec::new();
    for word in [6, 16, 0x3149_4241u32] {
        note.extend(word.to_le_bytes());
    }
    note.extend(b"Solo5\0\0\0");
    for word in [3, 2, 0, 0u32] {
        note.extend(word.to_le_bytes());
    }
    let note_at = 64 + 2 * 56;
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    for half in [2, 62u16] {
        elf.extend(half.to_le_bytes());
    }
    elf.extend(1u32.to_le_bytes());
    for word in [0x10_0000, 64, 0u64] {
        elf.extend(word.to_le_bytes());
    }
    elf.extend(0u32.to_le_bytes());
    for half in [64, 56, 2, 64, 0, 0u16] {
        elf.extend(half.to_le_bytes());
    }
    let note_len = note.len() as u64;
    for (kind, at, len, memory) in [(1u32, 0, note_at, memory), (4, note_at, note_len, note_len)] {
        elf.extend(kind.to_le_bytes());
        elf.extend(5u32.to_le_bytes());
        for word in [at, 0x10_0000 + at, 0x10_0000 + at, len, memory, 4] {
            elf.extend(word.to_le_bytes());
        }
    }
    elf.extend(note);
    elf
}

fn file(directory: &tempfile::TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn images_that_are_none() {
    let directory = tempfile::tempdir().unwrap();
    let whole = image(4096);
    let short = file(&directory, "short", &whole[..whole.len() - 8]);
    let foreign = file(&directory, "foreign", b"not an image");
    refuses(&xtask(&["run", text(&short)]), "it is truncated");
    refuses(&xtask(&["run", text(&foreign)]), "it is not an ELF file");
    let endless = file(&directory, "endless", &image(u64::MAX));
    refuses(&xtask(&["run", text(&endless)]), "a segment of 0xffff");
    refuses(
        &xtask(&["run", env!("CARGO_BIN_EXE_xtask")]),
        "without Solo5's note",
    );
    refuses(
        &xtask(&["run", "no/such/program.ml"]),
        "there is no no/such/",
    );
}

#[test]
fn backends_that_are_none() {
    let directory = tempfile::tempdir().unwrap();
    let image = file(&directory, "image", &image(4096));
    let image = text(&image);
    refuses(
        &xtask(&["run", "-b", "kvmtool", image]),
        "no backend `kvmtool`",
    );
    refuses(&xtask(&["run", "-b", "spt", image]), "is linked for virtio");
    refuses(
        &xtask(&["qemu-test", "-b", "kvmtool"]),
        "no backend `kvmtool`",
    );
}

#[test]
fn memory_that_is_too_little() {
    let directory = tempfile::tempdir().unwrap();
    let image = file(&directory, "image", &image(100 << 20));
    let output = xtask(&["run", "--mem", "64", text(&image)]);
    refuses(&output, "64 MiB are too little");
    refuses(&xtask(&["run", "--mem", "0", text(&image)]), "0 is not in");
}

#[test]
fn words_that_are_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let image = file(&directory, "image", &image(4096));
    refuses(&xtask(&["run"]), "required arguments were not provided");
    refuses(&xtask(&["walk"]), "unrecognized subcommand");
    refuses(
        &xtask(&["run", "--mem", "much", text(&image)]),
        "invalid value",
    );
    let long = "x".repeat(9000);
    let output = xtask(&["run", text(&image), "--", &long]);
    refuses(&output, "a command line has room for 8191");
}

#[test]
fn devices_that_are_none() {
    let directory = tempfile::tempdir().unwrap();
    let image = file(&directory, "image", &image(4096));
    for (option, value, said) in [
        ("--net", "tap0", "`tap0` is neither `tap=NAME` nor `user`"),
        ("--net", "tap=a/b", "`a/b` is no name of an interface"),
        ("--net", "user", "it has no manifest"),
        ("--block", "/nowhere", "it has no manifest"),
    ] {
        let output = xtask(&["run", "-b", "virtio-tcg", option, value, text(&image)]);
        refuses(&output, said);
    }
    let source = file(&directory, "hello.c", b"int main(void) { return 0; }\n");
    let json = br#"{"type": "solo5.manifest", "version": 1, "devices": [{"name": "a"}]}"#;
    file(&directory, "hello.json", json);
    let output = xtask(&["run", "-b", "virtio-tcg", text(&source)]);
    refuses(&output, ".devices[0].type is missing");
}

#[test]
fn tools_that_are_missing() {
    let directory = tempfile::tempdir().unwrap();
    let image = file(&directory, "image", &image(4096));
    // Neither QEMU nor a package manager.
    let output = command(&["run", "-b", "virtio-tcg", text(&image)])
        .env("PATH", directory.path())
        .output()
        .unwrap();
    refuses(&output, "qemu-system-x86_64");
}

#[test]
fn a_place_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let source = file(&directory, "hello.c", b"int main(void) { return 0; }\n");
    let occupied = file(&directory, "occupied", b"");
    let output = command(&["run", "-b", "spt", text(&source)])
        .env("NOLIBC_OUT", occupied.join("out"))
        .output()
        .unwrap();
    refuses(&output, "occupied/out");
}

/// What the wrapper `script` does with `words`, in a sysroot without backends.
fn wrapper(script: &str, words: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    for name in ["bin", "include", "lib/nolibc"] {
        fs::create_dir_all(directory.path().join(name)).unwrap();
    }
    let path = directory.path().join("bin/tool");
    fs::write(&path, script).unwrap();
    let output = Command::new("sh").arg(&path).args(words).output().unwrap();
    assert!(!output.status.success(), "{words:?}: it passed");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn wrappers_refuse_what_is_none() {
    for script in [
        include_str!("../src/wrappers/ld.sh"),
        include_str!("../src/wrappers/cc.sh"),
    ] {
        for words in [
            &["x.o", "-z", "nolibc-backend=none"][..],
            &["x.o", "-znolibc-backend=none"],
            &["x.o", "-zsolo5-abi=none"],
        ] {
            let said = wrapper(script, words);
            assert!(said.contains("unknown backend 'none'"), "{words:?}: {said}");
        }
        let said = wrapper(script, &["x.o", "-z"]);
        assert!(said.contains("-z without a value"), "{said}");
    }
}
