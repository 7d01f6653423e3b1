//! What an image says of itself: whose it is, and what memory it needs.
//!
//! A Solo5 image carries a note `Solo5`, type `ABI1`, with the machine and the
//! version of its ABI: Solo5's include/elf_abi.h.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use object::Endianness;
use object::elf::{FileHeader64, PT_LOAD, PT_NOTE};
use object::read::elf::{FileHeader, ProgramHeader};

/// The type of Solo5's note: "ABI1".
const ABI1: u32 = 0x3149_4241;

/// An image of Solo5's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// `hvt`, `spt`, `virtio` or `xen`.
    pub backend: &'static str,
    /// The version of its ABI.
    pub abi: u32,
    /// The first address that is not the image's.
    pub end: u64,
}

impl Image {
    /// Read the image at `path`.
    ///
    /// # Errors
    /// It is truncated, not an ELF file of this CPU, or not one of Solo5's.
    pub fn read(path: &Path) -> Result<Image> {
        let data =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        parse(&data).with_context(|| format!("{} is no image to boot", path.display()))
    }
}

fn parse(data: &[u8]) -> Result<Image> {
    ensure!(data.starts_with(b"\x7fELF"), "it is not an ELF file");
    let truncated = || format!("it is truncated: {} bytes are not all of it", data.len());
    let header = FileHeader64::<Endianness>::parse(data)
        .ok()
        .with_context(|| match data.get(4) {
            Some(1) => "it is a 32-bit ELF file".to_string(),
            _ => truncated(),
        })?;
    let endian = header.endian()?;
    let machine = header.e_machine.get(endian);
    ensure!(
        machine == object::elf::EM_X86_64,
        "it is for another CPU (ELF machine {machine})"
    );
    let segments = header.program_headers(endian, data).ok();
    let segments = segments.with_context(truncated)?;
    let mut end = 0;
    let mut note = None;
    for segment in segments {
        let inside = segment.data(endian, data).is_ok();
        ensure!(inside, truncated());
        match segment.p_type(endian) {
            PT_LOAD => {
                let (start, len) = (segment.p_paddr(endian), segment.p_memsz(endian));
                let segment_end = start.checked_add(len);
                end = end.max(segment_end.with_context(|| {
                    format!("a segment of {len:#x} bytes at {start:#x} is none")
                })?);
            }
            PT_NOTE => {
                let notes = segment.notes(endian, data).ok().flatten();
                note = note.or(notes.and_then(|notes| solo5_note(notes, endian)));
            }
            _ => {}
        }
    }
    // What follows the segments: a shortened file often loses this alone.
    ensure!(header.section_headers(endian, data).is_ok(), truncated());
    let Some((target, abi)) = note else {
        bail!("it is an ELF file without Solo5's note: a program for an operating system?");
    };
    let backend = match target {
        1 => "hvt",
        2 => "spt",
        3 => "virtio",
        6 => "xen",
        other => bail!("it is for a machine that this command does not run (target {other})"),
    };
    Ok(Image { backend, abi, end })
}

fn solo5_note(
    mut notes: object::read::elf::NoteIterator<FileHeader64<Endianness>>,
    endian: Endianness,
) -> Option<(u32, u32)> {
    while let Ok(Some(note)) = notes.next() {
        if note.name() == b"Solo5" && note.n_type(endian) == ABI1 {
            let word = |at: usize| {
                let bytes = note.desc().get(at..at + 4)?;
                Some(u32::from_le_bytes(bytes.try_into().ok()?))
            };
            return Some((word(0)?, word(4)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(data: &[u8]) -> String {
        format!("{:#}", parse(data).unwrap_err())
    }

    #[test]
    fn foreign_files_are_refused() {
        assert!(refusal(b"").contains("not an ELF file"));
        assert!(refusal(b"#!/bin/sh").contains("not an ELF file"));
        assert!(refusal(b"\x7fELF\x02\x01\x01").contains("truncated"));
        // This test is a program for an operating system.
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(refusal(&program).contains("without Solo5's note"));
        assert!(refusal(&program[..program.len() / 2]).contains("truncated"));
        assert!(refusal(&program[..70]).contains("truncated"));
    }
}
