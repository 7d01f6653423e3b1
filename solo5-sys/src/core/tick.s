// Preemption: an interrupt that takes the processor from the program, as
// `machine_tick` in machine.h says. What is at fs:0x60 and fs:0x68 stands there.

    .set CORE_TICK_STACK_SIZE, 8192
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
    movq %rbx, core_tick_frame + 8
    movq %rcx, core_tick_frame + 16
    movq %rdx, core_tick_frame + 24
    movq %rsi, core_tick_frame + 32
    movq %rdi, core_tick_frame + 40
    movq %rbp, core_tick_frame + 48
    movq %r8, core_tick_frame + 64
    movq %r9, core_tick_frame + 72
    movq %r10, core_tick_frame + 80
    movq %r11, core_tick_frame + 88
    movq %r12, core_tick_frame + 96
    movq %r13, core_tick_frame + 104
    movq %r14, core_tick_frame + 112
    movq %r15, core_tick_frame + 120
    popq core_tick_frame + 0
    addq $16, %rsp
    popq core_tick_frame + 128          // rip
    addq $8, %rsp
    popq core_tick_frame + 136          // rflags
    popq core_tick_frame + 56           // rsp
    movl $core_tick_stack + CORE_TICK_STACK_SIZE - 8, %eax
    pushq %rax                          // ss is still below it
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

// Where a tick goes on: keep everything in the running thread's frame, and ask
// the handler which one to go on with.
core_tick_entry:
    cld
    movq %fs:CORE_FRAME, %rbx
    movq %rbx, %rdi
    movl $core_tick_frame, %esi
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
// is held off, by the count at first and then by where it comes.
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
2:  movl $core_tick_stack + CORE_TICK_STACK_SIZE, %esp
    decl %fs:CORE_HOLD
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
core_resume_end:
