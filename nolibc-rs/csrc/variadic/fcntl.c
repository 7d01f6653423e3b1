/* The functions of <fcntl.h> that take a varying number of arguments. */
#include <fcntl.h>
#include <stdarg.h>

int nolibc_openat(int directory, const char *path, int flags, mode_t mode);
int nolibc_fcntl(int fd, int command, void *argument);

int openat(int directory, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return nolibc_openat(directory, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return nolibc_openat(AT_FDCWD, path, flags, mode);
}

int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return nolibc_fcntl(fd, command, argument);
}
