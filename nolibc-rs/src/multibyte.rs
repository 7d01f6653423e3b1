//! Multibyte characters of the "C" locale: single bytes, all 256 of them.
//!
//! ASCII is itself. A byte from 0x80 up is the wide character 0xDF00 + byte: a
//! lone surrogate, which no text in Unicode holds, so that nothing is taken for
//! a letter that it is not, and every byte comes back unchanged. POSIX wants
//! the "C" locale to be such a single-byte one; glibc 2.36 refuses these bytes.
#![forbid(unsafe_code)]

use crate::errno::{Errno, Result};

const HIGH: u32 = 0xdf00;

/// The byte of a wide character.
///
/// # Errors
/// `EILSEQ`: it has none.
pub fn encode(wide: u32) -> Result<u8> {
    match wide {
        0..=0x7f => Ok(wide as u8),
        0xdf80..=0xdfff => Ok((wide - HIGH) as u8),
        _ => Err(Errno::EILSEQ),
    }
}

/// The wide character of a byte.
pub fn decode(byte: u8) -> u32 {
    match byte {
        0..=0x7f => byte.into(),
        _ => HIGH + u32::from(byte),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=255 {
            assert_eq!(super::encode(super::decode(byte)), Ok(byte));
        }
        assert!(super::encode(0xe9).is_err());
        assert!(super::encode(0xdf7f).is_err());
        assert!(super::encode(u32::MAX).is_err());
    }
}
