/* A Linux's side of side.h: process 1 of a domain, which has the modules in /modules. */
#define _GNU_SOURCE
#include "side.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Types and a flag of Xen's own headers, which these need. */
typedef uint16_t domid_t;
typedef uint32_t grant_ref_t;
#define GNTCOPY_source_gref 1
#include <xen/evtchn.h>
#include <xen/gntalloc.h>
#include <xen/gntdev.h>

static int events = -1, allocations = -1, grants = -1, store = -1, disk = -1;

static void leave(void)
{
    /* What was printed is on its way through the console's ring. */
    fflush(stdout);
    usleep(300000);
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

void side_fail(const char *what)
{
    printf("FAIL: %s: %s\n", what, strerror(errno));
    leave();
}

static int open_or_fail(const char *path, int flags)
{
    int descriptor;

    for (int i = 0; (descriptor = open(path, flags)) < 0; i++) {
        if (i == 500)
            side_fail(path);
        usleep(10000);
    }
    return descriptor;
}

void side_start(void)
{
    char line[200], path[300];
    FILE *order;

    mount("none", "/dev", "devtmpfs", 0, "");
    order = fopen("/modules/order", "r");
    while (order != NULL && fscanf(order, "%199s%*[^\n]", line) == 1) {
        int module;

        snprintf(path, sizeof path, "/modules/%s", line);
        module = open(path, O_RDONLY);
        if (module < 0 || syscall(SYS_finit_module, module, "", 0) != 0)
            printf("%s does not load: %s\n", line, strerror(errno));
        close(module);
    }
    events = open_or_fail("/dev/xen/evtchn", O_RDWR);
    allocations = open_or_fail("/dev/xen/gntalloc", O_RDWR);
    grants = open_or_fail("/dev/xen/gntdev", O_RDWR);
    store = open_or_fail("/dev/xen/xenbus", O_RDWR);
}

void side_end(void)
{
    puts("SUCCESS");
    fflush(stdout);
    store_write("data/exit-status", "0");
    leave();
}

double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* xs_wire.h: kind, request, transaction, length. */
static int store_ask(uint32_t kind, const char *path, const char *value, char answer[80])
{
    uint32_t head[4] = {kind, 1, 0, (uint32_t)(strlen(path) + 1 + strlen(value))};
    char request[300];
    size_t len = sizeof head;

    memcpy(request, head, sizeof head);
    len += (size_t)snprintf(request + len, sizeof request - len, "%s", path) + 1;
    len += (size_t)snprintf(request + len, sizeof request - len, "%s", value);
    if (write(store, request, len) != (ssize_t)len ||
        read(store, head, sizeof head) != (ssize_t)sizeof head)
        side_fail("xenstore");
    len = 0;
    while (len < head[3]) {
        ssize_t got = head[3] < 80 ? read(store, answer + len, head[3] - len) : -1;

        if (got <= 0)
            side_fail("xenstore's answer");
        len += (size_t)got;
    }
    answer[len] = '\0';
    return head[0] == kind;
}

void store_await(const char *path, char value[80])
{
    while (!store_ask(2, path, "", value))
        usleep(2000);
}

void store_write(const char *path, const char *value)
{
    char answer[80];

    if (!store_ask(11, path, value, answer))
        side_fail("xenstore is not written");
}

unsigned event_offer(unsigned domain)
{
    struct ioctl_evtchn_bind_unbound_port request = {.remote_domain = domain};
    int port = ioctl(events, IOCTL_EVTCHN_BIND_UNBOUND_PORT, &request);

    if (port < 0)
        side_fail("no event channel");
    return (unsigned)port;
}

/* The event that a port has that was just bound is taken. */
unsigned event_bind(unsigned domain, unsigned remote)
{
    struct ioctl_evtchn_bind_interdomain request = {.remote_domain = domain, .remote_port = remote};
    int port = ioctl(events, IOCTL_EVTCHN_BIND_INTERDOMAIN, &request);

    if (port < 0)
        side_fail("the event channel is not bound");
    event_wait((unsigned)port);
    return (unsigned)port;
}

void event_notify(unsigned port)
{
    struct ioctl_evtchn_notify request = {.port = port};

    if (ioctl(events, IOCTL_EVTCHN_NOTIFY, &request) != 0)
        side_fail("an event");
}

void event_wait(unsigned port)
{
    uint32_t came = 0;

    /* Written back, it is unmasked. */
    if (read(events, &came, sizeof came) != sizeof came || came != port ||
        write(events, &came, sizeof came) != sizeof came)
        side_fail("no event");
}

unsigned page_grant(unsigned domain)
{
    struct ioctl_gntalloc_alloc_gref request = {
        .domid = (uint16_t)domain, .flags = GNTALLOC_FLAG_WRITABLE, .count = 1};

    if (ioctl(allocations, IOCTL_GNTALLOC_ALLOC_GREF, &request) != 0 ||
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, allocations, (off_t)request.index) ==
            MAP_FAILED)
        side_fail("a page is not granted");
    return request.gref_ids[0];
}

void page_copy(unsigned domain, unsigned reference, void *to)
{
    struct gntdev_grant_copy_segment segment = {
        .source.foreign = {.ref = reference, .offset = 0, .domid = (uint16_t)domain},
        .dest.virt = to,
        .len = PAGE,
        .flags = GNTCOPY_source_gref};
    struct ioctl_gntdev_grant_copy request = {.count = 1, .segments = &segment};

    if (ioctl(grants, IOCTL_GNTDEV_GRANT_COPY, &request) != 0 || segment.status != 0)
        side_fail("a page is not copied");
}

unsigned long blocks(void)
{
    uint64_t bytes = 0;

    disk = open_or_fail("/dev/xvdb", O_RDWR | O_DIRECT);
    if (ioctl(disk, BLKGETSIZE64, &bytes) != 0)
        side_fail("no disk");
    return bytes / BLOCK;
}

void block_read(unsigned long number, void *to)
{
    if (pread(disk, to, BLOCK, (off_t)(number * BLOCK)) != BLOCK)
        side_fail("a block is not read");
}

void block_write(unsigned long number, const void *from)
{
    if (pwrite(disk, from, BLOCK, (off_t)(number * BLOCK)) != BLOCK)
        side_fail("a block is not written");
}

void network_serve(const char *path)
{
    struct ifreq request = {.ifr_name = "eth0"};
    struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    char value[80];

    address->sin_family = AF_INET;
    inet_pton(AF_INET, "10.0.0.2", &address->sin_addr);
    for (int i = 0; ioctl(any, SIOCSIFADDR, &request) != 0; i++) {
        if (i == 500)
            side_fail("eth0");
        usleep(10000);
    }
    inet_pton(AF_INET, "255.255.255.0", &address->sin_addr);
    ioctl(any, SIOCSIFNETMASK, &request);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(any, SIOCSIFFLAGS, &request) != 0)
        side_fail("eth0 does not come up");
    while (!store_ask(2, path, "", value))
        usleep(500000);
}
