/* abort() says so, with the caller's address; a handler of SIGABRT runs before, and may leave.
 *
 * @status 255
 * @expect begin
 * @reject survived
 *
 * @case plain
 * @cmdline plain
 * @expect abort() was called at 0x
 * @expect thread main
 *
 * @case ignored
 * @cmdline ignored
 * @expect abort() was called at 0x
 *
 * @case blocked-handler
 * @cmdline handled
 * @expect in the handler
 * @expect abort() was called at 0x
 *
 * @case leaving
 * @cmdline leaving
 * @status 7
 * @expect in the handler
 * @expect left
 */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

static int leave;
static jmp_buf env;

static void handler(int signal)
{
    (void)signal;
    check_print("in the handler\n");
    if (leave)
        longjmp(env, 1);
}

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    sigset_t set;

    check_print("begin\n");
    leave = strcmp(way, "leaving") == 0;
    if (strcmp(way, "ignored") == 0)
        signal(SIGABRT, SIG_IGN);
    if (leave || strcmp(way, "handled") == 0)
        signal(SIGABRT, handler);
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    if (setjmp(env) == 0)
        abort();
    check_print("left\n");
    exit(7);
}
