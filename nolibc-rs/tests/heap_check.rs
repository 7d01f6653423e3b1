//! Guards: what is written where no block is is found, and a program without mistakes sees nothing.

use std::ptr::NonNull;

use nolibc::heap::Heap;
use nolibc::heap::check::{Checker, Damage, Damaged, FRESH};
use nolibc::pages::Range;
use proptest::prelude::*;

struct Arena {
    heap: Heap,
    checker: Checker,
    _memory: Vec<u8>,
}

impl Arena {
    fn new(len_bytes: usize) -> Self {
        let mut memory = vec![0xa5; len_bytes];
        let start = memory.as_mut_ptr().expose_provenance();
        let mut heap = Heap::empty();
        // SAFETY: the vector is not touched while the heap lives.
        unsafe { heap.take_over(&[Range { start, len_bytes }], false) };
        Self {
            heap,
            checker: Checker::new(),
            _memory: memory,
        }
    }

    fn alloc(&mut self, len: usize, align: usize) -> Option<NonNull<u8>> {
        self.checker.alloc(&mut self.heap, len, align).unwrap()
    }

    fn free(&mut self, block: NonNull<u8>) -> Result<(), Damage> {
        let done = self.checker.free(&mut self.heap, block);
        done.map_err(|Damaged| self.checker.damage())
    }

    fn verify(&mut self) -> Result<(), Damage> {
        let done = self.checker.verify(&self.heap);
        done.map_err(|Damaged| self.checker.damage())
    }
}

/// Write a byte relative to a block, inside the arena.
fn poke(block: NonNull<u8>, offset: isize, byte: u8) {
    // SAFETY: callers stay in the arena, whose memory nobody else looks at.
    unsafe { block.offset(offset).write(byte) };
}

fn holds(block: NonNull<u8>, len: usize, byte: u8) -> bool {
    // SAFETY: callers pass a live block.
    let bytes = unsafe { std::slice::from_raw_parts(block.as_ptr(), len) };
    bytes.iter().all(|&have| have == byte)
}

#[test]
fn a_write_beside_a_block_is_found_wherever_it_is() {
    for len in [0usize, 1, 15, 16, 100, 1000, 1616, 5000, 100_000] {
        for align in [16usize, 64, 512, 4096] {
            for offset in [-1, -16, -(align as isize), len as isize, len as isize + 15] {
                let mut arena = Arena::new(1 << 20);
                let block = arena.alloc(len, align).unwrap();
                assert_eq!(arena.verify(), Ok(()));
                poke(block, offset, 1);
                let damage = arena.verify().unwrap_err();
                assert_eq!(arena.free(block), Err(damage));
                assert_eq!(
                    damage.address,
                    block.addr().get().wrapping_add_signed(offset)
                );
                assert_eq!((damage.len_bytes, damage.block_bytes), (1, len));
                assert_eq!((damage.block, damage.number), (block.addr().get(), 1));
            }
        }
    }
}

#[test]
fn a_write_into_a_freed_block_is_found_when_the_heap_gets_it() {
    let mut arena = Arena::new(1 << 20);
    let block = arena.alloc(300, 16).unwrap();
    arena.free(block).unwrap();
    poke(block, 7, 1);
    poke(block, 9, 1);
    let damage = arena.verify().unwrap_err();
    assert_eq!(damage.what, "memory was overwritten that is free");
    assert_eq!(
        (damage.address, damage.len_bytes),
        (block.addr().get() + 7, 3)
    );
    // A request that memory is not enough for lets the heap have it.
    let refused = arena.checker.alloc(&mut arena.heap, 1 << 20, 16);
    assert_eq!(refused, Err(Damaged));
    assert_eq!(arena.checker.damage(), damage);
}

