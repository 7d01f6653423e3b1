/* A virtual interface of Xen's, whose other end is Linux in dom0: found by its name, asked for
 * its address, pinged with frames of every size; waiting ends when an answer comes, and
 * what is no frame is refused. When the back end dies and comes back, without a word or
 * closing first, frames get through as before. One of two threads that acquire it at once
 * gets it; frames are heard of while another processor has it most of the time.
 *
 * @machines xen-domain
 * @timeout 20
 * @case pings
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @expect pings
 * @expect ok:
 * @case rebind
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @cmdline -- through
 * @dom0 backend vif await
 * @dom0 for i in 1 2; do sleep 0.03; backend vif die; sleep 0.03; backend vif come; done
 * @dom0 sleep 0.1; ping -c 1 -s 1000 10.0.0.2 >/dev/null; echo "dom0: pinged"
 * @expect dom0: back end of vif: die
 * @expect dom0: back end of vif: come
 * @expect ok:
 * @case reconnect
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @cmdline -- through
 * @dom0 backend vif await
 * @dom0 for i in 1 2; do sleep 0.03; backend vif close; sleep 0.03; backend vif come; done
 * @dom0 sleep 0.1; ping -c 1 -s 1000 10.0.0.2 >/dev/null; echo "dom0: pinged"
 * @expect dom0: back end of vif: close
 * @expect dom0: back end of vif: come
 * @expect ok:
 * @case restored
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @cmdline -- through
 * @dom0 backend vif await; xenstore-write /local/domain/$(xl domid guest)/data/started 1
 * @dom0 saved restore
 * @dom0 backend vif await; ping -c 1 -s 1000 10.0.0.2 >/dev/null; echo "dom0: pinged"
 * @expect dom0: restore
 * @expect ok:
 * @case together
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @xl vcpus = 2
 * @cmdline -- together
 * @expect together
 * @expect ok:
 * @case manifest
 * @xl vif = ['mac=00:16:3e:01:02:03,script=/bin/vif']
 * @cmdline -- manifest
 * @expect ok:
 * @case none
 * @cmdline -- none
 * @expect none
 * @expect ok:
 */
#define DEVICES 2
#include "manifest.h"
MANIFEST(BLOCK("storage"), NET("service"))

#include "check.h"
#include <pthread.h>
#include <solo5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS (14 + 20 + 8)
#define MOST    (1500 - 28)
#define PINGS   1500

static solo5_handle_t handle;
static struct solo5_net_info info;
static unsigned char peer[6];

