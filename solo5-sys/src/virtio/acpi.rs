//! Power-off by ACPI.
//!
//! The tables are read at the start, while all memory can be reached; of the
//! byte code in them only the package `\_S5_` is understood, as firmware writes
//! it: a name, a package, small constants.
//!
//! Source: ACPI 6.4, 4.8.3.2.1 and 4.8.3.7 (registers), 5.2.5 (RSDP), 5.2.9
//! (FADT), 20.2 (byte code).

use super::physical::Physical;
use crate::core::Shared;
use crate::core::cpu::out16;

/// How to power off.
#[derive(Clone, Copy, Debug)]
enum Switch {
    /// It is not known.
    None,
    /// Write to one or two ports (0 for none).
    Ports([(u16, u16); 2]),
    /// Write a byte to a register in memory.
    Memory(usize, u8),
}

static SWITCH: Shared<Switch> = Shared::new(Switch::None);

/// Find out how to power off. `root` is the address of the root pointer, or 0
/// to look for it where PC firmware puts it. Answers the address of the
/// register, if it lies in memory: it must stay mapped.
///
/// # Safety
/// To be called once, before the program starts.
pub unsafe fn initialise(physical: &mut Physical, root: u64) -> Option<usize> {
    let switch = find(physical, root).unwrap_or(Switch::None);
    // SAFETY: nobody reads it yet.
    unsafe { SWITCH.get().write(switch) };
    match switch {
        Switch::Memory(address, _) => Some(address),
        _ => None,
    }
}

/// Power off; comes back where that does not work, or before it does.
pub fn power_off() {
    // SAFETY: written before the program started.
    match unsafe { *SWITCH.get() } {
        Switch::None => {}
        Switch::Ports(ports) => {
            for (port, value) in ports {
                if port != 0 {
                    // SAFETY: the firmware's own register and value for this.
                    unsafe { out16(port, value) };
                }
            }
        }
        Switch::Memory(address, value) => {
            let register = core::ptr::with_exposed_provenance_mut::<u8>(address);
            // SAFETY: as above; the page is mapped, as `initialise` demands.
            unsafe { register.write_volatile(value) };
        }
    }
}

fn find(physical: &mut Physical, root: u64) -> Option<Switch> {
    const REDUCED: u32 = 1 << 20;
    const IN_MEMORY: u8 = 0;
    let root = if root != 0 {
        root
    } else {
        (0xe0000..0x10_0000)
            .step_by(16)
            .find(|&address| physical.bytes(address) == Some(*b"RSD PTR "))?
    };
    let fixed = fixed_table(physical, root)?;
    let len = physical.u32(fixed + 4)?;
    let mut definitions = u64::from(physical.u32(fixed + 40)?);
    if len >= 148 && (definitions == 0 || physical.u64(fixed + 140)? != 0) {
        definitions = physical.u64(fixed + 140)?;
    }
    let types = sleep_types(physical, definitions)?;
    if physical.u32(fixed + 112)? & REDUCED != 0 {
        let [space] = physical.bytes(fixed + 244)?;
        let register = usize::try_from(physical.u64(fixed + 248)?).ok()?;
        if len < 256 || space != IN_MEMORY || register == 0 || register >= 1 << 32 {
            return None;
        }
        return Some(Switch::Memory(register, 1 << 5 | (types[0] & 7) << 2));
    }
    let mut port = |offset, kind: u8| {
        let port = u16::try_from(physical.u32(fixed + offset)?).ok()?;
        Some((port, 1 << 13 | u16::from(kind & 7) << 10))
    };
    Some(Switch::Ports([port(64, types[0])?, port(68, types[1])?]))
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
