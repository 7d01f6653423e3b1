// The machine's part of the entry code: PVH and multiboot, both in 32-bit
// protected mode without paging, interrupts off, ebx = the information.
// Sources: Xen 4.17 docs/misc/pvh.pandoc (note 18, start_info), public/arch-x86/cpuid.h
// (leaves), public/arch-x86/xen-x86_64.h (calling convention); Multiboot 0.6.96,
// 3.1.1 (header), 3.2 (eax = 0x2badb002).

    .set CORE_TEXT_BASE, 0x100000
    .set CORE_VECTORS, 49
    .set CORE_MAKES_DIRECTORY, 1
    .set CORE_NMI, core_report
    .set CORE_TICK_STACK_SIZE, 8192

// Of what Xen shares with a CPU, whose address is the machine's own word of its record: the
// flag and the selector of words.
    .set INFO_UPCALL_PENDING, 0
    .set INFO_PENDING_SELECTOR, 8
// Of the shared page: the words.
    .set CORE_PENDING, solo5__xen_HYPERVISOR_SHARED_INFO + 2048
    .set CORE_MASK, CORE_PENDING + 512
    .set CORE_WORDS, 64
// The machine's own words of the open record (event.rs): ports, of which there are 4096.
    .set OPEN_TIMER, OPEN_OWN
    .set OPEN_WAKER, OPEN_OWN + 4

// Find Xen among the hypervisors that present themselves, and have it fill the
// page by which it is called.
    .macro CORE_MACHINE_START
    movq $core_tick_stack + CORE_TICK_STACK_SIZE - 8, core_boot_cpu + CPU_TICK_TOP
    movq $solo5__xen_HYPERVISOR_SHARED_INFO, core_boot_cpu + CPU_OWN
    movl $0x40000000, %edi
6:  movl %edi, %eax
    cpuid
    cmpl $0x566e6558, %ebx              // "XenVMMXenVMM"
    jne 7f
    cmpl $0x65584d4d, %ecx
    jne 7f
    cmpl $0x4d4d566e, %edx
    je 8f
7:  addl $0x100, %edi
    cmpl $0x40010000, %edi
    jb 6b
    jmp 9f
8:  leal 2(%rdi), %eax
    cpuid
    movl %ebx, %ecx
    movl %ecx, core_page_register
    movl $core_hypercall_page, %eax
    xorl %edx, %edx
    wrmsr
    movl $1, core_on_xen
9:
    .endm

    .macro CORE_MACHINE_GATES
    cmpq $core_gate_hypercall, %rax
    je core_call_xen
    cmpq $core_gate_halt, %rax
    je core_halt
    cmpq $core_gate_interrupts, %rax
    je core_open
    cmpq $core_gate_fault, %rax
    je core_open
    cmpq $core_gate_suspend, %rax
    je core_suspend_here
    cmpq $core_gate_reload, %rax
    je core_reload_here
// A program that takes events itself (mirage.rs) has cli, sti and hlt in its own text.
    cmpl $0, core_program_takes_events
    je core_not_a_gate
    cmpq $_stext, %rax
    jb core_not_a_gate
    cmpq $_etext, %rax
    jae core_not_a_gate
    cmpb $0xf4, (%rax)                  // hlt
    je core_halt
    cmpb $0xfa, (%rax)                  // cli
    je core_step_over
    cmpb $0xfb, (%rax)                  // sti
    je core_step_over
    .endm

// Going on after a fault: ring 3 cannot let interrupts come by iretq.
    .macro CORE_FAULT_OPEN
    testl $0x200, 136(%rdi)
    jz 9f
core_gate_fault:
    sti
9:
    .endm

