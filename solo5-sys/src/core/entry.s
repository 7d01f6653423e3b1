// From the machine's entry to ring 3. Integer instructions only and no loops:
// a host that interprets ring 0 (kvm-pvm) takes a microsecond for each.

// The extended states in use: x87 SSE AVX, AVX-512. Named at every save as
// well: where ring 0 is interpreted (kvm-pvm), ring 3 has the host's XCR0,
// whose further states would not fit where a fault keeps them.
    .set CORE_EXTENDED, 0xe7

// core_start: 64-bit mode, addresses mapped one to one, interrupts off.
// In: rdi = the loader's argument, esi = its magic number.
// Keeps nothing; ends in core_main(argument, magic) in ring 3.
    .section .core.text, "axR", @progbits
    .globl core_start
core_start:
    movl $core_boot_cpu + CPU_STACK_TOP, %esp
    movq %rdi, %r12
    movl %esi, %r13d
    movl $core_pdpt + 7, core_pml4
    movl $core_pd + 7, core_pdpt
    movq $core_boot_open, core_boot_cpu + CPU_OPEN
    movq $core_fault_stack_top - 8, core_boot_cpu + CPU_FAULT_TOP

    movl $core_pml4, %eax
    movq %rax, %cr3
    lgdt core_gdt_pointer
    lidt core_idt_pointer
    movl $0x18, %eax
    ltr %ax
    call core_enable
    CORE_MACHINE_START
    movq %r12, %rdi
    movl %r13d, %esi
    movl $core_main, %ecx

// To ring 3, at rcx, on the fault stack.
core_descend:
    movl $0x2b, %eax
    movl %eax, %ds
    movl %eax, %es
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    xorl %ebp, %ebp
    CORE_RECORD %rax
    pushq $0x2b
    pushq CPU_FAULT_TOP(%rax)
    pushq $2
    pushq $0x33
    pushq %rcx
    iretq

// Find out what the processor has, and turn that on. Leaves CPUID's leaf 1 ecx in
// r15d; keeps rsp, r12 and r13 only.
//
// It is asked here because ring 3 may see another processor than ring 0 does
// (kvm-pvm answers only ring 0 as configured).
core_enable:
    xorl %eax, %eax
    cpuid
    movl %eax, %r14d                    // highest basic leaf
    movl $1, %eax
    cpuid
    movl %ecx, core_cpu + 0
    movl %edx, core_cpu + 4
    movl %ecx, %r15d
    xorl %ebx, %ebx
    cmpl $7, %r14d
    jb 1f
    movl $7, %eax
    xorl %ecx, %ecx
    cpuid
1:  movl %ebx, %r14d
    movl $0x80000001, %eax
    cpuid
    movl %edx, core_cpu + 8
    movl %edx, %ebp

    movq %cr0, %rax
    // Caches on; no EM, no TS. No WP, so that the gate writes page tables which
    // the program may only read; nothing else here writes to what is closed.
    andl $~0x6001000c, %eax
    orl $0x80000023, %eax               // PG NE MP PE
    movq %rax, %cr0

    movq %cr4, %rax
    orl $0x620, %eax                    // PAE OSFXSR OSXMMEXCPT
    testl $1, %r14d                     // leaf 7 ebx 0: FSGSBASE
    jz 2f
    orl $0x10000, %eax
2:  testl $0x4000000, %r15d             // leaf 1 ecx 26: XSAVE
    jz 3f
    orl $0x40000, %eax                  // OSXSAVE
3:  movq %rax, %cr4
    testl $0x4000000, %r15d
    jz 4f
    movl $0xd, %eax
    xorl %ecx, %ecx
    cpuid
    andl $CORE_EXTENDED, %eax
    xorl %edx, %edx
    xorl %ecx, %ecx
    xsetbv
4:  testl $0x100000, %ebp               // leaf 0x80000001 edx 20: NX
    jz 5f
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x800, %eax
    wrmsr
5:  ret
