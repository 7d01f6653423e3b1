// The tender's part of the entry code. The tender starts the image in 64-bit
// mode with one-to-one addresses and rdi = the boot information.
// Source: Solo5 tenders/hvt/hvt_kvm_x86_64.c, the same in 0.7 and 0.12.

    .set CORE_TEXT_BASE, 0x100000
    .set CORE_VECTORS, 48
    .set CORE_MAKES_DIRECTORY, 0
    .set CORE_NMI, core_report

    .macro CORE_MACHINE_START
    .endm

    .macro CORE_MACHINE_GATES
    .endm

// Interrupts stay off: one that arrives is reported like a fault.
    .macro CORE_MACHINE_INTERRUPT
    jmp core_report
    .endm

    .macro CORE_FAULT_OPEN
    .endm

    .macro CORE_MACHINE_DIE
    movl $core_die_request, %eax
    movl $0x508, %edx                   // the halt hypercall
    outl %eax, %dx
1:  jmp 1b
    .endm

    .section .core.text, "axR", @progbits
    .globl _start
_start:
    xorl %esi, %esi
    jmp core_start

    .balign 8
core_die_request:
    .quad 0                             // no trap frame
    .long 255

// Ports 0x500..0x5ff, the hypercalls, and 0x600..0x603, the ring's kick.
    .section .core.tss_map, "awR", @progbits
    .fill 0xa0, 1, 0xff
    .fill 0x20, 1, 0
    .byte 0xf0
    .byte 0xff
