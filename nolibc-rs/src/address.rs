//! Internet addresses as text (POSIX.1-2024 `inet_addr`, `inet_ntop`,
//! `inet_pton`; RFC 4291 2.2 and RFC 5952 for IPv6).
#![forbid(unsafe_code)]

/// The longest text of an IPv6 address, without terminator.
pub const LONGEST: usize = 45;

/// Text being put together.
pub struct Text {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self {
            bytes: [0; LONGEST],
            len: 0,
        }
    }

    /// The text.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    fn number(&mut self, value: u32, base: u32) {
        if value >= base {
            self.number(value / base, base);
        }
        let digit = (value % base) as u8;
        self.push(if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        });
    }

    fn dotted(&mut self, address: [u8; 4]) {
        for (index, byte) in address.into_iter().enumerate() {
            if index != 0 {
                self.push(b'.');
            }
            self.number(byte.into(), 10);
        }
    }
}

/// An IPv4 address in dotted decimals.
pub fn format_v4(address: [u8; 4]) -> Text {
    let mut text = Text::new();
    text.dotted(address);
    text
}

/// The longest run of two or more zero groups, the first of equals.
fn zero_run(groups: &[u16; 8]) -> core::ops::Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (index, group) in groups.iter().enumerate() {
        if *group != 0 {
            start = index + 1;
        } else if index + 1 - start > longest.len() {
            longest = start..index + 1;
        }
    }
    if longest.len() < 2 { 0..0 } else { longest }
}

/// An IPv6 address as RFC 5952 recommends.
pub fn format_v6(address: [u8; 16]) -> Text {
    let mut groups = [0; 8];
    for (group, pair) in groups.iter_mut().zip(address.chunks_exact(2)) {
        *group = pair
            .iter()
            .fold(0, |group, byte| group << 8 | u16::from(*byte));
    }
    let zeros = zero_run(&groups);
    let mapped = matches!(groups, [0, 0, 0, 0, 0, 0xffff, ..]);
    let compatible = zeros == (0..6);
    let mut text = Text::new();
    for (index, group) in groups.into_iter().enumerate() {
        if zeros.contains(&index) {
            if index == zeros.start {
                text.push(b':');
                text.push(b':');
            }
            continue;
        }
        if index != 0 && index != zeros.end {
            text.push(b':');
        }
        if index == 6 && (mapped || compatible) {
            let [.., a, b, c, d] = address;
            text.dotted([a, b, c, d]);
            break;
        }
        text.number(group.into(), 16);
    }
    text
}

/// Read one number at the front of `text`: at most `digits` digits.
fn number(text: &[u8], base: u32, digits: usize) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let Some(digit) = char::from(*first).to_digit(base) else {
            break;
        };
        if text.len() - tail.len() > digits {
            return None;
        }
        value = value.checked_mul(base)?.checked_add(digit)?;
        rest = tail;
    }
    (rest.len() < text.len()).then_some((value, rest))
}

/// Four decimals below 256 without leading zeros, as `inet_pton` wants.
pub fn parse_v4(text: &[u8]) -> Option<[u8; 4]> {
    let mut address = [0; 4];
    let mut rest = text;
    for (index, byte) in address.iter_mut().enumerate() {
        if index != 0 {
            rest = rest.strip_prefix(b".")?;
        }
        let (value, tail) = number(rest, 10, 3)?;
        if rest.first() == Some(&b'0') && rest.len() - tail.len() > 1 {
            return None;
        }
        *byte = u8::try_from(value).ok()?;
        rest = tail;
    }
    rest.is_empty().then_some(address)
}

/// The groups of one side of "::", or of an address without it; answers how many.
fn parse_groups(text: &[u8], groups: &mut [u16; 8]) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut rest = text;
    loop {
        if rest.contains(&b'.') && !rest.contains(&b':') {
            let [a, b, c, d] = parse_v4(rest)?;
            for pair in [[a, b], [c, d]] {
                *groups.get_mut(count)? = u16::from_be_bytes(pair);
                count += 1;
            }
            return Some(count);
        }
        let (value, tail) = number(rest, 16, 4)?;
        *groups.get_mut(count)? = value as u16;
        count += 1;
        match tail {
            [] => return Some(count),
            [b':', tail @ ..] => rest = tail,
            _ => return None,
        }
    }
}

