//! Pages that Xen shares with the domain, and the memory map.

use solo5_sys::core::Shared;
use solo5_sys::firmware::loader::Ram;
use solo5_sys::machine::Errno;

use crate::abi::{MemoryRange, PAGE, SharedInfo, VcpuInfo, XENMAPSPACE_SHARED_INFO};
use crate::hypercall;

/// The page, at first one of our own. Ring 0 knows it by this name, which is that of
/// Solo5's binding.
#[unsafe(export_name = "solo5__xen_HYPERVISOR_SHARED_INFO")]
static SHARED_INFO: Shared<SharedInfo> = Shared::new(
    // SAFETY: integers, for which all zeros are a value.
    unsafe { core::mem::zeroed() },
);

/// The shared page.
pub fn shared_info() -> &'static SharedInfo {
    // SAFETY: atomic integers and padding that nobody reads.
    unsafe { &*SHARED_INFO.get() }
}

/// What of it is the boot CPU's.
pub fn boot_cpu() -> &'static VcpuInfo {
    let [first, ..] = &shared_info().vcpu_info;
    first
}

/// Have the shared page in its place.
///
/// # Safety
/// To be called once, before anything looks at it.
pub unsafe fn share() -> Result<(), Errno> {
    // SAFETY: a page that holds nothing else, and nobody uses it yet.
    unsafe { hypercall::add_to_physmap(XENMAPSPACE_SHARED_INFO, 0, shared_frame()) }
}

/// The number of the shared page.
pub fn shared_frame() -> u64 {
    (SHARED_INFO.get().addr() / PAGE) as u64
}

/// The RAM.
pub fn ram() -> Result<Ram, Errno> {
    const ENTRIES: usize = 128;
    const NONE: MemoryRange = MemoryRange {
        start: 0,
        len: 0,
        kind: 0,
    };
    let mut entries = [NONE; ENTRIES];
    let count = hypercall::memory_map(&mut entries)?;
    let mut ram = Ram::empty();
    for MemoryRange { start, len, kind } in entries.into_iter().take(count) {
        ram.add(start, len, kind);
    }
    Ok(ram)
}
