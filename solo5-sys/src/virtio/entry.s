// The machine's part of the entry code: PVH and multiboot, both in 32-bit
// protected mode without paging, interrupts off, ebx = the information.
// Sources: Xen docs/misc/pvh.pandoc (note 18, start_info); Multiboot 0.6.96,
// 3.1.1 (header), 3.2 (eax = 0x2badb002); KVM cpuid and msr documentation
// (pvclock); Intel 8259A data sheet (end of interrupt).

    .set CORE_TEXT_BASE, 0x100000
    .set CORE_VECTORS, 50
    .set CORE_MAKES_DIRECTORY, 0
    .set CORE_NMI, core_nmi
    .set CORE_TICK_STACK_SIZE, 8192

// Where the host is KVM, have it keep the paravirtual clock.
    .macro CORE_MACHINE_START
    movq $core_tick_stack + CORE_TICK_STACK_SIZE - 8, core_boot_cpu + CPU_TICK_TOP
    testl %r15d, %r15d                  // leaf 1 ecx 31: a hypervisor
    jns 9f
    movl $0x40000000, %eax
    cpuid
    cmpl $0x4b4d564b, %ebx              // "KVMKVMKVM"
    jne 9f
    cmpl $0x564b4d56, %ecx
    jne 9f
    cmpl $0x4d, %edx
    jne 9f
    movl $0x40000001, %eax
    cpuid
    testl $8, %eax                      // the newer pair of registers
    jz 9f
    movl %eax, core_cpu + 12
    xorl %edx, %edx
    movl $core_pvclock + 1, %eax
    movl $0x4b564d01, %ecx
    wrmsr
    movl $core_wall_clock, %eax
    movl $0x4b564d00, %ecx
    wrmsr
9:
    .endm

    .macro CORE_MACHINE_GATES
    cmpq $core_gate_halt, %rax
    je core_halt
    cmpq $core_gate_interrupts, %rax
    je core_open
    cmpq $core_gate_fault, %rax
    je core_open
    .endm

// Going on after a fault: ring 3 cannot let interrupts come by iretq.
    .macro CORE_FAULT_OPEN
    testl $0x200, 136(%rdi)
    jz 9f
core_gate_fault:
    sti
9:
    .endm

// The local APIC's end of interrupt. Changes rax.
    .macro CORE_TICK_TAKEN
    movl $0xfee000b0, %eax
    movl $0, (%rax)
    .endm

// Interrupts are on inside core_halt, and in ring 3 once there are ticks. A
// device's line, all but the timer's and the serial port's, is masked: it stays up
// until the device is told (devices.rs). Vector 46 comes by an I/O APIC, once.
    .macro CORE_MACHINE_INTERRUPT
    pushq %rax
    pushq %rcx
    CORE_RECORD %rax
    movl $1, CPU_INTERRUPTED(%rax)
    movl 16(%rsp), %ecx
    subl $32, %ecx
    movl $1, %eax
    shll %cl, %eax
    lock orl %eax, core_lines
    testl $0x11, %eax
    jnz 1f
    cmpl $14, %ecx
    je 3f
    lock orl %eax, core_masks
    movb core_masks, %al
    outb %al, $0x21
    movb core_masks + 1, %al
    outb %al, $0xa1
1:  movb $0x20, %al                     // end of interrupt
    cmpl $8, %ecx
    jb 2f
    outb %al, $0xa0
2:  outb %al, $0x20
    jmp 4f
3:  CORE_TICK_TAKEN
4:  popq %rcx
    popq %rax
    addq $16, %rsp
    iretq
    .endm

// The status 255, by the ways of `exit` in mod.rs.
    .macro CORE_MACHINE_DIE
    movb $0xff, %al
    outb %al, $0xe9
    movl $0x501, %edx                   // QEMU's isa-debug-exit
    movl $0x7f, %eax
    outb %al, %dx
1:  cli
    hlt
    jmp 1b
    .endm

    .section .core.text, "axR", @progbits
// An interrupt that ring 3 took, on its way here, has ended the wait.
core_halt:
    pushq %rcx
    CORE_RECORD %rax
    movq CPU_OPEN(%rax), %rcx
    movl $1, OPEN_HALTED(%rcx)
    cmpl $0, CPU_INTERRUPTED(%rax)
    jne 1f
    sti
    hlt
    cli
1:  movl $0, CPU_INTERRUPTED(%rax)
    movl $0, OPEN_HALTED(%rcx)
    cmpl $0, core_several
    je 2f
    movq %cr3, %rcx                     // others do not ask who halts to forget
    movq %rcx, %cr3
2:  popq %rcx
    addq $1, 24(%rsp)
    jmp core_gate_done

core_open:
    orl $0x200, 40(%rsp)                // rflags: IF
    addq $1, 24(%rsp)
    jmp core_gate_done

// void core_wait(void): until an interrupt. One that is pending already ends
// it at once.
    .section .text.core, "ax", @progbits
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

// All ports are open to ring 3: zeroes behind the TSS.
    .section .core.io_map, "awR", @nobits
    .zero 8193

// The loader's notes. QEMU and GRUB look for a multiboot header in the first
// 8192 bytes of the file; QEMU stops 48 bytes short of that. The linker script
// puts the header there, at file offset 8148, so that QEMU boots the same file
// by PVH, which needs no option ROM. The address fields serve a flat binary.
    .section .core.multiboot, "aR", @progbits
    .globl core_multiboot
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
