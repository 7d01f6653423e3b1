/* The functions of <syslog.h> that take a varying number of arguments. */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

void nolibc_syslog(int priority, const char *line, int len);

void vsyslog(int priority, const char *format, va_list arguments)
{
    char line[1024];
    nolibc_syslog(priority, line, vsnprintf(line, sizeof line, format, arguments));
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}
