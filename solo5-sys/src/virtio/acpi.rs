//! Power-off by ACPI.
//!
//! The tables are read at the start, while all memory can be reached; of the
//! byte code in them only the package `\_S5_` is understood, as firmware writes
//! it: a name, a package, small constants.
//!
//! Source: ACPI 6.4, 4.8.3.2.1 and 4.8.3.7 (registers), 5.2.5 (RSDP), 5.2.9
//! (FADT), 20.2 (byte code).

use core::sync::atomic::{AtomicU32, Ordering};

use super::physical::Physical;
use crate::core::cpu::out16;

/// Ports of the control registers (high half: the second, 0 for none).
static PORTS: AtomicU32 = AtomicU32::new(0);
/// What to write there (high half: to the second).
static VALUES: AtomicU32 = AtomicU32::new(0);

const SLEEP_ENABLE: u16 = 1 << 13;
const SLEEP_TYPE_SHIFT: u32 = 10;

/// Find out how to power off. `root` is the address of the root pointer, or 0
/// to look for it where PC firmware puts it.
pub fn initialise(physical: &mut Physical, root: u64) {
    if let Some((ports, values)) = find(physical, root) {
        PORTS.store(ports, Ordering::Relaxed);
        VALUES.store(values, Ordering::Relaxed);
    }
}

/// Power off; comes back where that does not work.
pub fn power_off() {
    let ports = PORTS.load(Ordering::Relaxed);
    let values = VALUES.load(Ordering::Relaxed);
    for shift in [0, 16] {
        let port = (ports >> shift) as u16;
        if port != 0 {
            // SAFETY: the firmware's own register and value for this.
            unsafe { out16(port, (values >> shift) as u16) };
        }
    }
}

fn find(physical: &mut Physical, root: u64) -> Option<(u32, u32)> {
    let root = if root != 0 {
        root
    } else {
        (0xe0000..0x10_0000)
            .step_by(16)
            .find(|&address| physical.bytes(address) == Some(*b"RSD PTR "))?
    };
    let fixed = fixed_table(physical, root)?;
    let len = physical.u32(fixed + 4)?;
    let first = u16::try_from(physical.u32(fixed + 64)?).ok()?;
    let second = u16::try_from(physical.u32(fixed + 68)?).unwrap_or(0);
    if first == 0 {
        return None;
    }
    let mut definitions = u64::from(physical.u32(fixed + 40)?);
    if definitions == 0 && len >= 148 {
        definitions = physical.u64(fixed + 140)?;
    }
    let [first_type, second_type] = sleep_types(physical, definitions)?;
    let value = |kind: u8| u32::from(SLEEP_ENABLE | u16::from(kind & 7) << SLEEP_TYPE_SHIFT);
    Some((
        u32::from(first) | u32::from(second) << 16,
        value(first_type) | value(second_type) << 16,
    ))
}

/// The table `FACP`, through the list that the root pointer names.
fn fixed_table(physical: &mut Physical, root: u64) -> Option<u64> {
    if physical.bytes(root)? != *b"RSD PTR " {
        return None;
    }
    let [revision] = physical.bytes(root + 15)?;
    let (list, size) = match physical.u64(root + 24)? {
        list if revision >= 2 && list != 0 => (list, 8),
        _ => (u64::from(physical.u32(root + 16)?), 4),
    };
    let len = u64::from(physical.u32(list + 4)?);
    (36..len.min(4096)).step_by(size).find_map(|offset| {
        let table = if size == 8 {
            physical.u64(list + offset)?
        } else {
            u64::from(physical.u32(list + offset)?)
        };
        (physical.bytes(table)? == *b"FACP").then_some(table)
    })
}

/// The two sleep types of `\_S5_` in the definition block at `block`.
fn sleep_types(physical: &mut Physical, block: u64) -> Option<[u8; 2]> {
    if physical.bytes(block)? != *b"DSDT" {
        return None;
    }
    let len = u64::from(physical.u32(block + 4)?).min(1 << 20);
    let mut last = [0; 4];
    for offset in 36..len {
        let [byte] = physical.bytes(block + offset)?;
        last = [last[1], last[2], last[3], byte];
        if last == *b"_S5_" {
            let code = physical.bytes(block + offset + 1)?;
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
    use super::*;

    fn code(front: &[u8]) -> [u8; 16] {
        let mut code = [0xff; 16];
        code[..front.len()].copy_from_slice(front);
        code
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
