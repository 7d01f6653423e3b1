/* <wchar.h>: C11 7.29 and POSIX.1-2024. A multibyte character is one byte: ASCII
 * is itself, and the bytes from 0x80 up have wide characters of their own. */
#ifndef NOLIBC_WCHAR_H
#define NOLIBC_WCHAR_H

#include <features.h>
#include <stdarg.h>
#define NOLIBC_NEED_size_t
#define NOLIBC_NEED_wchar_t
#define NOLIBC_NEED_NULL
#define NOLIBC_NEED_wint_t
#define NOLIBC_NEED_mbstate_t
#define NOLIBC_NEED_FILE
#define NOLIBC_NEED_locale_t
#include <_nolibc/types.h>

struct tm;

#define WEOF 0xffffffffu
#ifndef WCHAR_MAX
#define WCHAR_MAX __WCHAR_MAX__
#define WCHAR_MIN (-__WCHAR_MAX__ - 1)
#endif

NOLIBC_BEGIN

/* Blocks and strings. */
wchar_t *wmemcpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t count);
wchar_t *wmempcpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t count);
wchar_t *wmemmove(wchar_t *target, const wchar_t *source, size_t count);
wchar_t *wmemset(wchar_t *target, wchar_t wide, size_t count);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count);
wchar_t *wmemchr(const wchar_t *start, wchar_t wide, size_t count);
size_t wcslen(const wchar_t *text);
size_t wcsnlen(const wchar_t *text, size_t limit);
wchar_t *wcscpy(wchar_t *__restrict target, const wchar_t *__restrict source);
wchar_t *wcsncpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t len);
wchar_t *wcpcpy(wchar_t *__restrict target, const wchar_t *__restrict source);
wchar_t *wcpncpy(wchar_t *__restrict target, const wchar_t *__restrict source, size_t len);
wchar_t *wcscat(wchar_t *__restrict target, const wchar_t *__restrict source);
wchar_t *wcsncat(wchar_t *__restrict target, const wchar_t *__restrict source, size_t len);
wchar_t *wcsdup(const wchar_t *text);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t len);
int wcscasecmp(const wchar_t *a, const wchar_t *b);
int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t len);
int wcscoll(const wchar_t *a, const wchar_t *b);
int wcscoll_l(const wchar_t *a, const wchar_t *b, locale_t locale);
size_t wcsxfrm(wchar_t *__restrict target, const wchar_t *__restrict source, size_t len);
wchar_t *wcschr(const wchar_t *text, wchar_t wide);
wchar_t *wcsrchr(const wchar_t *text, wchar_t wide);
size_t wcsspn(const wchar_t *text, const wchar_t *set);
size_t wcscspn(const wchar_t *text, const wchar_t *set);
wchar_t *wcspbrk(const wchar_t *text, const wchar_t *set);
wchar_t *wcsstr(const wchar_t *text, const wchar_t *part);
wchar_t *wcstok(wchar_t *__restrict text, const wchar_t *__restrict delimiters,
                wchar_t **__restrict state);
int wcwidth(wchar_t wide);
int wcswidth(const wchar_t *text, size_t len);

/* Between bytes and wide characters. */
wint_t btowc(int byte);
int wctob(wint_t wide);
int mbsinit(const mbstate_t *state);
size_t mbrlen(const char *__restrict text, size_t len, mbstate_t *__restrict state);
size_t mbrtowc(wchar_t *__restrict wide, const char *__restrict text, size_t len,
               mbstate_t *__restrict state);
size_t wcrtomb(char *__restrict text, wchar_t wide, mbstate_t *__restrict state);
size_t mbsrtowcs(wchar_t *__restrict target, const char **__restrict source, size_t len,
                 mbstate_t *__restrict state);
size_t mbsnrtowcs(wchar_t *__restrict target, const char **__restrict source, size_t limit,
                  size_t len, mbstate_t *__restrict state);
size_t wcsrtombs(char *__restrict target, const wchar_t **__restrict source, size_t len,
                 mbstate_t *__restrict state);
size_t wcsnrtombs(char *__restrict target, const wchar_t **__restrict source, size_t limit,
                  size_t len, mbstate_t *__restrict state);

/* Numbers from text. */
long wcstol(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
long long wcstoll(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
unsigned long wcstoul(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
unsigned long long wcstoull(const wchar_t *__restrict text, wchar_t **__restrict end, int base);
double wcstod(const wchar_t *__restrict text, wchar_t **__restrict end);
float wcstof(const wchar_t *__restrict text, wchar_t **__restrict end);
long double wcstold(const wchar_t *__restrict text, wchar_t **__restrict end);

/* Streams. */
wint_t fgetwc(FILE *stream);
wint_t getwc(FILE *stream);
wint_t getwchar(void);
wint_t ungetwc(wint_t wide, FILE *stream);
wchar_t *fgetws(wchar_t *__restrict line, int len, FILE *__restrict stream);
wint_t fputwc(wchar_t wide, FILE *stream);
wint_t putwc(wchar_t wide, FILE *stream);
wint_t putwchar(wchar_t wide);
int fputws(const wchar_t *__restrict text, FILE *__restrict stream);
int fwide(FILE *stream, int mode);
int wprintf(const wchar_t *__restrict format, ...);
int fwprintf(FILE *__restrict stream, const wchar_t *__restrict format, ...);
int swprintf(wchar_t *__restrict text, size_t len, const wchar_t *__restrict format, ...);
int vwprintf(const wchar_t *__restrict format, va_list list);
int vfwprintf(FILE *__restrict stream, const wchar_t *__restrict format, va_list list);
int vswprintf(wchar_t *__restrict text, size_t len, const wchar_t *__restrict format,
              va_list list);
int wscanf(const wchar_t *__restrict format, ...);
int fwscanf(FILE *__restrict stream, const wchar_t *__restrict format, ...);
int swscanf(const wchar_t *__restrict text, const wchar_t *__restrict format, ...);
int vwscanf(const wchar_t *__restrict format, va_list list);
int vfwscanf(FILE *__restrict stream, const wchar_t *__restrict format, va_list list);
int vswscanf(const wchar_t *__restrict text, const wchar_t *__restrict format, va_list list);

NOLIBC_END

#endif
