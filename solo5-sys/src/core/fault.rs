//! Faults, in ring 3: the program's handler, or a report of our own.
//!
//! The ring-0 entry has saved the registers and come here on the fault stack.
//! Nothing is allocated and nothing of the program's state is needed.

use super::record::{Open, Trap};
use super::{Shared, layout};
use crate::abi::{self, Fault, FaultHandler, FaultKind, Frame};
use crate::log;
use crate::machine::Machine;

static HANDLER: Shared<Option<FaultHandler>> = Shared::new(None);

/// `machine_on_fault`
///
/// # Safety
/// As [`Machine::on_fault`].
pub unsafe fn set_handler(handler: Option<FaultHandler>) {
    // SAFETY: a fault in between sees either value, whose store is one instruction.
    unsafe { HANDLER.get().write_volatile(handler) };
}

/// The address of the trap frame, while a fault is being dealt with.
pub fn trap_frame() -> Option<usize> {
    use core::sync::atomic::Ordering::Relaxed;
    let open = super::record::core_boot_open.get();
    // SAFETY: the count is atomic, and of the trap only the address is taken.
    unsafe {
        let depth = (*open).depth.load(Relaxed);
        (depth != 0).then(|| (&raw const (*open).trap).addr())
    }
}

/// A fault, as the entry has left it. Returning resumes with the frame.
///
/// # Safety
/// The entry has filled the record, and nobody else uses it before the processor's next fault.
pub unsafe fn handle<M: Machine>(open: *mut Open) {
    // SAFETY: this function's contract.
    let Open {
        frame, trap, index, ..
    } = unsafe { &mut *open };
    frame.rip = trap.rip;
    frame.rflags = trap.rflags;
    frame.rsp = trap.rsp;
    let mut fault = describe(trap);
    let from_program = trap.cs & 3 == 3;
    // SAFETY: written by `set_handler` only.
    if let Some(handler) = unsafe { HANDLER.get().read_volatile() }
        && from_program
    {
        // SAFETY: a handler may be called so, by the contract of `set_handler`.
        if unsafe { handler(&mut fault, frame) } != 0 {
            return;
        }
    }
    M::cpu_stop_others();
    report::<M>(&fault, frame, from_program, *index.get_mut());
    M::exit(abi::EXIT_ABORT)
}

/// A fault while another one is being dealt with.
///
/// # Safety
/// As [`handle`].
pub unsafe fn again<M: Machine>(open: *mut Open) -> ! {
    // SAFETY: this function's contract.
    let trap = unsafe { &(*open).trap };
    text::<M>("Solo5: ABORT: another fault while reporting one: vector ");
    decimal::<M>(trap.vector);
    field::<M>(" code 0x", trap.code, 1);
    field::<M>(" rip 0x", trap.rip, 1);
    field::<M>(" address 0x", trap.cr2, 1);
    text::<M>("\n");
    M::exit(abi::EXIT_ABORT)
}

const PAGE_FAULT: u64 = 14;
const PROTECTION: u64 = 13;

fn describe(trap: &Trap) -> Fault {
    let kind = match trap.vector {
        PAGE_FAULT if trap.code & 1 << 1 != 0 => FaultKind::Write,
        // Without pages that cannot be executed, bit 4 is never set; but no
        // instruction reads its own first byte before it is fetched.
        PAGE_FAULT if trap.code & 1 << 4 != 0 || trap.cr2 == trap.rip => FaultKind::Execute,
        PAGE_FAULT => FaultKind::Read,
        6 => FaultKind::Instruction,
        PROTECTION if trap.code == 0 && is_privileged(trap.rip) => FaultKind::Instruction,
        0 | 16 | 19 => FaultKind::Arithmetic,
        _ => FaultKind::Other,
    };
    Fault {
        kind,
        vector: trap.vector as u32,
        code: trap.code,
        addr: if trap.vector == PAGE_FAULT {
            trap.cr2
        } else {
            0
        },
    }
}

