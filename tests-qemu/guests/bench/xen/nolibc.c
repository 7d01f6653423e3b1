/* A unikernel's side of side.h. */
#include "side.h"

#include "../../c/net.h"
#include <errno.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xen.h>

static solo5_handle_t disk;

void side_fail(const char *what)
{
    printf("FAIL: %s\n", what);
    exit(1);
}

void side_start(void)
{
}

void side_end(void)
{
    puts("SUCCESS");
    exit(0);
}

double now_ns(void)
{
    return (double)solo5_clock_monotonic();
}

void store_await(const char *path, char value[80])
{
    int result;

    while ((result = xen_store_read(path, value, 80)) == -ENOENT)
        usleep(2000);
    if (result != 0)
        side_fail("xenstore is not read");
}

void store_write(const char *path, const char *value)
{
    if (xen_store_write(path, value) != 0)
        side_fail("xenstore is not written");
}

unsigned event_offer(unsigned domain)
{
    uint32_t port;

    if (xen_event_offer((uint16_t)domain, &port) != 0)
        side_fail("no event channel");
    return port;
}

unsigned event_bind(unsigned domain, unsigned remote)
{
    uint32_t port;

    if (xen_event_bind((uint16_t)domain, remote, &port) != 0)
        side_fail("the event channel is not bound");
    xen_event_take(port);
    return port;
}

void event_notify(unsigned port)
{
    if (xen_event_notify(port) != 0)
        side_fail("an event");
}

void event_wait(unsigned port)
{
    if (xen_event_wait(port, solo5_clock_monotonic() + 30000000000) != 0)
        side_fail("no event");
}

unsigned page_grant(unsigned domain)
{
    uint32_t reference;
    void *page;

    if (posix_memalign(&page, PAGE, PAGE) != 0 ||
        xen_grant((uint16_t)domain, page, 1, &reference) != 0)
        side_fail("a page is not granted");
    return reference;
}

void page_copy(unsigned domain, unsigned reference, void *to)
{
    if (xen_grant_copy_from((uint16_t)domain, reference, 0, to, PAGE) != 0)
        side_fail("a page is not copied");
}

unsigned long blocks(void)
{
    struct solo5_block_info info;

    if (solo5_block_acquire("xvdb", &disk, &info) != SOLO5_R_OK || info.block_size != BLOCK)
        side_fail("no disk");
    return info.capacity / BLOCK;
}

void block_read(unsigned long number, void *to)
{
    if (solo5_block_read(disk, number * BLOCK, to, BLOCK) != SOLO5_R_OK)
        side_fail("a block is not read");
}

void block_write(unsigned long number, const void *from)
{
    if (solo5_block_write(disk, number * BLOCK, from, BLOCK) != SOLO5_R_OK)
        side_fail("a block is not written");
}

void network_serve(const char *path)
{
    static struct interface on = {.address = {10, 0, 0, 2}};
    solo5_time_t look = 0;
    char value[80];

    if (solo5_net_acquire("vif0", &on.handle, &on.info) != SOLO5_R_OK)
        side_fail("no interface");
    for (;;) {
        solo5_handle_set_t ready = 0;

        if (solo5_clock_monotonic() >= look) {
            if (xen_store_read(path, value, sizeof value) == 0)
                return;
            look = solo5_clock_monotonic() + 500000000;
        }
        solo5_yield(look, &ready);
        net_serve(&on);
    }
}
