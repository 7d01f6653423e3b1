/* A thread that calls nothing does not keep the processor: others run, time passes for them,
 * and all that was interrupted goes on as it was.
 *
 * @machines virtio virtio-smp virtio-kvm xen
 * @models
 * @timeout 60
 * @expect ok:
 */
#include "check.h"
#include <machine.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { BUSY = 4 };

static volatile int stop;
static volatile unsigned long turns[BUSY];
static volatile int wrong;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* General and vector registers, flags and a red zone, all of which a tick must keep. */
static void *busy(void *argument)
{
    unsigned long me = (unsigned long)(uintptr_t)argument;
    double x = (double)me + 0.5, sum = 0;
    unsigned long a = me, b = me * 3, c = me * 5, d = me * 7;

    while (!stop) {
        double y = x;
        for (int i = 0; i < 1000; i++) {
            y = y * 1.5 - x * 0.5; /* stays x */
            a = a * 6364136223846793005UL + 1442695040888963407UL;
            b ^= a >> 7;
            c += b;
            d ^= c << 3;
        }
        if (y != x)
            wrong++;
        sum += y;
        turns[me]++;
    }
    /* The same once more, alone. */
    double again = 0;
    unsigned long a2 = me, b2 = me * 3, c2 = me * 5, d2 = me * 7;
    for (unsigned long n = 0; n < turns[me]; n++) {
        for (int i = 0; i < 1000; i++) {
            a2 = a2 * 6364136223846793005UL + 1442695040888963407UL;
            b2 ^= a2 >> 7;
            c2 += b2;
            d2 ^= c2 << 3;
        }
        again += x;
    }
    if (a != a2 || b != b2 || c != c2 || d != d2 || sum != again)
        wrong++;
    return argument;
}

/* Leaf functions that keep what they know below their stack pointer. */
static unsigned long leaf(unsigned long n)
{
    volatile unsigned long zone[8];

    for (int i = 0; i < 8; i++)
        zone[i] = n + (unsigned long)i;
    for (int round = 0; round < 100; round++)
        for (int i = 0; i < 8; i++)
            if (zone[i] != n + (unsigned long)i)
                wrong++;
    return zone[7];
}

static void *leaves(void *argument)
{
    unsigned long n = 0;

    while (!stop)
        n += leaf(n);
    return (char *)argument + (n == 12345);
}

static void *allocate(void *argument)
{
    void *blocks[50] = {0};

    for (unsigned i = 0; !stop; i++) {
        size_t len = i * 7919 % 3000 + 8;
        char *block = malloc(len);
        memset(block, (int)(i & 127), len);
        char *old = blocks[i % 50];
        if (old != NULL)
            free(old);
        blocks[i % 50] = block;
    }
    for (int i = 0; i < 50; i++)
        free(blocks[i]);
    return argument;
}

extern char after_tick_fault[];

static int on_fault(struct machine_fault *fault, struct machine_frame *frame)
{
    frame->rip = (uintptr_t)after_tick_fault;
    frame->rax = fault->kind;
    return 1;
}

/* A fault that is resumed does not end the ticks. */
static void fault(void)
{
    uint64_t answer = 8;

    CHECK_INT(machine_on_fault(on_fault), 0);
    __asm__ volatile("mov (%%rax), %%rax\n"
                     ".globl after_tick_fault\n"
                     "after_tick_fault:"
                     : "+a"(answer)
                     :
                     : "memory");
    CHECK_INT(answer, MACHINE_FAULT_READ);
}

int main(void)
{
    pthread_t t[BUSY + 4];
    struct timespec nap = {0, 20000000};
    double start = seconds();

    for (uintptr_t i = 0; i < BUSY; i++)
        CHECK_INT(pthread_create(&t[i], NULL, busy, (void *)i), 0);
    CHECK_INT(pthread_create(&t[BUSY], NULL, leaves, NULL), 0);
    CHECK_INT(pthread_create(&t[BUSY + 1], NULL, leaves, NULL), 0);
    CHECK_INT(pthread_create(&t[BUSY + 2], NULL, allocate, NULL), 0);
    CHECK_INT(pthread_create(&t[BUSY + 3], NULL, allocate, NULL), 0);
    for (int i = 0; i < 10; i++)
        CHECK_INT(nanosleep(&nap, NULL), 0);
    fault();
    /* And a busy first thread. */
    unsigned long before = turns[0];
    for (double until = seconds() + 0.3; seconds() < until;)
        ;
    CHECK(turns[0] > before);
    stop = 1;
    for (int i = 0; i < BUSY + 4; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    for (int i = 0; i < BUSY; i++)
        CHECK(turns[i] > 0);
    CHECK_INT(wrong, 0);
    CHECK(seconds() - start < 60);
    return check_done();
}
