// Preemption: an interrupt that takes the processor from the program, as
// `machine_tick` in machine.h says. What is at fs:0x60 and fs:0x68 stands there.

    .set CORE_HOLD, 0x60
    .set CORE_FRAME, 0x68
// Of a thread's frame: where its extended state begins.
    .set CORE_FRAME_EXTENDED, 192

// On entry: vector, error code, rip, cs, rflags, rsp, ss. Nothing is pushed on
// the stack of what was interrupted, and ring 0 touches no extended state.
    .section .core.text, "axR", @progbits
core_tick:
    pushq %rax
    CORE_TICK_TAKEN
    CORE_RECORD %rax
    movl $1, CPU_INTERRUPTED(%rax)
    testb $3, 32(%rsp)                  // in the halt gate: it is over
    jz 3f
    testl $0x7fffffff, %fs:CORE_HOLD
    jnz 2f
    movq 24(%rsp), %rax                 // going on with a frame right now
    cmpq $core_resume_start, %rax
    jb 1f
    cmpq $core_resume_end, %rax
    jb 2f
1:  cmpq $core_fault_tail, %rax         // or after a fault
    jb 1f
    cmpq $core_fault_tail_end, %rax
    jb 2f
1:  incl %fs:CORE_HOLD
    CORE_RECORD %rax
    movq CPU_OPEN(%rax), %rax
    CORE_KEEP OPEN_TICK
    movq %rax, %rbx
    popq OPEN_TICK + 0(%rbx)            // rax
    addq $16, %rsp
    popq OPEN_TICK + 128(%rbx)          // rip
    addq $8, %rsp
    popq OPEN_TICK + 136(%rbx)          // rflags
    popq OPEN_TICK + 56(%rbx)           // rsp
    CORE_RECORD %rax
    pushq CPU_TICK_TOP(%rax)            // ss is still below it
    pushq $0x202
    pushq $0x33
    pushq $core_tick_entry
    iretq
// The program sees the cleared bit when it has counted down.
2:  andl $0x7fffffff, %fs:CORE_HOLD
3:  popq %rax
    addq $16, %rsp
    iretq

// What follows runs in ring 3.
    .section .text.core, "ax", @progbits

// Where a tick goes on, with rbx = the open record: keep everything in the running
// thread's frame, and ask the handler which one to go on with.
core_tick_entry:
    cld
    leaq OPEN_TICK(%rbx), %rsi
    movq %fs:CORE_FRAME, %rbx
    movq %rbx, %rdi
    movl $18, %ecx
    rep movsq
    testl $0x4000000, core_cpu + 0
    jz 1f
    movl $CORE_EXTENDED, %eax
    xorl %edx, %edx
    xsave64 CORE_FRAME_EXTENDED(%rbx)
    jmp 2f
1:  fxsave64 CORE_FRAME_EXTENDED(%rbx)
2:  fninit
    pushq $0x1f80                       // the stack is aligned for a call now
    ldmxcsr (%rsp)
    movq %rbx, %rdi
    call *core_tick_handler
    movq %rax, %rdi

// void machine_resume(struct machine_frame *): does not return. A tick meanwhile
// is held off, by the count at first and then by where it comes; so nobody else
// is on the caller's stack, a few words of which are used.
    .globl core_resume
core_resume:
core_resume_start:
    testl $0x4000000, core_cpu + 0
    jz 1f
    movl $CORE_EXTENDED, %eax
    xorl %edx, %edx
    xrstor64 CORE_FRAME_EXTENDED(%rdi)
    jmp 2f
1:  fxrstor64 CORE_FRAME_EXTENDED(%rdi)
2:  decl %fs:CORE_HOLD
    CORE_GO_ON
core_resume_end:
