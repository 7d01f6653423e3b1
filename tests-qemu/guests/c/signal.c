/* Signals that a program sends itself: handlers, masks, waiting, and death.
 *
 * @case handlers
 * @expect ok:
 *
 * @case term
 * @cmdline -- term
 * @expect killed by SIGTERM
 * @status 143
 *
 * @case pipe
 * @cmdline -- pipe
 * @expect killed by SIGPIPE
 * @status 255
 *
 * @case deadlock
 * @cmdline -- deadlock
 * @expect deadlock
 * @status 255
 */
#include "check.h"

#include <setjmp.h>
#include <signal.h>

static volatile int seen, seen_code, mask_inside;

static void handler(int number)
{
    sigset_t mask;

    seen = seen * 100 + number;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    mask_inside = sigismember(&mask, number) + 2 * sigismember(&mask, SIGUSR2);
}

static void informed(int number, siginfo_t *info, void *context)
{
    (void)context;
    seen = number;
    seen_code = info->si_signo == number && info->si_code == SI_USER && info->si_pid == getpid();
}

static sigjmp_buf back;

static void jumper(int number)
{
    siglongjmp(back, number);
}

static void sets(void)
{
    sigset_t set;

    CHECK_INT(sigemptyset(&set), 0);
    CHECK_INT(sigismember(&set, SIGINT), 0);
    CHECK_INT(sigaddset(&set, SIGINT), 0);
    CHECK_INT(sigaddset(&set, 64), 0);
    CHECK_INT(sigismember(&set, SIGINT), 1);
    CHECK_INT(sigismember(&set, 64), 1);
    CHECK_INT(sigdelset(&set, SIGINT), 0);
    CHECK_INT(sigismember(&set, SIGINT), 0);
    CHECK_INT(sigfillset(&set), 0);
    CHECK_INT(sigismember(&set, SIGHUP), 1);
    CHECK_FAILS(sigaddset(&set, 0), EINVAL);
    CHECK_FAILS(sigaddset(&set, 65), EINVAL);
    CHECK_FAILS(sigismember(&set, -1), EINVAL);
}

static void handlers(void)
{
    struct sigaction action = {0}, old;
    sigset_t set, pending;
    int number;

    action.sa_handler = handler;
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK_INT(sigaction(SIGUSR1, &action, &old), 0);
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_INT(raise(SIGUSR1), 0);
    CHECK_INT(seen, SIGUSR1);
    CHECK_INT(mask_inside, 3);
    CHECK_INT(sigprocmask(SIG_BLOCK, NULL, &set), 0);
    CHECK_INT(sigismember(&set, SIGUSR1), 0);

    action.sa_sigaction = informed;
    action.sa_flags = SA_SIGINFO;
    CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_INT(kill(getpid(), SIGUSR1), 0);
    CHECK_INT(seen_code, 1);
    CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
    seen = 0;
    CHECK_INT(raise(SIGUSR1), 0);
    CHECK_INT(raise(SIGCHLD), 0);
    CHECK_INT(seen, 0);

    /* Blocked, pending, accepted, unblocked. */
    CHECK(signal(SIGUSR1, handler) == SIG_IGN);
    CHECK(signal(SIGUSR2, handler) == SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    CHECK_INT(sigprocmask(SIG_BLOCK, &set, NULL), 0);
    CHECK_INT(raise(SIGUSR2), 0);
    CHECK_INT(kill(0, SIGUSR1), 0);
    CHECK_INT(seen, 0);
    CHECK_INT(sigpending(&pending), 0);
    CHECK_INT(sigismember(&pending, SIGUSR1), 1);
    CHECK_INT(sigwait(&set, &number), 0);
    CHECK_INT(number, SIGUSR1);
    CHECK_INT(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
    CHECK_INT(seen, SIGUSR2);
    CHECK_INT(pthread_sigmask(99, &set, NULL), EINVAL);

    /* sigsuspend lets a blocked one through. */
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    sigemptyset(&pending);
    seen = 0;
    CHECK_FAILS(sigsuspend(&pending), EINTR);
    CHECK_INT(seen, SIGUSR1);
    struct timespec moment = {0, 1000000};
    CHECK_FAILS(sigtimedwait(&set, NULL, &moment), EAGAIN);
    sigprocmask(SIG_UNBLOCK, &set, NULL);

    /* siglongjmp restores the mask. */
    signal(SIGUSR1, jumper);
    number = sigsetjmp(back, 1);
    if (number == 0)
        raise(SIGUSR1);
    CHECK_INT(number, SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &set);
    CHECK_INT(sigismember(&set, SIGUSR1), 0);

    CHECK_FAILS(sigaction(SIGKILL, &action, NULL), EINVAL);
    CHECK_FAILS(sigaction(0, NULL, NULL), EINVAL);
    CHECK(signal(65, handler) == SIG_ERR && errno == EINVAL);
    CHECK_FAILS(kill(2, SIGTERM), ESRCH);
    CHECK_FAILS(kill(-2, SIGTERM), ESRCH);
    CHECK_FAILS(kill(1, 65), EINVAL);
    CHECK_INT(kill(1, 0), 0);
    CHECK_INT(raise(-1), -1);

    stack_t stack = {0}, was;
    CHECK_INT(sigaltstack(NULL, &was), 0);
    CHECK_INT(was.ss_flags, SS_DISABLE);
    stack.ss_size = 10;
    CHECK_FAILS(sigaltstack(&stack, NULL), ENOMEM);
    stack.ss_size = SIGSTKSZ;
    stack.ss_flags = 77;
    CHECK_FAILS(sigaltstack(&stack, NULL), EINVAL);

    /* A pipe that nobody reads. */
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    CHECK_INT(pipe(ends), 0);
    close(ends[0]);
    CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
    signal(SIGPIPE, handler);
    seen = 0;
    CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
    CHECK_INT(seen, SIGPIPE);
}

int main(int argc, char **argv)
{
    int ends[2];

    if (argc < 2) {
        sets();
        handlers();
        psignal(SIGINT, "psignal");
        return check_done();
    }
    if (strcmp(argv[1], "term") == 0)
        return raise(SIGTERM);
    if (strcmp(argv[1], "pipe") == 0) {
        pipe(ends);
        close(ends[0]);
        return (int)write(ends[1], "x", 1);
    }
    return pause();
}
