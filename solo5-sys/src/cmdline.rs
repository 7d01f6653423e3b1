//! Solo5's own options at the front of the command line.
//!
//! Words `--solo5:quiet`, `:error`, `:warn`, `:info` and `:debug`, separated by
//! white space, up to the first word that is none of them; the last one counts.
//! The rest belongs to the program.

use crate::log::Level;

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn level(word: &[u8]) -> Option<Level> {
    match word {
        b"--solo5:quiet" | b"--solo5:error" => Some(Level::Error),
        b"--solo5:warn" => Some(Level::Warn),
        b"--solo5:info" => Some(Level::Info),
        b"--solo5:debug" => Some(Level::Debug),
        _ => None,
    }
}

/// How many bytes at the front of `line` are Solo5's, and the level they ask
/// for.
pub fn parse(line: &[u8]) -> (usize, Option<Level>) {
    let mut found = None;
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or_default();
        at += rest.iter().take_while(|&&byte| is_space(byte)).count();
        let rest = line.get(at..).unwrap_or_default();
        let len = rest.iter().take_while(|&&byte| !is_space(byte)).count();
        match rest.get(..len).and_then(level) {
            Some(asked) => found = Some(asked),
            None => return (at, found),
        }
        at += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(line: &str) -> (&str, Option<Level>) {
        let (len, level) = parse(line.as_bytes());
        (&line[len..], level)
    }

    #[test]
    fn options_end_at_the_first_other_word() {
        assert_eq!(rest(""), ("", None));
        assert_eq!(rest("  \t"), ("", None));
        assert_eq!(rest("  a  b "), ("a  b ", None));
        assert_eq!(rest("--solo5:quiet"), ("", Some(Level::Error)));
        assert_eq!(rest("--solo5:quiet a"), ("a", Some(Level::Error)));
        assert_eq!(
            rest("--solo5:warn --solo5:debug x"),
            ("x", Some(Level::Debug))
        );
        assert_eq!(rest("a --solo5:debug"), ("a --solo5:debug", None));
        assert_eq!(rest("--solo5:quietly"), ("--solo5:quietly", None));
        assert_eq!(rest("--solo5: x"), ("--solo5: x", None));
    }
}
