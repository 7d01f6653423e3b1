//! Feature `heap-small`: the program's heap on the other engine, against what was written.
#![cfg(feature = "heap-small")]

use std::ptr::NonNull;

use nolibc::heap::{self, MIN_ALIGN};
use nolibc::memory::Protection;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Alloc { len: usize, align_log: u32 },
    Zeroed { len: usize },
    Free { which: usize },
    Realloc { which: usize, len: usize },
    Map { len: usize },
}

fn steps() -> impl Strategy<Value = Step> {
    let len = || prop_oneof![6 => 0..200usize, 3 => 0..9000usize, 1 => 0..200_000usize];
    prop_oneof![
        6 => (len(), prop_oneof![4 => Just(4u32), 1 => 4..16u32])
            .prop_map(|(len, align_log)| Step::Alloc { len, align_log }),
        1 => len().prop_map(|len| Step::Zeroed { len }),
        6 => any::<usize>().prop_map(|which| Step::Free { which }),
        3 => (any::<usize>(), len()).prop_map(|(which, len)| Step::Realloc { which, len }),
        1 => (1..100_000usize).prop_map(|len| Step::Map { len }),
    ]
}

fn bytes(block: NonNull<u8>, len: usize) -> &'static mut [u8] {
    // SAFETY: callers pass a live block and use one slice of it at a time.
    unsafe { std::slice::from_raw_parts_mut(block.as_ptr(), len) }
}

fn holds(block: NonNull<u8>, len: usize, byte: u8) -> bool {
    bytes(block, len).iter().all(|&have| have == byte)
}

fn run(steps: Vec<Step>) {
    heap::trim();
    let before = heap::with(|heap| heap.usage());
    let mut live: Vec<(NonNull<u8>, usize, u8)> = vec![];
    for (at, step) in steps.into_iter().enumerate() {
        let fill = at as u8 | 1;
        match step {
            Step::Alloc { len, align_log } => {
                let block = heap::alloc(len, 1 << align_log).unwrap();
                assert!(block.addr().get().is_multiple_of(1 << align_log));
                assert!(heap::usable_bytes(block) >= len);
                bytes(block, len).fill(fill);
                live.push((block, len, fill));
            }
            Step::Zeroed { len } => {
                let block = heap::alloc_zeroed(len, MIN_ALIGN).unwrap();
                assert!(holds(block, len, 0));
                bytes(block, len).fill(fill);
                live.push((block, len, fill));
            }
            Step::Free { which } if !live.is_empty() => {
                let (block, len, fill) = live.swap_remove(which % live.len());
                assert!(holds(block, len, fill));
                // SAFETY: live, and not used again.
                unsafe { heap::free(block) };
            }
            Step::Realloc { which, len } if !live.is_empty() => {
                let (block, old, old_fill) = live.swap_remove(which % live.len());
                // SAFETY: live, and replaced.
                let block = unsafe { heap::realloc(block, len) }.unwrap();
                assert!(holds(block, old.min(len), old_fill));
                bytes(block, len).fill(fill);
                live.push((block, len, fill));
            }
            Step::Map { len } => {
                let pages = heap::map(len, Protection::READ | Protection::WRITE, 0).unwrap();
                assert!(holds(pages, len, 0));
                bytes(pages, len).fill(0xee);
                heap::with(|heap| heap.unmap(pages.addr().get(), len)).unwrap();
            }
            _ => {}
        }
        let usage = heap::with(|heap| heap.usage());
        assert_eq!(
            usage.used_bytes + usage.cached_bytes + usage.free_bytes,
            usage.arena_bytes
        );
        let lens: usize = live
            .iter()
            .map(|(block, ..)| heap::usable_bytes(*block))
            .sum();
        assert!(usage.used_bytes >= before.used_bytes + lens);
    }
    for (block, len, fill) in live {
        assert!(holds(block, len, fill));
        // SAFETY: live, and not used again.
        unsafe { heap::free(block) };
    }
    let after = heap::with(|heap| heap.usage());
    assert_eq!(
        (after.used_bytes, after.cached_bytes),
        (before.used_bytes, before.cached_bytes)
    );
    assert_eq!(after.free_runs, before.free_runs);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(100)
    })]

    #[test]
    fn blocks_hold_what_was_written(steps in prop::collection::vec(steps(), 0..200)) {
        run(steps);
    }
}
