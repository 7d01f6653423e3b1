//! Blocks near a CPU: while several CPUs run, each keeps a few blocks of each size in a slab, so
//! that most calls of `malloc` and `free` do not meet at the heap's lock.
//!
//! To the heap such a block is in use; figures count it as cached. When memory is wanted, all go
//! back. A block that is near carries a mark: `free` of one that has it looks whether it is.

use core::ptr::NonNull;
use core::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::class::{CLASSES, TABLE, class_for};
use super::slab;
use super::{Heap, MIN_ALIGN, Misuse};
use crate::pages::{UNIT_BYTES, Unit};
use crate::report;
use crate::sync::Lock;
use crate::thread::cpu;

/// The most blocks of one size.
const MOST: usize = 16;
/// And the most bytes, but for four blocks.
const MOST_BYTES: usize = 2048;

/// How many blocks of a class a CPU keeps.
const fn most(class: usize) -> usize {
    let fit = MOST_BYTES / TABLE[class].bytes();
    if fit > MOST {
        MOST
    } else if fit < 4 {
        4
    } else {
        fit
    }
}

/// The blocks near one CPU.
pub struct Near {
    stock: Lock<Stock>,
    /// Of all of them, together.
    bytes: AtomicUsize,
}

struct Stock {
    counts: [u8; CLASSES],
    blocks: [[usize; MOST]; CLASSES],
}

impl Near {
    /// None.
    #[expect(
        clippy::new_without_default,
        reason = "one for each CPU, made in place"
    )]
    pub const fn new() -> Self {
        Self {
            stock: Lock::new(Stock {
                counts: [0; CLASSES],
                blocks: [[0; MOST]; CLASSES],
            }),
            bytes: AtomicUsize::new(0),
        }
    }

    fn add(&self, bytes: usize) {
        // With the lock held.
        self.bytes.store(self.bytes.load(Relaxed) + bytes, Relaxed);
    }

    fn take(&self, bytes: usize) {
        self.bytes.store(self.bytes.load(Relaxed) - bytes, Relaxed);
    }

    /// A block of this class.
    fn alloc(&self, heap: &Lock<Heap>, class: usize) -> Option<NonNull<u8>> {
        let stock = &mut *self.stock.lock();
        let bytes = TABLE[class].bytes();
        let (count, blocks) = stock.of(class);
        if *count == 0 {
            let mut heap = heap.lock();
            while usize::from(*count) < most(class) / 2 + 1 {
                let Some(block) = heap.alloc_near(class) else {
                    break;
                };
                blocks[usize::from(*count) % MOST] = block.addr().get();
                set_mark(block.addr().get(), true);
                *count += 1;
                self.add(bytes);
            }
        }
        *count = count.checked_sub(1)?;
        let block = blocks[usize::from(*count) % MOST];
        set_mark(block, false);
        self.take(bytes);
        NonNull::new(core::ptr::with_exposed_provenance_mut(block))
    }

    /// Keep a block of this class, which is in use.
    fn keep(&self, heap: &Lock<Heap>, class: usize, block: usize) {
        let stock = &mut *self.stock.lock();
        let (count, blocks) = stock.of(class);
        if usize::from(*count) == most(class) {
            let half = most(class) / 2;
            self.give_back(&mut heap.lock(), class, &blocks[half..most(class)]);
            *count = half as u8;
        }
        set_mark(block, true);
        blocks[usize::from(*count) % MOST] = block;
        *count += 1;
        self.add(TABLE[class].bytes());
    }

    fn give_back(&self, heap: &mut Heap, class: usize, blocks: &[usize]) {
        for &block in blocks {
            set_mark(block, false);
            self.take(TABLE[class].bytes());
            let block = NonNull::new(core::ptr::with_exposed_provenance_mut(block));
            let freed = block.map(|block| heap.free(block));
            if freed != Some(Ok(())) {
                report::die("the blocks near a CPU were overwritten");
            }
        }
    }

    /// Give back all blocks; whether there were any.
    fn clear(&self, heap: &Lock<Heap>) -> bool {
        let stock = &mut *self.stock.lock();
        let mut any = false;
        for class in 0..CLASSES {
            let (count, blocks) = stock.of(class);
            let kept = usize::from(core::mem::take(count));
            any |= kept > 0;
            self.give_back(&mut heap.lock(), class, &blocks[..kept.min(MOST)]);
        }
        any
    }

    fn has(&self, class: usize, block: usize) -> bool {
        let stock = &mut *self.stock.lock();
        let (count, blocks) = stock.of(class);
        blocks[..usize::from(*count).min(MOST)].contains(&block)
    }
}

