//! Raw facts of Xen's public interface: numbers and layouts, for x86-64.
//!
//! Source: Xen 4.17, `xen/include/public/`: the header is named at each part.
//! Xen keeps these for all its versions.

use core::mem::{offset_of, size_of};
use core::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64};

/// Bytes of a page, and of what is shared.
pub const PAGE: usize = 4096;

/// Numbers of hypercalls (`xen.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub enum Hypercall {
    MemoryOp = 12,
    ConsoleIo = 18,
    GrantTableOp = 20,
    VcpuOp = 24,
    SchedOp = 29,
    EventChannelOp = 32,
    HvmOp = 34,
}

/// `DOMID_SELF` (`xen.h`): the domain that calls.
pub const DOMID_SELF: u16 = 0x7ff0;

/// `CONSOLEIO_write` (`xen.h`).
pub const CONSOLEIO_WRITE: usize = 0;
/// `CONSOLEIO_read`
pub const CONSOLEIO_READ: usize = 1;

/// `VIRQ_TIMER` (`xen.h`): this virtual CPU's timers.
pub const VIRQ_TIMER: u32 = 0;
/// `VIRQ_CONSOLE`: dom0's console has input.
pub const VIRQ_CONSOLE: u32 = 2;

/// `struct vcpu_time_info` (`xen.h`): how this CPU's cycle counter makes system
/// time. `version` is odd while Xen writes.
#[repr(C)]
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's, in short")]
pub struct TimeInfo {
    pub version: AtomicU32,
    pub pad0: u32,
    pub tsc_timestamp: AtomicU64,
    pub system_time: AtomicU64,
    pub tsc_to_system_mul: AtomicU32,
    /// Signed.
    pub tsc_shift: AtomicU8,
    pub flags: AtomicU8,
    pub pad1: [u8; 2],
}

/// `struct vcpu_info` (`xen.h`).
#[repr(C)]
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct VcpuInfo {
    pub evtchn_upcall_pending: AtomicU8,
    pub evtchn_upcall_mask: AtomicU8,
    pub pad: [u8; 6],
    pub evtchn_pending_sel: AtomicU64,
    pub arch: [u64; 2],
    pub time: TimeInfo,
}

/// The wall clock's part of `struct shared_info` (`xen.h`): the date at system time
/// zero. `version` is odd while Xen writes.
#[repr(C)]
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's, in short")]
pub struct WallClock {
    pub version: AtomicU32,
    pub sec: AtomicU32,
    pub nsec: AtomicU32,
    pub sec_hi: AtomicU32,
}

/// Words of the bit maps of event channels: 4096 of them in the ABI of two levels.
pub const EVENT_WORDS: usize = 64;

/// `struct shared_info` (`xen.h`), a page of its own.
#[repr(C, align(4096))]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct SharedInfo {
    pub vcpu_info: [VcpuInfo; 32],
    pub evtchn_pending: [AtomicU64; EVENT_WORDS],
    pub evtchn_mask: [AtomicU64; EVENT_WORDS],
    pub wc: WallClock,
}

/// `XENMEM_add_to_physmap` (`memory.h`).
pub const XENMEM_ADD_TO_PHYSMAP: usize = 7;
/// `XENMEM_memory_map`
pub const XENMEM_MEMORY_MAP: usize = 9;
/// `XENMAPSPACE_shared_info`
pub const XENMAPSPACE_SHARED_INFO: u32 = 0;

/// `XENMAPSPACE_grant_table`
pub const XENMAPSPACE_GRANT_TABLE: u32 = 1;

/// `struct grant_entry_v1` (`grant_table.h`).
#[repr(C)]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct Grant {
    pub flags: AtomicU16,
    pub domid: AtomicU16,
    pub frame: AtomicU32,
}

/// `GNTTAB_NR_RESERVED_ENTRIES` (`grant_table.h`): these are the toolstack's.
pub const GRANT_RESERVED: u32 = 8;
/// `GTF_permit_access`
pub const GRANT_PERMIT: u16 = 1;
/// `GTF_readonly`
pub const GRANT_READONLY: u16 = 1 << 2;
/// `GTF_reading`: the other domain has it mapped.
pub const GRANT_READING: u16 = 1 << 3;
/// `GTF_writing`: likewise, to write.
pub const GRANT_WRITING: u16 = 1 << 4;

