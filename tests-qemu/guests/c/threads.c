/* Threads: start, end, join, detach, what each has of its own, every error.
 *
 * @expect ok:
 */
#include "check.h"
#include "one_cpu.h"
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static __thread int own = 7;
static __thread char zero[3000];
static int shared;

static void *add(void *argument)
{
    CHECK_INT(own, 7);
    CHECK(zero[0] == 0 && zero[2999] == 0);
    own = (int)(intptr_t)argument;
    memset(zero, own, sizeof zero);
    errno = own;
    for (int i = 0; i < 10; i++) {
        shared += own;
        sched_yield();
        CHECK_INT(own, (intptr_t)argument);
        CHECK_INT(errno, own);
        CHECK(zero[0] == (char)own && zero[2999] == (char)own);
    }
    return argument;
}

static void start_and_join(void)
{
    enum { N = 100 };
    pthread_t threads[N];
    void *value;

    errno = 99;
    for (intptr_t i = 0; i < N; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, add, (void *)(i + 1)), 0);
    for (intptr_t i = 0; i < N; i++) {
        CHECK_INT(pthread_join(threads[i], &value), 0);
        CHECK_INT((intptr_t)value, i + 1);
        CHECK_INT(pthread_join(threads[i], &value), ESRCH);
        CHECK_INT(pthread_detach(threads[i]), ESRCH);
        CHECK_INT(pthread_kill(threads[i], 0), ESRCH);
    }
    CHECK_INT(shared, 10 * N * (N + 1) / 2);
    CHECK_INT(own, 7);
    CHECK_INT(errno, 99);
}

static pthread_t main_thread;

static void *join_main(void *argument)
{
    struct timespec past = {0, 0};

    /* Until the main thread waits for this one. */
    while (pthread_timedjoin_np(main_thread, NULL, &past) == ETIMEDOUT)
        sched_yield();
    CHECK_INT(pthread_join(main_thread, NULL), EDEADLK);
    return argument;
}

static sem_t enough;

static void *wait_long_enough(void *argument)
{
    CHECK_INT(sem_wait(&enough), 0);
    return argument;
}

static void *join_it(void *argument)
{
    CHECK_INT(pthread_join((pthread_t)argument, NULL), 0);
    return NULL;
}

static volatile int ended;

static void *end_detached(void *argument)
{
    CHECK_INT(pthread_detach(pthread_self()), 0);
    CHECK_INT(pthread_detach(pthread_self()), EINVAL);
    ended = 1;
    pthread_exit(argument);
}

/* Wait until a detached thread is no more. */
static void gone(pthread_t t)
{
    int error;

    while ((error = pthread_join(t, NULL)) == EINVAL)
        sched_yield();
    CHECK_INT(error, ESRCH);
}

