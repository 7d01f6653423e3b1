//! Hypercalls, from ring 3 through the core's gate.
//!
//! Xen serves ring 0 alone, so `core_hypercall` faults into ring 0, which makes
//! the call through the page that Xen filled (`entry.s`).

use core::arch::asm;
use core::ptr;

use solo5_sys::machine::Errno;

use crate::abi::{
    AddToPhysmap, AllocUnbound, BindInterdomain, BindIpi, BindVirq, CONSOLEIO_READ,
    CONSOLEIO_WRITE, DOMID_SELF, EVTCHNOP_ALLOC_UNBOUND, EVTCHNOP_BIND_INTERDOMAIN,
    EVTCHNOP_BIND_IPI, EVTCHNOP_BIND_VIRQ, EVTCHNOP_CLOSE, EVTCHNOP_SEND, EVTCHNOP_UNMASK,
    HVMOP_FLUSH_TLBS, HVMOP_GET_PARAM, HVMOP_SET_PARAM, HvmParam, Hypercall, MemoryMap,
    MemoryRange, PAGE, PeriodicTimer, RegisterInfo, SCHEDOP_SHUTDOWN, SCHEDOP_YIELD,
    SingleshotTimer, VCPUOP_DOWN, VCPUOP_INITIALISE, VCPUOP_IS_UP, VCPUOP_REGISTER_VCPU_INFO,
    VCPUOP_SET_PERIODIC_TIMER, VCPUOP_SET_SINGLESHOT_TIMER, VCPUOP_STOP_PERIODIC_TIMER, VCPUOP_UP,
    VcpuContext, XENMAPSPACE_SHARED_INFO, XENMEM_ADD_TO_PHYSMAP, XENMEM_MEMORY_MAP,
};

unsafe extern "C" {
    fn core_hypercall();
    fn core_suspend();
    fn core_reload_task();
}

/// Call Xen. Its answer, or a negative errno, which has Linux's numbers.
///
/// # Safety
/// The arguments are those of this call, what they point to is valid for it, and
/// what Xen then does is sound.
unsafe fn call(number: Hypercall, arguments: [usize; 3]) -> Result<usize, Errno> {
    let [first, second, third] = arguments;
    let answer: isize;
    // SAFETY: the gate changes rax; Xen may change the arguments' registers; the
    // rest is this function's contract.
    unsafe {
        asm!(
            "call {gate}",
            gate = sym core_hypercall,
            inout("rax") number as usize => answer,
            inout("rdi") first => _,
            inout("rsi") second => _,
            inout("rdx") third => _,
            inout("r10") 0 => _,
            inout("r8") 0 => _,
        );
    }
    usize::try_from(answer).map_err(|_| Errno(answer.unsigned_abs() as i32))
}

fn address<T>(of: &mut T) -> usize {
    ptr::from_mut(of).expose_provenance()
}

/// Have a page of Xen's at `gpfn`, in place of what is there.
///
/// # Safety
/// Nobody uses that page.
pub unsafe fn add_to_physmap(space: u32, idx: u64, gpfn: u64) -> Result<(), Errno> {
    let mut argument = AddToPhysmap {
        domid: DOMID_SELF,
        size: 0,
        space,
        idx,
        gpfn,
    };
    // SAFETY: the structure of this call; the page is the caller's.
    unsafe {
        call(
            Hypercall::MemoryOp,
            [XENMEM_ADD_TO_PHYSMAP, address(&mut argument), 0],
        )?;
    }
    Ok(())
}

/// The memory map, into `entries`; answers how many there are.
pub fn memory_map(entries: &mut [MemoryRange]) -> Result<usize, Errno> {
    let mut argument = MemoryMap {
        nr_entries: entries.len() as u32,
        buffer: entries.as_mut_ptr().expose_provenance() as u64,
    };
    // SAFETY: Xen writes at most `nr_entries` entries.
    unsafe {
        call(
            Hypercall::MemoryOp,
            [XENMEM_MEMORY_MAP, address(&mut argument), 0],
        )?;
    }
    Ok((argument.nr_entries as usize).min(entries.len()))
}

/// A parameter of this domain.
pub fn get_param(index: u32) -> Result<u64, Errno> {
    let mut argument = HvmParam {
        domid: DOMID_SELF,
        pad: 0,
        index,
        value: 0,
    };
    // SAFETY: Xen writes the structure.
    unsafe {
        call(
            Hypercall::HvmOp,
            [HVMOP_GET_PARAM, address(&mut argument), 0],
        )?
    };
    Ok(argument.value)
}

/// Set a parameter of this domain.
///
/// # Safety
/// What it then does is sound.
pub unsafe fn set_param(index: u32, value: u64) -> Result<(), Errno> {
    let mut argument = HvmParam {
        domid: DOMID_SELF,
        pad: 0,
        index,
        value,
    };
    // SAFETY: Xen reads the structure; the rest is this function's contract.
    unsafe {
        call(
            Hypercall::HvmOp,
            [HVMOP_SET_PARAM, address(&mut argument), 0],
        )?
    };
    Ok(())
}

