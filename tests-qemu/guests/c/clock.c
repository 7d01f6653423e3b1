/* Clocks: monotonic never goes back and does not stand still, sleeping takes as long as it should, the
 * wall clock says a plausible year, and both run at the same speed.
 *
 * @models
 * @timeout 30
 * @expect ok:
 */
#include "check.h"
#include <sys/time.h>
#include <time.h>

static long long now(clockid_t clock)
{
    struct timespec time = {0, 0};

    CHECK_INT(clock_gettime(clock, &time), 0);
    CHECK(time.tv_nsec >= 0 && time.tv_nsec < 1000000000);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void)
{
    struct timespec pause = {0, 200000000};
    struct timeval day = {0, 0};
    long long before, after, monotonic, wall, last = 0;
    int backwards = 0, same = 0, longest = 0;

    for (int i = 0; i < 20000; i++) {
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        after = time.tv_sec * 1000000000LL + time.tv_nsec;
        backwards += after < last;
        same = after == last ? same + 1 : 0;
        longest = same > longest ? same : longest;
        last = after;
    }
    CHECK_INT(backwards, 0);
    CHECK(longest < 10000);

    before = now(CLOCK_MONOTONIC);
    wall = now(CLOCK_REALTIME);
    CHECK_INT(nanosleep(&pause, NULL), 0);
    monotonic = now(CLOCK_MONOTONIC) - before;
    wall = now(CLOCK_REALTIME) - wall;
    CHECK(monotonic >= 200000000);
    /* A busy host may give the CPU back late, but not by seconds. */
    CHECK(monotonic < 5000000000);
    CHECK(wall > monotonic - 100000000 && wall < monotonic + 100000000);

    CHECK_INT(gettimeofday(&day, NULL), 0);
    /* 2024 to 2100. */
    CHECK(day.tv_sec > 1704067200 && day.tv_sec < 4102444800);
    CHECK(time(NULL) - day.tv_sec <= 1);

    pause.tv_nsec = 1000000000;
    CHECK_FAILS(nanosleep(&pause, NULL), EINVAL);
    pause.tv_nsec = -1;
    CHECK_FAILS(nanosleep(&pause, NULL), EINVAL);
    pause = (struct timespec){0, 0};
    CHECK_INT(nanosleep(&pause, NULL), 0);
    return check_done();
}
