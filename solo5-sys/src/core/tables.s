// The processor's tables, laid out when the image is linked, so that ring 0
// has nothing to compute. Linked into the core's own read-write pages, which
// the final page tables close to ring 3.
//
// Sources: Intel SDM volume 3A, 3.4.5 and 3.5 (GDT), 6.14.1 (IDT gates),
// 7.7 and 20.5.2 (TSS, I/O permission map), 4.5.4 (2 MiB pages).

// Bootstrap page directory: identity, user, writable, accessed and dirty,
// 128 MiB in 2 MiB pages. Where ring 0 may be interpreted the image has it; elsewhere it is made
// at the start, and an image is a page smaller.
    .set CORE_DIRECTORY_ENTRY, 0xe7
    .set CORE_DIRECTORY_STEP, 0x200000
    .set CORE_DIRECTORY_ENTRIES, 64
    .if CORE_MAKES_DIRECTORY
    .section .core.zero, "awR", @nobits
    .balign 4096
core_pd:
    .zero 4096
    .else
    .section .core.tables, "awR", @progbits
core_pd:
    .set core_pd_index, 0
    .rept CORE_DIRECTORY_ENTRIES
    .quad core_pd_index * CORE_DIRECTORY_STEP + CORE_DIRECTORY_ENTRY
    .set core_pd_index, core_pd_index + 1
    .endr
    .balign 4096
    .endif

    .section .core.tables, "awR", @progbits
// Accessed bits are set beforehand: the processor need not write them.
    .balign 16
core_gdt:
    .quad 0
    .quad 0x00af9b000000ffff            // 0x08 ring-0 code
    .quad 0x00cf93000000ffff            // 0x10 ring-0 data
    .quad core_tss_descriptor           // 0x18 TSS, low half (linker script)
    .quad 0                             //      TSS, high half
    .quad 0x00cff3000000ffff            // 0x28 ring-3 data, used as 0x2b
    .quad 0x00affb000000ffff            // 0x30 ring-3 code, used as 0x33
    .quad 0x00cf9b000000ffff            // 0x38 ring-0 code of 32 bits, for processors that start
    .quad 0x0040f30000000000            // 0x40 for lsl: its limit is the processor's number
core_gdt_pointer:
    .word . - core_gdt - 1
    .quad core_gdt
    .balign 16
core_idt_pointer:
    .word core_idt_end - core_idt - 1
    .quad core_idt

// 32 exceptions, 16 interrupts of the PICs, and where the machine has them those
// of the local APIC or of Xen: interrupt gates, for ring 0 only. The entry of vector v stands at CORE_TEXT_BASE + 16 * v, a number the
// assembler knows, because no relocation can split an address over a gate.
    .balign 16
core_idt:
    .set core_vector, 0
    .rept CORE_VECTORS
    .word (CORE_TEXT_BASE + 16 * core_vector) & 0xffff
    .word 0x08
    .if core_vector == 2 || core_vector == 8 || core_vector == 18
    .byte 1                             // NMI, double fault, machine check: IST 1
    .else
    .byte 0
    .endif
    .if core_vector == 3
    .byte 0xee                          // int3 is for ring 3 as well
    .else
    .byte 0x8e
    .endif
    .word (CORE_TEXT_BASE + 16 * core_vector) >> 16
    .quad 0
    .set core_vector, core_vector + 1
    .endr
core_idt_end:

// The TSS ends the initialised part, because the I/O map follows it.
    .section .core.tss, "awR", @progbits
    .balign 8
core_tss:
    .long 0
    .quad core_boot_cpu + CPU_STACK_TOP // RSP0
    .quad 0, 0, 0
    .quad core_boot_cpu + CPU_IST_TOP   // IST 1
    .fill 7, 8, 0
    .word 0
    .word core_io_map_offset            // 104, asserted by the linker script

// The gate for page tables writes nothing below the top table.
// core_pdpt belongs to the bootstrap's tables, and to the window's after that.
    .section .core.zero, "awR", @nobits
    .balign 4096
core_pml4:
    .zero 4096
    .globl core_pdpt
core_pdpt:
    .zero 4096
// The closed record of the processor that boots.
    .globl core_boot_cpu
core_boot_cpu:
    .zero 4096
