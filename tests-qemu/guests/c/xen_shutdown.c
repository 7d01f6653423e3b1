/* The toolstack asks that the domain ends: SIGTERM, for a program that sleeps and for one
 * that waits for its devices, alone or with other threads; its exit status counts,
 * and a domain that was to be started again says so. Without a handler it ends.
 *
 * @machines xen-domain
 * @case sleeping
 * @cmdline -- sleep
 * @dom0 asked shutdown
 * @expect dom0: shutdown
 * @expect SIGTERM
 * @expect ok:
 * @case waiting
 * @cmdline -- wait
 * @dom0 asked shutdown
 * @expect SIGTERM
 * @expect ok:
 * @case threads
 * @cmdline -- threads
 * @dom0 asked shutdown
 * @expect SIGTERM
 * @expect ok:
 * @case processors
 * @cmdline -- threads
 * @xl vcpus = 2
 * @dom0 asked shutdown
 * @expect SIGTERM
 * @expect ok:
 * @case reboot
 * @cmdline -- sleep
 * @dom0 asked reboot
 * @expect SIGTERM
 * @expect ok:
 * @expect dom0: it is to be started again
 * @case often
 * @cmdline -- often
 * @dom0 asked often
 * @expect SIGTERM
 * @expect ok:
 * @case default
 * @cmdline -- default
 * @dom0 asked shutdown
 * @expect killed by SIGTERM
 * @status 143
 */
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <solo5.h>
#include <stdio.h>
#include <unistd.h>
#include <xen.h>

/* How often dom0 asks in the case "often" (asked.sh). */
#define OFTEN 30

static volatile sig_atomic_t asked, times;

static void handler(int signal)
{
    asked = signal;
    times++;
}

static void *sleeper(void *argument)
{
    (void)argument;
    for (;;)
        usleep(1000);
    return NULL;
}

static void wait_for_devices(void)
{
    solo5_handle_set_t ready = 0;
    solo5_time_t start = solo5_clock_monotonic();

    while (!asked && solo5_clock_monotonic() < start + 60000000000)
        solo5_yield(start + 60000000000, &ready);
    CHECK(solo5_clock_monotonic() < start + 50000000000);
    CHECK_INT(ready, 0);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "sleep";
    pthread_t thread;
    int is_threads = strcmp(how, "threads") == 0;

    /* So that dom0 knows that it can be asked. */
    usleep(1000);
    if (strcmp(how, "default") != 0)
        CHECK(signal(SIGTERM, handler) != SIG_ERR);
    CHECK_INT(xen_store_write("data/started", "1"), 0);
    if (is_threads)
        CHECK_INT(pthread_create(&thread, NULL, sleeper, NULL), 0);
    if (is_threads || strcmp(how, "wait") == 0)
        wait_for_devices();
    else
        CHECK(sleep(60) > 10);
    /* The next request comes while the answer to the last one is on its way. */
    if (strcmp(how, "often") == 0) {
        while (times < OFTEN && sleep(60) > 10)
            continue;
        CHECK_INT(times, OFTEN);
    }
    if (asked)
        puts(asked == SIGTERM ? "SIGTERM" : "another signal");
    CHECK_INT(asked, SIGTERM);
    return check_done();
}
