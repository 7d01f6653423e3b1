/* What mirage-xen does with a machine of Xen's: takes events from the shared page
 * itself, halts by its own instructions until one comes or a time is reached, has
 * grant tables where it likes, and maps a page of a domain in the area for that.
 *
 * @machines xen xen-domain
 * @expect ok:
 */
#include "check.h"
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE      4096
#define SELF      0x7ff0
#define MEMORY_OP 12
#define SET_TIMER 15
#define EVENT_OP  32

extern const unsigned char solo5__xen_HYPERCALL_PAGE[];
extern volatile unsigned char solo5__xen_HYPERVISOR_SHARED_INFO[];
void solo5__xen_get_gntmap_area(uint64_t *address, size_t *size);
int solo5__xen_evtchn_vector_handler(void *argument);

/* That it is here is what counts. */
int solo5__xen_evtchn_vector_handler(void *argument)
{
    (void)argument;
    return 1;
}

static long call(unsigned number, long first, const void *second, long third)
{
    long answer;

    __asm__ volatile("call *%[entry]"
                     : "=a"(answer), "+D"(first), "+S"(second), "+d"(third)
                     : [entry] "r"(solo5__xen_HYPERCALL_PAGE + number * 32)
                     : "memory", "r10", "r8");
    return answer;
}

static volatile uint64_t *word(size_t offset)
{
    return (volatile uint64_t *)(solo5__xen_HYPERVISOR_SHARED_INFO + offset);
}

/* The pending channels, of which each is masked, as bits of the first word. */
static uint64_t pending(void)
{
    uint64_t selected, found;

    solo5__xen_HYPERVISOR_SHARED_INFO[0] = 0;
    selected = __atomic_exchange_n(word(8), 0, __ATOMIC_SEQ_CST);
    if ((selected & 1) == 0)
        return 0;
    found = *word(2048) & ~*word(2560);
    __atomic_fetch_or(word(2560), found, __ATOMIC_SEQ_CST);
    __atomic_fetch_and(word(2048), ~found, __ATOMIC_SEQ_CST);
    return found;
}

static void block(uint64_t deadline)
{
    __asm__ volatile("cli" ::: "memory");
    if (solo5__xen_HYPERVISOR_SHARED_INFO[0] != 0) {
        __asm__ volatile("sti" ::: "memory");
        return;
    }
    CHECK_INT(call(SET_TIMER, (long)deadline, NULL, 0), 0);
    __asm__ volatile("sti; hlt" ::: "memory");
}

static void unmask(uint32_t port)
{
    CHECK_INT(call(EVENT_OP, 9, &port, 0), 0);
}

static void events(void)
{
    struct {
        uint16_t domain, remote;
        uint32_t port;
    } unbound = {SELF, SELF, 0};
    struct {
        uint16_t remote;
        uint32_t remote_port, port;
    } bind = {SELF, 0, 0};
    unsigned taken = 0;

    CHECK_INT(call(EVENT_OP, 6, &unbound, 0), 0);
    bind.remote_port = unbound.port;
    CHECK_INT(call(EVENT_OP, 0, &bind, 0), 0);
    CHECK(bind.port < 64 && unbound.port < 64);
    unmask(unbound.port);
    pending();
    for (unsigned i = 0; i < 100; i++) {
        solo5_time_t start = solo5_clock_monotonic();

        CHECK_INT(call(EVENT_OP, 4, &bind.port, 0), 0);
        do
            block(start + 5000000000);
        while ((pending() >> unbound.port & 1) == 0 && solo5_clock_monotonic() < start + 5000000000);
        taken += solo5_clock_monotonic() < start + 5000000000;
        unmask(unbound.port);
    }
    CHECK_INT(taken, 100);
}

/* A halt lasts about as long as the timer says. */
static void times(void)
{
    unsigned long long_ones = 0;

    for (unsigned i = 1; i <= 5; i++) {
        solo5_time_t start = solo5_clock_monotonic(), until = start + i * 4000000;

        pending();
        block(until);
        long_ones += solo5_clock_monotonic() > start + i * 2000000;
        while (solo5_clock_monotonic() < until) {
            pending();
            block(until);
        }
    }
    CHECK(long_ones >= 4);
}

static void grants(void)
{
    struct {
        uint16_t domain, size;
        uint32_t space;
        uint64_t index, frame;
    } add = {SELF, 0, 1, 0, 0};
    unsigned char *table = NULL;
    uint64_t area = 0;
    size_t size = 0;

    CHECK_INT(posix_memalign((void **)&table, PAGE, 4 * PAGE), 0);
    for (unsigned i = 0; i < 4; i++) {
        add.index = i;
        add.frame = ((uintptr_t)table + i * PAGE) / PAGE;
        CHECK_INT(call(MEMORY_OP, 7, &add, 0), 0);
    }
    solo5__xen_get_gntmap_area(&area, &size);
    CHECK(area % PAGE == 0 && area >= 1ull << 32 && size >= 16 << 20);
}

int main(void)
{
    events();
    times();
    grants();
    return check_done();
}
