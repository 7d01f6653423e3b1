//! Entries of page tables.
//!
//! Source: Intel SDM volume 3A, 4.5.4; bits 9 to 11, and all bits of an entry that
//! is not present, are software's.

use core::ffi::c_uint;

use crate::abi::{MACHINE_EXECUTE, MACHINE_READ, MACHINE_WRITE};

/// Bytes of a page, and of a table.
pub const PAGE: u64 = 4096;
/// Entries of a table.
pub const ENTRIES: u64 = 512;
/// Bytes that an entry of a page directory covers.
pub const CHUNK: u64 = PAGE * ENTRIES;
/// Bytes that a page directory covers.
pub const DIRECTORY: u64 = CHUNK * ENTRIES;
/// Bytes that an entry of the top table covers.
pub const REGION: u64 = DIRECTORY * ENTRIES;

/// The processor uses the entry.
pub const PRESENT: u64 = 1;
/// Writes are allowed.
pub const WRITE: u64 = 1 << 1;
/// Ring 3 is allowed.
pub const USER: u64 = 1 << 2;
/// Accessed and dirty, set beforehand: the processor need not write them, and
/// on hosts with shadow tables (kvm-pvm) a first write would fault there again.
pub const USED: u64 = 1 << 5 | 1 << 6;
/// In a page directory: a page of 2 MiB, not a table.
pub const LARGE: u64 = 1 << 7;
/// Not present, yet mapped: without any permission.
pub const KEPT: u64 = 1 << 9;
/// The page serves as a table.
pub const SERVES: u64 = 1 << 10;
/// Execution is allowed; for processors without [`NO_EXECUTE`].
pub const EXECUTE: u64 = 1 << 11;
/// Execution is not allowed; a reserved bit for processors that do not know it.
pub const NO_EXECUTE: u64 = 1 << 63;
/// The address in an entry.
pub const ADDRESS: u64 = 0x000f_ffff_ffff_f000;

/// Entry of a table that points to another table.
pub const TABLE: u64 = PRESENT | WRITE | USER | USED;
/// Memory to be read and executed.
pub const CODE: u64 = PRESENT | USER | USED | EXECUTE;
/// Memory to be read.
pub const READ: u64 = PRESENT | USER | USED | NO_EXECUTE;
/// Memory to be read and written.
pub const DATA: u64 = READ | WRITE;

/// Whether `entry`, which points to no table, maps something.
pub const fn is_mapped(entry: u64) -> bool {
    entry & (PRESENT | KEPT) != 0
}

/// Whether `entry`, not one of a page table, points to a table.
pub const fn is_table(entry: u64) -> bool {
    entry & (PRESENT | LARGE) == PRESENT
}

/// The bits of an entry, besides the address, for `prot`.
pub const fn from_prot(prot: c_uint) -> u64 {
    if prot == 0 {
        return KEPT;
    }
    let write = if prot & MACHINE_WRITE != 0 { WRITE } else { 0 };
    let execute = if prot & MACHINE_EXECUTE != 0 {
        EXECUTE
    } else {
        NO_EXECUTE
    };
    PRESENT | USER | USED | write | execute
}

/// What `entry` allows to ring 3.
pub const fn prot(entry: u64) -> c_uint {
    if entry & (PRESENT | USER) != PRESENT | USER {
        return 0;
    }
    let write = if entry & WRITE != 0 { MACHINE_WRITE } else { 0 };
    let execute = if entry & EXECUTE != 0 {
        MACHINE_EXECUTE
    } else {
        0
    };
    MACHINE_READ | write | execute
}