// An upcall. Xen raises it as long as the flag is set, and sets it for a channel
// when the selector's bit was clear; the channels' own bits are their owners'.
// Only the events of this CPU's timer and waker, which are taken here, are ticks. A program
// that takes events itself, on the first CPU, finds the channels by the selector. One that comes in front
// of the halt has ended the wait: QEMU's emulation of SVM forgets, when it leaves
// the guest there, that sti holds off interrupts for one instruction.
    .macro CORE_TICK_TAKEN
    CORE_RECORD %rax
    movl $1, CPU_INTERRUPTED(%rax)
    cmpq $core_halt_now, 24(%rsp)
    jne 1f
    incq 24(%rsp)
1:
    pushq %rcx
    pushq %rdx
    movq CPU_OPEN(%rax), %rcx
    movq CPU_OWN(%rax), %rax
    movb $0, INFO_UPCALL_PENDING(%rax)
    cmpl $0, core_program_takes_events
    je 1f
    cmpq $solo5__xen_HYPERVISOR_SHARED_INFO, %rax
    je 2f
1:  xorl %edx, %edx
    xchgq %rdx, INFO_PENDING_SELECTOR(%rax)
2:  movl OPEN_TIMER(%rcx), %eax
    andl $4095, %eax
    lock btrq %rax, CORE_PENDING
    sbbl %edx, %edx
    movl OPEN_WAKER(%rcx), %eax
    andl $4095, %eax
    lock btrq %rax, CORE_PENDING
    sbbl $0, %edx
    popq %rdx
    popq %rcx
    jz 3f
    .endm

// No other interrupt is expected: one that arrives is reported like a fault.
    .macro CORE_MACHINE_INTERRUPT
    jmp core_report
    .endm

// The status 255, by the ways of `power.rs`.
    .macro CORE_MACHINE_DIE
    movb $0xff, %al
    movl $0x5e9, %edx
    outb %al, %dx
    cmpl $0, core_on_xen
    je 1f
    movl $2, %edi                       // SCHEDOP_shutdown
    movl $core_die_reason, %esi
    call core_hypercall_page + 29 * 32  // sched_op
1:  cli
    hlt
    jmp 1b
    .endm

    .section .core.text, "axR", @progbits
// rax = the call's number, below 64; arguments in rdi, rsi, rdx, r10, r8, which
// Xen may change; answer in rax. Keeps all else.
core_call_xen:
    popq %rax
    cmpq $64, %rax
    jae core_report
    shll $5, %eax
    addl $core_hypercall_page, %eax
    call *%rax
    addq $1, 16(%rsp)
    addq $16, %rsp
    iretq

// An interrupt that ring 3 took, on its way here, has ended the wait.
core_halt:
    CORE_RECORD %rax
    cmpl $0, CPU_INTERRUPTED(%rax)
    jne 1f
    sti
core_halt_now:
    hlt
    cli
1:  movl $0, CPU_INTERRUPTED(%rax)
    addq $1, 24(%rsp)
    jmp core_gate_done

// Take the task register anew. Xen restores it as busy, as it is; QEMU 7.2 has the I/O map of one
// alone that is not. Changes rax, rcx.
    .macro CORE_RELOAD_TASK
    subq $16, %rsp
    sgdt (%rsp)
    movq 2(%rsp), %rcx
    addq $16, %rsp
    strw %ax
    movzwl %ax, %eax
    andb $~2, 5(%rcx, %rax)
    ltrw %ax
    .endm

// As core_suspend says. No interrupt comes before Xen shares its page with the new domain, and
// all channels are masked there.
core_suspend_here:
    popq %rax
    pushq %rdi
    movl $2, %edi                       // SCHEDOP_shutdown
    movl $core_suspend_reason, %esi
    call core_hypercall_page + 29 * 32  // sched_op
    testl %eax, %eax
    jnz 1f
    movl core_page_register, %ecx
    movl $core_hypercall_page, %eax
    xorl %edx, %edx
    wrmsr
    movl $7, %edi                       // XENMEM_add_to_physmap
    movq (%rsp), %rsi
    call core_hypercall_page + 12 * 32  // memory_op
    testl %eax, %eax
    jnz 1f
    CORE_RELOAD_TASK
    movl $CORE_MASK, %edi
    movl $CORE_WORDS, %ecx
    movq $-1, %rax
    rep stosq
    xorl %eax, %eax