/// `GNTTABOP_map_grant_ref` (`grant_table.h`).
pub const GNTTABOP_MAP: usize = 0;
/// `GNTTABOP_unmap_grant_ref`
pub const GNTTABOP_UNMAP: usize = 1;
/// `GNTTABOP_copy`
pub const GNTTABOP_COPY: usize = 5;
/// `GNTMAP_host_map`
pub const GNTMAP_HOST_MAP: u32 = 1 << 1;
/// `GNTMAP_readonly`
pub const GNTMAP_READONLY: u32 = 1 << 2;
/// `GNTCOPY_source_gref`: the source is a grant, no frame of the domain's.
pub const GNTCOPY_SOURCE_GRANT: u16 = 1;
/// `GNTCOPY_dest_gref`
pub const GNTCOPY_DEST_GRANT: u16 = 1 << 1;
/// `GNTST_general_error`
pub const GNTST_ERROR: i16 = -1;

/// `struct gnttab_map_grant_ref` (`grant_table.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct MapGrant {
    pub host_addr: u64,
    pub flags: u32,
    pub reference: u32,
    pub dom: u16,
    /// Out.
    pub status: i16,
    /// Out.
    pub handle: u32,
    /// Out.
    pub dev_bus_addr: u64,
}

/// `struct gnttab_unmap_grant_ref` (`grant_table.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct UnmapGrant {
    pub host_addr: u64,
    pub dev_bus_addr: u64,
    pub handle: u32,
    /// Out.
    pub status: i16,
}

/// `struct gnttab_copy_ptr` (`grant_table.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct CopyEnd {
    /// A reference, or a frame of the domain's.
    pub place: u64,
    pub domid: u16,
    pub offset: u16,
}

/// `struct gnttab_copy` (`grant_table.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct CopyGrant {
    pub source: CopyEnd,
    pub dest: CopyEnd,
    pub len: u16,
    pub flags: u16,
    /// Out.
    pub status: i16,
}

/// `struct xen_add_to_physmap` (`memory.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct AddToPhysmap {
    pub domid: u16,
    pub size: u16,
    pub space: u32,
    pub idx: u64,
    pub gpfn: u64,
}

/// `struct xen_memory_map` (`memory.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct MemoryMap {
    /// In: room for entries; out: how many were written.
    pub nr_entries: u32,
    pub buffer: u64,
}

/// An entry of a memory map, as PC firmware has them (INT 15h, E820h).
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MemoryRange {
    pub start: u64,
    pub len: u64,
    /// 1: RAM.
    pub kind: u32,
}

/// `HVMOP_set_param` (`hvm/hvm_op.h`).
pub const HVMOP_SET_PARAM: usize = 0;
/// `HVMOP_get_param`
pub const HVMOP_GET_PARAM: usize = 1;
/// `HVMOP_flush_tlbs`: of all virtual CPUs of the domain.
pub const HVMOP_FLUSH_TLBS: usize = 5;
/// `HVM_PARAM_CALLBACK_IRQ` (`hvm/params.h`).
pub const HVM_PARAM_CALLBACK_IRQ: u32 = 0;
/// `HVM_PARAM_CALLBACK_TYPE_VECTOR`, where a value of the former has it: upcalls come
/// as this vector to every CPU, with no local APIC on the way.
pub const HVM_PARAM_CALLBACK_TYPE_VECTOR: u64 = 2 << 56;
/// `HVM_PARAM_CONSOLE_PFN`
pub const HVM_PARAM_CONSOLE_PFN: u32 = 17;
/// `HVM_PARAM_CONSOLE_EVTCHN`
pub const HVM_PARAM_CONSOLE_EVTCHN: u32 = 18;

/// `struct xen_hvm_param` (`hvm/hvm_op.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct HvmParam {
    pub domid: u16,
    pub pad: u16,
    pub index: u32,
    pub value: u64,
}

/// `EVTCHNOP_bind_interdomain` (`event_channel.h`).
pub const EVTCHNOP_BIND_INTERDOMAIN: usize = 0;
/// `EVTCHNOP_bind_virq`
pub const EVTCHNOP_BIND_VIRQ: usize = 1;
/// `EVTCHNOP_close`
pub const EVTCHNOP_CLOSE: usize = 3;
/// `EVTCHNOP_send`
pub const EVTCHNOP_SEND: usize = 4;
/// `EVTCHNOP_alloc_unbound`
pub const EVTCHNOP_ALLOC_UNBOUND: usize = 6;
/// `EVTCHNOP_bind_ipi`
pub const EVTCHNOP_BIND_IPI: usize = 7;
/// `EVTCHNOP_unmask`
pub const EVTCHNOP_UNMASK: usize = 9;

