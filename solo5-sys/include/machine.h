/*
 * machine.h: what some machines can do beyond solo5.h. Mechanism only.
 *
 * Every function is optional for a backend: libnolibc.a holds a default for
 * each in an archive member of its own, which a backend's definition replaces.
 * Unless a function says otherwise it answers 0 or a negative errno (Linux
 * values), and its default answers -ENOSYS.
 */
#ifndef NOLIBC_MACHINE_H
#define NOLIBC_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header in the low 16 bits of machine_features. */
#define MACHINE_VERSION 5 /* 2 added the functions of MACHINE_PAGES, 3 those of MACHINE_TICK, 4 of MACHINE_SMP,
                             5 machine_shutdown_requested */

#define MACHINE_MEMORY  (UINT64_C(1) << 16) /* machine_memory has ranges */
#define MACHINE_FAULT   (UINT64_C(1) << 17) /* machine_on_fault works */
#define MACHINE_ENTROPY (UINT64_C(1) << 18) /* machine_entropy works */
#define MACHINE_INPUT   (UINT64_C(1) << 19) /* machine_console_read works */
#define MACHINE_ZEROED  (UINT64_C(1) << 20) /* the heap and the ranges of machine_memory start as zeros,
                                               but for the stack at the end of the heap */
#define MACHINE_PAGES   (UINT64_C(1) << 21) /* machine_window and the functions after it work */
#define MACHINE_TICK    (UINT64_C(1) << 22) /* machine_tick works, if the CPU has the timer for it */

#define MACHINE_SMP     (UINT64_C(1) << 23) /* machine_cpu_start works, if there is more than one CPU */

/* MACHINE_VERSION and the bits above. Default: MACHINE_VERSION alone. */
uint64_t machine_features(void);

struct machine_range {
    uint64_t start; /* page-aligned */
    uint64_t len;   /* bytes, whole pages */
};

/*
 * RAM that nobody uses besides the heap of solo5_start_info: readable,
 * writable, contents unknown without MACHINE_ZEROED. Fills up to n ranges and
 * answers how many there are. The answer never changes. Default: 0.
 */
size_t machine_memory(struct machine_range *ranges, size_t n);

/*
 * Pages.
 *
 * RAM can be read and written at its own address. Besides that, a machine with
 * MACHINE_PAGES has a window: addresses at which nothing lies until RAM is
 * mapped there. A mapping does not take the RAM away from its own address, and
 * one page may be mapped any number of times.
 *
 * Addresses and lengths are whole pages of 4096 bytes, len is not 0, and RAM is
 * the heap of solo5_start_info and the ranges of machine_memory, a call's range
 * within one of them. -EINVAL for anything else. A call that fails has changed
 * nothing. What a call takes away is gone on every CPU when it returns.
 *
 * The page tables are RAM that the program hands over (machine_tables) when a
 * call answers -ENOMEM. These functions exclude each other: the caller sees to
 * it that one of them runs at a time. None may be called in a fault handler,
 * but for machine_lookup.
 */
#define MACHINE_READ    1U
#define MACHINE_WRITE   2U /* and read */
#define MACHINE_EXECUTE 4U /* and read; enforced if the CPU knows pages without it */

/* The window. Page-aligned; the answer never changes. */
int machine_window(void **va, size_t *len);

/*
 * Map the RAM [pa, pa + len) at va, inside the window. prot 0: its place is
 * taken and any access faults. 2 MiB entries are used where va, pa and len
 * allow, which needs va and pa the same distance from a multiple of 2 MiB: one
 * entry is stored instead of 512.
 *
 * -EEXIST: something is mapped there. -EINVAL: also RAM that was handed over
 * for tables. -ENOMEM: tables are wanted, at most len / 2 MiB + len / 1 GiB + 4
 * pages.
 */
int machine_map(void *va, uint64_t pa, size_t len, unsigned prot);

/*
 * Have nothing mapped in [va, va + len), inside the window; there may be gaps
 * already. -ENOMEM: tables are wanted, at most 2 pages.
 */
int machine_unmap(void *va, size_t len);

/*
 * Set the permissions of what is mapped in [va, va + len), inside the window,
 * or of the RAM there. -EFAULT: something there is not mapped. -EINVAL: also
 * RAM that was handed over for tables. -ENOMEM: tables are wanted, at most 2
 * pages.
 */
int machine_protect(void *va, size_t len, unsigned prot);

/*
 * Hand over the RAM [pa, pa + len) for page tables, for good. It must be mapped
 * nowhere else, and nobody may use it any more. It can still be read.
 *
 * The first page from each 2 MiB of RAM serves those 2 MiB themselves, and does
 * not count for what other calls want: hand over neighbours.
 *
 * -EFAULT: it cannot be written at its own address, because of machine_protect.
 */
int machine_tables(uint64_t pa, size_t len);

/*
 * What is mapped at va, which is any page: the longest run from there, of at
 * most max bytes, that is one range of RAM with one permission, or in which
 * nothing is mapped (pa is UINT64_MAX then, and prot 0). Each of the last three
 * may be null.
 */
int machine_lookup(const void *va, size_t max, uint64_t *pa, size_t *len, unsigned *prot);

