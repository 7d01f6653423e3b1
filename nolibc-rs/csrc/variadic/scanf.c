/* The variadic members of the scanf family: each starts the list and calls its
 * v-twin, which is Rust. */
#include <stdarg.h>

struct nolibc_stream;
int vscanf(const char *format, va_list list);
int vfscanf(struct nolibc_stream *stream, const char *format, va_list list);
int vsscanf(const char *text, const char *format, va_list list);

#define FORWARD(last, call)                                                                        \
    va_list list;                                                                                  \
    va_start(list, last);                                                                          \
    int result = call;                                                                             \
    va_end(list);                                                                                  \
    return result

int scanf(const char *format, ...) { FORWARD(format, vscanf(format, list)); }

int fscanf(struct nolibc_stream *stream, const char *format, ...)
{
    FORWARD(format, vfscanf(stream, format, list));
}

int sscanf(const char *text, const char *format, ...)
{
    FORWARD(format, vsscanf(text, format, list));
}
