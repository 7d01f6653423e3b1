/* What domains of Xen do with each other, in turn: events to and fro between two domains that
 * run this program, pages of the other one copied; blocks of a disk read and written, and pings
 * answered, both served by dom0, which measures those. A line for each of the others:
 * "BENCH name ns=TIME". */
#include "side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS 1000
#define COPIES 1000
#define READS  1024

static void report(const char *name, double start_ns, unsigned long count)
{
    printf("BENCH %s ns=%.1f\n", name, (now_ns() - start_ns) / (double)count);
    fflush(stdout);
}

static void disk(void)
{
    static char block[PAGE] __attribute__((aligned(PAGE)));
    unsigned long place = 0, count = blocks();
    double start;

    if (count > READS)
        count = READS;
    start = now_ns();
    for (unsigned long i = 0; i < count; i++) {
        block_read(place, block);
        /* Knuth's line for numbers modulo a power of two: each place once. */
        place = (place * 1664525 + 1013904223) % count;
    }
    report("block read", start, count);
    start = now_ns();
    for (unsigned long i = 0; i < count; i++)
        block_write(i, block);
    report("block written", start, count);
}

int main(int argc, char **argv)
{
    static char page[PAGE] __attribute__((aligned(PAGE)));
    int is_peer = argc > 1 && strcmp(argv[1], "peer") == 0;
    unsigned other, port, remote_port, remote_page;
    char text[80];
    double start;

    side_start();
    store_await("data/peer", text);
    other = (unsigned)strtoul(text, NULL, 10);
    if (is_peer) {
        store_await("data/offered", text);
        if (sscanf(text, "%u %u", &remote_port, &remote_page) != 2)
            side_fail("the offer");
        port = event_bind(other, remote_port);
        snprintf(text, sizeof text, "0 %u", page_grant(other));
        store_write("data/offer", text);
        for (unsigned i = 0; i < EVENTS; i++) {
            event_wait(port);
            event_notify(port);
        }
        /* What was granted stays until it was copied. */
        event_wait(port);
        side_end();
    }
    port = event_offer(other);
    snprintf(text, sizeof text, "%u %u", port, page_grant(other));
    store_write("data/offer", text);
    store_await("data/offered", text);
    if (sscanf(text, "%u %u", &remote_port, &remote_page) != 2)
        side_fail("the offer");
    start = now_ns();
    for (unsigned i = 0; i < EVENTS; i++) {
        event_notify(port);
        event_wait(port);
    }
    report("event to and fro", start, EVENTS);
    start = now_ns();
    for (unsigned i = 0; i < COPIES; i++)
        page_copy(other, remote_page, page);
    report("page copied", start, COPIES);
    event_notify(port);
    store_await("data/ended", text);
    disk();
    store_write("data/serves", "1");
    network_serve("data/pinged");
    side_end();
    return 0;
}
