/* The variadic members of <wchar.h>: each starts the list and calls its v-twin,
 * which is Rust. */
#include <stdarg.h>
#include <stddef.h>

struct nolibc_stream;
int vwprintf(const wchar_t *format, va_list list);
int vfwprintf(struct nolibc_stream *stream, const wchar_t *format, va_list list);
int vswprintf(wchar_t *text, size_t len, const wchar_t *format, va_list list);
int vwscanf(const wchar_t *format, va_list list);
int vfwscanf(struct nolibc_stream *stream, const wchar_t *format, va_list list);
int vswscanf(const wchar_t *text, const wchar_t *format, va_list list);

#define FORWARD(last, call)                                                                        \
    va_list list;                                                                                  \
    va_start(list, last);                                                                          \
    int result = call;                                                                             \
    va_end(list);                                                                                  \
    return result

int wprintf(const wchar_t *format, ...) { FORWARD(format, vwprintf(format, list)); }

int fwprintf(struct nolibc_stream *stream, const wchar_t *format, ...)
{
    FORWARD(format, vfwprintf(stream, format, list));
}

int swprintf(wchar_t *text, size_t len, const wchar_t *format, ...)
{
    FORWARD(format, vswprintf(text, len, format, list));
}

int wscanf(const wchar_t *format, ...) { FORWARD(format, vwscanf(format, list)); }

int fwscanf(struct nolibc_stream *stream, const wchar_t *format, ...)
{
    FORWARD(format, vfwscanf(stream, format, list));
}

int swscanf(const wchar_t *text, const wchar_t *format, ...)
{
    FORWARD(format, vswscanf(text, format, list));
}
