/* A fault without a handler ends the machine with a report that is exact, and
 * so does one in a handler.
 *
 * @machines hvt virtio virtio-smp xen
 * @status 255
 *
 * @case null-write
 * @cmdline null-write
 * @expect before
 * @expect page fault, write to 0x0 (vector 14, error code 0x6)
 * @expect rax 0000000000012345
 * @reject after
 *
 * @case null-read
 * @cmdline null-read
 * @expect page fault, read of 0x18 (vector 14, error code 0x4)
 * @reject after
 *
 * @case text-write
 * @cmdline text-write
 * @expect page fault, write to 0x1
 * @expect (vector 14, error code 0x7)
 *
 * @case data-exec
 * @cmdline data-exec
 * @expect page fault, execution of 0x
 * @expect (vector 14, error code 0x15)
 *
 * @case stack-guard
 * @cmdline stack-guard
 * @expect page fault, write to 0x
 * @expect (vector 14, error code 0x6)
 *
 * @case tables-write
 * @cmdline tables-write
 * @expect page fault, write to 0x
 * @expect (vector 14, error code 0x7)
 *
 * @case ud2
 * @cmdline ud2
 * @expect invalid instruction (vector 6, error code 0x0)
 *
 * @case hlt
 * @cmdline hlt
 * @expect privileged instruction (vector 13, error code 0x0)
 *
 * @case division
 * @cmdline division
 * @expect division error (vector 0, error code 0x0)
 *
 * @case declined
 * @cmdline declined
 * @expect handler
 * @expect invalid instruction
 *
 * @case in-handler
 * @cmdline in-handler
 * @expect handler
 * @expect another fault while reporting one: vector 6
 */
#include "check.h"
#include <machine.h>
#include <stdint.h>
#include <string.h>

extern char core_tables_start[];

static int decline(struct machine_fault *fault, struct machine_frame *frame)
{
    (void)fault;
    (void)frame;
    check_print("handler\n");
    return 0;
}

static int fault_again(struct machine_fault *fault, struct machine_frame *frame)
{
    decline(fault, frame);
    __asm__ volatile("ud2");
    return 1;
}

static __attribute__((noinline)) int descend(volatile char *above, int levels)
{
    volatile char frame[2000];

    frame[0] = above[0];
    return levels > 0 ? descend(frame, levels - 1) + frame[0] : 0;
}

static void write_byte(void *address)
{
    __asm__ volatile("movb $1, (%0)" : : "r"(address) : "memory");
}

int main(int argc, char **argv)
{
    static unsigned char code[] = {0xc3};
    const char *name = argc > 1 ? argv[1] : "";
    volatile char here = 0;
    uint64_t zero = 0;

    check_print("before\n");
    machine_on_fault(NULL);
    if (strcmp(name, "null-write") == 0)
        __asm__ volatile("movl %%eax, (%1)" : : "a"(0x12345), "r"(zero) : "memory");
    else if (strcmp(name, "null-read") == 0)
        __asm__ volatile("movq 24(%0), %%rax" : : "r"(zero) : "rax");
    else if (strcmp(name, "text-write") == 0)
        write_byte((void *)(uintptr_t)main);
    else if (strcmp(name, "data-exec") == 0)
        ((void (*)(void))(uintptr_t)code)();
    else if (strcmp(name, "stack-guard") == 0)
        descend(&here, 1000);
    else if (strcmp(name, "tables-write") == 0)
        write_byte(core_tables_start);
    else if (strcmp(name, "hlt") == 0)
        __asm__ volatile("hlt");
    else if (strcmp(name, "division") == 0)
        __asm__ volatile("divl %0" : : "m"(zero), "a"(1), "d"(0) : "cc");
    if (strcmp(name, "declined") == 0)
        machine_on_fault(decline);
    if (strcmp(name, "in-handler") == 0)
        machine_on_fault(fault_again);
    if (strcmp(name, "ud2") == 0 || strcmp(name, "declined") == 0 ||
        strcmp(name, "in-handler") == 0)
        __asm__ volatile("ud2");
    check_print("after\n");
    return 0;
}
