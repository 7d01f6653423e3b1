//! Searching and comparing byte strings: what `<string.h>`, `<strings.h>` and
//! `<ctype.h>` do, on slices, in the "C" locale.

use core::cmp::Ordering;

/// A set of bytes.
pub struct Set([u64; 4]);

impl Set {
    /// The set of the bytes of `members`.
    pub fn new(members: &[u8]) -> Self {
        let mut words = [0; 4];
        for &byte in members {
            words[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        Self(words)
    }

    /// Whether `byte` is in the set.
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }
}

/// How many bytes at the start of `string` are in `set`.
pub fn span(string: &[u8], set: &Set) -> usize {
    let outside = string.iter().position(|&byte| !set.has(byte));
    outside.unwrap_or(string.len())
}

/// How many bytes at the start of `string` are not in `set`.
pub fn span_outside(string: &[u8], set: &Set) -> usize {
    let inside = string.iter().position(|&byte| set.has(byte));
    inside.unwrap_or(string.len())
}

/// Where `needle` first occurs in `haystack`, in time linear in both.
pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// Where `needle` first occurs in `haystack` when upper and lower case are one.
///
/// Time is the product of the lengths at worst.
pub fn find_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    let mut windows = haystack.windows(needle.len());
    windows.position(|window| window.eq_ignore_ascii_case(needle))
}

/// Compare as `strcasecmp` does: byte by byte in lower case, a string before any
/// string that it begins.
pub fn compare_ignoring_case(a: &[u8], b: &[u8]) -> Ordering {
    a.iter()
        .map(u8::to_ascii_lowercase)
        .cmp(b.iter().map(u8::to_ascii_lowercase))
}

/// The next token of `strtok_r`: the offset and the length of the first run of
/// bytes outside `delimiters`, `None` when there is none.
pub fn token(string: &[u8], delimiters: &Set) -> Option<(usize, usize)> {
    let start = span(string, delimiters);
    let rest = string.get(start..).filter(|rest| !rest.is_empty())?;
    Some((start, span_outside(rest, delimiters)))
}

/// Write `number` in decimal at the end of `buffer` and return the text.
pub fn decimal(number: i64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut left = number.unsigned_abs();
    let mut at = buffer.len();
    for digit in buffer.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        at -= 1;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        at = at.saturating_sub(1);
        if let Some(place) = buffer.get_mut(at) {
            *place = b'-';
        }
    }
    buffer.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_where_the_set_does() {
        let set = Set::new(b"ab\xff");
        assert_eq!(span(b"abba\xffc", &set), 5);
        assert_eq!(span(b"", &set), 0);
        assert_eq!(span_outside(b"xyz\xff", &set), 3);
        assert_eq!(span_outside(b"xyz", &set), 3);
    }

    #[test]
    fn tokens_skip_delimiters() {
        let set = Set::new(b",;");
        assert_eq!(token(b",;one;two", &set), Some((2, 3)));
        assert_eq!(token(b"two", &set), Some((0, 3)));
        assert_eq!(token(b",,", &set), None);
        assert_eq!(token(b"", &set), None);
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(compare_ignoring_case(b"HeLLo", b"hello"), Ordering::Equal);
        assert_eq!(compare_ignoring_case(b"a", b"B"), Ordering::Less);
        assert_eq!(compare_ignoring_case(b"_", b"a"), Ordering::Less);
        assert_eq!(compare_ignoring_case(b"ab", b"A"), Ordering::Greater);
        assert_eq!(find_ignoring_case(b"xxNeedle", b"nEEd"), Some(2));
        assert_eq!(find_ignoring_case(b"x", b"xx"), None);
        assert_eq!(find_ignoring_case(b"", b""), Some(0));
    }

    #[test]
    fn decimals_have_a_sign() {
        for number in [0, 7, -7, 1234567890, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number, &mut [0; 20]), number.to_string().as_bytes());
        }
    }
}
