//! The program's heap under threads that switch wherever a lock is taken, held or waited for.
//!
//! `shuttle` decides who goes on, the same way each time. A thread that waits for itself, or two
//! that wait for each other, run out of steps.

use std::ptr::NonNull;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use nolibc::heap::{self, checked, near::Near};
use nolibc::memory::Protection;
use nolibc::platform;
use nolibc::thread::cpu;
use shuttle::rand::{Rng, thread_rng};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner, thread};

/// Whether a scheduler is there to be asked.
static RUNNING: AtomicBool = AtomicBool::new(false);
const THREADS: u8 = 3;
const STEPS: usize = 12;

fn read(block: NonNull<u8>, len: usize) -> &'static [u8] {
    // SAFETY: callers pass a live block of theirs, filled.
    unsafe { std::slice::from_raw_parts(block.as_ptr(), len) }
}

fn fill(block: NonNull<u8>, len: usize, byte: u8) {
    // SAFETY: callers pass a live block of theirs.
    unsafe { block.write_bytes(byte, len) }
}

/// Allocate, change and give back; nobody else writes into what is mine.
fn work(mine: u8) {
    let mut blocks: Vec<(NonNull<u8>, usize)> = vec![];
    let mut random = thread_rng();
    for _ in 0..STEPS {
        let len = match random.gen_range(0..4) {
            0 => random.gen_range(0..64),
            1 => random.gen_range(0..2000),
            2 => random.gen_range(0..20_000),
            _ => random.gen_range(0..300_000),
        };
        match random.gen_range(0..7) {
            0 => {
                // As malloc does: one of those near the CPU, if it is short.
                let block = heap::quick_alloc(len).unwrap_or_else(|| heap::alloc(len, 16).unwrap());
                fill(block, len, mine);
                blocks.push((block, len));
            }
            1..=2 => {
                let align = 1 << random.gen_range(4..13);
                let block = heap::alloc(len, align).unwrap();
                assert!(block.addr().get().is_multiple_of(align));
                fill(block, len, mine);
                blocks.push((block, len));
            }
            3 => {
                let block = heap::alloc_zeroed(len, 16).unwrap();
                assert!(read(block, len).iter().all(|&byte| byte == 0));
                fill(block, len, mine);
                blocks.push((block, len));
            }
            4 => {
                if let Some((block, old)) = blocks.pop() {
                    // SAFETY: the block is this thread's, and replaced.
                    let block = unsafe { heap::realloc(block, len) }.unwrap();
                    let kept = read(block, old.min(len));
                    assert!(kept.iter().all(|&byte| byte == mine));
                    fill(block, len, mine);
                    blocks.push((block, len));
                }
            }
            5 => {
                let pages = heap::map(len.max(1), Protection::PLAIN, 0).unwrap();
                assert!(read(pages, len).iter().all(|&byte| byte == 0));
                fill(pages, len, mine);
                heap::with(|heap| heap.unmap(pages.addr().get(), len.max(1))).unwrap();
            }
            _ => {
                heap::trim();
                checked::verify();
                assert!(heap::try_usage().is_none_or(|usage| usage.used_bytes > 0));
            }
        }
        if blocks.len() > 4 {
            give_back(blocks.swap_remove(0), mine);
        }
    }
    for block in blocks {
        give_back(block, mine);
    }
}

fn give_back((block, len): (NonNull<u8>, usize), mine: u8) {
    assert!(read(block, len).iter().all(|&byte| byte == mine));
    assert!(heap::usable_bytes(block) >= len);
    // SAFETY: the block is this thread's, and not used again.
    unsafe {
        if !heap::quick_free(block.as_ptr()) {
            heap::free(block);
        }
    }
}

fn run(iterations: usize) {
    // A step is a switch point.
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(200_000);
    config.failure_persistence = FailurePersistence::Print;
    RUNNING.store(true, Relaxed);
    let scheduler = shuttle::scheduler::RandomScheduler::new_from_seed(1, iterations);
    Runner::new(scheduler, config).run(|| {
        let threads = (1..=THREADS).map(|mine| thread::spawn(move || work(mine)));
        let threads: Vec<_> = threads.collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
    RUNNING.store(false, Relaxed);
}

#[test]
fn threads_share_the_heap_in_any_order() {
    // Memory is given outside of any scheduler; from here on every lock asks it.
    heap::trim();
    let before = heap::used_bytes();
    let near = Box::leak(Box::new(Near::new()));
    cpu::BOOT.keep_near(near);
    platform::set_scheduler(|| {
        if RUNNING.load(Relaxed) {
            thread::yield_now();
        }
    });
    run(150);
    heap::with(|heap| heap.audit());
    // Blocks near a CPU keep slabs, and with them some memory of their own.
    assert!(heap::used_bytes() >= before);
    heap::trim();
    assert_eq!(heap::used_bytes(), before);
    assert_eq!(heap::with(|heap| heap.used_bytes()), before);
    checked::start();
    run(60);
    checked::verify();
    heap::trim();
    heap::with(|heap| heap.audit());
}
