/* pthread.h, semaphore.h and sched.h while there is one thread: what works, and every
 * error. errno is never touched by a function of pthread.h.
 *
 * @expect ok:
 * @expect cleanup
 * @expect destructor
 * @expect at exit
 */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

static struct timespec in_ms(clockid_t clock, long ms)
{
    struct timespec t;

    clock_gettime(clock, &t);
    t.tv_nsec += ms * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static struct timespec now(void)
{
    return in_ms(CLOCK_MONOTONIC, 0);
}

static long ms_since(struct timespec start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
}

static void *never(void *argument)
{
    return argument;
}

static void attributes(pthread_attr_t *attr)
{
    static char stack[32768] __attribute__((aligned(16)));
    struct sched_param param = {7};
    void *where;
    size_t size;
    int value;

    CHECK_INT(pthread_attr_getdetachstate(attr, &value), 0);
    CHECK_INT(value, PTHREAD_CREATE_DETACHED);
    CHECK_INT(pthread_attr_setguardsize(attr, 8192), 0);
    CHECK_INT(pthread_attr_getguardsize(attr, &size), 0);
    CHECK_INT(size, 8192);
    CHECK_INT(pthread_attr_setinheritsched(attr, PTHREAD_EXPLICIT_SCHED), 0);
    CHECK_INT(pthread_attr_setinheritsched(attr, 5), EINVAL);
    CHECK_INT(pthread_attr_getinheritsched(attr, &value), 0);
    CHECK_INT(value, PTHREAD_EXPLICIT_SCHED);
    CHECK_INT(pthread_attr_setschedpolicy(attr, SCHED_RR), ENOTSUP);
    CHECK_INT(pthread_attr_setschedpolicy(attr, 55), EINVAL);
    CHECK_INT(pthread_attr_getschedpolicy(attr, &value), 0);
    CHECK_INT(value, SCHED_OTHER);
    CHECK_INT(pthread_attr_setschedparam(attr, &param), EINVAL);
    CHECK_INT(pthread_attr_getschedparam(attr, &param), 0);
    CHECK_INT(param.sched_priority, 0);
    CHECK_INT(pthread_attr_getscope(attr, &value), 0);
    CHECK_INT(value, PTHREAD_SCOPE_SYSTEM);
    CHECK_INT(pthread_attr_setstack(attr, stack, 100), EINVAL);
    CHECK_INT(pthread_attr_setstack(attr, stack + 1, sizeof stack / 2), EINVAL);
    CHECK_INT(pthread_attr_setstack(attr, stack, sizeof stack), 0);
    CHECK_INT(pthread_attr_getstack(attr, &where, &size), 0);
    CHECK(where == stack && size == sizeof stack);
}

static void threads(void)
{
    pthread_t self = pthread_self(), other = self + 1;
    pthread_attr_t attr;
    char name[16];
    void *stack;
    size_t size;
    int old, policy;
    struct sched_param param = {1};

    CHECK(pthread_equal(self, pthread_self()) && !pthread_equal(self, other));
    CHECK_INT(pthread_join(self, NULL), EDEADLK);
    CHECK_INT(pthread_join(self + 1, NULL), ESRCH);
    CHECK_INT(pthread_detach(self + 1), ESRCH);
    CHECK_INT(pthread_cancel(self + 1), ESRCH);
    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old), 0);
    CHECK_INT(old, PTHREAD_CANCEL_ENABLE);
    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old), 0);
    CHECK_INT(old, PTHREAD_CANCEL_DISABLE);
    CHECK_INT(pthread_setcancelstate(7, &old), EINVAL);
    CHECK_INT(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL), 0);
    CHECK_INT(pthread_setcanceltype(7, NULL), EINVAL);
    pthread_testcancel();
    CHECK_INT(pthread_getname_np(self, name, sizeof name), 0);
    CHECK_STR(name, "main");
    CHECK_INT(pthread_setname_np(self, "fifteen letters"), 0);
    CHECK_INT(pthread_setname_np(self, "sixteen letters!"), ERANGE);
    CHECK_INT(pthread_getname_np(self, name, 15), ERANGE);
    CHECK_INT(pthread_getname_np(self, name, sizeof name), 0);
    CHECK_STR(name, "fifteen letters");
    CHECK_INT(pthread_getschedparam(self, &policy, &param), 0);
    CHECK(policy == SCHED_OTHER && param.sched_priority == 0);
    CHECK_INT(pthread_setschedparam(self, SCHED_OTHER, &param), 0);
    CHECK_INT(pthread_setschedparam(self, 77, &param), EINVAL);
    param.sched_priority = 1;
    CHECK_INT(pthread_setschedparam(self, SCHED_FIFO, &param), ENOTSUP);
    CHECK_INT(pthread_setschedprio(self, 1), EINVAL);

    CHECK_INT(pthread_attr_init(&attr), 0);
    CHECK_INT(pthread_attr_getstacksize(&attr, &size), 0);
    CHECK_INT(size, 256 << 10);
    CHECK_INT(pthread_attr_setstacksize(&attr, 100), EINVAL);
    CHECK_INT(pthread_attr_setstacksize(&attr, 65536), 0);
    CHECK_INT(pthread_attr_getstacksize(&attr, &size), 0);
    CHECK_INT(size, 65536);
    CHECK_INT(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
    CHECK_INT(pthread_attr_setdetachstate(&attr, 9), EINVAL);
    CHECK_INT(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS), ENOTSUP);
    attributes(&attr);
    CHECK_INT(pthread_attr_destroy(&attr), 0);
    CHECK_INT(pthread_create(&other, &attr, never, NULL), EINVAL);
    CHECK_INT(pthread_getattr_np(self, &attr), 0);
    CHECK_INT(pthread_attr_getstack(&attr, &stack, &size), 0);
    CHECK(size == 0 || ((char *)&attr > (char *)stack && (char *)&attr < (char *)stack + size));
}