/// An IPv6 address, with "::" and a dotted end.
pub fn parse_v6(text: &[u8]) -> Option<[u8; 16]> {
    let mut groups = [0; 8];
    let gap = text.windows(2).position(|pair| pair == b"::");
    if let Some(gap) = gap {
        let (front, back) = (text.get(..gap)?, text.get(gap + 2..)?);
        if front.contains(&b'.') {
            return None;
        }
        let mut tail = [0; 8];
        let before = parse_groups(front, &mut groups)?;
        let after = parse_groups(back, &mut tail)?;
        if before + after > 7 {
            return None;
        }
        groups
            .get_mut(8 - after..)?
            .copy_from_slice(tail.get(..after)?);
    } else if parse_groups(text, &mut groups)? != 8 {
        return None;
    }
    let mut address = [0; 16];
    for (pair, group) in address.chunks_exact_mut(2).zip(groups) {
        pair.copy_from_slice(&group.to_be_bytes());
    }
    Some(address)
}

/// One to four numbers, decimal, octal or hexadecimal, as `inet_addr` wants; the
/// last fills what the others leave.
pub fn parse_loose(text: &[u8]) -> Option<u32> {
    let mut address = 0u32;
    let mut rest = text;
    for index in 0..4 {
        let (value, tail) = match rest {
            [b'0', b'x' | b'X', digits @ ..] => number(digits, 16, 8)?,
            [b'0', ..] => number(rest, 8, 12)?,
            _ => number(rest, 10, 10)?,
        };
        match tail {
            [b'.', tail @ ..] if index < 3 && value < 256 => {
                address |= value << (24 - 8 * index);
                rest = tail;
            }
            [] => {
                let room = u32::MAX >> (8 * index);
                return (value <= room).then_some(address | value);
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn v4_agrees_with_std() {
        for text in ["0.0.0.0", "255.255.255.255", "1.2.3.4", "10.0.0.1"] {
            let expected: Ipv4Addr = text.parse().unwrap();
            assert_eq!(parse_v4(text.as_bytes()), Some(expected.octets()));
            assert_eq!(format_v4(expected.octets()).bytes(), text.as_bytes());
        }
        for text in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "01.2.3.4",
            "1.2.3.4 ",
            "a.b.c.d",
            "1..2.3",
        ] {
            assert_eq!(parse_v4(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn v6_round_trips() {
        for text in [
            "::",
            "::1",
            "1::",
            "fe80::1",
            "2001:db8::ff00:42:8329",
            "1:2:3:4:5:6:7:8",
            "1:0:0:4:5:0:0:8",
            "::ffff:1.2.3.4",
            "::1.2.3.4",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1:0:3:4:5:6:7:8",
            "a::b:0:0:c",
        ] {
            let expected: Ipv6Addr = text.parse().unwrap();
            assert_eq!(parse_v6(text.as_bytes()), Some(expected.octets()), "{text}");
            let text = format_v6(expected.octets());
            let text = std::str::from_utf8(text.bytes()).unwrap();
            assert_eq!(text.parse::<Ipv6Addr>().unwrap(), expected, "{text}");
        }
        for text in [
            "",
            ":",
            ":::",
            "1",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "12345::",
            "1::2::3",
            "g::",
            "1.2.3.4::",
            ":1:2:3:4:5:6:7:8",
        ] {
            assert_eq!(parse_v6(text.as_bytes()), None, "{text}");
            assert!(text.parse::<Ipv6Addr>().is_err());
        }
    }

    #[test]
    fn loose_forms() {
        assert_eq!(parse_loose(b"127.1"), Some(0x7f00_0001));
        assert_eq!(parse_loose(b"0x7f.0.0.01"), Some(0x7f00_0001));
        assert_eq!(parse_loose(b"0377.1.65535"), Some(0xff01_ffff));
        assert_eq!(parse_loose(b"4294967295"), Some(u32::MAX));
        for text in [
            &b""[..],
            b"256.1",
            b"1.2.3.4.5",
            b"1.2.65536",
            b"4294967296",
            b"1.",
            b"x",
        ] {
            assert_eq!(parse_loose(text), None);
        }
    }
}
