/* solo5_yield parks the thread that calls it, and others run meanwhile: the compiler wrapper
 * links with --wrap=solo5_yield, so the call is one of __wrap_solo5_yield.
 *
 * @expect ok:
 */
#include "check.h"
#include "one_cpu.h"
#include <pthread.h>
#include <sched.h>
#include <solo5.h>
#include <stdint.h>

void __wrap_solo5_yield(solo5_time_t deadline, solo5_handle_set_t *ready);

static volatile long counter;
static volatile int stop;
static int order[4], woken;
static solo5_time_t start;

static void *count(void *argument)
{
    while (!stop) {
        counter++;
        sched_yield();
    }
    return argument;
}

static void *yield_for(void *argument)
{
    solo5_handle_set_t ready = 99;
    solo5_time_t until = start + (solo5_time_t)(intptr_t)argument * 30000000;

    solo5_yield(until, &ready);
    CHECK(solo5_clock_monotonic() >= until);
    CHECK_INT(ready, 0);
    order[__atomic_fetch_add(&woken, 1, __ATOMIC_RELAXED)] = (int)(intptr_t)argument;
    return argument;
}

/* Again until the other one has run a few times meanwhile: the host may have been busy. */
static void park(const char *when)
{
    long before = counter;

    do {
        solo5_handle_set_t ready = 99;
        solo5_time_t until = solo5_clock_monotonic() + 50000000;

        solo5_yield(until, &ready);
        if (solo5_clock_monotonic() < until || ready != 0)
            check_fail(__FILE__, __LINE__, when);
        CHECK(solo5_clock_monotonic() < until + 10000000000);
    } while (counter - before < 10);
}

int main(void)
{
    pthread_t counting, parked[4];
    solo5_time_t until = solo5_clock_monotonic() + 5000000;

    stay_on_one_cpu();
    /* While there is one thread the machine itself waits. */
    solo5_yield(until, NULL);
    CHECK(solo5_clock_monotonic() >= until);
    solo5_yield(0, NULL);

    CHECK_INT(pthread_create(&counting, NULL, count, NULL), 0);
    park("one of two threads");
    start = solo5_clock_monotonic() + 300000000;
    for (int i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&parked[i], NULL, yield_for, (void *)(intptr_t)(4 - i)), 0);
    park("one of six");
    for (int i = 0; i < 4; i++) {
        CHECK_INT(pthread_join(parked[i], NULL), 0);
        CHECK_INT(order[i], i + 1);
    }
    stop = 1;
    CHECK_INT(pthread_join(counting, NULL), 0);
    until = solo5_clock_monotonic() + 5000000;
    __wrap_solo5_yield(until, NULL);
    CHECK(solo5_clock_monotonic() >= until);
    return check_done();
}
