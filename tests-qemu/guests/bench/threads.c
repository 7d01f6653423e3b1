/* What threads cost: one line for each, "BENCH name ns=TIME", the time of one round in
 * nanoseconds. The same program runs under spt and on Linux.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static sem_t there, back;
static int turn;
static long rounds;

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void report(const char *name, double start_ns, long count)
{
    printf("BENCH %s ns=%.1f\n", name, (now_ns() - start_ns) / (double)count);
    fflush(stdout);
}

static void *yield(void *argument)
{
    for (long i = 0; i < rounds; i++)
        sched_yield();
    return argument;
}

static void *answer_semaphore(void *argument)
{
    for (long i = 0; i < rounds; i++) {
        sem_wait(&there);
        sem_post(&back);
    }
    return argument;
}

static void play(int me)
{
    pthread_mutex_lock(&mutex);
    for (long i = 0; i < rounds; i++) {
        while (turn != me)
            pthread_cond_wait(&condition, &mutex);
        turn = !me;
        pthread_cond_signal(&condition);
    }
    pthread_mutex_unlock(&mutex);
}

static void *answer_condition(void *argument)
{
    play(1);
    return argument;
}

static void *contend(void *argument)
{
    for (long i = 0; i < rounds; i++) {
        pthread_mutex_lock(&mutex);
        turn++;
        if (i % 16 == 0)
            sched_yield(); /* while it is held */
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void *nothing(void *argument)
{
    return argument;
}

/* With a second thread that takes part. */
static void together(const char *name, void *(*other)(void *), void (*mine)(void), long count)
{
    pthread_t thread;
    double start;

    rounds = count;
    turn = 0;
    start = now_ns();
    pthread_create(&thread, NULL, other, NULL);
    mine();
    pthread_join(thread, NULL);
    report(name, start, count);
}

static void yield_too(void)
{
    yield(NULL);
}

static void ask_semaphore(void)
{
    for (long i = 0; i < rounds; i++) {
        sem_post(&there);
        sem_wait(&back);
    }
}

static void ask_condition(void)
{
    play(0);
}

static void contend_too(void)
{
    contend(NULL);
}

static void alone(const char *when)
{
    enum { COUNT = 2000000 };
    char name[32];
    double start = now_ns();

    for (long i = 0; i < COUNT; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
    snprintf(name, sizeof name, "mutex-%s", when);
    report(name, start, COUNT);
    start = now_ns();
    for (long i = 0; i < COUNT; i++)
        pthread_setspecific(key, (char *)pthread_getspecific(key) + 1);
    snprintf(name, sizeof name, "specific-%s", when);
    report(name, start, COUNT);
}

int main(void)
{
    pthread_t sleeper;
    double start;

    sem_init(&there, 0, 0);
    sem_init(&back, 0, 0);
    pthread_key_create(&key, NULL);
    alone("one-thread");
    pthread_create(&sleeper, NULL, answer_semaphore, (void *)(intptr_t)(rounds = 1));
    sched_yield();
    alone("two-threads");
    sem_post(&there);
    pthread_join(sleeper, NULL);
    sem_wait(&back);
    together("yield", yield, yield_too, 200000);
    together("semaphore", answer_semaphore, ask_semaphore, 100000);
    together("condition", answer_condition, ask_condition, 100000);
    together("contended", contend, contend_too, 200000);
    start = now_ns();
    for (int i = 0; i < 20000; i++) {
        pthread_create(&sleeper, NULL, nothing, NULL);
        pthread_join(sleeper, NULL);
    }
    report("create-join", start, 20000);
    return 0;
}
