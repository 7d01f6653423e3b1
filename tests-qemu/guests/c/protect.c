/* Every violation of memory protection and privilege faults, with the kind,
 * vector, error code, address and instruction that the processor's manual
 * gives; a handler resumes each time, and all registers survive that.
 *
 * @machines hvt virtio virtio-smp xen
 * @models
 * @expect ok:
 */
#include "check.h"
#include <machine.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

/* fault_peek(address), fault_poke(address, byte): one access each, at the very
 * first instruction. */
char fault_peek(const volatile void *);
void fault_poke(volatile void *, int);
/* Instructions that fault by themselves; the program goes on behind each. */
void fault_ud2(void), fault_hlt(void), fault_cli(void), fault_rdmsr(void), fault_load_tables(void);
void fault_divide(void), fault_x87(void), fault_aligned(void), fault_int3(void);
__asm__("    .text\n"
        "fault_peek: movb (%rdi), %al\n"
        "    ret\n"
        "fault_poke: movb %sil, (%rdi)\n"
        "    ret\n"
        "fault_ud2: ud2\n"
        "fault_hlt: hlt\n"
        "fault_cli: cli\n"
        "fault_rdmsr: rdmsr\n"
        "fault_load_tables: mov %rax, %cr3\n"
        "fault_int3: int3\n"
        "    ret\n"
        "fault_divide: divl fault_zero(%rip)\n"
        "    ret\n"
        "fault_x87: fwait\n"
        "    ret\n"
        "fault_aligned: movaps 1(%rsp), %xmm0\n"
        "    ret\n"
        "    .section .rodata\n"
        "fault_zero: .long 0\n"
        "fault_ret: ret\n"
        "    .text\n");
extern const char fault_ret[];

/* The linker script's. */
extern char _stext[], core_tables_start[], core_fault_guard[], core_fault_stack[];

static jmp_buf again;
static struct machine_fault seen;
static struct machine_frame at;
static _Alignas(16) char spare_stack[4096];

static void come_back(void)
{
    longjmp(again, 1);
}

static int record(struct machine_fault *fault, struct machine_frame *frame)
{
    seen = *fault;
    at = *frame;
    frame->rip = (uintptr_t)come_back;
    frame->rsp = (uintptr_t)spare_stack + sizeof spare_stack - 8;
    return 1;
}

static void expect(const char *what, uint32_t kind, uint32_t vector, uint64_t code, uintptr_t addr,
                   uintptr_t rip)
{
    if (seen.kind != kind || seen.vector != vector || seen.code != code || seen.addr != addr ||
        at.rip != rip) {
        check_print(what);
        check_print(": ");
    }
    CHECK_INT(seen.kind, kind);
    CHECK_INT(seen.vector, vector);
    CHECK_INT(seen.code, code);
    CHECK_INT(seen.addr, addr);
    CHECK_INT(at.rip, rip);
    memset(&seen, 0xff, sizeof seen);
}

#define FAULTS(what, action, ...)                  \
    do {                                           \
        if (setjmp(again) == 0) {                  \
            action;                                \
            check_print(what);                     \
            CHECK(!" did not fault");              \
        } else {                                   \
            expect(what, __VA_ARGS__);             \
        }                                          \
    } while (0)

static void no_read(const char *what, uintptr_t addr, uint64_t code)
{
    FAULTS(what, fault_peek((void *)addr), MACHINE_FAULT_READ, 14, code, addr,
           (uintptr_t)fault_peek);
}

static void no_write(const char *what, uintptr_t addr, uint64_t code)
{
    FAULTS(what, fault_poke((void *)addr, 1), MACHINE_FAULT_WRITE, 14, code, addr,
           (uintptr_t)fault_poke);
}

/* Whether pages can be made not executable. */
static int has_no_execute(void)
{
    uint32_t a = 0x80000001, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return d >> 20 & 1;
}

static void no_execution(const char *what, uintptr_t addr, uint64_t code)
{
    /* Without those, what is there can be executed, and the code does not tell. */
    if (!has_no_execute() && (code & 1) && addr > 0x100000)
        return;
    FAULTS(what, ((void (*)(void))addr)(), MACHINE_FAULT_EXECUTE, 14,
           has_no_execute() ? code : code & 0xf, addr, addr);
}

static void memory(void)
{
    static unsigned char data[] = {0xc3};
    unsigned char on_stack[] = {0xc3};
    unsigned char *heap = malloc(1);
    uintptr_t core = (uintptr_t)core_tables_start;

    heap[0] = 0xc3;
    __asm__ volatile("" : : "r"(on_stack) : "memory");
    no_read("null", 0, 4);
    no_write("null", 0, 6);
    no_execution("null", 0, 0x14);
    no_read("page 0", 0xfff, 4);
    no_read("low memory", 0x9000, 4);
    no_write("text", (uintptr_t)fault_peek, 7);
    no_write("read-only data", (uintptr_t)fault_ret, 7);
    no_execution("read-only data", (uintptr_t)fault_ret, 0x15);
    no_execution("data", (uintptr_t)data, 0x15);
    no_execution("heap", (uintptr_t)heap, 0x15);
    no_execution("stack", (uintptr_t)on_stack, 0x15);
    no_read("ring-0 text", 0x100000, 5);
    no_execution("ring-0 text", 0x100000, 0x15);
    no_read("ring-0 tables", core, 5);
    no_write("ring-0 tables", core, 7);
    no_write("ring-0 tables' end", (uintptr_t)core + 0x1000, 7);
    no_write("below the fault stack", (uintptr_t)core_fault_stack - 1, 6);
    no_write("beyond memory", UINT64_C(0x7000000000), 6);
    free(heap);
}

