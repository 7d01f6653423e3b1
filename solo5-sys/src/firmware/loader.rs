//! What the loader says: command line, memory, ACPI.
//!
//! Sources: Xen `public/arch-x86/hvm/start_info.h` (PVH, versions 0 and 1);
//! Multiboot 0.6.96, 3.3.

use super::Memory;

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
    /// None yet.
    pub const fn empty() -> Self {
        Self {
            ranges: [(0, 0); RANGES],
            count: 0,
        }
    }

    /// Take a range of RAM, unless it is empty, wraps, or overlaps one that is
    /// there already: no byte may be given out twice.
    pub fn add(&mut self, start: u64, len: u64, kind: u32) {
        let Some(end) = start.checked_add(len) else {
            return;
        };
        let overlaps = |range: &(u64, u64)| start < range.1 && range.0 < end;
        if kind != USABLE || len == 0 || self.ranges().iter().any(overlaps) {
            return;
        }
        if let Some(place) = self.ranges.get_mut(self.count) {
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
pub fn read(memory: &mut impl Memory, info: u64, magic: u32) -> Option<Loader> {
    // PVH says nothing of eax, and qboot leaves multiboot's number there.
    if memory.u32(info, 0)? == PVH {
        pvh(memory, info)
    } else if magic == MULTIBOOT {
        multiboot(memory, info)
    } else {
        None
    }
}

fn pvh(memory: &mut impl Memory, info: u64) -> Option<Loader> {
    let version = memory.u32(info, 4)?;
    if version == 0 {
        return None;
    }
    let mut ram = Ram::empty();
    let map = memory.u64(info, 40)?;
    let entries = u64::from(memory.u32(info, 48)?);
    for index in 0..entries.min(ENTRIES) {
        let entry = map.checked_add(index * 24)?;
        ram.add(
            memory.u64(entry, 0)?,
            memory.u64(entry, 8)?,
            memory.u32(entry, 16)?,
        );
    }
    Some(Loader {
        line: memory.u64(info, 24)?,
        named: false,
        ram,
        acpi: memory.u64(info, 32)?,
    })
}

fn multiboot(memory: &mut impl Memory, info: u64) -> Option<Loader> {
    const LINE: u32 = 1 << 2;
    const MAP: u32 = 1 << 6;
    let flags = memory.u32(info, 0)?;
    if flags & MAP == 0 {
        return None;
    }
    let mut ram = Ram::empty();
    let len = u64::from(memory.u32(info, 44)?);
    let map = u64::from(memory.u32(info, 48)?);
    let mut at = 0;
    for _ in 0..ENTRIES {
        if at >= len {
            break;
        }
        // An entry's size does not count the field that holds it.
        let entry = map.checked_add(at)?;
        let size = u64::from(memory.u32(entry, 0)?);
        ram.add(
            memory.u64(entry, 4)?,
            memory.u64(entry, 12)?,
            memory.u32(entry, 20)?,
        );
        at += size + 4;
    }
    let line = if flags & LINE != 0 {
        u64::from(memory.u32(info, 16)?)
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

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, table};
    use super::*;

    const INFO: u64 = 0x2000;
    const MAP: u64 = 0x5a8;

    fn pvh_info(map: u64, entries: u64) -> Vec<u8> {
        let fields = [
            (0, u64::from(PVH), 4),
            (4, 1, 4),
            (24, 0x9000, 8),
            (32, 0xf_0000, 8),
            (40, map, 8),
            (48, entries, 4),
        ];
        table(56, &fields)
    }

    fn pvh_map(ranges: &[(u64, u64, u64)]) -> Vec<u8> {
        let mut map = Vec::new();
        for &(start, len, kind) in ranges {
            map.extend(table(24, &[(0, start, 8), (8, len, 8), (16, kind, 4)]));
        }
        map
    }

    #[test]
    fn pvh() {
        let map = [
            (0, 0x9fc00, 1),
            (0x10_0000, 0x3f0_0000, 1),
            (0xfffc_0000, 0x4_0000, 2),
            (1 << 32, 1 << 30, 1),
        ];
        let mut memory = Fake(vec![(INFO, pvh_info(MAP, 4)), (MAP, pvh_map(&map))]);
        // qboot leaves multiboot's number in eax.
        for magic in [0, MULTIBOOT] {
            let loader = read(&mut memory, INFO, magic).unwrap();
            assert_eq!((loader.line, loader.acpi), (0x9000, 0xf_0000));
            assert!(!loader.named);
            let ranges = [
                (0, 0x9fc00),
                (0x10_0000, 0x400_0000),
                (1 << 32, (1 << 32) + (1 << 30)),
            ];
            assert_eq!(loader.ram.ranges(), ranges);
            assert_eq!(loader.ram.end_of(0x10_0000, 0x20_0000), Some(0x400_0000));
            assert_eq!(loader.ram.end_of(0x10_0000, 0x400_0001), None);
        }
    }

    #[test]
    fn pvh_nonsense() {
        let no_map = Fake(vec![(INFO, pvh_info(u64::MAX - 8, 4))]);
        let short_map = Fake(vec![
            (INFO, pvh_info(MAP, 5)),
            (MAP, pvh_map(&[(0x10_0000, 1 << 20, 1)])),
        ]);
        for mut memory in [no_map, short_map, Fake(Vec::new())] {
            assert!(read(&mut memory, INFO, 0).is_none());
        }
        // A range that wraps around is none, and there is room for 32.
        let mut map = vec![(u64::MAX, 2, 1)];
        map.extend((1..=40).map(|n| (n << 20, 4096, 1)));
        let mut memory = Fake(vec![(INFO, pvh_info(MAP, u64::MAX)), (MAP, pvh_map(&map))]);
        assert!(read(&mut memory, INFO, 0).is_none());
        map.resize(ENTRIES as usize, (0, 0, 2));
        memory.0[1].1 = pvh_map(&map);
        let loader = read(&mut memory, INFO, 0).unwrap();
        assert_eq!(loader.ram.ranges().len(), RANGES);
        assert_eq!(loader.ram.ranges()[0].0, 1 << 20);
    }

    #[test]
    fn no_byte_is_given_out_twice() {
        let map = [
            (0x10_0000, 0x10_0000, 1),
            (0x18_0000, 0x10_0000, 1),
            (0x10_0000, 0x10_0000, 1),
            (0x20_0000, 0, 1),
            (0x20_0000, 0x10_0000, 1),
        ];
        let mut memory = Fake(vec![(INFO, pvh_info(MAP, 5)), (MAP, pvh_map(&map))]);
        let loader = read(&mut memory, INFO, 0).unwrap();
        let ranges = [(0x10_0000, 0x20_0000), (0x20_0000, 0x30_0000)];
        assert_eq!(loader.ram.ranges(), ranges);
    }

    #[test]
    fn multiboot() {
        let info = |flags, len| {
            let fields = [(0, flags, 4), (16, 0x9000, 4), (44, len, 4), (48, MAP, 4)];
            table(88, &fields)
        };
        let mut map = table(24, &[(0, 20, 4), (4, 0, 8), (12, 0x9fc00, 8), (20, 1, 4)]);
        // A longer entry, as the specification allows.
        let fields = [(0, 24, 4), (4, 1 << 20, 8), (12, 7 << 20, 8), (20, 1, 4)];
        map.extend(table(28, &fields));
        let mut memory = Fake(vec![(INFO, info(0x44, 52)), (MAP, map.clone())]);
        let loader = read(&mut memory, INFO, MULTIBOOT).unwrap();
        assert_eq!(loader.line, 0x9000);
        assert!(loader.named);
        assert_eq!(loader.ram.ranges(), [(0, 0x9fc00), (1 << 20, 8 << 20)]);

        assert!(read(&mut memory, INFO, 0).is_none());
        memory.0[0].1 = info(0x4, 52);
        assert!(read(&mut memory, INFO, MULTIBOOT).is_none());
        memory.0[0].1 = info(0x44, 1 << 20);
        assert!(read(&mut memory, INFO, MULTIBOOT).is_none());
        memory.0[0].1 = info(0x40, 52);
        assert_eq!(read(&mut memory, INFO, MULTIBOOT).unwrap().line, 0);
    }
}
