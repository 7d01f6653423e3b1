//! ACPI: its tables, and power-off.
//!
//! The tables are read at the start, while all memory can be reached; of the
//! byte code in them only the package `\_S5_` is understood, as firmware writes
//! it: a name, a package, small constants.
//!
//! Source: ACPI 6.4, 4.8.3.2.1 and 4.8.3.7 (registers), 5.2.5 (RSDP), 5.2.9
//! (FADT), 20.2 (byte code).

use super::Memory;

/// How to power off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Write to one or two ports (0 for none).
    Ports([(u16, u16); 2]),
    /// Write a byte to a register in memory.
    Memory(usize, u8),
}

/// Find out how to power off. `root` is the address of the root pointer, or 0
/// to look for it where PC firmware puts it.
pub fn find(memory: &mut impl Memory, root: u64) -> Option<Switch> {
    const REDUCED: u32 = 1 << 20;
    const IN_MEMORY: u8 = 0;
    let root = self::root(memory, root)?;
    let fixed = table(memory, root, *b"FACP")?;
    let len = memory.u32(fixed, 4)?;
    let mut definitions = u64::from(memory.u32(fixed, 40)?);
    if len >= 148 && (definitions == 0 || memory.u64(fixed, 140)? != 0) {
        definitions = memory.u64(fixed, 140)?;
    }
    let types = sleep_types(memory, definitions)?;
    if memory.u32(fixed, 112)? & REDUCED != 0 {
        let [space] = memory.bytes(fixed + 244)?;
        let register = usize::try_from(memory.u64(fixed, 248)?).ok()?;
        if len < 256 || space != IN_MEMORY || register == 0 || register >= 1 << 32 {
            return None;
        }
        return Some(Switch::Memory(register, 1 << 5 | (types[0] & 7) << 2));
    }
    let mut port = |offset, kind: u8| {
        let port = u16::try_from(memory.u32(fixed, offset)?).ok()?;
        Some((port, 1 << 13 | u16::from(kind & 7) << 10))
    };
    Some(Switch::Ports([port(64, types[0])?, port(68, types[1])?]))
}

/// Where the root pointer is: at `root`, or if that is 0 where PC firmware puts it.
pub fn root(memory: &mut impl Memory, root: u64) -> Option<u64> {
    if root != 0 {
        return Some(root);
    }
    (0xe0000..0x10_0000)
        .step_by(16)
        .find(|&address| memory.bytes(address) == Some(*b"RSD PTR "))
}

/// The table of that name, through the list that the root pointer names.
pub fn table(memory: &mut impl Memory, root: u64, name: [u8; 4]) -> Option<u64> {
    if memory.bytes(root)? != *b"RSD PTR " {
        return None;
    }
    let [revision] = memory.bytes(root + 15)?;
    let (list, size) = match memory.u64(root, 24)? {
        list if revision >= 2 && list != 0 => (list, 8),
        _ => (u64::from(memory.u32(root, 16)?), 4),
    };
    let len = u64::from(memory.u32(list, 4)?);
    (36..len.min(4096)).step_by(size).find_map(|offset| {
        let table = if size == 8 {
            memory.u64(list, offset)?
        } else {
            u64::from(memory.u32(list, offset)?)
        };
        (memory.bytes(table)? == name).then_some(table)
    })
}

/// The two sleep types of `\_S5_` in the definition block at `block`.
fn sleep_types(memory: &mut impl Memory, block: u64) -> Option<[u8; 2]> {
    if memory.bytes(block)? != *b"DSDT" {
        return None;
    }
    let len = u64::from(memory.u32(block, 4)?).min(1 << 20);
    let mut last = [0; 4];
    for offset in 36..len {
        let [byte] = memory.bytes(block + offset)?;
        last = [last[1], last[2], last[3], byte];
        if last == *b"_S5_" {
            let code = memory.bytes(block + offset + 1)?;
            if let Some(types) = package(code) {
                return Some(types);
            }
        }
    }
    None
}

