/* Two domains talk with each other by xen.h: events in turn over a channel, pages of
 * either mapped by the other one, to be read and to be written, copied from and copied to;
 * what was not granted is refused, and a grant in use does not end. The second domain
 * runs the same image as "peer".
 *
 * @machines xen-domain
 * @timeout 60
 * @cmdline -- first
 * @dom0 peer
 * @expect a round trip
 * @expect peer: ok:
 * @expect peer: status 0
 * @expect ok:
 */
#include "check.h"
#include <errno.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xen.h>

#define ROUNDS 1000
#define COPIES 1000
#define MANY   100
#define WORDS  (XEN_PAGE / sizeof(uint32_t))

/* What one side tells the other one. */
struct offer {
    unsigned port, board, writable, readable;
};

typedef volatile uint32_t word;

static int is_peer;
static uint16_t other;
static uint32_t port;
/* Pages of ours: what the other side may write, and what it may only read. */
static word *writable, *readable;
static struct offer ours, theirs;
/* Where the other side writes how far it is, and its own. */
static word *board, *its_board;

/* The value at a path, once there is one. */
static void await(const char *path, char *value, size_t size)
{
    int result;

    while ((result = xen_store_read(path, value, size)) == -ENOENT)
        usleep(2000);
    CHECK_INT(result, 0);
}

static void tell(void)
{
    CHECK_INT(xen_event_notify(port), 0);
}

/* Wait until the other side has come that far. */
static void await_stage(uint32_t wanted)
{
    while (*board < wanted) {
        int result = xen_event_wait(port, solo5_clock_monotonic() + 20000000000);

        CHECK_INT(result, 0);
        if (result != 0)
            exit(1);
    }
}

static void reach_stage(uint32_t reached)
{
    *its_board = reached;
    tell();
}

/* How far both sides are. */
static uint32_t stage;

/* A point that neither side passes before the other one has come to it. */
static void meet(void)
{
    reach_stage(++stage);
    await_stage(stage);
}

static word *page(unsigned seed)
{
    void *at = NULL;

    CHECK_INT(posix_memalign(&at, XEN_PAGE, XEN_PAGE), 0);
    for (unsigned i = 0; i < WORDS; i++)
        ((word *)at)[i] = seed + i;
    return at;
}

static unsigned seed(int of_peer, int is_writable)
{
    return of_peer * 1000000u + (unsigned)is_writable * 500000u;
}

static int holds(const word *at, unsigned first)
{
    for (unsigned i = 0; i < WORDS; i++)
        if (at[i] != first + i)
            return 0;
    return 1;
}

static void understand(const char *text)
{
    CHECK_INT(sscanf(text, "%u %u %u %u", &theirs.port, &theirs.board, &theirs.writable,
                     &theirs.readable),
              4);
}

static void introduce(void)
{
    char text[80];
    void *at = NULL;

    await("data/peer", text, sizeof text);
    other = (uint16_t)strtoul(text, NULL, 10);
    writable = page(seed(is_peer, 1));
    readable = page(seed(is_peer, 0));
    board = page(0);
    CHECK_INT(xen_grant(other, (void *)board, 1, &ours.board), 0);
    CHECK_INT(xen_grant(other, (void *)writable, 1, &ours.writable), 0);
    CHECK_INT(xen_grant(other, (void *)readable, 0, &ours.readable), 0);
    CHECK(ours.writable != ours.readable);
    if (!is_peer) {
        CHECK_INT(xen_event_offer(other, &port), 0);
        ours.port = port;
    } else {
        await("data/offered", text, sizeof text);
        understand(text);
        CHECK_INT(xen_event_bind(other, theirs.port, &port), 0);
        /* A port that was just bound has an event. */
        CHECK_INT(xen_event_take(port), 1);
    }
    snprintf(text, sizeof text, "%u %u %u %u", ours.port, ours.board, ours.writable, ours.readable);
    CHECK_INT(xen_store_write("data/offer", text), 0);
    if (!is_peer) {
        await("data/offered", text, sizeof text);
        understand(text);
    }
    CHECK_INT(xen_grant_map(other, theirs.board, 1, &at), 0);
    its_board = at;
}

static void refuse(void)
{
    static char text[4096];
    uint32_t number;
    void *at;

    CHECK_INT(xen_store_read("data/nothing", text, sizeof text), -ENOENT);
    CHECK_INT(xen_store_read("data/peer", text, 1), -ERANGE);
    CHECK_INT(xen_store_read("data/peer", NULL, 1), -EINVAL);
    CHECK_INT(xen_store_read(NULL, text, sizeof text), -EINVAL);
    CHECK_INT(xen_store_write("/local/domain/0/mine", "x"), -EACCES);
    CHECK_INT(xen_event_offer(other, NULL), -EINVAL);
    CHECK(xen_event_bind(other, 4000, &number) < 0);
    CHECK_INT(xen_event_notify(port + 1), -EINVAL);
    CHECK_INT(xen_event_take(100000), -EINVAL);
    CHECK_INT(xen_event_close(1), -EINVAL);
    /* A port of its own: what the other side tells is not to be taken here. */
    CHECK_INT(xen_event_offer(other, &number), 0);
    CHECK_INT(xen_event_wait(number, solo5_clock_monotonic() + 1000000), -ETIMEDOUT);
    CHECK_INT(xen_event_mask(number), 0);
    CHECK_INT(xen_event_unmask(number), 0);
    CHECK_INT(xen_event_close(number), 0);
    CHECK_INT(xen_event_close(number), -EINVAL);
    CHECK_INT(xen_grant(other, text + 1, 1, &number), -EINVAL);
    CHECK_INT(xen_grant(other, NULL, 1, &number), -EINVAL);
    CHECK_INT(xen_grant(other, (void *)writable, 1, &number), -EBUSY);
    CHECK_INT(xen_grant_end(1), -EINVAL);
    CHECK_INT(xen_grant_end(100000), -EINVAL);
    CHECK_INT(xen_grant_map(other, 500, 0, &at), -EIO);
    CHECK_INT(xen_grant_map(other, 100000000, 0, &at), -ENOENT);
    CHECK_INT(xen_grant_map(other, theirs.readable, 1, &at), -EIO);
    CHECK_INT(xen_grant_map(32000, theirs.readable, 0, &at), -ENODEV);
    CHECK_INT(xen_grant_map(other, theirs.readable, 0, NULL), -EINVAL);
    CHECK_INT(xen_grant_unmap(NULL), -EINVAL);
    CHECK_INT(xen_grant_unmap((void *)writable), -EINVAL);
}

