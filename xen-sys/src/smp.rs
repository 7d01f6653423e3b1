//! The other virtual CPUs of the domain: all that it has (`maxvcpus`).
//!
//! One starts in 64-bit mode, with the program's page tables, and is stopped by Xen.
//!
//! Source: Xen 4.17, `xen/include/public/vcpu.h`, `hvm/hvm_vcpu.h`, `hvm/hvm_op.h`; Intel SDM
//! volume 3A, 2.2.1 (EFER), 2.5 (control registers); volume 2A, LSL.

use core::arch::asm;

use solo5_sys::core::cpus::{self, MOST, Reach, Records};
use solo5_sys::core::{Shared, cpu, layout};
use solo5_sys::machine::Errno;

use crate::abi::{PAGE, VCPU_HVM_MODE_64B, VcpuContext, VcpuInfo};
use crate::machine::Xen;
use crate::{event, hypercall, memory};

/// What Xen shares with each of them; the first one's is in the shared page.
#[repr(C, align(4096))]
struct Infos([VcpuInfo; MOST]);

static INFOS: Shared<Infos> = Shared::new(
    // SAFETY: integers, for which all zeros are a value.
    unsafe { core::mem::zeroed() },
);

const _: () = assert!(size_of::<Infos>() == PAGE);

unsafe extern "C" {
    static core_cpu_start: u8;
}

/// Find them, and write what they need at `free`, which moves on; `end` is the end of the memory
/// that may be used.
///
/// # Safety
/// To be called once, with the bootstrap tables loaded. `free` is RAM that nobody uses.
pub unsafe fn find(free: &mut usize, end: usize) -> Records {
    let others = (1..MOST).take_while(|&number| hypercall::has_vcpu(number));
    let others = others.count();
    let start = free.next_multiple_of(layout::PAGE);
    if others == 0 || !Records::fit(start, others, end) {
        return Records::NONE;
    }
    *free = start + Records::size(others);
    let info_address = |number| core::ptr::from_ref(info(number)).expose_provenance();
    // SAFETY: by this function's contract; they fit.
    unsafe { Records::write(start, others, info_address) }
}

/// What Xen shares with a CPU.
pub fn info(number: usize) -> &'static VcpuInfo {
    // SAFETY: atomic integers and padding that nobody reads.
    let infos = unsafe { &(*INFOS.get()).0 };
    match infos.get(number) {
        Some(info) if number != 0 => info,
        _ => memory::boot_cpu(),
    }
}

impl Reach for Xen {
    fn number() -> usize {
        /// The descriptor whose limit says it (`tables.s`), for ring 3.
        const DESCRIPTOR: u32 = 0x43;
        let limit: u32;
        // SAFETY: reads a descriptor that ring 3 may name.
        unsafe {
            asm!("lsl {0:e}, {1:e}", out(reg) limit, in(reg) DESCRIPTOR, options(nomem, nostack));
        }
        limit as usize
    }

    fn start(number: usize) -> Result<(), Errno> {
        /// Always set.
        const FIXED_FLAG: u64 = 1 << 1;
        const PROTECTED: u64 = 1 << 0;
        const NUMERIC_ERROR: u64 = 1 << 5;
        const PAGING: u64 = 1 << 31;
        const PAE: u64 = 1 << 5;
        const LONG_MODE: u64 = 1 << 8;
        const NO_EXECUTE: u64 = 1 << 11;
        event::bind(number)?;
        let at = core::ptr::from_ref(info(number)).addr();
        let mut context = VcpuContext {
            mode: VCPU_HVM_MODE_64B,
            rdi: number as u64,
            rip: (&raw const core_cpu_start).addr() as u64,
            rflags: FIXED_FLAG,
            cr0: PROTECTED | NUMERIC_ERROR | PAGING,
            cr3: layout::pml4() as u64,
            cr4: PAE,
            efer: LONG_MODE | if cpu::has_no_execute() { NO_EXECUTE } else { 0 },
            ..VcpuContext::default()
        };
        // SAFETY: the place is that CPU's; the core's entry takes it to ring 3.
        unsafe {
            hypercall::register_info(number, at)?;
            hypercall::start_vcpu(number, &mut context)
        }
    }

    fn interrupt(number: usize) {
        event::wake(number);
    }

    fn stop(number: usize) {
        // Xen refuses for none that there is.
        let _ = hypercall::stop_vcpu(number);
    }
}

/// Give a CPU that stands still what Xen shared with it and its channels, in a domain that is a new
/// one.
///
/// # Errors
/// Xen's.
pub fn resume(number: usize) -> Result<(), Errno> {
    let at = core::ptr::from_ref(info(number)).addr();
    // Xen changes this only of a CPU that does not run.
    hypercall::stop_vcpu(number)?;
    // SAFETY: the place is that CPU's, and stays.
    unsafe { hypercall::register_info(number, at)? };
    event::bind(number)?;
    // SAFETY: it goes on where it was.
    unsafe { hypercall::raise_vcpu(number) }
}

/// Have all other CPUs forget what they remember of page tables, those that do not run included.
pub fn flush_others() {
    if cpus::others::<Xen>() != 0 && hypercall::flush_tlbs().is_err() {
        solo5_sys::machine::die::<Xen>("Xen does not flush the other processors");
    }
}

/// Where a CPU besides the first one comes to ring 3.
#[unsafe(no_mangle)]
extern "C" fn core_cpu_main(number: u32) -> ! {
    cpus::arrive::<Xen>(number)
}