static void mutexes(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutexattr_t attr;
    struct timespec t, start;
    int kind;

    CHECK_INT(pthread_mutex_lock(&m), 0);
    CHECK_INT(pthread_mutex_trylock(&m), EBUSY);
    CHECK_INT(pthread_mutex_destroy(&m), EBUSY);
    clock_gettime(CLOCK_MONOTONIC, &start);
    t = in_ms(CLOCK_REALTIME, 30);
    CHECK_INT(pthread_mutex_timedlock(&m, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 29);
    clock_gettime(CLOCK_MONOTONIC, &start);
    t = in_ms(CLOCK_MONOTONIC, 20);
    CHECK_INT(pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 19);
    CHECK_INT(pthread_mutex_clocklock(&m, 99, &t), EINVAL);
    t.tv_nsec = 1000000000;
    CHECK_INT(pthread_mutex_timedlock(&m, &t), EINVAL);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutex_unlock(&m), EPERM);
    CHECK_INT(pthread_mutex_timedlock(&m, &t), 0);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutex_consistent(&m), EINVAL);
    CHECK_INT(pthread_mutex_destroy(&m), 0);
    CHECK_INT(pthread_mutex_lock(&m), EINVAL);

    CHECK_INT(pthread_mutexattr_init(&attr), 0);
    CHECK_INT(pthread_mutexattr_settype(&attr, 17), EINVAL);
    CHECK_INT(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST), ENOTSUP);
    CHECK_INT(pthread_mutexattr_setrobust(&attr, 9), EINVAL);
    CHECK_INT(pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), ENOTSUP);
    CHECK_INT(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT), ENOTSUP);
    CHECK_INT(pthread_mutexattr_getrobust(&attr, &kind), 0);
    CHECK_INT(kind, PTHREAD_MUTEX_STALLED);
    CHECK_INT(pthread_mutexattr_getpshared(&attr, &kind), 0);
    CHECK_INT(kind, PTHREAD_PROCESS_PRIVATE);
    CHECK_INT(pthread_mutexattr_getprotocol(&attr, &kind), 0);
    CHECK_INT(kind, PTHREAD_PRIO_NONE);
    CHECK_INT(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK), 0);
    CHECK_INT(pthread_mutexattr_gettype(&attr, &kind), 0);
    CHECK_INT(kind, PTHREAD_MUTEX_ERRORCHECK);
    CHECK_INT(pthread_mutex_init(&m, &attr), 0);
    CHECK_INT(pthread_mutex_unlock(&m), EPERM);
    CHECK_INT(pthread_mutex_lock(&m), 0);
    CHECK_INT(pthread_mutex_lock(&m), EDEADLK);
    CHECK_INT(pthread_mutex_trylock(&m), EBUSY);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE), 0);
    CHECK_INT(pthread_mutex_init(&m, &attr), 0);
    CHECK_INT(pthread_mutex_lock(&m), 0);
    CHECK_INT(pthread_mutex_lock(&m), 0);
    CHECK_INT(pthread_mutex_trylock(&m), 0);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutex_destroy(&m), EBUSY);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_mutex_unlock(&m), EPERM);
    CHECK_INT(pthread_mutexattr_destroy(&attr), 0);
}