/// `struct evtchn_bind_interdomain` (`event_channel.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct BindInterdomain {
    pub remote_dom: u16,
    pub remote_port: u32,
    /// Out.
    pub local_port: u32,
}

/// `struct evtchn_bind_virq` (`event_channel.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct BindVirq {
    pub virq: u32,
    pub vcpu: u32,
    /// Out.
    pub port: u32,
}

/// `struct evtchn_alloc_unbound` (`event_channel.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct AllocUnbound {
    pub dom: u16,
    pub remote_dom: u16,
    /// Out.
    pub port: u32,
}

/// `struct evtchn_bind_ipi` (`event_channel.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct BindIpi {
    pub vcpu: u32,
    /// Out.
    pub port: u32,
}

/// `SCHEDOP_yield` (`sched.h`).
pub const SCHEDOP_YIELD: usize = 0;
/// `SCHEDOP_shutdown`
pub const SCHEDOP_SHUTDOWN: usize = 2;
/// `SHUTDOWN_poweroff`
pub const SHUTDOWN_POWEROFF: u32 = 0;
/// `SHUTDOWN_reboot`
pub const SHUTDOWN_REBOOT: u32 = 1;
/// `SHUTDOWN_crash`
pub const SHUTDOWN_CRASH: u32 = 3;

/// `VCPUOP_initialise` (`vcpu.h`).
pub const VCPUOP_INITIALISE: usize = 0;
/// `VCPUOP_up`
pub const VCPUOP_UP: usize = 1;
/// `VCPUOP_down`
pub const VCPUOP_DOWN: usize = 2;
/// `VCPUOP_is_up`
pub const VCPUOP_IS_UP: usize = 3;
/// `VCPUOP_set_periodic_timer`
pub const VCPUOP_SET_PERIODIC_TIMER: usize = 6;
/// `VCPUOP_stop_periodic_timer`
pub const VCPUOP_STOP_PERIODIC_TIMER: usize = 7;
/// `VCPUOP_set_singleshot_timer`
pub const VCPUOP_SET_SINGLESHOT_TIMER: usize = 8;

/// `VCPUOP_register_vcpu_info`
pub const VCPUOP_REGISTER_VCPU_INFO: usize = 10;

/// `struct vcpu_register_vcpu_info` (`vcpu.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct RegisterInfo {
    pub mfn: u64,
    pub offset: u32,
    pub rsvd: u32,
}

/// `VCPU_HVM_MODE_64B` (`hvm/hvm_vcpu.h`).
pub const VCPU_HVM_MODE_64B: u32 = 1;

/// `struct vcpu_hvm_context` (`hvm/hvm_vcpu.h`), with the registers of 64-bit mode: the
/// segments are flat.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct VcpuContext {
    pub mode: u32,
    pub pad: u32,
    pub ax_cx_dx_bx: [u64; 4],
    pub rsp: u64,
    pub rbp: u64,
    pub rsi: u64,
    pub rdi: u64,
    pub rip: u64,
    pub rflags: u64,
    pub cr0: u64,
    pub cr3: u64,
    pub cr4: u64,
    pub efer: u64,
    /// For the other mode.
    pub rest: u64,
}

/// `struct vcpu_set_periodic_timer` (`vcpu.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct PeriodicTimer {
    pub period_ns: u64,
}

/// `struct vcpu_set_singleshot_timer` (`vcpu.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct SingleshotTimer {
    /// System time.
    pub timeout_abs_ns: u64,
    pub flags: u32,
}

/// Bytes of the console's rings, powers of two (`io/console.h`).
pub const CONSOLE_IN: usize = 1024;
/// As above.
pub const CONSOLE_OUT: usize = 2048;

/// `struct xencons_interface` (`io/console.h`); indexes run freely.
#[repr(C)]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct Console {
    pub input: [AtomicU8; CONSOLE_IN],
    pub output: [AtomicU8; CONSOLE_OUT],
    pub in_cons: AtomicU32,
    pub in_prod: AtomicU32,
    pub out_cons: AtomicU32,
    pub out_prod: AtomicU32,
}

/// `HVM_PARAM_STORE_PFN` (`hvm/params.h`).
pub const HVM_PARAM_STORE_PFN: u32 = 1;
/// `HVM_PARAM_STORE_EVTCHN`
pub const HVM_PARAM_STORE_EVTCHN: u32 = 2;

/// `XENSTORE_RING_SIZE` (`io/xs_wire.h`).
pub const STORE_RING: usize = 1024;
/// `XENSTORE_PAYLOAD_MAX`
pub const STORE_PAYLOAD: usize = 4096;

