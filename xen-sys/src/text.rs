//! Short texts: paths and numbers for xenstore.

use solo5_sys::log;

const LONGEST: usize = 256;

/// A text of at most 256 bytes; what does not fit makes it empty, which is no path.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Text {
    /// A text that begins with `start`.
    pub fn new(start: &[u8]) -> Self {
        let mut text = Self {
            bytes: [0; LONGEST],
            len: 0,
        };
        text.push(start);
        text
    }

    /// Append bytes.
    pub fn push(&mut self, more: &[u8]) -> &mut Self {
        match self.bytes.get_mut(self.len..self.len + more.len()) {
            Some(place) => {
                place.copy_from_slice(more);
                self.len += more.len();
            }
            None => self.len = 0,
        }
        self
    }

    /// Append a number, decimal.
    pub fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        self.push(log::format(number, 10, &mut digits))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_put_together() {
        let mut text = Text::new(b"device/vbd/");
        text.number(51712).push(b"/state");
        assert_eq!(text.bytes(), b"device/vbd/51712/state");
        assert_eq!(Text::new(&[b'x'; 256]).bytes().len(), 256);
        assert_eq!(Text::new(&[b'x'; 256]).push(b"y").bytes(), b"");
        assert_eq!(Text::new(&[b'x'; 257]).bytes(), b"");
    }
}
