/* Threads, signals and files where they meet: what must not be lost, kept or given twice.
 *
 * @timeout 60
 * @expect ok:
 */
#include "check.h"
#include "one_cpu.h"
#include <fcntl.h>
#include <fenv.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>

static sem_t semaphore;
static volatile int handled;
static int ends[2];

static void note(int signal)
{
    handled = signal;
}

static pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, function, argument), 0);
    return thread;
}

static void *end(pthread_t thread)
{
    void *value = NULL;

    CHECK_INT(pthread_join(thread, &value), 0);
    return value;
}

static void handle(int signal, int flags)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = flags};

    CHECK_INT(sigaction(signal, &action, NULL), 0);
    handled = 0;
}

static void *wait_for_semaphore(void *argument)
{
    return sem_wait(&semaphore) == -1 && errno == EINTR ? NULL : argument;
}

static void *wait_again(void *argument)
{
    while (sem_wait(&semaphore) == 0)
        ;
    return argument;
}

/* A signal, or the end, that comes while its thread is ready or has just been woken. */
static void before_the_wait(void)
{
    pthread_t t;

    handle(SIGUSR1, 0);
    t = start(wait_for_semaphore, &t);
    CHECK_INT(pthread_kill(t, SIGUSR1), 0);
    sched_yield();
    sem_post(&semaphore); /* for a thread that took the signal before it waited */
    end(t);
    CHECK_INT(handled, SIGUSR1);
    while (sem_trywait(&semaphore) == 0)
        ;

    t = start(wait_again, NULL);
    sched_yield();
    sem_post(&semaphore);
    sem_trywait(&semaphore);
    CHECK_INT(pthread_cancel(t), 0);
    CHECK(end(t) == PTHREAD_CANCELED);
}

static void *set(void *argument)
{
    *(volatile int *)argument = 1;
    return argument;
}

/* A thread that never waits handles a signal that was sent to it before it ran. */
static void without_a_wait(void)
{
    for (int tries = 0; tries < 1000; tries++) {
        volatile int ran = 0;

        handle(SIGUSR1, 0);
        pthread_t t = start(set, (void *)&ran);
        CHECK_INT(pthread_kill(t, SIGUSR1), 0);
        int was_early = !ran;
        end(t);
        if (was_early) {
            CHECK_INT(handled, SIGUSR1);
            return;
        }
    }
    CHECK(!"it always ran at once");
}

static void *lock_twice(void *argument)
{
    pthread_mutex_lock(argument);
    CHECK_INT(handled, SIGALRM);
    pthread_mutex_unlock(argument);
    return NULL;
}

