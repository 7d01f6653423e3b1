/* Threads on all CPUs that there are: at the same time, where they may run, and what each CPU
 * does for the others. With one CPU, that one.
 *
 * @machines virtio virtio-smp virtio-kvm xen
 * @xl vcpus = 2
 * @timeout 60
 * @mem 64
 * @expect ok:
 */
#include "check.h"
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MOST 64

static int cpus;
static atomic_int stop;

/* The CPU on which each thread saw itself last, and one more. */
static atomic_int places[MOST];

static int everywhere(void)
{
    char seen[MOST + 1] = {0};
    int count = 0;

    for (int i = 0; i < cpus; i++) {
        int cpu = atomic_load(&places[i]);

        count += cpu != 0 && !seen[cpu];
        seen[cpu] = 1;
    }
    return count == cpus;
}

static void *meet(void *argument)
{
    atomic_int *place = argument;

    while (!atomic_load(&stop)) {
        atomic_store(place, sched_getcpu() + 1);
        if (everywhere())
            atomic_store(&stop, 1);
    }
    return NULL;
}

/* As many threads as CPUs come to run on a CPU each, without a call that lets others run. */
static void all_at_once(void)
{
    pthread_t t[MOST];

    for (int i = 1; i < cpus; i++)
        CHECK_INT(pthread_create(&t[i], NULL, meet, &places[i]), 0);
    meet(&places[0]);
    for (int i = 1; i < cpus; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    atomic_store(&stop, 0);
}

static void *stay(void *argument)
{
    int cpu = (int)(intptr_t)argument;
    cpu_set_t set;

    CHECK_INT(sched_getcpu(), cpu);
    CHECK_INT(pthread_getaffinity_np(pthread_self(), sizeof set, &set), 0);
    CHECK(CPU_COUNT(&set) == 1 && CPU_ISSET(cpu, &set));
    for (int i = 0; i < 100; i++) {
        sched_yield();
        CHECK_INT(sched_getcpu(), cpu);
    }
    for (int i = 0; i < 5; i++) {
        usleep(500);
        CHECK_INT(sched_getcpu(), cpu);
    }
    return NULL;
}

/* A thread stays where it was told to, and what it makes inherits that. */
static void affinity(void)
{
    pthread_t t[2 * MOST];
    cpu_set_t set, old;

    CHECK_INT(sched_getaffinity(0, sizeof old, &old), 0);
    CHECK_INT(CPU_COUNT(&old), cpus);
    for (int i = 0; i < 2 * cpus; i++) {
        CPU_ZERO(&set);
        CPU_SET(i % cpus, &set);
        CHECK_INT(sched_setaffinity(0, sizeof set, &set), 0);
        CHECK_INT(sched_getcpu(), i % cpus);
        CHECK_INT(pthread_create(&t[i], NULL, stay, (void *)(intptr_t)(i % cpus)), 0);
    }
    for (int i = 0; i < 2 * cpus; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    CHECK_INT(sched_setaffinity(0, sizeof old, &old), 0);
}

static void *spin(void *argument)
{
    (void)argument;
    while (!atomic_load(&stop))
        ;
    return (void *)(intptr_t)sched_getcpu();
}

/* One that runs and calls nothing is moved away as well. */
static void moved_away(void)
{
    pthread_t t;
    cpu_set_t set;
    void *cpu;

    CHECK_INT(pthread_create(&t, NULL, spin, NULL), 0);
    for (int i = 0; i < 2 * cpus; i++) {
        CPU_ZERO(&set);
        CPU_SET(i % cpus, &set);
        CHECK_INT(pthread_setaffinity_np(t, sizeof set, &set), 0);
        usleep(20000);
    }
    atomic_store(&stop, 1);
    CHECK_INT(pthread_join(t, &cpu), 0);
    CHECK_INT((int)(intptr_t)cpu, cpus - 1);
}

static void *busy_time(void *argument)
{
    long *counter = argument;

    while (!atomic_load(&stop))
        ++*(volatile long *)counter;
    return NULL;
}

/* One thread more than CPUs: each gets a share of them. */
static void fair(void)
{
    pthread_t t[MOST + 1];
    struct { long count, rest[15]; } counters[MOST + 1] = {0};
    long least = LONG_MAX, most = 0;

    atomic_store(&stop, 0);
    for (int i = 0; i <= cpus; i++)
        CHECK_INT(pthread_create(&t[i], NULL, busy_time, &counters[i].count), 0);
    usleep(600000);
    atomic_store(&stop, 1);
    for (int i = 0; i <= cpus; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    for (int i = 0; i <= cpus; i++) {
        least = counters[i].count < least ? counters[i].count : least;
        most = counters[i].count > most ? counters[i].count : most;
    }
    /* How equal the shares are depends on how the host runs the CPUs. */
    CHECK(least > 0);
    printf("shares: %ld to %ld\n", least, most);
}

static void *allocate(void *argument)
{
    unsigned seed = (unsigned)(intptr_t)argument * 2654435761u + 1;
    char *kept[64] = {0};
    size_t len[64] = {0};

    for (int i = 0; i < 20000; i++) {
        int k;

        seed = seed * 1664525u + 1013904223u;
        k = seed >> 26;
        for (size_t j = 0; j < len[k]; j += 97)
            if (kept[k][j] != (char)(k + (intptr_t)argument))
                check_fail(__FILE__, __LINE__, "another thread wrote here");
        free(kept[k]);
        len[k] = seed >> 8 & (i % 50 == 0 ? 0xffff : 0x3ff);
        kept[k] = malloc(len[k]);
        CHECK(kept[k] != NULL);
        memset(kept[k], (int)(k + (intptr_t)argument), len[k]);
    }
    for (int k = 0; k < 64; k++)
        free(kept[k]);
    return NULL;
}

static void *map(void *argument)
{
    for (int i = 0; i < 300; i++) {
        size_t len = (size_t)(1 + i % 7) * 4096;
        char *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        CHECK(p != MAP_FAILED);
        for (size_t j = 0; j < len; j += 512)
            if (p[j] != 0)
                check_fail(__FILE__, __LINE__, "a new mapping is not zeros");
        memset(p, (int)(intptr_t)argument, len);
        if (i % 3 == 0)
            CHECK_INT(mprotect(p, 4096, PROT_READ), 0);
        for (size_t j = 0; j < len; j += 512)
            if (p[j] != (char)(intptr_t)argument)
                check_fail(__FILE__, __LINE__, "another thread wrote to a mapping");
        CHECK_INT(munmap(p, len), 0);
    }
    return NULL;
}

/* Memory that one thread has nobody else has. */
static void memory(void)
{
    pthread_t t[2 * MOST];

    for (int i = 0; i < 2 * cpus; i++)
        CHECK_INT(pthread_create(&t[i], NULL, i % 2 ? map : allocate, (void *)(intptr_t)(i + 1)),
                  0);
    for (int i = 0; i < 2 * cpus; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spinlock;
static pthread_barrier_t barrier;
static sem_t semaphore;
static long counts[4];

static void *count(void *argument)
{
    for (int i = 0; i < 3000; i++) {
        pthread_mutex_lock(&mutex);
        counts[0]++;
        pthread_mutex_unlock(&mutex);
        pthread_rwlock_wrlock(&rwlock);
        counts[1]++;
        pthread_rwlock_unlock(&rwlock);
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        pthread_spin_lock(&spinlock);
        counts[2]++;
        pthread_spin_unlock(&spinlock);
        sem_wait(&semaphore);
        counts[3]++;
        sem_post(&semaphore);
        if (i % 100 == 0)
            pthread_barrier_wait(&barrier);
    }
    return argument;
}

static void exclusion(void)
{
    pthread_t t[MOST + 1];

    pthread_spin_init(&spinlock, 0);
    sem_init(&semaphore, 0, 1);
    CHECK_INT(pthread_barrier_init(&barrier, NULL, (unsigned)cpus + 1), 0);
    for (int i = 0; i <= cpus; i++)
        CHECK_INT(pthread_create(&t[i], NULL, count, NULL), 0);
    for (int i = 0; i <= cpus; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    for (int i = 0; i < 4; i++)
        CHECK_INT(counts[i], 3000 * (cpus + 1));
}

/* Made, posted or unlocked, and given back by who was let in. */
struct passing {
    sem_t semaphore;
    pthread_mutex_t mutex;
};

static void *pass(void *argument)
{
    struct passing *passing = argument;

    pthread_mutex_lock(&passing->mutex);
    sem_post(&passing->semaphore);
    pthread_mutex_unlock(&passing->mutex);
    return NULL;
}

static void destroyed_at_once(void)
{
    for (int i = 0; i < 300; i++) {
        struct passing *passing = malloc(sizeof *passing);
        pthread_t t;

        sem_init(&passing->semaphore, 0, 0);
        pthread_mutex_init(&passing->mutex, NULL);
        CHECK_INT(pthread_create(&t, NULL, pass, passing), 0);
        if (i % 2)
            CHECK_INT(pthread_detach(t), 0);
        sem_wait(&passing->semaphore);
        pthread_mutex_lock(&passing->mutex);
        pthread_mutex_unlock(&passing->mutex);
        CHECK_INT(pthread_mutex_destroy(&passing->mutex), 0);
        CHECK_INT(sem_destroy(&passing->semaphore), 0);
        memset(passing, 0x5a, sizeof *passing);
        free(passing);
        if (i % 2 == 0)
            CHECK_INT(pthread_join(t, NULL), 0);
    }
}

/* What clocks say goes forward, whichever CPU asks. */
static void clocks(void)
{
    struct timespec before, now;
    cpu_set_t set, old;

    sched_getaffinity(0, sizeof old, &old);
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int i = 0; i < 200; i++) {
        CPU_ZERO(&set);
        CPU_SET(i % cpus, &set);
        CHECK_INT(sched_setaffinity(0, sizeof set, &set), 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
        CHECK(now.tv_sec > before.tv_sec ||
              (now.tv_sec == before.tv_sec && now.tv_nsec >= before.tv_nsec));
        before = now;
    }
    sched_setaffinity(0, sizeof old, &old);
}

/* A time comes though all other CPUs are busy, or none is. */
static void deadlines(void)
{
    pthread_t t[MOST];
    struct timespec before, now;

    for (int busy = 0; busy < 2; busy++) {
        atomic_store(&stop, 0);
        for (int i = 0; busy && i < cpus; i++)
            CHECK_INT(pthread_create(&t[i], NULL, spin, NULL), 0);
        for (int i = 0; i < 10; i++) {
            long ns;

            clock_gettime(CLOCK_MONOTONIC, &before);
            usleep(3000);
            clock_gettime(CLOCK_MONOTONIC, &now);
            ns = (now.tv_sec - before.tv_sec) * 1000000000 + now.tv_nsec - before.tv_nsec;
            CHECK(ns >= 3000000 && ns < 10000000000);
        }
        atomic_store(&stop, 1);
        for (int i = 0; busy && i < cpus; i++)
            CHECK_INT(pthread_join(t[i], NULL), 0);
    }
}

int main(void)
{
    cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    CHECK_INT(sysconf(_SC_NPROCESSORS_CONF), cpus);
    all_at_once();
    affinity();
    moved_away();
    fair();
    memory();
    exclusion();
    destroyed_at_once();
    clocks();
    deadlines();
    printf("%d CPUs\n", cpus);
    return check_done();
}
