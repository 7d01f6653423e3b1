//! Which of the domain's devices a program means by a name: the one whose key `name` in
//! xenstore says so; else the one of that number, `xvda` or `vif0`; else, for the n-th
//! device of its kind in the program's manifest, the n-th by number, unless that has such a
//! key, by which it is called otherwise.

use solo5_sys::machine::Errno;

use crate::store::{Client, Kind, Transport, number};
use crate::text::Text;

/// A name, and what else it can mean.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// The name.
    pub name: &'a [u8],
    /// The number that it stands for.
    pub number: Option<u64>,
    /// How many of its kind come before it in the manifest.
    pub nth: Option<usize>,
}

/// The number of the device of a class (`vbd`, `vif`).
///
/// # Errors
/// [`Errno::ENOENT`]: there is none. Others as the store answers.
pub fn find<T: Transport>(
    store: &mut Client<T>,
    class: &[u8],
    wanted: &Name,
) -> Result<u64, Errno> {
    let mut directory = Text::new(b"device/");
    directory.push(class);
    let mut list = [0; 1024];
    let mut path = directory;
    let path = path.push(b"\0").bytes();
    let len = store.request(Kind::Directory, 0, &[path], &mut list)?;
    let list = list.get(..len).ok_or(Errno::EINVAL)?;
    let numbers = || list.split(|&byte| byte == 0).filter_map(number);
    // Those that have a name of their own, by their place in the list.
    let mut named = [0u64; 8];
    for (place, number) in numbers().enumerate() {
        let mut path = directory;
        path.push(b"/").number(number).push(b"/name");
        let mut buffer = [0; 80];
        match store.read(path.bytes(), &mut buffer) {
            Ok(found) if found == wanted.name => return Ok(number),
            Err(Errno::EIO) => return Err(Errno::EIO),
            Err(Errno::ENOENT) => {}
            _ => {
                if let Some(word) = named.get_mut(place / 64) {
                    *word |= 1 << (place % 64);
                }
            }
        }
    }
    let is_named = |place: usize| {
        let word = named.get(place / 64).copied().unwrap_or(0);
        word >> (place % 64) & 1 != 0
    };
    let before = |number: u64| numbers().filter(|&other| other < number).count();
    let by_number = numbers().find(|&number| Some(number) == wanted.number);
    let by_order = || {
        let mut all = numbers().enumerate();
        let nth = all.find(|&(_, number)| Some(before(number)) == wanted.nth)?;
        (!is_named(nth.0)).then_some(nth.1)
    };
    by_number.or_else(by_order).ok_or(Errno::ENOENT)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicU8, AtomicU32};
    use std::vec::Vec;

    use super::*;
    use crate::abi::StoreMessage;
    use crate::ring::Ring;

    /// Xenstore that answers from a table.
    struct Fake {
        bytes: [[AtomicU8; 1024]; 2],
        indexes: [AtomicU32; 4],
        values: BTreeMap<&'static [u8], &'static [u8]>,
        asked: RefCell<Vec<u8>>,
    }

    impl Transport for Fake {
        fn requests(&self) -> Ring<'_> {
            Ring {
                bytes: &self.bytes[0],
                taken: &self.indexes[0],
                put: &self.indexes[1],
            }
        }

        fn answers(&self) -> Ring<'_> {
            Ring {
                bytes: &self.bytes[1],
                taken: &self.indexes[2],
                put: &self.indexes[3],
            }
        }

        fn notify(&self) {}

        fn wait(&self) -> bool {
            const HEADER: usize = size_of::<StoreMessage>();
            let mut bytes = [0; 1024];
            let count = self.requests().take(&mut bytes);
            let mut asked = self.asked.borrow_mut();
            asked.extend(&bytes[..count]);
            let Some(header) = asked.first_chunk::<HEADER>() else {
                return true;
            };
            let mut header = StoreMessage::from_bytes(*header);
            let end = HEADER + header.len as usize;
            if asked.len() < end {
                return true;
            }
            let path = &asked[HEADER..end - 1];
            let value = self.values.get(path).copied().unwrap_or_else(|| {
                header.kind = Kind::Error as u32;
                b"ENOENT\0"
            });
            header.len = value.len() as u32;
            self.answers().put(&header.bytes());
            self.answers().put(value);
            asked.drain(..end);
            true
        }
    }

    fn found(name: &[u8], number: Option<u64>, nth: Option<usize>) -> Result<u64, Errno> {
        let values: [(&[u8], &[u8]); 2] = [
            // In no order, as the daemon keeps them.
            (b"device/vbd", b"51744\x0051712\x00268439552\x00"),
            (b"device/vbd/51712/name", b"logs"),
        ];
        let mut store = Client::new(Fake {
            bytes: [const { [const { AtomicU8::new(0) }; 1024] }; 2],
            indexes: [const { AtomicU32::new(0) }; 4],
            values: values.into_iter().collect(),
            asked: RefCell::default(),
        });
        find(&mut store, b"vbd", &Name { name, number, nth })
    }

    #[test]
    fn a_key_comes_before_a_number_and_that_before_the_order() {
        assert_eq!(found(b"logs", Some(51744), Some(2)), Ok(51712));
        assert_eq!(found(b"xvdc", Some(51744), Some(2)), Ok(51744));
        assert_eq!(found(b"data", Some(1), Some(1)), Ok(51744));
        assert_eq!(found(b"data", None, Some(2)), Ok(268439552));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(found(b"data", None, Some(3)), Err(Errno::ENOENT));
        // The first one is called otherwise.
        assert_eq!(found(b"data", None, Some(0)), Err(Errno::ENOENT));
        assert_eq!(found(b"xvdb", Some(51728), None), Err(Errno::ENOENT));
    }
}
