/* setjmp and longjmp: values, registers, floats, out of nested calls.
 *
 * @models
 * @expect ok:
 */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

static jmp_buf env;
static sigjmp_buf sig_env;

static __attribute__((noinline)) void jump(int depth, int value)
{
    char frame[200];

    memset(frame, depth, sizeof frame);
    __asm__ volatile("" : : "r"(frame) : "memory");
    /* The compiler wants a way out. */
    if (depth > 1000)
        return;
    if (depth > 0)
        jump(depth - 1, value);
    /* What a callee must keep is destroyed here. */
    __asm__ volatile("xor %%rbx, %%rbx; xor %%r12, %%r12; xor %%r13, %%r13; xor %%r14, %%r14;"
                     "xor %%r15, %%r15"
                     :
                     :
                     : "rbx", "r12", "r13", "r14", "r15");
    longjmp(env, value);
}

static void values(void)
{
    volatile int rounds = 0;
    static const int sent[] = {1, 5, -3, 0, 2147483647};
    static const int seen[] = {1, 5, -3, 1, 2147483647};
    int got = setjmp(env);

    if (rounds > 0)
        CHECK_INT(got, seen[rounds - 1]);
    if (rounds < 5) {
        rounds++;
        jump(rounds * 7, sent[rounds - 1]);
    }
    CHECK_INT(rounds, 5);
}

static __attribute__((noinline)) long mix(long a, long b, long c, long d, long e, double x)
{
    volatile int again = 0;
    long f = a * b, g = c * d, h = e - a;

    if (_setjmp(env) == 0) {
        again = 1;
        jump(3, 1);
    }
    CHECK_INT(again, 1);
    return a + b + c + d + e + f + g + h + (long)x;
}

static void masks(void)
{
    sigset_t set, now;
    volatile int rounds = 0;

    CHECK_INT(sigemptyset(&set), 0);
    CHECK_INT(sigaddset(&set, SIGUSR1), 0);
    CHECK_INT(sigprocmask(SIG_SETMASK, &set, NULL), 0);
    if (sigsetjmp(sig_env, 1) == 0) {
        rounds = 1;
        sigemptyset(&set);
        CHECK_INT(sigprocmask(SIG_SETMASK, &set, NULL), 0);
        siglongjmp(sig_env, 4);
    }
    CHECK_INT(rounds, 1);
    CHECK_INT(sigprocmask(SIG_SETMASK, NULL, &now), 0);
    CHECK_INT(sigismember(&now, SIGUSR1), 1);
    if (sigsetjmp(sig_env, 0) == 0) {
        rounds = 2;
        CHECK_INT(sigprocmask(SIG_SETMASK, &set, NULL), 0);
        siglongjmp(sig_env, 1);
    }
    CHECK_INT(rounds, 2);
    CHECK_INT(sigprocmask(SIG_SETMASK, NULL, &now), 0);
    CHECK_INT(sigismember(&now, SIGUSR1), 0);
}

int main(void)
{
    values();
    CHECK_INT(mix(1, 2, 3, 4, 5, 6.5), 1 + 2 + 3 + 4 + 5 + 2 + 12 + 4 + 6);
    masks();
    int rounds = 0;
    if (__sigsetjmp(sig_env, 0) == 0)
        _longjmp(sig_env, 2);
    CHECK_INT(++rounds, 1);
    return check_done();
}
