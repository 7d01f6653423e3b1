//! Which device a handle stands for: that of the manifest's entry with this index, as on
//! every machine. Devices that a program calls by a name which is not in its manifest have
//! the last handles.

use core::sync::atomic::AtomicU8;
use core::sync::atomic::Ordering::{Acquire, Release};

use solo5_sys::abi::Handle;
use solo5_sys::machine::Error;
use solo5_sys::manifest::MAX_ENTRIES;

/// The handles of `N` devices.
pub struct Handles<const N: usize> {
    /// One more than a handle; 0: there is none.
    given: [AtomicU8; N],
    /// Of the first one whose name is in no manifest; that of the next one is one less.
    last: usize,
}

impl<const N: usize> Handles<N> {
    /// None yet. So many handles at the end are for `others`, devices of another kind.
    pub const fn new(others: usize) -> Self {
        Self {
            given: [const { AtomicU8::new(0) }; N],
            last: MAX_ENTRIES - 1 - others,
        }
    }

    /// The handle of the device `nth`, which is the entry `index` of a manifest of `count` entries,
    /// or none of it.
    ///
    /// # Errors
    /// [`Error::Invalid`]: another device is that entry already. [`Error::Unspecified`]: the manifest has
    /// all handles.
    pub fn choose(&self, nth: usize, index: Option<usize>, count: usize) -> Result<Handle, Error> {
        let last = self.last.checked_sub(nth).filter(|&last| last >= count);
        let handle = index.or(last).ok_or(Error::Unspecified)? as Handle;
        match self.nth(handle) {
            None => Ok(handle),
            Some(_) => Err(Error::Invalid),
        }
    }

    /// The device `nth` has this handle from now on.
    pub fn give(&self, nth: usize, handle: Handle) {
        if let Some(given) = self.given.get(nth) {
            given.store(handle as u8 + 1, Release);
        }
    }

    /// Which device has this handle.
    pub fn nth(&self, handle: Handle) -> Option<usize> {
        let is_it =
            |given: &AtomicU8| Handle::from(given.load(Acquire)).checked_sub(1) == Some(handle);
        self.given.iter().position(is_it)
    }

    /// The handles of the devices that are bits of `places`.
    pub fn set(&self, places: u64) -> u64 {
        let given = self.given.iter().map(|given| given.load(Acquire));
        let chosen = given
            .enumerate()
            .filter(|(nth, given)| *given != 0 && places >> nth & 1 != 0);
        chosen.fold(0, |set, (_, given)| set | 1 << (given - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_the_index_in_the_manifest() {
        let handles = Handles::<2>::new(0);
        let handle = handles.choose(0, Some(3), 4);
        assert_eq!(handle, Ok(3));
        assert_eq!(handles.nth(3), None);
        handles.give(0, 3);
        handles.give(1, handles.choose(1, Some(0), 4).unwrap());
        assert_eq!((handles.nth(3), handles.nth(0)), (Some(0), Some(1)));
        assert_eq!(handles.choose(1, Some(3), 4), Err(Error::Invalid));
        for none in [1, 2, 4, 63, 64, u64::MAX] {
            assert_eq!(handles.nth(none), None);
        }
        assert_eq!([0, 1, 2, 3].map(|places| handles.set(places)), [0, 8, 1, 9]);
    }

    #[test]
    fn a_name_that_is_in_no_manifest_has_a_handle_too() {
        let (first, second) = (Handles::<4>::new(0), Handles::<2>::new(4));
        assert_eq!(
            [0, 3].map(|nth| first.choose(nth, None, 1)),
            [Ok(63), Ok(60)]
        );
        assert_eq!(
            [0, 1].map(|nth| second.choose(nth, None, 1)),
            [Ok(59), Ok(58)]
        );
        assert_eq!(second.choose(1, None, 58), Ok(58));
        assert_eq!(second.choose(1, None, 59), Err(Error::Unspecified));
        assert_eq!(first.choose(0, Some(63), 64), Ok(63));
        first.give(0, 63);
        assert_eq!((first.nth(63), first.set(1)), (Some(0), 1 << 63));
    }
}