/// A new event channel for `virq` of `vcpu`; answers its port.
pub fn bind_virq(virq: u32, vcpu: u32) -> Result<u32, Errno> {
    let mut argument = BindVirq {
        virq,
        vcpu,
        port: 0,
    };
    // SAFETY: Xen writes the structure.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_BIND_VIRQ, address(&mut argument), 0],
        )?;
    }
    Ok(argument.port)
}

/// A new event channel by which `vcpu` is told something; answers its port.
pub fn bind_ipi(vcpu: u32) -> Result<u32, Errno> {
    let mut argument = BindIpi { vcpu, port: 0 };
    // SAFETY: Xen writes the structure.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_BIND_IPI, address(&mut argument), 0],
        )?;
    }
    Ok(argument.port)
}

/// A new event channel, which `domain` may bind; answers its port.
pub fn alloc_unbound(domain: u16) -> Result<u32, Errno> {
    let mut argument = AllocUnbound {
        dom: DOMID_SELF,
        remote_dom: domain,
        port: 0,
    };
    // SAFETY: Xen writes the structure.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_ALLOC_UNBOUND, address(&mut argument), 0],
        )?;
    }
    Ok(argument.port)
}

/// A new event channel, whose other end is what `domain` offers as `remote_port`; answers
/// its port.
pub fn bind_interdomain(domain: u16, remote_port: u32) -> Result<u32, Errno> {
    let mut argument = BindInterdomain {
        remote_dom: domain,
        remote_port,
        local_port: 0,
    };
    // SAFETY: Xen writes the structure.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_BIND_INTERDOMAIN, address(&mut argument), 0],
        )?;
    }
    Ok(argument.local_port)
}

/// Give `port` up.
pub fn close(port: u32) -> Result<(), Errno> {
    let mut port = port;
    // SAFETY: Xen reads the port.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_CLOSE, address(&mut port), 0],
        )?;
    }
    Ok(())
}

/// Notify the other end of `port`.
pub fn send(port: u32) -> Result<(), Errno> {
    let mut port = port;
    // SAFETY: Xen reads the port.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_SEND, address(&mut port), 0],
        )?;
    }
    Ok(())
}

/// Let events of `port` come, one that is pending as well.
pub fn unmask(port: u32) -> Result<(), Errno> {
    let mut port = port;
    // SAFETY: Xen reads the port.
    unsafe {
        call(
            Hypercall::EventChannelOp,
            [EVTCHNOP_UNMASK, address(&mut port), 0],
        )?;
    }
    Ok(())
}

/// A call on the grants of other domains, which answers in its argument.
///
/// # Safety
/// The argument is one structure of this operation, and what Xen then does is sound.
pub unsafe fn grant_table<T>(operation: usize, argument: &mut T) -> Result<(), Errno> {
    // SAFETY: this function's contract.
    unsafe {
        call(Hypercall::GrantTableOp, [operation, address(argument), 1])?;
    }
    Ok(())
}

/// Write to Xen's own console: dom0 may, another domain as its Xen was built.
pub fn console_write(bytes: &[u8]) -> Result<(), Errno> {
    let start = bytes.as_ptr().expose_provenance();
    // SAFETY: a live slice.
    unsafe {
        call(Hypercall::ConsoleIo, [CONSOLEIO_WRITE, bytes.len(), start])?;
    }
    Ok(())
}

/// Read what was typed on Xen's own console; dom0 alone may.
pub fn console_read(buffer: &mut [u8]) -> Result<usize, Errno> {
    let start = buffer.as_mut_ptr().expose_provenance();
    // SAFETY: a live slice.
    let count = unsafe { call(Hypercall::ConsoleIo, [CONSOLEIO_READ, buffer.len(), start])? };
    Ok(count.min(buffer.len()))
}

/// Let other domains run.
pub fn r#yield() {
    // SAFETY: takes no argument. It cannot fail.
    let _ = unsafe { call(Hypercall::SchedOp, [SCHEDOP_YIELD, 0, 0]) };
}

/// End this domain; comes back only if Xen refuses.
pub fn shutdown(reason: u32) {
    let mut reason = reason;
    // SAFETY: Xen reads the reason.
    let _ = unsafe {
        call(
            Hypercall::SchedOp,
            [SCHEDOP_SHUTDOWN, address(&mut reason), 0],
        )
    };
}

