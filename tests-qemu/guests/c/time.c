/* time.h, sys/time.h, sys/times.h, sys/resource.h: the calendar, the clocks, and
 * what fails.
 *
 * @timeout 30
 * @expect ok:
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static void calendar(void)
{
    time_t when = 951827696; /* 2000-02-29 12:34:56, a Tuesday */
    struct tm tm, *back;
    char text[64];

    CHECK(gmtime_r(&when, &tm) == &tm);
    CHECK_INT(tm.tm_year, 100);
    CHECK_INT(tm.tm_mon, 1);
    CHECK_INT(tm.tm_mday, 29);
    CHECK_INT(tm.tm_hour, 12);
    CHECK_INT(tm.tm_min, 34);
    CHECK_INT(tm.tm_sec, 56);
    CHECK_INT(tm.tm_wday, 2);
    CHECK_INT(tm.tm_yday, 59);
    CHECK_INT(tm.tm_isdst, 0);
    CHECK_INT(tm.tm_gmtoff, 0);
    CHECK_STR(tm.tm_zone, "UTC");
    CHECK_INT(mktime(&tm), when);
    CHECK_INT(timegm(&tm), when);
    CHECK_INT(timelocal(&tm), when);
    back = localtime(&when);
    CHECK(back && back->tm_hour == 12);
    CHECK(gmtime(&when) == back);
    CHECK_STR(asctime(&tm), "Tue Feb 29 12:34:56 2000\n");
    CHECK_STR(ctime(&when), "Tue Feb 29 12:34:56 2000\n");
    CHECK_STR(asctime_r(&tm, text), "Tue Feb 29 12:34:56 2000\n");
    CHECK_STR(ctime_r(&when, text), "Tue Feb 29 12:34:56 2000\n");
    tm.tm_mon += 25;
    tm.tm_mday = 0;
    tm.tm_sec = -1;
    CHECK(mktime(&tm) != -1);
    CHECK_INT(tm.tm_mon, 1);
    CHECK_INT(tm.tm_mday, 28);
    CHECK_INT(tm.tm_year, 102);
    CHECK_INT(tm.tm_min, 33);
    CHECK_INT(tm.tm_sec, 59);
    when = (time_t)1 << 62;
    errno = 0;
    CHECK(gmtime(&when) == NULL && errno == EOVERFLOW);
    errno = 0;
    CHECK(ctime_r(&when, text) == NULL && errno == EOVERFLOW);
    tm.tm_year = INT_MAX;
    tm.tm_mon = 24;
    CHECK_FAILS(mktime(&tm), EOVERFLOW);
    tm.tm_year = 2000000;
    tm.tm_mon = 0;
    errno = 0;
    CHECK(asctime(&tm) == NULL && errno == EOVERFLOW);
    CHECK(difftime(5, 7) == -2 && difftime(LONG_MAX, LONG_MIN) > 1.8e19);
    tzset();
    CHECK_STR(tzname[0], "UTC");
    CHECK_INT(timezone, 0);
    CHECK_INT(daylight, 0);
}

static void texts(void)
{
    time_t when = 951827696;
    struct tm tm = *gmtime(&when), read = {0};
    char text[128];

    CHECK_INT(strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm), 20);
    CHECK_STR(text, "2000-02-29T12:34:56Z");
    strftime(text, sizeof text, "%a %A %b %B %C %D %e %F %g %G %h %I %j %p %R", &tm);
    CHECK_STR(text, "Tue Tuesday Feb February 20 02/29/00 29 2000-02-29 00 2000 Feb 12 060 PM 12:34");
    strftime(text, sizeof text, "%r|%s|%T|%u|%U|%V|%w|%W|%x|%X|%y|%z|%Z|%n|%t|%%|%c", &tm);
    CHECK_STR(text, "12:34:56 PM|951827696|12:34:56|2|09|09|2|09|02/29/00|12:34:56|00|+0000|UTC|\n|\t|%|"
                    "Tue Feb 29 12:34:56 2000");
    CHECK_INT(strftime(text, 4, "%Y", &tm), 0);
    CHECK_INT(strftime(text, 5, "%Y", &tm), 4);
    CHECK_INT(strftime(text, 0, "%Y", &tm), 0);
    CHECK_INT(strftime_l(text, sizeof text, "%Ex%Od", &tm, (locale_t)0), 10);
    char *end = strptime("29 Feb 2000 12:34:56 rest", "%d %b %Y %T", &read);
    CHECK_STR(end, " rest");
    CHECK_INT(timegm(&read), when);
    CHECK_INT(read.tm_wday, 2);
    CHECK(strptime("30 Foo", "%d %b", &read) == NULL);
}

