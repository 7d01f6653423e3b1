//! Raw facts of `solo5.h` and `machine.h`: types, numbers and layouts.
//!
//! Source: Solo5 0.12.1 `include/solo5.h`; 0.7.2 is the same without the three
//! TLS functions. `include/machine.h` is this project's own.

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::mem::{offset_of, size_of};

/// Nanoseconds.
pub type Time = u64;
/// A device.
pub type Handle = u64;
/// Bit n is handle n.
pub type HandleSet = u64;

/// `SOLO5_R_OK`
pub const OK: c_int = 0;
/// `SOLO5_EXIT_ABORT`
pub const EXIT_ABORT: c_int = 255;
/// Bytes of a device name in the manifest, terminator included.
pub const NAME_SIZE: usize = 68;

/// `struct solo5_start_info`
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct StartInfo {
    /// The command line without Solo5's own options, terminated.
    pub cmdline: *const c_char,
    /// First byte of the heap, page-aligned.
    pub heap_start: usize,
    /// Bytes of heap, boot stack included.
    pub heap_size: usize,
}

/// `struct solo5_net_info`
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct NetInfo {
    /// The device's own address.
    pub mac_address: [u8; 6],
    /// Bytes of payload.
    pub mtu: usize,
}

/// `struct solo5_block_info`
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BlockInfo {
    /// Bytes.
    pub capacity: u64,
    /// Bytes of one block.
    pub block_size: u64,
}

/// `MACHINE_VERSION`
pub const MACHINE_VERSION: u64 = 5;
/// `MACHINE_MEMORY`
pub const MACHINE_MEMORY: u64 = 1 << 16;
/// `MACHINE_FAULT`
pub const MACHINE_FAULT: u64 = 1 << 17;
/// `MACHINE_ENTROPY`
pub const MACHINE_ENTROPY: u64 = 1 << 18;
/// `MACHINE_INPUT`
pub const MACHINE_INPUT: u64 = 1 << 19;
/// `MACHINE_ZEROED`
pub const MACHINE_ZEROED: u64 = 1 << 20;
/// `MACHINE_PAGES`
pub const MACHINE_PAGES: u64 = 1 << 21;

/// `MACHINE_TICK`
pub const MACHINE_TICK: u64 = 1 << 22;

/// `MACHINE_SMP`
pub const MACHINE_SMP: u64 = 1 << 23;

/// `MACHINE_READ`
pub const MACHINE_READ: c_uint = 1;
/// `MACHINE_WRITE`
pub const MACHINE_WRITE: c_uint = 2;
/// `MACHINE_EXECUTE`
pub const MACHINE_EXECUTE: c_uint = 4;

/// `struct machine_range`
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Page-aligned address.
    pub start: u64,
    /// Bytes, whole pages.
    pub len: u64,
}

/// What [`machine_lookup`](crate::Machine::lookup) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The RAM that is mapped; `None`: nothing is.
    pub pa: Option<u64>,
    /// Bytes.
    pub len: usize,
    /// Bits of `MACHINE_READ` and its like.
    pub prot: c_uint,
}

/// `MACHINE_FAULT_...`
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// None of the others.
    Other = 0,
    /// Read of memory that may not be read.
    Read = 1,
    /// Write to memory that may not be written.
    Write = 2,
    /// Execution of memory that may not be executed.
    Execute = 3,
    /// Not an instruction, or a privileged one.
    Instruction = 4,
    /// Integer division, or an unmasked float exception.
    Arithmetic = 5,
}

/// `struct machine_fault`
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The CPU's number for it.
    pub vector: u32,
    /// The CPU's error code, 0 where it has none.
    pub code: u64,
    /// The address, for the three kinds that have one.
    pub addr: u64,
}

/// `struct machine_frame`
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the registers' own names")]
pub struct Frame {
    pub rax: u64,
    pub rbx: u64,
    pub rcx: u64,
    pub rdx: u64,
    pub rsi: u64,
    pub rdi: u64,
    pub rbp: u64,
    pub rsp: u64,
    pub r8: u64,
    pub r9: u64,
    pub r10: u64,
    pub r11: u64,
    pub r12: u64,
    pub r13: u64,
    pub r14: u64,
    pub r15: u64,
    pub rip: u64,
    pub rflags: u64,
}

impl Frame {
    /// All registers zero.
    pub const ZERO: Self = Self {
        rax: 0,
        rbx: 0,
        rcx: 0,
        rdx: 0,
        rsi: 0,
        rdi: 0,
        rbp: 0,
        rsp: 0,
        r8: 0,
        r9: 0,
        r10: 0,
        r11: 0,
        r12: 0,
        r13: 0,
        r14: 0,
        r15: 0,
        rip: 0,
        rflags: 0,
    };
}

/// `machine_tick_handler *`
pub type TickHandler = unsafe extern "C" fn(*mut Frame) -> *mut Frame;

/// `machine_cpu_main *`
pub type CpuMain = unsafe extern "C" fn(*const c_void) -> !;

/// `machine_fault_handler *`
pub type FaultHandler = unsafe extern "C" fn(*mut Fault, *mut Frame) -> c_int;

const _: () = {
    assert!(size_of::<StartInfo>() == 24);
    assert!(offset_of!(StartInfo, heap_start) == 8);
    assert!(offset_of!(StartInfo, heap_size) == 16);
    assert!(size_of::<NetInfo>() == 16);
    assert!(offset_of!(NetInfo, mtu) == 8);
    assert!(size_of::<BlockInfo>() == 16);
    assert!(size_of::<Range>() == 16);
    assert!(size_of::<Fault>() == 24);
    assert!(offset_of!(Fault, code) == 8);
    assert!(offset_of!(Fault, addr) == 16);
    assert!(size_of::<Frame>() == 18 * 8);
    assert!(offset_of!(Frame, rsp) == 56);
    assert!(offset_of!(Frame, rip) == 128);
    assert!(size_of::<Option<FaultHandler>>() == size_of::<usize>());
};
