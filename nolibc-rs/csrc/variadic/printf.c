/* The variadic members of the printf family: each starts the list and calls its
 * v-twin, which is Rust. */
#include <stdarg.h>
#include <stddef.h>

struct nolibc_stream;
int vprintf(const char *format, va_list list);
int vfprintf(struct nolibc_stream *stream, const char *format, va_list list);
int vdprintf(int descriptor, const char *format, va_list list);
int vsprintf(char *text, const char *format, va_list list);
int vsnprintf(char *text, size_t len, const char *format, va_list list);
int vasprintf(char **text, const char *format, va_list list);

#define FORWARD(last, call)                                                                        \
    va_list list;                                                                                  \
    va_start(list, last);                                                                          \
    int result = call;                                                                             \
    va_end(list);                                                                                  \
    return result

int printf(const char *format, ...) { FORWARD(format, vprintf(format, list)); }

int fprintf(struct nolibc_stream *stream, const char *format, ...)
{
    FORWARD(format, vfprintf(stream, format, list));
}

int dprintf(int descriptor, const char *format, ...)
{
    FORWARD(format, vdprintf(descriptor, format, list));
}

int sprintf(char *text, const char *format, ...)
{
    FORWARD(format, vsprintf(text, format, list));
}

int snprintf(char *text, size_t len, const char *format, ...)
{
    FORWARD(format, vsnprintf(text, len, format, list));
}

int asprintf(char **text, const char *format, ...)
{
    FORWARD(format, vasprintf(text, format, list));
}
