//! The command line's rules (see `nolibc::environ`), against examples and a
//! model that quotes what is then split again.

use nolibc::environ::{Malformed, Role, domains, split};
use proptest::prelude::*;

fn words(line: &str) -> Result<Vec<(Role, String)>, Malformed> {
    let mut words = vec![];
    let mut buffer = vec![0; line.len()];
    split(line.as_bytes(), &mut buffer, |role, word| {
        words.push((role, String::from_utf8_lossy(word).into_owned()));
    })?;
    Ok(words)
}

/// Assignments, then arguments.
#[track_caller]
fn check(line: &str, assignments: &[&str], arguments: &[&str]) {
    let words = words(line).unwrap();
    let of = |wanted| {
        let with_role = words.iter().filter(move |(role, _)| *role == wanted);
        with_role.map(|(_, word)| word.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of(Role::Assignment), assignments, "{line}");
    assert_eq!(of(Role::Argument), arguments, "{line}");
}

#[test]
fn words_are_separated_by_white_space() {
    check("", &[], &[]);
    check(" \t\n ", &[], &[]);
    check("a", &[], &["a"]);
    check("  a\tb\n c ", &[], &["a", "b", "c"]);
}

#[test]
fn quotes_and_backslashes() {
    check("'a b' \"c d\"", &[], &["a b", "c d"]);
    check("'' \"\"", &[], &["", ""]);
    check("a'b'\"c\"d", &[], &["abcd"]);
    check(r#"'a\b"c'"#, &[], &[r#"a\b"c"#]);
    check(r#""a\"b\\c\$d\`e\f""#, &[], &[r#"a"b\c$d`e\f"#]);
    check("\"a\\\nb\"", &[], &["ab"]);
    check(r"a\ b \' \\", &[], &["a b", "'", r"\"]);
}

#[test]
fn the_environment_comes_first() {
    check("A=1 B= -- c D=2 --", &["A=1", "B="], &["c", "D=2", "--"]);
    check("A=1 b C=2", &["A=1"], &["b", "C=2"]);
    check("-- A=1", &[], &["A=1"]);
    check("_a9='x y=z'", &["_a9=x y=z"], &[]);
    check("A=1 '--' b", &["A=1"], &["--", "b"]);
    for word in ["=x", "9a=x", "a-b=x", "--ip=1", "a.b=c"] {
        check(word, &[], &[word]);
    }
}

#[test]
fn what_is_malformed_says_where() {
    assert_eq!(words("a 'b"), Err(Malformed::OpenQuote(2)));
    assert_eq!(words("a \"b\\\""), Err(Malformed::OpenQuote(2)));
    assert_eq!(words("\"a\\"), Err(Malformed::OpenQuote(0)));
    assert_eq!(words("ab\\"), Err(Malformed::LoneBackslash(2)));
    assert_eq!(words("\\"), Err(Malformed::LoneBackslash(0)));
}

fn quoted(word: &str, style: u8) -> String {
    match style % 3 {
        0 if !word.contains('\'') => format!("'{word}'"),
        1 => {
            let escaped = word.replace('\\', r"\\").replace('"', "\\\"");
            format!("\"{}\"", escaped.replace('$', "\\$").replace('`', "\\`"))
        }
        _ if word.is_empty() => "''".into(),
        _ => word.chars().flat_map(|c| ['\\', c]).collect(),
    }
}

#[test]
fn a_form_feed_is_a_byte_like_others() {
    let got = words("a\x0cb \x0cc").unwrap();
    let got: Vec<_> = got.iter().map(|(_, word)| word.as_str()).collect();
    assert_eq!(got, ["a\x0cb", "\x0cc"]);
}

proptest! {
    #[test]
    fn what_is_quoted_comes_back(list in prop::collection::vec(("[ -~\n\t]{0,12}", any::<u8>()), 0..8)) {
        let line: Vec<_> = list.iter().map(|(word, style)| quoted(word, *style)).collect();
        let wanted: Vec<_> = list.iter().map(|(word, _)| word.clone()).collect();
        let got = words(&format!("-- {}", line.join(" "))).unwrap();
        prop_assert!(got.iter().all(|(role, _)| *role == Role::Argument));
        let got: Vec<_> = got.into_iter().map(|(_, word)| word).collect();
        prop_assert_eq!(got, wanted);
    }

    #[test]
    fn no_line_is_too_much(line in "[ -~\n\t]{0,60}") {
        let _ = words(&line);
    }
}

#[test]
fn a_domain_for_each_sixteenth() {
    const MIB: usize = 1 << 20;
    for (mib, wanted) in [
        (5, 1),
        (32, 1),
        (64, 2),
        (512, 16),
        (4096, 128),
        (65536, 128),
    ] {
        assert_eq!(domains(b"", mib * MIB), Some(wanted), "{mib}");
        assert_eq!(domains(b"b,v=0x400", mib * MIB), Some(wanted), "{mib}");
    }
    // 32k words are 256 KiB.
    assert_eq!(domains(b"s=32k", 64 * MIB), Some(16));
    assert_eq!(domains(b"s=0x8000", 64 * MIB), Some(16));
    assert_eq!(domains(b"s=32k,b,s=1M", 64 * MIB), Some(1));
    assert_eq!(domains(b"s=99999999999999999999", 64 * MIB), Some(1));
    assert_eq!(domains(b"s=0", 64 * MIB), Some(128));
    assert_eq!(domains(b"d=4", 64 * MIB), None);
    assert_eq!(domains(b"b,d=4,v=1", 64 * MIB), None);
}
