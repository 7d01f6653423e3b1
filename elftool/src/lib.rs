//! What an image says of itself in notes, and the manifest it is made with.
//!
//! - [`manifest`]: the devices of an application: JSON, C and the note;
//! - [`note`]: notes of an ELF file; the one that names machine and version.
//!
//! Commands, file formats and the note are those of Solo5's `solo5-elftool`.

pub mod manifest;
pub mod note;
