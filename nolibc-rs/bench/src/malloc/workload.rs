//! What allocators are made to do: lists of operations, made up or recorded.

use crate::Result;

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// `malloc`.
    Allocate,
    /// `memalign` at a page.
    Align,
    /// `mmap` of private memory.
    Map,
    /// `realloc`.
    Resize,
    /// `free`, or `munmap` of all that was mapped.
    Free,
}

impl Kind {
    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        let kinds = [
            Self::Allocate,
            Self::Align,
            Self::Map,
            Self::Resize,
            Self::Free,
        ];
        kinds.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// One operation on the block that a slot holds.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    /// What to do.
    pub kind: Kind,
    /// To which block.
    pub slot: u32,
    /// How long it is to be.
    pub len_bytes: u32,
}

/// What the name of a workload ends with if its mappings are real.
pub const MAPPED: &str = " mmap";

/// A list of operations that ends with nothing allocated.
#[derive(Clone)]
pub struct Workload {
    /// What the table calls it.
    pub name: String,
    /// What is done, in this order.
    pub ops: Vec<Op>,
    /// How many slots there are.
    pub slots: usize,
    /// The most bytes that are asked for at one time.
    pub peak_bytes: usize,
    /// Whether it is like what OCaml's runtime does.
    pub is_runtime_like: bool,
    /// Whether mappings are zeroed and go to `mmap` where there is one; else they are blocks
    /// at pages.
    pub is_mapped: bool,
}

/// Random numbers, the same in each run (Marsaglia, "Xorshift RNGs", 2003).
pub struct Random(u64);

impl Random {
    /// Start anew.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() >> 16) as usize % end.max(1)
    }

    /// A length between two, each power of two as likely as another.
    pub fn length(&mut self, low: u32, high: u32) -> u32 {
        let part = (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        let (low, high) = (f64::from(low), f64::from(high));
        (low * (high / low).powf(part)) as u32
    }
}

/// Collects operations and knows what is allocated.
#[derive(Default)]
struct Plan {
    ops: Vec<Op>,
    lens: Vec<u32>,
    live_bytes: usize,
    peak_bytes: usize,
}

impl Plan {
    fn op(&mut self, kind: Kind, slot: usize, len_bytes: u32) {
        if self.lens.len() <= slot {
            self.lens.resize(slot + 1, 0);
        }
        self.live_bytes += len_bytes as usize;
        self.live_bytes -= self.lens[slot] as usize;
        self.lens[slot] = len_bytes;
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        let slot = slot as u32;
        self.ops.push(Op {
            kind,
            slot,
            len_bytes,
        });
    }

    fn allocate(&mut self, slot: usize, len_bytes: u32) {
        self.op(Kind::Allocate, slot, len_bytes);
    }

    fn free(&mut self, slot: usize) {
        self.op(Kind::Free, slot, 0);
    }

    /// Give back what is left, and name it all.
    fn finish(mut self, name: &str, is_runtime_like: bool) -> Workload {
        for slot in 0..self.lens.len() {
            if self.lens[slot] != 0 {
                self.free(slot);
            }
        }
        Workload {
            name: name.to_string(),
            slots: self.lens.len(),
            ops: self.ops,
            peak_bytes: self.peak_bytes,
            is_runtime_like,
            is_mapped: false,
        }
    }
}

/// One block at a time.
fn tight(name: &str) -> Workload {
    let mut plan = Plan::default();
    for _ in 0..100_000 {
        plan.allocate(0, 64);
        plan.free(0);
    }
    plan.finish(name, false)
}

/// `count` blocks, then back in reverse.
fn lifo(name: &str, count: usize, lens: (u32, u32)) -> Workload {
    let mut plan = Plan::default();
    let mut random = Random::new(1);
    for _ in 0..100_000 / count {
        for slot in 0..count {
            plan.allocate(slot, random.length(lens.0, lens.1));
        }
        for slot in (0..count).rev() {
            plan.free(slot);
        }
    }
    plan.finish(name, false)
}

