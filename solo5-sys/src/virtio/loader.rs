//! What the loader says: command line, memory, ACPI.
//!
//! Sources: Xen `public/arch-x86/hvm/start_info.h` (PVH, versions 0 and 1);
//! Multiboot 0.6.96, 3.3.

use super::physical::Physical;

/// The most ranges of RAM that are looked at.
const RANGES: usize = 32;
/// The most entries of a memory map that are looked at.
const ENTRIES: u64 = 256;

const MULTIBOOT: u32 = 0x2bad_b002;
const PVH: u32 = 0x336e_c578;
/// RAM, in both memory maps.
const USABLE: u32 = 1;

/// Ranges of RAM, start and end.
pub struct Ram {
    ranges: [(u64, u64); RANGES],
    count: usize,
}

impl Ram {
    const fn new() -> Self {
        Self {
            ranges: [(0, 0); RANGES],
            count: 0,
        }
    }

    fn add(&mut self, start: u64, len: u64, kind: u32) {
        if kind != USABLE {
            return;
        }
        if let (Some(end), Some(place)) = (start.checked_add(len), self.ranges.get_mut(self.count))
        {
            *place = (start, end);
            self.count += 1;
        }
    }

    /// The ranges, in the loader's order.
    pub fn ranges(&self) -> &[(u64, u64)] {
        self.ranges.get(..self.count).unwrap_or_default()
    }

    /// The end of the range that holds `start` to `end`.
    pub fn end_of(&self, start: u64, end: u64) -> Option<u64> {
        let holds = |range: &&(u64, u64)| range.0 <= start && end <= range.1;
        self.ranges().iter().find(holds).map(|range| range.1)
    }
}

/// What a loader told.
pub struct Loader {
    /// Address of the command line; 0 for none.
    pub line: u64,
    /// Whether the line's first word names the image.
    pub named: bool,
    /// The RAM.
    pub ram: Ram,
    /// Address of ACPI's root pointer; 0 if unknown.
    pub acpi: u64,
}

/// Read what the loader left at `info`; `None` for a loader that is neither PVH
/// nor multiboot, or that gave no memory map.
pub fn read(physical: &mut Physical, info: u64, magic: u32) -> Option<Loader> {
    // PVH says nothing of eax, and qboot leaves multiboot's number there.
    if physical.u32(info)? == PVH {
        pvh(physical, info)
    } else if magic == MULTIBOOT {
        multiboot(physical, info)
    } else {
        None
    }
}

fn pvh(physical: &mut Physical, info: u64) -> Option<Loader> {
    let version = physical.u32(info + 4)?;
    if version == 0 {
        return None;
    }
    let mut ram = Ram::new();
    let map = physical.u64(info + 40)?;
    let entries = u64::from(physical.u32(info + 48)?);
    for index in 0..entries.min(ENTRIES) {
        let entry = map.checked_add(index * 24)?;
        ram.add(
            physical.u64(entry)?,
            physical.u64(entry + 8)?,
            physical.u32(entry + 16)?,
        );
    }
    Some(Loader {
        line: physical.u64(info + 24)?,
        named: false,
        ram,
        acpi: physical.u64(info + 32)?,
    })
}

fn multiboot(physical: &mut Physical, info: u64) -> Option<Loader> {
    const LINE: u32 = 1 << 2;
    const MAP: u32 = 1 << 6;
    let flags = physical.u32(info)?;
    if flags & MAP == 0 {
        return None;
    }
    let mut ram = Ram::new();
    let len = u64::from(physical.u32(info + 44)?);
    let map = u64::from(physical.u32(info + 48)?);
    let mut at = 0;
    for _ in 0..ENTRIES {
        if at >= len {
            break;
        }
        // An entry's size does not count the field that holds it.
        let entry = map + at;
        let size = u64::from(physical.u32(entry)?);
        ram.add(
            physical.u64(entry + 4)?,
            physical.u64(entry + 12)?,
            physical.u32(entry + 20)?,
        );
        at += size + 4;
    }
    let line = if flags & LINE != 0 {
        u64::from(physical.u32(info + 16)?)
    } else {
        0
    };
    Some(Loader {
        line,
        named: true,
        ram,
        acpi: 0,
    })
}