/// Suspend this domain. Whether it goes on as a new one, which has no event channels and no
/// grants, and all channels masked in its own shared page, at `gpfn`.
///
/// # Errors
/// Xen's, which does not share that page with the new one, or refuses to suspend the old one.
///
/// # Safety
/// No other virtual CPU runs; `gpfn` is where the shared page is.
pub unsafe fn suspend(gpfn: u64) -> Result<bool, Errno> {
    let mut place = AddToPhysmap {
        domid: DOMID_SELF,
        size: 0,
        space: XENMAPSPACE_SHARED_INFO,
        idx: 0,
        gpfn,
    };
    let answer: isize;
    // SAFETY: what the gate changes is said here; the rest is this function's contract.
    unsafe {
        asm!(
            "call {gate}",
            gate = sym core_suspend,
            out("rax") answer,
            inout("rdi") address(&mut place) => _,
            out("rsi") _,
            out("rdx") _,
            out("rcx") _,
            out("r10") _,
            out("r8") _,
        );
    }
    match answer {
        0 => Ok(true),
        1 => Ok(false),
        _ => Err(Errno((answer as i32).wrapping_neg())),
    }
}

/// Raise `VIRQ_TIMER` of `vcpu` once, at system time `deadline_ns`.
pub fn set_timer(vcpu: usize, deadline_ns: u64) -> Result<(), Errno> {
    let mut argument = SingleshotTimer {
        timeout_abs_ns: deadline_ns,
        flags: 0,
    };
    // SAFETY: Xen reads the structure.
    unsafe {
        call(
            Hypercall::VcpuOp,
            [VCPUOP_SET_SINGLESHOT_TIMER, vcpu, address(&mut argument)],
        )?;
    }
    Ok(())
}

/// Raise `VIRQ_TIMER` of `vcpu` every `period_ns`, 1 ms at least; 0: no more.
pub fn set_periodic_timer(vcpu: usize, period_ns: u64) -> Result<(), Errno> {
    let mut argument = PeriodicTimer { period_ns };
    let (operation, pointer) = match period_ns {
        0 => (VCPUOP_STOP_PERIODIC_TIMER, 0),
        _ => (VCPUOP_SET_PERIODIC_TIMER, address(&mut argument)),
    };
    // SAFETY: Xen reads the structure.
    unsafe { call(Hypercall::VcpuOp, [operation, vcpu, pointer])? };
    Ok(())
}

/// Have all virtual CPUs forget what they remember of page tables.
pub fn flush_tlbs() -> Result<(), Errno> {
    // SAFETY: takes no argument.
    unsafe { call(Hypercall::HvmOp, [HVMOP_FLUSH_TLBS, 0, 0])? };
    Ok(())
}

/// Whether there is such a virtual CPU.
pub fn has_vcpu(vcpu: usize) -> bool {
    // SAFETY: takes no argument.
    unsafe { call(Hypercall::VcpuOp, [VCPUOP_IS_UP, vcpu, 0]) }.is_ok()
}

/// Have `vcpu`, which never ran, keep what is its own at `at`.
///
/// # Safety
/// 64 bytes within a page, for nobody else for ever.
pub unsafe fn register_info(vcpu: usize, at: usize) -> Result<(), Errno> {
    let mut argument = RegisterInfo {
        mfn: (at / PAGE) as u64,
        offset: (at % PAGE) as u32,
        rsvd: 0,
    };
    let pointer = address(&mut argument);
    // SAFETY: Xen reads the structure; the rest is this function's contract.
    unsafe {
        call(
            Hypercall::VcpuOp,
            [VCPUOP_REGISTER_VCPU_INFO, vcpu, pointer],
        )?
    };
    Ok(())
}

/// Start `vcpu`, which never ran.
///
/// # Safety
/// What it then does is sound.
pub unsafe fn start_vcpu(vcpu: usize, context: &mut VcpuContext) -> Result<(), Errno> {
    // SAFETY: Xen reads the structure; the rest is this function's contract.
    unsafe {
        call(
            Hypercall::VcpuOp,
            [VCPUOP_INITIALISE, vcpu, address(context)],
        )?;
        raise_vcpu(vcpu)
    }
}

/// Have `vcpu`, which was stopped, go on.
///
/// # Safety
/// What it then does is sound.
pub unsafe fn raise_vcpu(vcpu: usize) -> Result<(), Errno> {
    // SAFETY: takes no argument; the rest is this function's contract.
    unsafe { call(Hypercall::VcpuOp, [VCPUOP_UP, vcpu, 0])? };
    Ok(())
}

/// Have the calling CPU take its task register anew, whose state Xen has written down and
/// read again.
pub fn reload_task() {
    // SAFETY: the gate changes what is said here, and no memory of the program.
    unsafe {
        asm!("call {gate}", gate = sym core_reload_task, out("rax") _, out("rcx") _);
    }
}

/// Stop `vcpu`, which is another one than the caller's, in a moment.
pub fn stop_vcpu(vcpu: usize) -> Result<(), Errno> {
    // SAFETY: takes no argument.
    unsafe { call(Hypercall::VcpuOp, [VCPUOP_DOWN, vcpu, 0])? };
    Ok(())
}