/* In turn, by what the boards say; a page goes to and fro besides. */
static void rounds(void)
{
    unsigned wrong = 0;
    void *at = NULL;
    word *shared = writable;
    solo5_time_t start;

    if (!is_peer) {
        CHECK_INT(xen_grant_map(other, theirs.writable, 1, &at), 0);
        shared = at;
    }
    start = solo5_clock_monotonic();
    for (uint32_t i = 1; i <= ROUNDS; i++) {
        if (is_peer) {
            await_stage(stage + i);
            wrong += shared[0] != i;
            shared[1] = ~i;
            reach_stage(stage + i);
        } else {
            shared[0] = i;
            reach_stage(stage + i);
            await_stage(stage + i);
            wrong += shared[1] != ~i;
        }
    }
    stage += ROUNDS;
    CHECK_INT(wrong, 0);
    if (!is_peer) {
        printf("%llu ns a round trip\n",
               (unsigned long long)(solo5_clock_monotonic() - start) / ROUNDS);
        CHECK_INT(xen_grant_unmap(at), 0);
        CHECK_INT(xen_grant_unmap(at), -EINVAL);
    }
}

static void map(void)
{
    static void *many[MANY];
    void *at = NULL, *again = NULL;

    CHECK_INT(xen_grant_map(other, theirs.readable, 0, &at), 0);
    CHECK(holds(at, seed(!is_peer, 0)));
    CHECK_INT(xen_grant_map(other, theirs.readable, 0, &again), 0);
    CHECK(again != at);
    CHECK_INT(xen_grant_unmap(again), 0);
    meet();
    /* The other side has it mapped. */
    CHECK_INT(xen_grant_end(ours.readable), -EBUSY);
    readable[17] = 4711;
    meet();
    CHECK_INT(((word *)at)[17], 4711);
    CHECK_INT(xen_grant_unmap(at), 0);
    meet();
    CHECK_INT(xen_grant_end(ours.readable), 0);
    CHECK_INT(xen_grant_end(ours.readable), -EINVAL);
    meet();
    CHECK_INT(xen_grant_map(other, theirs.readable, 0, &at), -EIO);
    CHECK_INT(xen_grant(other, (void *)readable, 0, &ours.readable), 0);
    CHECK_INT(xen_grant_end(ours.readable), 0);
    for (unsigned i = 0; i < MANY; i++)
        CHECK_INT(xen_grant_map(other, theirs.writable, 1, &many[i]), 0);
    for (unsigned i = 0; i < MANY; i++)
        CHECK_INT(xen_grant_unmap(many[i]), 0);
    meet();
}

static void copy(void)
{
    static uint32_t block[2 * WORDS] __attribute__((aligned(XEN_PAGE)));
    solo5_time_t start;

    CHECK_INT(xen_grant_copy_from(other, theirs.writable, 40, block + 5, 400), 0);
    for (unsigned i = 0; i < 100; i++)
        CHECK_INT(block[5 + i], seed(!is_peer, 1) + 10 + i);
    CHECK_INT(block[4] | block[105], 0);
    CHECK_INT(xen_grant_copy_from(other, theirs.writable, 4000, block, 97), -EINVAL);
    CHECK_INT(xen_grant_copy_from(other, theirs.writable, 0, block + WORDS - 1, 8), -EINVAL);
    CHECK_INT(xen_grant_copy_from(other, theirs.writable, 0, NULL, 8), -EINVAL);
    CHECK_INT(xen_grant_copy_from(other, 500, 0, block, 8), -EIO);
    for (unsigned i = 0; i < WORDS; i++)
        block[i] = 77 * i;
    meet();
    CHECK_INT(xen_grant_copy_to(other, theirs.writable, 8, block + 2, XEN_PAGE - 8), 0);
    meet();
    CHECK_INT(writable[2], 154);
    CHECK_INT(writable[WORDS - 1], 77 * (WORDS - 1));
    start = solo5_clock_monotonic();
    for (unsigned i = 0; i < COPIES; i++)
        CHECK_INT(xen_grant_copy_from(other, theirs.writable, 0, block, XEN_PAGE), 0);
    printf("%llu ns a page copied\n", (unsigned long long)(solo5_clock_monotonic() - start) / COPIES);
    meet();
    CHECK_INT(xen_grant_end(ours.writable), 0);
}

int main(int argc, char **argv)
{
    char text[80];

    is_peer = argc > 1 && strcmp(argv[1], "peer") == 0;
    introduce();
    meet();
    refuse();
    meet();
    rounds();
    meet();
    map();
    copy();
    CHECK_INT(xen_event_close(port), 0);
    CHECK_INT(xen_event_notify(port), -EINVAL);
    if (!is_peer)
        await("data/ended", text, sizeof text);
    return check_done();
}