impl Stock {
    fn of(&mut self, class: usize) -> (&mut u8, &mut [usize; MOST]) {
        let class = super::class::in_range(class);
        (&mut self.counts[class], &mut self.blocks[class])
    }
}

/// What the second word of a block at this address holds while it is near a CPU.
const fn mark(block: usize) -> usize {
    block.rotate_left(17) ^ 0x6e65_6172_5f61_5f63
}

fn second_word(block: usize) -> *mut usize {
    core::ptr::with_exposed_provenance_mut::<usize>(block).wrapping_add(1)
}

fn set_mark(block: usize, near: bool) {
    let word = if near { mark(block) } else { 0 };
    // SAFETY: a block that nobody uses, of two words at least.
    unsafe { second_word(block).write(word) };
}

/// What is needed to know a block in a slab by its address; set once.
struct Map {
    base: AtomicUsize,
    units: AtomicUsize,
    table: AtomicPtr<Unit>,
}

static MAP: Map = Map {
    base: AtomicUsize::new(0),
    units: AtomicUsize::new(0),
    table: AtomicPtr::new(core::ptr::null_mut()),
};

/// Where the heap's table of units is.
pub(super) fn set_map(heap: &Heap) {
    MAP.base
        .store(heap.pages.at(0).expose_provenance(), Relaxed);
    MAP.table.store(heap.pages.table(), Relaxed);
    MAP.units.store(heap.pages.span_units() as usize, Relaxed);
}

/// The class of the block in a slab at this address, if it is one that is in use.
///
/// Without the heap's lock: what is read of a block in use does not change but for the bits of its
/// neighbours, whose word is read at once. What is not such a block is left to those who have the
/// lock.
fn class_of(block: usize) -> Option<usize> {
    let base = MAP.base.load(Relaxed);
    let unit = block.checked_sub(base)? / UNIT_BYTES;
    if unit >= MAP.units.load(Relaxed) {
        return None;
    }
    let entry = MAP.table.load(Relaxed).wrapping_add(unit).cast::<u8>();
    // SAFETY: the table has so many entries.
    let what = Unit::from_raw(unsafe { AtomicU8::from_ptr(entry) }.load(Relaxed));
    let record = base + unit.checked_sub(what.as_slab()?)? * UNIT_BYTES;
    // SAFETY: a slab starts there, as the table says.
    let (class, index, word) = unsafe { slab::place_of(record, block) }?;
    // SAFETY: the word is in the record.
    let free = unsafe { AtomicU64::from_ptr(word) }.load(Relaxed);
    (free >> (index % 64) & 1 == 0).then_some(class)
}

/// A block of at most so many bytes from those near the calling CPU.
#[cold]
#[inline(never)]
pub(super) fn alloc(heap: &Lock<Heap>, len_bytes: usize) -> Option<NonNull<u8>> {
    let class = class_for(len_bytes, MIN_ALIGN)?;
    cpu::near()?.alloc(heap, class)
}

/// Keep a block near the calling CPU. False: nothing is done.
#[cold]
#[inline(never)]
pub(super) fn free(heap: &Lock<Heap>, block: usize) -> bool {
    let Some(near) = cpu::near() else {
        return false;
    };
    let Some(class) = class_of(block) else {
        return false;
    };
    see_that_it_is_not_near(class, block);
    near.keep(heap, class, block);
    true
}

fn see_that_it_is_not_near(class: usize, block: usize) {
    // SAFETY: a block in use, of two words at least.
    let looks_near = unsafe { second_word(block).read() } == mark(block);
    if looks_near && cpu::all_near().any(|near| near.has(class, block)) {
        report::die_at(Misuse::NotLive.message(), block);
    }
}

/// End the program with a report if a block was given back, and is near a CPU.
#[cold]
#[inline(never)]
pub(super) fn see_that_it_is_live(block: usize) {
    if let Some(class) = class_of(block) {
        see_that_it_is_not_near(class, block);
    }
}

/// Give back all blocks that are near CPUs; whether there were any.
#[cold]
pub(super) fn clear(heap: &Lock<Heap>) -> bool {
    let mut any = false;
    for near in cpu::all_near() {
        any |= near.clear(heap);
    }
    any
}

/// Bytes in blocks that are near CPUs.
pub(super) fn bytes() -> usize {
    cpu::all_near().map(|near| near.bytes.load(Relaxed)).sum()
}
