//! Which processors there are: by ACPI, or by the older tables of Intel's specification.
//!
//! Source: ACPI 6.4, 5.2.12 (MADT); Intel MultiProcessor Specification 1.4, chapter 4.

use super::{Memory, acpi};

/// The most that are listed, and one identifier more means nobody.
const MOST: usize = 64;

/// APIC identifiers of the processors, that of the one that boots first.
#[derive(Clone, Copy, Debug)]
pub struct Identifiers {
    list: [u8; MOST],
    count: usize,
}

impl Identifiers {
    /// The one that boots.
    pub const fn new(boot: u8) -> Self {
        let mut list = [0; MOST];
        list[0] = boot;
        Self { list, count: 1 }
    }

    /// All of them.
    pub fn all(&self) -> &[u8] {
        self.list.get(..self.count).unwrap_or_default()
    }

    /// All but the one that boots.
    pub fn others(&self) -> &[u8] {
        self.all().get(1..).unwrap_or_default()
    }

    fn add(&mut self, identifier: u32) {
        /// It stands for all processors.
        const BROADCAST: u8 = 0xff;
        let Ok(identifier) = u8::try_from(identifier) else {
            return;
        };
        if identifier == BROADCAST || self.all().contains(&identifier) {
            return;
        }
        if let Some(place) = self.list.get_mut(self.count) {
            *place = identifier;
            self.count += 1;
        }
    }
}

/// Add the processors that the firmware lists. `root` is the address of ACPI's root pointer, or
/// 0 to look for it.
pub fn find(memory: &mut impl Memory, root: u64, identifiers: &mut Identifiers) {
    if by_acpi(memory, root, identifiers).is_none() {
        // Without either there is the one that boots.
        let _ = by_mp_table(memory, identifiers);
    }
}

/// The longest table that is read.
const LONGEST: u64 = 64 << 10;

fn by_acpi(memory: &mut impl Memory, root: u64, identifiers: &mut Identifiers) -> Option<()> {
    const HEADER: u64 = 44;
    const LOCAL: u8 = 0;
    const LOCAL_X2: u8 = 9;
    const ENABLED: u32 = 1;
    let root = acpi::root(memory, root)?;
    let table = acpi::table(memory, root, *b"APIC")?;
    let len = u64::from(memory.u32(table, 4)?).min(LONGEST);
    let mut offset = HEADER;
    while offset + 2 <= len {
        let [kind, size] = memory.bytes(table + offset)?;
        if size < 2 || offset + u64::from(size) > len {
            break;
        }
        let entry = table + offset;
        match (kind, size) {
            (LOCAL, 8..) if memory.u32(entry, 4)? & ENABLED != 0 => {
                let [identifier] = memory.bytes(entry + 3)?;
                identifiers.add(identifier.into());
            }
            (LOCAL_X2, 16..) if memory.u32(entry, 8)? & ENABLED != 0 => {
                identifiers.add(memory.u32(entry, 4)?);
            }
            _ => {}
        }
        offset += u64::from(size);
    }
    Some(())
}