/* A watchdog barks though its thread waits for a mutex, which it then has. */
static void in_a_mutex(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    sigset_t set, old;
    pthread_t t;

    handle(SIGALRM, 0);
    pthread_mutex_lock(&mutex);
    t = start(lock_twice, &mutex);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    alarm(1);
    while (!handled)
        sched_yield();
    pthread_mutex_unlock(&mutex);
    end(t);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static FILE *stream;

static void touch_stream(int signal)
{
    clearerr(stream);
    handled = signal;
}

static void *talk(void *argument)
{
    FILE *file = argument;

    for (;;) {
        fprintf(file, "talk\n");
        sched_yield();
    }
    return NULL;
}

/* Handlers and cancellation leave streams whole. */
static void streams(void)
{
    struct sigaction action = {.sa_handler = touch_stream};
    char line[16];
    pthread_t t;
    FILE *file = fopen("/tmp/talk", "w");

    t = start(talk, file);
    for (int i = 0; i < 5; i++)
        sched_yield();
    CHECK_INT(pthread_cancel(t), 0);
    CHECK(end(t) == PTHREAD_CANCELED);
    CHECK(fprintf(file, "main goes on\n") > 0);
    CHECK_INT(fclose(file), 0);

    CHECK_INT(pipe(ends), 0);
    stream = fdopen(ends[0], "r");
    CHECK_INT(sigaction(SIGALRM, &action, NULL), 0);
    handled = 0;
    alarm(1);
    CHECK(fgets(line, sizeof line, stream) == NULL);
    CHECK_INT(handled, SIGALRM);
    CHECK_INT(write(ends[1], "word\n", 5), 5);
    clearerr(stream);
    CHECK_STR(fgets(line, sizeof line, stream), "word\n");

    /* Held for ever, and closed: the next stream is another one. */
    file = fopen("/tmp/held", "w");
    flockfile(file);
    CHECK_INT(fclose(file), 0);
    file = fopen("/tmp/held", "w");
    CHECK(fprintf(file, "free\n") > 0);
    CHECK_INT(fclose(file), 0);
    CHECK_INT(fclose(stream), 0);
    CHECK_INT(close(ends[1]), 0);
}

static void *read_all(void *argument)
{
    static char buffer[5000];
    long got = 0;
    ssize_t n;

    while ((n = read(ends[0], buffer, sizeof buffer)) > 0)
        got += n;
    *(long *)argument = got;
    return NULL;
}

static void *read_six(void *argument)
{
    char line[8];

    CHECK_INT(read(ends[0], line, 6), 6);
    return argument;
}

static void *close_by_dup(void *argument)
{
    int null = open("/dev/null", O_RDWR);

    CHECK_INT(dup2(null, ends[1]), ends[1]);
    CHECK_INT(close(null), 0);
    return argument;
}

static void *close_writer(void *argument)
{
    struct timespec soon = {0, 20000000};

    nanosleep(&soon, NULL);
    CHECK_INT(close(ends[1]), 0);
    return argument;
}

static void files(void)
{
    struct timespec soon = {0, 20000000};
    sigset_t block, none, old;
    struct pollfd entry;
    static char bytes[200000];
    long got = 0;
    pthread_t t;
    int one, other, before;

    /* A write that waits writes everything. */
    CHECK_INT(pipe(ends), 0);
    t = start(read_all, &got);
    CHECK_INT(write(ends[1], bytes, sizeof bytes), sizeof bytes);
    CHECK_INT(close(ends[1]), 0);
    end(t);
    CHECK_INT(got, sizeof bytes);
    CHECK_INT(close(ends[0]), 0);

    /* One whose descriptor goes meanwhile says what is in. */
    CHECK_INT(pipe(ends), 0);
    t = start(close_writer, NULL);
    CHECK_INT(write(ends[1], bytes, sizeof bytes), 65536);
    end(t);
    CHECK_INT(close(ends[0]), 0);

    /* The last writer goes by dup2. */
    CHECK_INT(pipe(ends), 0);
    t = start(close_by_dup, NULL);
    CHECK_INT(read(ends[0], bytes, 1), 0);
    end(t);
    CHECK_INT(close(ends[0]), 0);
    CHECK_INT(close(ends[1]), 0);

    /* SA_RESTART: the handler runs, and the read goes on. */
    CHECK_INT(pipe(ends), 0);
    handle(SIGUSR1, SA_RESTART);
    t = start(read_six, NULL);
    sched_yield();
    CHECK_INT(pthread_kill(t, SIGUSR1), 0);
    nanosleep(&soon, NULL);
    CHECK_INT(handled, SIGUSR1);
    CHECK_INT(write(ends[1], "abcdef", 6), 6);
    end(t);

    /* What only the mask of ppoll lets through is handled under it. */
    handle(SIGUSR2, 0);
    sigemptyset(&none);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    CHECK_INT(sigprocmask(SIG_BLOCK, &block, &old), 0);
    CHECK_INT(pthread_kill(pthread_self(), SIGUSR2), 0);
    CHECK_INT(handled, 0);
    entry = (struct pollfd){.fd = ends[0], .events = POLLIN};
    CHECK_FAILS(ppoll(&entry, 1, &soon, &none), EINTR);
    CHECK_INT(handled, SIGUSR2);
    CHECK_INT(sigprocmask(SIG_SETMASK, &old, NULL), 0);

    /* Two who share a lock: neither can have it alone. */
    one = open("/tmp/lock", O_RDWR | O_CREAT, 0600);
    other = open("/tmp/lock", O_RDWR);
    CHECK_INT(flock(one, LOCK_SH), 0);
    CHECK_INT(flock(other, LOCK_SH), 0);
    CHECK_FAILS(flock(one, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    CHECK_INT(flock(other, LOCK_UN), 0);
    CHECK_INT(flock(one, LOCK_EX | LOCK_NB), 0);
    CHECK_INT(close(one), 0);
    before = dup(other);
    CHECK_INT(close(before), 0);
    CHECK_INT(close(other), 0);
}

static void *post_soon(void *argument)
{
    CHECK_INT(sem_post(&semaphore), 0);
    return argument;
}

static void *write_byte(void *argument)
{
    CHECK_INT(write(ends[1], "x", 1), 1);
    return argument;
}

/* Whoever asks again and again lets others run. */
static void polling(void)
{
    struct pollfd entry = {.fd = ends[0], .events = POLLIN};
    pthread_t t = start(post_soon, NULL);

    while (sem_trywait(&semaphore) != 0)
        ;
    end(t);
    t = start(write_byte, NULL);
    while (poll(&entry, 1, 0) == 0)
        ;
    end(t);
}

static void *nothing(void *argument)
{
    return argument;
}

static void *rounding(void *argument)
{
    CHECK_INT(fegetround(), FE_UPWARD);
    CHECK_INT(fesetround(FE_DOWNWARD), 0);
    sched_yield();
    CHECK_INT(fegetround(), FE_DOWNWARD);
    return argument;
}

static void memory(void)
{
    static char small[16384 + 4096] __attribute__((aligned(4096)));
    size_t guards[] = {4096, 0, 65536, 4096, 0, 100};
    pthread_attr_t attr;
    pthread_t t;

    /* The memory of one thread may serve another one only if it is of the same kind. */
    CHECK_INT(pthread_attr_init(&attr), 0);
    for (int round = 0; round < 12; round++) {
        char *block = malloc(30000);
        memset(block, 0x55, 30000);
        CHECK_INT(pthread_attr_setguardsize(&attr, guards[round % 6]), 0);
        CHECK_INT(pthread_create(&t, &attr, nothing, NULL), 0);
        end(t);
        end(start(nothing, NULL));
        for (int i = 0; i < 30000; i++)
            if (block[i] != 0x55) {
                CHECK(!"a block was overwritten");
                break;
            }
        free(block);
    }
    /* What is kept of threads that ended is there when memory is wanted. */
    size_t most = 0;
    for (size_t step = 32 << 20; step >= 4096; step /= 2) {
        void *block = malloc(most + step);
        if (block != NULL)
            most += step;
        free(block);
    }
    for (int i = 0; i < 5; i++)
        end(start(nothing, NULL));
    char *all = malloc(most);
    CHECK(all != NULL);
    free(all);
    CHECK_INT(pthread_attr_setstack(&attr, small, PTHREAD_STACK_MIN), 0);
    CHECK_INT(pthread_create(&t, &attr, nothing, NULL), 0);
    end(t);

    CHECK_INT(fesetround(FE_UPWARD), 0);
    t = start(rounding, NULL);
    CHECK_INT(fegetround(), FE_UPWARD);
    end(t);
    CHECK_INT(fesetround(FE_TONEAREST), 0);
}

int main(void)
{
    stay_on_one_cpu();
    CHECK_INT(sem_init(&semaphore, 0, 0), 0);
    before_the_wait();
    without_a_wait();
    in_a_mutex();
    streams();
    files();
    polling();
    memory();
    return check_done();
}