static void join_errors(void)
{
    pthread_attr_t attr;
    pthread_t t, joiner;
    void *value;

    main_thread = pthread_self();
    CHECK_INT(pthread_create(&t, NULL, join_main, NULL), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
    CHECK_INT(pthread_join(pthread_self(), NULL), EDEADLK);

    CHECK_INT(sem_init(&enough, 0, 0), 0);
    CHECK_INT(pthread_create(&t, NULL, wait_long_enough, NULL), 0);
    CHECK_INT(pthread_tryjoin_np(t, &value), EBUSY);
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    CHECK_INT(pthread_timedjoin_np(t, &value, &soon), ETIMEDOUT);
    CHECK_INT(pthread_create(&joiner, NULL, join_it, (void *)t), 0);
    while (pthread_tryjoin_np(t, &value) == EBUSY)
        sched_yield();
    CHECK_INT(pthread_join(t, NULL), EINVAL); /* the other one waits for it */
    CHECK_INT(pthread_detach(t), EINVAL);
    CHECK_INT(sem_post(&enough), 0);
    CHECK_INT(pthread_join(joiner, NULL), 0);
    CHECK_INT(pthread_join(t, NULL), ESRCH);

    CHECK_INT(pthread_attr_init(&attr), 0);
    CHECK_INT(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
    CHECK_INT(pthread_create(&t, &attr, wait_long_enough, NULL), 0);
    CHECK_INT(pthread_join(t, NULL), EINVAL);
    CHECK_INT(sem_post(&enough), 0);
    gone(t);
    CHECK_INT(pthread_create(&t, NULL, end_detached, NULL), 0);
    while (!ended)
        sched_yield();
    gone(t);
}

static void *look_at_stack(void *argument)
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    char here;

    CHECK_INT(pthread_getattr_np(pthread_self(), &attr), 0);
    CHECK_INT(pthread_attr_getstack(&attr, &low, &size), 0);
    CHECK(&here > (char *)low && &here < (char *)low + size);
    CHECK(size >= (size_t)argument);
    /* All of it can be used. */
    volatile char *bytes = __builtin_alloca((size_t)argument - 8192);
    for (size_t i = 0; i < (size_t)argument - 8192; i += 4096)
        bytes[i] = 1;
    return low;
}

static void stacks(void)
{
    static char mine[65536] __attribute__((aligned(4096)));
    pthread_attr_t attr;
    pthread_t t;
    void *low;

    CHECK_INT(pthread_create(&t, NULL, look_at_stack, (void *)(size_t)(256 << 10)), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
    CHECK_INT(pthread_attr_init(&attr), 0);
    for (size_t size = PTHREAD_STACK_MIN; size <= 4 << 20; size *= 4) {
        CHECK_INT(pthread_attr_setstacksize(&attr, size), 0);
        CHECK_INT(pthread_create(&t, &attr, look_at_stack, (void *)size), 0);
        CHECK_INT(pthread_join(t, NULL), 0);
    }
    CHECK_INT(pthread_attr_setguardsize(&attr, 0), 0);
    CHECK_INT(pthread_create(&t, &attr, look_at_stack, (void *)65536), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
    CHECK_INT(pthread_attr_setstacksize(&attr, SIZE_MAX - 100), 0);
    CHECK_INT(pthread_create(&t, &attr, look_at_stack, NULL), EAGAIN);
    CHECK_INT(pthread_attr_setstacksize(&attr, 1 << 30), 0);
    CHECK_INT(pthread_create(&t, &attr, look_at_stack, NULL), EAGAIN);
    CHECK_INT(pthread_attr_setstack(&attr, mine, sizeof mine), 0);
    CHECK_INT(pthread_create(&t, &attr, look_at_stack, (void *)32768), 0);
    CHECK_INT(pthread_join(t, &low), 0);
    CHECK(low == (void *)mine);
}

static pthread_key_t keys[20];
static int destroyed;

static void destroy(void *value)
{
    destroyed += (int)(intptr_t)value;
    /* Comes back once. */
    if (value == (void *)5)
        CHECK_INT(pthread_setspecific(keys[5], (void *)100), 0);
}

static void *set_keys(void *argument)
{
    for (intptr_t i = 0; i < 20; i++) {
        CHECK(pthread_getspecific(keys[i]) == NULL);
        CHECK_INT(pthread_setspecific(keys[i], (void *)i), 0);
    }
    sched_yield();
    for (intptr_t i = 0; i < 20; i++)
        CHECK(pthread_getspecific(keys[i]) == (void *)i);
    return argument;
}

static void specific(void)
{
    pthread_t one, other;

    for (int i = 0; i < 20; i++)
        CHECK_INT(pthread_key_create(&keys[i], destroy), 0);
    CHECK_INT(pthread_create(&one, NULL, set_keys, NULL), 0);
    CHECK_INT(pthread_create(&other, NULL, set_keys, NULL), 0);
    CHECK_INT(pthread_join(one, NULL), 0);
    CHECK_INT(pthread_join(other, NULL), 0);
    CHECK_INT(destroyed, 2 * (190 + 100));
    for (int i = 0; i < 20; i++)
        CHECK_INT(pthread_key_delete(keys[i]), 0);
}

static void *do_nothing(void *argument)
{
    return argument;
}

static void many(void)
{
    struct timespec start, end;
    pthread_t t;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < 10000; i++) {
        if (pthread_create(&t, NULL, do_nothing, NULL) != 0 || pthread_join(t, NULL) != 0) {
            CHECK(0);
            break;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK(end.tv_sec - start.tv_sec < 60);
}

int main(void)
{
    stay_on_one_cpu();
    start_and_join();
    join_errors();
    stacks();
    specific();
    many();
    return check_done();
}
