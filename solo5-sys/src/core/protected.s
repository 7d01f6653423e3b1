// From 32-bit protected mode without paging, in which PVH and multiboot start a machine, and
// Xen a domain, to core_start.

// Turn on paging with the tables of 64-bit mode, whose top one CR3 has. Changes eax, ecx, edx.
    .macro CORE_TURN_ON_PAGING
    movl %cr4, %eax
    orl $0x20, %eax                     // PAE
    movl %eax, %cr4
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x100, %eax                    // LME
    testl $0x100000, core_cpu + 8       // NX, where that is known: it may be in the tables
    jz 9f
    orl $0x800, %eax
9:  wrmsr
    movl %cr0, %eax
    andl $~0x60000000, %eax             // caches on
    orl $0x80000001, %eax               // PG PE
    movl %eax, %cr0
    .endm

// In: eax = the loader's magic number, ebx = its argument.
    .section .core.text, "axR", @progbits
    .code32
    .globl _start
_start:
    cli
    cld
    movl %eax, %esi
    movl %ebx, %edi
    movl $core_pml4, %eax
    movl %eax, %cr3
    movl $core_pdpt + 7, core_pml4
    movl $core_pd + 7, core_pdpt
    .if CORE_MAKES_DIRECTORY
    movl $CORE_DIRECTORY_ENTRY, %eax
    xorl %ecx, %ecx
2:  movl %eax, core_pd(, %ecx, 8)
    addl $CORE_DIRECTORY_STEP, %eax
    incl %ecx
    cmpl $CORE_DIRECTORY_ENTRIES, %ecx
    jb 2b
    .endif
    lgdt core_gdt_pointer
    CORE_TURN_ON_PAGING
    ljmp $0x08, $1f
    .code64
1:  movl $0x10, %eax
    movl %eax, %ss
    movl %edi, %edi
    jmp core_start