/// Whether the instruction at `rip` is one that ring 3 may not execute; prefixes
/// are not looked through.
fn is_privileged(rip: u64) -> bool {
    let rip = rip as usize;
    if rip < layout::text() || rip > layout::rodata() - 2 {
        return false;
    }
    // SAFETY: both bytes lie in the code, which can be read.
    let code = unsafe { *core::ptr::with_exposed_provenance::<[u8; 2]>(rip) };
    match code {
        // in, out, ins, outs, hlt, cli, sti
        [
            0x6c..=0x6f | 0xe4..=0xe7 | 0xec..=0xef | 0xf4 | 0xfa | 0xfb,
            _,
        ] => true,
        // lgdt and others, clts, sysret, invd, wbinvd, control and debug
        // registers, wrmsr, rdmsr, sysexit
        [
            0x0f,
            0x00 | 0x01 | 0x06..=0x09 | 0x20..=0x23 | 0x30 | 0x32 | 0x35,
        ] => true,
        _ => false,
    }
}

fn name(fault: &Fault) -> &'static str {
    match (fault.kind, fault.vector) {
        (FaultKind::Read, _) => "page fault, read of",
        (FaultKind::Write, _) => "page fault, write to",
        (FaultKind::Execute, _) => "page fault, execution of",
        (_, 0) => "division error",
        (_, 1) => "debug exception",
        (_, 2) => "non-maskable interrupt",
        (_, 3) => "breakpoint",
        (_, 6) => "invalid instruction",
        (_, 8) => "double fault",
        (FaultKind::Instruction, 13) => "privileged instruction",
        (_, 13) => "general protection fault",
        (_, 12) => "stack fault",
        (_, 16) => "x87 exception",
        (_, 17) => "alignment check",
        (_, 18) => "machine check",
        (_, 19) => "SIMD exception",
        (_, 32..) => "unexpected interrupt",
        _ => "exception",
    }
}

/// `number` is that of the processor.
fn report<M: Machine>(fault: &Fault, frame: &Frame, from_program: bool, number: u32) {
    text::<M>("Solo5: ABORT: ");
    text::<M>(name(fault));
    if u64::from(fault.vector) == PAGE_FAULT {
        field::<M>(" 0x", fault.addr, 1);
    }
    text::<M>(" (vector ");
    decimal::<M>(fault.vector.into());
    field::<M>(", error code 0x", fault.code, 1);
    text::<M>(if from_program { ")" } else { ") in ring 0" });
    if number != 0 {
        text::<M>(" on processor ");
        decimal::<M>(number.into());
    }
    let registers = [
        ("\nSolo5:   rip ", frame.rip),
        (" rsp ", frame.rsp),
        (" rbp ", frame.rbp),
        (" flags ", frame.rflags),
        ("\nSolo5:   rax ", frame.rax),
        (" rbx ", frame.rbx),
        (" rcx ", frame.rcx),
        (" rdx ", frame.rdx),
        ("\nSolo5:   rsi ", frame.rsi),
        (" rdi ", frame.rdi),
        (" r8  ", frame.r8),
        (" r9  ", frame.r9),
        ("\nSolo5:   r10 ", frame.r10),
        (" r11 ", frame.r11),
        (" r12 ", frame.r12),
        (" r13 ", frame.r13),
        ("\nSolo5:   r14 ", frame.r14),
        (" r15 ", frame.r15),
    ];
    for (name, value) in registers {
        field::<M>(name, value, 16);
    }
    text::<M>("\n");
}

fn text<M: Machine>(text: &str) {
    M::console_panic(text.as_bytes());
}

fn decimal<M: Machine>(number: u64) {
    let mut digits = [0; 20];
    M::console_panic(log::format(number, 10, &mut digits));
}

/// Print `name` and `value`, hexadecimal, with at least `width` digits.
fn field<M: Machine>(name: &str, value: u64, width: usize) {
    let mut digits = [b'0'; 16];
    let len = log::format(value, 16, &mut digits).len().max(width);
    text::<M>(name);
    M::console_panic(digits.get(16 - len..).unwrap_or_default());
}
