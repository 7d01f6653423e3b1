// Exceptions, interrupts and the few privileged steps ("gates").
//
// A gate is one instruction at one address in ring-3 text. Where ring 3 cannot
// execute it, it faults; the handler knows the address, takes the step and goes
// on behind it. The same instruction anywhere else is an ordinary fault.

// What a caller of the gate for page tables has in r8: nothing that is likely
// there by accident.
    .set CORE_GATE_WORD, 0x9e1d6a3b57c0f284

// The entries: 16 bytes for each vector, the error code and the vector on the
// stack. They start the section, at the address which the IDT names.
    .section .core.text.entries, "axR", @progbits

    .set core_vector, 0
    .rept CORE_VECTORS
    .balign 16
    .if core_vector == 8 || (core_vector >= 10 && core_vector <= 14) || core_vector == 17 || core_vector == 21 || core_vector == 29 || core_vector == 30
    nop
    nop
    .else
    pushq $0
    .endif
    pushq $core_vector
    .if core_vector == 6 || core_vector == 13
    jmp core_gates
    .elseif core_vector == 2
    jmp CORE_NMI
    .elseif core_vector == 48
    jmp core_tick
    .elseif core_vector == 49
    jmp core_flush
    .elseif core_vector >= 32
    jmp core_interrupt
    .else
    jmp core_report
    .endif
    .set core_vector, core_vector + 1
    .endr

// On entry to the following: vector, error code, rip, cs, rflags, rsp, ss.
    .section .core.text, "axR", @progbits
core_gates:
    pushq %rax
    movq 24(%rsp), %rax
    cmpq $core_gate_tables, %rax
    je core_write_entries
    cmpq $core_gate_fs_base, %rax
    je core_load_fs_base
    CORE_MACHINE_GATES
core_not_a_gate:
    popq %rax

// Save the registers where ring 3 can read them and go to its report. A second
// fault before the first one is dealt with gets a shorter report, a third ends
// the machine here.
core_report:
    cld
    pushq %rax
    CORE_RECORD %rax
    movq CPU_OPEN(%rax), %rax
    CORE_KEEP OPEN_FRAME
    movq %rax, %rdi
    movq %cr2, %rax
    movq %rax, OPEN_TRAP + 0(%rdi)
    popq OPEN_FRAME + 0(%rdi)           // rax
    popq OPEN_TRAP + 56(%rdi)           // vector
    // The order which the tender's core dumps know: cr2, error code, rip, cs,
    // rflags, rsp, ss.
    popq OPEN_TRAP + 8(%rdi)
    popq OPEN_TRAP + 16(%rdi)
    popq OPEN_TRAP + 24(%rdi)
    popq OPEN_TRAP + 32(%rdi)
    popq OPEN_TRAP + 40(%rdi)
    popq OPEN_TRAP + 48(%rdi)
    movl OPEN_DEPTH(%rdi), %eax
    incl %eax
    movl %eax, OPEN_DEPTH(%rdi)
    movl $core_fault_entry, %ecx
    cmpl $1, %eax
    je 1f
    movl $core_fault_again, %ecx
    cmpl $2, %eax
    jne core_die
1:  movl $0x2b, %eax
    movl %eax, %ds
    movl %eax, %es
    CORE_RECORD %rax
    pushq $0x2b
    pushq CPU_FAULT_TOP(%rax)
    pushq $2
    pushq $0x33
    pushq %rcx
    iretq

core_die:
    CORE_MACHINE_DIE

// Store rcx quadwords from rsi at rdi, and forget old translations if edx is not 0.
// Whoever comes here by accident has another r8, or wants to write to ring 0's
// own tables or code: then the fault is reported.
core_write_entries:
    movabsq $CORE_GATE_WORD, %rax
    cmpq %rax, %r8
    jne core_not_a_gate
    cmpq $core_pml4, %rdi
    jb core_not_a_gate
    rep movsq
    testl %edx, %edx
    jz 1f
    movl $core_pml4, %eax
    movq %rax, %cr3
1:  addq $3, 24(%rsp)
    jmp core_gate_done

// wrfsbase, on a processor that has no such instruction. In: rdi = base; unless
// it is an address of the lower half, the fault is reported. Changes rcx, rdx.
core_load_fs_base:
    movq %rdi, %rdx
    shrq $32, %rdx
    testl $0xffff8000, %edx
    jnz core_not_a_gate
    movl %edi, %eax
    movl $0xc0000100, %ecx
    wrmsr
    addq $5, 24(%rsp)
core_gate_done:
    popq %rax
    addq $16, %rsp
    iretq

core_interrupt:
    CORE_MACHINE_INTERRUPT

// Go on with the registers in the frame at rdi, in ring 3.
    .macro CORE_GO_ON
    pushq $0x2b
    pushq 56(%rdi)
    pushq 136(%rdi)
    pushq $0x33
    pushq 128(%rdi)
    movq 0(%rdi), %rax
    movq 8(%rdi), %rbx
    movq 16(%rdi), %rcx
    movq 24(%rdi), %rdx
    movq 32(%rdi), %rsi
    movq 48(%rdi), %rbp
    movq 64(%rdi), %r8
    movq 72(%rdi), %r9
    movq 80(%rdi), %r10
    movq 88(%rdi), %r11
    movq 96(%rdi), %r12
    movq 104(%rdi), %r13
    movq 112(%rdi), %r14
    movq 120(%rdi), %r15
    movq 40(%rdi), %rdi
    iretq
    .endm

// What follows runs in ring 3.
    .section .text.core, "ax", @progbits

// void core_write_tables(uint64_t *to, const uint64_t *from, size_t count, uint64_t forget):
// keeps all but rcx, rdx, rsi, rdi and r8.
    .globl core_write_tables
core_write_tables:
    movabsq $CORE_GATE_WORD, %r8
    xchgq %rdx, %rcx
    cld
core_gate_tables:
    movq %rax, %cr3
    ret

// void core_write_fs_base(uintptr_t base): keeps all but rcx and rdx.
    .globl core_write_fs_base
core_write_fs_base:
core_gate_fs_base:
    wrfsbase %rdi
    ret

// Where a fault goes on in ring 3, with rdi = the open record: keep the extended
// state, give the report a clean one, call core_fault(record), and resume if that
// returns.
core_fault_entry:
    movq %rdi, %rbx
    testl $0x4000000, core_cpu + 0
    jz 1f
    movl $CORE_EXTENDED, %eax
    xorl %edx, %edx
    xsave64 OPEN_EXTENDED(%rbx)
    jmp 2f
1:  fxsave64 OPEN_EXTENDED(%rbx)
2:  fninit
    pushq $0x1f80
    ldmxcsr (%rsp)
    call core_fault
    movq %rbx, %rdi
    testl $0x4000000, core_cpu + 0
    jz 3f
    movl $CORE_EXTENDED, %eax
    xorl %edx, %edx
    xrstor64 OPEN_EXTENDED(%rdi)
    jmp 4f
3:  fxrstor64 OPEN_EXTENDED(%rdi)
core_fault_tail:
4:  CORE_FAULT_OPEN
    movl $0, OPEN_DEPTH(%rdi)
    CORE_GO_ON
core_fault_tail_end:

// core_run(argument, function, stack top): leave the present stack for good, with
// floating point as the psABI has it at a program's entry. A reset leaves the
// control word 0x40 (Intel SDM 3A, Processor State After Reset), and not every loader sets it.
    .globl core_run
core_run:
    fninit
    pushq $0x1f80
    ldmxcsr (%rsp)
    movq %rdx, %rsp
    xorl %ebp, %ebp
    call *%rsi
    ud2