static void conditions(void)
{
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    pthread_condattr_t attr;
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    struct timespec start = now(), t = in_ms(CLOCK_REALTIME, 30);
    clockid_t clock;
    int shared;

    CHECK_INT(pthread_cond_timedwait(&c, &m, &t), EPERM);
    CHECK_INT(pthread_mutex_lock(&m), 0);
    CHECK_INT(pthread_cond_signal(&c), 0);
    CHECK_INT(pthread_cond_broadcast(&c), 0);
    CHECK_INT(pthread_cond_timedwait(&c, &m, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 29 && ms_since(start) < 10000);
    CHECK_INT(pthread_mutex_trylock(&m), EBUSY);
    t.tv_sec = 0;
    CHECK_INT(pthread_cond_timedwait(&c, &m, &t), ETIMEDOUT);
    t.tv_nsec = -1;
    CHECK_INT(pthread_cond_timedwait(&c, &m, &t), EINVAL);
    start = now();
    t = in_ms(CLOCK_MONOTONIC, 20);
    CHECK_INT(pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 19);
    CHECK_INT(pthread_cond_clockwait(&c, &m, 99, &t), EINVAL);
    CHECK_INT(pthread_cond_destroy(&c), 0);
    CHECK_INT(pthread_condattr_init(&attr), 0);
    CHECK_INT(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), ENOTSUP);
    CHECK_INT(pthread_condattr_getpshared(&attr, &shared), 0);
    CHECK_INT(shared, PTHREAD_PROCESS_PRIVATE);
    CHECK_INT(pthread_condattr_getclock(&attr, &clock), 0);
    CHECK_INT(clock, CLOCK_REALTIME);
    CHECK_INT(pthread_condattr_setclock(&attr, 77), EINVAL);
    CHECK_INT(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC), 0);
    CHECK_INT(pthread_cond_init(&c, &attr), 0);
    clock_gettime(CLOCK_MONOTONIC, &start);
    t = in_ms(CLOCK_MONOTONIC, 30);
    CHECK_INT(pthread_cond_timedwait(&c, &m, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 29 && ms_since(start) < 10000);
    CHECK_INT(pthread_mutex_unlock(&m), 0);
    CHECK_INT(pthread_cond_destroy(&c), 0);
    CHECK_INT(pthread_condattr_destroy(&attr), 0);
}

