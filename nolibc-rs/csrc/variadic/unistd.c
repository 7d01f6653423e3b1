/* The functions of <unistd.h> that take a varying number of arguments: none of
   them can work on a unikernel, so they have no others behind them. */
#include <errno.h>
#include <unistd.h>

static int not_here(void)
{
    errno = ENOSYS;
    return -1;
}

int execl(const char *path, const char *argument, ...)
{
    (void)path, (void)argument;
    return not_here();
}

int execle(const char *path, const char *argument, ...)
{
    (void)path, (void)argument;
    return not_here();
}

int execlp(const char *file, const char *argument, ...)
{
    (void)file, (void)argument;
    return not_here();
}

long syscall(long number, ...)
{
    (void)number;
    return not_here();
}