static void instructions(void)
{
    uint32_t mask = 0x33b; /* unmask division by zero */

    FAULTS("ud2", fault_ud2(), MACHINE_FAULT_INSTRUCTION, 6, 0, 0, (uintptr_t)fault_ud2);
    FAULTS("hlt", fault_hlt(), MACHINE_FAULT_INSTRUCTION, 13, 0, 0, (uintptr_t)fault_hlt);
    FAULTS("cli", fault_cli(), MACHINE_FAULT_INSTRUCTION, 13, 0, 0, (uintptr_t)fault_cli);
    FAULTS("rdmsr", fault_rdmsr(), MACHINE_FAULT_INSTRUCTION, 13, 0, 0, (uintptr_t)fault_rdmsr);
    FAULTS("mov to cr3", fault_load_tables(), MACHINE_FAULT_INSTRUCTION, 13, 0, 0,
           (uintptr_t)fault_load_tables);
    /* A trap: the address is that of the next instruction. */
    FAULTS("int3", fault_int3(), MACHINE_FAULT_OTHER, 3, 0, 0, (uintptr_t)fault_int3 + 1);
    FAULTS("division", fault_divide(), MACHINE_FAULT_ARITHMETIC, 0, 0, 0, (uintptr_t)fault_divide);
    FAULTS("misaligned movaps", fault_aligned(), MACHINE_FAULT_OTHER, 13, 0, 0,
           (uintptr_t)fault_aligned);
    FAULTS("non-canonical address", fault_peek((void *)UINT64_C(0x8000000000000000)),
           MACHINE_FAULT_OTHER, 13, 0, 0, (uintptr_t)fault_peek);
    __asm__ volatile("fldcw %0\n\tfld1\n\tfldz\n\tfdivrp" : : "m"(mask));
    FAULTS("x87", fault_x87(), MACHINE_FAULT_ARITHMETIC, 16, 0, 0, (uintptr_t)fault_x87);
    __asm__ volatile("fninit");
}

static __attribute__((noinline)) int descend(volatile char *above, int levels)
{
    volatile char frame[2000];

    frame[0] = above[0];
    return levels > 0 ? descend(frame, levels - 1) + frame[0] : 0;
}

/* The boot stack has a stated size, 512 KiB, and a page below that faults. */
static void stack(void)
{
    volatile char here = 0;
    uintptr_t top = (uintptr_t)&here;

    if (setjmp(again) == 0) {
        descend(&here, 1000);
    } else {
        CHECK_INT(seen.kind, MACHINE_FAULT_WRITE);
        CHECK_INT(seen.code, 6);
        CHECK(seen.addr < top && top - seen.addr < (512 << 10) + 8192);
        CHECK(top - seen.addr > (512 << 10) - 16384);
    }
}

static int skip_ud2(struct machine_fault *fault, struct machine_frame *frame)
{
    volatile double junk = (double)fault->code + 1.5;

    frame->rip += 2;
    frame->rdx += (uint64_t)(junk * 2);
    return 1;
}

static void registers(void)
{
    double out[2], in[2] = {1.25, -2.5};
    uint64_t b = 11, d = 20, r8 = 0;
    long double x87;

    machine_on_fault(skip_ud2);
    __asm__ volatile("movups %6, %%xmm13\n\t"
                     "fldpi\n\t"
                     "movq $0x123456789, %%r8\n\t"
                     "stc\n\t"
                     "ud2\n\t"
                     "sbbq $0, %%r8\n\t" /* the carry flag is still set */
                     "fstpt %5\n\t"
                     "movups %%xmm13, %4\n\t"
                     "movq %%r8, %2"
                     : "+b"(b), "+d"(d), "=r"(r8), "+m"(seen), "=m"(out), "=m"(x87)
                     : "m"(in)
                     : "r8", "xmm13", "cc", "memory");
    CHECK_INT(b, 11);
    CHECK_INT(d, 23);
    CHECK_INT(r8, 0x123456788);
    CHECK(out[0] == 1.25 && out[1] == -2.5);
    CHECK(x87 > 3.14159265L && x87 < 3.14159266L);
}

int main(void)
{
    CHECK(machine_features() & MACHINE_FAULT);
    CHECK_INT(machine_on_fault(record), 0);
    memory();
    instructions();
    stack();
    registers();
    return check_done();
}