static void other_locks(void)
{
    pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
    pthread_spinlock_t spin;
    pthread_barrier_t barrier;
    pthread_rwlockattr_t rwattr;
    pthread_barrierattr_t barrierattr;
    struct timespec t;
    int shared;

    CHECK_INT(pthread_rwlock_unlock(&rw), EPERM);
    CHECK_INT(pthread_rwlock_rdlock(&rw), 0);
    CHECK_INT(pthread_rwlock_rdlock(&rw), 0);
    CHECK_INT(pthread_rwlock_trywrlock(&rw), EBUSY);
    CHECK_INT(pthread_rwlock_wrlock(&rw), EDEADLK);
    CHECK_INT(pthread_rwlock_destroy(&rw), EBUSY);
    CHECK_INT(pthread_rwlock_unlock(&rw), 0);
    CHECK_INT(pthread_rwlock_unlock(&rw), 0);
    CHECK_INT(pthread_rwlock_wrlock(&rw), 0);
    CHECK_INT(pthread_rwlock_wrlock(&rw), EDEADLK);
    CHECK_INT(pthread_rwlock_rdlock(&rw), EDEADLK);
    CHECK_INT(pthread_rwlock_tryrdlock(&rw), EBUSY);
    CHECK_INT(pthread_rwlock_unlock(&rw), 0);
    CHECK_INT(pthread_rwlock_unlock(&rw), EPERM);
    CHECK_INT(pthread_rwlock_destroy(&rw), 0);
    CHECK_INT(pthread_rwlockattr_init(&rwattr), 0);
    CHECK_INT(pthread_rwlockattr_setpshared(&rwattr, PTHREAD_PROCESS_SHARED), ENOTSUP);
    CHECK_INT(pthread_rwlockattr_getpshared(&rwattr, &shared), 0);
    CHECK_INT(pthread_rwlock_init(&rw, &rwattr), 0);
    CHECK_INT(pthread_rwlockattr_destroy(&rwattr), 0);
    t = in_ms(CLOCK_REALTIME, 10);
    CHECK_INT(pthread_rwlock_timedrdlock(&rw, &t), 0);
    CHECK_INT(pthread_rwlock_timedwrlock(&rw, &t), ETIMEDOUT);
    CHECK_INT(pthread_rwlock_unlock(&rw), 0);
    CHECK_INT(pthread_rwlock_destroy(&rw), 0);

    CHECK_INT(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
    CHECK_INT(pthread_spin_lock(&spin), 0);
    CHECK_INT(pthread_spin_lock(&spin), EDEADLK);
    CHECK_INT(pthread_spin_trylock(&spin), EBUSY);
    CHECK_INT(pthread_spin_unlock(&spin), 0);
    CHECK_INT(pthread_spin_trylock(&spin), 0);
    CHECK_INT(pthread_spin_unlock(&spin), 0);
    CHECK_INT(pthread_spin_destroy(&spin), 0);

    CHECK_INT(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
    CHECK_INT(pthread_barrierattr_init(&barrierattr), 0);
    CHECK_INT(pthread_barrierattr_setpshared(&barrierattr, PTHREAD_PROCESS_SHARED), ENOTSUP);
    CHECK_INT(pthread_barrierattr_getpshared(&barrierattr, &shared), 0);
    CHECK_INT(pthread_barrier_init(&barrier, &barrierattr, 1), 0);
    CHECK_INT(pthread_barrierattr_destroy(&barrierattr), 0);
    CHECK_INT(pthread_barrier_wait(&barrier), PTHREAD_BARRIER_SERIAL_THREAD);
    CHECK_INT(pthread_barrier_destroy(&barrier), 0);
}

static int once_calls;

static void call_once(void)
{
    once_calls++;
}

static void keys(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_key_t key[129];
    int n = 0, code;

    CHECK_INT(pthread_once(&once, call_once), 0);
    CHECK_INT(pthread_once(&once, call_once), 0);
    CHECK_INT(once_calls, 1);
    while ((code = pthread_key_create(&key[n], NULL)) == 0)
        CHECK(pthread_getspecific(key[n++]) == NULL);
    CHECK_INT(code, EAGAIN);
    CHECK(n > 100);
    CHECK_INT(pthread_setspecific(key[5], &n), 0);
    CHECK(pthread_getspecific(key[5]) == &n);
    CHECK(pthread_getspecific(key[6]) == NULL);
    CHECK_INT(pthread_key_delete(key[5]), 0);
    CHECK_INT(pthread_setspecific(key[5], &n), EINVAL);
    CHECK(pthread_getspecific(key[5]) == NULL);
    CHECK_INT(pthread_key_delete(key[5]), EINVAL);
    CHECK_INT(pthread_key_delete(99999), EINVAL);
    CHECK_INT(pthread_key_create(&key[5], NULL), 0);
    CHECK(pthread_getspecific(key[5]) == NULL);
    while (n > 0)
        CHECK_INT(pthread_key_delete(key[--n]), 0);
}

static void semaphores(void)
{
    struct timespec start = now(), t = in_ms(CLOCK_REALTIME, 30);
    sem_t s;
    int value;

    CHECK_FAILS(sem_init(&s, 0, 0x80000000u), EINVAL);
    CHECK_FAILS(sem_init(&s, 1, 0), ENOSYS);
    CHECK_INT(sem_init(&s, 0, 2), 0);
    CHECK_INT(sem_wait(&s), 0);
    CHECK_INT(sem_trywait(&s), 0);
    CHECK_FAILS(sem_trywait(&s), EAGAIN);
    CHECK_FAILS(sem_timedwait(&s, &t), ETIMEDOUT);
    CHECK(ms_since(start) >= 29 && ms_since(start) < 10000);
    t = in_ms(CLOCK_MONOTONIC, 10);
    CHECK_FAILS(sem_clockwait(&s, CLOCK_MONOTONIC, &t), ETIMEDOUT);
    t.tv_nsec = 2000000000;
    CHECK_FAILS(sem_timedwait(&s, &t), EINVAL);
    CHECK_INT(sem_post(&s), 0);
    CHECK_INT(sem_getvalue(&s, &value), 0);
    CHECK_INT(value, 1);
    CHECK_INT(sem_timedwait(&s, &t), 0);
    CHECK_INT(sem_destroy(&s), 0);
    CHECK_INT(sem_init(&s, 0, SEM_VALUE_MAX), 0);
    CHECK_FAILS(sem_post(&s), EOVERFLOW);
    errno = 0;
    CHECK(sem_open("/x", 0) == SEM_FAILED && errno == ENOSYS);
    CHECK_FAILS(sem_close(&s), EINVAL);
    CHECK_FAILS(sem_unlink("/x"), ENOENT);
    CHECK_INT(pthread_atfork(NULL, NULL, NULL), ENOSYS);
}

static void scheduling(void)
{
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t set;
    struct sched_param param = {0};
    struct timespec t;

    CHECK_INT(sched_yield(), 0);
    CHECK(sched_getcpu() >= 0 && sched_getcpu() < cpus);
    CHECK_INT(sched_getaffinity(0, sizeof set, &set), 0);
    CHECK_INT(CPU_COUNT(&set), cpus);
    CHECK(CPU_ISSET(0, &set) && !CPU_ISSET(cpus, &set));
    CHECK_INT(sched_setaffinity(0, sizeof set, &set), 0);
    CHECK_INT(pthread_getaffinity_np(pthread_self(), sizeof set, &set), 0);
    CPU_ZERO(&set);
    CPU_SET(cpus, &set);
    CHECK_FAILS(sched_setaffinity(0, sizeof set, &set), EINVAL);
    CHECK_INT(pthread_setaffinity_np(pthread_self(), sizeof set, &set), EINVAL);
    CHECK_FAILS(sched_getaffinity(4242, sizeof set, &set), ESRCH);
    CHECK_FAILS(sched_getaffinity(0, 1, &set), EINVAL);
    CHECK_INT(sched_getscheduler(0), SCHED_OTHER);
    CHECK_INT(sched_getparam(0, &param), 0);
    CHECK_INT(sched_setscheduler(0, SCHED_OTHER, &param), 0);
    param.sched_priority = 5;
    CHECK_FAILS(sched_setscheduler(0, SCHED_RR, &param), EPERM);
    CHECK_FAILS(sched_setparam(0, &param), EINVAL);
    CHECK_INT(sched_get_priority_max(SCHED_FIFO), 99);
    CHECK_INT(sched_get_priority_min(SCHED_OTHER), 0);
    CHECK_FAILS(sched_get_priority_max(77), EINVAL);
    CHECK_INT(sched_rr_get_interval(0, &t), 0);
}

static void print(void *text)
{
    check_print(text);
}

static void at_exit(void)
{
    check_print("at exit\n");
}

int main(void)
{
    pthread_key_t key;

    errno = 12345;
    threads();
    mutexes();
    other_locks();
    keys();
    CHECK_INT(errno, 12345);
    conditions();
    semaphores();
    scheduling();
    CHECK_INT(atexit(at_exit), 0);
    CHECK_INT(pthread_key_create(&key, print), 0);
    CHECK_INT(pthread_setspecific(key, "destructor\n"), 0);
    if (check_done() != 0)
        return 1;
    pthread_cleanup_push(print, (void *)"not this one\n");
    pthread_cleanup_pop(0);
    pthread_cleanup_push(print, (void *)"cleanup\n");
    pthread_exit(NULL);
    pthread_cleanup_pop(0);
    return 1;
}