static void clocks(void)
{
    struct timespec a, b, nap = {0, 20000000}, bad = {0, 1000000000}, before = {-1, 0};
    struct timeval now;
    struct tms usage;
    clockid_t id;
    time_t seconds = 0;

    CHECK(time(&seconds) > 1700000000 && time(NULL) >= seconds);
    CHECK_INT(clock_gettime(CLOCK_REALTIME, &a), 0);
    CHECK(a.tv_sec >= seconds && a.tv_sec <= seconds + 2 && a.tv_nsec < 1000000000);
    CHECK_INT(gettimeofday(&now, NULL), 0);
    CHECK(now.tv_sec >= a.tv_sec && now.tv_usec < 1000000);
    CHECK_INT(timespec_get(&b, TIME_UTC), TIME_UTC);
    CHECK_INT(timespec_get(&b, 99), 0);
    for (int clock = 0; clock < 8; clock++) {
        CHECK_INT(clock_gettime(clock, &a), 0);
        CHECK_INT(clock_getres(clock, &b), 0);
        CHECK(b.tv_sec == 0 && b.tv_nsec == 1);
    }
    CHECK_INT(clock_getres(CLOCK_MONOTONIC, NULL), 0);
    CHECK_FAILS(clock_gettime(-1, &a), EINVAL);
    CHECK_FAILS(clock_gettime(1000, &a), EINVAL);
    CHECK_FAILS(clock_getres(1000, &a), EINVAL);
    clock_gettime(CLOCK_MONOTONIC, &a);
    clock_t cpu = clock(), ticks = times(&usage);
    CHECK_INT(nanosleep(&nap, NULL), 0);
    CHECK_INT(clock_nanosleep(CLOCK_REALTIME, 0, &nap, NULL), 0);
    clock_gettime(CLOCK_MONOTONIC, &b);
    long slept = (b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000;
    CHECK(slept >= 40000);
    CHECK(clock() >= cpu && clock() - cpu < slept - 20000);
    clock_t later = times(NULL);
    CHECK(later - ticks >= 3 && later - ticks <= slept / 10000 + 5);
    CHECK(usage.tms_utime >= 0 && usage.tms_stime == 0 && usage.tms_cutime == 0);
    CHECK_INT(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &a, NULL), 0);
    CHECK_FAILS(nanosleep(&bad, NULL), EINVAL);
    CHECK_FAILS(nanosleep(&before, NULL), EINVAL);
    CHECK_INT(clock_nanosleep(77, 0, &nap, NULL), EINVAL);
    CHECK_INT(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, NULL), EINVAL);
    CHECK_INT(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &nap, NULL), EINVAL);
    CHECK_INT(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &nap, NULL), EOPNOTSUPP);
    CHECK_FAILS(clock_settime(CLOCK_REALTIME, &a), EPERM);
    CHECK_FAILS(clock_settime(CLOCK_REALTIME, &bad), EINVAL);
    CHECK_FAILS(clock_settime(CLOCK_MONOTONIC, &a), EINVAL);
    CHECK_FAILS(settimeofday(&now, NULL), EPERM);
    CHECK_INT(clock_getcpuclockid(0, &id), 0);
    CHECK_INT(clock_getcpuclockid(getpid(), &id), 0);
    CHECK_INT(id, CLOCK_PROCESS_CPUTIME_ID);
    CHECK_INT(clock_getcpuclockid(4242, &id), ESRCH);
}

