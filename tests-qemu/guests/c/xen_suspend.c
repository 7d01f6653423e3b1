/* A domain is saved and goes on, as it was or as another one, of which it sees nothing: clocks
 * go on, sleeps end, xenstore answers, threads take turns on all of its processors and wake each
 * other, a disk has what was written, and a request for the end is heard afterwards.
 *
 * @machines xen-domain
 * @timeout 30
 * @case go-on
 * @dom0 saved go-on
 * @expect dom0: go-on
 * @expect ok:
 * @case restore
 * @dom0 saved restore
 * @expect dom0: restore
 * @expect ok:
 * @case threads
 * @cmdline -- threads
 * @dom0 saved restore
 * @expect dom0: restore
 * @expect ok:
 * @case migrate
 * @xl vcpus = 2
 * @cmdline -- processors
 * @dom0 saved migrate
 * @expect dom0: migrate
 * @reject the same domain
 * @expect ok:
 * @case processors
 * @xl vcpus = 4
 * @cmdline -- processors
 * @dom0 saved restore
 * @expect dom0: restore
 * @expect ok:
 * @case processors-go-on
 * @xl vcpus = 2
 * @cmdline -- processors
 * @dom0 saved go-on
 * @expect dom0: go-on
 * @expect ok:
 * @case busy
 * @xl vcpus = 2
 * @cmdline -- busy
 * @dom0 saved restore
 * @expect dom0: restore
 * @expect ok:
 * @case disk
 * @cmdline -- disk
 * @xl disk = ['format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/bin/block,target=/dev/loop0']
 * @dom0 saved restore
 * @expect dom0: restore
 * @expect ok:
 * @expect dom0: block 7 is round
 * @case asked
 * @cmdline -- asked
 * @dom0 saved restore; sleep 0.1; xl shutdown guest >/dev/null
 * @expect dom0: restore
 * @expect killed by SIGTERM
 * @status 143
 */
#include "check.h"
#include <pthread.h>
#include <solo5.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xen.h>

#define BLOCK 512

static volatile int over;
static volatile unsigned long turns;

/* Calls nothing: without ticks no other thread would run. */
static void *busy(void *unused)
{
    (void)unused;
    while (!over)
        turns++;
    return NULL;
}

/* Two threads that wake each other by turns, most of the time on two processors. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned long passes;

static void *pass(void *argument)
{
    unsigned long mine = (uintptr_t)argument;

    pthread_mutex_lock(&lock);
    while (!over) {
        while (!over && passes % 2 != mine)
            pthread_cond_wait(&changed, &lock);
        passes++;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static unsigned long passed(void)
{
    unsigned long now;

    pthread_mutex_lock(&lock);
    now = passes;
    pthread_mutex_unlock(&lock);
    return now;
}

/* As many threads as there are processors, and two; ports are open to each of them. */
#define MOST 8
static int is_there[MOST];
static volatile unsigned long rounds[MOST];

static void *compute(void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    volatile double value = number;
    unsigned char port;

    while (!over) {
        value = value * 1.5 / 1.5;
        __asm__ volatile("inb %%dx, %%al" : "=a"(port) : "d"((unsigned short)0x5e9));
        rounds[number]++;
        if (value != number)
            break;
    }
    is_there[number] = value == number;
    return NULL;
}

static int is_restored(void)
{
    char value[8];

    return xen_store_read("data/restored", value, sizeof value) == 0;
}

static void use(solo5_handle_t disk, unsigned round)
{
    char block[BLOCK] = "", want[BLOCK] = "";

    snprintf(want, sizeof want, "round %u", round);
    CHECK_INT(solo5_block_write(disk, 7 * BLOCK, (uint8_t *)want, BLOCK), SOLO5_R_OK);
    CHECK_INT(solo5_block_read(disk, 7 * BLOCK, (uint8_t *)block, BLOCK), SOLO5_R_OK);
    CHECK_STR(block, want);
}

/* The first processor waits for nothing; another one hears of the request. */
static void *look(void *unused)
{
    (void)unused;
    CHECK_INT(xen_store_write("data/started", "1"), 0);
    while (!is_restored())
        usleep(20000);
    over = 1;
    return NULL;
}

static int busy_first(void)
{
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, look, NULL), 0);
    while (!over)
        turns++;
    CHECK_INT(pthread_join(thread, NULL), 0);
    return check_done();
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    int has_threads = strcmp(how, "threads") == 0, has_disk = strcmp(how, "disk") == 0;
    int has_processors = strcmp(how, "processors") == 0;
    unsigned processors = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t others[MOST];
    unsigned long turned[MOST], passed_before = 0;
    solo5_time_t start = solo5_clock_monotonic(), last = start, longest = 0;
    time_t date = time(NULL);
    struct solo5_block_info info;
    solo5_handle_t disk;
    pthread_t thread;
    unsigned long before = 0;
    unsigned round = 0;

    if (has_disk)
        CHECK_INT(solo5_block_acquire("xvdb", &disk, &info), SOLO5_R_OK);
    if (has_threads)
        CHECK_INT(pthread_create(&thread, NULL, busy, NULL), 0);
    if (has_processors) {
        CHECK(processors > 1 && processors + 2 <= MOST);
        for (uintptr_t i = 0; i < processors; i++)
            CHECK_INT(pthread_create(&others[i], NULL, compute, (void *)i), 0);
        for (uintptr_t i = 0; i < 2; i++)
            CHECK_INT(pthread_create(&others[processors + i], NULL, pass, (void *)i), 0);
    }
    if (strcmp(how, "busy") == 0)
        return busy_first();
    usleep(1000);
    CHECK_INT(xen_store_write("data/started", "1"), 0);
    for (; !is_restored() && round < 30000; round++) {
        solo5_time_t now;

        if (has_disk)
            use(disk, round);
        usleep(2000);
        now = solo5_clock_monotonic();
        CHECK(now >= last + 2000000);
        longest = now - last > longest ? now - last : longest;
        last = now;
    }
    CHECK(round < 30000);
    if (strcmp(how, "asked") == 0)
        sleep(60);
    /* All of it is there afterwards. */
    before = turns;
    memcpy(turned, (void *)rounds, sizeof turned);
    if (has_processors)
        passed_before = passed();
    for (unsigned i = 0; i < 20; i++, round++) {
        if (has_disk)
            use(disk, round);
        usleep(2000);
    }
    if (has_processors) {
        sleep(1);
        CHECK(passed() > passed_before + 10);
        over = 1;
        pthread_cond_broadcast(&changed);
        for (unsigned i = 0; i < processors + 2; i++)
            CHECK_INT(pthread_join(others[i], NULL), 0);
        for (unsigned i = 0; i < processors; i++)
            CHECK(is_there[i] && rounds[i] > turned[i]);
        printf("%lu passes\n", passes);
    }
    if (has_threads) {
        CHECK(turns > before);
        over = 1;
        CHECK_INT(pthread_join(thread, NULL), 0);
    }
    /* While it was no domain, no time passed that the monotonic clock shows. */
    printf("longest sleep of 2 ms: %lu ms\n", (unsigned long)(longest / 1000000));
    CHECK(longest < 20000000000);
    printf("%ld %ld\n", (long)date, (long)time(NULL));
    CHECK(time(NULL) >= date && time(NULL) < date + 600);
    return check_done();
}
