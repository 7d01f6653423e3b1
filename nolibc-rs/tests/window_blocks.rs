//! Blocks beside memory that is mapped in a window and given back in parts: each keeps what is
//! written into it.

use std::collections::BTreeMap;
use std::ptr::{NonNull, with_exposed_provenance_mut};

use nolibc::heap::Heap;
use nolibc::memory::Protection;
use nolibc::pages::{PAGE_BYTES, Range};
use nolibc::platform::fake;
use proptest::prelude::*;

const MEMORY_PAGES: usize = 128;
const WINDOW_BYTES: usize = 16 << 20;
/// More than there is memory for.
const RESERVED_PAGES: usize = 300;

/// What is done; numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    Alloc { len: usize, align: usize },
    Free { which: usize },
    Resize { which: usize, len: usize },
    Commit { first: usize, pages: usize },
    Decommit { first: usize, pages: usize },
}

fn steps() -> impl Strategy<Value = Step> {
    let len = prop_oneof![
        2 => 0..600usize,
        3 => (32..160usize).prop_map(|grains| grains * 16),
        3 => (1..25usize).prop_map(|units| units * 512),
        1 => 0..40_000usize,
    ];
    let align = prop_oneof![4 => Just(16), 1 => (5..13u32).prop_map(|bits| 1 << bits)];
    let part = || (0..RESERVED_PAGES, 1..13usize);
    prop_oneof![
        5 => (len.clone(), align).prop_map(|(len, align)| Step::Alloc { len, align }),
        3 => any::<usize>().prop_map(|which| Step::Free { which }),
        1 => (any::<usize>(), len).prop_map(|(which, len)| Step::Resize { which, len }),
        1 => part().prop_map(|(first, pages)| Step::Commit { first, pages }),
        2 => part().prop_map(|(first, pages)| Step::Decommit { first, pages }),
    ]
}

/// The heap, and what is in which memory.
struct World {
    heap: Heap,
    reserved: usize,
    /// Usable length and content.
    blocks: BTreeMap<usize, (usize, u8)>,
    /// The content of each page that may be accessed.
    pages: BTreeMap<usize, u8>,
}

fn bytes<'a>(start: usize, len: usize) -> &'a mut [u8] {
    // SAFETY: callers pass live blocks or mapped pages, in memory that is leaked.
    unsafe { std::slice::from_raw_parts_mut(with_exposed_provenance_mut(start), len) }
}

fn holds(start: usize, len: usize, fill: u8) -> bool {
    bytes(start, len).iter().all(|byte| *byte == fill)
}

/// A page of the window, where it lies in memory.
fn in_memory(page: usize) -> usize {
    fake::translate(page).expect("it may be accessed").0
}

fn pointer(address: usize) -> NonNull<u8> {
    NonNull::new(with_exposed_provenance_mut(address)).expect("not null")
}

impl World {
    /// Note a block, which must not be part of another.
    fn add(&mut self, start: usize, fill: u8) {
        let len = self.heap.usable_bytes(pointer(start)).unwrap();
        let before = self.blocks.range(..start + len).next_back();
        assert!(before.is_none_or(|(at, (len, _))| at + len <= start));
        bytes(start, len).fill(fill);
        self.blocks.insert(start, (len, fill));
    }

    /// A block, taken from the list of those that are live, with what it must hold.
    fn take(&mut self, which: usize) -> Option<(usize, usize, u8)> {
        let at = which % self.blocks.len().max(1);
        let start = *self.blocks.keys().nth(at)?;
        let (len, fill) = self.blocks.remove(&start)?;
        assert!(holds(start, len, fill), "a block was overwritten");
        assert_eq!(self.heap.usable_bytes(pointer(start)).unwrap(), len);
        Some((start, len, fill))
    }

    fn part(&self, first: usize, pages: usize) -> (usize, usize) {
        let pages = pages.min(RESERVED_PAGES - first);
        (self.reserved + first * PAGE_BYTES, pages * PAGE_BYTES)
    }

