//! Notes of an ELF file.
//!
//! Source: Solo5 0.12.1 `include/elf_abi.h` and `include/mft_abi.h`.

use anyhow::{Context, Result};
use object::Endianness;
use object::elf::{FileHeader64, PT_NOTE};
use object::read::elf::{FileHeader, ProgramHeader};

use crate::manifest::Manifest;

/// `ABI1_NOTE_TYPE`
const ABI: u32 = u32::from_le_bytes(*b"ABI1");
/// `MFT1_NOTE_TYPE`
const MANIFEST: u32 = u32::from_le_bytes(*b"MFT1");

/// Whose image it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abi {
    /// The machine's number.
    pub target: u32,
    /// The version of its ABI.
    pub version: u32,
}

impl Abi {
    /// Read the note of the image `data`.
    ///
    /// # Errors
    /// It has none.
    pub fn read(data: &[u8]) -> Result<Abi> {
        let content = find(data, ABI)?.context("it has no note of Solo5's ABI")?;
        let word = |at: usize| -> Option<u32> {
            let bytes = content.get(at..at + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        let (target, version) = word(0).zip(word(4)).context("its note is too short")?;
        Ok(Abi { target, version })
    }

    /// The machine's name.
    pub fn name(self) -> &'static str {
        match self.target {
            1 => "hvt",
            2 => "spt",
            3 => "virtio",
            4 => "muen",
            5 => "genode",
            6 => "xen",
            _ => "unknown",
        }
    }

    /// The same in JSON.
    pub fn to_json(self) -> String {
        format!(
            "{{\n  \"type\": \"solo5.abi\",\n  \"target\": \"{}\",\n  \"version\": {}\n}}\n",
            self.name(),
            self.version
        )
    }
}

/// Read the manifest of the image `data`.
///
/// # Errors
/// It has none, or a wrong one.
pub fn manifest(data: &[u8]) -> Result<Manifest> {
    manifest_if_any(data)?.context("it has no manifest")
}

/// [`manifest`], which a virtio image without devices does not have.
///
/// # Errors
/// A wrong one.
pub fn manifest_if_any(data: &[u8]) -> Result<Option<Manifest>> {
    let content = find(data, MANIFEST)?;
    let manifest = content.map(Manifest::from_note).transpose();
    manifest.context("its manifest is wrong")
}

/// The content of Solo5's note of this type.
fn find(data: &[u8], kind: u32) -> Result<Option<&[u8]>> {
    let header = FileHeader64::<Endianness>::parse(data)
        .ok()
        .context("it is no 64-bit ELF file")?;
    let damaged = "it is a damaged ELF file";
    let endian = header.endian().ok().context(damaged)?;
    let segments = header.program_headers(endian, data).ok();
    for segment in segments.context(damaged)? {
        if segment.p_type(endian) != PT_NOTE {
            continue;
        }
        let notes = segment.notes(endian, data).ok().context(damaged)?;
        let Some(mut notes) = notes else { continue };
        while let Ok(Some(note)) = notes.next() {
            if note.name() == b"Solo5" && note.n_type(endian) == kind {
                return Ok(Some(note.desc()));
            }
        }
    }
    Ok(None)
}
