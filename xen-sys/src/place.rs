//! Where something may be.

/// An option whose empty state is all zeros, so that a static with it takes no room in
/// an image.
#[repr(u8)]
#[derive(Debug)]
pub enum Place<T> {
    /// Nothing.
    Free = 0,
    /// Something.
    Taken(T),
}

impl<T> Place<T> {
    /// What is there.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Place::Free => None,
            Place::Taken(value) => Some(value),
        }
    }

    /// What is there, to be changed.
    pub fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Place::Free => None,
            Place::Taken(value) => Some(value),
        }
    }
}
