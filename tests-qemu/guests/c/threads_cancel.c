/* Cancellation: where it happens and where not, cleanup handlers, what a cancelled
 * wait leaves behind. And signals to threads.
 *
 * @expect alarm
 * @expect ok:
 */
#include "check.h"
#include "one_cpu.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static int ends[2];
static int cleaned, reached;

static void clean(void *argument)
{
    cleaned = cleaned * 10 + (int)(intptr_t)argument;
}

static void unlock(void *argument)
{
    CHECK_INT(pthread_mutex_unlock(argument), 0);
    cleaned = cleaned * 10 + 9;
}

static void *wait_for_condition(void *argument)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(1);
    return argument;
}

static void *wait_for_semaphore(void *argument)
{
    sem_wait(&semaphore);
    return argument;
}

static void *sleep_long(void *argument)
{
    sleep(1000);
    return argument;
}

static void *read_pipe(void *argument)
{
    char byte;

    CHECK(read(ends[0], &byte, 1) == 1);
    return argument;
}

static void *other;

static void *join_other(void *argument)
{
    pthread_join((pthread_t)other, NULL);
    return argument;
}

static void *test_only(void *argument)
{
    while (1) {
        pthread_testcancel();
        sched_yield();
    }
    return argument;
}

static void *at_once(void *argument)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    while (1)
        sched_yield();
    return argument;
}

static void *held_off(void *argument)
{
    int old;

    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old), 0);
    for (int i = 0; i < 10; i++) {
        pthread_testcancel();
        sched_yield();
    }
    usleep(1000);
    reached = 1;
    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old), 0);
    pthread_cleanup_push(clean, (void *)1);
    pthread_cleanup_push(clean, (void *)2);
    pthread_cleanup_push(clean, (void *)3);
    pthread_cleanup_pop(0);
    pthread_testcancel();
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    CHECK(0);
    return argument;
}

static void cancel(void *(*start)(void *), const char *name)
{
    pthread_t t;
    void *value;

    CHECK_INT(pthread_create(&t, NULL, start, NULL), 0);
    for (int i = 0; i < 3; i++)
        sched_yield();
    CHECK_INT(pthread_cancel(t), 0);
    CHECK_INT(pthread_join(t, &value), 0);
    if (value != PTHREAD_CANCELED)
        check_fail(__FILE__, __LINE__, name);
    CHECK_INT(pthread_cancel(t), ESRCH);
}

static volatile int handled, handler_thread, interruptions;

static void handler(int signal)
{
    handled = signal;
    handler_thread = (int)pthread_self();
}

static void *wait_for_signal(void *argument)
{
    sigset_t set;
    int signal = 0;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK_INT(sigwait(&set, &signal), 0);
    CHECK_INT(signal, SIGUSR2);
    return argument;
}

static void *interrupted(void *argument)
{
    struct timespec time = {1000, 0}, rest = {0, 0};

    CHECK_FAILS(nanosleep(&time, &rest), EINTR);
    CHECK(rest.tv_sec >= 990);
    CHECK_INT(handler_thread, (int)pthread_self());
    interruptions = 1;
    CHECK_FAILS(sem_wait(&semaphore), EINTR);
    interruptions = 2;
    return argument;
}

static void signals(void)
{
    struct itimerval timer = {{0, 10000}, {0, 20000}}, now;
    struct sigaction action = {.sa_handler = handler};
    sigset_t set, old;
    pthread_t t;

    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    CHECK_INT(pthread_create(&t, NULL, interrupted, NULL), 0);
    sched_yield();
    CHECK_INT(pthread_kill(t, 99), EINVAL);
    /* Again, as long as it was not: a signal in front of the wait interrupts nothing. */
    for (int wanted = 1; wanted <= 2; wanted++)
        while (interruptions < wanted) {
            CHECK_INT(pthread_kill(t, SIGUSR1), 0);
            sched_yield();
        }
    CHECK_INT(handled, SIGUSR1);
    CHECK_INT(pthread_join(t, NULL), 0);

    /* Blocked here, so the one who waits for it gets it. */
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
    CHECK_INT(pthread_create(&t, NULL, wait_for_signal, NULL), 0);
    sched_yield();
    CHECK_INT(kill(getpid(), SIGUSR2), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
    CHECK_INT(sigpending(&set), 0);
    CHECK(!sigismember(&set, SIGUSR2));

    handled = 0;
    CHECK_INT(setitimer(ITIMER_REAL, &timer, NULL), 0);
    CHECK_INT(getitimer(ITIMER_REAL, &now), 0);
    CHECK(now.it_value.tv_usec > 0 && now.it_value.tv_usec <= 20000);
    CHECK_INT(now.it_interval.tv_usec, 10000);
    CHECK_FAILS(pause(), EINTR);
    CHECK_INT(handled, SIGALRM);
    CHECK(sleep(1000) >= 999); /* once more */
    timer.it_value.tv_usec = 0;
    CHECK_INT(setitimer(ITIMER_REAL, &timer, NULL), 0);
    sched_yield(); /* the last one may not have been handled yet */
    handled = 0;
    CHECK_INT(alarm(1), 0);
    /* Busy, but it calls something now and then. */
    while (handled == 0)
        sched_yield();
    check_print("alarm\n");
    CHECK_INT(alarm(100), 0);
    CHECK_INT(alarm(0), 100);
}

int main(void)
{
    pthread_t sleeper;

    stay_on_one_cpu();
    sem_init(&semaphore, 0, 0);
    CHECK_INT(pipe(ends), 0);
    cancel(wait_for_condition, "condition");
    CHECK_INT(cleaned, 9);
    CHECK_INT(pthread_mutex_trylock(&mutex), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_cond_destroy(&condition), 0);
    cancel(wait_for_semaphore, "semaphore");
    cancel(sleep_long, "sleep");
    cancel(read_pipe, "read");
    CHECK_INT(pthread_create(&sleeper, NULL, sleep_long, NULL), 0);
    other = (void *)sleeper;
    cancel(join_other, "join");
    CHECK_INT(pthread_cancel(sleeper), 0);
    CHECK_INT(pthread_join(sleeper, NULL), 0); /* nobody has claimed it */
    cancel(test_only, "testcancel");
    cancel(at_once, "asynchronous");
    cleaned = 0;
    cancel(held_off, "held off");
    CHECK_INT(reached, 1);
    CHECK_INT(cleaned, 21);
    signals();
    return check_done();
}
