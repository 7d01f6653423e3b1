//! What loaders and PC firmware leave in memory: readers without side effects.
//!
//! All of it comes from the host, and so is untrusted: every address is checked
//! by [`Memory`], every number bounded, and what makes no sense is not there.

pub mod acpi;
pub mod date;
pub mod loader;
pub mod processors;

/// Physical memory, to be read.
pub trait Memory {
    /// The `N` bytes at `address`; `None` where there can be none.
    fn bytes<const N: usize>(&mut self, address: u64) -> Option<[u8; N]>;

    /// The 32-bit number `offset` bytes into the table at `table`.
    fn u32(&mut self, table: u64, offset: u64) -> Option<u32> {
        self.bytes(table.checked_add(offset)?)
            .map(u32::from_le_bytes)
    }

    /// The 64-bit number `offset` bytes into the table at `table`.
    fn u64(&mut self, table: u64, offset: u64) -> Option<u64> {
        self.bytes(table.checked_add(offset)?)
            .map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod fake {
    use super::Memory;

    /// Memory that holds what was put there, and nothing else.
    pub struct Fake(pub Vec<(u64, Vec<u8>)>);

    impl Memory for Fake {
        fn bytes<const N: usize>(&mut self, address: u64) -> Option<[u8; N]> {
            self.0.iter().find_map(|(start, bytes)| {
                let from = usize::try_from(address.checked_sub(*start)?).ok()?;
                let bytes = bytes.get(from..from.checked_add(N)?)?;
                bytes.try_into().ok()
            })
        }
    }

    /// Little-endian fields of 4 or 8 bytes at offsets.
    pub fn table(len: usize, fields: &[(usize, u64, usize)]) -> Vec<u8> {
        let mut bytes = vec![0; len];
        for &(offset, value, size) in fields {
            bytes[offset..offset + size].copy_from_slice(&value.to_le_bytes()[..size]);
        }
        bytes
    }
}