1:  popq %rdi
    addq $1, 16(%rsp)
    addq $16, %rsp
    iretq

core_reload_here:
    CORE_RELOAD_TASK
    addq $1, 24(%rsp)
    jmp core_gate_done

core_open:
    orl $0x200, 40(%rsp)                // rflags: IF
core_step_over:
    addq $1, 24(%rsp)
    jmp core_gate_done

    .balign 4
core_die_reason:
    .long 3                             // SHUTDOWN_crash
core_suspend_reason:
    .long 2                             // SHUTDOWN_suspend

// Filled by Xen: 64 entries of 32 bytes. The final tables make it code (machine.rs).
    .section .core.hypercall, "awR", @nobits
    .balign 4096
    .globl core_hypercall_page
core_hypercall_page:
    .zero 4096

    .section .text.core, "ax", @progbits
// Call Xen, as core_call_xen says.
    .globl core_hypercall
core_hypercall:
core_gate_hypercall:
    hlt
    ret

// What Solo5's binding for Xen calls the page of hypercalls: 64 entries of 32 bytes, each
// a function of at most five arguments (the fourth in r10) that calls Xen. These go by the
// gate.
    .section .text.solo5__xen_HYPERCALL_PAGE, "ax", @progbits
    .balign 4096
    .globl solo5__xen_HYPERCALL_PAGE
solo5__xen_HYPERCALL_PAGE:
    .set core_number, 0
    .rept 64
    .balign 32
    movl $core_number, %eax
    jmp core_hypercall
    .set core_number, core_number + 1
    .endr
    .balign 32

// int solo5__xen_evtchn_vector_handler(void *): never called; a program's own one says that
// it takes events itself.
    .section .text.solo5__xen_evtchn_vector_handler, "ax", @progbits
    .weak solo5__xen_evtchn_vector_handler
solo5__xen_evtchn_vector_handler:
core_default_handler:
    ud2

    .section .rodata.core_handlers, "a", @progbits
    .balign 8
    .globl core_handlers
core_handlers:
    .quad solo5__xen_evtchn_vector_handler
    .quad core_default_handler

    .section .text.core, "ax", @progbits
// void core_wait(void): until an interrupt. One that is pending already ends
// it at once.
    .globl core_wait
core_wait:
core_gate_halt:
    hlt
    ret

// void core_allow_interrupts(void): also while ring 3 runs.
    .globl core_allow_interrupts
core_allow_interrupts:
core_gate_interrupts:
    sti
    ret

// rax = suspend this domain; rdi = what has Xen's page in its place again (XENMEM_add_to_physmap).
// 1: it goes on as it was; 0: in a new domain, where it has no event channels and no grants;
// else Xen's error in such a one. Xen may change rsi, rdx, rcx, r10, r8.
    .globl core_suspend
core_suspend:
core_gate_suspend:
    hlt
    ret

// void core_reload_task(void): rax, rcx are changed, and nothing else.
    .globl core_reload_task
core_reload_task:
core_gate_reload:
    hlt
    ret

// All ports are open to ring 3: zeroes behind the TSS.
    .section .core.io_map, "awR", @nobits
    .zero 8193

// For loaders that are not Xen's own, within the first 8192 bytes of the file; the
// address fields serve a flat binary.
    .section .core.multiboot, "aR", @progbits
    .balign 4
core_multiboot:
    .long 0x1badb002
    .long 0x00010003                    // pages, memory map, address fields
    .long -(0x1badb002 + 0x00010003)
    .long core_multiboot
    .long CORE_TEXT_BASE
    .long _edata
    .long _ebss
    .long _start

    .section .note.pvh, "aR", @note
    .balign 4
    .long 4
    .long 8
    .long 18                            // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .quad _start