/// `count` live blocks; which one is replaced `next` says.
fn replaced(
    name: &str,
    count: usize,
    lens: (u32, u32),
    next: impl Fn(usize, &mut Random) -> usize,
) -> Workload {
    let mut plan = Plan::default();
    let mut random = Random::new(2);
    for slot in 0..count {
        plan.allocate(slot, random.length(lens.0, lens.1));
    }
    for turn in 0..(2 * count).max(100_000) {
        let slot = next(turn, &mut random);
        plan.free(slot);
        plan.allocate(slot, random.length(lens.0, lens.1));
    }
    plan.finish(name, false)
}

/// 512 packets in the order in which they came, beside 4000 longer-lived blocks.
fn packets(name: &str) -> Workload {
    const QUEUE: usize = 512;
    const OTHERS: usize = 4000;
    let mut plan = Plan::default();
    let mut random = Random::new(3);
    for slot in QUEUE..QUEUE + OTHERS {
        plan.allocate(slot, random.length(1 << 10, 16 << 10));
    }
    for turn in 0..100_000 {
        if turn >= QUEUE {
            plan.free(turn % QUEUE);
        }
        plan.allocate(turn % QUEUE, 66 + random.below(4096 - 66) as u32);
        if turn % 16 == 0 {
            let slot = QUEUE + random.below(OTHERS);
            plan.free(slot);
            plan.allocate(slot, random.length(1 << 10, 16 << 10));
        }
    }
    plan.finish(name, true)
}

/// 2000 blocks of up to 12 pages at pages.
fn align4k(name: &str) -> Workload {
    let mut plan = Plan::default();
    let mut random = Random::new(4);
    for turn in 0..60_000 {
        let slot = if turn < 2000 {
            turn
        } else {
            random.below(2000)
        };
        if turn >= 2000 {
            plan.free(slot);
        }
        plan.op(Kind::Align, slot, 4096 * (1 + random.below(12) as u32));
    }
    plan.finish(name, true)
}

/// A buffer that grows by half from 64 bytes to 1 MiB, beside 1000 small blocks.
fn realloc(name: &str) -> Workload {
    let mut plan = Plan::default();
    let mut random = Random::new(5);
    for slot in 1..=1000 {
        plan.allocate(slot, random.length(16, 512));
    }
    for _ in 0..2000 {
        let mut len = 64;
        plan.allocate(0, len);
        while len < 1 << 20 {
            len += len / 2;
            plan.op(Kind::Resize, 0, len);
        }
        plan.free(0);
    }
    plan.finish(name, false)
}

/// The major heap: 1000 pools of 32 KiB at pages, 1500 large blocks of 1 to 64 KiB.
fn ocaml_heap(name: &str) -> Workload {
    const POOLS: usize = 1000;
    const LARGE: usize = 1500;
    let mut plan = Plan::default();
    let mut random = Random::new(6);
    let fill = |plan: &mut Plan, random: &mut Random, slot| {
        if slot < POOLS {
            plan.op(Kind::Map, slot, 32 << 10);
        } else {
            plan.allocate(slot, random.length(1 << 10, 64 << 10));
        }
    };
    for slot in 0..POOLS + LARGE {
        fill(&mut plan, &mut random, slot);
    }
    for turn in 0..60_000 {
        let slot = match turn % 4 {
            0 => random.below(POOLS),
            _ => POOLS + random.below(LARGE),
        };
        plan.free(slot);
        fill(&mut plan, &mut random, slot);
    }
    plan.finish(name, true)
}