static void timers(void)
{
    struct itimerval one = {{0, 0}, {1, 0}}, none = {{0, 0}, {0, 0}}, bad = {{0, 0}, {0, 1000000}}, old;

    memset(&old, 1, sizeof old);
    CHECK_INT(getitimer(ITIMER_REAL, &old), 0);
    CHECK(!timerisset(&old.it_value));
    CHECK_INT(setitimer(ITIMER_PROF, &none, &old), 0);
    CHECK_FAILS(setitimer(ITIMER_PROF, &one, NULL), ENOSYS);
    CHECK_INT(setitimer(ITIMER_REAL, &one, NULL), 0);
    CHECK_INT(setitimer(ITIMER_REAL, &none, &old), 0);
    CHECK(old.it_value.tv_sec == 1 || (old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0));
    CHECK_FAILS(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
    CHECK_FAILS(setitimer(9, &none, NULL), EINVAL);
    CHECK_FAILS(getitimer(-1, &old), EINVAL);
    struct timeval a = {1, 900000}, b = {0, 200000}, sum, difference;
    timeradd(&a, &b, &sum);
    timersub(&a, &sum, &difference);
    CHECK(sum.tv_sec == 2 && sum.tv_usec == 100000);
    CHECK(difference.tv_sec == -1 && difference.tv_usec == 800000);
    CHECK(timercmp(&a, &sum, <) && !timercmp(&a, &b, ==));
}

static void resources(void)
{
    struct rusage usage;
    struct rlimit limit, other;

    CHECK_INT(getrusage(RUSAGE_SELF, &usage), 0);
    CHECK(usage.ru_maxrss > 0 && usage.ru_stime.tv_sec == 0);
    CHECK_INT(getrusage(RUSAGE_CHILDREN, &usage), 0);
    CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_maxrss == 0);
    CHECK_FAILS(getrusage(7, &usage), EINVAL);
    for (int resource = 0; resource < 10; resource++) {
        CHECK_INT(getrlimit(resource, &limit), 0);
        CHECK_INT(setrlimit(resource, &limit), 0);
    }
    other = limit;
    other.rlim_cur = 1;
    CHECK_FAILS(setrlimit(RLIMIT_AS, &other), EPERM);
    other.rlim_cur = 5;
    other.rlim_max = 4;
    CHECK_FAILS(setrlimit(RLIMIT_AS, &other), EINVAL);
    CHECK_INT(getrlimit(RLIMIT_STACK, &limit), 0);
    CHECK(limit.rlim_cur >= 64 << 10 && limit.rlim_cur <= 8 << 20);
    CHECK_FAILS(getrlimit(99, &limit), EINVAL);
    CHECK_FAILS(setrlimit(-3, &limit), EINVAL);
    errno = 0;
    CHECK(getpriority(PRIO_PROCESS, 0) == 0 && errno == 0);
    CHECK_FAILS(getpriority(PRIO_PROCESS, 4242), ESRCH);
    CHECK_FAILS(getpriority(12, 0), EINVAL);
    CHECK_INT(setpriority(PRIO_USER, 0, 0), 0);
    CHECK_FAILS(setpriority(PRIO_PGRP, 0, 5), EPERM);
}

static void file_times(void)
{
    struct timeval times[2] = {{1000, 500000}, {2000, 0}}, bad[2] = {{0, 0}, {0, 1000000}};
    struct stat status;
    int fd = open("/tmp/times", O_CREAT | O_RDWR, 0600);

    CHECK(fd >= 0);
    CHECK_INT(utimes("/tmp/times", times), 0);
    CHECK_INT(stat("/tmp/times", &status), 0);
    CHECK_INT(status.st_atim.tv_sec, 1000);
    CHECK_INT(status.st_atim.tv_nsec, 500000000);
    CHECK_INT(status.st_mtim.tv_sec, 2000);
    CHECK_INT(utimes("/tmp/times", NULL), 0);
    CHECK_INT(stat("/tmp/times", &status), 0);
    CHECK(status.st_mtim.tv_sec > 1700000000);
    CHECK_FAILS(utimes("/tmp/times", bad), EINVAL);
    CHECK_FAILS(utimes("/tmp/absent", times), ENOENT);
    close(fd);
}

int main(void)
{
    calendar();
    texts();
    clocks();
    timers();
    resources();
    file_times();
    return check_done();
}