#[test]
fn what_is_no_live_block_is_found() {
    let mut arena = Arena::new(1 << 20);
    let (early, _) = arena.heap.alloc(100, 16).unwrap();
    let block = arena.alloc(100, 16).unwrap();
    let offset = |by: isize| {
        let address = block.addr().get().wrapping_add_signed(by);
        NonNull::new(std::ptr::with_exposed_provenance_mut(address)).unwrap()
    };
    // Where the heap's own block starts, too.
    for by in [-16, 1, 16, 100] {
        let damage = arena.free(offset(by)).unwrap_err();
        assert_eq!(
            (damage.block, damage.block_bytes),
            (block.addr().get(), 100)
        );
        assert_eq!(
            damage.what,
            "free or realloc of an address that is not a block's start"
        );
    }
    let far = arena.free(NonNull::without_provenance(16.try_into().unwrap()));
    assert_eq!(far.unwrap_err().block, 0);
    arena.free(early).unwrap();
    assert!(arena.free(early).is_err());
    arena.free(block).unwrap();
    let damage = arena.free(block).unwrap_err();
    assert_eq!(
        damage.what,
        "free or realloc of memory that is already free"
    );
    assert_eq!(damage.block_bytes, 100);
}

#[test]
fn lengths_beyond_all_memory_are_refused() {
    let mut arena = Arena::new(1 << 20);
    for len in [1 << 20, isize::MAX as usize, usize::MAX - 32, usize::MAX] {
        assert_eq!(arena.alloc(len, 16), None);
        assert_eq!(arena.alloc(len, 1 << 40), None);
    }
    assert_eq!(arena.alloc(1, 1 << 62), None);
    assert_eq!(arena.verify(), Ok(()));
}

#[derive(Clone, Debug)]
enum Step {
    Alloc { len: usize, align_log: u32 },
    Free { which: usize },
    Shorten { which: usize, len: usize },
    Damage { which: usize, after: bool },
}

fn steps() -> impl Strategy<Value = Step> {
    let len = prop_oneof![4 => 0..300usize, 2 => 0..5000usize, 1 => 0..100_000usize];
    prop_oneof![
        8 => (len, 4..13u32).prop_map(|(len, align_log)| Step::Alloc { len, align_log }),
        7 => any::<usize>().prop_map(|which| Step::Free { which }),
        1 => (any::<usize>(), 0..300usize).prop_map(|(which, len)| Step::Shorten { which, len }),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(which, after)| Step::Damage { which, after }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn only_mistakes_are_reported(steps in prop::collection::vec(steps(), 0..400)) {
        let mut arena = Arena::new(1 << 20);
        let total = arena.heap.usage().arena_bytes;
        let mut live: Vec<(NonNull<u8>, usize)> = vec![];
        for (at, step) in steps.into_iter().enumerate() {
            let fill = at as u8;
            match step {
                Step::Alloc { len, align_log } => {
                    if let Some(block) = arena.alloc(len, 1 << align_log) {
                        prop_assert!(holds(block, len, FRESH));
                        // SAFETY: the block has so many bytes.
                        unsafe { block.write_bytes(fill, len) };
                        live.push((block, len));
                    }
                }
                Step::Free { which } if !live.is_empty() => {
                    let (block, _) = live.swap_remove(which % live.len());
                    prop_assert_eq!(arena.free(block), Ok(()));
                    prop_assert!(arena.free(block).is_err());
                }
                Step::Shorten { which, len } if !live.is_empty() => {
                    let place = which % live.len();
                    let (block, old) = live[place];
                    arena.checker.shorten(&arena.heap, block, len).unwrap();
                    live[place].1 = old.min(len);
                    let usable = arena.checker.usable_bytes(&arena.heap, block);
                    prop_assert_eq!(usable, Ok(old.min(len)));
                }
                Step::Damage { which, after } if !live.is_empty() => {
                    let (block, len) = live[which % live.len()];
                    let offset = if after { len as isize } else { -1 };
                    // SAFETY: guards lie on both sides of the block.
                    let old = unsafe { block.offset(offset).read() };
                    poke(block, offset, !old);
                    let damage = arena.verify().unwrap_err();
                    prop_assert_eq!((damage.block, damage.len_bytes), (block.addr().get(), 1));
                    poke(block, offset, old);
                }
                _ => {}
            }
            let usage = arena.heap.usage();
            prop_assert_eq!(usage.used_bytes + usage.cached_bytes + usage.free_bytes, total);
        }
        prop_assert_eq!(arena.verify(), Ok(()));
        for (block, _) in live {
            arena.free(block).unwrap();
        }
        while arena.checker.forget_oldest(&mut arena.heap).unwrap() {}
        prop_assert!(arena.heap.usage().live_bytes() < 128 * 1024);
    }
}
