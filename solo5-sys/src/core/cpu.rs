//! The processor, from ring 3.

use core::arch::asm;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::machine::Error;

/// What ring 0 found by CPUID: leaf 1 ecx and edx, leaf 0x80000001 edx, and
/// KVM's features where pvclock runs.
///
/// Ring 3 does not ask again: on some hosts (kvm-pvm) it would be told of
/// another processor.
#[unsafe(no_mangle)]
static core_cpu: [AtomicU32; 4] = [const { AtomicU32::new(0) }; 4];

fn fact(index: usize) -> u32 {
    core_cpu
        .get(index)
        .map_or(0, |word| word.load(Ordering::Relaxed))
}

/// Pages can be made not executable.
pub fn has_no_execute() -> bool {
    fact(2) & 1 << 20 != 0
}

/// The processor is a virtual one.
pub fn is_virtual() -> bool {
    fact(0) & 1 << 31 != 0
}

/// There is a local APIC.
pub fn has_apic() -> bool {
    fact(1) & 1 << 9 != 0
}

/// The host keeps the paravirtual clock.
pub fn has_pvclock() -> bool {
    fact(3) & 8 != 0
}

/// The extended states that are in use, as XCR0 says, of those that the core
/// knows (`CORE_EXTENDED`); x87 and SSE alone without XSAVE.
pub fn extended_states() -> u32 {
    const KNOWN: u32 = 0xe7;
    if fact(0) & 1 << 26 == 0 {
        return 3;
    }
    let low: u32;
    // SAFETY: CR4.OSXSAVE is set where there is XSAVE; reads a register.
    unsafe {
        asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") _, options(nomem, nostack, preserves_flags));
    }
    low & KNOWN
}

unsafe extern "C" {
    fn core_write_fs_base(base: usize);
}

/// Whether this address can be a thread pointer: it lies in the lower half.
pub const fn is_tls_base(base: usize) -> bool {
    base >> 47 == 0
}

/// Make `base` the thread pointer.
///
/// # Errors
/// [`Error::Invalid`]: not in the lower half of the address space.
///
/// # Safety
/// As [`crate::Machine::set_tls_base`].
pub unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
    if !is_tls_base(base) {
        return Err(Error::Invalid);
    }
    // SAFETY: an address as the instruction and its gate demand; what it means
    // is the caller's contract.
    unsafe { core_write_fs_base(base) };
    Ok(())
}

/// The time stamp counter.
pub fn cycles() -> u64 {
    // SAFETY: no precondition; CR4.TSD is clear.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Write a byte to a port.
///
/// # Safety
/// The device behind it does nothing that breaks memory.
pub unsafe fn out8(port: u16, value: u8) {
    // SAFETY: the I/O map opens the port; the rest is the caller's contract.
    unsafe {
        asm!("out dx, al", in("dx") port, in("al") value, options(nomem, nostack, preserves_flags))
    };
}

/// Write two bytes to a port.
///
/// # Safety
/// As [`out8`].
pub unsafe fn out16(port: u16, value: u16) {
    // SAFETY: as in `out8`.
    unsafe {
        asm!("out dx, ax", in("dx") port, in("ax") value, options(nomem, nostack, preserves_flags))
    };
}

/// Write four bytes to a port; the device may read and write memory.
///
/// # Safety
/// What the device does with memory is sound.
pub unsafe fn out32(port: u16, value: u32) {
    // SAFETY: the I/O map opens the port; the rest is the caller's contract.
    unsafe {
        asm!("out dx, eax", in("dx") port, in("eax") value, options(nostack, preserves_flags))
    };
}

/// Read a byte from a port.
///
/// # Safety
/// As [`out8`].
pub unsafe fn in8(port: u16) -> u8 {
    let value;
    // SAFETY: as in `out8`.
    unsafe {
        asm!("in al, dx", in("dx") port, out("al") value, options(nomem, nostack, preserves_flags))
    };
    value
}

/// Read two bytes from a port.
///
/// # Safety
/// As [`out8`].
#[cfg(feature = "virtio")]
pub unsafe fn in16(port: u16) -> u16 {
    let value;
    // SAFETY: as in `out8`.
    unsafe {
        asm!("in ax, dx", in("dx") port, out("ax") value, options(nomem, nostack, preserves_flags))
    };
    value
}

/// Read four bytes from a port.
///
/// # Safety
/// As [`out8`].
#[cfg(feature = "virtio")]
pub unsafe fn in32(port: u16) -> u32 {
    let value;
    // SAFETY: as in `out8`.
    unsafe {
        asm!("in eax, dx", in("dx") port, out("eax") value, options(nomem, nostack, preserves_flags))
    };
    value
}
