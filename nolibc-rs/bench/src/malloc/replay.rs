//! Running a workload on an allocator that has its memory.

use std::ffi::{c_int, c_long, c_void};
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use super::allocator::Allocator;
use super::workload::{Kind, Op, Workload};
use crate::measure::processor_ns;

unsafe extern "C" {
    fn nolibc_mmap(
        address: *mut c_void,
        len_bytes: usize,
        protection: c_int,
        flags: c_int,
        file: c_int,
        offset: c_long,
    ) -> *mut c_void;
    fn nolibc_munmap(address: *mut c_void, len_bytes: usize) -> c_int;
}

/// What came of a run.
#[derive(Clone, Copy, Default, Debug)]
pub struct Outcome {
    /// How many operations were done.
    pub done: u64,
    /// How many of them got no memory.
    pub failed: u64,
    /// How long they took.
    pub ns: u64,
}

/// A block, and how long it is if it is to be unmapped.
#[derive(Clone, Copy)]
struct Block {
    address: *mut c_void,
    mapped_bytes: usize,
}

impl Block {
    const NONE: Self = Self {
        address: null_mut(),
        mapped_bytes: 0,
    };
}

/// The blocks of a workload, none there yet.
pub struct Replay<'a> {
    allocator: &'a Allocator,
    workload: &'a Workload,
    blocks: Vec<Block>,
}

impl<'a> Replay<'a> {
    /// Get ready.
    pub fn new(allocator: &'a Allocator, workload: &'a Workload) -> Self {
        Self {
            allocator,
            workload,
            blocks: vec![Block::NONE; workload.slots],
        }
    }

    /// Run it once; no operation starts after `limit`.
    ///
    /// # Safety
    /// The allocator has been started.
    pub unsafe fn run(&mut self, limit: Duration) -> Outcome {
        let mut outcome = Outcome::default();
        let (start, start_ns) = (Instant::now(), processor_ns());
        for part in self.workload.ops.chunks(1024) {
            for op in part {
                // SAFETY: the caller's contract.
                outcome.failed += u64::from(!unsafe { self.step(op) });
            }
            outcome.done += part.len() as u64;
            if start.elapsed() > limit {
                break;
            }
        }
        outcome.ns = processor_ns() - start_ns;
        outcome
    }

    /// Do one operation; false: there was no memory.
    ///
    /// # Safety
    /// The allocator has been started.
    #[inline(always)]
    pub unsafe fn step(&mut self, op: &Op) -> bool {
        let block = &mut self.blocks[op.slot as usize];
        let len_bytes = op.len_bytes as usize;
        let allocator = self.allocator;
        // SAFETY: the block is what the allocator gave, and not used after it was freed.
        unsafe {
            let address = match op.kind {
                Kind::Allocate => (allocator.allocate)(len_bytes),
                Kind::Align => (allocator.align)(4096, len_bytes),
                Kind::Map => {
                    *block = map(allocator, self.workload.is_mapped, len_bytes);
                    block.address
                }
                Kind::Resize if block.address.is_null() => (allocator.allocate)(len_bytes),
                Kind::Resize => {
                    let address = (allocator.resize)(block.address, len_bytes);
                    if address.is_null() {
                        return false;
                    }
                    address
                }
                Kind::Free => {
                    release(allocator, block);
                    return true;
                }
            };
            block.address = address;
            if address.is_null() {
                return false;
            }
            address.cast::<usize>().write(len_bytes);
        }
        true
    }
}

/// # Safety
/// The allocator has been started.
unsafe fn map(allocator: &Allocator, is_mapped: bool, len_bytes: usize) -> Block {
    let mut block = Block::NONE;
    // SAFETY: the caller's contract.
    unsafe {
        if is_mapped && allocator.has_mmap {
            let protection = libc::PROT_READ | libc::PROT_WRITE;
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            let address = nolibc_mmap(null_mut(), len_bytes, protection, flags, -1, 0);
            if address != libc::MAP_FAILED {
                block.address = address;
                block.mapped_bytes = len_bytes;
            }
        } else {
            block.address = (allocator.align)(4096, len_bytes);
            if is_mapped && !block.address.is_null() {
                block.address.write_bytes(0, len_bytes);
            }
        }
    }
    block
}

/// # Safety
/// The block came from this allocator.
unsafe fn release(allocator: &Allocator, block: &mut Block) {
    // SAFETY: the caller's contract.
    unsafe {
        if block.mapped_bytes != 0 {
            nolibc_munmap(block.address, block.mapped_bytes);
        } else if !block.address.is_null() {
            (allocator.free)(block.address);
        }
    }
    *block = Block::NONE;
}
