//! The program, as a build system calls it.

use std::process::{Command, Output};

fn elftool(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_elftool"))
        .args(words)
        .output()
        .unwrap()
}

fn refusal(words: &[&str]) -> String {
    let output = elftool(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_manifest_becomes_c() {
    let directory = tempfile::tempdir().unwrap();
    let [json, c] = ["manifest.json", "manifest.c"]
        .map(|name| directory.path().join(name).to_str().unwrap().to_string());
    let text =
        r#"{"type":"solo5.manifest","version":1,"devices":[{"name":"a1","type":"NET_BASIC"}]}"#;
    std::fs::write(&json, text).unwrap();
    assert!(elftool(&["gen-manifest", &json, &c]).status.success());
    let made = std::fs::read_to_string(&c).unwrap();
    assert!(made.contains("#define MFT_ENTRIES 2\n"));
    assert!(made.contains("{.name = \"a1\", .type = MFT_DEV_NET_BASIC},"));
    let printed = elftool(&["gen-manifest", &json, "-"]).stdout;
    assert_eq!(printed, made.as_bytes());
    std::fs::write(&json, text.replace("NET_BASIC", "NET")).unwrap();
    let said = refusal(&["gen-manifest", &json, &c]);
    assert!(
        said.contains(&json) && said.contains(".devices[0].type"),
        "{said}"
    );
    // What was there stays.
    assert_eq!(std::fs::read_to_string(&c).unwrap(), made);
}

#[test]
fn what_is_no_image_is_refused() {
    let me = std::env::current_exe().unwrap();
    let me = me.to_str().unwrap();
    assert!(refusal(&["query-abi", me]).contains("no note of Solo5's ABI"));
    assert!(refusal(&["query-manifest", me]).contains("no manifest"));
    assert!(refusal(&["query-abi", "/dev/null"]).contains("no 64-bit ELF file"));
    assert!(refusal(&["query-abi", "/nowhere"]).contains("cannot read /nowhere"));
    assert!(refusal(&["gen-manifest", "/nowhere", "-"]).contains("cannot read /nowhere"));
    assert!(refusal(&["query-abi"]).contains("usage"));
    assert!(refusal(&[]).contains("usage"));
    assert!(elftool(&["--help"]).status.success());
}
