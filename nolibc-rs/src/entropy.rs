//! Random bytes from the CPU or the machine, never weak ones.

use crate::arch::random;
use crate::errno::{Errno, Result};
use crate::platform;

/// Fill `bytes` with random bytes.
///
/// # Errors
/// `ENOSYS`: neither the CPU nor the machine has a source. `EIO`: it failed.
pub fn fill(bytes: &mut [u8]) -> Result<()> {
    let filled = from_words(bytes, random::word);
    if filled || from_machine(bytes, platform::entropy) {
        return Ok(());
    }
    Err(if random::is_present() {
        Errno::EIO
    } else {
        Errno::ENOSYS
    })
}

fn from_words(bytes: &mut [u8], word: impl Fn() -> Option<u64>) -> bool {
    for part in bytes.chunks_mut(8) {
        let Some(word) = word() else {
            return false;
        };
        for (to, from) in part.iter_mut().zip(word.to_ne_bytes()) {
            *to = from;
        }
    }
    true
}

/// The machine may answer fewer bytes than asked.
fn from_machine(bytes: &mut [u8], source: impl Fn(&mut [u8]) -> Result<usize>) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        match source(rest) {
            Ok(count @ 1..) => rest = rest.get_mut(count..).unwrap_or_default(),
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_gives_little_by_little() {
        let mut bytes = [0; 10];
        let source = |part: &mut [u8]| {
            let count = part.len().min(3);
            part[..count].fill(7);
            Ok(count)
        };
        assert!(from_machine(&mut bytes, source));
        assert_eq!(bytes, [7; 10]);
        assert!(!from_machine(&mut bytes, |_| Ok(0)));
        assert!(!from_machine(&mut bytes, |_| Err(Errno::ENOSYS)));
    }

    #[test]
    fn a_failing_cpu_fills_nothing_usable() {
        assert!(!from_words(&mut [0; 9], || None));
        let mut bytes = [0; 9];
        assert!(from_words(&mut bytes, || Some(0x0101_0101_0101_0101)));
        assert_eq!(bytes, [1; 9]);
    }

    #[test]
    fn fills_or_says_why() {
        let mut bytes = [0; 64];
        match fill(&mut bytes) {
            Ok(()) => assert!(bytes.iter().any(|byte| *byte != bytes[0])),
            Err(error) => assert!(matches!(error, Errno::ENOSYS | Errno::EIO)),
        }
        assert_eq!(fill(&mut []), Ok(()));
    }
}
