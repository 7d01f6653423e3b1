/* Threads that wait for each other: mutexes, conditions, read-write locks, semaphores,
 * barriers, once, spin locks, pipes, streams.
 *
 * @timeout 60
 * @expect ok:
 */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 200 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int inside, total;

static struct timespec in_ms(clockid_t clock, long ms)
{
    struct timespec t;

    clock_gettime(clock, &t);
    t.tv_nsec += ms * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void all(void *(*start)(void *), int count)
{
    pthread_t threads[64];

    for (int i = 0; i < count; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, start, (void *)(intptr_t)i), 0);
    for (int i = 0; i < count; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
}

static void alone(void)
{
    if (inside++ != 0)
        CHECK(!"alone");
    sched_yield();
    inside--;
    total++;
}

static void *exclude(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        alone();
        CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    }
    return argument;
}

static void *not_mine(void *argument)
{
    double start = seconds();
    struct timespec t = in_ms(CLOCK_REALTIME, 5);

    CHECK_INT(pthread_mutex_unlock(&mutex), EPERM);
    CHECK_INT(pthread_mutex_trylock(&mutex), EBUSY);
    CHECK_INT(pthread_mutex_timedlock(&mutex, &t), ETIMEDOUT);
    CHECK(seconds() - start >= 0.0049);
    return argument;
}