/// The first two numbers of the package that `code` starts with.
fn package(code: [u8; 16]) -> Option<[u8; 2]> {
    let mut code = code.into_iter();
    if code.next()? != 0x12 {
        return None;
    }
    // The length takes one to four bytes; the top bits of the first one say how
    // many more there are.
    let more = usize::from(code.next()? >> 6);
    let _elements = code.nth(more)?;
    let mut number = || match code.next()? {
        0x0a => code.next(),
        small @ (0 | 1) => Some(small),
        _ => None,
    };
    Some([number()?, number()?])
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, table};
    use super::*;

    fn code(front: &[u8]) -> [u8; 16] {
        let mut code = [0xff; 16];
        code[..front.len()].copy_from_slice(front);
        code
    }

    const DSDT: u64 = 0x2000;

    /// A definition block with `\_S5_`, and a byte sequence that only looks so.
    fn definitions(kind: u8) -> (u64, Vec<u8>) {
        let mut block = table(36, &[(4, 36 + 8 + 12, 4)]);
        block[..4].copy_from_slice(b"DSDT");
        block.extend(b"_S5_\x11___\x08_S5_\x12\x06\x04\x0a");
        block.extend([kind, 0, 0, 0]);
        block.extend([0; 16]);
        (DSDT, block)
    }

    fn with_name(name: &[u8], mut table: Vec<u8>) -> Vec<u8> {
        table[..name.len()].copy_from_slice(name);
        table
    }

    #[test]
    fn ports() {
        let root = with_name(b"RSD PTR ", table(36, &[(16, 0x1000, 4)]));
        let list = with_name(
            b"RSDT",
            table(44, &[(4, 44, 4), (36, 0x700, 4), (40, 0x800, 4)]),
        );
        let fields = [(4, 116, 4), (40, DSDT, 4), (64, 0x604, 4)];
        let fixed = with_name(b"FACP", table(116, &fields));
        let other = with_name(b"APIC", table(44, &[]));
        let mut memory = Fake(vec![
            (0xf_5a80, root),
            (0x1000, list),
            (0x700, other),
            (0x800, fixed),
            definitions(5),
        ]);
        let want = Switch::Ports([(0x604, 1 << 13 | 5 << 10), (0, 1 << 13)]);
        assert_eq!(find(&mut memory, 0xf_5a80), Some(want));
        // Found by its name on a boundary of 16 bytes as well.
        for address in (0xe_0000..0x10_0000).step_by(16) {
            if address != 0xf_5a80 {
                memory.0.push((address, vec![0; 16]));
            }
        }
        assert_eq!(find(&mut memory, 0), Some(want));
        // Every table missing, and every one cut off.
        for index in 0..5 {
            let whole = memory.0[index].1.clone();
            for len in [0, 4, 8, 36, 60] {
                memory.0[index].1.truncate(len);
                if len < whole.len() && index != 2 {
                    assert_eq!(
                        find(&mut memory, 0xf_5a80),
                        None,
                        "table {index}, {len} bytes"
                    );
                }
                memory.0[index].1.clone_from(&whole);
            }
        }
    }

    #[test]
    fn register() {
        let root = with_name(b"RSD PTR ", table(36, &[(15, 2, 1), (24, 0x1000, 8)]));
        let list = with_name(b"XSDT", table(44, &[(4, 44, 4), (36, 0x800, 8)]));
        let fields = [
            (4, 276, 4),
            (112, 1 << 20, 4),
            (140, DSDT, 8),
            (248, 0xfea0_0200, 8),
        ];
        let fixed = with_name(b"FACP", table(276, &fields));
        let mut memory = Fake(vec![
            (0xf_5a80, root),
            (0x1000, list),
            (0x800, fixed),
            definitions(5),
        ]);
        let want = Switch::Memory(0xfea0_0200, 1 << 5 | 5 << 2);
        assert_eq!(find(&mut memory, 0xf_5a80), Some(want));
        // A register in I/O space, and one that cannot be reached.
        memory.0[2].1[244] = 1;
        assert_eq!(find(&mut memory, 0xf_5a80), None);
        memory.0[2].1[244] = 0;
        memory.0[2].1[253] = 1;
        assert_eq!(find(&mut memory, 0xf_5a80), None);
    }

    #[test]
    fn packages() {
        // As QEMU writes it for -M pc, and with one element in long form.
        assert_eq!(package(code(&[0x12, 6, 4, 0, 0, 0, 0])), Some([0, 0]));
        assert_eq!(
            package(code(&[0x12, 0x0a, 4, 0x0a, 5, 0x0a, 7, 0, 0])),
            Some([5, 7])
        );
        assert_eq!(package(code(&[0x12, 0x46, 0, 4, 1, 0x0a, 3])), Some([1, 3]));
        assert_eq!(package(code(&[0x11, 6, 4, 0, 0])), None);
        assert_eq!(package(code(&[0x12, 6, 4, 0x0b, 0])), None);
    }
}
