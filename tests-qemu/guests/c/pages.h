/* What the guests for the page functions of machine.h share: RAM that the library
 * does not know of, a part of the window, and faults that are taken down. Each
 * brings a `static void test(void)` and PAGES_MAIN.
 */
#ifndef PAGES_H
#define PAGES_H

#include "check.h"
#include <machine.h>
#include <nolibc.h>
#include <setjmp.h>
#include <stdint.h>

#define PAGE 4096UL
#define CHUNK (2UL << 20)
#define GIB (1UL << 30)

struct solo5_start_info {
    const char *cmdline;
    uintptr_t heap_start;
    size_t heap_size;
};

int solo5_app_main(const struct solo5_start_info *info);

/* RAM for the test, aligned to 2 MiB, and its end. The next frames are taken
 * from the front, pages for tables from the end. */
static uintptr_t ram, ram_end;
/* Where the heap starts. */
static __attribute__((unused)) uintptr_t heap;
/* Addresses for the test, aligned to 1 GiB: the library may use the lower half. */
static char *window;

#define PAGES_MAIN                                                                         \
    int solo5_app_main(const struct solo5_start_info *info)                                \
    {                                                                                      \
        size_t own = info->heap_size / 2;                                                  \
        void *start = NULL;                                                                \
        size_t len = 0;                                                                    \
                                                                                           \
        heap = info->heap_start;                                                           \
        _nolibc_init(info->heap_start, own);                                               \
        ram = (info->heap_start + own + CHUNK - 1) & ~(CHUNK - 1);                         \
        ram_end = (info->heap_start + info->heap_size) & ~(PAGE - 1);                      \
        CHECK(machine_features() & MACHINE_PAGES);                                         \
        CHECK_INT(machine_window(&start, &len), 0);                                        \
        CHECK(len >= 64 * GIB);                                                            \
        window = (char *)((((uintptr_t)start + len / 2) & ~(GIB - 1)) + GIB);              \
        CHECK_INT(machine_on_fault(record), 0);                                            \
        test();                                                                            \
        return check_done();                                                               \
    }

/* The next `count` pages of RAM. */
static __attribute__((unused)) uintptr_t frames(size_t count)
{
    uintptr_t first = ram;

    ram += count * PAGE;
    return first;
}

/* The next `count` pages of RAM from a multiple of 2 MiB on. */
static __attribute__((unused)) uintptr_t aligned_frames(size_t count)
{
    ram = (ram + CHUNK - 1) & ~(CHUNK - 1);
    return frames(count);
}

/* Hand over `count` pages for tables, and answer the first. */
static __attribute__((unused)) uintptr_t give_tables(size_t count)
{
    ram_end -= count * PAGE;
    CHECK_INT(machine_tables(ram_end, count * PAGE), 0);
    return ram_end;
}

/* What `call` answers when it lacks no tables any more. */
#define WITH_TABLES(call)                                                 \
    ({                                                                    \
        int answer_;                                                      \
        for (int tries_ = 0; (answer_ = (call)) == -ENOMEM && tries_ < 8; \
             tries_++)                                                    \
            give_tables(8);                                               \
        answer_;                                                          \
    })

/* touch_read(address), touch_write(address, byte): one access each, at the very
 * first instruction. */
char touch_read(const volatile void *);
void touch_write(volatile void *, int);
__asm__("    .text\n"
        "touch_read: movb (%rdi), %al\n"
        "    ret\n"
        "touch_write: movb %sil, (%rdi)\n"
        "    ret\n");

static jmp_buf again;
static volatile int awaited;
static struct machine_fault seen;
static struct machine_frame at;
static _Alignas(16) char spare_stack[4096];

static void come_back(void)
{
    longjmp(again, 1);
}

static int record(struct machine_fault *fault, struct machine_frame *frame)
{
    if (!awaited)
        return 0;
    awaited = 0;
    seen = *fault;
    at = *frame;
    frame->rip = (uintptr_t)come_back;
    frame->rsp = (uintptr_t)spare_stack + sizeof spare_stack - 8;
    return 1;
}

/* Whether pages can be made not executable. If not, the CPU does not tell reading
 * from execution in its code either. */
static __attribute__((unused)) int has_no_execute(void)
{
    uint32_t a = 0x80000001, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return d >> 20 & 1;
}

/* The error codes of a page fault: the page is not there, or forbids it. */
#define ABSENT 0
#define FORBIDS 1

/* `call`(`address`, 1) faults so, at its very first instruction or by going there. */
static __attribute__((noinline, unused)) void faults(uintptr_t call, uintptr_t address, uint32_t kind,
                                             uint64_t code, uintptr_t addr, int line)
{
    awaited = 1;
    if (setjmp(again) == 0) {
        ((void (*)(uintptr_t, int))call)(address, 1);
        awaited = 0;
        check_int(0, 1, __FILE__, line, "faults");
    } else {
        check_int(seen.kind, kind, __FILE__, line, "kind");
        check_int((long long)seen.code, (long long)code, __FILE__, line, "code");
        check_int((long long)seen.addr, (long long)addr, __FILE__, line, "address");
        check_int((long long)at.rip, (long long)call, __FILE__, line, "instruction");
    }
}

#define NO_READ(address, code) \
    faults((uintptr_t)touch_read, (uintptr_t)(address), MACHINE_FAULT_READ, 4 | (code), \
           (uintptr_t)(address), __LINE__)
#define NO_WRITE(address, code) \
    faults((uintptr_t)touch_write, (uintptr_t)(address), MACHINE_FAULT_WRITE, 6 | (code), \
           (uintptr_t)(address), __LINE__)
#define NO_EXECUTION(address, code)                                                     \
    faults((uintptr_t)(address), 0, MACHINE_FAULT_EXECUTE,                              \
           (has_no_execute() ? 0x14 : 4) | (code), (uintptr_t)(address), __LINE__)

/* From `address` on, at most `max` bytes, `len` bytes of the RAM at `pa` are
 * mapped with `prot`; `pa` UINT64_MAX: nothing is. */
#define LOOKUP(address, max, want_pa, want_len, want_prot)                           \
    do {                                                                             \
        uint64_t pa_ = 1;                                                            \
        size_t len_ = 1;                                                             \
        unsigned prot_ = 99;                                                         \
        CHECK_INT(machine_lookup((void *)(address), (max), &pa_, &len_, &prot_), 0); \
        CHECK_INT(pa_, want_pa);                                                     \
        CHECK_INT(len_, want_len);                                                   \
        CHECK_INT(prot_, want_prot);                                                 \
    } while (0)

#define NOTHING UINT64_MAX

#endif
