/* The function of <sys/prctl.h>. */
#include <stdarg.h>
#include <sys/prctl.h>

int nolibc_prctl(int option, char *name);

int prctl(int option, ...)
{
    va_list arguments;
    va_start(arguments, option);
    char *name = va_arg(arguments, char *);
    va_end(arguments);
    return nolibc_prctl(option, name);
}
