/* <sys/time.h>: POSIX.1-2008 and the BSD timer macros. */
#ifndef NOLIBC_SYS_TIME_H
#define NOLIBC_SYS_TIME_H

#include <features.h>
#define NOLIBC_NEED_struct_timeval
#define NOLIBC_NEED_struct_itimerval
#define NOLIBC_NEED_struct_timespec
#include <_nolibc/types.h>
#include <sys/select.h>
#include <sys/select.h>

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct timezone {
    int tz_minuteswest;
    int tz_dsttime;
};

#define timerisset(t) ((t)->tv_sec || (t)->tv_usec)
#define timerclear(t) ((void)((t)->tv_sec = (t)->tv_usec = 0))
#define timercmp(a, b, op) \
    ((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec op(b)->tv_usec : (a)->tv_sec op(b)->tv_sec)
#define timeradd(a, b, sum) \
    ((void)((sum)->tv_sec = (a)->tv_sec + (b)->tv_sec, \
            ((sum)->tv_usec = (a)->tv_usec + (b)->tv_usec) >= 1000000 && \
                ((sum)->tv_sec++, (sum)->tv_usec -= 1000000, 0)))
#define timersub(a, b, difference) \
    ((void)((difference)->tv_sec = (a)->tv_sec - (b)->tv_sec, \
            ((difference)->tv_usec = (a)->tv_usec - (b)->tv_usec) < 0 && \
                ((difference)->tv_sec--, (difference)->tv_usec += 1000000, 0)))

NOLIBC_BEGIN

/* The second argument is not read and may be null. */
int gettimeofday(struct timeval *__restrict now, void *__restrict zone);
int settimeofday(const struct timeval *now, const struct timezone *zone);
int getitimer(int which, struct itimerval *value);
int setitimer(int which, const struct itimerval *__restrict value,
              struct itimerval *__restrict old);
int utimes(const char *path, const struct timeval times[2]);

NOLIBC_END

#endif
