/* The function of <sys/ioctl.h>. */
#include <stdarg.h>
#include <sys/ioctl.h>

int nolibc_ioctl(int fd, unsigned long request, void *argument);

int ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return nolibc_ioctl(fd, request, argument);
}