/* What went wrong. */
enum {
    MACHINE_FAULT_OTHER = 0,
    MACHINE_FAULT_READ = 1,        /* of memory that may not be read */
    MACHINE_FAULT_WRITE = 2,       /* of memory that may not be written */
    MACHINE_FAULT_EXECUTE = 3,     /* of memory that may not be executed */
    MACHINE_FAULT_INSTRUCTION = 4, /* not an instruction, or a privileged one */
    MACHINE_FAULT_ARITHMETIC = 5   /* integer division, unmasked float */
};

struct machine_fault {
    uint32_t kind;   /* MACHINE_FAULT_... */
    uint32_t vector; /* the CPU's number for it */
    uint64_t code;   /* the CPU's error code, 0 where it has none */
    uint64_t addr;   /* the address, for READ, WRITE and EXECUTE, else 0 */
};

/* The registers at the fault. */
struct machine_frame {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rip, rflags;
};

/*
 * Call handler at every fault of the program, on a stack of the machine's own.
 * It may change the frame; nonzero resumes there, 0 lets the machine print its
 * own report and end. A fault inside the handler ends the machine. Null
 * restores the machine's own report.
 */
typedef int machine_fault_handler(struct machine_fault *,
                                  struct machine_frame *);
int machine_on_fault(machine_fault_handler *handler);

/*
 * Ticks.
 *
 * While a CPU ticks it interrupts the program every period_ns nanoseconds, keeps what it has interrupted, whole, in the frame of the thread
 * that runs, and calls handler with it, on a stack of the machine's own. The
 * handler answers the frame to go on with, having made that thread's block the
 * thread pointer; or it does not return, and goes on elsewhere.
 *
 * The block at the thread pointer (solo5_set_tls_base) of every thread has, at
 * these offsets:
 *
 * MACHINE_TCB_HOLD: uint32_t. Its low 31 bits are a count, which holds off ticks
 * unless it is 0; then the machine clears the highest bit, which the program sets,
 * so that counting down to 0 shows that there is something to do. The machine
 * counts up by one when it calls the handler and down when it goes on with a
 * frame.
 *
 * MACHINE_TCB_FRAME: void *. machine_frame_size() bytes, aligned to 64, zeros at
 * first: struct machine_frame, and at offset 192 what XSAVE or FXSAVE keeps.
 */
#define MACHINE_TCB_HOLD  0x60
#define MACHINE_TCB_FRAME 0x68

/*
 * Have the calling CPU tick every period_ns from now on; 0: no more. All CPUs
 * have the handler that was given last. Also -ENOSYS: the CPU has no timer for it.
 */
typedef struct machine_frame *machine_tick_handler(struct machine_frame *);
int machine_tick(uint64_t period_ns, machine_tick_handler *handler);

/* Bytes of a frame; 0 without MACHINE_TICK. Default: 0. */
size_t machine_frame_size(void);

/*
 * Go on with what a tick has interrupted, the thread pointer being that thread's
 * and its count 1 at least. Does not return. Default: ends the machine.
 */
void machine_resume(struct machine_frame *frame);

/*
 * CPUs.
 *
 * The program starts on CPU 0. The others stand still until they are started,
 * each once.
 */

/* How many there are, 64 at most. The answer never changes. Default: 1. */
unsigned machine_cpu_count(void);

/* The one that calls. Default: 0. */
unsigned machine_cpu_id(void);

/*
 * Have CPU cpu call function(argument), which does not return, on the stack that
 * ends at stack_top, with tls as its thread pointer, whose block is as machine_tick
 * demands, with a count of 1 at least. It has started when this returns.
 *
 * Ticks have a handler already. One CPU is started at a time, and none of the
 * functions of MACHINE_PAGES runs meanwhile.
 *
 * -EINVAL: there is no such CPU, or no handler, or tls is no address for it. -EEXIST: it was started before.
 * -EIO: it does not answer.
 */
typedef void machine_cpu_main(const void *);
int machine_cpu_start(unsigned cpu, machine_cpu_main *function, const void *argument,
                      void *stack_top, uintptr_t tls);

/*
 * Have the solo5_yield of CPU cpu return that it is in, or else the next one. If it
 * runs something else, this may be a tick as well. The caller has ticks held off.
 * Default: nothing.
 */
void machine_cpu_wake(unsigned cpu);

/*
 * Have all other CPUs do nothing any more, before a report or the end, and hold off
 * the caller's ticks for good. If several CPUs call it, only the first one goes on.
 * Default: nothing.
 */
void machine_cpu_stop_others(void);

/*
 * Whether the host has asked since the last call that the program ends: each
 * request is answered once, with 1, and ends one solo5_yield before its
 * deadline. Whether the host then starts it again is the host's affair, and the
 * backend's, which remembers what was asked for until solo5_exit. It may look
 * only during solo5_yield. Default: 0.
 */
int machine_shutdown_requested(void);

/*
 * Fill up to len bytes with random bytes from the machine, never weak ones.
 * Answers how many, or a negative errno.
 */
long machine_entropy(void *buf, size_t len);

/*
 * Read what the console has, without waiting. Answers how many bytes, 0 at the
 * end of input, -EAGAIN when there is nothing yet: then the first input to come
 * may end one solo5_yield before its deadline.
 */
long machine_console_read(void *buf, size_t len);

/*
 * Write to the console from any context, a fault handler included: takes no
 * lock, allocates nothing. Default: solo5_console_write.
 */
void machine_console_panic(const char *buf, size_t len);

#ifdef __cplusplus
}
#endif

#endif