/// `struct xenstore_domain_interface` (`io/xs_wire.h`); indexes run freely.
#[repr(C)]
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are Xen's")]
pub struct Store {
    pub req: [AtomicU8; STORE_RING],
    pub rsp: [AtomicU8; STORE_RING],
    pub req_cons: AtomicU32,
    pub req_prod: AtomicU32,
    pub rsp_cons: AtomicU32,
    pub rsp_prod: AtomicU32,
}

/// `struct xsd_sockmsg` (`io/xs_wire.h`), in front of every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreMessage {
    /// What it is.
    pub kind: u32,
    /// The request's number, in its answer too.
    pub request: u32,
    /// The transaction it is in; 0: none.
    pub transaction: u32,
    /// Bytes that follow.
    pub len: u32,
}

impl StoreMessage {
    /// As it lies in the ring.
    pub fn bytes(&self) -> [u8; 16] {
        let words = [self.kind, self.request, self.transaction, self.len];
        let mut bytes = [0; 16];
        for (to, word) in bytes.chunks_exact_mut(4).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// From what lies in the ring.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let word = |at: usize| {
            let [.., a, b, c, d] = *bytes.get(..at + 4).unwrap_or_default() else {
                return 0;
            };
            u32::from_le_bytes([a, b, c, d])
        };
        Self {
            kind: word(0),
            request: word(4),
            transaction: word(8),
            len: word(12),
        }
    }
}

const _: () = {
    assert!(size_of::<StoreMessage>() == 16);
    assert!(offset_of!(Store, rsp) == 1024);
    assert!(offset_of!(Store, req_cons) == 2048);
    assert!(offset_of!(Store, rsp_prod) == 2060);
    assert!(size_of::<TimeInfo>() == 32);
    assert!(offset_of!(TimeInfo, tsc_timestamp) == 8);
    assert!(offset_of!(TimeInfo, tsc_to_system_mul) == 24);
    assert!(offset_of!(TimeInfo, tsc_shift) == 28);
    assert!(size_of::<VcpuInfo>() == 64);
    assert!(offset_of!(VcpuInfo, evtchn_pending_sel) == 8);
    assert!(offset_of!(VcpuInfo, time) == 32);
    assert!(offset_of!(SharedInfo, evtchn_pending) == 2048);
    assert!(offset_of!(SharedInfo, evtchn_mask) == 2560);
    assert!(offset_of!(SharedInfo, wc) == 3072);
    assert!(offset_of!(WallClock, sec_hi) == 12);
    assert!(size_of::<SharedInfo>() == PAGE);
    assert!(size_of::<Grant>() == 8);
    assert!(size_of::<MapGrant>() == 32);
    assert!(offset_of!(MapGrant, status) == 18);
    assert!(offset_of!(MapGrant, dev_bus_addr) == 24);
    assert!(size_of::<UnmapGrant>() == 24);
    assert!(offset_of!(UnmapGrant, status) == 20);
    assert!(offset_of!(CopyGrant, dest) == 16);
    assert!(offset_of!(CopyGrant, status) == 36);
    assert!(size_of::<CopyGrant>() == 40);
    assert!(size_of::<AllocUnbound>() == 8);
    assert!(size_of::<BindInterdomain>() == 12);
    assert!(offset_of!(BindInterdomain, remote_port) == 4);
    assert!(size_of::<AddToPhysmap>() == 24);
    assert!(offset_of!(AddToPhysmap, idx) == 8);
    assert!(size_of::<MemoryMap>() == 16);
    assert!(size_of::<MemoryRange>() == 20);
    assert!(size_of::<HvmParam>() == 16);
    assert!(offset_of!(HvmParam, index) == 4);
    assert!(size_of::<BindVirq>() == 12);
    assert!(size_of::<BindIpi>() == 8);
    assert!(size_of::<RegisterInfo>() == 16);
    assert!(offset_of!(VcpuContext, rdi) == 64);
    assert!(offset_of!(VcpuContext, rip) == 72);
    assert!(offset_of!(VcpuContext, efer) == 112);
    assert!(size_of::<VcpuContext>() == 128);
    assert!(size_of::<PeriodicTimer>() == 8);
    assert!(size_of::<SingleshotTimer>() == 16);
    assert!(offset_of!(Console, output) == 1024);
    assert!(offset_of!(Console, in_cons) == 3072);
    assert!(offset_of!(Console, out_cons) == 3080);
    assert!(size_of::<Console>() <= PAGE);
};