static void mutexes(void)
{
    total = 0;
    all(exclude, THREADS);
    CHECK_INT(total, THREADS * ROUNDS);
    pthread_mutex_lock(&mutex);
    all(not_mine, 2);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

/* A buffer with room for one. */
static int full, value, taken;

static void *produce(void *argument)
{
    for (int i = 1; i <= ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        while (full)
            CHECK_INT(pthread_cond_wait(&condition, &mutex), 0);
        full = 1;
        value = i;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void *consume(void *argument)
{
    for (int i = 1; i <= ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        while (!full)
            CHECK_INT(pthread_cond_wait(&condition, &mutex), 0);
        full = 0;
        taken += value;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void *produce_or_consume(void *argument)
{
    return (intptr_t)argument % 2 ? produce(argument) : consume(argument);
}

static int waiting;

static void *wait_once(void *argument)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    CHECK_INT(pthread_cond_wait(&condition, &mutex), 0);
    waiting--;
    pthread_mutex_unlock(&mutex);
    return argument;
}

/* Until so many wait: the mutex is free only when who counts itself does. */
static void until_wait(int count)
{
    int now;

    do {
        sched_yield();
        pthread_mutex_lock(&mutex);
        now = waiting;
        pthread_mutex_unlock(&mutex);
    } while (now != count);
}

static void conditions(void)
{
    pthread_t t[5];

    all(produce_or_consume, 2 * THREADS);
    CHECK_INT(taken, THREADS * ROUNDS * (ROUNDS + 1) / 2);

    for (int i = 0; i < 5; i++)
        CHECK_INT(pthread_create(&t[i], NULL, wait_once, NULL), 0);
    until_wait(5);
    CHECK_INT(pthread_cond_destroy(&condition), EBUSY);
    for (int left = 4; left >= 3; left--) {
        CHECK_INT(pthread_cond_signal(&condition), 0); /* one, and no more */
        until_wait(left);
        for (int i = 0; i < 20; i++)
            sched_yield();
        CHECK_INT(waiting, left);
    }
    CHECK_INT(pthread_cond_broadcast(&condition), 0);
    for (int i = 0; i < 5; i++)
        CHECK_INT(pthread_join(t[i], NULL), 0);
    CHECK_INT(waiting, 0);
    CHECK_INT(pthread_cond_destroy(&condition), 0);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int readers, most_readers;

static void *read_or_write(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (((intptr_t)argument + i) % 4 == 0) {
            CHECK_INT(pthread_rwlock_wrlock(&rwlock), 0);
            CHECK_INT(readers, 0);
            alone();
        } else {
            CHECK_INT(pthread_rwlock_rdlock(&rwlock), 0);
            CHECK_INT(inside, 0);
            int now = __atomic_add_fetch(&readers, 1, __ATOMIC_RELAXED);

            if (now > most_readers)
                most_readers = now;
            sched_yield();
            __atomic_sub_fetch(&readers, 1, __ATOMIC_RELAXED);
        }
        CHECK_INT(pthread_rwlock_unlock(&rwlock), 0);
    }
    return argument;
}

static void *try_both(void *argument)
{
    struct timespec t = in_ms(CLOCK_MONOTONIC, 5);

    CHECK_INT(pthread_rwlock_trywrlock(&rwlock), EBUSY);
    CHECK_INT(pthread_rwlock_tryrdlock(&rwlock), EBUSY);
    CHECK_INT(pthread_rwlock_unlock(&rwlock), EPERM);
    CHECK_INT(pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &t), ETIMEDOUT);
    CHECK_INT(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &t), ETIMEDOUT);
    CHECK_INT(pthread_rwlock_timedwrlock(&rwlock, &t), ETIMEDOUT);
    return argument;
}

static void read_write_locks(void)
{
    total = 0;
    all(read_or_write, THREADS);
    CHECK_INT(total, THREADS * ROUNDS / 4);
    CHECK(most_readers > 1);
    CHECK_INT(pthread_rwlock_wrlock(&rwlock), 0);
    all(try_both, 2);
    CHECK_INT(pthread_rwlock_unlock(&rwlock), 0);
    CHECK_INT(pthread_rwlock_destroy(&rwlock), 0);
}

static sem_t semaphore;
static int permits, most_permits;

static void *hold_one(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_INT(sem_wait(&semaphore), 0);
        int now = __atomic_add_fetch(&permits, 1, __ATOMIC_RELAXED);

        if (now > most_permits)
            most_permits = now;
        sched_yield();
        __atomic_sub_fetch(&permits, 1, __ATOMIC_RELAXED);
        CHECK_INT(sem_post(&semaphore), 0);
    }
    return argument;
}

static void *post(void *argument)
{
    CHECK_INT(sem_post(&semaphore), 0);
    return argument;
}

static void semaphores(void)
{
    struct timespec t = in_ms(CLOCK_REALTIME, 10000);
    pthread_t poster;
    int left;

    CHECK_INT(sem_init(&semaphore, 0, 3), 0);
    all(hold_one, THREADS);
    CHECK(most_permits <= 3);
    /* On one CPU a thread yields, and so all of them are taken. */
    if (sysconf(_SC_NPROCESSORS_ONLN) == 1)
        CHECK_INT(most_permits, 3);
    CHECK_INT(sem_getvalue(&semaphore, &left), 0);
    CHECK_INT(left, 3);
    CHECK_INT(sem_destroy(&semaphore), 0);
    CHECK_INT(sem_init(&semaphore, 0, 0), 0);
    CHECK_INT(pthread_create(&poster, NULL, post, NULL), 0);
    CHECK_INT(sem_timedwait(&semaphore, &t), 0);
    CHECK_INT(pthread_join(poster, NULL), 0);
    t = in_ms(CLOCK_REALTIME, 5);
    CHECK_FAILS(sem_timedwait(&semaphore, &t), ETIMEDOUT);
}

static pthread_barrier_t barrier;
static int serial, phase[THREADS];

static void *in_step(void *argument)
{
    int me = (int)(intptr_t)argument;

    for (int i = 1; i <= ROUNDS; i++) {
        phase[me] = i;
        int answer = pthread_barrier_wait(&barrier);
        if (answer == PTHREAD_BARRIER_SERIAL_THREAD)
            serial++;
        else
            CHECK_INT(answer, 0);
        for (int other = 0; other < THREADS; other++)
            CHECK(phase[other] == i || phase[other] == i + 1);
    }
    return argument;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int calls;

static void slowly(void)
{
    for (int i = 0; i < 10; i++)
        sched_yield();
    calls++;
}

static void *call(void *argument)
{
    CHECK_INT(pthread_once(&once, slowly), 0);
    CHECK_INT(calls, 1);
    return argument;
}

static pthread_spinlock_t spin;

static void *spinning(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        CHECK_INT(pthread_spin_lock(&spin), 0);
        alone();
        CHECK_INT(pthread_spin_unlock(&spin), 0);
    }
    return argument;
}

static int ends[2];

static void *fill(void *argument)
{
    char block[1000];
    long sent = 0;

    memset(block, 'x', sizeof block);
    while (sent < 300000) {
        ssize_t n = write(ends[1], block, sizeof block);
        CHECK(n > 0);
        if (n <= 0)
            break;
        sent += n;
    }
    CHECK_INT(close(ends[1]), 0);
    return argument;
}

static void *open_fifo(void *argument)
{
    int fd = open("/tmp/fifo", O_WRONLY);

    CHECK(fd >= 0);
    CHECK_INT(write(fd, "hello", 5), 5);
    CHECK_INT(close(fd), 0);
    return argument;
}

static void *give_up_lock(void *argument)
{
    struct timespec t = {0, 5000000};

    nanosleep(&t, NULL);
    CHECK_INT(flock((int)(intptr_t)argument, LOCK_UN), 0);
    return argument;
}

static void files(void)
{
    struct pollfd entry = {.events = POLLIN};
    pthread_t t;
    char buffer[4096];
    long got = 0;
    ssize_t n;
    int one, other;

    CHECK_INT(pipe(ends), 0);
    entry.fd = ends[0];
    CHECK_INT(poll(&entry, 1, 5), 0);
    CHECK_INT(pthread_create(&t, NULL, fill, NULL), 0);
    CHECK_INT(poll(&entry, 1, -1), 1);
    CHECK_INT(entry.revents, POLLIN);
    while ((n = read(ends[0], buffer, sizeof buffer)) > 0)
        got += n;
    CHECK_INT(n, 0);
    CHECK_INT(got, 300000);
    CHECK_INT(pthread_join(t, NULL), 0);

    CHECK_INT(mkfifo("/tmp/fifo", 0600), 0);
    CHECK_INT(pthread_create(&t, NULL, open_fifo, NULL), 0);
    one = open("/tmp/fifo", O_RDONLY);
    CHECK_INT(read(one, buffer, sizeof buffer), 5);
    CHECK_INT(read(one, buffer, sizeof buffer), 0);
    CHECK_INT(close(one), 0);
    CHECK_INT(pthread_join(t, NULL), 0);

    one = open("/tmp/lock", O_RDWR | O_CREAT, 0600);
    other = open("/tmp/lock", O_RDWR);
    CHECK_INT(flock(one, LOCK_EX), 0);
    CHECK_FAILS(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_INT(pthread_create(&t, NULL, give_up_lock, (void *)(intptr_t)one), 0);
    CHECK_INT(flock(other, LOCK_EX), 0);
    CHECK_INT(pthread_join(t, NULL), 0);
}

static FILE *stream;

static void *print_lines(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        flockfile(stream);
        fprintf(stream, "%d:", (int)(intptr_t)argument);
        sched_yield();
        fprintf(stream, "%d\n", i);
        funlockfile(stream);
        sched_yield();
    }
    return argument;
}

static void streams(void)
{
    int next[THREADS] = {0}, who, what, lines = 0;

    stream = fopen("/tmp/lines", "w+");
    all(print_lines, THREADS);
    rewind(stream);
    while (fscanf(stream, "%d:%d\n", &who, &what) == 2) {
        lines++;
        CHECK(who >= 0 && who < THREADS && next[who]++ == what);
    }
    CHECK_INT(lines, THREADS * ROUNDS);
    CHECK_INT(fclose(stream), 0);
}

static void *nap(void *argument)
{
    long ms = 5 * (7 - (intptr_t)argument);
    struct timespec t = {0, ms * 1000000};
    double start = seconds();

    CHECK_INT(nanosleep(&t, NULL), 0);
    double slept = (seconds() - start) * 1e3;
    CHECK(slept >= (double)ms && slept < (double)ms + 10000);
    return argument;
}

int main(void)
{
    mutexes();
    conditions();
    read_write_locks();
    semaphores();
    CHECK_INT(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    all(in_step, THREADS);
    CHECK_INT(serial, ROUNDS);
    CHECK_INT(pthread_barrier_destroy(&barrier), 0);
    all(call, THREADS);
    CHECK_INT(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
    total = 0;
    all(spinning, THREADS);
    CHECK_INT(total, THREADS * ROUNDS);
    files();
    streams();
    all(nap, 7);
    return check_done();
}