fn by_mp_table(memory: &mut impl Memory, identifiers: &mut Identifiers) -> Option<()> {
    const HEADER: u64 = 44;
    const PROCESSOR: u8 = 0;
    const ENABLED: u8 = 1;
    let [low, high] = memory.bytes(0x40e).unwrap_or_default();
    let extended = u64::from(u16::from_le_bytes([low, high])) << 4;
    let places = [
        (extended, extended + 1024),
        (0x9_fc00, 0xa_0000),
        (0xf_0000, 0x10_0000),
    ];
    let pointer = places
        .into_iter()
        .filter(|place| place.0 != 0)
        .find_map(|(start, end)| {
            (start..end)
                .step_by(16)
                .find(|&address| memory.bytes(address) == Some(*b"_MP_"))
        })?;
    let table = u64::from(memory.u32(pointer, 4)?);
    if memory.bytes(table)? != *b"PCMP" {
        return None;
    }
    let [low, high] = memory.bytes(table + 34)?;
    let mut entry = table + HEADER;
    for _ in 0..u16::from_le_bytes([low, high]) {
        let [kind, identifier, _, flags] = memory.bytes(entry)?;
        if kind == PROCESSOR && flags & ENABLED != 0 {
            identifiers.add(identifier.into());
        }
        entry += if kind == PROCESSOR { 20 } else { 8 };
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, table};
    use super::*;

    fn found(tables: Vec<(u64, Vec<u8>)>, root: u64) -> Vec<u8> {
        let mut identifiers = Identifiers::new(3);
        find(&mut Fake(tables), root, &mut identifiers);
        identifiers.all().to_vec()
    }

    /// Root pointer and list, with the table that is given.
    fn with_acpi(entries: &[u8], len: usize) -> Vec<(u64, Vec<u8>)> {
        let mut root = table(36, &[(16, 0x1000, 4)]);
        root[..8].copy_from_slice(b"RSD PTR ");
        let list = table(40, &[(4, 40, 4), (36, 0x2000, 4)]);
        let mut apic = table(44, &[(4, len as u64, 4)]);
        apic[..4].copy_from_slice(b"APIC");
        apic.extend(entries);
        vec![(0xf_0000, root), (0x1000, list), (0x2000, apic)]
    }

    #[test]
    fn acpi_lists_them() {
        let entries = [
            &[0, 8, 0, 3, 1, 0, 0, 0][..],
            &[1, 12, 0, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0],
            &[0, 8, 1, 5, 1, 0, 0, 0],
            // Not there, listed twice, and everybody.
            &[0, 8, 2, 6, 0, 0, 0, 0],
            &[0, 8, 3, 5, 1, 0, 0, 0],
            &[0, 8, 4, 255, 1, 0, 0, 0],
            &[9, 16, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
            &[9, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        ]
        .concat();
        let len = 44 + entries.len();
        assert_eq!(found(with_acpi(&entries, len), 0xf_0000), [3, 5, 7]);
        // The table ends before the last ones, or is cut off, or its entries have no length.
        assert_eq!(found(with_acpi(&entries, 44 + 28), 0xf_0000), [3, 5]);
        assert_eq!(found(with_acpi(&entries[..30], len), 0xf_0000), [3, 5]);
        assert_eq!(
            found(with_acpi(&[0, 0, 1, 5, 1, 0, 0, 0], 52), 0xf_0000),
            [3]
        );
        assert_eq!(
            found(with_acpi(&[0, 1, 1, 5, 1, 0, 0, 0], 52), 0xf_0000),
            [3]
        );
    }

    #[test]
    fn no_more_than_there_is_room_for() {
        let entries: Vec<u8> = (0..200).flat_map(|id| [0, 8, id, id, 1, 0, 0, 0]).collect();
        let all = found(with_acpi(&entries, 44 + entries.len()), 0xf_0000);
        assert_eq!(all.len(), MOST);
        assert_eq!(all[..4], [3, 0, 1, 2]);
    }

    #[test]
    fn the_older_table_lists_them() {
        let mut pointer = table(16, &[(4, 0x3000, 4)]);
        pointer[..4].copy_from_slice(b"_MP_");
        let mut list = table(44, &[(34, 4, 4)]);
        list[..4].copy_from_slice(b"PCMP");
        for (identifier, flags) in [(3, 3), (4, 1), (9, 0)] {
            let mut entry = vec![0; 20];
            entry[1] = identifier;
            entry[3] = flags;
            list.extend(entry);
        }
        list.extend([1, 0, 0, 0, 0, 0, 0, 0]);
        for place in [0x9_fc00, 0x9_fff0, 0xf_0000, 0xf_fff0] {
            let mut tables = vec![(place, pointer.clone()), (0x3000, list.clone())];
            assert_eq!(found(tables.clone(), 0), [3, 4]);
            // Cut off.
            tables[1].1.truncate(50);
            assert_eq!(found(tables, 0), [3]);
        }
        assert_eq!(found(vec![(0x9_fc00, pointer)], 0), [3]);
        assert_eq!(found(vec![], 0), [3]);
    }
}
