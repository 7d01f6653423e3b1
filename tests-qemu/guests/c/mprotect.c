/* Permissions of mapped pages are enforced where the machine has paging: each access that
 * they forbid faults at its address, and memory given back can be used again.
 *
 * @machines hvt virtio virtio-smp xen
 * @mem 16
 * @case enforced
 * @models
 * @expect ok:
 * @case report
 * @cmdline report
 * @status 255
 * @expect about to write
 * @expect nolibc: a fault
 * @expect page fault, write to
 */
#include "check.h"
#include <machine.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static jmp_buf again;
static struct machine_fault seen;
static _Alignas(16) char spare_stack[4096];

static void come_back(void)
{
    longjmp(again, 1);
}

static int record(struct machine_fault *fault, struct machine_frame *frame)
{
    seen = *fault;
    frame->rip = (uintptr_t)come_back;
    frame->rsp = (uintptr_t)spare_stack + sizeof spare_stack - 8;
    return 1;
}

/* The kind of fault at this access, or -1. */
static int access_at(volatile unsigned char *p, int kind)
{
    if (setjmp(again) != 0) {
        CHECK_INT(seen.addr, (uintptr_t)p);
        return seen.kind;
    }
    if (kind == MACHINE_FAULT_READ)
        (void)*p;
    else if (kind == MACHINE_FAULT_WRITE)
        *p = 0xc3;
    else
        ((void (*)(void))(uintptr_t)p)();
    return -1;
}

/* Whether pages can be made not executable. */
static int has_no_execute(void)
{
    uint32_t a = 0x80000001, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return d >> 20 & 1;
}

#define READS(p) (access_at(p, MACHINE_FAULT_READ) == -1)
#define WRITES(p) (access_at(p, MACHINE_FAULT_WRITE) == -1)
#define NO_READ(p) (access_at(p, MACHINE_FAULT_READ) == MACHINE_FAULT_READ)
#define NO_WRITE(p) (access_at(p, MACHINE_FAULT_WRITE) == MACHINE_FAULT_WRITE)
#define NO_CALL(p) \
    (!has_no_execute() || access_at(p, MACHINE_FAULT_EXECUTE) == MACHINE_FAULT_EXECUTE)

static void pages_of(unsigned char *p, size_t pages)
{
    unsigned char *last = p + (pages - 1) * PAGE;

    memset(p, 0xc3, pages * PAGE);
    CHECK(NO_CALL(p));
    CHECK_INT(mprotect(p, PAGE, PROT_READ), 0);
    CHECK(READS(p) && NO_WRITE(p) && NO_WRITE(p + PAGE - 1) && WRITES(p + PAGE));
    CHECK_INT(mprotect(last, PAGE, PROT_NONE), 0);
    CHECK(NO_READ(last) && NO_READ(last + PAGE - 1) && READS(last - 1));
    CHECK_INT(mprotect(p, PAGE, PROT_READ | PROT_EXEC), 0);
    CHECK_INT(access_at(p, MACHINE_FAULT_EXECUTE), -1);
    CHECK(NO_WRITE(p));
    CHECK_INT(mprotect(p, pages * PAGE, RW), 0);
    for (size_t i = 0; i < pages * PAGE; i++)
        CHECK(p[i] == 0xc3 && "contents stay");
    CHECK(WRITES(p) && WRITES(last) && NO_CALL(p));
    /* Zero, but not to be written. */
    CHECK_INT(mprotect(p, 2 * PAGE, PROT_READ), 0);
    CHECK_INT(madvise(p, PAGE, MADV_DONTNEED), 0);
    CHECK(p[0] == 0 && p[PAGE] == 0xc3 && NO_WRITE(p));
    CHECK(mmap(p, 2 * PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0) == p);
    CHECK(p[0] == 0 && p[PAGE] == 0 && NO_WRITE(p + PAGE));
}

static void committed(void)
{
    size_t before = malloc_memory_usage();
    unsigned char *p = mmap(NULL, 8 * PAGE, RW, ANON, -1, 0);

    pages_of(p, 8);
    unsigned char *moved = mremap(p, 8 * PAGE, 600 * PAGE, MREMAP_MAYMOVE);
    CHECK(moved != MAP_FAILED && NO_WRITE(moved) && WRITES(moved + 8 * PAGE));
    CHECK_INT(mprotect(moved, 100 * PAGE, PROT_NONE), 0);
    CHECK_INT(munmap(moved, 600 * PAGE), 0);
    /* All of memory can be written. */
    size_t longest = mallinfo().keepcost / 16 * 15;
    p = malloc(longest);
    CHECK(p != NULL);
    memset(p, 1, longest);
    free(p);
    p = mmap(NULL, PAGE, PROT_READ, ANON, -1, 0);
    CHECK(READS(p) && NO_WRITE(p));
    CHECK_INT(munmap(p, PAGE), 0);
    CHECK(malloc_memory_usage() - before < 16 * PAGE);
}

static void reserved(void)
{
    size_t len = 64 << 20;
    unsigned char *p = mmap(NULL, len, PROT_NONE, ANON, -1, 0);

    CHECK(p != MAP_FAILED);
    CHECK(NO_READ(p) && NO_WRITE(p + len - 1));
    CHECK(mmap(p + 10 * PAGE, 8 * PAGE, RW, ANON | MAP_FIXED, -1, 0) == p + 10 * PAGE);
    CHECK(NO_READ(p + 10 * PAGE - 1) && NO_READ(p + 18 * PAGE));
    pages_of(p + 10 * PAGE, 8);
    CHECK(mmap(p + 10 * PAGE, 4 * PAGE, PROT_NONE, ANON | MAP_FIXED, -1, 0) == p + 10 * PAGE);
    CHECK(NO_READ(p + 10 * PAGE) && NO_READ(p + 14 * PAGE - 1) && READS(p + 14 * PAGE));
    /* Two megabytes, which may be one entry of a page table, in parts. */
    CHECK_INT(mprotect(p + (4 << 20), 4 << 20, RW), 0);
    memset(p + (4 << 20), 0xc3, 4 << 20);
    CHECK_INT(mprotect(p + (5 << 20), PAGE, PROT_READ), 0);
    CHECK(NO_WRITE(p + (5 << 20)) && WRITES(p + (5 << 20) - 1) && WRITES(p + (5 << 20) + PAGE));
    CHECK_INT(munmap(p + (6 << 20), PAGE), 0);
    CHECK(NO_READ(p + (6 << 20)) && p[(6 << 20) + PAGE] == 0xc3 && p[(6 << 20) - 1] == 0xc3);
    CHECK_INT(munmap(p, len), 0);
    CHECK(NO_READ(p + (5 << 20)));
    /* A place in the window that is free can be asked for. */
    CHECK(mmap(p, PAGE, RW, ANON, -1, 0) == p);
    CHECK(mmap(p + PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + PAGE);
    CHECK(mmap(p, 3 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED);
    CHECK_INT(errno, EEXIST);
    CHECK(mmap(p, 3 * PAGE, RW, ANON | MAP_FIXED, -1, 0) == p && WRITES(p + 3 * PAGE - 1));
    CHECK_INT(munmap(p, 3 * PAGE), 0);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "report") == 0) {
        volatile char *p = mmap(NULL, PAGE, PROT_NONE, ANON, -1, 0);

        check_print("about to write\n");
        *p = 1;
        return 0;
    }
    CHECK_INT(machine_on_fault(record), 0);
    committed();
    reserved();
    return check_done();
}
