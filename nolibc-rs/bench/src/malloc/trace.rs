//! Traces: what real programs asked for. See `traces/README.md`.

use super::workload::{Kind, Op, Workload, recorded};
use crate::Result;

/// Name and content, compressed.
const TRACES: [(&str, &[u8]); 3] = [
    ("tr:net", include_bytes!("../../traces/net.trace")),
    ("tr:gcmix", include_bytes!("../../traces/gcmix.trace")),
    ("tr:compiler", include_bytes!("../../traces/compiler.trace")),
];

/// The recorded workloads that are wanted, by name.
pub fn all(is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Workload>> {
    let workload = |(name, bytes): &(&str, &[u8])| recorded(name, &unpack(bytes)?);
    let wanted = TRACES.iter().filter(|(name, _)| is_wanted(name));
    wanted.map(workload).collect()
}

/// A number in base 128, the lowest digit first, all but the last with their top bit set.
fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = bytes.next()?;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn unpack(packed: &[u8]) -> Result<Vec<Op>> {
    let bytes = miniz_oxide::inflate::decompress_to_vec(packed)
        .map_err(|error| format!("a trace: {error}"))?;
    let mut bytes = bytes.into_iter();
    let mut ops = Vec::new();
    while let Some(kind) = bytes.next() {
        let kind = Kind::from_number(kind).ok_or("a trace has an operation of no kind")?;
        let slot = take(&mut bytes).ok_or("a trace is cut off")?;
        let len_bytes = match kind {
            Kind::Free => 0,
            _ => take(&mut bytes).ok_or("a trace is cut off")?,
        };
        ops.push(Op {
            kind,
            slot,
            len_bytes,
        });
    }
    Ok(ops)
}

fn pack(ops: &[Op]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for op in ops {
        bytes.push(op.kind as u8);
        put(&mut bytes, op.slot);
        if op.kind != Kind::Free {
            put(&mut bytes, op.len_bytes);
        }
    }
    miniz_oxide::deflate::compress_to_vec(&bytes, 10)
}

/// What the recorder writes for each call, three words: the kind and the length; the address
/// before; the address after.
const RECORD: usize = 24;
/// The recorder's numbers for calls.
mod call {
    pub const ALLOCATE: u64 = 0;
    pub const ALIGN: u64 = 1;
    pub const MAP: u64 = 2;
    pub const RESIZE: u64 = 3;
    pub const FREE: u64 = 4;
    pub const UNMAP: u64 = 5;
}

/// Slots by address.
#[derive(Default)]
struct Slots {
    live: std::collections::HashMap<u64, u32>,
    free: Vec<u32>,
    count: u32,
}

impl Slots {
    fn add(&mut self, address: u64) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.live.insert(address, slot);
        slot
    }

    fn remove(&mut self, address: u64) -> Option<u32> {
        let slot = self.live.remove(&address)?;
        self.free.push(slot);
        Some(slot)
    }
}

/// Turn what the recorder wrote into a trace.
///
/// # Errors
/// It is not what the recorder writes.
pub fn convert(recording: &[u8]) -> Result<Vec<u8>> {
    let mut slots = Slots::default();
    let mut ops = Vec::new();
    for record in recording.chunks(RECORD) {
        let word = |at: usize| -> Result<u64> {
            let bytes = record
                .get(8 * at..8 * at + 8)
                .ok_or("a recording is cut off")?;
            Ok(u64::from_le_bytes(bytes.try_into()?))
        };
        let (what, before, after) = (word(0)?, word(1)?, word(2)?);
        let len_bytes = u32::try_from(what >> 8)?.max(1);
        let mut push = |kind, slot, len_bytes| {
            ops.push(Op {
                kind,
                slot,
                len_bytes,
            })
        };
        match what & 0xff {
            call::ALLOCATE => push(Kind::Allocate, slots.add(after), len_bytes),
            call::ALIGN => push(Kind::Align, slots.add(after), len_bytes),
            call::MAP => push(Kind::Map, slots.add(after), len_bytes),
            call::FREE | call::UNMAP => {
                // What the program got before recording began is nothing to a trace.
                if let Some(slot) = slots.remove(before) {
                    push(Kind::Free, slot, 0);
                }
            }
            call::RESIZE => match slots.live.remove(&before) {
                Some(slot) => {
                    slots.live.insert(after, slot);
                    push(Kind::Resize, slot, len_bytes);
                }
                None => push(Kind::Allocate, slots.add(after), len_bytes),
            },
            other => return Err(format!("a recording has call number {other}").into()),
        }
    }
    recorded("the recording", &ops)?;
    Ok(pack(&ops))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out() -> Result<()> {
        let words = [
            [0x3000 << 8 | call::ALLOCATE, 0, 16],
            [call::FREE, 999, 0],
            [70_000 << 8 | call::RESIZE, 16, 32],
            [call::FREE, 32, 0],
            [4096 << 8 | call::MAP, 0, 8192],
        ];
        let recording: Vec<u8> = words
            .iter()
            .flatten()
            .flat_map(|w| w.to_le_bytes())
            .collect();
        let ops = unpack(&convert(&recording)?)?;
        let found: Vec<_> = ops
            .iter()
            .map(|op| (op.kind, op.slot, op.len_bytes))
            .collect();
        let expected = [
            (Kind::Allocate, 0, 0x3000),
            (Kind::Resize, 0, 70_000),
            (Kind::Free, 0, 0),
            (Kind::Map, 0, 4096),
        ];
        assert_eq!(found, expected);
        assert!(convert(&recording[1..]).is_err());
        Ok(())
    }

    #[test]
    fn traces_are_whole() -> Result<()> {
        for workload in all(|_| true)? {
            assert!(workload.ops.len() > 1000, "{}", workload.name);
        }
        Ok(())
    }
}
