// The other processors, from 64-bit mode to ring 3.

// Behind the boot processor's record, in its page.
    .globl core_records
    .set core_records, core_boot_cpu + 3840     // address of the closed record of number 1
// Of a closed record.
    .set CPU_RECORD_SIZE, 3 * 4096
    .set CPU_GDT_POINTER, 3664

    .section .core.text, "axR", @progbits
// In: edi = the processor's number; the program's tables are loaded, interrupts off. Ends in
// core_cpu_main(number) in ring 3.
    .globl core_cpu_start
core_cpu_start:
    movl %edi, %r13d
    leal -1(%rdi), %eax
    imulq $CPU_RECORD_SIZE, %rax, %r12
    addq core_records, %r12
    leaq CPU_STACK_TOP(%r12), %rsp
    lgdt CPU_GDT_POINTER(%r12)
    lidt core_idt_pointer
    movl $0x18, %eax
    ltr %ax
    call core_enable
    movl %r13d, %edi
    movl $core_cpu_main, %ecx
    jmp core_descend