    fn commit(&mut self, start: usize, len: usize, fill: u8) {
        if self.heap.protect(start, len, Protection::PLAIN).is_err() {
            return;
        }
        for page in (start..start + len).step_by(PAGE_BYTES) {
            let held = self.pages.insert(page, fill).unwrap_or(0);
            assert!(
                holds(in_memory(page), PAGE_BYTES, held),
                "a page is not as it was"
            );
            bytes(in_memory(page), PAGE_BYTES).fill(fill);
        }
    }

    fn decommit(&mut self, start: usize, len: usize) {
        for page in (start..start + len).step_by(PAGE_BYTES) {
            if let Some(fill) = self.pages.remove(&page) {
                assert!(
                    holds(in_memory(page), PAGE_BYTES, fill),
                    "a page is not as it was"
                );
            }
        }
        let given_back = self.heap.map_at(start, len, Protection::empty(), true);
        given_back.unwrap();
    }

    fn step(&mut self, step: &Step, fill: u8) {
        match *step {
            Step::Alloc { len, align } => match self.heap.alloc(len, align) {
                // In the window, where this process has no memory.
                Ok((block, _)) if block.addr().get() >= fake::START => {
                    self.heap.free(block).unwrap()
                }
                Ok((block, _)) => self.add(block.addr().get(), fill),
                Err(_) => {}
            },
            Step::Free { which } => {
                if let Some((start, ..)) = self.take(which) {
                    self.heap.free(pointer(start)).unwrap();
                }
            }
            Step::Resize { which, len } => {
                let Some((start, old, held)) = self.take(which) else {
                    return;
                };
                let stays = self.heap.resize(pointer(start), len).unwrap();
                let new = self.heap.usable_bytes(pointer(start)).unwrap();
                assert!(holds(start, old.min(new), held));
                assert!(!stays || new >= len);
                self.add(start, fill);
            }
            Step::Commit { first, pages } => {
                let (start, len) = self.part(first, pages);
                self.commit(start, len, fill);
            }
            Step::Decommit { first, pages } => {
                let (start, len) = self.part(first, pages);
                self.decommit(start, len);
            }
        }
    }
}

fn run(steps: &[Step], seed: u64) {
    let len = MEMORY_PAGES * PAGE_BYTES;
    thread_local! {
        static MEMORY: usize = vec![0u8; (MEMORY_PAGES + 1) * PAGE_BYTES]
            .leak()
            .as_mut_ptr()
            .expose_provenance()
            .next_multiple_of(PAGE_BYTES);
    }
    let start = MEMORY.with(|start| *start);
    fake::plug_in(WINDOW_BYTES, (start, start + len), 0, seed);
    bytes(start, len).fill(0xa5);
    let mut heap = Heap::empty();
    let memory = Range {
        start,
        len_bytes: len,
    };
    // SAFETY: this thread's, leaked; the heap of the case before is no more.
    unsafe { heap.take_over(&[memory], false) };
    heap.window.open();
    let reserved_bytes = RESERVED_PAGES * PAGE_BYTES;
    let reserved = heap.map(reserved_bytes, Protection::empty(), 0).unwrap();
    let mut world = World {
        heap,
        reserved: reserved.addr().get(),
        blocks: BTreeMap::new(),
        pages: BTreeMap::new(),
    };
    for (at, step) in steps.iter().enumerate() {
        world.step(step, at as u8 | 1);
    }
    while let Some((start, ..)) = world.take(0) {
        world.heap.free(pointer(start)).unwrap();
    }
    world.heap.unmap(world.reserved, reserved_bytes).unwrap();
    world.heap.trim();
    let usage = world.heap.usage();
    assert_eq!((usage.free_runs, usage.used_bytes), (1, usage.table_bytes));
    world.heap.audit();
    fake::unplug();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_given_back_in_parts_is_nobody_elses(steps in prop::collection::vec(steps(), 0..400), seed: u64) {
        run(&steps, seed);
    }
}
