/* <sched.h>: POSIX.1-2024, and CPU sets as in Linux. */
#ifndef NOLIBC_SCHED_H
#define NOLIBC_SCHED_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_pid_t
#define NOLIBC_NEED_struct_timespec
#include <_nolibc/types.h>

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5

struct sched_param {
    int sched_priority;
};

#define CPU_SETSIZE 1024

typedef struct {
    unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;

/* Sets of so many bytes, a multiple of 8, as CPU_ALLOC gives them. */
#define CPU_ALLOC_SIZE(count) (((size_t)(count) + 63) / 64 * 8)
#define CPU_ALLOC(count) ((cpu_set_t *)__builtin_calloc(1, CPU_ALLOC_SIZE(count)))
#define CPU_FREE(set) __builtin_free(set)

#define CPU_ZERO_S(size, set) __builtin_memset((set), 0, (size))
#define CPU_SET_S(cpu, size, set) __nolibc_cpu_put((cpu), (size), (set), 1)
#define CPU_CLR_S(cpu, size, set) __nolibc_cpu_put((cpu), (size), (set), 0)
#define CPU_ISSET_S(cpu, size, set) __nolibc_cpu_isset((cpu), (size), (set))
#define CPU_COUNT_S(size, set) __nolibc_cpu_count((size), (set))
#define CPU_EQUAL_S(size, one, other) (__builtin_memcmp((one), (other), (size)) == 0)
#define CPU_AND_S(size, to, one, other) __nolibc_cpu_join((size), (to), (one), (other), '&')
#define CPU_OR_S(size, to, one, other) __nolibc_cpu_join((size), (to), (one), (other), '|')
#define CPU_XOR_S(size, to, one, other) __nolibc_cpu_join((size), (to), (one), (other), '^')

#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set) CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set) CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(one, other) CPU_EQUAL_S(sizeof(cpu_set_t), one, other)
#define CPU_AND(to, one, other) CPU_AND_S(sizeof(cpu_set_t), to, one, other)
#define CPU_OR(to, one, other) CPU_OR_S(sizeof(cpu_set_t), to, one, other)
#define CPU_XOR(to, one, other) CPU_XOR_S(sizeof(cpu_set_t), to, one, other)

NOLIBC_BEGIN

static __inline__ __attribute__((__unused__)) void
__nolibc_cpu_put(size_t cpu, size_t size, cpu_set_t *set, int in)
{
    unsigned long *words = (unsigned long *)set, bit = 1UL << cpu % 64;

    if (cpu / 8 < size) {
        if (in)
            words[cpu / 64] |= bit;
        else
            words[cpu / 64] &= ~bit;
    }
}

static __inline__ __attribute__((__unused__)) int
__nolibc_cpu_isset(size_t cpu, size_t size, const cpu_set_t *set)
{
    const unsigned long *words = (const unsigned long *)set;

    return cpu / 8 < size ? (int)(words[cpu / 64] >> cpu % 64 & 1UL) : 0;
}

static __inline__ __attribute__((__unused__)) int
__nolibc_cpu_count(size_t size, const cpu_set_t *set)
{
    const unsigned long *words = (const unsigned long *)set;
    int count = 0;
    size_t i;

    for (i = 0; i < size / 8; i++) {
        unsigned long word = words[i];

        for (; word != 0; word &= word - 1)
            count++;
    }
    return count;
}

static __inline__ __attribute__((__unused__)) void
__nolibc_cpu_join(size_t size, cpu_set_t *to, const cpu_set_t *one, const cpu_set_t *other, int how)
{
    const unsigned long *ones = (const unsigned long *)one;
    const unsigned long *others = (const unsigned long *)other;
    unsigned long *words = (unsigned long *)to;
    size_t i;

    for (i = 0; i < size / 8; i++) {
        unsigned long a = ones[i], b = others[i];

        words[i] = how == '&' ? a & b : how == '|' ? a | b : a ^ b;
    }
}

int sched_yield(void);
int sched_get_priority_min(int policy);
int sched_get_priority_max(int policy);
int sched_getscheduler(pid_t pid);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);
int sched_getcpu(void);
int sched_getaffinity(pid_t pid, size_t len, cpu_set_t *set);
int sched_setaffinity(pid_t pid, size_t len, const cpu_set_t *set);

NOLIBC_END

#endif
