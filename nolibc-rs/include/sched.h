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

#define CPU_ZERO(set) __builtin_memset((set), 0, sizeof(cpu_set_t))
#define CPU_SET(cpu, set)                     \
    ((size_t)(cpu) < CPU_SETSIZE              \
         ? ((set)->__bits[(size_t)(cpu) / 64] |= 1UL << (size_t)(cpu) % 64) \
         : 0UL)
#define CPU_CLR(cpu, set)                     \
    ((size_t)(cpu) < CPU_SETSIZE              \
         ? ((set)->__bits[(size_t)(cpu) / 64] &= ~(1UL << (size_t)(cpu) % 64)) \
         : 0UL)
#define CPU_ISSET(cpu, set)       \
    ((size_t)(cpu) < CPU_SETSIZE  \
         ? (int)((set)->__bits[(size_t)(cpu) / 64] >> (size_t)(cpu) % 64 & 1UL) \
         : 0)
#define CPU_EQUAL(one, other) (__builtin_memcmp((one), (other), sizeof(cpu_set_t)) == 0)
#define CPU_COUNT(set) __nolibc_cpu_count(set)

NOLIBC_BEGIN

static __inline__ __attribute__((__unused__)) int __nolibc_cpu_count(const cpu_set_t *set)
{
    int count = 0;
    size_t i;

    for (i = 0; i < CPU_SETSIZE / 64; i++) {
        unsigned long word = set->__bits[i];

        for (; word != 0; word &= word - 1)
            count++;
    }
    return count;
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
