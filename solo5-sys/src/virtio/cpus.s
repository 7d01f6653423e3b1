// The other processors: from INIT-SIPI to 64-bit mode, and what they are asked for.
//
// Source: Intel SDM volume 3A, 9.4.4 (MP initialisation), 10.9 (real mode to 64-bit mode).

// Behind the boot processor's record, in its page.
    .globl core_apic_index
    .set core_apic_index, core_boot_cpu + 3584  // by APIC identifier: the number; 0: none

// Where a processor starts, in real mode: copied to a page below 1 MiB.
    .section .rodata.core_trampoline, "a", @progbits
    .code16
    .globl core_trampoline
core_trampoline:
    cli
    cld
    lgdtl %cs:(1f - core_trampoline)
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $0x38, $core_arrive
1:  .word 0x3f
    .long core_gdt
    .globl core_trampoline_end
core_trampoline_end:

    .section .core.text, "axR", @progbits
    .code32
core_arrive:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %ss
    movl $core_pml4, %eax
    movl %eax, %cr3
    CORE_TURN_ON_PAGING
    ljmp $0x08, $1f
    .code64
1:  movl $0xfee00020, %eax              // the local APIC's identifier
    movl (%rax), %eax
    shrl $24, %eax
    movzbl core_apic_index(%rax), %edi
    testl %edi, %edi
    jnz core_cpu_start

core_nowhere:
    cli
    hlt
    jmp core_nowhere

// Forget what is remembered of page tables, because another processor has changed them.
core_flush:
    pushq %rax
    CORE_TICK_TAKEN
    movq %cr3, %rax
    movq %rax, %cr3
    lock incl core_flushed
    popq %rax
    addq $16, %rsp
    iretq

// Another processor ends the machine, or it is a fault like others.
core_nmi:
    cmpl $0, core_stopping
    jne core_nowhere
    jmp core_report
