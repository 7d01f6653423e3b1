/* A thread for each network, which waits for it in solo5_yield and serves it,
 * and a third one that sends on both, while a fourth computes.
 *
 * @models
 * @net service0
 * @net service1
 * @peer echo
 * @timeout 40
 * @expect asked to end
 * @expect ok:
 */
#define DEVICES 2
#include "manifest.h"
MANIFEST(NET("service0"), NET("service1"))

#include "check.h"
#include "net.h"
#include <pthread.h>
#include <sched.h>

static struct interface interfaces[2] = {{.address = {10, 0, 0, 2}}, {.address = {10, 1, 0, 2}}};
static volatile int over;

static void *serve(void *argument)
{
    struct interface *on = argument;
    solo5_time_t end = solo5_clock_monotonic() + UINT64_C(200000000000);

    while (!over && solo5_clock_monotonic() < end) {
        solo5_handle_set_t ready = 0;

        solo5_yield(solo5_clock_monotonic() + UINT64_C(100000000), &ready);
        if (ready >> on->handle & 1)
            over |= net_serve(on);
    }
    return NULL;
}

static void *chatter(void *argument)
{
    /* To nobody, of a protocol for experiments. */
    static unsigned char frame[60] = {2, 0, 0, 0, 0, 1, [12] = 0x88, 0xb5};
    uintptr_t refused = 0;

    (void)argument;
    while (!over) {
        for (int i = 0; i < 2; i++)
            refused += solo5_net_write(interfaces[i].handle, frame, sizeof frame) != SOLO5_R_OK;
        /* Devices that are ready end a wait, and then it would send without end,
         * until there is no room for what the others send. */
        solo5_time_t next = solo5_clock_monotonic() + 1000000;

        while (solo5_clock_monotonic() < next)
            solo5_yield(next, NULL);
    }
    return (void *)refused;
}

static void *compute(void *argument)
{
    (void)argument;
    while (!over)
        sched_yield();
    return NULL;
}

int main(void)
{
    pthread_t threads[4];
    void *refused = NULL;

    CHECK_INT(solo5_net_acquire("service0", &interfaces[0].handle, &interfaces[0].info), SOLO5_R_OK);
    CHECK_INT(solo5_net_acquire("service1", &interfaces[1].handle, &interfaces[1].info), SOLO5_R_OK);
    CHECK_INT(pthread_create(&threads[0], NULL, serve, &interfaces[0]), 0);
    CHECK_INT(pthread_create(&threads[1], NULL, serve, &interfaces[1]), 0);
    CHECK_INT(pthread_create(&threads[2], NULL, compute, NULL), 0);
    CHECK_INT(pthread_create(&threads[3], NULL, chatter, NULL), 0);
    for (int i = 0; i < 4; i++)
        CHECK_INT(pthread_join(threads[i], &refused), 0);
    CHECK_INT((uintptr_t)refused, 0);
    if (over)
        check_print("asked to end\n");
    for (int i = 0; i < 2; i++) {
        CHECK(interfaces[i].answers >= 6500);
        CHECK_INT(interfaces[i].errors, 0);
    }
    return check_done();
}
