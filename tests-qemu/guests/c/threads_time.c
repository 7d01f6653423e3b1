/* The clocks of threads: who computes has run, who waits has not, whoever asks. And sets of CPUs
 * of any size.
 *
 * The host may take the CPU away for a while: that is time that a thread has run, so it has
 * half of a long wait for it.
 *
 * @expect ok:
 */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000LL
#define WAIT_MS 400

static sem_t go, done;
static volatile int stop;

static long long read_clock(clockid_t clock)
{
    struct timespec now = {-1, -1};

    CHECK_INT(clock_gettime(clock, &now), 0);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Compute for so long, of this thread's own time. */
static void compute(long long ns)
{
    long long end = read_clock(CLOCK_THREAD_CPUTIME_ID) + ns;

    while (read_clock(CLOCK_THREAD_CPUTIME_ID) < end)
        ;
}

static void *work(void *argument)
{
    long long wall, start = read_clock(CLOCK_THREAD_CPUTIME_ID);

    CHECK(start >= 0 && start < WAIT_MS / 2 * MS);
    compute(20 * MS);
    wall = read_clock(CLOCK_MONOTONIC);
    start = read_clock(CLOCK_THREAD_CPUTIME_ID);
    usleep(WAIT_MS * 1000);
    CHECK(read_clock(CLOCK_MONOTONIC) - wall >= WAIT_MS * MS);
    CHECK(read_clock(CLOCK_THREAD_CPUTIME_ID) - start < WAIT_MS / 2 * MS);
    CHECK_INT(sem_post(&done), 0);
    while (sem_wait(&go) != 0)
        ;
    return argument;
}

static void *spin(void *argument)
{
    while (!stop)
        sched_yield();
    return argument;
}

static void clocks(void)
{
    struct timespec instant = {0, 1};
    struct rusage usage;
    clockid_t mine, its, old;
    pthread_t thread, other;
    long long start, before, process;

    start = read_clock(CLOCK_THREAD_CPUTIME_ID);
    /* The only thread has run as long as the program has. */
    process = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    CHECK(start >= 0 && process >= start && process - start < 1000 * MS);
    CHECK_INT(pthread_getcpuclockid(pthread_self(), &mine), 0);
    CHECK(read_clock(mine) >= start);
    CHECK_INT(clock_getres(mine, &instant), 0);
    CHECK_INT(clock_nanosleep(mine, 0, &instant, NULL), EINVAL);
    CHECK_FAILS(clock_settime(mine, &instant), EINVAL);
    start = read_clock(mine);
    usleep(WAIT_MS * 1000);
    CHECK(read_clock(mine) - start < WAIT_MS / 2 * MS);

    CHECK_INT(sem_init(&go, 0, 0), 0);
    CHECK_INT(sem_init(&done, 0, 0), 0);
    CHECK_INT(pthread_create(&thread, NULL, work, NULL), 0);
    CHECK_INT(pthread_getcpuclockid(thread, &its), 0);
    CHECK(its != mine);
    before = read_clock(CLOCK_THREAD_CPUTIME_ID);
    while (sem_wait(&done) != 0)
        ;
    /* It has computed, and this thread has not. */
    CHECK(read_clock(its) >= 20 * MS);
    CHECK(read_clock(CLOCK_THREAD_CPUTIME_ID) - before < WAIT_MS / 2 * MS);
    CHECK_INT(getrusage(RUSAGE_THREAD, &usage), 0);
    CHECK(usage.ru_utime.tv_sec * 1000000000LL + usage.ru_utime.tv_usec * 1000
          <= read_clock(CLOCK_THREAD_CPUTIME_ID));

    /* It waits, and its clock stands still; another one's goes on. */
    CHECK_INT(pthread_create(&other, NULL, spin, NULL), 0);
    CHECK_INT(pthread_getcpuclockid(other, &old), 0);
    /* Having said that it is done it still had to come to its wait. */
    do {
        before = read_clock(its);
        usleep(2000);
    } while (read_clock(its) != before);
    start = read_clock(old);
    compute(10 * MS);
    usleep(30000);
    CHECK(read_clock(its) == before);
    CHECK(read_clock(old) - start > 5 * MS);
    stop = 1;
    CHECK_INT(pthread_join(other, NULL), 0);
    CHECK_FAILS(clock_gettime(old, &instant), EINVAL);
    CHECK_INT(pthread_getcpuclockid(other, &old), ESRCH);
    CHECK_INT(sem_post(&go), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_FAILS(clock_gettime(its, &instant), EINVAL);
    CHECK_FAILS(clock_gettime(-1000000, &instant), EINVAL);
}

static void sets(void)
{
    cpu_set_t one, other, result, *large = CPU_ALLOC(2000);
    size_t size = CPU_ALLOC_SIZE(2000);
    int n = 0;

    CPU_ZERO(&one);
    CPU_ZERO(&other);
    CPU_SET(n++, &one);
    CHECK_INT(n, 1);
    CPU_SET(1023, &one);
    CPU_SET(1024, &one);
    CPU_SET(-1, &one);
    CHECK_INT(CPU_COUNT(&one), 2);
    CPU_SET(1023, &other);
    CPU_SET(70, &other);
    CPU_AND(&result, &one, &other);
    CHECK(CPU_COUNT(&result) == 1 && CPU_ISSET(1023, &result));
    CPU_OR(&result, &one, &other);
    CHECK(CPU_COUNT(&result) == 3 && CPU_ISSET(70, &result));
    CPU_XOR(&result, &one, &other);
    CHECK(CPU_COUNT(&result) == 2 && !CPU_ISSET(1023, &result) && CPU_ISSET(0, &result));
    CHECK(!CPU_EQUAL(&one, &other));
    CPU_CLR(70, &other);
    CPU_SET(0, &other);
    CHECK(CPU_EQUAL(&one, &other));
    CHECK(large != NULL && size == 256);
    CHECK_INT(CPU_COUNT_S(size, large), 0);
    CPU_SET_S(1999, size, large);
    CPU_SET_S(2048, size, large);
    CHECK(CPU_ISSET_S(1999, size, large) && !CPU_ISSET_S(2048, size, large));
    CHECK_INT(CPU_COUNT_S(size, large), 1);
    CPU_OR_S(size, large, large, large);
    CHECK(CPU_EQUAL_S(size, large, large));
    CPU_CLR_S(1999, size, large);
    CHECK_INT(CPU_COUNT_S(size, large), 0);
    CPU_ZERO_S(size, large);
    CHECK_INT(pthread_getaffinity_np(pthread_self(), size, large), 0);
    CHECK_INT(CPU_COUNT_S(size, large), sysconf(_SC_NPROCESSORS_ONLN));
    CPU_FREE(large);
}

int main(void)
{
    clocks();
    sets();
    return check_done();
}