/// The made-up workloads that are wanted, by name.
pub fn synthetic(is_wanted: impl Fn(&str) -> bool) -> Vec<Workload> {
    type Make = fn(&str) -> Workload;
    const SMALL: (u32, u32) = (16, 8 << 10);
    const MIXED: (u32, u32) = (16, 64 << 10);
    fn oldest(count: usize) -> impl Fn(usize, &mut Random) -> usize {
        move |turn, _| turn % count
    }
    fn any(count: usize) -> impl Fn(usize, &mut Random) -> usize {
        move |_, random| random.below(count)
    }
    let list: [(&str, Make); 11] = [
        ("tight64", tight),
        ("lifo100", |name| lifo(name, 100, (16, 1 << 10))),
        ("lifo10k", |name| lifo(name, 10_000, MIXED)),
        ("fifo10k", |name| {
            replaced(name, 10_000, MIXED, oldest(10_000))
        }),
        ("fifo100k", |name| {
            replaced(name, 100_000, SMALL, oldest(100_000))
        }),
        ("rand10k", |name| replaced(name, 10_000, MIXED, any(10_000))),
        ("rand100k", |name| {
            replaced(name, 100_000, SMALL, any(100_000))
        }),
        ("realloc", realloc),
        ("packets", packets),
        ("align4k", align4k),
        ("ocaml-heap", ocaml_heap),
    ];
    let wanted = list.into_iter().filter(|(name, _)| is_wanted(name));
    wanted.map(|(name, make)| make(name)).collect()
}

/// Blocks of 1 KiB to 1 MiB, random ones freed so that `percent` of an arena stays asked for.
pub fn fragmenting(arena_bytes: usize, percent: usize, ops: usize) -> Workload {
    let target = arena_bytes / 100 * percent;
    let mut plan = Plan::default();
    let mut random = Random::new(7);
    let (mut live, mut free, mut count) = (Vec::new(), Vec::new(), 0);
    while plan.ops.len() < ops {
        let len = random.length(1 << 10, 1 << 20);
        while plan.live_bytes + len as usize > target {
            let slot = live.swap_remove(random.below(live.len()));
            plan.free(slot);
            free.push(slot);
        }
        let slot = free.pop().unwrap_or_else(|| {
            count += 1;
            count - 1
        });
        plan.allocate(slot, len);
        live.push(slot);
    }
    plan.finish(&format!("1K-1M at {percent} %"), false)
}

/// A recorded workload.
pub fn recorded(name: &str, records: &[Op]) -> Result<Workload> {
    let mut plan = Plan::default();
    for op in records {
        let slot = op.slot as usize;
        let is_live = plan.lens.get(slot).is_some_and(|len| *len != 0);
        if is_live != op.wants_live() {
            let kind = op.kind;
            return Err(format!("{name}: {kind:?} of a block that is not, or is, there").into());
        }
        plan.op(op.kind, slot, op.len_bytes);
    }
    Ok(plan.finish(name, true))
}

impl Op {
    /// Whether the block must be there before.
    pub fn wants_live(&self) -> bool {
        matches!(self.kind, Kind::Free | Kind::Resize)
    }
}

impl Workload {
    /// The same with real mappings.
    pub fn mapped(&self) -> Self {
        Self {
            name: format!("{}{MAPPED}", self.name),
            ops: self.ops.clone(),
            is_runtime_like: false,
            is_mapped: true,
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_end_with_nothing() {
        for workload in synthetic(|_| true) {
            let mut live = vec![0usize; workload.slots];
            for op in &workload.ops {
                let slot = &mut live[op.slot as usize];
                assert_eq!(*slot != 0, op.wants_live(), "{}: {op:?}", workload.name);
                *slot = op.len_bytes as usize;
            }
            assert!(live.iter().all(|len| *len == 0), "{}", workload.name);
        }
    }

    #[test]
    fn a_trace_that_frees_twice_is_refused() {
        let op = |kind, len_bytes| Op {
            kind,
            slot: 0,
            len_bytes,
        };
        let good = [op(Kind::Allocate, 8), op(Kind::Free, 0)];
        assert!(recorded("good", &good).is_ok());
        assert!(recorded("bad", &[good[0], good[1], good[1]]).is_err());
    }
}
