/* <sys/times.h>: POSIX.1-2024. */
#ifndef NOLIBC_SYS_TIMES_H
#define NOLIBC_SYS_TIMES_H

#include <features.h>
#define NOLIBC_NEED_clock_t
#include <_nolibc/types.h>

struct tms {
    clock_t tms_utime;
    clock_t tms_stime;
    clock_t tms_cutime;
    clock_t tms_cstime;
};

NOLIBC_BEGIN

/* In ticks of sysconf(_SC_CLK_TCK), 100 a second. */
clock_t times(struct tms *usage);

NOLIBC_END

#endif
