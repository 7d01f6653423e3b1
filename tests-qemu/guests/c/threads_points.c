/* Every cancellation point of POSIX.1-2024 2.9.5.2 that the headers have ends a thread that was
 * asked to end, at once and whatever its arguments; what must be none does not.
 *
 * @expect ok:
 */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static mtx_t c11_mutex;
static cnd_t c11_condition;
static sem_t semaphore;
static sigset_t set;
static pthread_t ended;
static char byte;
static struct iovec vector = {&byte, 1};
static struct timespec past = {1, 0}, instant = {0, 1};
static struct flock range = {.l_type = F_UNLCK};
static siginfo_t info;

static void unlock(void *argument)
{
    CHECK_INT(pthread_mutex_unlock(argument), 0);
}

/* A function that does CALL, in a thread that is to end. */
#define POINT(NAME, CALL)                                      \
    static void *point_##NAME(void *argument)                  \
    {                                                          \
        CHECK_INT(pthread_cancel(pthread_self()), 0);          \
        (void)(CALL);                                          \
        return argument;                                       \
    }
#define POINTS                                                               \
    P(accept, accept(-1, NULL, NULL))                                        \
    P(clock_nanosleep, clock_nanosleep(CLOCK_MONOTONIC, 0, &instant, NULL))  \
    P(close, close(-1))                                                      \
    P(connect, connect(-1, NULL, 0))                                         \
    P(creat, creat("/nowhere/x", 0))                                         \
    P(fcntl, fcntl(-1, F_SETLKW, &range))                                    \
    P(fdatasync, fdatasync(-1))                                              \
    P(fsync, fsync(-1))                                                      \
    P(lockf, lockf(-1, F_LOCK, 0))                                           \
    P(msync, msync(NULL, 0, MS_SYNC))                                        \
    P(nanosleep, nanosleep(&instant, NULL))                                  \
    P(open, open("/nowhere/x", O_RDONLY))                                    \
    P(openat, openat(AT_FDCWD, "/nowhere/x", O_RDONLY))                      \
    P(pause, pause())                                                        \
    P(poll, poll(NULL, 0, 0))                                                \
    P(pread, pread(-1, &byte, 1, 0))                                         \
    P(pselect, pselect(0, NULL, NULL, NULL, &instant, NULL))                 \
    P(pthread_join, pthread_join(ended, NULL))                               \
    P(pthread_testcancel, (pthread_testcancel(), 0))                         \
    P(pwrite, pwrite(-1, &byte, 1, 0))                                       \
    P(read, read(-1, &byte, 1))                                              \
    P(readv, readv(-1, &vector, 1))                                          \
    P(recv, recv(-1, &byte, 1, 0))                                           \
    P(recvfrom, recvfrom(-1, &byte, 1, 0, NULL, NULL))                       \
    P(recvmsg, recvmsg(-1, NULL, 0))                                         \
    P(select, select(0, NULL, NULL, NULL, &(struct timeval){0, 0}))          \
    P(sem_timedwait, sem_timedwait(&semaphore, &past))                       \
    P(sem_wait, sem_wait(&semaphore))                                        \
    P(send, send(-1, &byte, 1, 0))                                           \
    P(sendmsg, sendmsg(-1, NULL, 0))                                         \
    P(sendto, sendto(-1, &byte, 1, 0, NULL, 0))                              \
    P(sigsuspend, sigsuspend(&set))                                          \
    P(sigtimedwait, sigtimedwait(&set, &info, &instant))                     \
    P(sigwait, sigwait(&set, &(int){0}))                                     \
    P(sigwaitinfo, sigwaitinfo(&set, &info))                                 \
    P(sleep, sleep(0))                                                       \
    P(tcdrain, tcdrain(-1))                                                  \
    P(thrd_sleep, thrd_sleep(&instant, NULL))                                \
    P(usleep, usleep(0))                                                     \
    P(wait, wait(NULL))                                                      \
    P(waitid, waitid(P_ALL, 0, &info, WEXITED))                              \
    P(waitpid, waitpid(-1, NULL, 0))                                         \
    P(write, write(-1, &byte, 1))                                            \
    P(writev, writev(-1, &vector, 1))
#define NO_POINTS                                                            \
    P(dup, dup(-1))                                                          \
    P(fcntl_getfl, fcntl(0, F_GETFL))                                        \
    P(fcntl_setlk, fcntl(-1, F_SETLK, &range))                               \
    P(getpid, getpid())                                                      \
    P(lseek, lseek(-1, 0, SEEK_SET))                                         \
    P(mutex_lock, (pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex)))\
    P(pipe, pipe(NULL))                                                      \
    P(sem_post, (sem_post(&semaphore), sem_trywait(&semaphore)))             \
    P(socket, socket(AF_INET, SOCK_STREAM, 0))                               \
    P(tcflush, tcflush(-1, TCIFLUSH))
#define P POINT
POINTS
NO_POINTS
#undef P

static void *point_cond(void *timed)
{
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    pthread_cleanup_push(unlock, &mutex);
    CHECK_INT(pthread_cancel(pthread_self()), 0);
    if (timed)
        pthread_cond_timedwait(&condition, &mutex, &past);
    else
        pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(1);
    return NULL;
}

static void unlock_c11(void *argument)
{
    CHECK_INT(mtx_unlock(argument), thrd_success);
}

static void *point_cnd(void *timed)
{
    CHECK_INT(mtx_lock(&c11_mutex), thrd_success);
    pthread_cleanup_push(unlock_c11, &c11_mutex);
    CHECK_INT(pthread_cancel(pthread_self()), 0);
    if (timed)
        cnd_timedwait(&c11_condition, &c11_mutex, &past);
    else
        cnd_wait(&c11_condition, &c11_mutex);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *nothing(void *argument)
{
    return argument;
}

static const struct {
    const char *name;
    void *(*start)(void *);
    void *argument;
} points[] = {
#define P(NAME, CALL) {#NAME "\n", point_##NAME, NULL},
    POINTS
    {"pthread_cond_wait\n", point_cond, NULL},
    {"pthread_cond_timedwait\n", point_cond, &past},
    {"cnd_wait\n", point_cnd, NULL},
    {"cnd_timedwait\n", point_cnd, &past},
}, no_points[] = {
    NO_POINTS
#undef P
};

static void *run(void *(*start)(void *), void *argument)
{
    pthread_t thread;
    void *value;

    CHECK_INT(pthread_create(&thread, NULL, start, argument), 0);
    CHECK_INT(pthread_join(thread, &value), 0);
    return value;
}

int main(void)
{
    sigemptyset(&set);
    CHECK_INT(mtx_init(&c11_mutex, mtx_plain), thrd_success);
    CHECK_INT(cnd_init(&c11_condition), thrd_success);
    CHECK_INT(sem_init(&semaphore, 0, 0), 0);
    CHECK_INT(pthread_create(&ended, NULL, nothing, NULL), 0);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        if (run(points[i].start, points[i].argument) != PTHREAD_CANCELED)
            check_fail(__FILE__, __LINE__, points[i].name);
    for (size_t i = 0; i < sizeof no_points / sizeof no_points[0]; i++)
        if (run(no_points[i].start, &byte) != &byte)
            check_fail(__FILE__, __LINE__, no_points[i].name);
    /* Who was cancelled in pthread_join has not joined. */
    CHECK_INT(pthread_join(ended, NULL), 0);
    CHECK_INT(pthread_mutex_destroy(&mutex), 0);
    CHECK_INT(pthread_cond_destroy(&condition), 0);
    return check_done();
}
