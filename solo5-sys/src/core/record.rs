//! What each processor has of its own, in ring 3; `record.s` has the offsets.

use core::mem::offset_of;
use core::sync::atomic::AtomicU32;

use super::Shared;
use crate::abi::Frame;

/// What the processor pushed at a fault, and CR2; then the vector. The order up to `ss` is
/// that of a Solo5 tender's trap frame for core dumps.
#[repr(C)]
#[expect(missing_docs, reason = "the names are the processor's")]
pub struct Trap {
    pub cr2: u64,
    pub code: u64,
    pub rip: u64,
    pub cs: u64,
    pub rflags: u64,
    pub rsp: u64,
    pub ss: u64,
    pub vector: u64,
}

/// The tender may read this much from the address of a trap.
const COOKIE_SIZE: usize = 512;

/// Extended state: the largest that the features in XCR0 (x87, SSE, AVX, AVX-512) take.
#[repr(C, align(64))]
struct Extended([u8; 2688]);

/// An open record: ring 0 stores in it, ring 3 reads it and writes the frame.
#[repr(C)]
pub struct Open {
    /// Registers at a fault.
    pub frame: Frame,
    /// Faults not yet dealt with; the entry counts them.
    pub depth: AtomicU32,
    /// The processor's number.
    pub index: AtomicU32,
    /// It halts, and forgets what it remembers of page tables before it goes on.
    pub halted: AtomicU32,
    /// The machine's own.
    pub own: [AtomicU32; 2],
    reserved: [u32; 7],
    /// What the processor pushed at it.
    pub trap: Trap,
    cookie: [u8; COOKIE_SIZE - size_of::<Trap>()],
    tick: Frame,
    extended: Extended,
}

const _: () = {
    assert!(offset_of!(Open, frame) == 0);
    assert!(offset_of!(Open, depth) == 144);
    assert!(offset_of!(Open, halted) == 152);
    assert!(offset_of!(Open, own) == 156);
    assert!(offset_of!(Open, trap) == 192);
    assert!(offset_of!(Open, tick) == 704);
    assert!(offset_of!(Open, extended) == 896);
    assert!(size_of::<Open>() == 3584);
};

impl Open {
    const fn new() -> Self {
        Self {
            frame: Frame::ZERO,
            depth: AtomicU32::new(0),
            index: AtomicU32::new(0),
            halted: AtomicU32::new(0),
            own: [const { AtomicU32::new(0) }; 2],
            reserved: [0; 7],
            trap: Trap {
                cr2: 0,
                code: 0,
                rip: 0,
                cs: 0,
                rflags: 0,
                rsp: 0,
                ss: 0,
                vector: 0,
            },
            cookie: [0; COOKIE_SIZE - size_of::<Trap>()],
            tick: Frame::ZERO,
            extended: Extended([0; 2688]),
        }
    }
}

/// The record of the processor that boots.
#[unsafe(no_mangle)]
pub static core_boot_open: Shared<Open> = Shared::new(Open::new());
