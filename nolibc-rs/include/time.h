/* <time.h>: C11 7.27 and POSIX.1-2024. The only time zone is UTC: TZ is not read,
 * and localtime is gmtime. */
#ifndef NOLIBC_TIME_H
#define NOLIBC_TIME_H

#include <features.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_NULL
#define NOLIBC_NEED_clock_t
#define NOLIBC_NEED_clockid_t
#define NOLIBC_NEED_locale_t
#define NOLIBC_NEED_pid_t
#define NOLIBC_NEED_struct_itimerspec
#include <_nolibc/types.h>

#define CLOCKS_PER_SEC ((clock_t)1000000)
#define TIME_UTC 1

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1

struct tm {
    int tm_sec;
    int tm_min;
    int tm_hour;
    int tm_mday;
    int tm_mon;
    int tm_year;
    int tm_wday;
    int tm_yday;
    int tm_isdst;
    long tm_gmtoff;
    const char *tm_zone;
};

NOLIBC_BEGIN

clock_t clock(void);
double difftime(time_t end, time_t start);
time_t mktime(struct tm *tm);
time_t timegm(struct tm *tm);
time_t timelocal(struct tm *tm);
time_t time(time_t *now);
int timespec_get(struct timespec *now, int base);
char *asctime(const struct tm *tm);
char *asctime_r(const struct tm *__restrict tm, char *__restrict buffer);
char *ctime(const time_t *when);
char *ctime_r(const time_t *when, char *buffer);
struct tm *gmtime(const time_t *when);
struct tm *gmtime_r(const time_t *__restrict when, struct tm *__restrict tm);
struct tm *localtime(const time_t *when);
struct tm *localtime_r(const time_t *__restrict when, struct tm *__restrict tm);
size_t strftime(char *__restrict dst, size_t size, const char *__restrict format,
                const struct tm *__restrict tm);
size_t strftime_l(char *__restrict dst, size_t size, const char *__restrict format,
                  const struct tm *__restrict tm, locale_t locale);
char *strptime(const char *__restrict s, const char *__restrict format, struct tm *__restrict tm);

int clock_getres(clockid_t clock, struct timespec *resolution);
int clock_gettime(clockid_t clock, struct timespec *now);
int clock_settime(clockid_t clock, const struct timespec *now);
int clock_getcpuclockid(pid_t pid, clockid_t *clock);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
                    struct timespec *remaining);
int nanosleep(const struct timespec *request, struct timespec *remaining);

extern char *tzname[2];
extern long timezone;
extern int daylight;
void tzset(void);

NOLIBC_END

#endif
