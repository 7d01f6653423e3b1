//! The ELF notes by which a tender recognises an image.
//!
//! Source: Solo5 0.12.1 `include/elf_abi.h`. The linker scripts put each note
//! into a `PT_NOTE` of its own, because a tender reads only the first note of a
//! segment. The manifest note is not here: an application declares it with
//! `mft_abi.h`, and `libnolibc.a` holds an empty one.

use core::mem::size_of;

/// `HVT_ABI_TARGET`
pub const TARGET_HVT: u32 = 1;
/// `SPT_ABI_TARGET`
pub const TARGET_SPT: u32 = 2;
/// `VIRTIO_ABI_TARGET`
pub const TARGET_VIRTIO: u32 = 3;
/// `XEN_ABI_TARGET`
pub const TARGET_XEN: u32 = 6;

/// The version that tenders of this build's ABI accept: 1 for tenders 0.7, 2
/// for newer ones.
pub const VERSION: u32 = if cfg!(feature = "abi1") { 1 } else { 2 };

/// The note that names machine and version.
#[repr(C, align(4))]
pub struct Abi {
    name_size: u32,
    content_size: u32,
    kind: u32,
    name: [u8; 8],
    target: u32,
    version: u32,
    reserved: [u32; 2],
}

impl Abi {
    /// The note of `target`, ABI version `version`.
    pub const fn new(target: u32, version: u32) -> Self {
        Self {
            name_size: 6,
            content_size: 16,
            kind: u32::from_le_bytes(*b"ABI1"),
            name: *b"Solo5\0\0\0",
            target,
            version,
            reserved: [0; 2],
        }
    }
}

/// The note by which OpenBSD takes the image for one of its own, so that its
/// kernel reads `PT_INTERP` and refuses it.
#[repr(C, align(4))]
pub struct OpenBsd {
    name_size: u32,
    content_size: u32,
    kind: u32,
    name: [u8; 8],
    content: u32,
}

impl OpenBsd {
    /// The note.
    #[expect(clippy::new_without_default, reason = "made once, in a static")]
    pub const fn new() -> Self {
        Self {
            name_size: 8,
            content_size: 4,
            kind: 1,
            name: *b"OpenBSD\0",
            content: 0,
        }
    }
}

/// An interpreter that cannot exist, so that no host kernel runs the image as a
/// program of its own.
pub const INTERPRETER: [u8; 24] = *b"/nonexistent/solo5/\0\0\0\0\0";

const _: () = {
    assert!(size_of::<Abi>() == 36);
    assert!(size_of::<OpenBsd>() == 24);
};

/// Define the notes of a backend: machine `$target`, ABI version `$version`.
#[macro_export]
macro_rules! abi_notes {
    ($target:expr, $version:expr) => {
        #[used]
        #[unsafe(link_section = ".note.solo5.abi")]
        static ABI_NOTE: $crate::note::Abi = $crate::note::Abi::new($target, $version);
        #[used]
        #[unsafe(link_section = ".note.solo5.not_openbsd")]
        static OPENBSD_NOTE: $crate::note::OpenBsd = $crate::note::OpenBsd::new();
        #[used]
        #[unsafe(link_section = ".interp")]
        static INTERPRETER: [u8; 24] = $crate::note::INTERPRETER;
    };
}
