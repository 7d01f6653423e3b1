//! Numbered things: the lowest free number is taken first. The first `N` need
//! no heap.

use crate::errno::{Errno, Result};
use crate::vector::Vector;

/// What a [`Table`] holds.
pub trait Entry {
    /// A free entry.
    const FREE: Self;

    /// Whether the number is free.
    fn is_free(&self) -> bool;
}

/// Numbered entries.
pub struct Table<T, const N: usize> {
    first: [T; N],
    rest: Vector<T>,
}

impl<T: Entry, const N: usize> Table<T, N> {
    /// A table that starts with `first`.
    pub const fn new(first: [T; N]) -> Self {
        Self {
            first,
            rest: Vector::new(),
        }
    }

    /// The entry with this number.
    pub fn get(&self, number: usize) -> Option<&T> {
        let entry = match number.checked_sub(N) {
            None => self.first.get(number),
            Some(index) => self.rest.get(index),
        };
        entry.filter(|entry| !entry.is_free())
    }

    /// The entry with this number.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.slot(number).filter(|entry| !entry.is_free())
    }

    fn slot(&mut self, number: usize) -> Option<&mut T> {
        match number.checked_sub(N) {
            None => self.first.get_mut(number),
            Some(index) => self.rest.get_mut(index),
        }
    }

    /// Every entry, with its number.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &T)> {
        let all = self.first.iter().chain(self.rest.iter()).enumerate();
        all.filter(|(_, entry)| !entry.is_free())
    }

    /// The number of the first entry for which `test` holds.
    pub fn position(&self, test: impl Fn(&T) -> bool) -> Option<usize> {
        self.entries()
            .find(|(_, entry)| test(entry))
            .map(|(number, _)| number)
    }

    /// The lowest free number from `from` on and below `limit`, with memory for
    /// its entry.
    ///
    /// # Errors
    /// `EMFILE`: there is none. `ENOMEM`: no memory.
    pub fn vacancy(&mut self, from: usize, limit: usize) -> Result<usize> {
        let mut number = from;
        while self.get(number).is_some() {
            number += 1;
        }
        if number >= limit {
            return Err(Errno::EMFILE);
        }
        while self.slot(number).is_none() {
            self.rest.push(T::FREE)?;
        }
        Ok(number)
    }

    /// Put `value` at a number that [`Self::vacancy`] answered, and answer what
    /// was there.
    pub fn replace(&mut self, number: usize, value: T) -> T {
        match self.slot(number) {
            Some(slot) => core::mem::replace(slot, value),
            None => value,
        }
    }

    /// Put `value` at the lowest free number.
    ///
    /// # Errors
    /// As [`Self::vacancy`].
    pub fn insert(&mut self, value: T, limit: usize) -> Result<usize> {
        let number = self.vacancy(0, limit)?;
        self.replace(number, value);
        Ok(number)
    }
}