static void put(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static unsigned get(const uint8_t *at)
{
    return at[0] << 8 | at[1];
}

static unsigned sum(const uint8_t *bytes, size_t len)
{
    unsigned long total = 0;

    for (size_t i = 0; i < len; i++)
        total += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    while (total > 0xffff)
        total = (total & 0xffff) + (total >> 16);
    return ~total & 0xffff;
}

/* The next frame, within ten seconds: its length, 0: none came. */
static size_t receive(uint8_t *frame)
{
    solo5_time_t until = solo5_clock_monotonic() + 10000000000;
    size_t len;

    while (solo5_clock_monotonic() < until) {
        solo5_handle_set_t ready = 0;
        solo5_result_t result = solo5_net_read(handle, frame, 1514, &len);

        if (result == SOLO5_R_OK)
            return len;
        if (result != SOLO5_R_AGAIN)
            break;
        solo5_yield(until, &ready);
        if (solo5_clock_monotonic() < until && ready != (solo5_handle_set_t)1 << handle)
            break;
    }
    return 0;
}

static void ask_address(void)
{
    uint8_t frame[1514] = {0};

    memset(frame, 0xff, 6);
    memcpy(frame + 6, info.mac_address, 6);
    put(frame + 12, 0x806);
    put(frame + 14, 1);
    put(frame + 16, 0x800);
    put(frame + 18, 0x604);
    put(frame + 20, 1);
    memcpy(frame + 22, info.mac_address, 6);
    memcpy(frame + 28, "\x0a\0\0\x02", 4);
    memcpy(frame + 38, "\x0a\0\0\x01", 4);
    CHECK_INT(solo5_net_write(handle, frame, 42), SOLO5_R_OK);
    for (;;) {
        size_t len = receive(frame);

        CHECK(len >= 42);
        if (len < 42)
            exit(1);
        if (get(frame + 12) == 0x806 && get(frame + 20) == 2)
            break;
    }
    memcpy(peer, frame + 6, 6);
}

/* An answer to dom0's own questions for our address, or nothing. */
static void answer(uint8_t *frame, size_t len)
{
    if (len < 42 || get(frame + 12) != 0x806 || get(frame + 20) != 1 || frame[41] != 2)
        return;
    put(frame + 20, 2);
    memcpy(frame + 32, frame + 22, 10);
    memcpy(frame + 22, info.mac_address, 6);
    memcpy(frame + 28, "\x0a\0\0\x02", 4);
    memcpy(frame, frame + 32, 6);
    memcpy(frame + 6, info.mac_address, 6);
    CHECK_INT(solo5_net_write(handle, frame, 42), SOLO5_R_OK);
}

static int send_ping(unsigned number, size_t len)
{
    uint8_t frame[1514] = {0}, *ip = frame + 14, *icmp = ip + 20;

    memcpy(frame, peer, 6);
    memcpy(frame + 6, info.mac_address, 6);
    put(frame + 12, 0x800);
    ip[0] = 0x45;
    put(ip + 2, (unsigned)(28 + len));
    ip[8] = 64;
    ip[9] = 1;
    memcpy(ip + 12, "\x0a\0\0\x02\x0a\0\0\x01", 8);
    put(ip + 10, sum(ip, 20));
    icmp[0] = 8;
    put(icmp + 4, 0x1234);
    put(icmp + 6, number);
    for (size_t i = 0; i < len; i++)
        icmp[8 + i] = (uint8_t)(number * 7 + i);
    put(icmp + 2, sum(icmp, 8 + len));
    return solo5_net_write(handle, frame, HEADERS + len) == SOLO5_R_OK;
}

static int ping(unsigned number, size_t len)
{
    uint8_t frame[1514], *ip = frame + 14, *icmp = ip + 20;

    if (!send_ping(number, len))
        return 0;
    for (;;) {
        size_t got = receive(frame);

        if (got == 0)
            return 0;
        answer(frame, got);
        if (get(frame + 12) != 0x800 || ip[9] != 1 || icmp[0] != 0 || get(icmp + 6) != number)
            continue;
        if (got < HEADERS + len || get(ip + 2) != 28 + len || sum(icmp, 8 + len) != 0)
            return 0;
        for (size_t i = 0; i < len; i++)
            if (icmp[8 + i] != (uint8_t)(number * 7 + i))
                return 0;
        return 1;
    }
}

/* Ping all the time, answer dom0, and end with its ping of 1000 bytes. */
static void through(void)
{
    uint8_t frame[1514], *ip = frame + 14, *icmp = ip + 20;
    unsigned number = 0;
    solo5_time_t until = solo5_clock_monotonic() + 100000000000, last = 0;
    int over = 0;

    while (!over && solo5_clock_monotonic() < until) {
        solo5_handle_set_t ready = 0;
        solo5_time_t now = solo5_clock_monotonic();
        size_t len;

        if (now > last + 2000000) {
            last = now;
            /* Without a back end there is no room for it. */
            send_ping(number++, 64);
        }
        if (solo5_net_read(handle, frame, 1514, &len) != SOLO5_R_OK) {
            solo5_yield(now + 2000000, &ready);
            continue;
        }
        answer(frame, len);
        if (get(frame + 12) != 0x800 || ip[9] != 1)
            continue;
        over = icmp[0] == 8 && get(ip + 2) == 1028;
    }
    CHECK(over);
    CHECK(number > 50);
    /* And now nothing is lost any more. */
    for (unsigned i = 0; i < 100; i++)
        CHECK(ping(i, 500));
}

static void refused(void)
{
    static uint8_t frame[2000];
    size_t len = 77;

    CHECK_INT(solo5_net_write(handle, frame, 13), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(handle, frame, 1515), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(handle + 1, frame, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_write(UINT64_MAX, frame, 60), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(handle, frame, 1513, &len), SOLO5_R_EINVAL);
    CHECK_INT(solo5_net_read(handle + 1, frame, 1514, &len), SOLO5_R_EINVAL);
    CHECK_INT(len, 77);
}

static volatile int started, over;
/* One more than the handle of whoever acquired it. */
static solo5_handle_t shared;

/* Acquire it, too, and then have it, for frames that are none, until it is over. */
static void *rival(void *unused)
{
    static uint8_t frame[13];
    solo5_handle_t mine;
    struct solo5_net_info its;

    (void)unused;
    started = 1;

    solo5_result_t acquired = solo5_net_acquire("vif0", &mine, &its);

    if (acquired == SOLO5_R_OK)
        __atomic_store_n(&shared, mine + 1, __ATOMIC_RELEASE);
    while (!over) {
        solo5_handle_t known = __atomic_load_n(&shared, __ATOMIC_ACQUIRE);

        if (known != 0 && solo5_net_write(known - 1, frame, 13) != SOLO5_R_EINVAL)
            return (void *)99;
    }
    return (void *)(uintptr_t)acquired;
}

static void together(void)
{
    pthread_t thread;
    void *theirs;
    unsigned answered = 0;

    memcpy(info.mac_address, "\x00\x16\x3e\x01\x02\x03", 6);
    CHECK_INT(pthread_create(&thread, NULL, rival, NULL), 0);
    while (!started)
        ;

    solo5_result_t ours = solo5_net_acquire("vif0", &handle, &info);

    if (ours == SOLO5_R_OK)
        __atomic_store_n(&shared, handle + 1, __ATOMIC_RELEASE);
    for (solo5_time_t until = solo5_clock_monotonic() + 10000000000;
         __atomic_load_n(&shared, __ATOMIC_ACQUIRE) == 0;) {
        if (solo5_clock_monotonic() > until) {
            printf("ours: %d\n", (int)ours);
            CHECK(!"somebody got it");
            exit(1);
        }
    }
    handle = shared - 1;
    ask_address();
    for (unsigned i = 0; i < PINGS; i++)
        answered += (unsigned)ping(i, 64);
    over = 1;
    CHECK_INT(pthread_join(thread, &theirs), 0);
    CHECK_INT(answered, PINGS);
    CHECK_INT((uintptr_t)theirs + ours, SOLO5_R_OK + SOLO5_R_EINVAL);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "pings";
    unsigned answered = 0;
    solo5_handle_t other;

    printf("%s\n", how);
    fflush(stdout);
    CHECK_INT(solo5_net_acquire("vif1", &handle, &info), SOLO5_R_EINVAL);
    if (strcmp(how, "none") == 0) {
        CHECK_INT(solo5_net_acquire("vif0", &handle, &info), SOLO5_R_EINVAL);
        return check_done();
    }
    if (strcmp(how, "together") == 0) {
        together();
        return check_done();
    }
    CHECK_INT(solo5_net_acquire(strcmp(how, "manifest") == 0 ? "service" : "vif0", &handle, &info),
              SOLO5_R_OK);
    CHECK_INT(info.mtu, 1500);
    CHECK(memcmp(info.mac_address, "\x00\x16\x3e\x01\x02\x03", 6) == 0);
    CHECK_INT(solo5_net_acquire("vif0", &other, &info), SOLO5_R_EINVAL);
    refused();
    ask_address();
    if (strcmp(how, "through") == 0) {
        through();
        return check_done();
    }
    for (unsigned i = 0; i < PINGS; i++)
        answered += (unsigned)ping(i, i * MOST / (PINGS - 1));
    CHECK_INT(answered, PINGS);
    return check_done();
}
