// What each processor has of its own. Offsets, as `record.rs` asserts them.
//
// The closed record starts with a page, in which the stacks of ring 0 lie too: so
// ring 0 finds the record of the processor that it runs on by its stack pointer.
    .set CPU_OPEN, 0                    // address of the open record
    .set CPU_FAULT_TOP, 8               // where the fault stack begins, as after a call
    .set CPU_TICK_TOP, 16               // and the stack of ticks, likewise
    .set CPU_INTERRUPTED, 24            // an interrupt came: the next halt is over at once
    .set CPU_OWN, 32                    // the machine's own, as cpus.rs was given it
    .set CPU_STACK_TOP, 2048            // RSP0
    .set CPU_IST_TOP, 3584              // IST 1

// The open record belongs to ring 3, but for what ring 0 stores there.
    .set OPEN_FRAME, 0                  // registers at a fault
    .set OPEN_DEPTH, 144                // faults not yet dealt with
    .set OPEN_HALTED, 152               // it halts, and forgets old translations before it goes on
    .set OPEN_OWN, 156                  // two words for the machine
    .set OPEN_TRAP, 192                 // what the processor pushed at it
    .set OPEN_TICK, 704                 // registers that a tick interrupted
    .set OPEN_EXTENDED, 896             // extended state at a fault

// Store the registers but rax, rsp, rip and rflags in the frame at \frame of the open
// record at rax.
    .macro CORE_KEEP frame
    movq %rbx, \frame + 8(%rax)
    movq %rcx, \frame + 16(%rax)
    movq %rdx, \frame + 24(%rax)
    movq %rsi, \frame + 32(%rax)
    movq %rdi, \frame + 40(%rax)
    movq %rbp, \frame + 48(%rax)
    movq %r8, \frame + 64(%rax)
    movq %r9, \frame + 72(%rax)
    movq %r10, \frame + 80(%rax)
    movq %r11, \frame + 88(%rax)
    movq %r12, \frame + 96(%rax)
    movq %r13, \frame + 104(%rax)
    movq %r14, \frame + 112(%rax)
    movq %r15, \frame + 120(%rax)
    .endm

// In: rsp = a stack of ring 0. Out: \register = the closed record.
    .macro CORE_RECORD register
    movq %rsp, \register
    andq $-4096, \register
    .endm
